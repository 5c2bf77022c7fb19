//! From an approval of the domain to what is shown of it.

use countersign_domain::approval::{
    Answer, Approval, Card, Effective, Execution, Level, OnTimeout, Requester, Say, Stage, State,
    Status,
};
use countersign_domain::display::Concealed;

use super::view::{
    AgentRef, AnswerView, ApprovalView, Attested, EffectiveView, ExecutionView, HiddenView,
    LevelView, OnTimeoutView, PersonView, StageView, Viewer,
};
use crate::Object;
use crate::comments::MessageView;

impl ApprovalView {
    /// Shows an approval; `base_url` is where the dashboard is reached, without a slash at its end.
    pub fn of(approval: &Approval, viewer: Viewer, base_url: &str) -> Self {
        let card = &approval.card.readable();
        let outcome = approval.outcome();
        let approved = approval.state.status() == Status::Approved;
        Self {
            id: approval.id.to_string(),
            org: approval.org().to_string(),
            status: approval.state.status(),
            outcome: outcome.kind,
            agent: agent(&card.requester),
            owner: card.requester.owner.as_ref().map(ToString::to_string),
            on_behalf_of: card.requester.on_behalf_of.as_ref().map(ToString::to_string),
            action: card.proposal.action.to_string(),
            summary: card.summary.clone(),
            tool: card.proposal.tool.as_ref().map(|tool| tool.name.clone()),
            resource: card.proposal.resource.clone(),
            params: card.shown(&card.proposal.params),
            hidden: hidden(approval),
            context: card.shown(&card.context),
            digest: approval.digest().to_string(),
            presented: approval.presented().to_string(),
            revision: approval.revision.0,
            reasoning: card.reasoning.clone(),
            cost: card.cost.clone(),
            side_effects: card.side_effects.clone(),
            if_denied: card.if_denied.clone(),
            risk: card.risk,
            stated_risk: card.stated_risk,
            reason_code: card.reason_code.clone(),
            reason: outcome.reason.unwrap_or_else(|| card.reason.clone()),
            asked_because: card.reason.clone(),
            policy_trace: card.trace.clone(),
            risk_snapshot: card.risk_snapshot.clone(),
            stages: stages(approval),
            assurance: approval.requirements.assurance,
            on_timeout: on_timeout(approval),
            relayed: approval.requirements.relayed,
            notify: approval.requirements.notify.clone(),
            can_decide: None,
            outlook: None,
            answers: approval.answers.iter().map(|a| answer(a, approval)).collect(),
            thread: approval.thread.iter().map(MessageView::from).collect(),
            question: outcome.question,
            edits: outcome.edits.map(|edits| shown(edits, card, viewer)),
            effective: outcome.effective.map(|effective| effective_for(effective, card, viewer)),
            execution: execution(approval),
            task_id: card.task_id.clone(),
            links: card.links.clone(),
            responses: card.responses.clone(),
            created_at: card.created_at,
            expires_at: approval.expires_at(),
            use_by: approval.use_by(),
            decided_at: outcome.answered_at,
            answered_by: outcome.answered_by.clone(),
            answered_at: outcome.answered_at,
            approved_by: outcome.answered_by.filter(|_| approved),
            approved_at: outcome.answered_at.filter(|_| approved),
            notes: outcome.notes,
            next: outcome.next,
            url: format!("{base_url}/approvals/{}", approval.id),
        }
    }
}

impl Attested {
    /// How an approval stands.
    pub fn of(approval: &Approval) -> Self {
        let stages = stages(approval);
        let missing = stages.iter().map(|stage| stage.need.max(1).saturating_sub(stage.have)).sum();
        Self {
            id: approval.id.to_string(),
            status: approval.state.status(),
            answered_by: approval.answered_by().map(|by| by.to_string()),
            answered_at: approval.state.decided_at(),
            missing,
        }
    }
}

fn agent(requester: &Requester) -> AgentRef {
    AgentRef {
        id: requester.agent.to_string(),
        name: requester.name.clone(),
        version: requester.version.clone(),
    }
}

