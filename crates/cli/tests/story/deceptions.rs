//! The corpus of deceptive texts, as the command line prints it.

use serde_json::{Value, json};

use crate::server::Server;

fn deceptions() -> Vec<(String, String)> {
    let all: Value =
        serde_json::from_str(include_str!("../../../domain/src/display/deceptions.json")).unwrap();
    let part = |part: &Value| match part {
        Value::String(text) => text.clone(),
        run => run[0].as_str().unwrap().repeat(usize::try_from(run[1].as_u64().unwrap()).unwrap()),
    };
    let text = |one: &Value| one["text"].as_array().unwrap().iter().map(part).collect();
    let one = |one: &Value| (one["name"].as_str().unwrap().to_owned(), text(one));
    all.as_array().unwrap().iter().map(one).collect()
}

/// Fails where a terminal would be told something, or a reader would not see what stands there.
fn must_be_honest(name: &str, printed: &str, text: &str) {
    for c in printed.chars().filter(|c| *c != '\n') {
        let marked = countersign_domain::display::sanitise(&c.to_string());
        assert_eq!(marked, c.to_string(), "{name}: {c:?} is printed as it is");
    }
    // A word that is whole in its script is as it should be, and its script is told beside a key.
    let mixed = text.chars().any(|c| c.is_ascii_alphabetic());
    for c in text.chars().filter(|c| mixed && ('\u{370}'..='\u{4ff}').contains(c)) {
        assert!(!printed.contains(c), "{name}: {c:?} is printed as it is");
    }
}

#[test]
fn nothing_false_is_printed() {
    let server = Server::start();
    for (name, text) in deceptions() {
        // The system takes no argument with this character.
        let given = text.replace('\0', "");
        let params =
            json!({"value": text, format!("k{text}"): {"x": [text]}, "to": text}).to_string();
        let file = server.dir.path().join("params.json");
        std::fs::write(&file, &params).unwrap();
        let at = format!("@{}", file.display());
        let line: String = given.chars().take(300).collect();
        let denied: String = given.chars().take(2_000).collect();
        let asked = server.agent(&[
            "request",
            &line,
            "--action",
            "files.write",
            "--params",
            &at,
            "--reasoning",
            &given,
            "--if-denied",
            &denied,
            "--side-effect",
            &given,
            "--risk",
            "low",
        ]);
        assert_eq!(asked.exit, 8, "{name}: {asked:?}");
        let id = asked.out.trim().to_owned();
        let pending = server.approver(&["pending"]);
        must_be_honest(&name, &pending.out, &text);
        let shown = server.approver(&["show", &id]);
        must_be_honest(&name, &shown.out, &text);
        if name == "a key of another script" {
            assert!(shown.out.contains("(in Cyrillic letters)"), "{}", shown.out);
        }
        for (c, count) in [(' ', 4000), ('\n', 3000), ('\t', 2000), ('\u{3000}', 500)] {
            let mark = format!("\\u{{{:x}*{count}}}", u32::from(c));
            if text.contains(&mark) {
                // What only looks like the mark is told from it by a doubled backslash.
                assert!(shown.out.contains(&format!("\\{mark}")), "{name}: {}", shown.out);
                continue;
            }
            let padded = text.contains(&c.to_string().repeat(count));
            assert_eq!(shown.out.contains(&mark), padded, "{name}: {mark} in {}", shown.out);
        }
        let none = server.approver(&["show", &given]);
        assert_ne!(none.exit, 0, "{name}");
        must_be_honest(&name, &none.err, &text);
        let denied = server.approver(&["deny", &id, "--reason", "no"]);
        assert_eq!(denied.exit, 0, "{name}: {denied:?}");
        must_be_honest(&name, &denied.out, &text);
        must_be_honest(&name, &server.agent(&["wait", &id]).out, &text);
    }
}
