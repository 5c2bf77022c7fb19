//! What would happen, in plain words: made by the gateway from what takes effect, and from nothing else.

use std::fmt;

use serde_json::Value;

use super::redact_object_and;
use crate::Money;
use crate::approval::Proposal;
use crate::json::Object;

/// Parameters that name whom or what an action is about, the most telling first.
const TARGETS: &[&str] = &[
    "to",
    "recipient",
    "customer",
    "customer_name",
    "customer_id",
    "account",
    "iban",
    "email",
    "user",
    "path",
    "file",
    "namespace",
    "database",
    "table",
    "bucket",
    "repository",
    "repo",
    "branch",
    "host",
    "url",
    "service",
    "image",
    "target",
    "name",
    "id",
];

/// Those of them that something is given or sent to.
const RECEIVERS: &[&str] = &["to", "recipient", "email"];

/// The longest value that fits into a line; longer ones stand among the parameters only.
const LONGEST: usize = 60;

/// What would happen, in plain words. Its texts are the agent's: they still have to be sanitised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// What is done: `refund`, `delete namespace`; a sentence where the action is one.
    pub deed: String,
    /// How much of it, with its unit: `240.00 EUR`.
    pub amount: Option<String>,
    /// To whom or what.
    pub target: Option<String>,
    /// Whether something is given or sent to the target.
    pub is_sent: bool,
    /// Whether the deed is a whole sentence of the agent, which already says all of this.
    pub is_sentence: bool,
}

impl Headline {
    /// The headline of a proposal; `hidden` are the names of parameters that the schema of its tool hides.
    pub fn of(proposal: &Proposal, hidden: &[String]) -> Self {
        let params = redact_object_and(&proposal.params, hidden);
        let is_sentence = proposal.action.is_sentence();
        let action = proposal.action.as_str();
        let deed = if is_sentence { action.to_owned() } else { deed(action) };
        let (key, target) = target(&params).unzip();
        let is_sent = key.is_some_and(|key| RECEIVERS.contains(&key));
        Self { deed, amount: amount(&params), target, is_sent, is_sentence }
    }

    /// What a person types to show that they mean exactly this: the target, or the amount, or the deed.
    pub fn telltale(&self) -> &str {
        self.target.as_deref().or(self.amount.as_deref()).unwrap_or(&self.deed)
    }
}

impl fmt::Display for Headline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.deed)?;
        if self.is_sentence {
            return Ok(());
        }
        if let Some(amount) = &self.amount {
            write!(f, " of {amount}")?;
        }
        match (&self.target, &self.amount) {
            (Some(target), Some(_)) => write!(f, " to {target}"),
            (Some(target), None) if self.is_sent => write!(f, " to {target}"),
            (Some(target), None) => write!(f, " {target}"),
            (None, _) => Ok(()),
        }
    }
}

/// All but the first part of a name, in words: `k8s:delete:namespace` is `delete namespace`.
fn deed(action: &str) -> String {
    let parts: Vec<&str> = action.split(['.', ':']).filter(|part| !part.is_empty()).collect();
    let telling = if parts.len() > 1 { parts.get(1..).unwrap_or_default() } else { &parts };
    let words = telling.join(" ").replace(['_', '-'], " ");
    if words.trim().is_empty() { action.to_owned() } else { words }
}

fn amount(params: &Object) -> Option<String> {
    let value = params.get("amount")?;
    let number = Money::of(value).filter(|_| value.is_number() || value.is_string())?;
    let unit = params.get("currency").and_then(Value::as_str).filter(|unit| fits(unit));
    Some(match unit {
        Some(unit) => format!("{} {unit}", with_cents(number)),
        None => number.to_string(),
    })
}

/// Money with a currency has two places, unless it has more.
fn with_cents(money: Money) -> String {
    let number = money.0.normalize();
    if number.scale() < 2 { format!("{number:.2}") } else { number.to_string() }
}

fn target(params: &Object) -> Option<(&'static str, String)> {
    let text = |key: &str| match params.get(key)? {
        Value::String(text) if fits(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    };
    let shown = |key: &&'static str| text(key).filter(|text| text != super::REDACTED);
    TARGETS.iter().find_map(|key| Some((*key, shown(key)?)))
}

fn fits(text: &str) -> bool {
    !super::is_blank(text) && text.chars().count() <= LONGEST
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::{AgentId, OrgId};

    fn headline(action: &str, params: Value) -> Headline {
        let Value::Object(params) = params else { panic!("no object") };
        let proposal = Proposal {
            org: OrgId::first(),
            agent: AgentId::new(Ulid(1)),
            action: action.parse().unwrap(),
            tool: None,
            params,
        };
        Headline::of(&proposal, &["hidden".to_owned(), "account".to_owned()])
    }

    #[test]
    fn says_what_would_happen() {
        let cases = [
            (
                "stripe.refund",
                json!({"amount": 240, "currency": "EUR", "customer": "A. Lee"}),
                "refund of 240.00 EUR to A. Lee",
                "A. Lee",
            ),
            (
                "k8s:delete:namespace",
                json!({"namespace": "production"}),
                "delete namespace production",
                "production",
            ),
            (
                "billing.invoice.send",
                json!({"amount": "1.005", "currency": "USD"}),
                "invoice send of 1.005 USD",
                "1.005 USD",
            ),
            (
                "Delete the old staging database",
                json!({"database": "staging-2023"}),
                "Delete the old staging database",
                "staging-2023",
            ),
            ("deploy", json!({"to": "x".repeat(61), "token": "t"}), "deploy", "deploy"),
            ("bank.transfer", json!({"account": "DE02 1203", "amount": 5}), "transfer of 5", "5"),
            ("mail.send_now", json!({"to": "sk_live_0123456789"}), "send now", "send now"),
            (
                "mail.send",
                json!({"to": "lee@example.com"}),
                "send to lee@example.com",
                "lee@example.com",
            ),
        ];
        for (action, params, line, telltale) in cases {
            let headline = headline(action, params);
            assert_eq!((headline.to_string().as_str(), headline.telltale()), (line, telltale));
        }
    }
}
