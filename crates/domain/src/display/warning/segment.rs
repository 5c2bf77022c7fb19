//! A text taken apart as a shell would take it: commands, and what stands between them. Quotation marks are left out,
//! because what stands within them is what a shell is handed next.

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

impl Segment<'_> {
    const fn of(lead: Lead) -> Self {
        Self { lead, words: Vec::new(), program: None }
    }

    fn named(&self) -> Option<String> {
        let word = self.words.get(self.at()?)?;
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_ascii_lowercase();
        Some(name.strip_suffix(".exe").unwrap_or(&name).to_owned())
    }

    /// The program that it runs, in lower case and without where it stands.
    pub(super) fn program(&self) -> Option<&str> {
        self.program.as_deref()
    }

    /// Whether the program stands in the directory of whoever runs it.
    pub(super) fn is_local(&self) -> bool {
        self.at().and_then(|at| self.words.get(at)).is_some_and(|word| word.starts_with("./"))
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
