//! Evaluation: an agent, its permissions and a proposal give a verdict. Pure.

use serde_json::json;

use super::{
    Check, Decision, Effect, Permission, Question, ReasonCode, Rulebook, TraceLine, TraceResult,
    Verdict,
};
use crate::approval::{Assurance, OnTimeout, Proposal, Requirements, Risk, Stage};
use crate::identity::capability::Wanted;
use crate::identity::AgentStatus;
use crate::{Money, Settings};

/// Answers a check. A failed check ends the evaluation; an escalation never does: any matching deny wins,
/// then escalate, then allow, then the default, which is to ask a person.
pub fn evaluate(question: &Question<'_>, rulebook: &Rulebook) -> Verdict {
    let settings = rulebook.settings();
    let matching: Vec<&Permission> = rulebook
        .permissions(question.agent.id)
        .iter()
        .filter(|p| p.pattern.matches(&question.proposal.action))
        .collect();
    let mut evaluation = Evaluation::default();
    for check in Check::ALL {
        let line = match check {
            Check::AgentStatus => agent_status(question, rulebook, &mut evaluation),
            Check::CapabilityToken => capability_token(question, &mut evaluation),
            Check::ToolAuthorization => tool_authorization(&matching, &mut evaluation),
            Check::AmountLimits => amount_limits(&matching, question.proposal, &mut evaluation),
            Check::ManifestValidation
            | Check::ActionType
            | Check::ParameterSchema
            | Check::Counterparty
            | Check::TimeWindow
            | Check::RateLimit
            | Check::Budget
            | Check::PolicyRules
            | Check::Grants => (TraceResult::Skip, "nothing is configured".to_owned()),
        };
        evaluation.trace.push(TraceLine::new(check, line.0, line.1));
        if line.0 == TraceResult::Fail {
            break;
        }
    }
    evaluation.conclude(question, settings)
}

type Line = (TraceResult, String);

#[derive(Default)]
struct Evaluation {
    trace: Vec<TraceLine>,
    denied: Option<(ReasonCode, String)>,
    escalated: Option<(ReasonCode, String)>,
    allowed: Option<String>,
}

impl Evaluation {
    fn fail(&mut self, code: ReasonCode, why: String) -> Line {
        self.denied = Some((code, why.clone()));
        (TraceResult::Fail, why)
    }

    /// The first escalation names the reason; the later ones stand in the trace.
    fn escalate(&mut self, code: ReasonCode, why: String) -> Line {
        self.escalated.get_or_insert_with(|| (code, why.clone()));
        (TraceResult::Escalate, why)
    }

    fn conclude(self, question: &Question<'_>, settings: &Settings) -> Verdict {
        let (decision, (reason_code, reason)) = match (self.denied, self.escalated, self.allowed) {
            (Some(why), _, _) => (Decision::Deny, why),
            (None, Some(why), _) => (Decision::Escalate, why),
            (None, None, Some(why)) => (Decision::Allow, (ReasonCode::AllowedByPolicy, why)),
            (None, None, None) => {
                let why = "no permission says otherwise, so a person decides".to_owned();
                (Decision::Escalate, (ReasonCode::DefaultPolicy, why))
            }
        };
        Verdict {
            decision,
            reason_code,
            reason,
            trace: self.trace,
            risk_snapshot: json!({"budgets": [], "request_amount": amount(question.proposal)}),
            risk_floor: None,
            requirements: requirements(settings),
            hints: hints(question),
            charges: Vec::new(),
            attempts: Vec::new(),
            rules: Vec::new(),
            by: None,
        }
    }
}

fn agent_status(
    question: &Question<'_>,
    rulebook: &Rulebook,
    evaluation: &mut Evaluation,
) -> Line {
    let agent = question.agent;
    if let Some(freeze) = rulebook.freeze(agent.id, &question.proposal.action) {
        return evaluation.fail(ReasonCode::Frozen, freeze.sentence());
    }
    match agent.status {
        AgentStatus::Active => (TraceResult::Pass, format!("agent `{}` is active", agent.name)),
        AgentStatus::Inactive => evaluation
            .fail(ReasonCode::AgentInactive, format!("agent `{}` is inactive", agent.name)),
    }
}

