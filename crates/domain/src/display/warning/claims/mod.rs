//! What the agent says in its one sentence, beside what takes effect. Only what is sure to be an amount or an address
//! counts, and only where the parameters name one of that kind and none that the sentence names: dates, numbers of
//! orders and what surrounds a request are no contradiction.

mod deed;
mod ids;

use rust_decimal::Decimal;
use serde_json::Value;

use super::Warning;
use super::node::{Node, nodes};
use crate::Money;
use crate::display::amount::at_most;
use crate::display::number::{Written, decimals};
use crate::display::{REDACTED, hosts, is_amount};
use crate::json::Object;

pub use deed::misnames;

/// The most numbers that are multiplied with one another.
const MOST: usize = 40;
/// Units that are written in small letters within a sentence.
const SMALL: &[&str] = &["eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "chf"];

/// What an agent says in its own words names and its parameters do not: its summary, or else the sentences of its context.
/// `people` may be named by any of them; what the context holds is known to the summary, and not by itself.
pub fn claims(
    summary: Option<&str>,
    context: &Object,
    (params, people): (&Object, &Object),
) -> Option<Warning> {
    let of_summary = summary.and_then(|said| claim(said, params, &[context, people]));
    let sentences = context.values().filter_map(Value::as_str);
    let mut sentences = sentences.filter(|text| text.trim().contains(' '));
    of_summary.or_else(|| sentences.find_map(|said| claim(said, params, &[people])))
}

/// What the sentence of an agent names and its parameters do not; `known` is what else is known about the request,
/// and may name an address.
fn claim(sentence: &str, params: &Object, known: &[&Object]) -> Option<Warning> {
    let nodes = nodes(params);
    let texts: Vec<String> =
        nodes.iter().filter_map(|node| node.value.as_str()).map(str::to_lowercase).collect();
    if texts.iter().any(|text| text.contains(&REDACTED.to_lowercase())) {
        return None;
    }
    let known: String = known
        .iter()
        .flat_map(|object| super::node::nodes(object))
        .filter_map(|node| node.value.as_str().map(|text| format!("{}\n", text.to_lowercase())))
        .collect();
    let is_named =
        |address: &str| known.contains(address) || texts.iter().any(|text| text.contains(address));
    let address = |of: fn(&str) -> Vec<String>| {
        unlike(of(sentence), &texts.iter().flat_map(|text| of(text)).collect::<Vec<_>>(), is_named)
    };
    let wrong = Amounts::loose(&nodes)
        .unlike(sentence, &texts)
        .or_else(|| address(mailboxes))
        .or_else(|| address(hosts))
        .or_else(|| ids::other(sentence, &texts))?;
    Some(Warning::Unmatched(wrong))
}

/// The first of what is said, where others are there and none of what is said is named.
fn unlike(said: Vec<String>, there: &[String], is_named: impl Fn(&str) -> bool) -> Option<String> {
    let is_other = !there.is_empty() && !said.iter().any(|one| is_named(one));
    said.into_iter().next().filter(|_| is_other)
}

/// What the amounts of a sentence are compared with.
struct Amounts {
    /// What the parameters can be said to come to; nothing where none of them is an amount.
    there: Option<Vec<Decimal>>,
    /// How many digits a number of the sentence has at least: one alone is easily none of money.
    digits: usize,
}

impl Amounts {
    /// Every number counts, because a sentence beside the request may speak of any.
    fn loose(nodes: &[Node<'_>]) -> Self {
        let is = |node: &Node<'_>| is_amount(node.name) && at_most(node.value).is_some();
        let times: Vec<Decimal> = named(nodes).map(|(_, number)| number).collect();
        let there = nodes.iter().any(is).then(|| numbers(nodes, &times));
        Self { there, digits: 2 }
    }

    /// Only amounts do, and what they come to so many times.
    fn strict(amounts: &[Node<'_>], all: &[Node<'_>]) -> Self {
        let times =
            named(all).map(|(_, number)| number).filter(Decimal::is_integer).collect::<Vec<_>>();
        let has_one = amounts.iter().any(|node| at_most(node.value).is_some());
        Self { there: has_one.then(|| numbers(amounts, &times)), digits: 1 }
    }

    /// The first amount of the sentence, where none of its amounts is there.
    fn unlike(&self, sentence: &str, texts: &[String]) -> Option<String> {
        let there = self.there.as_ref()?;
        let said = amounts(sentence, self.digits);
        let is_there = |(text, number): &(String, Decimal)| {
            there.contains(number) || texts.iter().any(|there| there.contains(&text.to_lowercase()))
        };
        let first = said.first().map(|(text, _)| text.clone());
        first.filter(|_| !said.iter().any(is_there))
    }
}

/// What these can be said to come to: each number, the same in cents, so many times each, and all that are called alike
/// together.
fn numbers(nodes: &[Node<'_>], times: &[Decimal]) -> Vec<Decimal> {
    let each: Vec<(&str, Decimal)> = named(nodes).collect();
    let mut all: Vec<Decimal> = nodes.iter().flat_map(readings).collect();
    for (name, number) in &each {
        all.extend(number.checked_div(Decimal::ONE_HUNDRED));
        all.extend(times.iter().filter_map(|times| number.checked_mul(*times)));
        let alike = each.iter().filter(|(other, _)| other == name);
        all.extend(alike.map(|(_, number)| *number).try_fold(Decimal::ZERO, Decimal::checked_add));
    }
    all.iter().map(Decimal::normalize).chain(all.iter().map(|number| -number.normalize())).collect()
}

/// What is a number, with its name.
fn named<'a>(nodes: &'a [Node<'_>]) -> impl Iterator<Item = (&'a str, Decimal)> {
    let numbers = nodes.iter().filter(|node| !matches!(node.value, Value::Bool(_)));
    numbers.filter_map(|node| Some((node.name, at_most(node.value)?.0))).take(MOST)
}

fn readings(node: &Node<'_>) -> Vec<Decimal> {
    let written = node.value.as_str().and_then(Written::of);
    let read = written.iter().flat_map(|written| &written.readings);
    let read: Vec<Decimal> =
        read.filter_map(|read| read.parse::<Money>().ok()).map(|m| m.0).collect();
    if read.is_empty() {
        Money::of(node.value).map(|money| money.0).into_iter().collect()
    } else {
        read
    }
}

/// The amounts of a sentence: numbers of so many digits and more beside a currency, and such with two decimals.
fn amounts(sentence: &str, least: usize) -> Vec<(String, Decimal)> {
    let words: Vec<&str> = sentence.split_whitespace().map(bare).collect();
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).copied().unwrap_or_default();
    let mut found = Vec::new();
    for (at, here) in words.iter().enumerate() {
        let Some(written) = Written::of(here) else { continue };
        let before = word(at.checked_sub(1));
        let is_part = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        // `1 000,50` is one number; half of it is none.
        if is_part(before) || is_part(word(Some(at + 1))) || before.eq_ignore_ascii_case("version")
        {
            continue;
        }
        let own = written.unit.as_deref().filter(|unit| is_unit(unit)).map(str::to_owned);
        let after = word(Some(at + 1));
        let beside = [after, before].into_iter().find(|word| is_unit(word));
        let text = match (&own, beside) {
            (Some(_), _) => (*here).to_owned(),
            (None, Some(unit)) if unit == after => format!("{here} {unit}"),
            (None, Some(unit)) => format!("{unit} {here}"),
            (None, None) if has_cents(here) => (*here).to_owned(),
            (None, None) => continue,
        };
        let digits = here.chars().filter(char::is_ascii_digit).count();
        if let ([only], true) = (written.readings.as_slice(), digits >= least) {
            found.extend(only.parse::<Money>().ok().map(|money| (text, money.0.normalize())));
        }
    }
    found
}

/// A word without what only surrounds it in a sentence.
fn bare(word: &str) -> &str {
    let word = word.trim_start_matches(['(', '[', '"', '\'', '“', '‘', '„', '*', '_', '=', ':']);
    word.trim_end_matches([
        '.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '”', '’', '“', '*', '_',
    ])
}

/// Whether a word of a sentence is a currency: in small letters some are words of their own, as `all` and `try`.
fn is_unit(word: &str) -> bool {
    let is_code = decimals(word).is_some() && !word.contains(|c: char| c.is_lowercase());
    is_code || matches!(word, "¥" | "₩") || SMALL.contains(&word.to_lowercase().as_str())
}

/// `45.00`, and neither the `12.11.` of a date nor the `3.11` of a version.
fn has_cents(text: &str) -> bool {
    let Some((whole, cents)) = text.rsplit_once(['.', ',']) else { return false };
    let number = |part: &str| part.parse::<u32>().unwrap_or(u32::MAX);
    let is_date = number(whole) <= 31 && (1..=12).contains(&number(cents));
    cents.len() == 2
        && !is_date
        && whole.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// The addresses of mail in a text.
pub(in crate::display) fn mailboxes(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '"' | ':')
    });
    let is_mailbox = |part: &&str| {
        part.split_once('@').is_some_and(|(who, host)| {
            !who.is_empty() && host.contains('.') && !part.contains('/') && !host.contains('@')
        })
    };
    parts.map(bare).filter(is_mailbox).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(sentence: &str, params: &Value, context: &Value) -> Option<String> {
        let object = |value: &Value| value.as_object().unwrap().clone();
        claim(sentence, &object(params), &[&object(context)]).map(|warning| warning.to_string())
    }

    #[test]
    fn what_the_sentence_names_and_the_parameters_do_not_is_told() {
        let params =
            json!({"amount": 4500, "to": "eve@evil.example", "url": "https://evil.example/x"});
        for (sentence, names) in [
            ("Refund 45.50 EUR to Mia", "45.50 EUR"),
            ("Refund EUR 45.50.", "EUR 45.50"),
            ("Refund €99 today", "€99"),
            ("Refund (45.50) for order 1047", "45.50"),
            ("Pay 12 dollars", "12 dollars"),
            ("Mail lee@good.example.", "lee@good.example"),
            ("Send it to <Lee@Good.example>", "lee@good.example"),
            ("Post to https://api.good.example/hook", "api.good.example"),
        ] {
            let line = format!(
                "The agent’s own sentence names “{names}”, which is not among the parameters."
            );
            assert_eq!(told(sentence, &params, &json!({})), Some(line), "{sentence}");
        }
    }

    #[test]
    fn what_is_there_in_another_form_and_what_is_no_amount_is_no_contradiction() {
        let pay = json!({"amount": 45, "to": "lee@x.example"});
        let line = json!({"price": "9.00", "quantity": 5, "items": [{"fee": 3}, {"fee": 4.5}]});
        for (sentence, params) in [
            ("Refund 45.00 EUR of 90.00 EUR", &pay),
            ("Refund 45,00 €", &pay),
            ("Refund on 12.11. and 2026-11-30, ticket 4711, v3.14, version 3.14, at 10:30", &pay),
            ("Refund 5 EUR", &pay),
            ("Refund all 12 try", &pay),
            ("Refund 1.000 EUR", &pay),
            ("As boss@x.example asked, pay lee@x.example", &pay),
            ("As boss@x.example asked", &json!({"amount": 45, "account": "A"})),
            ("See https://tickets.example/7", &pay),
            ("Five for 45.00 EUR", &line),
            ("Fees of 7.50 EUR", &line),
            ("Refund 45.00 EUR", &json!({"amount": 4500})),
            ("Refund 45.00 EUR", &json!({"rows": 3})),
            ("Refund 45.00 EUR", &json!({"amount": 9, "x": "[REDACTED]"})),
            ("Refund 1 000,50 EUR", &pay),
        ] {
            assert_eq!(told(sentence, params, &json!({})), None, "{sentence}");
        }
        let asked = json!({"by": "Boss@X.example"});
        assert_eq!(told("As boss@x.example asked", &pay, &asked), None);
    }
}
