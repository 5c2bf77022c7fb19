//! Texts that run something where they end up: a command that fetches and runs what stands elsewhere, an address that
//! carries a program itself. Known by their shape; a text that is read by people may speak of a command, and warns
//! only where it holds a whole one.

mod address;
mod programs;
mod reach;
mod ruins;
mod segment;
mod within;

use serde_json::Value;

use super::Warning;
use super::names::{is_file, is_prose, is_query, is_run};
use super::node::Node;
use address::carries;
use programs::{DELETE, FETCH, HARM, INTERPRETERS, PRINT, SHELLS, TELL, UNPACK};
use segment::{Lead, Segment, is_flag, segments};

/// How many are told one by one.
const TOLD: usize = 3;

/// What a text does where it ends up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// `curl … | sh`.
    Fetches,
    /// `base64 -d | sh`, `powershell -enc`.
    Unpacks,
    /// `nc -e /bin/sh`, `bash -i >& /dev/tcp/…`.
    Connects,
    /// `curl -F f=@/etc/passwd`, `cat … | nc`.
    Sends,
    /// `rm -rf`.
    Deletes,
    /// `git push --force`.
    Overwrites,
    /// `~/.aws/credentials`.
    ReadsSecrets,
    /// `… | sh`, `sh -c`, `eval`.
    Starts,
    /// The same where a container is told how to start.
    StartsContainer,
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
    /// Whether it warns; how a container starts has to stand somewhere.
    pub(super) const fn warns(self) -> bool {
        match self {
            Self::Fetches
            | Self::Unpacks
            | Self::Connects
            | Self::Sends
            | Self::Deletes
            | Self::Overwrites
            | Self::ReadsSecrets
            | Self::Starts
            | Self::Inserts
            | Self::Carries
            | Self::Opens
            | Self::Further => true,
            Self::StartsContainer => false,
        }
    }

    /// What stands after its name.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Fetches => " runs a command that fetches and runs what stands elsewhere.",
            Self::Unpacks => " runs a command that is packed so that nobody can read it here.",
            Self::Connects => " runs a command that hands this machine over to another one.",
            Self::Sends => {
                " runs a command that sends a file, or what is read here, to another machine."
            }
            Self::Deletes => " runs a command that deletes without asking.",
            Self::Overwrites => {
                " runs a command that overwrites the work of others, and its history."
            }
            Self::ReadsSecrets => " names a file in which keys or passwords are kept.",
            Self::Starts => " starts a program with a command of its own.",
            Self::StartsContainer => {
                " is how a container starts: a program with a command of its own."
            }
            Self::Inserts => " holds a command that a shell would run.",
            Self::Carries => " holds an address that carries a program itself.",
            Self::Opens => " is the address of a file on the machine that opens it.",
            Self::Further => " does something like it; look at the rest as well.",
        }
    }
}

/// What texts do, one by one; how containers start is told once.
pub(super) fn commands(nodes: &[Node<'_>]) -> Vec<Warning> {
    let mut found: Vec<(&str, Does)> = Vec::new();
    for node in nodes {
        let is_told = |(path, _): &(&str, Does)| {
            node.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
        };
        if found.iter().any(is_told) {
            continue;
        }
        let what = does(node.name, node.value).map(|what| match what {
            Does::Starts if is_of_container(node) => Does::StartsContainer,
            other => other,
        });
        found.extend(what.map(|what| (node.path.as_str(), what)));
    }
    let (told, calm): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, what)| what.warns());
    let further = told.get(TOLD).map(|(path, _)| (*path, Does::Further));
    let all = told.iter().take(TOLD).copied().chain(further).chain(calm.first().copied());
    all.map(|(path, what)| Warning::Does { path: path.to_owned(), what }).collect()
}

/// Whether it stands where a container is told how to start: beside its image, within a list of containers.
fn is_of_container(node: &Node<'_>) -> bool {
    let is_list = |step: &str| matches!(step, "containers" | "initContainers");
    matches!(node.name, "command" | "args" | "entrypoint")
        && node.beside.get("image").is_some_and(Value::is_string)
        && (node.path.split('.').any(is_list) || node.beside.contains_key("name"))
}

