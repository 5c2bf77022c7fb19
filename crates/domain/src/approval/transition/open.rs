//! Opening an approval.

use jiff::Timestamp;
use serde_json::json;

use super::{ApprovalError, Execution, Fact, Transition, close, kept};
use crate::approval::card::Presented;
use crate::approval::{AnsweredBy, Approval, Card, OnTimeout, Requirements, Risk, State};
use crate::audit::Kind;
use crate::display::redact_text;
use crate::identity::Caller;
use crate::notification::Event;
use crate::policy::AutoBy;
use crate::{ApprovalId, Revision, time};

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
            "summary": redact_text(&card.summary),
            "tool": card.proposal.tool.as_ref().map(|tool| &tool.name),
            "params": card.shown(&card.proposal.params),
            "context": card.shown(&card.context),
            "task_id": card.task_id,
            "cost": card.cost.readable(),
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

impl Approval {
    /// Opens an approval that a grant answers at once. Never one with critical risk.
    pub fn open_answered(
        opening: Opening,
        by: &AutoBy,
        caller: &Caller,
    ) -> Result<Transition, ApprovalError> {
        let now = opening.card.created_at;
        let opened = Self::open(opening, caller);
        let answered = Self::clone(&opened.approval).answer_by_grant(by, now)?;
        Ok(opened.then(answered))
    }

    fn answer_by_grant(mut self, by: &AutoBy, now: Timestamp) -> Result<Transition, ApprovalError> {
        self.must_be_pending(now)?;
        if self.card.risk == Risk::Critical {
            let why = "people, because its risk is critical";
            return Err(ApprovalError::NotAdmitted(why.to_owned()));
        }
        self.state = State::Approved {
            at: now,
            by: AnsweredBy::Auto(by.clone()),
            use_by: time::after(now, self.requirements.use_within),
            execution: Execution::Unused,
        };
        let data = json!({"answered_by": by.label(), "grant": by.grant()});
        let fact = Fact::new(Kind::ApprovalApproved, Event::ApprovalApproved, data);
        Ok(close(self, fact, &Caller::system(), now))
    }
}

fn first_end(requirements: &Requirements, now: Timestamp) -> Option<Timestamp> {
    match requirements.on_timeout {
        OnTimeout::Keep => None,
        OnTimeout::Deny | OnTimeout::Escalate(_) => Some(time::after(now, requirements.expires_in)),
    }
}
