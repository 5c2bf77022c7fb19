//! What is different between two texts, line by line.

use similar::{ChangeTag, TextDiff};

use crate::dashboard::layout::Text;

/// How many lines that are the same stand around what differs.
const AROUND: usize = 3;

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DiffLine {
    /// `gone`, `new`, `same` or `gap`.
    pub(crate) class: &'static str,
    /// What a reader without colours sees.
    pub(crate) sign: &'static str,
    /// What stands there.
    pub(crate) text: Text,
}

/// The lines that differ, with some around them; none if the texts are the same.
pub(crate) fn lines(before: &str, after: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (at, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if at > 0 {
            lines.push(DiffLine { class: "gap", sign: "", text: Text::line("…") });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (class, sign) = match change.tag() {
                ChangeTag::Delete => ("gone", "−"),
                ChangeTag::Insert => ("new", "+"),
                ChangeTag::Equal => ("same", ""),
            };
            let text = Text::line(change.value().trim_end_matches('\n'));
            lines.push(DiffLine { class, sign, text });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_with_what_stands_around_it() {
        let before = (1..=20).map(|n| format!("line {n}\n")).collect::<Vec<_>>().concat();
        let after = before.replace("line 2\n", "line two\n").replace("line 19\n", "");
        let signs: String = lines(&before, &after)
            .iter()
            .map(|l| if l.class == "gap" { "/" } else { l.sign })
            .collect();
        assert_eq!(signs, "−+/−");
        assert_eq!(lines(&before, &after).len(), 1 + 2 + 3 + 1 + 3 + 1 + 1);
        assert_eq!(lines(&before, &before), []);
    }
}
