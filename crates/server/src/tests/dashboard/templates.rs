//! What templates must never hold: text that is not escaped, scripts and styles of their own.

use std::path::{Path, PathBuf};

fn files(folder: &Path, ending: &str, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|known| known == ending) {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

pub(crate) fn below(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    assert!(found.len() > 5, "the walk has to see every file");
    found
}

#[test]
fn everything_in_a_template_is_escaped_and_nothing_is_inline() {
    for (path, text) in below("templates", "html") {
        let lower = text.to_ascii_lowercase();
        for forbidden in
            ["|safe", "| safe", "escape(\"none\")", "{% filter", "<style", " style=", "javascript:"]
        {
            assert!(!lower.contains(forbidden), "{forbidden} in {}", path.display());
        }
        for tag in lower.split("<script").skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            assert!(tag.contains("src="), "an inline script in {}", path.display());
        }
        let handler =
            lower.split([' ', '\n']).find(|word| word.starts_with("on") && word.contains("=\""));
        assert_eq!(handler, None, "in {}", path.display());
        for form in lower.split("method=\"post\"").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let token = form.contains("name=\"csrf\"") || form.contains("approvals/seen.html");
            assert!(token, "a form without its token in {}", path.display());
        }
    }
}

#[test]
fn only_the_parts_may_say_of_themselves_that_they_are_escaped() {
    for (path, text) in below("src/dashboard", "rs") {
        let parts = ["parts", "phrase", "sent"].map(|part| format!("layout/{part}.rs"));
        let parts = parts.iter().any(|part| path.ends_with(part));
        assert!(parts || !text.contains("HtmlSafe"), "{} says so", path.display());
        assert!(!text.contains("escape = \"none\""), "{} switches escaping off", path.display());
    }
}

#[test]
fn scripts_never_make_markup_of_text() {
    for (path, text) in below("src/dashboard/static", "js") {
        for forbidden in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "DOMParser",
            ".style.",
            "http://",
            "https://",
        ] {
            assert!(!text.contains(forbidden), "{forbidden} in {}", path.display());
        }
    }
}
