//! Why a risk is what it is: who rated the action, what the agent itself says, and what holds where nobody said
//! anything.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::approval::Risk;
use crate::display::ticked;

/// What a rule or a tool says of the risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Who says it: `` rule `refunds/large` ``, `` tool `stripe_refund` ``.
    pub by: String,
    /// What.
    pub risk: Risk,
    /// What the rule tells people, where it tells them something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Where the risk of a request comes from, one sentence for each source, the one that decides first. What is named
/// stands between backticks. `snapshot` is what was kept when it was asked.
pub fn rated_by(risk: Risk, stated: Option<Risk>, snapshot: &Value) -> Vec<String> {
    let ratings = snapshot.get("ratings").cloned().unwrap_or_default();
    let mut ratings: Vec<Rating> = serde_json::from_value(ratings).unwrap_or_default();
    ratings.sort_by_key(|rating| std::cmp::Reverse(rating.risk));
    let unrated: Option<Risk> =
        snapshot.get("unrated").and_then(|risk| serde_json::from_value(risk.clone()).ok());
    let floor = ratings.first().map(|rating| rating.risk).or(unrated);
    let by_agent = stated.filter(|stated| floor.is_some_and(|floor| *stated > floor));
    let agent = by_agent.map(|stated| {
        format!("the agent itself says {stated}, which raises it and could never lower it")
    });
    let unrated = unrated.filter(|_| ratings.is_empty()).map(|unrated| {
        format!("nothing rates this action; the setting `unrated_risk` says {unrated}")
    });
    // What else raised it was kept by nobody.
    let known = by_agent.or(floor) == Some(risk);
    let all = agent.into_iter().chain(ratings.iter().map(Rating::said)).chain(unrated);
    if known { all.collect() } else { Vec::new() }
}

impl Rating {
    fn said(&self) -> String {
        let Self { by, risk, message } = self;
        match message {
            Some(message) => format!("{by} says {risk}: `{}`", ticked(message)),
            None => format!("{by} says {risk}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_one_that_decides_stands_first() {
        let rated = json!({"ratings": [
            {"by": "tool `pay`", "risk": "medium"},
            {"by": "rule `p/r`", "risk": "critical", "message": "always `two` people"},
        ]});
        let cases = [
            (
                rated_by(Risk::Critical, Some(Risk::Low), &rated),
                vec![
                    "rule `p/r` says critical: `always \\u{60}two\\u{60} people`",
                    "tool `pay` says medium",
                ],
            ),
            (
                rated_by(Risk::High, None, &json!({"unrated": "high"})),
                vec!["nothing rates this action; the setting `unrated_risk` says high"],
            ),
            (
                rated_by(Risk::High, Some(Risk::High), &json!({"unrated": "medium"})),
                vec![
                    "the agent itself says high, which raises it and could never lower it",
                    "nothing rates this action; the setting `unrated_risk` says medium",
                ],
            ),
            (rated_by(Risk::High, None, &json!({"unrated": "medium"})), vec![]),
            (rated_by(Risk::High, None, &Value::Null), vec![]),
        ];
        for (said, expected) in cases {
            assert_eq!(said, expected);
        }
    }
}
