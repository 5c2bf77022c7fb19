//! `countersign doctor`, with each problem provoked once, on a running server and on a stopped one.

use std::fs::{Permissions, set_permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use countersign_e2e::{Output, Server, run};
use serde_json::Value;

/// A directory of an organization, with nobody serving it.
fn initialised(dir: &Path) -> String {
    let data = dir.join("data").display().to_string();
    let init = ["init", "--data-dir", &data, "--admin-email", "root@example.com", "--json"];
    assert_eq!(run("", "", &init).code, 0);
    data
}

/// What the doctor finds of a directory; nobody answers at the URL.
fn examine(data: &str, more: &[&str]) -> Output {
    let always = ["doctor", "--json", "--data-dir", data];
    let listen: &[&str] =
        if more.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
    run("http://127.0.0.1:1", "", &[&always, listen, more].concat())
}

/// The result of a check, and its sentence.
fn result(found: &Output, check: &str) -> (String, String) {
    let report = found.json();
    let checks = report["checks"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = checks.iter().find(|one| one["check"] == check);
    let one = one.unwrap_or_else(|| panic!("no {check} in {report:#}"));
    assert_eq!(one["next"].is_null(), one["result"] == "ok", "{one}");
    (text(&one["result"]), text(&one["detail"]))
}

/// Exactly this check is a problem, for this reason.
fn only_problem(found: &Output, check: &str, because: &str) {
    let (result, detail) = result(found, check);
    assert_eq!((result.as_str(), found.code), ("problem", 1), "{found:?}");
    assert!(detail.contains(because), "{detail}");
    let report = found.json();
    let problems = report["checks"].as_array().unwrap().iter();
    assert_eq!(problems.filter(|one| one["result"] == "problem").count(), 1, "{report:#}");
    assert_eq!(report["ok"], false);
}

fn files(data: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Asks SQLite itself, as someone would who tampers with the file.
fn sql(data: &str, statement: &str) {
    let python = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.close()";
    let file = format!("{data}/countersign.db");
    let done =
        std::process::Command::new("python3").args(["-c", python, &file, statement]).status();
    assert!(done.expect("python3 runs").success());
}

#[test]
fn a_stopped_server_is_healthy_and_nothing_is_changed() {
    let dir = tempfile::tempdir().unwrap();
    let data = initialised(dir.path());
    let before = files(&data);
    let found = examine(&data, &[]);
    assert_eq!((found.code, &found.json()["ok"]), (0, &Value::Bool(true)), "{found:?}");
    let fine =
        ["settings", "data_dir", "rights", "receipt_key", "token_key", "database", "integrity"];
    for check in fine.into_iter().chain(["record", "clock"]) {
        assert_eq!(result(&found, check).0, "ok", "{check}");
    }
    assert_eq!(result(&found, "listen").0, "ok");
    let (result, detail) = result(&found, "server");
    assert_eq!(result, "warning", "{detail}");
    assert!(detail.contains("nobody answers"), "{detail}");
    assert_eq!(files(&data), before);
}

#[tokio::test]
async fn a_running_server_is_healthy_and_goes_on() {
    let mut server = Server::start().await;
    let (data, address) = (server.data_dir(), server.url.replace("http://", ""));
    let doctor = ["doctor", "--data-dir", &data, "--listen", &address, "--json"];
    let found = server.runs(&doctor);
    assert_eq!(found.code, 0, "{found:?}");
    for (check, because) in [("listen", "serves this directory"), ("server", "takes your key")] {
        let (result, detail) = result(&found, check);
        assert_eq!(result, "ok", "{detail}");
        assert!(detail.contains(because), "{detail}");
    }
    let without_key = run(&server.url, "", &doctor);
    assert_eq!((without_key.code, result(&without_key, "server").0.as_str()), (0, "warning"));
    only_problem(&run(&server.url, "csp_wrong", &doctor), "server", "does not take your key");
    assert_eq!(server.runs(&["agents", "create", "bot"]).code, 0, "the server can write as before");
    // What a killed server leaves behind is looked at as well, and left to it.
    server.kill();
    let before = files(&data);
    assert!(before.iter().any(|(name, _)| name == "countersign.db-wal"));
    assert_eq!(result(&server.runs(&doctor), "record").0, "ok");
    server.restart().await;
    assert_eq!(server.runs(&["agents", "list"]).code, 0);
}

#[test]
fn a_directory_that_is_not_there_or_open_to_others_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let data = initialised(dir.path());
    only_problem(&examine(&format!("{data}-not"), &[]), "data_dir", "there is no");
    only_problem(&examine(&format!("{data}/receipts.key"), &[]), "data_dir", "not a directory");
    for file in ["", "/receipts.key", "/tokens.key", "/countersign.db"] {
        let path = format!("{data}{file}");
        let before = std::fs::metadata(&path).unwrap().permissions();
        set_permissions(&path, Permissions::from_mode(before.mode() | 0o040)).unwrap();
        only_problem(&examine(&data, &[]), "rights", "others on this machine");
        set_permissions(&path, before).unwrap();
    }
}

#[test]
fn a_key_that_is_missing_or_damaged_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let data = initialised(dir.path());
    for (check, file) in [("receipt_key", "receipts.key"), ("token_key", "tokens.key")] {
        let path = format!("{data}/{file}");
        let whole = std::fs::read(&path).unwrap();
        for damaged in [&whole[..63], b"", b"\xff\xfe", &[b'x'; 64]] {
            std::fs::write(&path, damaged).unwrap();
            only_problem(&examine(&data, &[]), check, "is damaged, not 64 hex digits");
        }
        std::fs::remove_file(&path).unwrap();
        only_problem(&examine(&data, &[]), check, "is missing");
        std::fs::write(&path, &whole).unwrap();
        set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(examine(&data, &[]).code, 0);
    }
}

#[test]
fn a_mistake_in_the_settings_is_a_problem_and_the_rest_is_looked_at_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let data = initialised(dir.path());
    let file = format!("{data}/countersign.toml");
    for (text, because) in [
        (
            "# ours\n  lisen = \"127.0.0.1:1\"\n",
            "countersign.toml:2:3: there is no setting `lisen`",
        ),
        ("listen = \"127.0.0.1:1\nx = 1\n", "countersign.toml:1:"),
        ("public_url = \"javascript:alert(1)\"", "countersign.toml:1:1: invalid value"),
    ] {
        std::fs::write(&file, text).unwrap();
        let found = examine(&data, &[]);
        only_problem(&found, "settings", because);
        assert_eq!(result(&found, "record").0, "ok", "{found:?}");
    }
    // Of what can be read, a secret that others can read is told.
    std::fs::write(&file, "oidc_client_secret = \"hush\"\n").unwrap();
    set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let found = examine(&data, &[]);
    let (secret, detail) = result(&found, "secret");
    assert_eq!((secret.as_str(), found.code), ("warning", 0), "{found:?}");
    assert!(detail.contains("countersign.toml` holds a secret"), "{detail}");
    assert!(!found.out.contains("hush"), "{found:?}");
    set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    assert!(!examine(&data, &[]).out.contains("\"secret\""));
}