/// What a value does; a list of words is one command.
fn does(name: &str, value: &Value) -> Option<Does> {
    match value {
        Value::String(text) => {
            let secrets = || ruins::names_secrets(name, text).then_some(Does::ReadsSecrets);
            carries(name, text).or_else(|| runs(name, text)).or_else(secrets)
        }
        Value::Array(items) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            let words = words.filter(|words| words.len() > 1 && words.len() < 100)?;
            whole(&segments(&words.join(" ")), is_prose(name))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn runs(name: &str, text: &str) -> Option<Does> {
    // Nearly every text is one word.
    if !text.contains(|c: char| c.is_whitespace() || matches!(c, '|' | ';' | '&' | '`' | '(')) {
        return None;
    }
    let is_read = is_prose(name) || is_query(name);
    let mut all = segments(text);
    if is_read && !is_file(name) {
        // What stands there as code is spoken of.
        let is_fenced = text.contains("```");
        all.retain(|one| !(is_fenced || one.lead == Lead::Within) || !could_delete(one));
    }
    whole(&all, is_read)
        .or_else(|| held(name, text, is_read))
        .or_else(|| inserts(&all).filter(|_| !is_read && !is_run(name)))
}

/// What commands do that a file holds for something to run. How that starts them says nothing.
fn held(name: &str, text: &str, is_read: bool) -> Option<Does> {
    let calm = |does: &Does| *does != Does::Starts;
    let does = |command: &String| whole(&segments(command), is_read).filter(calm);
    let is_said = is_read && !is_file(name);
    within::commands(text).iter().find_map(does).filter(|does| !is_said || *does != Does::Deletes)
}

/// What whole commands do, the worst first.
fn whole(all: &[Segment<'_>], is_read: bool) -> Option<Does> {
    reach::connects(all)
        .or_else(|| fetches(all, is_read))
        .or_else(|| reach::sends(all).filter(|_| !is_read))
        .or_else(|| deletes(all))
        .or_else(|| ruins::forces(all).filter(|_| !is_read))
        .or_else(|| starts(all))
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
    let is_shell = |segment: &Segment<'_>| {
        let is_bare = || segment.arguments().iter().all(|word| word.starts_with('-'));
        is_one_of(segment, &[SHELLS]) || (is_one_of(segment, &[INTERPRETERS]) && is_bare())
    };
    let fetched = all.iter().position(is_fetching);
    if let Some(at) = fetched {
        let is_fetched = |next: &Segment<'_>| reach::runs_fetched(all.get(at), next);
        let after = all
            .iter()
            .skip(at + 1)
            .any(|next| is_shell(next) || next.is_local() || is_fetched(next));
        let around = all.get(at).is_some_and(|segment| segment.lead == Lead::Within);
        let by = |before: &Segment<'_>| {
            is_shell(before) || is_one_of(before, &[&["eval", "source", "."]])
        };
        if after || (around && all.iter().take(at).any(by)) {
            return Some(Does::Fetches);
        }
    }
    all.windows(2).find_map(|pair| {
        let [before, next] = pair else { return None };
        if next.lead != Lead::Pipe || !is_shell(next) {
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
        let flag = |letter: char| move |word: &str| is_flag(word, letter);
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
    let deletes = |segment: &Segment<'_>| {
        (could_delete(segment) && is_deleting(segment)) || ruins::destroys(segment)
    };
    all.iter().any(deletes).then_some(Does::Deletes)
}

fn could_delete(segment: &Segment<'_>) -> bool {
    is_one_of(segment, &[DELETE]) || segment.program().is_some_and(|p| p.starts_with("mkfs."))
}

fn is_deleting(segment: &Segment<'_>) -> bool {
    let arguments = segment.arguments();
    let has = |known: &str| arguments.iter().any(|word| word == known);
    let flag = |letter: char, long: &str| {
        let is_short = |word: &String| {
            word.starts_with('-') && !word.starts_with("--") && word.contains(letter)
        };
        has(long) || arguments.iter().any(is_short)
    };
    match segment.program() {
        Some("rm") => flag('r', "--recursive") && flag('f', "--force"),
        Some("dd") => arguments.iter().any(|word| word.starts_with("of=/dev/")),
        Some("find") => has("-delete"),
        Some("del" | "erase" | "rd" | "rmdir") => has("/s"),
        Some("remove-item") => has("-recurse") && has("-force"),
        Some(_) => !arguments.is_empty(),
        None => false,
    }
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

#[cfg(test)]
mod tests;
