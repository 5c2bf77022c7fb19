use std::fs;

use crate::server::Server;

#[test]
fn an_export_verifies_until_it_is_touched() {
    let server = Server::start();
    let id = server.ask("Leave a trace");
    assert_eq!(server.approver(&["deny", &id, "--reason", "seen"]).exit, 0);
    let export = server.admin(&["audit", "export"]);
    assert_eq!(export.exit, 0, "{export:?}");
    let file = server.dir.path().join("audit.jsonl");
    let path = file.to_str().unwrap().to_owned();
    fs::write(&file, &export.out).unwrap();
    let verified = server.run("", &["audit", "verify", &path, "--json"]);
    assert_eq!(verified.exit, 0, "{verified:?}");
    // The last line is the checkpoint.
    let count = export.out.lines().count() - 1;
    assert_eq!(verified.json()["records"], count);
    fs::write(&file, export.out.replace("\"seen\"", "\"unseen\"")).unwrap();
    let touched = server.run("", &["audit", "verify", &path]);
    assert_eq!((touched.exit, touched.out.as_str()), (1, ""), "{touched:?}");
    assert!(touched.err.contains("was changed after it was written"), "{touched:?}");
    assert_eq!(server.run("", &["audit", "verify", "/no/such/file"]).exit, 2);
}

#[test]
fn records_are_found() {
    let server = Server::start();
    let id = server.ask("Leave a trace");
    let tail = server.admin(&["audit", "tail", "-n", "3"]);
    assert!(tail.out.contains("approval.opened"), "{tail:?}");
    let search = ["audit", "search", "--approval", &id, "--kind", "approval.opened", "--json"];
    let found = server.admin(&search).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(server.agent(&["audit", "tail"]).exit, 4);
}
