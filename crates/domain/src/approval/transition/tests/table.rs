//! Every transition in every state.

use std::fmt::Write as _;

use super::super::{Approval, ApprovalError, Execution, Resolution, RunEnd, State, Transition};
use crate::approval::fixtures::*;

/// Every state, with the second at which the transition is tried.
fn states() -> Vec<(&'static str, Approval, i64)> {
    let approved = || fresh().yes(&ana(), 5).unwrap();
    let running = || approved().used(6).unwrap();
    let unknown = || running().lose_sight(at(7)).unwrap().next();
    let ended = |end| running().finish(end, &agent(), at(7)).unwrap().next();
    let asked = fresh().ask(&ana().answering(), "why?".into(), message_id(), at(5)).unwrap().next();
    vec![
        ("pending", fresh(), 10),
        ("pending, asked", asked.clone(), 10),
        ("pending, last moment", fresh(), END - 1),
        ("pending, too late", asked, END),
        ("unused", approved(), 10),
        ("unused, last moment", approved(), 5 + USE - 1),
        ("unused, too late", approved(), 5 + USE),
        ("running", running(), 10),
        ("succeeded", ended(RunEnd::Succeeded { result: None, cost: None }), 10),
        ("failed", ended(RunEnd::Failed { error: None, cost: None }), 10),
        ("unknown", unknown(), 10),
        ("lapsed", approved().lapse(at(5 + USE)).unwrap().next(), 5 + USE + 1),
        ("revoked", approved().revoke("frozen".into(), &cleo().caller, at(6)).unwrap().next(), 10),
        ("denied", fresh().no(&ana(), 5).unwrap(), 10),
        ("expired", fresh().expire(at(END)).unwrap().next(), END + 1),
        ("canceled", fresh().cancel(None, &agent(), at(5)).unwrap().next(), 10),
    ]
}

type Tried = Result<Transition, ApprovalError>;
type Try = fn(Approval, i64) -> Tried;

/// Every transition, by Ben where a person is needed.
const TRANSITIONS: [(&str, Try); 17] = [
    ("approve", |a, now| a.approve(ben().answering(), None, at(now))),
    ("approve with edits", |a, now| {
        let edited = a.edit(object(&serde_json::json!({"amount": 50})))?;
        a.approve(ben().answering(), Some(edited), at(now))
    }),
    ("deny", |a, now| a.deny(ben().answering(), "no".into(), at(now))),
    ("ask", |a, now| a.ask(&ben().answering(), "why?".into(), message_id(), at(now))),
    ("reply", |a, now| a.reply("because".into(), message_id(), &agent(), at(now))),
    ("comment", |a, now| a.comment("hm".into(), message_id(), &ben().caller, at(now))),
    ("cancel", |a, now| a.cancel(None, &agent(), at(now))),
    ("expire", |a, now| a.expire(at(now))),
    ("redeem", |a, now| {
        let digest = a.digest();
        a.redeem(digest, receipt_id(), &agent(), at(now))
    }),
    ("finish well", |a, now| {
        a.finish(RunEnd::Succeeded { result: None, cost: None }, &agent(), at(now))
    }),
    ("finish badly", |a, now| {
        a.finish(RunEnd::Failed { error: None, cost: None }, &agent(), at(now))
    }),
    ("lose sight", |a, now| a.lose_sight(at(now))),
    ("resolve as succeeded", |a, now| {
        a.resolve(Resolution::Succeeded, None, &ben().caller, at(now))
    }),
    ("resolve as failed", |a, now| a.resolve(Resolution::Failed, None, &ben().caller, at(now))),
    ("resolve as retry", |a, now| a.resolve(Resolution::Retry, None, &ben().caller, at(now))),
    ("lapse", |a, now| a.lapse(at(now))),
    ("revoke", |a, now| a.revoke("frozen".into(), &cleo().caller, at(now))),
];

fn stands(approval: &Approval) -> String {
    match &approval.state {
        State::Approved { execution: Execution::Unused, use_by, .. } => {
            format!("approved, unused for {}", use_by.duration_since(at(0)).as_secs())
        }
        State::Approved { execution, .. } => format!("approved, {}", execution.as_str()),
        State::Pending { .. } if approval.open_question().is_some() => "pending, asked".to_owned(),
        other => other.status().to_string(),
    }
}

fn told(before: &Approval, tried: &Tried) -> String {
    match tried {
        Ok(t) => {
            assert_eq!(t.approval.revision, before.revision.next());
            format!("ok: {}", stands(&t.approval))
        }
        Err(error) => format!("{error:?}"),
    }
}

