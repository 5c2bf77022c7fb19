use std::process::{Child, Command};

use serde_json::json;

use crate::server::{Done, Server};

fn end(child: Child) -> Done {
    Done::of(&child.wait_with_output().unwrap())
}

#[test]
fn a_request_is_approved_used_once_and_reported() {
    let server = Server::start();
    let id = server.ask("Refund A. Lee");
    let waiting = server.waiting(&["wait", &id]);
    assert_eq!(server.approver(&["approve", &id]).exit, 0);
    let told = end(waiting);
    assert_eq!(told.exit, 0, "{told:?}");
    assert!(told.out.starts_with("outcome: approved\n"), "{told:?}");
    assert_eq!(server.approver(&["approve", &id]).exit, 9);
    assert_eq!(server.agent(&["redeem", &id, "--param", "amount=46"]).exit, 2);
    let redeemed = server.agent(&["redeem", &id, "--param", "amount=45", "--json"]).json();
    assert_eq!(redeemed["effective"]["params"], json!({"amount": 45}));
    assert_eq!(server.agent(&["redeem", &id, "--param", "amount=45"]).exit, 9);
    let report = ["result", &id, "--status", "succeeded", "--result", "{\"id\":\"re_1\"}"];
    assert_eq!(server.agent(&report).exit, 0);
    let again = server.agent(&["wait", &id]);
    assert_eq!(again.exit, 9, "{again:?}");
    assert!(again.err.contains("was used already: its one run succeeded"), "{again:?}");
    let shown = server.approver(&["show", &id]);
    assert!(shown.out.contains("state: succeeded") && shown.out.contains("re_1"), "{}", shown.out);
}

#[test]
fn every_other_end_has_its_own_exit_code() {
    let server = Server::start();
    let id = server.ask("Drop the table");
    assert_eq!(server.agent(&["wait", &id, "--timeout", "100ms"]).exit, 8);
    let waiting = server.waiting(&["wait", &id]);
    assert_eq!(server.approver(&["ask", &id, "which table?"]).exit, 0);
    let told = end(waiting);
    assert_eq!(told.exit, 8);
    assert!(told.out.contains("question: which table?"), "{told:?}");
    assert_eq!(server.agent(&["answer", &id, "the old one"]).exit, 0);
    let waiting = server.waiting(&["wait", &id]);
    assert_eq!(server.approver(&["deny", &id, "--reason", "not today"]).exit, 0);
    let told = end(waiting);
    assert_eq!(told.exit, 3);
    assert!(told.out.contains("reason: not today"), "{told:?}");
    let id = server.ask("Something else");
    assert_eq!(server.agent(&["cancel", &id, "--reason", "done by hand"]).exit, 0);
    assert_eq!(server.agent(&["wait", &id]).exit, 7);
    let soon = ["request", "Hurry", "--expires-in", "1s", "--wait"];
    assert_eq!(server.agent(&soon).exit, 6);
}

#[test]
fn a_wait_that_is_interrupted_says_so() {
    let server = Server::start();
    let id = server.ask("Wait for me");
    let waiting = server.waiting(&["wait", &id]);
    let kill = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status();
    assert!(kill.unwrap().success());
    assert_eq!(end(waiting).exit, 130);
    assert_eq!(server.agent(&["wait", &id, "--timeout", "0"]).exit, 8);
}

#[test]
fn a_check_follows_what_is_permitted() {
    let server = Server::start();
    let permit = |action, effect| {
        let done = server.admin(&["agents", "permit", "bot", action, "--effect", effect]);
        assert_eq!(done.exit, 0, "{done:?}");
    };
    permit("crm.read.**", "allow");
    permit("crm.drop", "deny");
    permit("crm.write", "requires-approval");
    let read = server.agent(&["check", "crm.read.person", "--json"]);
    assert_eq!((read.exit, read.json()["outcome"].clone()), (0, json!("allowed")));
    assert_eq!(server.agent(&["check", "crm.drop"]).exit, 5);
    assert_eq!(server.agent(&["check", "crm.write", "--dry-run"]).exit, 8);
    let listed = server.admin(&["agents", "permissions", "bot", "--json"]).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3, "{listed}");
    assert_eq!(server.admin(&["agents", "forbid", "bot", "crm.drop"]).exit, 0);
    assert_eq!(server.agent(&["check", "crm.drop"]).exit, 8);
    assert_eq!(server.run(&server.application, &["check", "crm.read.x", "--agent", "bot"]).exit, 0);
}

#[test]
fn a_check_that_waits_uses_the_yes_it_gets() {
    let server = Server::start();
    let check = ["check", "stripe.refund", "--param", "amount=45", "--wait"];
    let waiting = server.waiting(&check);
    let id = only_pending(&server);
    assert_eq!(server.approver(&["approve", &id, "--set", "amount=30"]).exit, 0);
    let told = end(waiting);
    assert_eq!(told.exit, 0, "{told:?}");
    assert!(told.out.contains("params: {\"amount\":30}"), "{told:?}");
    assert_eq!(server.agent(&check[..4]).exit, 8, "the yes was good for one run");
    let id = only_pending(&server);
    assert_eq!(server.approver(&["deny", &id, "--reason", "enough"]).exit, 0);
    assert_eq!(server.agent(&check[..4]).exit, 3);
}

fn only_pending(server: &Server) -> String {
    let listed = server.approver(&["pending", "--json"]).json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{listed}");
    items[0]["request_id"].as_str().unwrap().to_owned()
}
