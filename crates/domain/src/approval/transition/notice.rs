//! What the world is told about an approval, frozen when it changes: whoever is told late is told what was
//! so then, not what became of it since.

use serde_json::{Value, json};

use crate::approval::{Approval, Execution, State};

/// The data of an event about this approval. Secrets are redacted, as for people.
pub(super) fn data(approval: &Approval) -> Value {
    let (card, proposal) = (&approval.card, approval.proposal());
    json!({
        "approval_id": approval.id,
        "decision": approval.state.status(),
        "action": proposal.action,
        "context": card.shown(&card.context),
        "agent": {"id": card.requester.agent, "name": card.requester.name},
        "params": card.shown(&proposal.params),
        "digest": approval.digest(),
        "revision": approval.revision,
        "risk": card.risk,
        "reason_code": card.reason_code,
        "reason": reason(approval),
        "answered_by": approval.answered_by().map(|by| by.to_string()),
        "execution": approval.execution().map(Execution::as_str),
    })
}

/// Why it was decided so, in the words of whoever did; while it is pending, why a person is asked.
fn reason(approval: &Approval) -> Option<&str> {
    match &approval.state {
        State::Pending { .. } => Some(&approval.card.reason),
        State::Denied { reason, .. } => Some(reason),
        State::Canceled { reason, .. } => reason.as_deref(),
        State::Approved { .. } | State::Expired { .. } => None,
    }
}
