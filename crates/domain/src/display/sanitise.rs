//! Makes every character visible: nothing is removed; whatever hides, reorders, pads or looks like something
//! else is shown as an escape.
//!
//! [`pieces`] tells what is plain from what is not, for surfaces that can set marks off; [`sanitise`] is the
//! same as one text. Two different texts never look the same.

mod joiner;

use std::fmt;
use std::ops::Range;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::link::{Opens, links};
use super::punycode;
use super::script::{Script, imitated_mark, imitates_mark};

/// The longest run of one space or break that is shown as it is; longer ones are padding.
const LONGEST_RUN: usize = 16;

/// A part of a text as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Characters that are what they seem. A backslash that would look like an escape is doubled.
    Plain(String),
    /// One character that nobody would see, or that moves others: shown as `\u{202e}`.
    Hidden(char),
    /// The same where writing needs it: between the parts of one picture, or in a word of a script that joins its
    /// letters. Shown alike.
    Joiner(char),
    /// One letter of another script than the rest of its word, or of a word that is written in look-alikes of Latin
    /// letters throughout; or a sign that is taken for a slash, a dot or another mark of an address: shown as
    /// `\u{430}`.
    LookAlike(char),
    /// The same space or break many times: shown as `\u{20*4000}`.
    Padding(char, usize),
    /// Spaces that are easily overseen: at an end of the text, or two and more of them. As text they are themselves.
    Blanks(usize),
    /// A digit of another script, and the number it means: shown as `\u{661=1}`.
    Digit(char, u32),
    /// A name in punycode, and what a browser would show for it: shown as `xn--…\u{= …}`.
    Punycode {
        /// The name as it was written.
        name: String,
        /// What it stands for, with every letter that is not ASCII as an escape.
        meaning: String,
    },
    /// What stands before the `@` of an address, that included: it may look like a host, and is none. Shown with
    /// `\u{= no host}` after it.
    Userinfo(Vec<Piece>),
    /// The host of an address as it is written, and what a browser makes of it: where that is something else, it is
    /// shown with `\u{= opens evil.example}` after it.
    Host(Vec<Piece>, Opens),
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => f.write_str(text),
            Self::Hidden(c) | Self::Joiner(c) | Self::LookAlike(c) => {
                write!(f, "\\u{{{:x}}}", u32::from(*c))
            }
            Self::Padding(c, count) => write!(f, "\\u{{{:x}*{count}}}", u32::from(*c)),
            Self::Blanks(count) => write!(f, "{:count$}", ""),
            Self::Digit(c, number) => write!(f, "\\u{{{:x}={number}}}", u32::from(*c)),
            Self::Punycode { name, meaning } => write!(f, "{name}\\u{{= {meaning}}}"),
            Self::Userinfo(user) => write!(f, "{}{}", joined(user), self.note()),
            Self::Host(host, _) => write!(f, "{}{}", joined(host), self.note()),
        }
    }
}

impl Piece {
    /// What is said about a part of an address that is not what it seems, as an escape.
    pub(super) fn note(&self) -> String {
        match self {
            Self::Userinfo(_) => "\\u{= no host}".to_owned(),
            Self::Host(_, Opens::Other(host)) => format!("\\u{{= opens {host}}}"),
            Self::Host(_, Opens::Nothing) => "\\u{= opens nothing}".to_owned(),
            Self::Host(_, Opens::Elsewhere) => "\\u{= only words}".to_owned(),
            Self::Host(_, Opens::Itself)
            | Self::Plain(_)
            | Self::Hidden(_)
            | Self::Joiner(_)
            | Self::LookAlike(_)
            | Self::Padding(..)
            | Self::Blanks(_)
            | Self::Digit(..)
            | Self::Punycode { .. } => String::new(),
        }
    }

    /// Whether anything of it is not what it seems. Spaces and breaks are.
    pub fn deceives(&self) -> bool {
        match self {
            Self::Plain(_)
            | Self::Blanks(_)
            | Self::Joiner(_)
            | Self::Hidden('\n' | '\t' | '\r') => false,
            Self::Host(host, _) => host.iter().any(Self::deceives),
            Self::Userinfo(user) => user.iter().any(Self::deceives),
            Self::Hidden(_)
            | Self::LookAlike(_)
            | Self::Padding(..)
            | Self::Digit(..)
            | Self::Punycode { .. } => true,
        }
    }
}

fn joined(pieces: &[Piece]) -> String {
    pieces.iter().map(ToString::to_string).collect()
}

/// Shows `text` with each control, format, private-use and unassigned character, each line separator, each
/// unusual space, each invisible filler and each letter that is out of place in its word as `\u{…}`, long
/// runs of spaces and breaks as `\u{20*4000}`, and what stands behind punycode.
pub fn sanitise(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    joined(&pieces(text))
}

