//! Opening an approval.

use jiff::Timestamp;
use serde_json::json;

use super::{Fact, Transition, kept};
use crate::approval::card::Presented;
use crate::approval::{Approval, Card, OnTimeout, Requirements, State};
use crate::audit::Kind;
use crate::identity::Caller;
use crate::notification::Event;
use crate::{ApprovalId, Revision, display, time};

/// What is needed to open an approval.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// Its new id.
    pub id: ApprovalId,
    /// What is asked.
    pub card: Card,
    /// Who must say yes.
    pub requirements: Requirements,
}

impl Approval {
    /// Opens an approval at the card's `created_at`.
    pub fn open(opening: Opening, caller: &Caller) -> Transition {
        let Opening { id, card, requirements } = opening;
        let now = card.created_at;
        let data = json!({
            "action": card.proposal.action,
            "summary": card.summary,
            "params": display::redact_object(&card.proposal.params),
            "cost": card.cost,
            "origin": card.origin,
            "risk": card.risk,
            "reason_code": card.reason_code,
        });
        let approval = Self {
            id,
            revision: Revision::FIRST,
            state: State::Pending { expires_at: first_end(&requirements, now), levels_used: 0 },
            card,
            edits: Vec::new(),
            requirements,
            answers: Vec::new(),
            thread: Vec::new(),
            presented: Presented::default(),
        };
        kept(approval, Fact::new(Kind::ApprovalOpened, Event::ApprovalCreated, data), caller, now)
    }
}

fn first_end(requirements: &Requirements, now: Timestamp) -> Option<Timestamp> {
    match requirements.on_timeout {
        OnTimeout::Keep => None,
        OnTimeout::Deny | OnTimeout::Escalate(_) => Some(time::after(now, requirements.expires_in)),
    }
}
