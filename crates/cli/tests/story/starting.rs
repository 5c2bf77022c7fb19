use serde_json::json;

use crate::server::{Done, Server, countersign};

#[test]
fn init_prints_what_tools_rely_on_and_refuses_a_second_time() {
    let dir = tempfile::TempDir::new().unwrap();
    let init = || {
        let mut command = countersign();
        command.arg("init").arg("--data-dir").arg(dir.path().join("data"));
        command.args(["--admin-email", "ana@example.com", "--json"]);
        Done::of(&command.output().unwrap())
    };
    let made = init();
    assert_eq!(made.exit, 0, "{made:?}");
    let json = made.json();
    let token = json["admin"]["token"].as_str().unwrap();
    let key = json["application_key"].as_str().unwrap();
    assert!(token.starts_with("csp_") && key.starts_with("csk_"), "{json}");
    let exact = json!({
        "org": "default",
        "admin": {"email": "ana@example.com", "token": token},
        "application_key": key
    });
    assert_eq!(json, exact);
    let again = init();
    assert_eq!((again.exit, again.out.as_str()), (9, ""), "{again:?}");
}

#[test]
fn keys_are_made_over_the_network() {
    let server = Server::start();
    let agent = server.admin(&["agents", "create", "second", "--json"]).json();
    assert_eq!(agent["name"], "second");
    assert!(agent["id"].as_str().unwrap().starts_with("agt_"), "{agent}");
    assert!(agent["key"].as_str().unwrap().starts_with("csa_"), "{agent}");
    assert_eq!(server.admin(&["agents", "create", "second"]).exit, 9);
    let person = ["users", "create", "cy@example.com", "--role", "approver", "--json"];
    let person = server.admin(&person).json();
    assert_eq!(person["email"], "cy@example.com");
    let token = person["token"].as_str().unwrap();
    assert_eq!(server.run(token, &["whoami"]).exit, 0);
    assert_eq!(server.admin(&["users", "lock", "Cy@example.com"]).exit, 0);
    assert_eq!(server.run(token, &["whoami"]).exit, 4);
    assert_eq!(server.admin(&["users", "lock", "nobody@example.com"]).exit, 9);
    let key = server.admin(&["keys", "create", "ci", "--agent", "second", "--json"]).json();
    let secret = key["secret"].as_str().unwrap();
    assert_eq!(server.run(secret, &["whoami", "--json"]).json()["kind"], "agent");
    assert_eq!(server.admin(&["keys", "revoke", key["id"].as_str().unwrap()]).exit, 0);
    assert_eq!(server.run(secret, &["whoami"]).exit, 4);
    for list in [vec!["agents", "list"], vec!["users", "list"], vec!["keys", "list"]] {
        let listed = server.admin(&list);
        assert_eq!(listed.exit, 0, "{listed:?}");
        assert!(!listed.out.contains("csa_") && !listed.out.contains("csp_"), "{listed:?}");
    }
}

#[test]
fn what_cannot_be_done_says_what_to_do() {
    let server = Server::start();
    let cases = [
        (server.agent(&["approve", "apr_01J9Z3V5K0000000000000000A"]), 9),
        (server.approver(&["show", "apr_01J9Z3V5K0000000000000000A"]), 9),
        (server.approver(&["show", "nonsense"]), 9),
        (server.run("csp_wrong", &["whoami"]), 4),
        (server.run("", &["whoami"]), 4),
        (server.agent(&["users", "list"]), 4),
        (server.agent(&["check", "a.b", "--params", "{\"a\":1,\"a\":2}"]), 2),
        (server.agent(&["--url", "http://127.0.0.1:1", "whoami"]), 75),
        (server.agent(&["--url", "nowhere", "whoami"]), 2),
    ];
    for (done, exit) in &cases {
        assert_eq!((done.exit, done.out.as_str()), (*exit, ""), "{done:?}");
        assert!(done.err.starts_with("error: ") && done.err.contains("\nnext: "), "{done:?}");
    }
    let json = server.run("csp_wrong", &["whoami", "--json"]);
    let problem: serde_json::Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!(problem["code"], "unauthenticated", "{problem}");
    assert_eq!(server.agent(&["approve"]).exit, 2);
    assert_eq!(server.approver(&["deny", "apr_01J9Z3V5K0000000000000000A"]).exit, 2);
}

#[test]
fn the_help_shows_no_key_and_all_exit_codes() {
    let server = Server::start();
    let help = server.run("csp_very_secret", &["--help"]);
    assert_eq!(help.exit, 0);
    assert!(!help.out.contains("csp_very_secret"), "{}", help.out);
    assert!(
        help.out.contains("Exit codes:") && help.out.contains("130  interrupted"),
        "{}",
        help.out
    );
    assert!(server.run("", &["completion", "bash"]).out.contains("countersign"));
}
