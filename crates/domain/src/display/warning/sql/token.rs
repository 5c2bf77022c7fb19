//! A text taken apart as a database would take it: words, marks and texts in quotation marks; comments are left out.

/// One part of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A word, a number or a name in quotation marks of its kind; without those.
    Word(&'a str),
    /// A text.
    Text(&'a str),
    /// Anything else that is one character.
    Mark(char),
    /// `--` or `/*`, and what follows it.
    Comment,
}

impl Token<'_> {
    /// Whether it is this word.
    pub(super) fn is(&self, known: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(known))
    }

    /// Whether it is one of these.
    pub(super) fn is_one_of(&self, known: &[&str]) -> bool {
        known.iter().any(|known| self.is(known))
    }
}

/// The parts of a text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            c if c.is_whitespace() => (None, c.len_utf8()),
            '-' if rest.starts_with("--") => (Some(Token::Comment), line(rest)),
            '/' if rest.starts_with("/*") => {
                (Some(Token::Comment), rest.find("*/").map_or(rest.len(), |at| at + 2))
            }
            '\'' => quoted(rest, '\'').map_or((Some(Token::Mark(first)), 1), |(inner, length)| {
                (Some(Token::Text(inner)), length)
            }),
            '"' | '`' => quoted(rest, first)
                .map_or((Some(Token::Mark(first)), 1), |(inner, length)| {
                    (Some(Token::Word(inner)), length)
                }),
            c if in_word(c) => {
                let end = rest.find(|c: char| !in_word(c)).unwrap_or(rest.len());
                (rest.get(..end).map(Token::Word), end)
            }
            c => (Some(Token::Mark(c)), c.len_utf8()),
        };
        all.extend(token);
        rest = rest.get(length..).unwrap_or_default();
    }
    all
}

fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// What stands between two of these marks, and how long it is with them; a mark twice stands for itself.
fn quoted(rest: &str, mark: char) -> Option<(&str, usize)> {
    let mut from = 1;
    loop {
        let end = from + rest.get(from..)?.find(mark)?;
        if !rest.get(end + 1..)?.starts_with(mark) {
            return Some((rest.get(1..end)?, end + 1));
        }
        from = end + 2;
    }
}

/// A dot joins the name of a table to that of its schema.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '@')
}
