//! The order of verdicts, by table.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::json;
use ulid::Ulid;

use crate::Money;
use crate::approval::{Cost, Proposal};
use crate::identity::{Agent, AgentStatus, Trust};
use crate::json::Object;
use crate::policy::{Counter, Decision, Effect, Parts, Permission, Purpose, Quantity, ReasonCode};
use crate::policy::{Question, Rulebook, Verdict, evaluate};
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
        resource: None,
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
            &[("stripe.*", Allow, None), ("**", RequiresApproval, None), ("*.refund", Deny, None)],
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
        (&[("stripe.*", RequiresApproval, Some(49))], Decision::Deny, ReasonCode::AmountExceedsCap),
    ];
    for (permissions, decision, code) in cases {
        let verdict = verdict(AgentStatus::Active, permissions, &json!({"amount": 50}));
        assert_eq!((verdict.decision, verdict.reason_code), (decision, code), "{permissions:?}");
    }
}

#[test]
fn an_amount_that_cannot_be_compared_asks_a_person() {
    for params in
        [json!({}), json!({"amount": "lots"}), json!({"amount": -5}), json!({"amount": null})]
    {
        let verdict = verdict(AgentStatus::Active, &[("**", Effect::Allow, Some(100))], &params);
        assert_eq!(verdict.reason_code, ReasonCode::AmountThreshold, "{params}");
    }
}

/// A number that no decimal holds is over the cap all the same: a person is not asked to let it through.
#[test]
fn an_amount_too_large_to_be_held_is_over_the_cap() {
    for amount in [
        json!(1e308),
        json!("1e308"),
        json!(" 101 "),
        json!("100.50000000000000000000000000000000001"),
    ] {
        let params = json!({"amount": amount});
        let verdict = verdict(AgentStatus::Active, &[("**", Effect::Allow, Some(100))], &params);
        assert_eq!(verdict.reason_code, ReasonCode::AmountExceedsCap, "{params}");
    }
}

#[test]
fn an_inactive_agent_is_refused_and_the_trace_ends_there() {
    let verdict = verdict(AgentStatus::Inactive, &[("**", Effect::Allow, None)], &json!({}));
    assert_eq!((verdict.decision, verdict.trace.len()), (Decision::Deny, 1));
}
