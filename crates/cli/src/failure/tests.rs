use countersign_wire::{Code, Problem};

use super::*;

#[test]
fn an_error_says_what_went_wrong_and_what_to_do() {
    let mut problem = Problem::new(Code::Stale, "the digest is \u{1b}[2Jother");
    problem.path = Some("$.expected_digest".to_owned());
    problem.approval_id = Some("apr_1".to_owned());
    let failure = Failure::from(ClientError::Problem(Box::new(problem.clone())));
    insta::assert_snapshot!(failure.to_text(), @r"
    error: the digest is \u{1b}[2Jother
    at: $.expected_digest
    approval: apr_1
    next: look at it again, then answer
    ");
    assert_eq!(failure.to_json(), serde_json::to_value(problem).unwrap());
}

#[test]
fn each_mistake_of_files_has_lines_of_its_own() {
    let text = "p.yaml:3:1: error: a\n 3 | x\n   | ^\np.yaml:4:1: error: b".to_owned();
    let failure = Failure::Mistakes { text, next: "mend it" };
    insta::assert_snapshot!(failure.to_text(), @r"
    p.yaml:3:1: error: a
     3 | x
       | ^
    p.yaml:4:1: error: b
    error: the files have mistakes
    next: mend it
    ");
}

#[test]
fn every_failure_has_a_next_step_in_json_too() {
    let failures = [
        Failure::NoToken,
        Failure::from(ClientError::Unreachable("refused".to_owned())),
        Failure::from(ClientError::Unexpected { status: 502, body: "bad gateway".to_owned() }),
        Failure::usage("`x` is not a pair", "write `key=value`"),
        Failure::Mistakes { text: "p.yaml: a".to_owned(), next: "mend it" },
        Failure::Interrupted,
    ];
    for failure in failures {
        assert!(failure.to_text().contains("\nnext: "), "{failure}");
        let json = failure.to_json();
        assert!(["code", "detail", "next"].iter().all(|key| json[key].is_string()), "{json}");
    }
}

#[test]
fn whoever_is_slowed_is_told_when_to_try_again() {
    let mut problem = Problem::new(Code::RateLimited, "`bot` calls too often");
    problem.retry_after = Some(7);
    let failure = Failure::from(ClientError::Problem(Box::new(problem)));
    insta::assert_snapshot!(failure.to_text(), @r"
    error: `bot` calls too often
    next: try again in 7 s
    ");
    assert_eq!(failure.to_json()["retry_after"], 7);
}

#[test]
fn at_a_command_line_nothing_names_a_call_of_the_api() {
    for code in Code::ALL {
        let text =
            Failure::from(ClientError::Problem(Box::new(Problem::new(*code, "x")))).to_text();
        let calls = ["GET", "POST", "Retry-After", "Authorization", "as `code`", "in `reason`"];
        assert!(!calls.iter().any(|call| text.contains(call)), "{text}");
    }
}

#[test]
fn a_server_that_does_not_start_has_a_next_step_of_its_own() {
    use std::io;
    use std::path::PathBuf;

    use countersign_server::{StartError, StoreError};
    let path = || PathBuf::from("/data");
    let file = |kind: io::ErrorKind| StartError::File { path: path(), error: kind.into() };
    let address = "127.0.0.1:1".parse().unwrap();
    let listen = |kind: io::ErrorKind| StartError::Listen { address, error: kind.into() };
    let steps: Vec<String> = [
        StartError::InUse(path()),
        StartError::AlreadyInitialised(path()),
        StartError::Incomplete(path()),
        StartError::NoDatabase(path()),
        StartError::SigningKeyMissing(path()),
        file(io::ErrorKind::PermissionDenied),
        file(io::ErrorKind::ReadOnlyFilesystem),
        file(io::ErrorKind::StorageFull),
        listen(io::ErrorKind::AddrInUse),
        listen(io::ErrorKind::AddrNotAvailable),
        StartError::Provider("x".to_owned()),
        StartError::Store(StoreError::TooNew { found: 2, known: 1 }),
        StartError::Store(StoreError::Foreign),
        StartError::Store(StoreError::OtherHistory(1)),
        StartError::Store(StoreError::Unreadable("x".to_owned())),
        StartError::Store(StoreError::Failed("x".to_owned())),
    ]
    .into_iter()
    .map(|error| Failure::from(error).next())
    .collect();
    let distinct: std::collections::BTreeSet<_> = steps.iter().collect();
    assert_eq!(distinct.len(), steps.len(), "{steps:#?}");
    assert!(!steps.iter().any(|step| step.contains("mend what it says")), "{steps:#?}");
}
