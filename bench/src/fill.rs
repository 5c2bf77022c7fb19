//! Fills a database with approvals as a year of use leaves them, through the store itself.

use std::path::Path;

use anyhow::{Result, ensure};
use countersign_domain::approval::transition::Opening;
use countersign_domain::approval::{
    AnsweredBy, Approval, Assurance, Card, Cost, Execution, OnTimeout, Origin, PersonRef, Proposal,
    Requester, Requirements, Risk, Stage, State,
};
use countersign_domain::identity::Caller;
use countersign_domain::json::Object;
use countersign_domain::policy::ReasonCode;
use countersign_domain::{AgentId, ApprovalId, Change, Money, OrgId, PersonId, Write};
use countersign_store::sqlite::SqliteStore;
use countersign_store::{Kept, Store, Texts};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use ulid::Ulid;

/// How many approvals share a transaction while filling.
const AT_ONCE: usize = 1_000;

/// How many of all stay pending.
const PENDING: usize = 500;

/// Over how long the approvals are spread, up to two days ago.
const SPAN: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Adds the approvals number `from` up to `to` to the first organization.
pub async fn fill(data: &Path, agent: AgentId, (from, to): (usize, usize)) -> Result<()> {
    let store = SqliteStore::open(&data.join("countersign.db"))?;
    // The server notices that someone else has written; here that is no news.
    drop(store.keep(Vec::new()).await);
    let end = now() - SignedDuration::from_hours(48);
    let mut next = from;
    while next < to {
        let batch: Vec<_> =
            (next..to).take(AT_ONCE).map(|number| one(number, agent, end)).collect();
        next += batch.len();
        let kept = match store.keep(batch.clone()).await {
            Ok(kept) => kept,
            Err(countersign_store::StoreError::Overtaken) => store.keep(batch).await?,
            Err(error) => return Err(error.into()),
        };
        ensure!(kept.iter().all(|kept| *kept != Kept::Conflict), "an approval was not kept");
        for of in [Texts::Approvals, Texts::Records] {
            while store.index_texts(of, AT_ONCE).await? > 0 {}
        }
    }
    Ok(())
}

/// The `number`th approval, with the record of its opening.
fn one(number: usize, agent: AgentId, end: Timestamp) -> Change {
    // A step that shares no factor with the span spreads them evenly, whatever their number.
    let seconds = i64::try_from(number).unwrap_or_default() * 7_919 % SPAN.as_secs();
    let asked = end - SignedDuration::from_secs(seconds);
    let random = (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) >> 48;
    let millis = u64::try_from(asked.as_millisecond()).unwrap_or_default();
    let id = ApprovalId::new(Ulid::from_parts(millis, random));
    let card = card(number, agent, asked);
    let step = Approval::open(Opening { id, card, requirements: requirements() }, &caller(agent));
    let mut approval = std::sync::Arc::unwrap_or_clone(step.approval);
    approval.state = state(number, asked);
    Change { writes: vec![Write::Approval(approval.into())], ..step.change }
}

/// Of a hundred, 70 were approved and ran, 15 were denied, 14 ran out of time; a few are pending.
fn state(number: usize, asked: Timestamp) -> State {
    let seconds = i64::try_from(number % 1_800).unwrap_or_default() + 2;
    let at = asked + SignedDuration::from_secs(seconds);
    let person = PersonId::new(Ulid::from_parts(0, (number % 7) as u128));
    let email = format!("approver{}@example.com", number % 7).parse();
    let by = email
        .map_or(AnsweredBy::Timeout, |email| AnsweredBy::Person(PersonRef { id: person, email }));
    if number < PENDING {
        return State::Pending { expires_at: None, levels_used: 0 };
    }
    match number % 100 {
        0..=69 => {
            let execution = Execution::Succeeded { at, result: None, cost: None, run: None };
            State::Approved { at, by, use_by: at + SignedDuration::from_hours(1), execution }
        }
        70..=84 => State::Denied { at, by, reason: "not this one".to_owned() },
        _ => State::Expired { at },
    }
}

fn card(number: usize, agent: AgentId, asked: Timestamp) -> Card {
    let params = json!({
        "customer": format!("cus_{number:07}"), "amount": number % 900, "currency": "EUR",
        "note": format!("order {} of {}", number * 13 % 1_000_003, WORDS.get(number % WORDS.len()).unwrap_or(&"")),
    });
    let proposal = Proposal {
        org: OrgId::first(),
        agent,
        action: ACTION.parse().unwrap_or_else(|_| unreachable!("a constant action")),
        tool: None,
        resource: None,
        params: object(params),
    };
    Card {
        digest: proposal.digest(),
        proposal,
        requester: Requester {
            agent,
            name: "bench".to_owned(),
            version: String::new(),
            owner: None,
            on_behalf_of: None,
            token: None,
        },
        origin: Origin::Check,
        summary: format!("Refund to customer {number}"),
        reasoning: Some("the customer was charged twice".to_owned()),
        cost: Cost { usd: Money::default(), ..Cost::default() },
        side_effects: Vec::new(),
        if_denied: None,
        risk: [Risk::Low, Risk::Medium, Risk::High].get(number % 3).copied().unwrap_or(Risk::High),
        stated_risk: None,
        context: Object::new(),
        hidden: Vec::new(),
        task_id: Some(format!("task-{}", number / 10)),
        links: Vec::new(),
        responses: Vec::new(),
        reason_code: ReasonCode::RequiresApproval,
        reason: "a person has to agree".to_owned(),
        trace: Vec::new(),
        risk_snapshot: json!({"budgets": []}),
        created_at: asked,
    }
}

const ACTION: &str = "stripe.refund";

const WORDS: [&str; 5] = ["umbrella", "keyboard", "lantern", "bicycle", "teapot"];

fn requirements() -> Requirements {
    Requirements {
        stages: vec![Stage::any_approver()],
        expires_in: SignedDuration::from_hours(24),
        use_within: SignedDuration::from_hours(1),
        on_timeout: OnTimeout::Keep,
        assurance: Assurance::Session,
        relayed: false,
        notify: Vec::new(),
        self_approval: None,
    }
}

fn caller(agent: AgentId) -> Caller {
    let kind = countersign_domain::identity::CallerKind::Agent;
    Caller { kind, id: agent.to_string(), name: "bench".to_owned(), ip: None, assurance: None }
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
fn now() -> Timestamp {
    Timestamp::now()
}
