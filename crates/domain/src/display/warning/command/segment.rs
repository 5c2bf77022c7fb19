//! A text taken apart as a shell would take it: commands, and what stands between them. Quotation marks are left out,
//! because what stands within them is what a shell is handed next.

use super::programs::{DELETE, SHELLS, WRAP};

/// How a command begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// The text begins with it.
    Start,
    /// After `;`, `&&`, `||`, `&` or the end of a line.
    Then,
    /// After `|`: it is handed what the one before it prints.
    Pipe,
    /// Within `$(…)`, `<(…)` or backticks.
    Within,
    /// Within brackets, or after them.
    Other,
}

/// One command.
#[derive(Debug, Clone)]
pub(super) struct Segment<'a> {
    /// How it begins.
    pub(super) lead: Lead,
    /// Its words.
    words: Vec<&'a str>,
    /// What it runs: asked for again and again, and a text may hold very many.
    program: Option<String>,
}

/// Words before a program that only say how it runs.
const BEFORE: &[&str] = &["sudo", "env", "nohup", "exec", "command", "time", "doas", "then", "do"];

/// How often a command is handed on, at most.
const HANDED: usize = 6;

/// The commands of a text.
pub(super) fn segments(text: &str) -> Vec<Segment<'_>> {
    let mut all = vec![Segment::of(Lead::Start)];
    let mut rest = text;
    let mut ticked = false;
    while let Some(first) = rest.chars().next() {
        let (lead, length) = match lead(rest, ticked) {
            Some(found) => found,
            None if first.is_whitespace() || matches!(first, '"' | '\'' | '\\' | ',') => {
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
                continue;
            }
            None => {
                let word = word(rest);
                if let Some(last) = all.last_mut() {
                    last.words.push(word);
                }
                rest = rest.get(word.len()..).unwrap_or_default();
                continue;
            }
        };
        ticked ^= first == '`';
        all.push(Segment::of(lead));
        rest = rest.get(length..).unwrap_or_default();
    }
    for segment in &mut all {
        segment.program = segment.named();
    }
    all.into_iter().flat_map(with_handed).collect()
}

/// A command, and the one that its program is handed: `sh -c rm x`, `xargs rm x`.
fn with_handed(segment: Segment<'_>) -> Vec<Segment<'_>> {
    let mut all = vec![segment];
    while let Some(handed) = all.last().and_then(Segment::handed).filter(|_| all.len() < HANDED) {
        all.push(handed);
    }
    all
}

/// What begins here, where something does, and how long its sign is.
fn lead(rest: &str, ticked: bool) -> Option<(Lead, usize)> {
    let begins = |sign: &str| rest.starts_with(sign);
    match () {
        () if begins("$(") || begins("<(") || begins(">(") => Some((Lead::Within, 2)),
        () if begins("||") || begins("&&") => Some((Lead::Then, 2)),
        () if begins("|") => Some((Lead::Pipe, 1)),
        () if begins(";") || begins("&") || begins("\n") => Some((Lead::Then, 1)),
        () if begins("`") => Some((if ticked { Lead::Other } else { Lead::Within }, 1)),
        () if begins("(") || begins(")") => Some((Lead::Other, 1)),
        () => None,
    }
}

/// The word that a text begins with.
fn word(rest: &str) -> &str {
    let ends = |(at, c): (usize, char)| {
        let sign = matches!(c, '"' | '\'' | '|' | ';' | '&' | '`' | '(' | ')' | ',');
        let opens =
            matches!(c, '$' | '<' | '>') && rest.get(at + 1..).is_some_and(|r| r.starts_with('('));
        (at > 0 && (sign || opens)) || c.is_whitespace()
    };
    let end = rest.char_indices().find(|at| ends(*at)).map_or(rest.len(), |(at, _)| at);
    rest.get(..end.max(rest.chars().next().map_or(0, char::len_utf8))).unwrap_or(rest)
}

impl<'a> Segment<'a> {
    const fn of(lead: Lead) -> Self {
        Self { lead, words: Vec::new(), program: None }
    }

    /// The command that its program is handed, where it is one that runs what it is told.
    fn handed(&self) -> Option<Self> {
        let program = self.program()?;
        let from = self.at()? + 1;
        let words = self.words.get(from..)?;
        let starts = if matches!(program, "cmd" | "powershell" | "pwsh") {
            let flags = ["/c", "/k", "-c", "-command"];
            words.iter().position(|word| flags.contains(&word.to_ascii_lowercase().as_str()))? + 1
        } else if SHELLS.contains(&program) {
            words.iter().position(|word| is_flag(word, 'c'))? + 1
        } else if WRAP.contains(&program) {
            let is_known = |word: &&str| {
                let name = name(word);
                [DELETE, SHELLS, WRAP].iter().any(|known| known.contains(&name.as_str()))
            };
            words.iter().position(is_known)?
        } else {
            return None;
        };
        let words: Vec<&'a str> = words.get(starts..)?.to_vec();
        let mut handed = Self { words, ..Self::of(Lead::Other) };
        handed.program = handed.named();
        Some(handed)
    }

    fn named(&self) -> Option<String> {
        Some(name(self.words.get(self.at()?)?))
    }

    /// The program that it runs, in lower case and without where it stands.
    pub(super) fn program(&self) -> Option<&str> {
        self.program.as_deref()
    }

    /// Whether the program stands in the directory of whoever runs it.
    pub(super) fn is_local(&self) -> bool {
        self.at().and_then(|at| self.words.get(at)).is_some_and(|word| word.starts_with("./"))
    }

    /// The program as it is written.
    pub(super) fn written(&self) -> Option<&'a str> {
        self.words.get(self.at()?).copied()
    }

    /// All of its words, as they are written.
    pub(super) fn words(&self) -> &[&'a str] {
        &self.words
    }

    /// What the program is told, in lower case.
    pub(super) fn arguments(&self) -> Vec<String> {
        let from = self.at().map_or(self.words.len(), |at| at + 1);
        self.words.iter().skip(from).map(|word| word.to_ascii_lowercase()).collect()
    }

    fn at(&self) -> Option<usize> {
        self.words.iter().position(|word| !BEFORE.contains(word) && !word.contains('='))
    }
}

/// `-c`, and `-lc`, which is `-l -c`.
pub(super) fn is_flag(word: &str, letter: char) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.len() < 5 && word.ends_with(letter)
}

/// What a program is called, without where it stands.
fn name(word: &str) -> String {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_ascii_lowercase();
    name.strip_suffix(".exe").unwrap_or(&name).to_owned()
}
