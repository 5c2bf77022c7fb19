//! What the cases are made of. Approvals only ever come about by the domain's own transitions.

use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Arc;

use countersign_domain::approval::transition::{Answering, Opening, Remarks};
use countersign_domain::approval::{
    Approval, Assurance, Card, Cost, OnTimeout, Origin, Proposal, Requester, Requirements, Risk,
    Stage, Transition,
};
use countersign_domain::audit::{Draft, Kind};
use countersign_domain::identity::capability::Revocation;
use countersign_domain::identity::delegation::{Delegation, Terms};
use countersign_domain::identity::{
    Agent, AgentStatus, Caller, Email, Ending, Key, KeyHash, KeyHolder, Person, PersonStatus, Role,
    Trust,
};
use countersign_domain::notification::{Event, Notice};
use countersign_domain::policy::ReasonCode;
use countersign_domain::{ApprovalId, Change, OrgId, Revision, Write};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Fresh;
use crate::{Hint, Kept, Store};

/// The organization of most cases.
pub fn org() -> OrgId {
    OrgId::first()
}

/// So many seconds into the story.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

/// The `n`th id of its kind.
pub fn id<T: FromStr<Err: Debug>>(prefix: &str, n: usize) -> T {
    format!("{prefix}{n:026}").parse().unwrap()
}

/// The `n`th approval's id.
pub fn apr(n: usize) -> ApprovalId {
    id(ApprovalId::PREFIX, n)
}

/// An address.
pub fn email(text: &str) -> Email {
    text.parse().unwrap()
}

/// The `n`th agent.
pub fn agent(n: usize) -> Agent {
    Agent {
        id: id("agt_", n),
        revision: Revision::FIRST,
        name: format!("agent-{n}"),
        version: "1.0".to_owned(),
        status: AgentStatus::Active,
        trust: Trust::Standard,
        owner: Some(email("owner@example.com")),
        created_at: at(0),
    }
}

/// The `n`th person.
pub fn person(n: usize) -> Person {
    Person {
        id: id("usr_", n),
        revision: Revision::FIRST,
        email: email(&format!("person-{n}@example.com")),
        role: Role::Admin,
        groups: vec!["finance".to_owned()],
        status: PersonStatus::Active,
        created_at: at(0),
        views: Vec::new(),
    }
}

/// The `n`th delegation: the person 1 lets the person 2 answer refunds.
pub fn delegation(n: usize) -> Delegation {
    Delegation {
        id: id("dlg_", n),
        revision: Revision::FIRST,
        delegator: person(1).id,
        delegate: person(2).id,
        terms: Terms {
            from: at(10),
            until: Some(at(20)),
            groups: vec!["finance".to_owned()],
            actions: vec!["stripe.**".parse().unwrap()],
            reason: "on holiday".to_owned(),
        },
        made_by: person(1).email,
        made_at: at(5),
        ended_at: None,
    }
}

/// The `n`th key.
pub fn key(n: usize) -> Key {
    Key {
        id: id("key_", n),
        name: format!("key {n}"),
        holder: KeyHolder::Application(None),
        hash: KeyHash::of(&format!("csk_{n}")),
        ends: Some(Ending::of(&format!("csk_{n:04}"))),
        made_by: Some("person-1@example.com".to_owned()),
        limits: None,
        created_at: at(0),
        revoked_at: None,
        revoked_because: None,
    }
}

/// A block of a capability token that is worth nothing any more.
pub fn revocation(reason: &str) -> Revocation {
    let block = "ab".repeat(64).parse().unwrap();
    Revocation {
        block,
        reason: reason.to_owned(),
        by: "person-1@example.com".to_owned(),
        at: at(0),
    }
}

/// What the `n`th approval asks; the `n`th second, the agent 1, parameters of its own.
pub fn card(n: usize) -> Card {
    let proposal = Proposal {
        org: org(),
        agent: agent(1).id,
        action: "stripe.refund".parse().unwrap(),
        tool: None,
        resource: None,
        params: object(json!({"n": n, "amount": 12.5})),
    };
    Card {
        digest: proposal.digest(),
        proposal,
        requester: Requester {
            agent: agent(1).id,
            name: agent(1).name,
            version: "1.0".to_owned(),
            owner: None,
            on_behalf_of: None,
            token: None,
        },
        origin: Origin::Check,
        summary: format!("Refund no. {n}"),
        reasoning: None,
        cost: Cost::default(),
        side_effects: Vec::new(),
        if_denied: None,
        risk: Risk::High,
        stated_risk: None,
        context: object(json!({"customer": "c1"})),
        hidden: Vec::new(),
        task_id: None,
        links: Vec::new(),
        responses: Vec::new(),
        reason_code: ReasonCode::RequiresApproval,
        reason: "a person has to agree".to_owned(),
        trace: Vec::new(),
        risk_snapshot: json!({"budgets": []}),
        created_at: at(i64::try_from(n).unwrap()),
    }
}

