//! The files of the repository, and what looks like a path or a name in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders whose paths are recognised without an extension.
const TOP: &[&str] =
    &["crates", "e2e", "xtask", "sdk", "docs", "bench", "examples", ".ci", ".cargo"];
/// Extensions that make a span a path.
const EXTENSIONS: &[&str] = &[".rs", ".md", ".toml", ".sql", ".py"];

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Markdown file, by its path in the repository.
pub fn markdown() -> Vec<String> {
    files("md")
}

/// The documents for those who change the code.
pub fn for_contributors() -> Vec<String> {
    let decisions = markdown().into_iter().filter(|name| name.starts_with("docs/decisions/"));
    ["ARCHITECTURE.md", "CONTRIBUTING.md"].map(str::to_owned).into_iter().chain(decisions).collect()
}

/// Every Rust file: its path and its text.
pub fn rust() -> Vec<(String, String)> {
    let read = |name: String| {
        let text = std::fs::read_to_string(root().join(&name)).expect("a readable file");
        (name, text)
    };
    files("rs").into_iter().map(read).collect()
}

/// Every folder right below the `src` of a crate of the program.
pub fn folders() -> BTreeSet<String> {
    let folder = |name: String| {
        let steps: Vec<_> = name.split('/').collect();
        match steps.as_slice() {
            ["crates", krate, "src", folder, _, ..] => Some(format!("crates/{krate}/src/{folder}")),
            _ => None,
        }
    };
    files("rs").into_iter().filter_map(folder).collect()
}

/// Whether a span says where something is.
pub fn is_path(span: &str) -> bool {
    let plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let top = span.split_once('/').is_some_and(|(first, _)| TOP.contains(&first));
    plain && (top || EXTENSIONS.iter().any(|extension| span.ends_with(extension)))
}

/// Whether a span names something in the code, as `App::check` does.
pub fn is_name(span: &str) -> bool {
    let ident = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    span.contains("::") && span.split("::").all(ident)
}

/// Whether a file declares the last step of a name, and mentions the step before it or stands below it.
pub fn declares(sources: &[(String, String)], span: &str) -> bool {
    let mut steps = span.rsplit("::");
    let (name, holder) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
    let mentions = |text: &str| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == holder)
    };
    sources
        .iter()
        .filter(|(path, text)| mentions(path) || mentions(text))
        .any(|(_, text)| text.lines().any(|line| line_declares(line.trim_start(), name)))
}

/// Whether a line starts a function, a type, a module, a constant or a variant with this name.
fn line_declares(line: &str, name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "pub ",
        "pub(super) ",
        "pub(crate) ",
        "const ",
        "async ",
        "fn ",
        "struct ",
        "enum ",
        "trait ",
        "type ",
        "mod ",
    ];
    let mut rest = line;
    while let Some(shorter) = KEYWORDS.iter().find_map(|keyword| rest.strip_prefix(keyword)) {
        rest = shorter;
    }
    let end = rest.strip_prefix(name).and_then(|rest| rest.chars().next());
    end.is_some_and(|c| ",{(<:; =".contains(c))
}

/// Every file with this extension, by its path in the repository.
pub fn files(extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root(), "", &mut |name| {
        if Path::new(name).extension().is_some_and(|e| e == extension) {
            found.push(name.to_owned());
        }
    });
    found.sort();
    found
}

fn walk(dir: &Path, prefix: &str, visit: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(dir).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let skipped = ["target", "node_modules", "__pycache__"].contains(&name.as_str());
        if skipped || name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&entry.path(), &format!("{path}/"), visit);
        } else {
            visit(&path);
        }
    }
}
