//! A check that is retried under its idempotency key.

use std::sync::Arc;

use countersign_domain::Recorded;
use countersign_domain::policy::{Charge, Decision, Verdict};
use countersign_wire::Code;

use super::CheckAnswer;
use crate::app::{App, Asker, Error};

/// What was counted for a call that is retried; it is not counted twice, nor does it stand in its own way.
pub(super) fn counted(before: &Recorded) -> Vec<Charge> {
    match before {
        Recorded::Verdict(verdict, _) => {
            [verdict.charges.clone(), verdict.attempts.clone()].concat()
        }
        Recorded::Approval(_) | Recorded::Other(_) => Vec::new(),
    }
}

impl App {
    /// What a retried check is told: what the first one was told, as far as that still holds. A go is given
    /// again only while policy allows it and the one use is under way, unfinished.
    pub(super) async fn check_again(
        &self,
        asker: &Asker,
        before: Recorded,
        now: Verdict,
    ) -> Result<CheckAnswer, Error> {
        let (recorded, id) = match before {
            Recorded::Verdict(verdict, id) => (*verdict, id),
            Recorded::Approval(_) | Recorded::Other(_) => {
                let detail = "this key came with a call that was no check";
                return Err(Error::new(Code::IdempotencyMismatch, detail));
            }
        };
        let approval = match id {
            Some(id) => self.store.approval(asker.org(), id).await?.map(Arc::new),
            None => None,
        };
        let go = recorded.decision == Decision::Allow;
        match approval {
            _ if go && now.decision == Decision::Deny => Ok(CheckAnswer::plain(now, None)),
            None if go && now.decision != Decision::Allow => Ok(CheckAnswer::plain(now, None)),
            Some(approval) if go && !approval.is_running() => {
                let state = approval.execution().map_or("unused", |run| run.as_str());
                let detail = format!("the approval was used already; its run is `{state}`");
                Err(Error::new(Code::AlreadyUsed, detail).about(approval.id))
            }
            approval => Ok(CheckAnswer::plain(recorded, approval)),
        }
    }
}