/// An object of JSON.
pub fn object(value: Value) -> serde_json::Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

/// One yes of anyone within an hour, to be used within another.
pub fn requirements() -> Requirements {
    Requirements {
        stages: vec![Stage::any_approver()],
        expires_in: SignedDuration::from_hours(1),
        use_within: SignedDuration::from_hours(1),
        on_timeout: OnTimeout::Deny,
        assurance: Assurance::Session,
        self_approval: None,
        relayed: false,
        notify: Vec::new(),
    }
}

/// Opens the `n`th approval.
pub fn open(n: usize) -> Transition {
    open_with(n, |_, _| {})
}

/// Opens the `n`th approval after a change to what it asks and demands.
pub fn open_with(n: usize, change: impl FnOnce(&mut Card, &mut Requirements)) -> Transition {
    let (mut card, mut requirements) = (card(n), requirements());
    change(&mut card, &mut requirements);
    card.digest = card.proposal.digest();
    Approval::open(Opening { id: apr(n), card, requirements }, &Caller::system())
}

/// The person 1 says yes.
pub fn approve(approval: &Approval, now: Timestamp) -> Transition {
    answered(|by| approval.clone().approve(by, None, now).unwrap())
}

/// The person 1 says no.
pub fn deny(approval: &Approval, now: Timestamp) -> Transition {
    answered(|by| approval.clone().deny(by, "not now".to_owned(), now).unwrap())
}

/// Gives the answer of the person 1.
pub fn answered<T>(answer: impl FnOnce(Answering<'_>) -> T) -> T {
    let (person, caller) = (person(1), Caller::system());
    let assurance = Assurance::Session;
    let remarks = Remarks { notes: Some("a note".to_owned()), ..Remarks::default() };
    let (proof, seen, presented) = (None, None, None);
    answer(Answering {
        person: &person,
        stands_in: &[],
        caller: &caller,
        assurance,
        proof,
        remarks,
        seen,
        presented,
    })
}

/// Rows with one record that announces them.
pub fn change(writes: Vec<Write>) -> Change {
    Change { org: org(), writes, records: vec![fact(Kind::ActionLogged, at(0))] }
}

/// The same in another organization.
pub fn elsewhere(org: &str, change: Change) -> Change {
    Change { org: org.parse().unwrap(), ..change }
}

/// A record.
pub fn fact(kind: Kind, at: Timestamp) -> Draft {
    Draft {
        kind,
        at,
        caller: Caller::system(),
        agent: None,
        approval: None,
        digest: None,
        data: json!({"money": 0.1, "text": "ä\u{2028}\"\\"}),
        announces: Some(Notice {
            event: Event::ApprovalUpdated,
            data: json!({"decision": "pending", "context": {"n": 0.1}}),
        }),
    }
}

/// The database with the first organization in it.
pub async fn started(fresh: &dyn Fresh) -> Arc<dyn Store> {
    let store = fresh.open().await.unwrap();
    keep(&*store, change(vec![Write::Organization])).await;
    store
}

/// Keeps one change, which must be done.
pub async fn keep(store: &dyn Store, change: Change) -> Vec<Hint> {
    match store.keep(vec![change.clone()]).await.unwrap().as_slice() {
        [Kept::Done(hints)] => hints.clone(),
        other => panic!("{other:?} for {change:?}"),
    }
}

/// Keeps an approval and gives it back.
pub async fn kept(store: &dyn Store, transition: Transition) -> Approval {
    keep(store, transition.change).await;
    Arc::unwrap_or_clone(transition.approval)
}

/// Commits one change, which must be a conflict and leave nothing.
pub async fn refuse(store: &dyn Store, change: Change) {
    let org = change.org.clone();
    let before = (store.head(&org).await, store.configuration(&org).await);
    let announced = store.announcements(&org, countersign_domain::Seq(0), 10_000).await;
    assert_eq!(store.keep(vec![change.clone()]).await, Ok(vec![Kept::Conflict]), "{change:?}");
    assert_eq!((store.head(&org).await, store.configuration(&org).await), before);
    assert_eq!(store.announcements(&org, countersign_domain::Seq(0), 10_000).await, announced);
}
