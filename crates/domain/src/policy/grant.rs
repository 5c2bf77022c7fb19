//! "Allow this again": a grant made from an approval, as narrow as possible.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use super::document::{Grant, GrantLimit, Window};
use crate::approval::{Approval, Cost, Risk, Status};
use crate::{ActionPattern, Money, time};

/// How long such a grant holds, unless something else is said.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The longest that such a grant can hold.
const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How often it can be used, unless something else is said.
const USES: u32 = 10;

/// The most uses that such a grant can have.
const MOST_USES: u32 = 100;

/// How a person wants the grant to differ from the narrowest one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wish {
    /// What to call it.
    pub name: Option<String>,
    /// How often it can be used: from 1 to 100.
    pub uses: Option<u32>,
    /// How much money it covers in all.
    pub usd: Option<Money>,
    /// How long it holds: at most 30 days.
    pub expires_in: Option<SignedDuration>,
    /// Parameters that may have other values.
    pub except: Vec<String>,
}

/// Whether a grant still covers anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantStatus {
    /// It does.
    Active,
    /// Its uses or its money are spent, in the window that runs.
    UsedUp,
    /// Its time is over.
    Expired,
}

/// A grant that was drafted.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafted {
    /// The grant.
    pub grant: Grant,
    /// The parameters that may have other values: those that were wished, and secrets, which no grant holds.
    pub left_open: Vec<String>,
}

/// Why no grant can be made of an approval.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// It is critical.
    #[error("its risk is critical, and what is critical is always answered by people")]
    Critical,
    /// One person cannot say yes for several.
    #[error("{0} people have to agree to it each time, and a grant is made by one")]
    Several(usize),
    /// People said no, or nothing.
    #[error("it is {0}; only what is pending or was approved can be allowed again")]
    Status(Status),
    /// The action reads as a pattern.
    #[error("its action `{0}` cannot be named in a grant")]
    Action(String),
    /// A parameter that may differ is not there.
    #[error("there is no parameter `{0}` that could differ")]
    NoSuchParameter(String),
    /// Too many or too few.
    #[error("{0} is not a number of uses: from 1 to {MOST_USES}")]
    Uses(u32),
    /// Too long.
    #[error("a grant made from an approval holds at most 30 days")]
    TooLong,
}

impl Drafted {
    /// A grant for this agent, exactly this action, the same parameters with at most this amount; for a week and
    /// ten uses, unless something else is wished.
    pub fn from(approval: &Approval, wish: &Wish, now: Timestamp) -> Result<Self, GrantError> {
        if approval.card.risk == Risk::Critical {
            return Err(GrantError::Critical);
        }
        let people = approval.requirements.people_needed();
        if people > 1 {
            return Err(GrantError::Several(people));
        }
        match approval.state.status() {
            Status::Pending | Status::Approved => {}
            other => return Err(GrantError::Status(other)),
        }
        let uses = wish.uses.unwrap_or(USES);
        if !(1..=MOST_USES).contains(&uses) {
            return Err(GrantError::Uses(uses));
        }
        let length = wish.expires_in.unwrap_or(WEEK);
        if length > LONGEST {
            return Err(GrantError::TooLong);
        }
        let (when, left_open) = condition(approval, wish)?;
        let usd = approval.cost().usd;
        let money = (usd > Money::default()).then(|| Money(usd.0 * Decimal::from(uses)));
        let grant = Grant {
            name: wish.name.clone().unwrap_or_else(|| name(approval)),
            agents: vec![exactly(&approval.card.requester.name)?],
            actions: vec![action(approval)?],
            when: Some(when),
            risk_at_most: approval.card.risk,
            limit: GrantLimit { uses: Some(uses), usd: wish.usd.or(money), window: Window::Total },
            expires_at: Some(time::after(now, length)),
            from: Some(approval.id),
        };
        Ok(Self { grant, left_open })
    }
}

/// The end of an id is random, so that no two grants have one name by themselves.
fn name(approval: &Approval) -> String {
    let id = approval.id.to_string();
    let end: String = id.chars().skip(id.len().saturating_sub(8)).collect();
    format!("again-{}", end.to_lowercase())
}

fn exactly(name: &str) -> Result<super::document::NamePattern, GrantError> {
    let refuse = || GrantError::Action(name.to_owned());
    let pattern = super::document::NamePattern::try_from(name.to_owned()).map_err(|_| refuse())?;
    if pattern.is_exact() { Ok(pattern) } else { Err(refuse()) }
}

