use countersign_domain::approval::transition::{Answering, Opening, Remarks};
use countersign_domain::approval::{
    Assurance, Card, Cost, OnTimeout, Origin, Proposal, Requester, Requirements, Risk, Stage,
    ToolRef,
};
use countersign_domain::identity::{Caller, Person, PersonStatus, Role};
use countersign_domain::json::Object;
use countersign_domain::policy::ReasonCode;
use countersign_domain::{PersonId, Revision};
use serde_json::{Value, json};
use ulid::Ulid;

use super::*;

const COOLDOWN: SignedDuration = SignedDuration::from_secs(100);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn agent() -> AgentId {
    AgentId::new(Ulid(1))
}

/// The `n`th approval of the agent, for the `n`th amount.
fn opened(n: u128) -> Arc<Approval> {
    with(n, json!({"amount": u64::try_from(n).unwrap()}))
}

fn with(n: u128, params: Value) -> Arc<Approval> {
    let proposal = Proposal {
        org: OrgId::first(),
        agent: agent(),
        action: "pay".parse().unwrap(),
        tool: None,
        resource: None,
        params: serde_json::from_value(params).unwrap(),
    };
    let requester = Requester {
        agent: agent(),
        name: "bot".into(),
        version: String::new(),
        owner: None,
        on_behalf_of: None,
        token: None,
    };
    let card = Card {
        digest: proposal.digest(),
        proposal,
        requester,
        origin: Origin::Ask,
        summary: String::new(),
        reasoning: None,
        cost: Cost::default(),
        side_effects: Vec::new(),
        if_denied: None,
        risk: Risk::High,
        stated_risk: None,
        context: Object::new(),
        hidden: Vec::new(),
        task_id: None,
        links: Vec::new(),
        responses: Vec::new(),
        reason_code: ReasonCode::AgentRequested,
        reason: String::new(),
        trace: Vec::new(),
        risk_snapshot: Value::Null,
        created_at: at(0),
    };
    let requirements = Requirements {
        stages: vec![Stage::any_approver()],
        expires_in: SignedDuration::from_hours(1),
        use_within: SignedDuration::from_hours(1),
        on_timeout: OnTimeout::Deny,
        assurance: Assurance::Session,
        relayed: false,
        notify: Vec::new(),
        self_approval: None,
    };
    let id = ApprovalId::new(Ulid(n));
    Approval::open(Opening { id, card, requirements }, &Caller::system()).approval
}

fn denied(approval: &Approval, seconds: i64) -> Arc<Approval> {
    let person = Person {
        id: PersonId::new(Ulid(1)),
        revision: Revision::FIRST,
        email: "ana@example.com".parse().unwrap(),
        role: Role::Admin,
        status: PersonStatus::Active,
        groups: Vec::new(),
        created_at: at(0),
        views: Vec::new(),
    };
    let answering = Answering {
        person: &person,
        stands_in: &[],
        caller: &Caller::system(),
        assurance: Assurance::Session,
        proof: None,
        remarks: Remarks::default(),
        seen: None,
        presented: None,
    };
    approval.clone().deny(answering, "no".into(), at(seconds)).unwrap().approval
}

fn canceled(approval: &Approval) -> Arc<Approval> {
    approval.clone().cancel(None, &Caller::system(), at(1)).unwrap().approval
}

fn loaded(standing: &[&Arc<Approval>]) -> Live {
    let live = Live::default();
    let standing = standing.iter().filter_map(|approval| Standing::of(approval)).collect();
    live.load(standing, at(0));
    live
}

fn kept(live: &Live, approval: &Arc<Approval>) {
    live.depart(std::iter::once(approval));
    live.arrive(std::iter::once((approval, true)));
}

/// Whether a check of the same is judged on its own at this second, without a look into the store.
fn is_fresh(live: &Live, approval: &Approval, seconds: i64) -> bool {
    live.knows_nothing_of((agent(), approval.proposal().into()), COOLDOWN, at(seconds))
}

fn seen(live: &Live, approval: &Approval) -> Option<Revision> {
    live.approval(&OrgId::first(), approval.id).map(|approval| approval.revision)
}

#[test]
fn before_it_is_loaded_and_after_it_forgot_only_the_store_knows() {
    let (live, one) = (Live::default(), opened(1));
    kept(&live, &one);
    for _ in 0..2 {
        assert!(!is_fresh(&live, &opened(2), 200));
        assert_eq!((seen(&live, &one), live.pending_at_most(agent())), (None, None));
        assert!(live.is_empty());
        live.load(vec![], at(0));
        assert!(is_fresh(&live, &opened(2), 200));
        kept(&live, &one);
        assert_eq!(seen(&live, &one), Some(one.revision));
        live.forget();
    }
}

