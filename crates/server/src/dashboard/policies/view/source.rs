//! YAML as text, with the numbers of its lines, and what is wrong at the line that it is about.

use countersign_domain::policy::document::parse::{Problem, Severity};

use crate::dashboard::layout::{Text, sentence};

/// How many lines are shown around one that something is wrong with.
const AROUND: usize = 2;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: usize,
    /// What stands before the first place where something is wrong; all of it where nothing is.
    pub(crate) before: Text,
    /// What stands at that place.
    pub(crate) at: Option<Text>,
    /// What stands behind it.
    pub(crate) behind: Option<Text>,
    /// What is wrong.
    pub(crate) notes: Vec<Note>,
    /// Whether lines before it are left out.
    pub(crate) after_gap: bool,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// `bad` or `warn`.
    pub(crate) class: &'static str,
    /// `Error` or `Warning`.
    pub(crate) word: &'static str,
    /// Where.
    pub(crate) place: Option<(usize, usize)>,
    /// In which document, if it has no place in what was typed.
    pub(crate) file: String,
    /// What.
    pub(crate) message: String,
    /// What was probably meant.
    pub(crate) suggestion: Option<String>,
}

impl Note {
    /// What a page says of a problem.
    pub(crate) fn of(problem: &Problem) -> Self {
        let (class, word) = match problem.severity {
            Severity::Error => ("bad", "Error"),
            Severity::Warning => ("warn", "Warning"),
        };
        let clean = countersign_domain::display::sanitise;
        let path = if problem.path.is_empty() {
            String::new()
        } else {
            format!("{}: ", clean(&problem.path))
        };
        Self {
            class,
            word,
            place: problem.place.map(|place| (place.line, place.column)),
            file: clean(&problem.file),
            message: format!("{path}{}", sentence(&clean(&problem.message))),
            suggestion: problem.suggestion.as_deref().map(clean),
        }
    }
}

impl Line {
    /// Every line of a text.
    pub(crate) fn all(text: &str, notes: &[Note]) -> Vec<Self> {
        let line = |(at, line): (usize, &str)| Self::of((at + 1, line), notes);
        text.trim_end().lines().enumerate().map(line).collect()
    }

    /// The lines that something is wrong with, and some around them.
    pub(crate) fn wrong(text: &str, notes: &[Note]) -> Vec<Self> {
        let near = |number: usize| {
            notes.iter().any(|n| n.place.is_some_and(|(line, _)| line.abs_diff(number) <= AROUND))
        };
        let mut last = 0;
        let mut shown = Vec::new();
        for (at, text) in text.lines().enumerate().filter(|(at, _)| near(at + 1)) {
            let after_gap = at > last;
            last = at + 1;
            shown.push(Self { after_gap, ..Self::of((at + 1, text), notes) });
        }
        shown
    }

    fn of((number, text): (usize, &str), notes: &[Note]) -> Self {
        let of_line = |note: &&Note| note.place.is_some_and(|(line, _)| line == number);
        let notes: Vec<Note> = notes.iter().filter(of_line).cloned().collect();
        let column = notes.iter().filter_map(|note| note.place.map(|(_, column)| column)).min();
        let Some(column) = column else {
            let before = Text::line(text);
            return Self { number, before, at: None, behind: None, notes, after_gap: false };
        };
        let before: String = text.chars().take(column.saturating_sub(1)).collect();
        let rest: String = text.chars().skip(column.saturating_sub(1)).collect();
        let end = rest.find([' ', ':', ',', ']', '}']).filter(|end| *end > 0).unwrap_or(rest.len());
        let (at, behind) = rest.split_at_checked(end).unwrap_or((&rest, ""));
        Self {
            number,
            before: Text::line(&before),
            at: Some(Text::line(if at.is_empty() { " " } else { at })),
            behind: Some(Text::line(behind)),
            notes,
            after_gap: false,
        }
    }
}
