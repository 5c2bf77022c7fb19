//! Commands that reach another machine: one that hands a shell over to it, one that sends files away, and one that
//! runs what was fetched from it.

use super::programs::{INTERPRETERS, PRINT, SHELLS};
use super::segment::{Lead, Segment};
use super::{Does, is_one_of};

/// Programs that only carry what they are given from one machine to another.
const WIRES: &[&str] = &["nc", "ncat", "netcat", "socat", "telnet"];
/// Programs that read files for others to send.
const READ: &[&str] = &["tar", "zip", "gzip", "mysqldump", "pg_dump", "base64", "openssl", "env"];
/// What is followed by a file that is sent, or begins such a word.
const DATA: &[&str] = &[
    "-d",
    "--data",
    "--data-binary",
    "--data-raw",
    "--data-ascii",
    "--data-urlencode",
    "--json",
    "-f",
    "--form",
];
/// What is followed by the name of a file alone.
const UPLOAD: &[&str] = &["-t", "--upload-file", "--post-file", "--body-file"];

/// How many words of a command are compared with what runs later.
const WORDS: usize = 60;

/// Whether a shell is handed to another machine.
pub(super) fn connects(all: &[Segment<'_>]) -> Option<Does> {
    let names_socket = |segment: &Segment<'_>| {
        segment.words().iter().any(|word| word.contains("/dev/tcp/") || word.contains("/dev/udp/"))
    };
    let is_shell = |segment: &Segment<'_>| is_one_of(segment, &[SHELLS]);
    let by_socket = all.iter().any(names_socket)
        && all.iter().any(|segment| is_shell(segment) || segment.words().first() == Some(&"exec"));
    let is_wire = |segment: &Segment<'_>| is_one_of(segment, &[WIRES]) && reaches(segment);
    let by_wire = all.iter().any(|segment| is_wire(segment) && hands_shell(segment));
    let is_pipe = |segment: &Segment<'_>| is_one_of(segment, &[&["mkfifo", "mknod"]]);
    let by_pipe = all.iter().any(is_pipe) && all.iter().any(is_wire) && all.iter().any(is_shell);
    (by_socket || by_wire || by_pipe).then_some(Does::Connects)
}

/// `nc -e /bin/sh`, `socat … exec:/bin/sh`.
fn hands_shell(segment: &Segment<'_>) -> bool {
    let arguments = segment.arguments();
    let is_shell = |word: &str| {
        let name = word.rsplit(['/', '\\', ':']).next().unwrap_or(word);
        SHELLS.contains(&name.trim_end_matches(".exe"))
    };
    let is_told = |pair: &[String]| match pair {
        [flag, program] => {
            let runs = flag.starts_with('-') && flag.ends_with(['e', 'c']);
            (runs || matches!(flag.as_str(), "--exec" | "--sh-exec")) && is_shell(program)
        }
        _ => false,
    };
    let is_inner = |word: &String| {
        let inner = word.strip_prefix("exec:").or_else(|| word.strip_prefix("system:"));
        inner.or_else(|| word.strip_prefix("--exec=")).is_some_and(is_shell)
    };
    arguments.windows(2).any(is_told) || arguments.iter().any(is_inner)
}

/// Whether a command names another machine, or waits for one.
fn reaches(segment: &Segment<'_>) -> bool {
    segment.arguments().iter().any(|word| !word.starts_with('-'))
}

/// Whether a file, or what a command prints, is sent to another machine.
pub(super) fn sends(all: &[Segment<'_>]) -> Option<Does> {
    let is_read = |segment: &Segment<'_>| is_one_of(segment, &[PRINT, READ]);
    let first = all.iter().position(is_read);
    let is_sent = |(at, segment): (usize, &Segment<'_>)| {
        let is_piped = segment.lead == Lead::Pipe && first.is_some_and(|first| first < at);
        match segment.program() {
            Some("curl" | "wget") => !stays(segment) && uploads(segment),
            Some("nc" | "ncat" | "netcat") => {
                let is_file = |word: &&str| word.starts_with('<');
                !stays(segment)
                    && reaches(segment)
                    && (is_piped || segment.words().iter().any(is_file))
            }
            Some("scp" | "rsync") => {
                let to = segment.arguments().last().cloned().unwrap_or_default();
                let is_host = |host: &str| host.len() > 1 && !host.contains(['/', '\\']);
                to.split_once(':').is_some_and(|(host, _)| is_host(host))
            }
            Some(_) | None => false,
        }
    };
    all.iter().enumerate().any(is_sent).then_some(Does::Sends)
}

/// `-d @file`, `-F f=@file`, `-T file`.
fn uploads(segment: &Segment<'_>) -> bool {
    let arguments = segment.arguments();
    let is_file = |word: &str| word.starts_with('@') || word.contains("=@") || word.contains("=<");
    let after = |flags: &[&str], flag: &str| flags.contains(&flag);
    // `-T` sends, and `-t` is something else; both are in lower case here.
    let is_upload =
        |flag: &str| after(UPLOAD, flag) && (flag != "-t" || segment.words().contains(&"-T"));
    let pairs = arguments.windows(2).any(|pair| match pair {
        [flag, word] => (after(DATA, flag) && is_file(word)) || is_upload(flag),
        _ => false,
    });
    let is_joined = |word: &String| {
        let (flag, value) = word.split_once('=').unwrap_or((word, ""));
        let is_short = word.starts_with("-d@") || (word.starts_with("-f") && word.contains("=@"));
        is_short
            || (!value.is_empty() && (is_upload(flag) || (after(DATA, flag) && is_file(value))))
    };
    pairs || arguments.iter().any(is_joined)
}

/// Whether it only speaks to the machine that it runs on.
fn stays(segment: &Segment<'_>) -> bool {
    let is_here = |word: &String| {
        let host = word.split_once("://").map_or(word.as_str(), |(_, rest)| rest);
        let host = host.split(['/', ':']).next().unwrap_or(host);
        matches!(host, "localhost" | "127.0.0.1")
    };
    segment.arguments().iter().any(is_here)
}

/// Whether a command runs the very file that another one fetched.
pub(super) fn runs_fetched(fetched: Option<&Segment<'_>>, next: &Segment<'_>) -> bool {
    let last = |word: &str| word.rsplit('/').next().unwrap_or(word).to_ascii_lowercase();
    let names = || fetched.iter().flat_map(|fetched| fetched.words().iter().take(WORDS));
    let is_it = |word: &str| {
        let name = last(word);
        !word.starts_with('-') && !name.is_empty() && names().any(|other| last(other) == name)
    };
    let by_interpreter = is_one_of(next, &[INTERPRETERS])
        && next.arguments().iter().find(|word| !word.starts_with('-')).is_some_and(|w| is_it(w));
    by_interpreter || next.written().is_some_and(|word| word.contains('/') && is_it(word))
}
