//! Everything that is written comes back as it was.

use countersign_domain::approval::transition::RunEnd;
use countersign_domain::approval::{Digest, Message, MessageKind, Transition};
use countersign_domain::identity::{AgentStatus, Caller, KeyUse, Role};
use countersign_domain::policy::{Effect, Freeze, FreezeScope, Permission};
use countersign_domain::{
    ExternalId, Idempotency, LoggedAction, Recorded, Revision, Settings, Write,
};
use serde_json::json;

use super::Fresh;
use super::fixtures::{
    agent, answered, approve, apr, at, change, delegation, deny, id, keep, kept, key, object, open,
    org, person, refuse, revocation, started,
};
use crate::Configuration;

/// An entry for an idempotency key of `caller`.
pub fn idempotency(key: &str) -> Idempotency {
    Idempotency {
        caller: "caller".to_owned(),
        key: key.to_owned(),
        fingerprint: Digest::of_bytes(b"asked"),
        recorded: Recorded::Approval(apr(1)),
        at: at(3),
    }
}

/// What ana stopped a second into the story.
pub fn freeze(scope: FreezeScope, reason: &str) -> Freeze {
    Freeze { scope, reason: reason.to_owned(), by: "ana@example.com".to_owned(), at: at(1) }
}

/// When keys were used stands apart from them: it changes nothing of what is in force, and the later use holds.
pub async fn uses_of_keys_come_back(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Key(key(1)), Write::Key(key(2))])).await;
    let version = store.version(&org()).await;
    assert_eq!(store.key_uses(&org()).await, Ok(Vec::new()));
    let used = |n: usize, second: i64| KeyUse { key: key(n).id, at: at(second) };
    keep(&*store, change(vec![Write::KeysUsed(vec![used(1, 20), used(2, 21)])])).await;
    keep(&*store, change(vec![Write::KeysUsed(vec![used(2, 30), used(1, 10)])])).await;
    assert_eq!(store.key_uses(&org()).await, Ok(vec![used(1, 20), used(2, 30)]));
    assert_eq!(store.version(&org()).await, version);
}

/// Agents, people, delegations, keys, permissions, settings and freezes.
pub async fn the_configuration_comes_back(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let unwritten = store.configuration(&org()).await.unwrap().unwrap().settings;
    assert_eq!(unwritten, Settings { revision: Revision(0), ..Settings::default() });
    let permission = |pattern: &str| Permission {
        agent: agent(1).id,
        pattern: pattern.parse().unwrap(),
        effect: Effect::RequiresApproval,
        max_amount: Some("12.50".parse().unwrap()),
    };
    let writes = vec![
        Write::Agent(agent(2)),
        Write::Agent(agent(1)),
        Write::Person(person(1)),
        Write::Delegation(delegation(2)),
        Write::Delegation(delegation(1)),
        Write::Key(key(1)),
        Write::Permission(permission("b.*")),
        Write::Permission(permission("a.**")),
        Write::Settings(Settings::default()),
        Write::Freeze(freeze(FreezeScope::All, "both hands off")),
        Write::Revocation(revocation("lost")),
        Write::Revocation(revocation("again, which says nothing new")),
    ];
    let version = store.version(&org()).await.unwrap().unwrap() + 1;
    keep(&*store, change(writes)).await;
    let expected = Configuration {
        version,
        agents: vec![agent(1), agent(2)],
        people: vec![person(1)],
        delegations: vec![delegation(1), delegation(2)],
        keys: vec![key(1)],
        revocations: vec![revocation("lost")],
        permissions: vec![permission("a.**"), permission("b.*")],
        webhooks: Vec::new(),
        settings: Settings::default(),
        freezes: vec![freeze(FreezeScope::All, "both hands off")],
        documents: Vec::new(),
        document_set: Revision(0),
    };
    assert_eq!(store.configuration(&org()).await, Ok(Some(expected)));
}

