//! A verdict meets what people have already said about the same proposal.

use super::{Decision, ReasonCode, Verdict};
use crate::approval::{Approval, Meeting};

/// What a check comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Settled {
    /// It may run.
    Allow(Verdict),
    /// It must not run; the approval that stands in the way, if one does.
    Deny(Verdict, Option<Box<Approval>>),
    /// The same is pending: no second card.
    Join(Verdict, Box<Approval>),
    /// A person allowed exactly this: it may run once, and uses up the approval.
    Consume(Verdict, Box<Approval>),
    /// A person has to be asked.
    Open(Verdict),
}

/// Policy's deny comes first, so that a tightened policy stops also what was approved; then what people said
/// about exactly this; then policy's allow or escalate.
pub fn settle(verdict: Verdict, meeting: Meeting) -> Settled {
    match (verdict.decision, meeting) {
        (Decision::Deny, _) => Settled::Deny(verdict, None),
        (_, Meeting::Denied(approval)) => {
            let why = approval.last_denial().unwrap_or("no reason was given");
            let reason = format!("the same was denied a short while ago: {why}");
            Settled::Deny(
                verdict.turned(Decision::Deny, ReasonCode::PreviouslyDenied, reason),
                Some(approval),
            )
        }
        (_, Meeting::Edited(approval)) => {
            let reason = "it was approved with edits; only the edited proposal may run";
            Settled::Deny(
                verdict.turned(Decision::Deny, ReasonCode::ApprovedWithEdits, reason),
                Some(approval),
            )
        }
        (_, Meeting::Consumes(approval)) => {
            let by = approval.answered_by().map(|by| by.to_string()).unwrap_or_default();
            let reason = format!("approved by {by}");
            Settled::Consume(
                verdict.turned(Decision::Allow, ReasonCode::Approved, reason),
                approval,
            )
        }
        (_, Meeting::Joins(approval)) => {
            // Why it is asked now is told where policy asks now; else why it waits all the same.
            if verdict.decision == Decision::Escalate {
                return Settled::Join(verdict, approval);
            }
            let code = approval.card.reason_code.clone();
            let reason = format!("the same waits for people already: {}", approval.card.reason);
            Settled::Join(verdict.turned(Decision::Escalate, code, reason), approval)
        }
        (Decision::Allow, Meeting::Fresh | Meeting::Dearer(_)) => Settled::Allow(verdict),
        (Decision::Escalate, Meeting::Fresh | Meeting::Dearer(_)) => Settled::Open(verdict),
    }
}
