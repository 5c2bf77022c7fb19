//! What would happen, in plain words: made by the gateway from what takes effect, and from nothing else.

use std::fmt;

use serde_json::Value;

use super::number::{Written, decimals, number};
use super::telling::has_word;
use super::{hosts, is_address, is_body, is_where_to, redact_object_and, said};
use crate::Money;
use crate::approval::{Proposal, step};
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
    pub names: Vec<String>,
}

/// How much: a number is written the gateway's way; a text stays as the agent wrote it, because `1.000` is one in some
/// places and a thousand in others. The unit is the agent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// `240.00`.
    pub number: String,
    /// Whether the agent gave it as a text.
    pub is_text: bool,
    /// What that means, where the text is sure to mean it and does not read like it already.
    pub meaning: Option<String>,
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
        let holds_body = params.keys().any(|key| is_body(key));
        let is_sent =
            key.is_some_and(|key| RECEIVERS.contains(&key) || (holds_body && is_where_to(key)));
        let (how_much, amount) = amount(&params).unzip();
        let names = how_much.into_iter().chain(key.map(str::to_owned)).collect();
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
        if let Some(meaning) = &self.meaning {
            parts.extend([Part::Ours(" (that is "), Part::Number(meaning), Part::Ours(")")]);
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

/// Words of names that stand for an amount where no parameter is called so, the most telling first. What is only a
/// part of it, as a fee is, stands for nothing.
const SUMS: &[&str] = &["amount", "total", "sum", "payout", "price", "value"];

/// The parameter that states the amount, and the amount.
fn amount(params: &Object) -> Option<(String, Amount)> {
    let unit = params.get("currency").and_then(Value::as_str).filter(|unit| fits(unit));
    let of = |name: &str| Amount::of(params.get(name)?, unit);
    if params.contains_key("amount") {
        return Some(("amount".to_owned(), of("amount")?));
    }
    let (name, amount) = SUMS.iter().find_map(|sum| {
        let stands = |(name, value): &(&String, &Value)| {
            // Many a thing has a value, and only money has a currency.
            has_word(name, sum) && (*sum != "value" || unit.is_some() || names_unit(value))
        };
        params.iter().filter(stands).find_map(|(name, _)| Some((name, of(name)?)))
    })?;
    Some((step(name), amount))
}

/// Whether a text names the currency of its amount itself.
fn names_unit(value: &Value) -> bool {
    value.as_str().and_then(Written::of).is_some_and(|written| written.unit.is_some())
}

impl Amount {
    /// The amount that a value states, in the unit that stands beside it.
    fn of(value: &Value, unit: Option<&str>) -> Option<Self> {
        let stated = |number: String| Self {
            number,
            is_text: false,
            meaning: None,
            unit: unit.map(str::to_owned),
        };
        match value {
            Value::Number(number) => Some(stated(match (Money::of(value), unit) {
                (Some(money), Some(unit)) => in_coins(money, unit),
                (Some(money), None) => money.to_string(),
                (None, _) => number.to_string(),
            })),
            Value::String(text) if fits(text) => {
                let written = Written::of(text);
                let is_amount = written.is_some() || Money::of(value).is_some();
                let meaning = meaning(text, written.as_ref());
                let own = written.and_then(|written| written.unit);
                let is_twice =
                    own.zip(unit).is_some_and(|(own, unit)| own.eq_ignore_ascii_case(unit));
                let unit = unit.filter(|_| !is_twice).map(str::to_owned);
                is_amount.then(|| Self { number: text.clone(), is_text: true, meaning, unit })
            }
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        }
    }
}

/// What a text means, where that is sure and not what it reads like already: `1.000` is one in some places and a
/// thousand in others, and is left alone.
fn meaning(text: &str, written: Option<&Written>) -> Option<String> {
    let readings = match written {
        Some(written) => written.readings.as_slice(),
        // Only a number with an exponent is none that people write.
        None => return Some(text.to_owned()).filter(|text| number(text) != *text),
    };
    match readings {
        [only] if number(only) != text.trim() => Some(only.clone()),
        _ => None,
    }
}

/// Money with a currency has the decimals of its smallest coin, unless it has more.
fn in_coins(money: Money, unit: &str) -> String {
    let number = money.0.normalize();
    let places = decimals(unit).and_then(|places| usize::try_from(places).ok()).unwrap_or_default();
    let has = usize::try_from(number.scale()).unwrap_or_default();
    if has < places { format!("{number:.places$}") } else { number.to_string() }
}

fn target(params: &Object) -> Option<(&'static str, String)> {
    let text = |key: &str| match params.get(key)? {
        Value::String(text) if fits(text) => Some(text.clone()),
        // An address that is too long for a line leads to a host, which is what tells most about it.
        Value::String(text) if is_address(text) => hosts(text).into_iter().find(|host| fits(host)),
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
        assert_eq!(named(json!({"fee": 2, "order_total": 5, "subtotal": 4})), ["order_total"]);
        assert!(named(json!({"fee": 2, "value": 3})).is_empty());
        assert_eq!(named(json!({"value": "3 EUR"})), ["value"]);
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

    #[test]
    fn an_amount_has_the_decimals_of_its_currency() {
        let line = |amount, currency: &str| {
            headline("pay", json!({"amount": amount, "currency": currency})).to_string()
        };
        assert_eq!(line(json!(5000), "JPY"), "“pay” of 5000 “JPY”");
        assert_eq!(line(json!(5), "KWD"), "“pay” of 5.000 “KWD”");
        assert_eq!(line(json!(5), "eur"), "“pay” of 5.00 “eur”");
        assert_eq!(line(json!(5), "points"), "“pay” of 5 “points”");
    }

    #[test]
    fn an_amount_that_is_written_as_text_is_named_with_what_it_means() {
        let cases = [
            (
                json!({"amount_text": "1.000,50", "currency": "EUR"}),
                "“pay” of “1.000,50” (that is 1000.50) “EUR”",
                "1.000,50 EUR",
            ),
            (
                json!({"amount": "1,000.50 EUR", "currency": "EUR"}),
                "“pay” of “1,000.50 EUR” (that is 1000.50)",
                "1,000.50 EUR",
            ),
            (json!({"total": "1.000"}), "“pay” of “1.000”", "1.000"),
            (json!({"value": 250, "currency": "USD"}), "“pay” of 250.00 “USD”", "250.00 USD"),
            (json!({"value": 250}), "“pay”", "pay"),
        ];
        for (params, line, telltale) in cases {
            says(&headline("pay", params), line, telltale);
        }
    }

    #[test]
    fn an_address_beside_a_body_receives_it_and_a_long_one_is_told_by_its_host() {
        let long = format!("https://hooks.example.com/{}", "x".repeat(60));
        says(
            &headline("http.post", json!({"url": long, "body": {"a": 1}})),
            "“http.post” to “hooks.example.com”",
            "hooks.example.com",
        );
        says(
            &headline("http.get", json!({"url": "https://a.example"})),
            "“http.get” “https://a.example”",
            "https://a.example",
        );
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
