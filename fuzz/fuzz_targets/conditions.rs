//! Conditions in CEL: no expression and no parameters make the server panic or stall, and a condition that cannot be
//! evaluated asks a person. `cargo xtask verify --only fuzz` runs it for a while.
//!
//! An input is an expression, and after the first line break the parameters as JSON.

#![no_main]

use std::collections::HashMap;

use countersign_domain::approval::{Cost, Proposal};
use countersign_domain::identity::{Agent, AgentStatus, Trust};
use countersign_domain::json::{Object, read};
use countersign_domain::policy::document::Document;
use countersign_domain::policy::{
    Counter, Decision, Parts, Purpose, Quantity, Question, Rulebook, evaluate,
};
use countersign_domain::{AgentId, OrgId, Revision};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|text: &str| {
    let (expression, rest) = text.split_once('\n').unwrap_or((text, "{}"));
    let Ok(Value::Object(params)) = read(rest.as_bytes()) else { return };
    // The rule allows and everything else is denied, so that what asks is a condition that failed.
    let Some(allows) = decided(expression, "allow", "deny", &params) else { return };
    // The rule denies and everything else is allowed.
    let denies = decided(expression, "deny", "allow", &params).expect("it compiled before");
    match (allows, denies) {
        (Decision::Allow, Decision::Deny)
        | (Decision::Deny, Decision::Allow)
        | (Decision::Escalate, Decision::Escalate) => {}
        other => panic!("a condition holds, does not hold, or asks: {other:?}"),
    }
});

/// What a rule with this condition comes to; nothing if it cannot be compiled.
fn decided(when: &str, verdict: &str, default: &str, params: &Object) -> Option<Decision> {
    let rule = json!({"name": "r", "when": when, "verdict": verdict});
    let policy = json!({"kind": "Policy", "name": "p", "default": default, "rules": [rule]});
    let documents: Vec<Document> = vec![serde_json::from_value(policy).ok()?];
    let book = Rulebook::compile(Parts { documents, ..Parts::default() }).ok()?;
    let id: AgentId = "agt_00000000000000000000000001".parse().expect("an id");
    let agent = Agent {
        id,
        revision: Revision::FIRST,
        name: "support-bot".to_owned(),
        version: String::new(),
        status: AgentStatus::Active,
        trust: Trust::Standard,
        owner: None,
        created_at: "2026-01-01T00:00:00Z".parse().expect("a time"),
    };
    let proposal = Proposal {
        org: OrgId::first(),
        agent: id,
        action: "stripe.refund".parse().expect("an action"),
        tool: None,
        resource: None,
        params: params.clone(),
    };
    let question = Question {
        agent: &agent,
        proposal: &proposal,
        context: params,
        cost: &Cost::default(),
        task: None,
        purpose: Purpose::Ask,
        capability: None,
        now: "2026-11-21T11:30:00Z".parse().expect("a time"),
        counters: &HashMap::<Counter, Quantity>::new(),
    };
    Some(evaluate(&question, &book).decision)
}
