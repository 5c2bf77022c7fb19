//! A step-up: showing, for one answer, that it is meant.

mod codes;
mod signed;

use serde_json::{Value, json};

use super::Harness;
use super::authenticator::Authenticator;
use super::codes::{enrols, shown};
use super::passkeys::{adds, asks};
use crate::tests::Caller;
use crate::tests::harness::id;

/// Every refund takes a step-up; deploys do not.
const RULE: &str = "{kind: Policy, name: refunds, rules: [{name: sure, actions: [stripe.refund], \
                    verdict: escalate, risk: low, approval: {assurance: step_up}}]}";

impl Harness {
    /// An agent whose refunds take a step-up.
    async fn strict(&self) -> Caller {
        self.applies(RULE).await;
        self.agent("support").await
    }
}

async fn asked(agent: &Caller, amount: u32) -> String {
    let body = json!({"action": "stripe.refund", "params": {"amount": amount}});
    id(&agent.posts("approvals", body).await)
}

async fn see(h: &Harness, approval: &str) -> Value {
    h.admin.gets(&format!("approvals/{approval}")).await
}
