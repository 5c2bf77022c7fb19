use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::server::Server;

#[test]
fn what_is_pending_is_listed_without_secrets() {
    let server = Server::start();
    let params = "{\"amount\": 45, \"api_key\": \"sk_live_0123456789\"}";
    let request = ["request", "Refund", "--action", "stripe.refund", "--params", params];
    let id = server.agent(&request).out;
    let listed = server.approver(&["pending", "--json"]).json();
    let item = &listed["items"][0];
    assert_eq!(item["request_id"], json!(id));
    assert_eq!(item["tool_name"], "stripe.refund");
    assert_eq!(item["input"], json!({"amount": 45, "api_key": "[REDACTED]"}));
    assert_eq!(item["status"], "pending");
    assert!(item["agent_id"].as_str().unwrap().starts_with("agt_"), "{item}");
    assert!(item["submitted_at"].is_string(), "{item}");
    for args in [vec!["pending"], vec!["show", &id]] {
        let human = server.approver(&args);
        assert!(human.out.contains("[REDACTED]") && !human.out.contains("sk_live"), "{human:?}");
    }
}

#[test]
fn several_are_answered_one_by_one() {
    let server = Server::start();
    let ids = [server.ask("One"), server.ask("Two")];
    let nobody = "apr_01J9Z3V5K0000000000000000A";
    let all = ["approve", ids[0].as_str(), nobody, ids[1].as_str(), "--json"];
    let done = server.approver(&all);
    assert_eq!(done.exit, 9, "{done:?}");
    let json = done.json();
    assert_eq!(json["summary"], json!({"answered": 2, "errors": 1}));
    assert_eq!(json["results"][0], json!({"approval_id": ids[0], "status": "approved"}));
    assert_eq!(json["results"][1]["error"]["code"], "not_found");
    let third = server.ask("Three");
    let no = ["deny", third.as_str(), "--reason", "no", "--operator", "the night shift"];
    assert_eq!(server.approver(&no).exit, 0);
    assert!(server.approver(&["show", &third]).out.contains("typed by: the night shift"));
}

#[test]
fn an_answer_says_what_it_is_bound_to() {
    let server = Server::start();
    let request = ["request", "Pay\u{202e} me", "--action", "pay", "--param", "amount=45"];
    let id = server.agent(&request).out;
    let done = server.approver(&["approve", &id, "--set", "amount=30", "--notes", "less"]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert!(done.err.contains("sha256:") && done.err.contains("\\u{202e}"), "{done:?}");
    assert!(done.out.contains("status: approved"), "{done:?}");
    assert_eq!(server.approver(&["approve", &server.ask("x"), "--set", "no.such=1"]).exit, 2);
    assert_eq!(server.agent(&["approve", &server.ask("y")]).exit, 4);
}

#[test]
fn a_watched_list_changes_by_itself() {
    let server = Server::start();
    let mut command = server.command(&server.approver, &["pending", "--watch", "--json"]);
    let mut watch = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut count = || {
        let listed: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        listed["items"].as_array().unwrap().len()
    };
    assert_eq!(count(), 0);
    let id = server.ask("Watch me");
    assert_eq!(count(), 1);
    assert_eq!(server.approver(&["deny", &id, "--reason", "seen"]).exit, 0);
    assert_eq!(count(), 0);
    watch.kill().unwrap();
    watch.wait().unwrap();
}

#[test]
fn people_and_agents_remark() {
    let server = Server::start();
    let id = server.ask("Talk");
    assert_eq!(server.approver(&["comment", &id, "asked billing"]).exit, 0);
    assert!(server.approver(&["show", &id]).out.contains("asked billing"));
    assert_eq!(server.approver(&["comment", "--task", "T-1", "hurry"]).exit, 0);
    assert!(server.agent(&["comment", "--task", "T-1"]).out.contains("hurry"));
    let set = ["settings", "set", "--expires-in", "8h", "--json"];
    assert_eq!(server.admin(&set).json()["expires_in"], "8h");
    assert_eq!(server.admin(&["settings"]).exit, 0);
    assert_eq!(server.approver(&["stats"]).exit, 0);
}
