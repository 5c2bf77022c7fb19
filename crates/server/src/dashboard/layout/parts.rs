//! The parts that pages are made of: text of others, times, icons. Each is a template of its own, which
//! escapes; that is why their output may stand in a page as it is.

use askama::Template;
use askama::filters::HtmlSafe;
use countersign_domain::display::{self, Opens, Piece};
use jiff::Timestamp;

/// How many characters of a long text are shown before the rest is folded.
const SHOWN: usize = 700;

/// A text that others wrote, with everything marked that is not what it seems.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/text.html")]
pub(crate) struct Text {
    head: Vec<Bit>,
    rest: Vec<Bit>,
    folded: String,
    /// How it is set apart from our own words; not at all where its place does that already.
    frame: Option<&'static str>,
    /// Whether letters in it are read from right to left, so that what stands beside them moves.
    right_to_left: bool,
    /// The script of a name that looks as if it were Latin.
    script: Option<&'static str>,
}

/// A part of such a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bit {
    Plain(String),
    Strong(String),
    Break,
    Mark { kind: &'static str, shown: String, meaning: String },
}

impl HtmlSafe for Text {}

impl Text {
    /// A text in one line.
    pub(crate) fn line(text: &str) -> Self {
        Self::of(bits(text, false), text)
    }

    /// A text of several lines.
    pub(crate) fn lines(text: &str) -> Self {
        Self::of(bits(text, true), text)
    }

    /// A text of an agent in one line: framed, so that it is never taken for words of ours.
    pub(crate) fn said(text: &str) -> Self {
        Self::line(text).framed("said")
    }

    /// The same of several lines.
    pub(crate) fn said_lines(text: &str) -> Self {
        Self::lines(text).framed("said lines")
    }

    /// Values as indented JSON, framed. The indentation is ours, and is no blank to be marked.
    pub(crate) fn json(text: &str) -> Self {
        let line = |line: &str| {
            let inner = line.trim_start_matches(' ');
            let (indent, inner) = line.split_at(line.len() - inner.len());
            let indent = (!indent.is_empty()).then(|| Bit::Plain(indent.to_owned()));
            indent.into_iter().chain(bits(inner, false)).collect::<Vec<_>>()
        };
        let mut all = Vec::new();
        for (place, one) in text.split('\n').enumerate() {
            if place > 0 {
                all.push(Bit::Break);
            }
            all.extend(line(one));
        }
        Self::of(all, text).framed("said lines")
    }

    /// A name that an agent gave to a value.
    pub(crate) fn key(text: &str) -> Self {
        Self { script: display::foreign_script(text), ..Self::said(text) }
    }

    /// The same text in a frame.
    pub(crate) fn framed(self, frame: &'static str) -> Self {
        Self { frame: Some(frame), ..self }
    }

    fn of(bits: Vec<Bit>, text: &str) -> Self {
        let (head, rest) = fold(bits);
        let length: usize = rest.iter().map(Bit::length).sum();
        let right_to_left = display::holds_right_to_left(text);
        Self { head, rest, folded: grouped(length), frame: None, right_to_left, script: None }
    }
}

impl Bit {
    fn length(&self) -> usize {
        match self {
            Self::Plain(text) | Self::Strong(text) => text.chars().count(),
            Self::Break => 1,
            Self::Mark { shown, .. } => shown.chars().count(),
        }
    }
}

fn bits(text: &str, breaks: bool) -> Vec<Bit> {
    display::pieces(text).iter().flat_map(|piece| bits_of(piece, breaks)).collect()
}

/// What is shown of one piece. Addresses are text, not links to press by accident, and the host that a browser
/// would open stands out.
fn bits_of(piece: &Piece, breaks: bool) -> Vec<Bit> {
    match piece {
        Piece::Userinfo(user) => {
            let shown = user.iter().map(ToString::to_string).collect();
            let meaning = "not the host: only a name that is sent there".to_owned();
            vec![Bit::Mark { kind: "userinfo", shown, meaning }]
        }
        Piece::Host(host, opens) => host_bits(host, opens),
        other => vec![bit(other, breaks)],
    }
}