#[tokio::test]
async fn a_countersign_that_serves_another_directory_is_not_this_one() {
    let dir = tempfile::tempdir().unwrap();
    let data = initialised(dir.path());
    let server = Server::start().await;
    let address = server.url.replace("http://", "");
    let listen = ["--listen", &address];
    only_problem(&examine(&data, &listen), "listen", "but serves another directory");
    // A copy of the directory has its keys; but nobody holds it.
    let copy = dir.path().join("copy").display().to_string();
    let copied = std::process::Command::new("cp").args(["-a", &server.data_dir(), &copy]).status();
    assert!(copied.unwrap().success());
    only_problem(&examine(&copy, &listen), "listen", "but serves another directory");
    // Where no server is named, the one at the address to listen on is asked.
    let own = server.data_dir();
    let doctor = ["doctor", "--json", "--data-dir", &own, "--listen", &address];
    let found = run("", &server.admin_token, &doctor);
    let (result, detail) = result(&found, "server");
    assert_eq!((result.as_str(), found.code), ("ok", 0), "{found:?}");
    assert_eq!(detail, format!("`{}` answers and takes your key", server.url));
}

#[test]
fn an_address_that_something_else_has_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let data = initialised(dir.path());
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    only_problem(&examine(&data, &["--listen", &address]), "listen", "no Countersign");
    only_problem(
        &examine(&data, &["--listen", "203.0.113.1:7733"]),
        "listen",
        "cannot be listened on",
    );
}

