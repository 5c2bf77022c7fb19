//! What a name says about the text that stands under it: whether people read it, a database or a shell.

use crate::display::is_body;

/// Words of names whose texts people read: they may speak of commands.
const PROSE: &[&str] = &[
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
];
/// Words of names whose texts are whole files.
const FILE: &[&str] = &["content", "contents", "file", "data", "document", "payload", "attachment"];
/// Words of names whose texts a database reads.
const QUERY: &[&str] = &["query", "sql", "statement"];
/// Words of names whose texts are commands, so that it says nothing that they hold some.
const RUN: &[&str] =
    &["command", "cmd", "script", "shell", "exec", "run", "args", "argv", "entrypoint", "code"];

/// Whether people read what is called so.
pub(super) fn is_prose(name: &str) -> bool {
    is_body(name) || is_called(name, PROSE)
}

/// Whether what is called so may be a file of any kind: people read some, and something runs others.
pub(super) fn is_file(name: &str) -> bool {
    is_called(name, FILE)
}

/// Whether a database reads it.
pub(super) fn is_query(name: &str) -> bool {
    is_called(name, QUERY)
}

/// Whether a shell reads it.
pub(super) fn is_run(name: &str) -> bool {
    is_called(name, RUN)
}

/// Whether one of these is a word of a name.
pub(super) fn is_called(name: &str, known: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(|c: char| !c.is_alphanumeric()).any(|word| known.contains(&word))
}
