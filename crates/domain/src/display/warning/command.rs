//! Texts that run something where they end up: a command that fetches and runs what stands elsewhere, an address that
//! carries a program itself. Known by their shape; a text that is read by people may speak of a command, and warns
//! only where it holds a whole one.

use serde_json::Value;

use super::Warning;
use super::node::Node;
use super::segment::{Lead, Segment, segments};
use crate::display::{is_body, is_where_to};

/// How many are told one by one.
const TOLD: usize = 3;

const SHELLS: &[&str] = &[
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "fish",
    "ash",
    "cmd",
    "powershell",
    "pwsh",
    "iex",
    "invoke-expression",
];
const INTERPRETERS: &[&str] =
    &["python", "python2", "python3", "perl", "ruby", "node", "php", "lua", "osascript"];
const FETCH: &[&str] = &[
    "curl",
    "wget",
    "iwr",
    "irm",
    "invoke-webrequest",
    "invoke-restmethod",
    "nc",
    "ncat",
    "aria2c",
    "ftp",
    "tftp",
];
const UNPACK: &[&str] = &["base64", "base32", "openssl", "xxd", "uudecode", "rev"];
const PRINT: &[&str] =
    &["echo", "printf", "cat", "sed", "tr", "awk", "gunzip", "zcat", "head", "tail", "yes"];
const HARM: &[&str] = &[
    "rm", "chmod", "chown", "dd", "shutdown", "reboot", "kill", "pkill", "crontab", "eval", "ssh",
    "scp",
];
const TELL: &[&str] = &[
    "id", "whoami", "ls", "env", "printenv", "uname", "hostname", "ping", "nslookup", "dig",
    "sleep", "touch", "date", "pwd",
];

/// Words of names whose texts people read: they may speak of commands.
const READ: &[&str] = &[
    "title",
    "description",
    "comment",
    "note",
    "notes",
    "memo",
    "summary",
    "reason",
    "markdown",
    "readme",
    "changelog",
    "prompt",
    "question",
    "answer",
    "instructions",
    "query",
    "sql",
    "statement",
];
/// Words of names whose texts are commands, so that it says nothing that they hold some.
const RUN: &[&str] =
    &["command", "cmd", "script", "shell", "exec", "run", "args", "argv", "entrypoint", "code"];

/// What a text does where it ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// `curl … | sh`.
    Fetches,
    /// `base64 -d | sh`, `powershell -enc`.
    Unpacks,
    /// `rm -rf`.
    Deletes,
    /// `… | sh`, `sh -c`, `eval`.
    Starts,
    /// `$(…)` where no command is expected.
    Inserts,
    /// `javascript:`.
    Carries,
    /// `file:`.
    Opens,
    /// Further ones do something of that kind; this is the first of them.
    Further,
}

impl Does {
    /// What stands after its name.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Fetches => " runs a command that fetches and runs what stands elsewhere.",
            Self::Unpacks => " runs a command that is packed so that nobody can read it here.",
            Self::Deletes => " runs a command that deletes without asking.",
            Self::Starts => " starts a program with a command of its own.",
            Self::Inserts => " holds a command that a shell would run.",
            Self::Carries => " holds an address that carries a program itself.",
            Self::Opens => " is the address of a file on the machine that opens it.",
            Self::Further => " does something like it; look at the rest as well.",
        }
    }
}