/// The same in parts.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Pieces { text, ..Pieces::default() };
    let mut from = 0;
    for link in links(text) {
        let user = link.user.clone().unwrap_or(link.host.start..link.host.start);
        out.add(from..user.start);
        if !user.is_empty() {
            let user = out.apart(user);
            out.done.push(Piece::Userinfo(user));
        }
        from = link.host.end;
        let host = out.apart(link.host);
        out.done.push(Piece::Host(host, link.opens));
    }
    out.add(from..text.len());
    out.done
}

/// Whether a text says nothing that can be seen.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c == ' ' || hides(c))
}

/// Nearly every text is: no need to take it apart.
fn is_plain(text: &str) -> bool {
    let simple = |b: u8| (b' '..=b'~').contains(&b) && b != b'\\';
    text.bytes().all(simple)
        && !text.contains(':')
        && !text.contains("                ")
        && !text.as_bytes().windows(4).any(|w| w.eq_ignore_ascii_case(b"xn--"))
}

/// How many marks one character carries; more of them paint over the lines around it.
const MARKS: usize = 3;

/// The same character so many times.
struct Run {
    c: char,
    count: usize,
    /// Whether it stands for a mark of an address, and is none.
    imitates: bool,
    /// Whether it hides and stands where it is meant to.
    joins: bool,
}

#[derive(Default)]
struct Pieces<'a> {
    /// The whole text.
    text: &'a str,
    done: Vec<Piece>,
    /// How many marks stand on the character before.
    marks: usize,
}

