//! Ids that a sentence names: `cus_1`, `ORD-1047`. What stands before the number says of what kind it is.

use std::collections::BTreeSet;

/// The longest mark that stands before the number.
const LONGEST: usize = 8;

/// The first id of a sentence that the parameters do not name, where they name another one of its kind and none of
/// those of the sentence.
pub(super) fn other(sentence: &str, texts: &[String]) -> Option<String> {
    let said = ids(sentence);
    let there: Vec<(String, String)> = texts.iter().flat_map(|text| ids(text)).collect();
    let kinds: BTreeSet<&str> = there.iter().map(|(mark, _)| mark.as_str()).collect();
    let is_known = |(_, id): &&(String, String)| texts.iter().any(|text| text.contains(id));
    let is_other = |(mark, _): &&(String, String)| {
        let of_kind = said.iter().filter(|(other, _)| other == mark);
        kinds.contains(mark.as_str()) && !of_kind.clone().any(|id| is_known(&id))
    };
    said.iter().find(is_other).map(|(_, id)| id.clone())
}

/// The ids of a text, each with its mark, in small letters.
fn ids(text: &str) -> Vec<(String, String)> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    parts.filter_map(id).collect()
}

fn id(part: &str) -> Option<(String, String)> {
    let part = part.trim_matches(['_', '-']).to_lowercase();
    let (mark, which) = part.split_once(['_', '-'])?;
    let is_mark =
        (1..=LONGEST).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_alphabetic());
    let is_which = which.starts_with(|c: char| c.is_ascii_digit())
        || (part.contains('_') && which.bytes().any(|b| b.is_ascii_digit()));
    (is_mark && is_which).then(|| (mark.to_owned(), part.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sentence: &str, text: &str) -> Option<String> {
        other(sentence, &[text.to_lowercase()])
    }

    #[test]
    fn another_id_of_the_same_kind_is_told() {
        for (sentence, text, id) in [
            ("Refund cus_1", "cus_2", "cus_1"),
            ("Refund (cus_1) now", "cus_2", "cus_1"),
            ("Ship ORD-1047.", "ORD-1048", "ord-1047"),
            ("Pay acct_1Nv0F", "to acct_9Xy, please", "acct_1nv0f"),
            ("Close T-1 of cus_5", "t-1 cus_6", "cus_5"),
        ] {
            assert_eq!(told(sentence, text).as_deref(), Some(id), "{sentence}");
        }
    }

    #[test]
    fn the_same_and_what_names_something_else_are_not() {
        for (sentence, text) in [
            ("Refund CUS_1", "cus_1"),
            ("Move ord_1 to ord_2", "ord_2"),
            ("Refund cus_1", "ord_2"),
            ("Refund for re-issue", "re-1"),
            ("On 2026-11-30 at 10-30", "2026-12-01"),
            ("Refund customer one", "cus_2"),
        ] {
            assert_eq!(told(sentence, text), None, "{sentence}");
        }
    }
}
