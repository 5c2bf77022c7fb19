//! Sentences of ours that hold texts of others.

use askama::Template;
use askama::filters::HtmlSafe;
use countersign_domain::display::{self, Headline, Part};

use super::parts::Text;

/// A line in which words of ours and texts of others stand together, the latter framed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/phrase.html")]
pub(crate) struct Phrase {
    parts: Vec<Portion>,
}

/// A part of such a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Portion {
    Ours(String),
    Said(Text, String),
    Code(String),
}

impl HtmlSafe for Phrase {}

impl Phrase {
    /// Begins with words of ours.
    pub(crate) fn ours(text: impl Into<String>) -> Self {
        Self::default().and(text)
    }

    /// Begins with a text of an agent.
    pub(crate) fn said(text: &str) -> Self {
        Self::default().and_said(text)
    }

    /// What would happen.
    pub(crate) fn headline(headline: &Headline) -> Self {
        Self::of_parts(&headline.parts())
    }

    /// A line that the rules made.
    pub(crate) fn of_parts(parts: &[Part<'_>]) -> Self {
        parts.iter().fold(Self::default(), |line, part| match part {
            Part::Ours(text) => line.and(*text),
            Part::Number(text) => line.and(display::number(text)),
            Part::Said(text) => line.and_said(text),
        })
    }

    /// A sentence of the gateway in which names and values stand between backticks; they are framed.
    pub(crate) fn ticked(text: &str) -> Self {
        text.split('`').enumerate().fold(Self::default(), |line, (place, part)| {
            if place % 2 == 1 { line.and_said(part) } else { line.and(display::sanitise(part)) }
        })
    }

    /// A sentence for whoever is to type or to mend something: what stands between backticks is set as code.
    pub(crate) fn coded(text: &str) -> Self {
        text.split('`').enumerate().fold(Self::default(), |mut line, (place, part)| {
            let part = display::sanitise(part);
            if place % 2 == 0 {
                return line.and(part);
            }
            line.parts.push(Portion::Code(part));
            line
        })
    }

    /// Goes on with words of ours.
    pub(crate) fn and(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.parts.push(Portion::Ours(text));
        }
        self
    }

    /// Goes on with a text of an agent.
    pub(crate) fn and_said(mut self, text: &str) -> Self {
        self.parts.push(Portion::Said(Text::said(text), display::said(text)));
        self
    }

    /// Begins with a text of a person, which needs no frame.
    pub(crate) fn of_person(text: &str) -> Self {
        Self { parts: vec![Portion::Said(Text::line(text), display::said(text))] }
    }

    /// Whether it says nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Goes on with another line.
    pub(crate) fn and_all(mut self, more: Self) -> Self {
        self.parts.extend(more.parts);
        self
    }

    /// Several of them with something of ours between.
    pub(crate) fn joined(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        all.into_iter().enumerate().fold(Self::default(), |line, (place, one)| {
            line.and(if place > 0 { between } else { "" }).and_all(one)
        })
    }

    /// The same where nothing but text can stand: texts of others are in quotation marks.
    pub(crate) fn plain(&self) -> String {
        let part = |part: &Portion| match part {
            Portion::Ours(text) => text.clone(),
            Portion::Said(_, quoted) => quoted.clone(),
            Portion::Code(code) => format!("“{code}”"),
        };
        self.parts.iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_are_framed_on_a_page_and_quoted_in_plain_text() {
        let line = Phrase::ours("run ").and_said("a” b").and(" now");
        insta::assert_snapshot!(line.render().unwrap(), @r#"run <q class="said" dir="ltr">a” b</q> now"#);
        assert_eq!(line.plain(), "run “a\\u{201d} b” now");
        let line = Phrase::coded("send `a<b>` as `q`");
        insta::assert_snapshot!(line.render().unwrap(), @"send <code>a&#60;b&#62;</code> as <code>q</code>");
        assert_eq!(line.plain(), "send “a<b>” as “q”");
        let line = Phrase::ticked("`to` is `evil`, blocked");
        insta::assert_snapshot!(line.render().unwrap(), @r#"<q class="said" dir="ltr">to</q> is <q class="said" dir="ltr">evil</q>, blocked"#);
    }
}