#[test]
fn what_is_under_way_is_asked_of_the_store_until_it_has_arrived() {
    let (live, one) = (loaded(&[]), opened(1));
    live.depart(std::iter::once(&one));
    assert!(!is_fresh(&live, &one, 200));
    assert_eq!((seen(&live, &one), live.pending_at_most(agent())), (None, Some(1)));
    live.arrive(std::iter::once((&one, true)));
    assert!(!is_fresh(&live, &one, 200));
    assert_eq!((seen(&live, &one), live.pending_at_most(agent())), (Some(one.revision), Some(1)));
    let over = canceled(&one);
    live.depart(std::iter::once(&over));
    assert!(!is_fresh(&live, &one, 200));
    assert_eq!(seen(&live, &one), None);
    live.arrive(std::iter::once((&over, true)));
    assert!(is_fresh(&live, &one, 200));
    assert_eq!((seen(&live, &one), live.pending_at_most(agent())), (Some(over.revision), Some(0)));
}

#[test]
fn what_was_not_kept_leaves_everything_as_it_was() {
    let (live, one) = (loaded(&[]), opened(1));
    live.depart(std::iter::once(&one));
    live.arrive(std::iter::once((&one, false)));
    assert!(is_fresh(&live, &one, 200));
    assert_eq!((seen(&live, &one), live.pending_at_most(agent())), (None, Some(0)));
    kept(&live, &one);
    let (faster, slower) = (canceled(&one), denied(&one, 50));
    live.depart([&faster, &slower].into_iter());
    live.arrive([(&faster, true), (&slower, false)].into_iter());
    assert!(is_fresh(&live, &one, 200));
    assert_eq!(seen(&live, &one), Some(faster.revision));
    live.depart([&faster, &slower].into_iter());
    live.arrive(std::iter::once((&faster, false)));
    assert!(!is_fresh(&live, &one, 200), "the other one is still under way");
    assert_eq!(seen(&live, &one), None);
}

#[test]
fn two_of_the_same_digest_are_told_apart() {
    let (first, second) = (with(1, json!({})), with(2, json!({})));
    let live = loaded(&[&first, &second]);
    assert_eq!(live.pending_at_most(agent()), Some(2));
    kept(&live, &canceled(&first));
    assert!(!is_fresh(&live, &second, 200));
    kept(&live, &canceled(&second));
    assert!(is_fresh(&live, &second, 200));
    assert_eq!(live.pending_at_most(agent()), Some(0));
}

#[test]
fn a_denial_is_known_to_whatever_is_alike() {
    let one = opened(1);
    let mut alike = one.proposal().clone();
    alike.action = "Pay".parse().unwrap();
    alike.tool = Some(ToolRef { name: "pay".into(), schema_version: None });
    let live = loaded(&[&one]);
    let knows_nothing =
        |live: &Live| live.knows_nothing_of((agent(), (&alike).into()), COOLDOWN, at(120));
    assert!(knows_nothing(&live), "what waits is met by its own digest");
    kept(&live, &denied(&one, 50));
    assert!(!knows_nothing(&live));
    alike.params = serde_json::from_value(json!({"other": 1})).unwrap();
    assert!(live.knows_nothing_of((agent(), (&alike).into()), COOLDOWN, at(120)));
}

#[test]
fn a_denial_is_known_until_no_cool_down_reaches_it() {
    let one = opened(1);
    let live = loaded(&[&one]);
    kept(&live, &denied(&one, 50));
    assert!(!is_fresh(&live, &one, 60));
    live.leave_denials_before(at(50));
    assert!(!is_fresh(&live, &one, 160));
    live.leave_denials_before(at(51));
    assert!(is_fresh(&live, &one, 151));
    assert!(!is_fresh(&live, &one, 150), "a longer cool-down reaches further than is known");
    live.leave_denials_before(at(49));
    assert!(!is_fresh(&live, &one, 150), "what was left out is not known again");
}

#[test]
fn another_organization_does_not_see_it() {
    let (live, one) = (loaded(&[]), opened(1));
    kept(&live, &one);
    assert!(live.approval(&"other".parse().unwrap(), one.id).is_none());
}

#[test]
fn large_and_old_ones_give_way() {
    let (live, large) = (loaded(&[]), "x".repeat(1 << 20));
    for n in 0..100 {
        kept(&live, &with(n, json!({"text": large})));
    }
    let there = |n| live.approval(&OrgId::first(), ApprovalId::new(Ulid(n))).is_some();
    assert!(there(99) && there(40) && !there(30) && !there(0));
}