#[test]
fn a_database_that_is_not_ours_newer_or_damaged_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let data = initialised(dir.path());
    let file = format!("{data}/countersign.db");
    let whole = std::fs::read(&file).unwrap();

    std::fs::write(&file, "this is a letter, not a database\n".repeat(300)).unwrap();
    only_problem(&examine(&data, &[]), "database", "not a database of Countersign");
    std::fs::write(&file, "").unwrap();
    only_problem(&examine(&data, &[]), "database", "not a database of Countersign");

    std::fs::remove_file(&file).unwrap();
    sql(
        &data,
        "CREATE TABLE migrations (id INTEGER, applied TEXT); INSERT INTO migrations VALUES (1, 'x')",
    );
    set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    only_problem(&examine(&data, &[]), "database", "not a database of Countersign");
    let refused = run("", "", &["serve", "--listen", "127.0.0.1:0", "--data-dir", &data]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("next: something else keeps its data there"), "{}", refused.err);

    std::fs::write(&file, &whole).unwrap();
    sql(&data, "INSERT INTO migrations VALUES (4711, 'later', 'x', 0)");
    only_problem(&examine(&data, &[]), "database", "schema version 4711");
    sql(&data, "DELETE FROM migrations WHERE version = 4711; UPDATE migrations SET checksum = 'x'");
    only_problem(&examine(&data, &[]), "database", "not the one of this program");

    std::fs::write(&file, &whole).unwrap();
    sql(
        &data,
        "UPDATE records SET body = json_set(body, '$.data.x', 1) \
        WHERE seq = (SELECT max(seq) FROM records)",
    );
    only_problem(&examine(&data, &[]), "record", "does not fit");
    sql(&data, "UPDATE records SET body = '['");
    only_problem(&examine(&data, &[]), "record", "not readable");

    std::fs::write(&file, &whole).unwrap();
    sql(&data, "UPDATE records SET body = json_set(body, '$.at', '2077-01-01T00:00:00Z')");
    let found = examine(&data, &[]);
    assert_eq!(result(&found, "clock").0, "problem", "{found:?}");

    let mut torn = whole.clone();
    let middle = torn.len() / 2;
    torn[middle..middle + 8192].fill(0xa5);
    std::fs::write(&file, &torn).unwrap();
    let found = examine(&data, &[]);
    assert_eq!(found.code, 1, "{found:?}");
    let report = found.json().to_string();
    assert!(report.contains("damaged") || report.contains("malformed"), "{report}");
}

#[tokio::test]
async fn a_webhook_that_cannot_be_reached_is_a_problem() {
    let opened = ["--allow-private-targets", "127.0.0.0/8"];
    let mut server = Server::start_with(&opened).await;
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hook = format!("http://{nobody}/hook");
    assert_eq!(server.runs(&["webhooks", "add", &hook]).code, 0);
    server.terminate();
    assert_eq!(server.ended(), Some(0));
    let data = server.data_dir();
    only_problem(&examine(&data, &opened), "webhook", "cannot be reached");
    only_problem(&examine(&data, &[]), "webhook", "never called");
    // Somebody who answers anything at all will do.
    server.restart().await;
    let address = server.url.replace("http://", "");
    let id = server.runs(&["webhooks", "list", "--json"]).json()["items"][0]["id"].clone();
    assert_eq!(server.runs(&["webhooks", "disable", id.as_str().unwrap()]).code, 0);
    assert_eq!(server.runs(&["webhooks", "add", &server.url]).code, 0);
    let doctor = ["doctor", "--data-dir", &data, "--listen", &address, "--json"];
    let found = server.runs(&[&doctor[..], &opened].concat());
    assert_eq!((found.code, result(&found, "webhook").0.as_str()), (0, "ok"), "{found:?}");
}

#[test]
fn people_read_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("none").display().to_string();
    let found = run("http://127.0.0.1:1", "", &["doctor", "--data-dir", &data]);
    assert_eq!(found.code, 1);
    assert!(found.out.contains("PROBLEM  data_dir"), "{}", found.out);
    assert!(found.out.contains("next: name it with --data-dir"), "{}", found.out);
    assert!(found.out.contains("problems: 1, warnings: "), "{}", found.out);
}