fn capability_token(question: &Question<'_>, evaluation: &mut Evaluation) -> Line {
    let Some(capability) = question.capability else {
        return (TraceResult::Skip, "the agent's own key was shown, no capability token".to_owned());
    };
    let wanted = Wanted {
        action: &question.proposal.action,
        amount: amount(question.proposal),
        task: question.task,
        now: question.now,
    };
    match capability.permits(wanted) {
        Ok(()) => {
            let action = &question.proposal.action;
            (TraceResult::Pass, format!("every block of the capability token permits `{action}`"))
        }
        Err(refusal) => evaluation.fail(refusal.code(), refusal.to_string()),
    }
}

fn tool_authorization(matching: &[&Permission], evaluation: &mut Evaluation) -> Line {
    let of = |effect: Effect| matching.iter().find(|p| p.effect == effect);
    if let Some(permission) = of(Effect::Deny) {
        let why = format!("the permission for `{}` denies it", permission.pattern);
        return evaluation.fail(ReasonCode::PolicyDenied, why);
    }
    if let Some(permission) = of(Effect::RequiresApproval) {
        let why = format!("the permission for `{}` requires approval", permission.pattern);
        return evaluation.escalate(ReasonCode::RequiresApproval, why);
    }
    if let Some(permission) = of(Effect::Allow) {
        let why = format!("the permission for `{}` allows it", permission.pattern);
        evaluation.allowed = Some(why.clone());
        return (TraceResult::Pass, why);
    }
    (TraceResult::Skip, "no permission covers the action".to_owned())
}

fn amount_limits(
    matching: &[&Permission],
    proposal: &Proposal,
    evaluation: &mut Evaluation,
) -> Line {
    let Some(cap) = matching.iter().filter_map(|p| p.max_amount).min() else {
        return (TraceResult::Skip, "no permission limits the amount".to_owned());
    };
    match amount(proposal) {
        Some(amount) if amount > cap => {
            let why = format!("the amount {amount} is over the cap {cap}");
            evaluation.fail(ReasonCode::AmountExceedsCap, why)
        }
        Some(amount) if amount >= Money::default() => {
            (TraceResult::Pass, format!("the amount {amount} is within the cap {cap}"))
        }
        Some(amount) => {
            let why =
                format!("the amount {amount} is negative, so the cap {cap} says nothing about it");
            evaluation.escalate(ReasonCode::AmountThreshold, why)
        }
        None => {
            let why = format!("the parameters state no `amount` to compare with the cap {cap}");
            evaluation.escalate(ReasonCode::AmountThreshold, why)
        }
    }
}

fn amount(proposal: &Proposal) -> Option<Money> {
    proposal.params.get("amount").and_then(Money::of)
}

fn requirements(settings: &Settings) -> Requirements {
    Requirements {
        stages: vec![Stage::any_approver()],
        expires_in: settings.expires_in,
        use_within: settings.use_within,
        on_timeout: OnTimeout::Deny,
        assurance: Assurance::Session,
        // What no rule has rated counts as high here, whatever the agent itself thinks of it.
        self_approval: settings.self_approval.filter(|most| *most >= Risk::High),
        relayed: false,
        notify: Vec::new(),
    }
}

