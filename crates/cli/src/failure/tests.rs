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
