//! What is wrong with a file, where, and what was probably meant.

use super::SourceFile;
use crate::display;

/// Where something stands in a file; both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Whether a set with this problem can be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but it is probably not what was meant.
    Warning,
}

impl Severity {
    /// The public name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The file, as it was named; for a document that is in force already, its kind and name.
    pub file: String,
    /// Where in the file; `None` for a document that is in force already.
    pub place: Option<Place>,
    /// Where in the document, as `rules[0].when`.
    pub path: String,
    /// What is wrong, in one line.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl Problem {
    /// That no file holds anything, which nobody means who looks for mistakes in them.
    pub(crate) fn nothing_in(files: &[SourceFile]) -> Self {
        let file = files.first().map_or("", |file| &file.name);
        Fault::new("there is no document here").in_file(file)
    }

    /// The order of reading: by file, then by place.
    pub(crate) fn order(&self) -> (&str, Option<Place>, Severity) {
        (&self.file, self.place, self.severity)
    }
}

/// Something wrong in one document, before it is known in which file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) place: Option<Place>,
    /// From the innermost to the outermost step while it is on its way up.
    pub(super) steps: Vec<Step>,
    pub(super) message: String,
    pub(super) suggestion: Option<String>,
    /// The field that is missing, if that is what is wrong.
    pub(super) missing: Option<&'static str>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a sequence.
    Index(usize),
}

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            place: None,
            steps: Vec::new(),
            message: display::sanitise(&message.into()),
            suggestion: None,
            missing: None,
        }
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }

    pub(super) fn suggesting(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion.map(|text| display::sanitise(&text));
        self
    }

    pub(super) fn under(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The path as people read it.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.push_str(&format!(".{key}")),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        display::sanitise(&path)
    }

    pub(super) fn in_file(self, file: &str) -> Problem {
        Problem {
            severity: Severity::Error,
            file: file.to_owned(),
            path: self.path(),
            place: self.place,
            message: self.message,
            suggestion: self.suggestion,
        }
    }
}

/// The known word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.chars().take(100).collect::<String>().to_lowercase();
    let scored = known.into_iter().map(|name| {
        let score = strsim::jaro_winkler(&word, &name.to_lowercase());
        (name, score)
    });
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 > 0.8).then_some(best.0)
}