fn action(approval: &Approval) -> Result<ActionPattern, GrantError> {
    let action = approval.proposal().action.as_str();
    let refuse = || GrantError::Action(action.to_owned());
    if action.contains('*') {
        return Err(refuse());
    }
    action.parse().map_err(|_| refuse())
}

/// The condition in CEL, and the parameters that it leaves open. It names how many parameters there are, so that
/// one that nobody saw is not covered.
fn condition(approval: &Approval, wish: &Wish) -> Result<(String, Vec<String>), GrantError> {
    let params = &approval.proposal().params;
    if let Some(missing) = wish.except.iter().find(|name| !params.contains_key(*name)) {
        return Err(GrantError::NoSuchParameter(missing.clone()));
    }
    let shown = approval.card.shown(params);
    let mut parts =
        vec![tool(approval), resource(approval), format!("size(params) == {}", params.len())];
    parts.extend(cost(approval.cost()));
    let mut left_open = Vec::new();
    for (name, value) in params {
        let key = Value::String(name.clone());
        let at = format!("params[{key}]");
        if wish.except.contains(name) {
            parts.push(format!("{key} in params"));
            parts.push(of_type(&at, value));
            left_open.push(name.clone());
        } else if shown.get(name) != Some(value) {
            parts.push(format!("{key} in params"));
            alike((&at, value), shown.get(name), &mut parts);
            left_open.push(name.clone());
        } else if name == "amount" && value.as_f64().is_some_and(|amount| amount >= 0.0) {
            parts.push(format!("params[{key}] >= 0 && params[{key}] <= {value}"));
        } else {
            parts.push(format!("params[{key}] == {value}"));
        }
    }
    Ok((parts.join(" && "), left_open))
}

/// That what stands there has the same shape, where what is shown of it differs: only what is hidden may be another
/// value, and that only one of its type.
fn alike((at, value): (&str, &Value), shown: Option<&Value>, parts: &mut Vec<String>) {
    match (value, shown) {
        (value, Some(shown)) if value == shown => parts.push(format!("{at} == {value}")),
        (Value::Object(object), Some(Value::Object(shown))) => {
            parts.push(of_type(at, value));
            parts.push(format!("size({at}) == {}", object.len()));
            for (name, inner) in object {
                let key = Value::String(name.clone());
                parts.push(format!("{key} in {at}"));
                alike((&format!("{at}[{key}]"), inner), shown.get(name), parts);
            }
        }
        (Value::Array(items), Some(Value::Array(shown))) => {
            parts.push(of_type(at, value));
            parts.push(format!("size({at}) == {}", items.len()));
            for (index, inner) in items.iter().enumerate() {
                alike((&format!("{at}[{index}]"), inner), shown.get(index), parts);
            }
        }
        (value, _) => parts.push(of_type(at, value)),
    }
}

/// That what stands there is of the same JSON type.
fn of_type(at: &str, value: &Value) -> String {
    match value {
        Value::Null => format!("{at} == null"),
        Value::Bool(_) => format!("type({at}) == bool"),
        Value::Number(_) => format!("type({at}) in [int, uint, double]"),
        Value::String(_) => format!("type({at}) == string"),
        Value::Array(_) => format!("type({at}) == list"),
        Value::Object(_) => format!("type({at}) == map"),
    }
}

/// The same tool, or none as well.
fn tool(approval: &Approval) -> String {
    match &approval.proposal().tool {
        Some(tool) => format!("tool == {}", Value::String(tool.name.clone())),
        None => "tool == null".to_owned(),
    }
}

/// The same resource, or none as well.
fn resource(approval: &Approval) -> String {
    match &approval.proposal().resource {
        Some(resource) => {
            let resource = Value::String(resource.clone());
            format!("has(context.resource) && context.resource == {resource}")
        }
        None => "!has(context.resource)".to_owned(),
    }
}