/// What texts do, one by one.
pub(super) fn commands(nodes: &[Node<'_>]) -> Vec<Warning> {
    let mut found: Vec<(&str, Does)> = Vec::new();
    for node in nodes {
        let is_told = |(path, _): &(&str, Does)| {
            node.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
        };
        if found.iter().any(is_told) {
            continue;
        }
        found.extend(does(node.name, node.value).map(|what| (node.path.as_str(), what)));
    }
    let further = found.get(TOLD).map(|(path, _)| (*path, Does::Further));
    let told = found.iter().take(TOLD).copied().chain(further);
    told.map(|(path, what)| Warning::Does { path: path.to_owned(), what }).collect()
}

/// What a value does; a list of words is one command.
fn does(name: &str, value: &Value) -> Option<Does> {
    match value {
        Value::String(text) => carries(name, text).or_else(|| runs(name, text)),
        Value::Array(items) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            let words = words.filter(|words| words.len() > 1 && words.len() < 100)?;
            let words = words.join(" ");
            let all = segments(&words);
            fetches(&all, false).or_else(|| starts(&all)).or_else(|| deletes(&all))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn runs(name: &str, text: &str) -> Option<Does> {
    // Nearly every text is one word.
    if !text.contains(|c: char| c.is_whitespace() || matches!(c, '|' | ';' | '&' | '`' | '(')) {
        return None;
    }
    let (is_read, is_run) = (is_read(name), is_called(name, RUN));
    let all = segments(text);
    let whole = fetches(&all, is_read).or_else(|| starts(&all)).or_else(|| deletes(&all));
    whole.or_else(|| inserts(&all).filter(|_| !is_read && !is_run))
}

fn is_read(name: &str) -> bool {
    is_body(name) || is_called(name, READ)
}

fn is_called(name: &str, known: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(|c: char| !c.is_alphanumeric()).any(|word| known.contains(&word))
}

fn is_one_of(segment: &Segment<'_>, known: &[&[&str]]) -> bool {
    segment.program().is_some_and(|program| known.iter().any(|known| known.contains(&program)))
}

/// Whether a command fetches something, or is a shell that is told to.
fn is_fetching(segment: &Segment<'_>) -> bool {
    let told = || segment.arguments().iter().any(|word| FETCH.contains(&word.as_str()));
    is_one_of(segment, &[FETCH]) || (is_one_of(segment, &[SHELLS, &["eval"]]) && told())
}

/// Whether something is fetched or unpacked, and what comes of it is run.
fn fetches(all: &[Segment<'_>], is_read: bool) -> Option<Does> {
    let is_run = |segment: &Segment<'_>| {
        let is_bare = || segment.arguments().iter().all(|word| word.starts_with('-'));
        is_one_of(segment, &[SHELLS]) || (is_one_of(segment, &[INTERPRETERS]) && is_bare())
    };
    let fetched = all.iter().position(is_fetching);
    if let Some(at) = fetched {
        let after = all.iter().skip(at + 1).any(|next| is_run(next) || next.is_local());
        let around = all.get(at).is_some_and(|segment| segment.lead == Lead::Within);
        let by =
            |before: &Segment<'_>| is_run(before) || is_one_of(before, &[&["eval", "source", "."]]);
        if after || (around && all.iter().take(at).any(by)) {
            return Some(Does::Fetches);
        }
    }
    all.windows(2).find_map(|pair| {
        let [before, next] = pair else { return None };
        if next.lead != Lead::Pipe || !is_run(next) {
            return None;
        }
        match () {
            () if is_one_of(before, &[UNPACK]) => Some(Does::Unpacks),
            // A table has bars as well.
            () if !is_read || is_one_of(before, &[PRINT, TELL]) => Some(Does::Starts),
            () => None,
        }
    })
}

/// Whether a program is handed a command of its own.
fn starts(all: &[Segment<'_>]) -> Option<Does> {
    all.iter().find_map(|segment| {
        let is_known = |program: &&str| SHELLS.contains(program) || INTERPRETERS.contains(program);
        let program =
            segment.program().filter(|program| is_known(program) || *program == "eval")?;
        let arguments = segment.arguments();
        let any = |is: &dyn Fn(&str) -> bool| arguments.iter().any(|word| is(word));
        // `-lc` is `-l -c`.
        let flag = |letter: char| {
            move |word: &str| {
                word.starts_with('-')
                    && !word.starts_with("--")
                    && word.len() < 5
                    && word.ends_with(letter)
            }
        };
        let packed = ["-e", "-ec", "-enc", "-encodedcommand"];
        match program {
            "powershell" | "pwsh" if any(&|word| packed.contains(&word)) => Some(Does::Unpacks),
            "powershell" | "pwsh" => {
                any(&|word| ["-c", "-command"].contains(&word)).then_some(Does::Starts)
            }
            "cmd" => any(&|word| ["/c", "/k"].contains(&word)).then_some(Does::Starts),
            "python" | "python2" | "python3" => any(&flag('c')).then_some(Does::Starts),
            "perl" | "ruby" | "node" | "osascript" | "lua" => {
                any(&flag('e')).then_some(Does::Starts)
            }
            "php" => any(&flag('r')).then_some(Does::Starts),
            "eval" => {
                (segment.lead != Lead::Other && !arguments.is_empty()).then_some(Does::Starts)
            }
            other if SHELLS.contains(&other) => any(&flag('c')).then_some(Does::Starts),
            _ => None,
        }
    })
}

/// Whether something is deleted that nobody is asked about.
fn deletes(all: &[Segment<'_>]) -> Option<Does> {
    let is = |segment: &&Segment<'_>| {
        let arguments = segment.arguments();
        let flag = |letter: char, long: &str| {
            arguments.iter().any(|word| {
                word == long
                    || (word.starts_with('-') && !word.starts_with("--") && word.contains(letter))
            })
        };
        segment.program().is_some_and(|program| match program {
            "rm" => flag('r', "--recursive") && flag('f', "--force"),
            "dd" => arguments.iter().any(|word| word.starts_with("of=/dev/")),
            "mkfs" | "shred" | "wipefs" => !arguments.is_empty(),
            other => other.starts_with("mkfs."),
        })
    };
    let could = |segment: &&Segment<'_>| {
        let known = ["rm", "dd", "mkfs", "shred", "wipefs"];
        segment
            .program()
            .is_some_and(|program| known.contains(&program) || program.starts_with("mkfs."))
    };
    all.iter().filter(could).any(|segment| is(&segment)).then_some(Does::Deletes)
}

/// Whether a text that should be none holds a command.
fn inserts(all: &[Segment<'_>]) -> Option<Does> {
    let is = |segment: &Segment<'_>| match segment.lead {
        Lead::Within => {
            is_one_of(segment, &[SHELLS, INTERPRETERS, FETCH, UNPACK, PRINT, HARM, TELL])
        }
        Lead::Then | Lead::Pipe => is_one_of(segment, &[SHELLS, FETCH, HARM]),
        Lead::Start | Lead::Other => false,
    };
    all.iter().any(is).then_some(Does::Inserts)
}

/// Whether a text is an address that carries what it opens, or holds one. What a browser leaves out of an address is
/// left out here.
fn carries(name: &str, text: &str) -> Option<Does> {
    let start: String =
        text.chars().filter(|c| !c.is_control()).skip_while(|c| *c == ' ').take(40).collect();
    let start = start.to_ascii_lowercase();
    let is_script = |text: &str, strictly: bool| {
        let rest = text.strip_prefix("javascript:").or_else(|| text.strip_prefix("vbscript:"));
        rest.is_some_and(|rest| {
            !strictly || !(rest.is_empty() || rest.starts_with([' ', '"', '\'', '`']))
        })
    };
    match () {
        () if is_script(&start, !is_where_to(name)) || is_program(&start) => Some(Does::Carries),
        () if start.starts_with("file:/") => Some(Does::Opens),
        () => {
            let text = text.to_ascii_lowercase();
            let begins = text.match_indices("script:").map(|(at, _)| at.saturating_sub(4));
            let begins = begins.chain(text.match_indices("vbscript:").map(|(at, _)| at));
            let begins = begins.chain(text.match_indices("data:").map(|(at, _)| at));
            let is_apart = |at: usize| {
                let before = text.get(..at).and_then(|before| before.chars().next_back());
                before.is_some_and(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            };
            let is = |at: usize| {
                text.get(at..).is_some_and(|rest| is_script(rest, true) || is_program(rest))
            };
            begins.into_iter().any(|at| is_apart(at) && is(at)).then_some(Does::Carries)
        }
    }
}

/// Whether this begins with a `data:` address that runs where it is opened; a picture does not.
fn is_program(text: &str) -> bool {
    let kinds = [
        "text/html",
        "text/javascript",
        "text/xml",
        "image/svg",
        "application/javascript",
        "application/x-javascript",
        "application/xhtml",
        "application/xml",
        "application/hta",
    ];
    text.strip_prefix("data:").is_some_and(|kind| kinds.iter().any(|known| kind.starts_with(known)))
}

#[cfg(test)]
mod tests;
