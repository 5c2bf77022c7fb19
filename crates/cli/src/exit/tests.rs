use countersign_domain::approval::OutcomeKind;
use serde_json::{Value, json};

use super::*;
use crate::failure::Failure;
use crate::sample;

const ALL: [Exit; 12] = [
    Exit::Success,
    Exit::Unexpected,
    Exit::Usage,
    Exit::Denied,
    Exit::NotAllowed,
    Exit::DeniedByPolicy,
    Exit::Expired,
    Exit::Canceled,
    Exit::Pending,
    Exit::Conflict,
    Exit::Busy,
    Exit::Interrupted,
];

#[test]
fn the_help_lists_exactly_the_codes_there_are() {
    let listed: Vec<&str> =
        HELP.lines().skip(1).map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(listed, ALL.map(|exit| exit.code().to_string()));
}

#[test]
fn an_outcome_decides_how_to_exit() {
    let cases = [
        ("approved", "unused", Exit::Success),
        ("edited", "unused", Exit::Success),
        ("approved", "running", Exit::Conflict),
        ("approved", "succeeded", Exit::Conflict),
        ("approved", "failed", Exit::Conflict),
        ("approved", "unknown", Exit::Conflict),
        ("approved", "lapsed", Exit::Expired),
        ("edited", "revoked", Exit::DeniedByPolicy),
        ("denied", "unused", Exit::Denied),
        ("expired", "unused", Exit::Expired),
        ("canceled", "unused", Exit::Canceled),
        ("asked_question", "unused", Exit::Pending),
        ("pending", "unused", Exit::Pending),
    ];
    for (outcome, state, exit) in cases {
        let execution = json!({"mode": "agent", "state": state});
        let view = sample::view(json!({"outcome": outcome, "execution": execution}));
        assert_eq!(Exit::of_approval(&view), exit, "{outcome} {state}");
        let _known: OutcomeKind = serde_json::from_value(Value::from(outcome)).unwrap();
    }
}

#[test]
fn only_an_allowed_check_is_a_go() {
    let cases = [
        ("allow", true, "ALLOWED_BY_POLICY", Exit::Success),
        ("allow", false, "ALLOWED_BY_POLICY", Exit::DeniedByPolicy),
        ("deny", false, "POLICY_DENIED", Exit::DeniedByPolicy),
        ("deny", false, "PREVIOUSLY_DENIED", Exit::Denied),
        ("deny", false, "OWN_CODE", Exit::DeniedByPolicy),
        ("escalate", false, "REQUIRES_APPROVAL", Exit::Pending),
        ("escalate", true, "REQUIRES_APPROVAL", Exit::Pending),
    ];
    for (verdict, allowed, code, exit) in cases {
        let verdict: VerdictView = serde_json::from_value(json!({
            "verdict": verdict, "allowed": allowed, "requires_approval": false, "reason_code": code,
            "reason": "", "policy_trace": [], "risk_snapshot": {}, "hints": [], "next": ""
        }))
        .unwrap();
        assert_eq!(Exit::of_verdict(&verdict), exit, "{code}");
    }
}

#[test]
fn a_refusal_decides_how_to_exit() {
    for code in Code::ALL {
        let exit = Exit::of_problem(&Problem::new(*code, "x"));
        let expected = match (code, code.status()) {
            (Code::PreviouslyDenied, _) => Exit::Denied,
            (Code::PolicyStopped | Code::PolicyDenied, _) => Exit::DeniedByPolicy,
            (_, 400 | 413 | 422) => Exit::Usage,
            (_, 401 | 403) => Exit::NotAllowed,
            (_, 404 | 409) => Exit::Conflict,
            (_, 429 | 503) => Exit::Busy,
            _ => Exit::Unexpected,
        };
        assert_eq!(exit, expected, "{code:?}");
    }
    assert_eq!(Exit::of_error(&ClientError::Unreachable("x".to_owned())), Exit::Busy);
    assert_eq!(Failure::NoToken.exit(), Exit::NotAllowed);
    assert_eq!(Failure::Interrupted.exit().code(), 130);
}

#[test]
fn several_exit_as_all_failures_did_or_as_a_conflict() {
    let cases = [
        (vec![], Exit::Success),
        (vec![Exit::Success, Exit::Success], Exit::Success),
        (vec![Exit::NotAllowed, Exit::Success, Exit::NotAllowed], Exit::NotAllowed),
        (vec![Exit::NotAllowed, Exit::Busy], Exit::Conflict),
    ];
    for (exits, exit) in cases {
        assert_eq!(Exit::of_all(exits.clone()), exit, "{exits:?}");
    }
}

#[test]
fn the_published_exit_codes_are_those_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/exit-codes.md");
    let page = format!(
        "# Exit codes\n\nWhat `countersign --help` says of them:\n\n```text\n{HELP}\n```\n"
    );
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == page, "run `UPDATE_REFERENCE=1 cargo test -p countersign published`");
}