/// Each run at most at the cost that was shown; one that states none where one was shown is not covered.
fn cost(shown: &Cost) -> [String; 2] {
    let usd = if shown.usd > Money::default() {
        format!("cost.usd <= {}", shown.usd.0.normalize())
    } else {
        "!has(cost.usd)".to_owned()
    };
    let tokens = if shown.tokens > 0 {
        format!("cost.tokens <= {}", shown.tokens)
    } else {
        "!has(cost.tokens)".to_owned()
    };
    [usd, tokens]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::approval::Approval;
    use crate::approval::fixtures::{agent, card, opening, refund};
    use crate::approval::transition::Opening;
    use crate::policy::condition::{Condition, History, Scope};
    use crate::policy::fixtures::Matter;

    fn drafted(params: &Value, wish: &Wish) -> Result<Drafted, GrantError> {
        let opening = Opening { card: card(refund(params)), ..opening() };
        let approval = Approval::clone(&Approval::open(opening, &agent()).approval);
        Drafted::from(&approval, wish, approval.card.created_at)
    }

    #[test]
    fn the_narrowest_grant_names_everything_but_secrets() {
        let params = json!({"amount": 50, "customer": "c\"1", "api_key": "sk_live_abcdefghijk", "deep": {"a": [1, null]}});
        let Drafted { grant, left_open } = drafted(&params, &Wish::default()).unwrap();
        let when = grant.when.unwrap();
        assert_eq!(left_open, ["api_key"]);
        assert!(!when.contains("sk_live"), "{when}");
        for part in [
            "size(params) == 4",
            r#"params["amount"] >= 0 && params["amount"] <= 50"#,
            r#"params["customer"] == "c\"1""#,
            r#""api_key" in params && type(params["api_key"]) == string"#,
            r#"params["deep"] == {"a":[1,null]}"#,
        ] {
            assert!(when.contains(part), "{part} in {when}");
        }
        assert_eq!((grant.limit.uses, grant.limit.window), (Some(10), Window::Total));
        assert!(grant.agents.iter().all(super::super::document::NamePattern::is_exact));
    }

    /// Whether the grant that was drafted from some parameters covers others.
    fn covers(drafted: &Drafted, params: &Value, usd: &str) -> bool {
        let when = drafted.grant.when.as_deref().unwrap();
        let condition = Condition::compile(when).unwrap();
        let mut matter = Matter::new("stripe.refund", params.clone()).costing(usd);
        matter.cost.tokens = 10;
        let (question, history) = (matter.question(), History::default());
        condition.holds(&Scope { question: &question, budgets: &[], history }).unwrap_or(false)
    }

    #[test]
    fn what_is_left_open_keeps_its_type_and_what_is_beside_it_its_value() {
        let key = |key: Value| json!({"amount": 50, "to": {"api_key": key, "host": "a"}, "n": 1, "t": "x"});
        let secret = json!("sk_live_abcdefghijk");
        let wish = Wish { except: vec!["n".into(), "t".into()], ..Wish::default() };
        let mut drafted = drafted(&key(secret.clone()), &wish).unwrap();
        drafted.left_open.sort();
        assert_eq!(drafted.left_open, ["n", "t", "to"]);
        let changed = |name: &str, value: Value| {
            let mut params = key(secret.clone());
            params[name] = value;
            params
        };
        for (params, expected) in [
            (key(json!("another")), true),
            (key(json!({"any": "thing"})), false),
            (key(json!(["x"])), false),
            (key(Value::Null), false),
            (changed("to", json!({"api_key": "x", "host": "b"})), false),
            (changed("to", json!({"api_key": "x", "host": "a", "more": 1})), false),
            (changed("to", json!("x")), false),
            (changed("n", json!(2.5)), true),
            (changed("n", json!("2")), false),
            (changed("n", json!({"a": 1})), false),
            (changed("t", json!("y")), true),
            (changed("t", json!(true)), false),
        ] {
            assert_eq!(covers(&drafted, &params, "30"), expected, "{params}");
        }
    }

    /// The money of all uses is a cap on the sum; no single one may cost more than what was shown.
    #[test]
    fn no_use_takes_the_money_of_several() {
        let params = json!({"amount": 50});
        for wish in
            [Wish::default(), Wish { usd: Some("10000".parse().unwrap()), ..Wish::default() }]
        {
            let drafted = drafted(&params, &wish).unwrap();
            assert!(drafted.grant.limit.usd.unwrap() >= "300".parse().unwrap());
            assert!(covers(&drafted, &params, "30") && covers(&drafted, &params, "1"));
            assert!(!covers(&drafted, &params, "30.01") && !covers(&drafted, &params, "0"));
        }
    }

    #[test]
    fn what_is_wished_stays_within_bounds() {
        let with = |wish: Wish| drafted(&json!({"amount": 50}), &wish).map(|d| d.left_open);
        let except = |name: &str| Wish { except: vec![name.to_owned()], ..Wish::default() };
        assert_eq!(with(except("amount")), Ok(vec!["amount".to_owned()]));
        assert_eq!(with(except("other")), Err(GrantError::NoSuchParameter("other".to_owned())));
        for uses in [0, 101] {
            assert_eq!(
                with(Wish { uses: Some(uses), ..Wish::default() }),
                Err(GrantError::Uses(uses))
            );
        }
        let long =
            Wish { expires_in: Some(SignedDuration::from_hours(31 * 24)), ..Wish::default() };
        assert_eq!(with(long), Err(GrantError::TooLong));
    }
}
