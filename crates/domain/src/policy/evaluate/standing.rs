//! Whether the agent may act at all, and do this kind of thing.

use super::case::{Case, Line};
use crate::display;
use crate::identity::AgentStatus;
use crate::identity::capability::Wanted;
use crate::policy::ReasonCode;

/// Whether the agent may act at all.
pub(super) fn agent_status(case: &mut Case<'_>) -> Line {
    let agent = case.question.agent;
    if let Some(freeze) = case.book.freeze(agent.id, &case.question.proposal.action) {
        return case.fail(ReasonCode::Frozen, freeze.sentence());
    }
    let documented = case.agent.map(|agent| agent.document.status);
    if agent.status == AgentStatus::Inactive || documented == Some(AgentStatus::Inactive) {
        let why = format!("agent `{}` is inactive", agent.name);
        return case.fail(ReasonCode::AgentInactive, why);
    }
    match case.book.active(agent.id) {
        Some(sentence) => case.pass(sentence),
        None => case.pass(format!("agent `{}` is active", agent.name)),
    }
}

/// Whether its manifest is in force.
pub(super) fn manifest_validation(case: &mut Case<'_>) -> Line {
    let Some(manifest) = case.manifest else {
        return case.skip("the agent has no manifest");
    };
    match manifest.manifest.status {
        AgentStatus::Active => case.pass(&manifest.in_force),
        AgentStatus::Inactive => {
            case.fail(ReasonCode::ManifestInactive, "the agent's manifest is switched off")
        }
    }
}

/// Whether the capability token that was shown, if one was, covers it.
pub(super) fn capability_token(case: &mut Case<'_>) -> Line {
    let question = case.question;
    let Some(capability) = question.capability else {
        return case.skip("no capability token was given");
    };
    let action = &question.proposal.action;
    let named = display::ticked(action.as_str());
    let wanted =
        Wanted { action, amount: case.request_amount(), task: question.task, now: question.now };
    match capability.permits(wanted) {
        Ok(()) => case.pass(format!("every block of the capability token permits `{named}`")),
        Err(refusal) => case.fail(refusal.code(), refusal.to_string()),
    }
}

/// Whether its manifest permits the action.
pub(super) fn action_type(case: &mut Case<'_>) -> Line {
    let Some(manifest) = case.manifest else {
        return case.skip("no manifest limits the actions");
    };
    match manifest.permitted(&case.question.proposal.action) {
        Ok(sentence) => case.pass(sentence),
        Err(why) => case.fail(ReasonCode::ActionNotAllowed, why),
    }
}
