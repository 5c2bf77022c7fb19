//! Numbers of payment cards within a text: known by how they begin, how long they are and their check digit.

use super::redact::REDACTED;

/// A copy of `text` in which every number of a card reads [`REDACTED`], also one in groups.
pub(super) fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let run = from.get(..run(from)).unwrap_or(from);
        out.push_str(if is_number(run) { REDACTED } else { run });
        rest = from.get(run.len()..).unwrap_or_default();
    }
    out + rest
}

/// Whether these digits, single spaces and hyphens between them aside, are the number of a card.
pub(super) fn is_number(text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b' ' || b == b'-') {
        return false;
    }
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let first = |count: usize| digits.iter().take(count).fold(0, |sum, digit| sum * 10 + digit);
    let is_issued = matches!(
        (digits.len(), first(2), first(4)),
        (13 | 16 | 19, 40..=49, _)
            | (16, 51..=55 | 65, _)
            | (16, _, 2221..=2720 | 6011 | 3528..=3589)
            | (15, 34 | 37, _)
            | (14, 36 | 38, _)
    );
    is_issued && checks(&digits)
}

/// The check digit after Luhn.
fn checks(digits: &[u32]) -> bool {
    let value = |(place, digit): (usize, &u32)| match place % 2 {
        0 => *digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    };
    digits.iter().rev().enumerate().map(value).sum::<u32>().is_multiple_of(10)
}

/// How far digits go on, with at most one space or hyphen between two.
fn run(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let digit_next = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if !(c.is_ascii_digit() || (matches!(c, ' ' | '-') && digit_next)) {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_cards_are_known_and_others_are_not() {
        for text in
            ["4111111111111111", "5555-5555-5555-4444", "378282246310005", "4111 1111 1111 1111"]
        {
            assert!(is_number(text), "{text}");
        }
        for text in [
            "4111111111111112",
            "1700000000000",
            "12345678",
            "0000000000000000",
            "411111111111111.1",
        ] {
            assert!(!is_number(text), "{text}");
        }
        assert_eq!(redacted("a 4111-1111-1111-1111; 2026-01-01"), "a [REDACTED]; 2026-01-01");
    }
}