fn host_bits(host: &[Piece], opens: &Opens) -> Vec<Bit> {
    let mark = |kind, words: &str, meaning: &str| {
        let written: String = host.iter().map(ToString::to_string).collect();
        Bit::Mark { kind, shown: written + words, meaning: meaning.to_owned() }
    };
    match opens {
        Opens::Itself => host
            .iter()
            .map(|piece| match bit(piece, false) {
                Bit::Plain(text) => Bit::Strong(text),
                marked => marked,
            })
            .collect(),
        Opens::Other(other) => {
            let meaning = "a browser takes what is written here for another host";
            vec![mark("host", " opens ", meaning), Bit::Strong(other.clone())]
        }
        Opens::Nothing => vec![mark("host", " (no host)", "no browser opens this")],
        Opens::Elsewhere => {
            let meaning = "only the words of a link: where it leads stands beside them";
            vec![mark("host", " (only words)", meaning)]
        }
    }
}

fn bit(piece: &Piece, breaks: bool) -> Bit {
    let mark = |kind, meaning: String| Bit::Mark { kind, shown: piece.to_string(), meaning };
    match piece {
        Piece::Plain(text) => Bit::Plain(text.clone()),
        Piece::Hidden('\n') if breaks => Bit::Break,
        Piece::Hidden('\n') => {
            Bit::Mark { kind: "break", shown: "↵".into(), meaning: "a line break".into() }
        }
        Piece::Hidden(_) => mark("hidden", "a character that nobody would see".into()),
        Piece::Joiner(_) => mark(
            "hidden",
            "a character that joins or parts what stands beside it, as is usual".into(),
        ),
        Piece::LookAlike(c) if c.is_alphanumeric() => {
            mark("look-alike", format!("{c}: a letter of another script, taken for a Latin one"))
        }
        Piece::LookAlike(c) => {
            mark("look-alike", format!("{c}: a sign that is taken for a mark of an address"))
        }
        Piece::Padding(c, count) => {
            let what = if *c == ' ' { "spaces" } else { "times the same break or blank" };
            Bit::Mark {
                kind: "padding",
                shown: format!("{} {what}", grouped(*count)),
                meaning: piece.to_string(),
            }
        }
        Piece::Blanks(count) => Bit::Mark {
            kind: "blank",
            shown: "␣".repeat(*count),
            meaning: if *count == 1 {
                "a space at an end".into()
            } else {
                format!("{count} spaces")
            },
        },
        Piece::Digit(c, number) => {
            mark("digit", format!("{c}: the digit {number} in another script"))
        }
        Piece::Punycode { meaning, .. } => {
            mark("punycode", format!("a browser would show this as {meaning}"))
        }
        Piece::Userinfo(_) | Piece::Host(..) => Bit::Plain(piece.to_string()),
    }
}

/// What is shown at once, and the rest. Nothing is cut off.
fn fold(bits: Vec<Bit>) -> (Vec<Bit>, Vec<Bit>) {
    let total: usize = bits.iter().map(Bit::length).sum();
    if total <= SHOWN + SHOWN / 2 {
        return (bits, Vec::new());
    }
    let (mut head, mut rest, mut left) = (Vec::new(), Vec::new(), SHOWN);
    for bit in bits {
        let length = bit.length();
        match bit {
            Bit::Plain(text) if left > 0 && length > left => {
                head.push(Bit::Plain(text.chars().take(left).collect()));
                rest.push(Bit::Plain(text.chars().skip(left).collect()));
            }
            other if left > 0 => head.push(other),
            other => rest.push(other),
        }
        left = left.saturating_sub(length);
    }
    (head, rest)
}

/// A number as it stands in JSON, written out and with its thousands apart.
pub(crate) fn number(value: &impl ToString) -> String {
    display::number(&value.to_string())
}

/// A count with its thousands apart.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A point in time: in UTC, and labelled so; a script says how long ago that is, or the time in the viewer's own zone.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/moment.html")]
pub(crate) struct Moment {
    exact: String,
    shown: String,
    way: &'static str,
}

impl HtmlSafe for Moment {}

impl Moment {
    /// A time that is told.
    pub(crate) fn at(time: Timestamp) -> Self {
        Self { exact: time.to_string(), shown: utc(time), way: "when" }
    }

    /// The same, whole: as the clock of the viewer shows it.
    pub(crate) fn whole(&self) -> Self {
        Self { way: "whole", ..self.clone() }
    }

    /// A time that runs out.
    pub(crate) fn until(time: Timestamp) -> Self {
        Self { way: "until", ..Self::at(time) }
    }
}

