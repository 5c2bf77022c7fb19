//! What would happen, in plain words: made by the gateway from what takes effect, and from nothing else.

use std::fmt;

use serde_json::Value;

use super::{number, redact_object_and, said};
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

/// What would happen, in plain words. As text, what the agent wrote stands in quotation marks; a page sets its
/// [parts](Headline::parts) apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// What is done: the whole action.
    pub deed: String,
    /// How much of it.
    pub amount: Option<Amount>,
    /// To whom or what.
    pub target: Option<String>,
    /// Whether something is given or sent to the target.
    pub is_sent: bool,
    /// Whether the deed is a whole sentence of the agent, which already says all of this.
    pub is_sentence: bool,
    /// The parameters that it names; there may be others like them.
    pub names: Vec<&'static str>,
}

/// How much: a number is written the gateway's way; a text stays as the agent wrote it, because `1.000` is one in some
/// places and a thousand in others. The unit is the agent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// `240.00`.
    pub number: String,
    /// Whether the agent gave it as a text.
    pub is_text: bool,
    /// `EUR`.
    pub unit: Option<String>,
}

/// A part of a line: words of the gateway, or what somebody else wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Ours.
    Ours(&'a str),
    /// A number, which is written out with its thousands apart.
    Number(&'a str),
    /// Somebody else's.
    Said(&'a str),
}

impl Headline {
    /// The headline of a proposal; `hidden` are the names of parameters that the schema of its tool hides.
    pub fn of(proposal: &Proposal, hidden: &[String]) -> Self {
        let params = redact_object_and(&proposal.params, hidden);
        let is_sentence = proposal.action.is_sentence();
        let deed = proposal.action.to_string();
        let (key, target) = target(&params).unzip();
        let is_sent = key.is_some_and(|key| RECEIVERS.contains(&key));
        let amount = amount(&params);
        let names = amount.iter().map(|_| "amount").chain(key).collect();
        Self { deed, amount, target, is_sent, is_sentence, names }
    }

    /// What a person types to show that they mean exactly this: the target, or the amount, or the deed.
    pub fn telltale(&self) -> String {
        let amount = || self.amount.as_ref().map(ToString::to_string);
        self.target.clone().or_else(amount).unwrap_or_else(|| self.deed.clone())
    }

    /// Its parts, in order.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![Part::Said(&self.deed)];
        if self.is_sentence {
            return parts;
        }
        if let Some(amount) = &self.amount {
            parts.push(Part::Ours(" of "));
            parts.extend(amount.parts());
        }
        if let Some(target) = &self.target {
            let to = self.amount.is_some() || self.is_sent;
            parts.extend([Part::Ours(if to { " to " } else { " " }), Part::Said(target)]);
        }
        parts
    }
}

impl Amount {
    fn parts(&self) -> Vec<Part<'_>> {
        let unit = self.unit.iter().flat_map(|unit| [Part::Ours(" "), Part::Said(unit)]);
        if !self.is_text {
            return std::iter::once(Part::Number(&self.number)).chain(unit).collect();
        }
        let mut parts = vec![Part::Said(&self.number)];
        // Long and scientific numbers are misread; `1.000` is left alone, because nobody knows what it means.
        let is_plain = self.number.bytes().all(|b| b.is_ascii_digit());
        if (is_plain || self.number.contains(['e', 'E'])) && number(&self.number) != self.number {
            parts.extend([Part::Ours(" (that is "), Part::Number(&self.number), Part::Ours(")")]);
        }
        parts.extend(unit);
        parts
    }
}

impl fmt::Display for Headline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| part.fmt(f))
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ours(text) => f.write_str(text),
            Self::Number(text) => f.write_str(&number(text)),
            Self::Said(text) => f.write_str(&said(text)),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            Some(unit) => write!(f, "{} {unit}", self.number),
            None => f.write_str(&self.number),
        }
    }
}

fn amount(params: &Object) -> Option<Amount> {
    let value = params.get("amount")?;
    let money = Money::of(value);
    let unit = params.get("currency").and_then(Value::as_str).filter(|unit| fits(unit));
    let (number, is_text) = match value {
        Value::Number(number) => match money {
            Some(money) if unit.is_some() => (with_cents(money), false),
            Some(money) => (money.to_string(), false),
            None => (number.to_string(), false),
        },
        Value::String(text) if fits(text) && money.is_some() => (text.clone(), true),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            return None;
        }
    };
    Some(Amount { number, is_text, unit: unit.map(str::to_owned) })
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
            resource: None,
            params,
        };
        Headline::of(&proposal, &["hidden".to_owned(), "account".to_owned()])
    }

    #[test]
    fn says_which_parameters_it_names() {
        let named = |params| headline("pay", params).names;
        assert_eq!(
            named(json!({"amount": 10, "total": 5000, "to": "a", "bcc": "b"})),
            ["amount", "to"]
        );
        assert!(named(json!({"amount": "ten", "memo": "x"})).is_empty());
    }

    #[test]
    fn says_what_would_happen() {
        let cases = [
            (
                "stripe.refund",
                json!({"amount": 240, "currency": "EUR", "customer": "A. Lee"}),
                "“stripe.refund” of 240.00 “EUR” to “A. Lee”",
                "A. Lee",
            ),
            (
                "k8s:delete:namespace",
                json!({"namespace": "production"}),
                "“k8s:delete:namespace” “production”",
                "production",
            ),
            (
                "billing.invoice.send",
                json!({"amount": "1.005", "currency": "USD"}),
                "“billing.invoice.send” of “1.005” “USD”",
                "1.005 USD",
            ),
            (
                "Delete the old staging database",
                json!({"database": "staging-2023"}),
                "“Delete the old staging database”",
                "staging-2023",
            ),
            ("deploy", json!({"to": "x".repeat(61), "token": "t"}), "“deploy”", "deploy"),
            (
                "bank.transfer",
                json!({"account": "DE02 1203", "amount": 5}),
                "“bank.transfer” of 5",
                "5",
            ),
            (
                "mail.send_now",
                json!({"to": "sk_live_0123456789"}),
                "“mail.send_now”",
                "mail.send_now",
            ),
            (
                "mail.send",
                json!({"to": "lee@example.com"}),
                "“mail.send” to “lee@example.com”",
                "lee@example.com",
            ),
        ];
        for (action, params, line, telltale) in cases {
            says(&headline(action, params), line, telltale);
        }
    }

    fn says(headline: &Headline, line: &str, telltale: &str) {
        let (said, told) = (headline.to_string(), headline.telltale());
        assert_eq!((said.as_str(), told.as_str()), (line, telltale));
    }

    #[test]
    fn a_large_number_is_written_out() {
        let cases = [
            (
                "bank.transfer",
                json!({"amount": 1e21, "currency": "EUR"}),
                "“bank.transfer” of 1,000,000,000,000,000,000,000.00 “EUR”",
                "1000000000000000000000.00 EUR",
            ),
            (
                "bank.transfer",
                json!({"amount": 1e300, "to": "https://bank.com@evil.example"}),
                "“bank.transfer” of 1e+300 (a number of 301 digits) to “https://bank.com@\\u{= no host}evil.example”",
                "https://bank.com@evil.example",
            ),
            (
                "bank.transfer",
                json!({"amount": "5e6"}),
                "“bank.transfer” of “5e6” (that is 5,000,000)",
                "5e6",
            ),
        ];
        for (action, params, line, telltale) in cases {
            says(&headline(action, params), line, telltale);
        }
    }
}
