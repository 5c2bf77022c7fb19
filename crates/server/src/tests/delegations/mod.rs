//! One person answers in another one's place while they are away.

mod answering;
mod making;
mod pages;
mod using;

use axum::http::Method;
use serde_json::{Value, json};

use super::harness::id;
use super::sign_in::Browser;
use super::{Caller, Harness, error};

/// Refunds need a member of finance; the agent belongs to Dan, who is one.
const FINANCE: &str = "
kind: Group
name: finance
members: [ana@example.com, dan@example.com]
---
kind: Policy
name: refunds
rules:
  - name: large
    actions: [stripe.refund]
    verdict: escalate
    risk: medium
    approval: {stages: [{name: finance, groups: [finance], need: 1}]}
";

/// Ana and Dan are of finance, Ben is not. The agent is Dan's.
pub(super) struct World {
    pub(super) h: Harness,
    pub(super) agent: Caller,
    pub(super) ana: Caller,
    pub(super) ben: Caller,
    pub(super) dan: Caller,
}

impl World {
    pub(super) async fn start() -> Self {
        Self::under(FINANCE).await
    }

    pub(super) async fn under(policy: &str) -> Self {
        let h = Harness::start().await;
        let approver = |name: &str| {
            let (h, email) = (&h, format!("{name}@example.com"));
            async move { h.person(&email, "approver").await }
        };
        let (ana, ben, dan) = (approver("ana").await, approver("ben").await, approver("dan").await);
        let owned = json!({"name": "support", "owner": "dan@example.com"});
        let agent = h.caller(&h.admin.posts("agents", owned).await, "key");
        h.applies(policy).await;
        Self { h, agent, ana, ben, dan }
    }

    /// Ana lets Ben answer, on these terms.
    pub(super) async fn ana_lets_ben(&self, terms: Value) -> Value {
        lets(&self.ana, "ben@example.com", terms).await
    }

    /// A check of a refund, which escalates; gives the approval.
    pub(super) async fn refund(&self, amount: u32) -> String {
        let verdict = self.agent.checks("stripe.refund", amount).await;
        verdict["approval_id"].as_str().unwrap_or_else(|| panic!("{verdict}")).to_owned()
    }

    /// A browser in which someone is signed in.
    pub(super) async fn browser_of(&self, who: &Caller) -> Browser {
        let made = self.h.admin.posts(&format!("users/{}/link", who.id), json!({})).await;
        let path = made["url"].as_str().unwrap().replace("http://countersign.test", "");
        let mut browser = self.h.browser();
        browser.get(&path).await;
        browser.post(&path, &[]).await;
        browser
    }
}

/// Someone lets another one answer in their place.
pub(super) async fn lets(who: &Caller, delegate: &str, mut terms: Value) -> Value {
    let body = terms.as_object_mut().unwrap();
    body.insert("delegate".into(), delegate.into());
    body.entry("reason").or_insert("on holiday".into());
    who.posts("delegations", terms).await
}

/// What becomes of someone's yes: the status, or the code of the refusal.
pub(super) async fn says_yes(who: &Caller, approval: &str) -> String {
    let path = format!("approvals/{approval}/approve");
    let (status, answer) = who.sends(Method::POST, &path, Some(json!({}))).await;
    let word = if status.is_success() { "status" } else { "code" };
    answer[word].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}
