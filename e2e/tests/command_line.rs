//! The command line as people, agents and scripts use it.

use countersign_e2e::{Output, Server, asking, run};
use countersign_wire::approvals::AskRequest;
use serde_json::json;

/// A server, the key of an agent and the token of an approver, all made by the command line.
async fn story() -> (Server, String, String) {
    let server = Server::start().await;
    let agent = server.runs(&["agents", "create", "bot", "--json"]).json();
    assert_eq!(agent["name"], "bot");
    assert!(agent["id"].as_str().unwrap().starts_with("agt_"));
    let person =
        server.runs(&["users", "create", "ana@example.com", "--role", "approver", "--json"]).json();
    assert_eq!(person["email"], "ana@example.com");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    (server, text(&agent["key"]), text(&person["token"]))
}

fn only_id(output: &Output) -> String {
    output.json()["items"][0]["request_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_agent_asks_a_person_answers_and_the_agent_goes_on() {
    let (server, agent, ana) = story().await;
    let check = ["check", "stripe.refund", "--param", "amount=50", "--param", "api_key=hush"];
    assert_eq!(run(&server.url, &agent, &check).code, 8, "a person has to be asked");
    let pending = run(&server.url, &ana, &["pending", "--json"]);
    let item = pending.json()["items"][0].clone();
    for field in ["request_id", "agent_id", "tool_name", "input", "submitted_at", "status"] {
        assert!(!item[field].is_null(), "{field}");
    }
    assert_eq!(item["input"], json!({"amount": 50, "api_key": "[REDACTED]"}));
    let id = only_id(&pending);
    assert_eq!(run(&server.url, &agent, &["approve", &id]).code, 4, "an agent never answers");
    let approve = ["approve", &id, "--set", "amount=30", "--notes", "half", "--operator", "bob"];
    assert_eq!(run(&server.url, &ana, &approve).code, 0);
    let waited = run(&server.url, &agent, &["wait", &id, "--json"]);
    assert_eq!((waited.code, &waited.json()["outcome"]), (0, &json!("edited")));
    assert_eq!(waited.json()["effective"]["params"]["amount"], 30);
    assert_eq!(run(&server.url, &agent, &check).code, 5, "the original no longer runs");
}

#[tokio::test]
async fn every_way_to_end_has_its_exit_code() {
    let (server, agent, ana) = story().await;
    let by_agent = |arguments: &[&str]| run(&server.url, &agent, arguments);
    let asked = by_agent(&["request", "Delete the staging database", "--json"]);
    assert_eq!(asked.code, 8);
    let id = asked.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(run(&server.url, &ana, &["deny", &id]).code, 2, "a reason is required");
    assert_eq!(run(&server.url, &ana, &["deny", &id, "--reason", "not today"]).code, 0);
    let waited = by_agent(&["wait", &id]);
    assert_eq!(waited.code, 3);
    assert!(waited.out.contains("not today"), "{waited:?}");
    assert_eq!(run(&server.url, &ana, &["approve", &id]).code, 9, "it is decided");
    let second = by_agent(&["request", "Drop the cache", "--expires-in", "300ms", "--json"]).json();
    assert_eq!(by_agent(&["wait", second["id"].as_str().unwrap()]).code, 6);
    let third = by_agent(&["request", "Clear the queue", "--json"]).json();
    let third = third["id"].as_str().unwrap();
    assert_eq!(by_agent(&["wait", third, "--timeout", "100ms"]).code, 8);
    assert_eq!(by_agent(&["cancel", third]).code, 0);
    assert_eq!(by_agent(&["wait", third]).code, 7);
    server.runs(&["agents", "permit", "bot", "crm.read.*", "--effect", "allow"]);
    server.runs(&["agents", "permit", "bot", "crm.drop", "--effect", "deny"]);
    assert_eq!(by_agent(&["check", "crm.read.contact"]).code, 0);
    assert_eq!(by_agent(&["check", "crm.drop"]).code, 5);
    assert_eq!(by_agent(&["show", "apr_01JAAAAAAAAAAAAAAAAAAAAAAA"]).code, 9);
    assert_eq!(run(&server.url, "csa_wrong", &["check", "x.y"]).code, 4);
    assert_eq!(run("http://127.0.0.1:1", &agent, &["check", "x.y"]).code, 75);
    assert_eq!(by_agent(&["frobnicate"]).code, 2);
    let twice = by_agent(&["check", "x.y", "--params", r#"{"a":1,"a":2}"#]);
    assert_eq!(twice.code, 2);
    assert!(twice.err.contains("twice"), "{}", twice.err);
}

#[tokio::test]
async fn a_question_is_asked_and_answered() {
    let (server, agent, ana) = story().await;
    run(&server.url, &agent, &["request", "Email all customers"]);
    let id = only_id(&run(&server.url, &ana, &["pending", "--json"]));
    assert_eq!(run(&server.url, &ana, &["ask", &id, "how many?"]).code, 0);
    let waited = run(&server.url, &agent, &["wait", &id, "--json"]);
    assert_eq!((waited.code, &waited.json()["question"]), (8, &json!("how many?")));
    assert_eq!(run(&server.url, &agent, &["answer", &id, "twelve"]).code, 0);
    let shown = run(&server.url, &ana, &["show", &id]);
    assert!(shown.out.contains("how many?") && shown.out.contains("twelve"), "{}", shown.out);
}

#[tokio::test]
async fn nothing_that_hides_reaches_the_terminal() {
    let (server, agent, ana) = story().await;
    let lie = r#"{"to":"a\u202eb","esc":"\u001b[2J","ok\u200b":"x"}"#;
    run(
        &server.url,
        &agent,
        &["request", "pay", "--params", lie, "--reasoning", "fine\u{1b}]0;x\u{7}\u{e0041}"],
    );
    let id = only_id(&run(&server.url, &ana, &["pending", "--json"]));
    for arguments in [vec!["show", &id], vec!["pending"], vec!["audit", "tail"]] {
        let shown = run(&server.url, &server.admin_token, &arguments);
        assert_eq!(shown.code, 0, "{}", shown.err);
        for hidden in ['\u{202e}', '\u{1b}', '\u{200b}', '\u{7}', '\u{e0041}'] {
            assert!(!shown.out.contains(hidden), "{arguments:?} shows {hidden:?} raw");
        }
    }
    let shown = run(&server.url, &ana, &["show", &id]);
    assert!(shown.out.contains("\\u{202e}") && shown.out.contains("\\u{e0041}"), "{}", shown.out);
}

#[tokio::test]
async fn a_record_that_was_touched_does_not_verify() {
    let (server, agent, _) = story().await;
    run(&server.url, &agent, &["check", "x.y"]);
    let export = server.runs(&["audit", "export"]).out;
    let file = std::path::Path::new(&server.data_dir()).join("export.jsonl");
    let path = file.display().to_string();
    let verify = |text: &str| {
        std::fs::write(&file, text).unwrap();
        server.runs(&["audit", "verify", &path])
    };
    assert_eq!(verify(&export).code, 0);
    let lines: Vec<&str> = export.lines().collect();
    let without_third = [&lines[..2], &lines[3..]].concat().join("\n");
    assert_eq!(verify(&without_third).code, 1);
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    assert_eq!(verify(&swapped.join("\n")).code, 1);
    let edited = verify(&export.replace("\"x.y\"", "\"x.z\""));
    assert_eq!(edited.code, 1);
    assert!(format!("{}{}", edited.out, edited.err).contains("changed"), "{edited:?}");
}

/// The backup holds keys, database and all, so that whoever puts it back continues the record as it was then.
#[tokio::test]
async fn a_record_that_was_rolled_back_is_not_the_one_of_a_kept_checkpoint() {
    let (mut server, agent, _) = story().await;
    let kept = tempfile::tempdir().unwrap();
    let file = |name: &str| kept.path().join(name).display().to_string();
    let copy = |from: &str, to: &str| {
        let copied = std::process::Command::new("cp").args(["-a", from, to]).status();
        assert!(copied.unwrap().success());
    };
    server.terminate();
    server.ended();
    copy(&server.data_dir(), &file("backup"));
    server.restart().await;
    run(&server.url, &agent, &["check", "first.life"]);
    let note = server.runs(&["audit", "checkpoint"]);
    assert_eq!(note.code, 0, "{}", note.err);
    std::fs::write(file("note"), &note.out).unwrap();
    std::fs::write(file("keys"), server.runs(&["audit", "keys"]).out).unwrap();
    let verify = |server: &Server, with: &[&str]| {
        let export = server.runs(&["audit", "export"]);
        std::fs::write(file("export"), &export.out).unwrap();
        server.runs(&[&["audit", "verify", &file("export")], with].concat())
    };
    let (note, keys) = (file("note"), file("keys"));
    let against = ["--checkpoint", &note, "--keys", &keys];
    run(&server.url, &agent, &["check", "first.life"]);
    let grown = verify(&server, &against);
    assert_eq!(grown.code, 0, "{}", grown.err);
    assert!(grown.out.contains("signatures: verified"), "{}", grown.out);

    server.terminate();
    server.ended();
    std::fs::remove_dir_all(server.data_dir()).unwrap();
    copy(&file("backup"), &server.data_dir());
    server.restart().await;
    let cut = verify(&server, &against);
    assert_eq!((cut.code, cut.err.contains("records were cut off")), (1, true), "{}", cut.err);
    for _ in 0..5 {
        run(&server.url, &agent, &["check", "second.life"]);
    }
    let other = verify(&server, &against);
    assert_eq!((other.code, other.err.contains("was rewritten")), (1, true), "{}", other.err);
    assert_eq!(verify(&server, &[]).code, 0, "by itself it verifies");

    std::fs::write(&note, std::fs::read_to_string(&note).unwrap().replacen("at 2", "at 3", 1))
        .unwrap();
    let forged = verify(&server, &against);
    assert!(forged.err.contains("signed with none of these keys"), "{}", forged.err);
}

#[tokio::test]
async fn a_record_of_the_largest_and_deepest_requests_verifies() {
    let server = Server::start().await;
    let agent = server.agent("extreme").await;
    let deep = (0..62).fold(json!(1), |inner, _| json!({"a": inner}));
    let large = json!({"text": "x".repeat((1 << 20) - 200)});
    for params in [deep, large] {
        let params = params.as_object().unwrap().clone();
        let ask = AskRequest { params, ..asking("x.y") };
        agent.ask(&ask, None).await.unwrap();
    }
    assert!(server.verified_records() > 5);
}

#[tokio::test]
async fn a_directory_that_lost_its_database_is_not_started_anew() {
    let mut server = Server::start().await;
    server.kill();
    for entry in std::fs::read_dir(server.data_dir()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("countersign.db") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let dir = server.data_dir();
    let started = run("", "", &["serve", "--data-dir", &dir, "--listen", "127.0.0.1:0"]);
    assert_eq!(started.code, 9, "{started:?}");
    assert!(started.err.contains("restore it from a backup") && !started.out.contains("csp_"));
}

#[tokio::test]
async fn a_directory_is_initialised_once_and_served_by_one() {
    let server = Server::start().await;
    let dir = server.data_dir();
    let again = run("", "", &["init", "--data-dir", &dir, "--admin-email", "x@example.com"]);
    assert_eq!(again.code, 9, "{again:?}");
    let second = run("", "", &["serve", "--data-dir", &dir, "--listen", "127.0.0.1:0"]);
    assert_ne!(second.code, 0);
    assert!(second.err.contains("in use"), "{second:?}");
}