/// The next revision takes the place of the one before.
pub async fn rows_that_are_written_again_come_back(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let (mut agent, mut person, mut settings) = (agent(1), person(1), Settings::default());
    for round in 1..=3 {
        (agent.revision, person.revision, settings.revision) =
            (Revision(round), Revision(round), Revision(round));
        agent.name = format!("renamed {round}");
        agent.status = AgentStatus::Inactive;
        person.email = format!("moved-{round}@example.com").parse().unwrap();
        person.role = Role::Auditor;
        settings.pending_per_agent += 1;
        let writes = vec![
            Write::Agent(agent.clone()),
            Write::Person(person.clone()),
            Write::Settings(settings.clone()),
        ];
        keep(&*store, change(writes)).await;
    }
    let found = store.configuration(&org()).await.unwrap().unwrap();
    assert_eq!((found.agents, found.people, found.settings), (vec![agent], vec![person], settings));
}

/// Whatever an approval can become.
pub async fn an_approval_comes_back_in_every_state(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let system = Caller::system();
    let comes_back = async |transition: Transition| {
        let approval = kept(&*store, transition).await;
        assert_eq!(store.approval(&org(), approval.id).await.unwrap().as_ref(), Some(&approval));
        approval
    };
    let opened = comes_back(open(1)).await;
    let talked =
        comes_back(opened.comment("hm".to_owned(), id("msg_", 1), &system, at(2)).unwrap()).await;
    let asked = answered(|by| talked.ask(&by, "why?".to_owned(), id("msg_", 2), at(3)).unwrap());
    let approved = comes_back(approve(&comes_back(asked).await, at(4))).await;
    let digest = approved.digest();
    let running = comes_back(approved.redeem(digest, id("rcp_", 1), &system, at(5)).unwrap()).await;
    let end = RunEnd::Succeeded { result: Some(json!({"ok": [1, 0.1, null]})), cost: None };
    comes_back(running.finish(end, &system, at(6)).unwrap()).await;

    let opened = comes_back(open(2)).await;
    let edited = opened.edit(object(json!({"params.amount": 7.5}))).unwrap();
    comes_back(answered(|by| opened.approve(by, Some(edited), at(7)).unwrap())).await;
    comes_back(deny(&comes_back(open(3)).await, at(8))).await;
    comes_back(comes_back(open(4)).await.cancel(None, &system, at(9)).unwrap()).await;
    comes_back(comes_back(open(5)).await.expire(at(90_000)).unwrap()).await;
    let approved = comes_back(approve(&comes_back(open(6)).await, at(10))).await;
    comes_back(approved.lapse(at(90_000)).unwrap()).await;
    let approved = comes_back(approve(&comes_back(open(7)).await, at(10))).await;
    comes_back(approved.revoke("frozen".to_owned(), &system, at(11)).unwrap()).await;
    assert_eq!(store.approval(&org(), apr(99)).await, Ok(None));
}

/// Idempotency entries, external ids, comments on tasks and logged actions.
pub async fn entries_come_back(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let message = |n: usize, seconds| Message {
        id: id("msg_", n),
        at: at(seconds),
        by: Caller::system(),
        kind: MessageKind::Comment,
        body: format!("comment {n}"),
    };
    let external = ExternalId { key: key(1).id, kind: "call".to_owned(), id: "ü 1".to_owned() };
    let log = LoggedAction {
        id: id("log_", 1),
        agent: agent(1).id,
        action: "mail.send".to_owned(),
        status: "sent".to_owned(),
        context: Some(object(json!({"to": "x"}))),
        created_at: at(2),
    };
    let writes = vec![
        Write::Idempotency(idempotency("k")),
        Write::External(external.clone(), apr(1)),
        Write::TaskComment("t1".to_owned(), message(1, 30)),
        Write::TaskComment("t1".to_owned(), message(2, 20)),
        Write::TaskComment("t2".to_owned(), message(3, 10)),
        Write::Log(log.clone()),
    ];
    keep(&*store, change(writes)).await;
    assert_eq!(store.idempotency(&org(), "caller", "k").await, Ok(Some(idempotency("k"))));
    assert_eq!(store.idempotency(&org(), "caller", "K").await, Ok(None));
    assert_eq!(store.external(&org(), &external).await, Ok(Some(apr(1))));
    assert_eq!(store.task_comments(&org(), "t1").await, Ok(vec![message(2, 20), message(1, 30)]));
    assert_eq!(store.task_comments(&org(), "t").await, Ok(vec![]));
    // What was logged is read by nobody yet; that it is there shows in that its id is taken.
    refuse(&*store, change(vec![Write::Log(log)])).await;
}