fn utc(time: Timestamp) -> String {
    time.strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// One of our icons; never the only bearer of a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "parts/icon.html")]
pub(crate) struct Icon(pub(crate) &'static str);

impl HtmlSafe for Icon {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_escaped_and_marked() {
        let shown = |text| Text::line(text).render().unwrap();
        assert_eq!(shown("a <b> & \"c\""), "a &#60;b&#62; &#38; &#34;c&#34;");
        insta::assert_snapshot!(shown("p\u{430}y\u{202e}"), @r#"p<mark class="mark look-alike" title="а: a letter of another script, taken for a Latin one">\u{430}</mark>y<mark class="mark hidden" title="a character that nobody would see">\u{202e}</mark>"#);
        insta::assert_snapshot!(Text::line("https://good.example@evil.example/x").render().unwrap(), @r#"https://<mark class="mark userinfo" title="not the host: only a name that is sent there">good.example@</mark><strong>evil.example</strong>/x"#);
        insta::assert_snapshot!(Text::line("https://evil.example\\@good.example/x").render().unwrap(), @r"https://<strong>evil.example</strong>\@good.example/x");
    }

    #[test]
    fn the_host_that_a_browser_opens_stands_out_wherever_the_address_stands() {
        let shown = |text: &str| Text::line(text).render().unwrap();
        insta::assert_snapshot!(shown("see [https://bank.com](https://evil.example/x)"), @r#"see [https://<mark class="mark host" title="only the words of a link: where it leads stands beside them">bank.com (only words)</mark>](https://<strong>evil.example</strong>/x)"#);
        insta::assert_snapshot!(shown("https://bank.com\u{ff0e}evil.example/x"), @r#"https://<mark class="mark host" title="a browser takes what is written here for another host">bank.com\u{ff0e}evil.example opens </mark><strong>bank.com.evil.example</strong>/x"#);
        insta::assert_snapshot!(shown("pay https://bank.com%2fx.evil.example now"), @r#"pay https://<mark class="mark host" title="no browser opens this">bank.com%2fx.evil.example (no host)</mark> now"#);
    }

    #[test]
    fn what_an_agent_says_is_framed_and_what_moves_or_is_overseen_is_marked() {
        let shown = |text: &str| Text::said(text).render().unwrap();
        insta::assert_snapshot!(shown("to  x "), @r#"<q class="said" dir="ltr">to<mark class="mark blank" title="2 spaces">␣␣</mark>x<mark class="mark blank" title="a space at an end">␣</mark></q>"#);
        insta::assert_snapshot!(shown("שלום 45"), @r#"<q class="said" dir="ltr">שלום 45<mark class="mark rtl" title="letters that are read from right to left can move what stands beside them">holds right-to-left text</mark></q>"#);
        insta::assert_snapshot!(Text::key("сору").render().unwrap(), @r#"<q class="said" dir="ltr"><mark class="mark look-alike" title="с: a letter of another script, taken for a Latin one">\u{441}</mark><mark class="mark look-alike" title="о: a letter of another script, taken for a Latin one">\u{43e}</mark><mark class="mark look-alike" title="р: a letter of another script, taken for a Latin one">\u{440}</mark><mark class="mark look-alike" title="у: a letter of another script, taken for a Latin one">\u{443}</mark><mark class="mark look-alike" title="its letters look like Latin ones and are none">in Cyrillic letters</mark></q>"#);
    }

    #[test]
    fn the_indentation_of_json_is_ours_and_blanks_within_it_are_marked() {
        let shown = Text::json("{\n  \"a\": \"b  \"\n}").render().unwrap();
        insta::assert_snapshot!(shown, @r#"<q class="said lines" dir="ltr">{<br>  &#34;a&#34;: &#34;b<mark class="mark blank" title="2 spaces">␣␣</mark>&#34;<br>}</q>"#);
    }

    #[test]
    fn long_text_is_folded_whole() {
        let text = "x".repeat(1600) + "THE END";
        let shown = Text::line(&text).render().unwrap();
        assert!(shown.contains("show the other 907 characters"), "{shown}");
        assert!(shown.contains("THE END"), "{shown}");
        assert_eq!(shown.matches('x').count(), 1600);
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([7, 1_000, 1_234_567].map(grouped), ["7", "1,000", "1,234,567"]);
    }
}
