//! What would happen, in plain words: made by the gateway from what takes effect, and from nothing else.

use std::fmt;

use serde_json::Value;

use super::amount::{Amount, amount};
use super::number::number;
use super::overlooked::behind;
use super::{fits, hosts, is_address, is_body, is_where_to, misnames, redact_object_and, said};
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

/// How many characters are too many to be typed by chance.
const TELLING: usize = 4;

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
    /// Whether the deed is a whole sentence of the agent, which already says all of this; one that says something
    /// else does not.
    pub is_sentence: bool,
    /// The parameters that it names; there may be others like them.
    pub names: Vec<String>,
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
        let says_all = misnames(&proposal.action, &params, &Object::new()).is_none();
        let is_sentence = proposal.action.is_sentence() && says_all;
        let deed = proposal.action.to_string();
        let (key, target) = target(&params).unzip();
        let holds_body = params.keys().any(|key| is_body(key));
        let is_sent =
            key.is_some_and(|key| RECEIVERS.contains(&key) || (holds_body && is_where_to(key)));
        let (how_much, amount) = amount(&params).unzip();
        let names = how_much.into_iter().chain(key.map(str::to_owned)).collect();
        Self { deed, amount, target, is_sent, is_sentence, names }
    }

    /// What a person types to show that they mean exactly this: the target, or the amount, or the deed. What is
    /// typed by a slip of the hand shows nothing.
    pub fn telltale(&self) -> String {
        let amount = self.amount.as_ref().map(ToString::to_string);
        let tells = |text: &String| text.trim().chars().count() >= TELLING;
        let found = self.target.clone().into_iter().chain(amount).find(tells);
        found.unwrap_or_else(|| self.deed.clone())
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

/// The parameter that names the target.
pub(super) fn named_target(params: &Object) -> Option<&'static str> {
    target(params).map(|(key, _)| key)
}

fn target(params: &Object) -> Option<(&'static str, String)> {
    let text = |key: &str| match params.get(key)? {
        // The words before an address are not where it goes.
        Value::String(text) if behind(text).is_some() => behind(text),
        Value::String(text) if fits(text) => Some(text.clone()),
        // An address that is too long for a line leads to a host, which is what tells most about it.
        Value::String(text) if is_address(text) => hosts(text).into_iter().find(|host| fits(host)),
        Value::Number(number) => Some(number.to_string()),
        // A list of one names that one.
        Value::Array(items) => match items.as_slice() {
            [Value::String(only)] if fits(only) => Some(behind(only).unwrap_or(only.clone())),
            _ => None,
        },
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Object(_) => None,
    };
    let shown = |key: &&'static str| text(key).filter(|text| text != super::REDACTED);
    TARGETS.iter().find_map(|key| Some((*key, shown(key)?)))
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
        assert_eq!(named(json!({"amount": "ten", "total": 5, "memo": "x"})), ["amount"]);
        assert_eq!(named(json!({"amount": {"value": 5, "currency": "EUR"}})), ["amount.value"]);
        assert_eq!(named(json!({"fee": 2, "order_total": 5, "subtotal": 4})), ["order_total"]);
        assert!(named(json!({"fee": 2, "value": 3})).is_empty());
        assert_eq!(named(json!({"value": "3 EUR"})), ["value"]);
    }

    #[test]
    fn neither_what_was_before_nor_what_counts_pages_is_the_amount_and_cents_have_no_currency() {
        let line = |params| headline("shop", params).to_string();
        let price = json!({"old_price": "99.00", "price": "0.01", "currency": "EUR"});
        assert_eq!(line(price), "“shop” of “0.01” “EUR”");
        assert_eq!(line(json!({"total_pages": 12, "namespace": "dev"})), "“shop” “dev”");
        assert_eq!(line(json!({"cost_center": "4711", "charge": "ch_1"})), "“shop”");
        let cents = json!({"total_amount_in_cents": 9_000_000, "currency": "EUR"});
        assert_eq!(line(cents), "“shop” of 9,000,000");
        assert_eq!(line(json!({"to": ["a@b.example"]})), "“shop” to “a@b.example”");
        assert_eq!(line(json!({"to": ["a@b.example", "c@d.example"]})), "“shop”");
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
            (
                "Refund 5 USD to cus_1",
                json!({"amount": 5000, "currency": "USD", "customer": "cus_2"}),
                "“Refund 5 USD to cus_1” of 5000.00 “USD” to “cus_2”",
                "cus_2",
            ),
            ("deploy", json!({"to": "x".repeat(61), "token": "t"}), "“deploy”", "deploy"),
            (
                "bank.transfer",
                json!({"account": "DE02 1203", "amount": 5}),
                "“bank.transfer” of 5",
                "bank.transfer",
            ),
            (
                "mail.send_now",
                json!({"to": "sk_live_0123456789"}),
                "“mail.send_now”",
                "mail.send_now",
            ),
            (
                "mail.send",
                json!({"to": "\"boss@good.example\" <leak@evil.example>"}),
                "“mail.send” to “leak@evil.example”",
                "leak@evil.example",
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
    fn an_amount_that_is_no_number_stands_there_all_the_same() {
        let long = "x".repeat(61);
        let cases = [
            (json!({"amount": "l00", "currency": "EUR"}), "“pay” of “l00” “EUR”"),
            (json!({"amount": "0x64"}), "“pay” of “0x64”"),
            (json!({"amount": true}), "“pay” of “true”"),
            (json!({"amount": [100]}), "“pay” of “[100]”"),
            (json!({"amount": {"value": "100", "currency": "USD"}}), "“pay” of “100” “USD”"),
            (json!({"amount": {"value": 100, "currency_code": "USD"}}), "“pay” of 100.00 “USD”"),
            (json!({"total": "l00", "sum": 5}), "“pay” of 5"),
            (json!({"order_total": "one million"}), "“pay” of “one million”"),
            (json!({"amount": null, "total": 7}), "“pay” of 7"),
            (json!({"amount": long, "to": "x"}), "“pay” to “x”"),
            (json!({"price": "price_1Nv0FGQ9RKHgCVdK"}), "“pay”"),
            (json!({"amount": ""}), "“pay”"),
        ];
        for (params, line) in cases {
            assert_eq!(headline("pay", params).to_string(), line);
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
                "bank.transfer",
            ),
            (
                "bank.transfer",
                json!({"amount": 4800, "currency": "EUR", "to": "x"}),
                "“bank.transfer” of 4800.00 “EUR” to “x”",
                "4800.00 EUR",
            ),
        ];
        for (action, params, line, telltale) in cases {
            says(&headline(action, params), line, telltale);
        }
    }
}
