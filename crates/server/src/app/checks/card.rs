//! What a check becomes: a proposal, a card for people, a notice for the world.

use countersign_domain::approval::{Approval, Card, Origin, Proposal, Requester, ToolRef};
use countersign_domain::identity::capability::Capability;
use countersign_domain::identity::{Agent, Email};
use countersign_domain::json::Object;
use countersign_domain::notification::{Event, Notice};
use countersign_domain::policy::{AutoBy, Verdict};
use countersign_domain::{ApprovalId, OrgId, Recorded, display, names};
use serde_json::{Value, json};

use super::{Case, Check};
use crate::app::{Asker, Error};

/// What the world is told about a check that was denied.
pub(super) fn denial(case: &Case<'_>, verdict: &Verdict, approval: Option<&Approval>) -> Notice {
    let shown = |object| display::redact_object_and(object, &hidden(case));
    let data = json!({
        "approval_id": approval.map(|approval| approval.id),
        "decision": "denied",
        "action": case.proposal.action,
        "context": shown(&case.check.context),
        "agent": {"id": case.agent.id, "name": case.agent.name},
        "params": shown(&case.proposal.params),
        "digest": case.wanted.digest,
        "reason_code": verdict.reason_code,
        "reason": verdict.reason,
    });
    Notice { event: Event::CheckDenied, data }
}

/// What the record keeps of a check: everything it was judged by, so that it can be judged again.
pub(super) fn recorded(case: &Case<'_>, verdict: &Verdict) -> Value {
    let shown = |object| display::redact_object_and(object, &hidden(case));
    json!({
        "action": case.proposal.action,
        "tool": case.proposal.tool.as_ref().map(|tool| &tool.name),
        "params": shown(&case.proposal.params),
        "context": shown(&case.check.context),
        "cost": case.check.cost.readable(),
        "task_id": case.check.task_id,
        "verdict": verdict.decision,
        "reason_code": verdict.reason_code,
        "reason": verdict.reason,
        "rules": verdict.rules,
        "grant": verdict.by.as_ref().map(AutoBy::grant),
        "policy": case.asker.snapshot.hash,
    })
}

/// The names of parameters that nobody is shown.
fn hidden(case: &Case<'_>) -> Vec<String> {
    case.asker.snapshot.rulebook().hidden_in(case.proposal)
}

/// What exactly a check asks for.
pub(super) fn proposal(org: &OrgId, agent: &Agent, check: &Check) -> Result<Proposal, Error> {
    let told = match &check.resource {
        Some(resource) => Some(visible(resource)?),
        None => resource_in(&check.context)?,
    };
    Ok(Proposal {
        org: org.clone(),
        agent: agent.id,
        action: check.action.clone(),
        tool: check.tool.clone().map(|name| ToolRef { name, schema_version: None }),
        resource: told,
        params: check.params.clone(),
    })
}

/// The resource, where it is told among all that surrounds a request.
pub(in crate::app) fn resource_in(context: &Object) -> Result<Option<String>, Error> {
    context.get("resource").and_then(Value::as_str).map(visible).transpose()
}

/// A resource is compared by rules, so that it must not hold what nobody sees.
fn visible(resource: &str) -> Result<String, Error> {
    let refused = |error| Error::invalid("$.resource", error);
    names::must_be_visible(resource).map_err(refused).map(|()| resource.to_owned())
}

/// What an idempotency key of the check stands for, if it has one.
pub(super) fn remember(
    case: &Case<'_>,
    verdict: &Verdict,
    approval: Option<ApprovalId>,
) -> Option<countersign_domain::Idempotency> {
    let key = case.check.idempotency.as_ref()?;
    let recorded = Recorded::Verdict(Box::new(verdict.clone()), approval);
    Some(key.records(&case.asker.caller, recorded, case.now))
}

/// The card that people are shown.
pub(super) fn card(case: &Case<'_>, verdict: &Verdict) -> Card {
    Card {
        digest: case.wanted.digest,
        proposal: case.proposal.clone(),
        requester: requester(case.asker, case.agent, case.check.on_behalf_of.clone()),
        origin: Origin::Check,
        summary: Card::summary_of(&case.agent.name, &case.proposal.action),
        reasoning: None,
        cost: case.check.cost.clone(),
        side_effects: Vec::new(),
        if_denied: None,
        risk: case.asker.snapshot.settings.risk(verdict.risk_floor, None),
        stated_risk: None,
        context: case.check.context.clone(),
        hidden: hidden(case),
        task_id: case.check.task_id.clone(),
        links: Vec::new(),
        responses: Vec::new(),
        reason_code: verdict.reason_code.clone(),
        reason: verdict.reason.clone(),
        trace: verdict.trace.clone(),
        risk_snapshot: verdict.risk_snapshot.to_value(),
        created_at: case.now,
    }
}

/// The agent as it asks now.
pub(in crate::app) fn requester(
    asker: &Asker,
    agent: &Agent,
    on_behalf_of: Option<Email>,
) -> Requester {
    Requester {
        agent: agent.id,
        name: agent.name.clone(),
        version: agent.version.clone(),
        owner: agent.owner.clone(),
        on_behalf_of,
        token: asker.capability.as_deref().map(Capability::shown),
    }
}
