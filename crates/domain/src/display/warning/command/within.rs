//! Commands within a file that something runs later: a line of a crontab, of a unit, of a Dockerfile or of a workflow, and
//! a script that a package names. What stands before the command is left out; the rest is read as if it stood alone.

use super::super::within;

/// How many lines are read.
const LINES: usize = 2_000;
/// How many fields say when a line of a crontab runs.
const FIELDS: usize = 5;
/// What begins a line that is run, in letters as they are.
const STARTS: &[&str] =
    &["RUN ", "CMD ", "ENTRYPOINT ", "run:", "script:", "command:", "entrypoint:"];

/// The commands that a text holds so.
pub(super) fn commands(text: &str) -> Vec<String> {
    if let Some(object) = within::object(text) {
        let all = super::super::node::nodes(&object);
        let texts = all.iter().filter_map(|node| node.value.as_str());
        return texts.map(str::to_owned).collect();
    }
    let lines = text.lines().take(LINES);
    lines.flat_map(|line| commands_of(line.trim())).map(str::to_owned).collect()
}

fn commands_of(line: &str) -> Vec<&str> {
    // A line that is added, and one of a list.
    let line = line.trim_start_matches(['+', '-', ' ', '\t']);
    let started = STARTS.iter().find_map(|start| line.strip_prefix(start));
    let found = started.or_else(|| of_unit(line)).or_else(|| of_script(line));
    found.map_or_else(|| of_crontab(line), |command| vec![command])
}

/// `ExecStart=-/bin/sh …`.
fn of_unit(line: &str) -> Option<&str> {
    let (name, command) = line.split_once('=')?;
    let is_exec = name
        .strip_prefix("Exec")
        .is_some_and(|when| !when.is_empty() && when.bytes().all(|b| b.is_ascii_alphabetic()));
    is_exec.then(|| command.trim_start_matches(['-', '+', '!', '@', ':']))
}

/// `"postinstall": "…"`.
fn of_script(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('"')?;
    let (name, rest) = rest.split_once('"')?;
    let command = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    (!name.is_empty()).then_some(command)
}

/// What stands behind the time of a line of a crontab, with and without the word that may say as whom it runs.
fn of_crontab(line: &str) -> Vec<&str> {
    let count = if line.starts_with('@') { 1 } else { FIELDS };
    let mut rest = line;
    for _ in 0..count {
        let (field, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let is_short = field.len() > 1 && field.starts_with('@');
        if !(is_short || (count == FIELDS && is_field(field))) {
            return Vec::new();
        }
        rest = after.trim_start();
    }
    let as_user = rest.split_once(char::is_whitespace).map(|(_, command)| command);
    std::iter::once(rest).chain(as_user).filter(|command| !command.is_empty()).collect()
}

fn is_field(field: &str) -> bool {
    let has_one = field.bytes().any(|b| b.is_ascii_digit() || b == b'*');
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'*' | b'/' | b',' | b'-');
    let is_name = field.len() == 3 || field.contains([',', '-']);
    field.bytes().all(is_part) && (has_one || (is_name && !field.is_empty()))
}
