//! The words of a record, and those that are looked for. A word is made of letters and digits; whatever else
//! stands between two is where one ends.

use std::collections::HashSet;

use countersign_domain::audit::{Kind, Record};
use countersign_domain::identity::{Caller, CallerKind};
use countersign_domain::{AgentId, ApprovalId, PersonId, display};
use serde_json::Value;

/// What no word of a text holds: with it begins what a record is filed under beside its words.
const MARK: char = '\u{e000}';

/// Everything that a record says, in lower case; secrets are not in it, so that no search can guess them.
pub(super) fn text(record: &Record) -> String {
    let mut text = String::new();
    push(&mut text, record.kind.as_str());
    push(&mut text, &record.caller.name);
    push_all(&mut text, record.caller.ip);
    push_all(&mut text, record.agent_id);
    push_all(&mut text, record.approval_id);
    push_all(&mut text, record.digest);
    push_values(&mut text, &display::redact(&record.data));
    text.to_lowercase()
}

/// A record as it goes into the index.
pub(super) fn indexed(record: &Record) -> String {
    let mut line = vec![of_kind(record.kind)];
    line.extend(record.agent_id.map(of_agent));
    line.extend(record.approval_id.map(of_approval));
    line.extend(by(&record.caller));
    let text = text(record);
    let words = words(&text).map(str::to_owned);
    line.into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

pub(super) fn of_kind(kind: Kind) -> String {
    mark("kind", kind.as_str())
}

pub(super) fn of_agent(id: AgentId) -> String {
    mark("agent", &id.to_string())
}

pub(super) fn of_approval(id: ApprovalId) -> String {
    mark("approval", &id.to_string())
}

pub(super) fn by_person(id: PersonId) -> String {
    mark("by", &id.to_string())
}

fn by(caller: &Caller) -> Option<String> {
    match caller.kind {
        CallerKind::Person => Some(mark("by", &caller.id)),
        CallerKind::Agent | CallerKind::Application | CallerKind::System => None,
    }
}

/// One word for the index, whatever stands in it.
fn mark(what: &str, which: &str) -> String {
    let which = which.to_lowercase();
    let kept = which.chars().map(|c| if c.is_alphanumeric() { c } else { MARK });
    std::iter::once(MARK).chain(what.chars()).chain([MARK]).chain(kept).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn push(text: &mut String, part: &str) {
    text.push_str(part);
    text.push('\n');
}

fn push_all(text: &mut String, part: Option<impl ToString>) {
    if let Some(part) = part {
        push(text, &part.to_string());
    }
}

fn push_values(text: &mut String, value: &Value) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => push(text, &number.to_string()),
        Value::String(part) => push(text, part),
        Value::Array(items) => items.iter().for_each(|item| push_values(text, item)),
        Value::Object(entries) => entries.values().for_each(|entry| push_values(text, entry)),
    }
}

/// What is looked for: parts that must all stand in a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted(Vec<Part>);

/// What stood between two spaces: the text, the words in it, and whether the last of them is only a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    text: String,
    words: Vec<String>,
    is_open: bool,
}

impl Wanted {
    pub(super) fn of(text: &str) -> Self {
        let part = |part: &str| {
            let is_open = part.ends_with('*');
            let text = part.trim_end_matches('*').to_lowercase();
            let words = words(&text).map(str::to_owned).collect();
            Part { text, words, is_open }
        };
        Self(text.split_whitespace().map(part).collect())
    }

    /// What the index is asked for; every record that fits is among its answers. Empty when there is no word.
    pub(super) fn asked(&self, filed_under: &[String]) -> String {
        let quoted = filed_under.iter().map(|mark| format!("\"{mark}\""));
        let words = self.0.iter().flat_map(|part| {
            let last = part.words.len().saturating_sub(1);
            part.words.iter().enumerate().map(move |(place, word)| {
                let open = if part.is_open && place == last { "*" } else { "" };
                format!("\"{word}\"{open}")
            })
        });
        quoted.chain(words).collect::<Vec<_>>().join(" AND ")
    }

    /// Whether all parts stand in a text.
    pub(super) fn fits(&self, text: &str) -> bool {
        let there: HashSet<&str> = words(text).collect();
        self.0.iter().all(|part| part.fits(text, &there))
    }
}

impl Part {
    fn fits(&self, text: &str, there: &HashSet<&str>) -> bool {
        let Some((last, others)) = self.words.split_last() else {
            return text.contains(&self.text);
        };
        let begins = || there.iter().any(|word| word.starts_with(last.as_str()));
        let ends = || if self.is_open { begins() } else { there.contains(last.as_str()) };
        // One word is itself the text; of more, those between them have to be the same, too.
        let alike = || self.text == *last || text.contains(&self.text);
        others.iter().all(|word| there.contains(word.as_str())) && ends() && alike()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_the_index_is_made_of_words_only() {
        let asked = |text: &str| Wanted::of(text).asked(&[]);
        assert_eq!(asked("Refund CUS_17*"), r#""refund" AND "cus" AND "17"*"#);
        assert_eq!(asked("\" OR words : * NEAR("), r#""or" AND "words" AND "near""#);
        assert_eq!(asked(" %% * "), "");
        assert_eq!(
            Wanted::of("no").asked(&[of_kind(Kind::ApprovalDenied)]),
            "\"\u{e000}kind\u{e000}approval\u{e000}denied\" AND \"no\""
        );
    }

    #[test]
    fn a_word_is_whole_unless_it_ends_in_a_star() {
        let text = "ana@example.com\nrefund to cus_0017\n203.0.113.7\nünter";
        for wanted in [
            "refund",
            "REFUND",
            "ref*",
            "ana@example.com",
            "cus_0017",
            "cus_00*",
            "203.0.113.7",
            "com ana",
            "ÜNTER",
            "",
            "@",
        ] {
            assert!(Wanted::of(wanted).fits(text), "{wanted}");
        }
        for wanted in ["ref", "ana@other.com", "na@example.com", "cus-0017", "0.113.70", "%", "ün"]
        {
            assert!(!Wanted::of(wanted).fits(text), "{wanted}");
        }
    }
}