fn hints(question: &Question<'_>) -> Vec<String> {
    let thin = question.context.is_empty() && question.proposal.params.is_empty();
    let hint = "neither parameters nor context are given; a reviewer will have to ask";
    if thin { vec![hint.to_owned()] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rust_decimal::Decimal;
    use ulid::Ulid;

    use super::*;
    use crate::approval::Cost;
    use crate::identity::{Agent, Trust};
    use crate::json::Object;
    use crate::policy::{Counter, Parts, Purpose, Quantity};
    use crate::{AgentId, OrgId, Revision};

    fn agent(status: AgentStatus) -> Agent {
        Agent {
            id: AgentId::new(Ulid(1)),
            revision: Revision::FIRST,
            name: "support".into(),
            version: String::new(),
            status,
            trust: Trust::Standard,
            owner: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn verdict(
        status: AgentStatus,
        permissions: &[(&str, Effect, Option<i64>)],
        params: &serde_json::Value,
    ) -> Verdict {
        let agent = agent(status);
        let proposal = Proposal {
            org: OrgId::first(),
            agent: agent.id,
            action: "stripe.refund".parse().unwrap(),
            tool: None,
            params: params.as_object().cloned().unwrap(),
        };
        let permissions = permissions
            .iter()
            .map(|(pattern, effect, cap)| Permission {
                agent: agent.id,
                pattern: pattern.parse().unwrap(),
                effect: *effect,
                max_amount: cap.map(|c| Money(Decimal::from(c))),
            })
            .collect();
        let question = Question {
            agent: &agent,
            proposal: &proposal,
            context: &Object::new(),
            cost: &Cost::default(),
            task: None,
            purpose: Purpose::Ask,
            capability: None,
            now: Timestamp::UNIX_EPOCH,
            counters: &std::collections::HashMap::<Counter, Quantity>::new(),
        };
        evaluate(&question, &Rulebook::compile(Parts { permissions, ..Parts::default() }).unwrap())
    }

    #[test]
    fn deny_over_escalate_over_allow_over_default() {
        use Effect::{Allow, Deny, RequiresApproval};
        type Given = (&'static str, Effect, Option<i64>);
        let cases: [(&[Given], Decision, ReasonCode); 9] = [
            (&[], Decision::Escalate, ReasonCode::DefaultPolicy),
            (&[("other", Allow, None)], Decision::Escalate, ReasonCode::DefaultPolicy),
            (&[("stripe.*", Allow, None)], Decision::Allow, ReasonCode::AllowedByPolicy),
            (
                &[("stripe.*", Allow, None), ("**", RequiresApproval, None)],
                Decision::Escalate,
                ReasonCode::RequiresApproval,
            ),
            (
                &[
                    ("stripe.*", Allow, None),
                    ("**", RequiresApproval, None),
                    ("*.refund", Deny, None),
                ],
                Decision::Deny,
                ReasonCode::PolicyDenied,
            ),
            (&[("stripe.*", Allow, Some(100))], Decision::Allow, ReasonCode::AllowedByPolicy),
            (&[("stripe.*", Allow, Some(49))], Decision::Deny, ReasonCode::AmountExceedsCap),
            (
                &[("stripe.*", Allow, Some(100)), ("**", Allow, Some(49))],
                Decision::Deny,
                ReasonCode::AmountExceedsCap,
            ),
            (
                &[("stripe.*", RequiresApproval, Some(49))],
                Decision::Deny,
                ReasonCode::AmountExceedsCap,
            ),
        ];
        for (permissions, decision, code) in cases {
            let verdict = verdict(AgentStatus::Active, permissions, &json!({"amount": 50}));
            assert_eq!(
                (verdict.decision, verdict.reason_code),
                (decision, code),
                "{permissions:?}"
            );
        }
    }

    #[test]
    fn an_amount_that_cannot_be_compared_asks_a_person() {
        for params in
            [json!({}), json!({"amount": "lots"}), json!({"amount": -5}), json!({"amount": null})]
        {
            let verdict =
                verdict(AgentStatus::Active, &[("**", Effect::Allow, Some(100))], &params);
            assert_eq!(verdict.reason_code, ReasonCode::AmountThreshold, "{params}");
        }
    }

    #[test]
    fn an_inactive_agent_is_refused_and_the_trace_ends_there() {
        let verdict = verdict(AgentStatus::Inactive, &[("**", Effect::Allow, None)], &json!({}));
        assert_eq!((verdict.decision, verdict.trace.len()), (Decision::Deny, 1));
    }
}