impl Pieces<'_> {
    /// Takes a part of the text apart.
    fn add(&mut self, place: Range<usize>) {
        let text = self.text;
        let mut at = place.start;
        while let Some(part) = text.get(at..place.end).filter(|part| !part.is_empty()) {
            let Some(first) = part.chars().next() else { break };
            let token = if in_word(first) { word(part) } else { run(part, first) };
            at += token.len();
            if in_word(first) {
                self.word(token);
            } else {
                let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
                let before = before.strip_suffix(token).unwrap_or(before);
                let imitates = imitates_mark(first) && in_address(before, token, rest);
                let count = token.chars().count();
                let joins = count == 1 && hides(first) && joiner::joins(before, first, rest);
                let run = Run { c: first, count, imitates, joins };
                self.run(run, rest);
            }
        }
    }

    /// The same by itself.
    fn apart(&mut self, place: Range<usize>) -> Vec<Piece> {
        let before = std::mem::take(&mut self.done);
        self.add(place);
        std::mem::replace(&mut self.done, before)
    }

    fn plain(&mut self, text: &str) {
        match self.done.last_mut() {
            Some(Piece::Plain(before)) => before.push_str(text),
            _ => self.done.push(Piece::Plain(text.to_owned())),
        }
    }

    /// The same character so many times, and what follows.
    fn run(&mut self, Run { c, count, imitates, joins }: Run, rest: &str) {
        let blank = c == ' ' || hides(c);
        if blank && count > LONGEST_RUN {
            self.done.push(Piece::Padding(c, count));
            return;
        }
        if c == ' ' && (count > 1 || self.done.is_empty() || rest.is_empty()) {
            self.done.push(Piece::Blanks(count));
            return;
        }
        // A backslash before what would read as an escape is doubled, so that the two are told apart.
        let doubled = c == '\\' && reads_as_escape(rest);
        for _ in 0..count {
            if joins {
                self.done.push(Piece::Joiner(c));
            } else if hides(c) || (count > 1 && is_mark(c)) {
                self.done.push(Piece::Hidden(c));
            } else if imitates {
                self.done.push(Piece::LookAlike(c));
            } else if doubled {
                self.plain("\\\\");
            } else {
                self.one(c);
            }
        }
    }

    /// One character that is what it seems, unless it is one mark too many.
    fn one(&mut self, c: char) {
        self.marks = if is_mark(c) { self.marks + 1 } else { 0 };
        if self.marks > MARKS {
            self.done.push(Piece::Hidden(c));
        } else {
            self.plain(c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Letters and digits with nothing between them but dots and their like.
    fn word(&mut self, word: &str) {
        if let Some(meaning) = punycode::meaning(word) {
            let name = word.to_owned();
            self.done.push(Piece::Punycode { name, meaning });
            return;
        }
        let home = word.chars().find_map(Script::of);
        let mixed = word.chars().filter_map(Script::of).any(|script| Some(script) != home);
        let latin = word.chars().filter_map(Script::of).any(|script| script == Script::Latin);
        let home = if latin { Some(Script::Latin) } else { home };
        let disguised = word.chars().nth(1).is_some()
            && home.is_some_and(|script| script.is_disguise(self.text));
        for c in word.chars() {
            let stranger = disguised || (mixed && Script::of(c) != home);
            let stranger = stranger && Script::of(c).is_some();
            if stranger || Script::imitates(c) {
                self.done.push(Piece::LookAlike(c));
            } else if let Some(number) = foreign_digit(c) {
                self.done.push(Piece::Digit(c, number));
            } else {
                self.one(c);
            }
        }
    }
}

/// Whether a sign between these stands where a mark of an address would: within a word that has another such mark,
/// and right after what an address is made of. `1⁄2` and `km∕h` are none.
fn in_address(before: &str, sign: &str, after: &str) -> bool {
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let end = after.find(char::is_whitespace).unwrap_or(after.len());
    let (Some(head), Some(tail)) = (before.get(start..), after.get(..end)) else { return false };
    let follows = head.ends_with(|c: char| c.is_ascii_graphic());
    let names = |part: &str| part.contains(|c: char| c.is_ascii_alphabetic());
    let mark = |part: &str| {
        let inner = part.trim_matches(|c: char| !c.is_alphanumeric());
        part.contains("://") || inner.contains(['.', '@']) || inner.contains(is_dot)
    };
    let is_dot = sign.contains(is_dot);
    let joins = tail.starts_with(|c: char| c.is_ascii_alphanumeric());
    let has_mark = mark(head) || mark(tail) || (is_dot && joins);
    follows && has_mark && (names(head) || names(tail))
}

fn is_dot(c: char) -> bool {
    imitated_mark(c) == Some('.')
}

/// Whether what is shown of a text would begin with an escape, or with what makes one of a backslash.
fn reads_as_escape(text: &str) -> bool {
    match text.chars().next() {
        Some(' ') => run(text, ' ').len() > LONGEST_RUN,
        Some(first) => first == 'u' || !first.is_ascii_graphic(),
        None => false,
    }
}

/// The number that a digit of another script than ours means. Such digits come in rows of ten.
fn foreign_digit(c: char) -> Option<u32> {
    let is_digit = |c: char| c.general_category() == GeneralCategory::DecimalNumber;
    if c.is_ascii() || !is_digit(c) {
        return None;
    }
    let before = (0..u32::from(c)).rev().map(char::from_u32);
    let row = before.take_while(|other| other.is_some_and(is_digit)).count();
    u32::try_from(row % 10).ok()
}

/// Whether a text holds letters or numbers that are read from right to left: they move what stands beside them.
pub fn holds_right_to_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() && !hides(c)
}

/// The word that `text` begins with; a dot and its like belong to it where letters follow.
fn word(text: &str) -> &str {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let joins = matches!(c, '.' | '@' | '_' | '-') && next.is_some_and(in_word);
        // A hyphen joins only what is one name: `xn--pypal-4ve.com`, and not `SMS-сообщение`.
        let hyphen = c == '-' && next == Some('-');
        let joins = (joins && (c != '-' || next.is_some_and(|n| n.is_ascii()))) || hyphen;
        if !(in_word(c) || joins) {
            break;
        }
        end = at + c.len_utf8();
    }
    text.get(..end).unwrap_or(text)
}

/// The run of one character that `text` begins with.
fn run(text: &str, first: char) -> &str {
    let end = text.find(|c| c != first).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// Whether a reader would not see this character as a mark or a plain space.
fn hides(c: char) -> bool {
    if (' '..='~').contains(&c) {
        return false;
    }
    match c.general_category() {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::PrivateUse
        | GeneralCategory::Unassigned
        | GeneralCategory::Surrogate
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        // What encloses or strikes through a digit changes what is read, and says nothing that is written.
        | GeneralCategory::EnclosingMark => true,
        GeneralCategory::SpaceSeparator => c != ' ',
        _ => is_filler(c) || strikes_through(c),
    }
}

/// Whether it is drawn onto the character before it. One has its place; the same one again and again paints over
/// the lines around it.
fn is_mark(c: char) -> bool {
    c.general_category() == GeneralCategory::NonspacingMark
}

/// Marks that are drawn across the character before them.
fn strikes_through(c: char) -> bool {
    matches!(c, '\u{334}'..='\u{338}' | '\u{20d2}'..='\u{20d3}' | '\u{20d8}'..='\u{20da}' | '\u{20e5}'..='\u{20e6}' | '\u{20ea}'..='\u{20eb}')
}

/// Characters of other categories that Unicode lists as default-ignorable (`DerivedCoreProperties.txt`),
/// and the blank braille cell.
fn is_filler(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests;