/// For each transition, what comes of it and in which states.
fn table() -> String {
    let mut out = String::new();
    for (name, transition) in TRANSITIONS {
        let mut results: Vec<(String, Vec<&str>)> = Vec::new();
        for (state, approval, now) in states() {
            let result = told(&approval, &transition(approval.clone(), now));
            match results.iter_mut().find(|(known, _)| *known == result) {
                Some((_, states)) => states.push(state),
                None => results.push((result, vec![state])),
            }
        }
        writeln!(out, "{name}").unwrap();
        for (result, states) in results {
            writeln!(out, "  {result} <- {}", states.join(" | ")).unwrap();
        }
    }
    out
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of everything")]
fn every_transition_in_every_state() {
    insta::assert_snapshot!(table(), @r#"
    approve
      ok: approved, unused for 3610 <- pending | pending, asked
      ok: approved, unused for 17999 <- pending, last moment
      TimeRanOut <- pending, too late
      Decided(Approved) <- unused | unused, last moment | unused, too late | running | succeeded | failed | unknown | lapsed | revoked
      Decided(Denied) <- denied
      Decided(Expired) <- expired
      Decided(Canceled) <- canceled
    approve with edits
      ok: approved, unused for 3610 <- pending | pending, asked
      ok: approved, unused for 17999 <- pending, last moment
      TimeRanOut <- pending, too late
      Decided(Approved) <- unused | unused, last moment | unused, too late | running | succeeded | failed | unknown | lapsed | revoked
      Decided(Denied) <- denied
      Decided(Expired) <- expired
      Decided(Canceled) <- canceled
    deny
      ok: denied <- pending | pending, asked | pending, last moment
      TimeRanOut <- pending, too late
      Decided(Approved) <- unused | unused, last moment | unused, too late | running | succeeded | failed | unknown | lapsed | revoked
      Decided(Denied) <- denied
      Decided(Expired) <- expired
      Decided(Canceled) <- canceled
    ask
      ok: pending, asked <- pending | pending, asked | pending, last moment
      TimeRanOut <- pending, too late
      Decided(Approved) <- unused | unused, last moment | unused, too late | running | succeeded | failed | unknown | lapsed | revoked
      Decided(Denied) <- denied
      Decided(Expired) <- expired
      Decided(Canceled) <- canceled
    reply
      NoQuestion <- pending | pending, last moment
      ok: pending <- pending, asked
      TimeRanOut <- pending, too late
      Decided(Approved) <- unused | unused, last moment | unused, too late | running | succeeded | failed | unknown | lapsed | revoked
      Decided(Denied) <- denied
      Decided(Expired) <- expired
      Decided(Canceled) <- canceled
    comment
      ok: pending <- pending | pending, last moment
      ok: pending, asked <- pending, asked | pending, too late
      ok: approved, unused for 3605 <- unused | unused, last moment | unused, too late
      ok: approved, running <- running
      ok: approved, succeeded <- succeeded
      ok: approved, failed <- failed
      ok: approved, unknown <- unknown
      ok: approved, lapsed <- lapsed
      ok: approved, revoked <- revoked
      ok: denied <- denied
      ok: expired <- expired
      ok: canceled <- canceled
    cancel
      ok: canceled <- pending | pending, asked | pending, last moment
      TimeRanOut <- pending, too late
      Decided(Approved) <- unused | unused, last moment | unused, too late | running | succeeded | failed | unknown | lapsed | revoked
      Decided(Denied) <- denied
      Decided(Expired) <- expired
      Decided(Canceled) <- canceled
    expire
      StillOpen <- pending | pending, asked | pending, last moment
      ok: expired <- pending, too late
      Decided(Approved) <- unused | unused, last moment | unused, too late | running | succeeded | failed | unknown | lapsed | revoked
      Decided(Denied) <- denied
      Decided(Expired) <- expired
      Decided(Canceled) <- canceled
    redeem
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      ok: approved, running <- unused | unused, last moment
      Used("lapsed") <- unused, too late | lapsed
      Used("running") <- running
      Used("succeeded") <- succeeded
      Used("failed") <- failed
      Used("unknown") <- unknown
      Used("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    finish well
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      NotRunning("unused") <- unused | unused, last moment | unused, too late
      ok: approved, succeeded <- running
      NotRunning("succeeded") <- succeeded
      NotRunning("failed") <- failed
      NotRunning("unknown") <- unknown
      NotRunning("lapsed") <- lapsed
      NotRunning("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    finish badly
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      NotRunning("unused") <- unused | unused, last moment | unused, too late
      ok: approved, failed <- running
      NotRunning("succeeded") <- succeeded
      NotRunning("failed") <- failed
      NotRunning("unknown") <- unknown
      NotRunning("lapsed") <- lapsed
      NotRunning("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    lose sight
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      NotRunning("unused") <- unused | unused, last moment | unused, too late
      ok: approved, unknown <- running
      NotRunning("succeeded") <- succeeded
      NotRunning("failed") <- failed
      NotRunning("unknown") <- unknown
      NotRunning("lapsed") <- lapsed
      NotRunning("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    resolve as succeeded
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      NotUnknown("unused") <- unused | unused, last moment | unused, too late
      NotUnknown("running") <- running
      NotUnknown("succeeded") <- succeeded
      NotUnknown("failed") <- failed
      ok: approved, succeeded <- unknown
      NotUnknown("lapsed") <- lapsed
      NotUnknown("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    resolve as failed
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      NotUnknown("unused") <- unused | unused, last moment | unused, too late
      NotUnknown("running") <- running
      NotUnknown("succeeded") <- succeeded
      NotUnknown("failed") <- failed
      ok: approved, failed <- unknown
      NotUnknown("lapsed") <- lapsed
      NotUnknown("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    resolve as retry
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      NotUnknown("unused") <- unused | unused, last moment | unused, too late
      NotUnknown("running") <- running
      NotUnknown("succeeded") <- succeeded
      NotUnknown("failed") <- failed
      ok: approved, unused for 3610 <- unknown
      NotUnknown("lapsed") <- lapsed
      NotUnknown("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    lapse
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      StillOpen <- unused | unused, last moment
      ok: approved, lapsed <- unused, too late
      Used("running") <- running
      Used("succeeded") <- succeeded
      Used("failed") <- failed
      Used("unknown") <- unknown
      Used("lapsed") <- lapsed
      Used("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    revoke
      NotApproved(Pending) <- pending | pending, asked | pending, last moment | pending, too late
      ok: approved, revoked <- unused | unused, last moment
      Used("lapsed") <- unused, too late | lapsed
      Used("running") <- running
      Used("succeeded") <- succeeded
      Used("failed") <- failed
      Used("unknown") <- unknown
      Used("revoked") <- revoked
      NotApproved(Denied) <- denied
      NotApproved(Expired) <- expired
      NotApproved(Canceled) <- canceled
    "#);
}