fn shown(object: Object, card: &Card, viewer: Viewer) -> Object {
    match viewer {
        Viewer::Requester => object,
        Viewer::Person => card.shown(&object),
    }
}

fn effective_for(effective: Effective, card: &Card, viewer: Viewer) -> EffectiveView {
    let view = EffectiveView::from(effective);
    EffectiveView { params: shown(view.params, card, viewer), ..view }
}

fn hidden(approval: &Approval) -> Vec<HiddenView> {
    let concealed = approval.card.concealed(&approval.proposal().params);
    let view = |one: Concealed| HiddenView {
        length: one.to_string(),
        may_be: one.could_be().map(str::to_owned),
        path: one.path,
    };
    concealed.into_iter().map(view).collect()
}

fn stages(approval: &Approval) -> Vec<StageView> {
    let tally = approval.tally();
    let view = |(stage, have): (&Stage, usize)| StageView {
        name: stage.name.clone(),
        need: stage.need,
        have,
        groups: stage.groups.clone(),
        people: stage.people.iter().map(ToString::to_string).collect(),
    };
    approval.requirements.stages.iter().zip(tally.have).map(view).collect()
}

fn on_timeout(approval: &Approval) -> OnTimeoutView {
    let used = match approval.state {
        State::Pending { levels_used, .. } => levels_used,
        State::Approved { .. }
        | State::Denied { .. }
        | State::Expired { .. }
        | State::Canceled { .. } => 0,
    };
    let level = |level: &Level| LevelView {
        after: level.after.to_string(),
        groups: level.groups.clone(),
        people: level.people.iter().map(ToString::to_string).collect(),
    };
    let (then, levels) = match &approval.requirements.on_timeout {
        OnTimeout::Deny => ("deny", Vec::new()),
        OnTimeout::Keep => ("keep", Vec::new()),
        OnTimeout::Escalate(levels) => ("escalate", levels.iter().skip(used).map(level).collect()),
    };
    OnTimeoutView { then: then.to_owned(), levels }
}

fn answer(answer: &Answer, approval: &Approval) -> AnswerView {
    let (say, reason) = match &answer.say {
        Say::Approve => ("approve", None),
        Say::Deny { reason } => ("deny", Some(reason.clone())),
    };
    AnswerView {
        by: PersonView::from(&answer.by),
        in_place_of: answer.in_place_of.as_ref().map(|of| PersonView::from(&of.person)),
        delegation_id: answer.in_place_of.as_ref().map(|of| of.delegation.to_string()),
        at: answer.at,
        say: say.to_owned(),
        reason,
        notes: answer.notes.clone(),
        evidence: answer.evidence.clone(),
        operator: answer.operator.clone(),
        assurance: answer.assurance,
        relayed_by: answer.relayed_by.as_ref().map(|by| format!("relayed:{}", by.name)),
        self_approved: answer.self_approved,
        counts: answer.counts && answer.version == approval.edits.len(),
        digest: answer.digest.to_string(),
        presented: answer.presented.to_string(),
    }
}

fn execution(approval: &Approval) -> ExecutionView {
    let execution = approval.execution();
    let mut view = ExecutionView {
        mode: "agent".to_owned(),
        state: execution.map_or("unused", Execution::as_str).to_owned(),
        result: None,
        error: None,
        cost: None,
        receipt_id: execution.and_then(Execution::started).map(|run| run.receipt.to_string()),
        started_at: execution.and_then(Execution::started).map(|run| run.since),
        ended_at: execution.and_then(Execution::ended_at),
    };
    match execution {
        Some(Execution::Succeeded { result, cost, .. }) => {
            view.result = result.as_ref().map(|result| approval.card.shown_value(result));
            view.cost.clone_from(cost);
        }
        Some(Execution::Failed { error, cost, .. }) => {
            view.error.clone_from(error);
            view.cost.clone_from(cost);
        }
        Some(Execution::Revoked { reason, .. }) => view.error = Some(reason.clone()),
        Some(
            Execution::Unused
            | Execution::Running { .. }
            | Execution::Unknown { .. }
            | Execution::Lapsed { .. },
        )
        | None => {}
    }
    view
}
