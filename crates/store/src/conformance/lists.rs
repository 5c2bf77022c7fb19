//! Pages of approvals, compared with the same question asked of a plain list.

use countersign_domain::approval::{Approval, OnTimeout, Risk, Stage, Status};
use countersign_domain::identity::Caller;
use countersign_domain::{OrgId, Write};

use super::Fresh;
use super::fixtures::{
    agent, approve, at, change, deny, elsewhere, keep, kept, open_with, org, started,
};
use crate::{AlikeTo, ApprovalQuery, Cursor, Page, Sort, Store};

const ALL: usize = 1_000;

/// Approvals of many kinds, in every state but expired.
async fn many(store: &dyn Store) -> Vec<Approval> {
    let mut approvals = Vec::new();
    for n in 0..40_usize {
        let opened = kept(
            store,
            open_with(n, |card, requirements| {
                card.risk = Risk::ALL[n % 4];
                card.proposal.action = ["a.b", "a.bc", "A.b"][n % 3].parse().unwrap();
                card.reason_code = ["HIGH_RISK_ACTION", "OUR_OWN"][n % 2].to_owned().into();
                card.requester.agent = agent(1 + n % 2).id;
                // Pairs that came at the same moment.
                card.created_at = at(i64::try_from(n / 2).unwrap());
                requirements.stages =
                    vec![stage(["finance", "fin", "fin%nce"][n % 3]), stage("security")];
                if n % 7 == 0 {
                    requirements.on_timeout = OnTimeout::Keep;
                }
            }),
        )
        .await;
        approvals.push(match n % 5 {
            0 => kept(store, approve(&opened, at(50))).await,
            1 => kept(store, deny(&opened, at(51))).await,
            2 if n % 2 == 0 => {
                kept(store, opened.cancel(None, &Caller::system(), at(52)).unwrap()).await
            }
            _ => opened,
        });
    }
    approvals
}

fn stage(group: &str) -> Stage {
    Stage {
        name: group.to_owned(),
        need: 1,
        groups: vec![group.to_owned()],
        people: vec![super::fixtures::person(1).email],
    }
}

fn sorted(approvals: &[Approval], sort: Sort) -> Vec<Approval> {
    let mut approvals = approvals.to_vec();
    approvals.sort_by_key(|approval| {
        let place = Cursor::of(approval, sort);
        (place.first, place.second, place.id)
    });
    approvals
}

async fn found(store: &dyn Store, query: ApprovalQuery) -> Page<Approval> {
    store.approvals(&org(), &ApprovalQuery { limit: ALL, ..query }).await.unwrap()
}

type Selects = fn(&Approval) -> bool;

/// Every filter, and all of a query together.
fn filters() -> Vec<(ApprovalQuery, Selects)> {
    let any = ApprovalQuery::default;
    vec![
        (any(), |_| true),
        (ApprovalQuery { status: Some(Status::Pending), ..any() }, |a| {
            a.state.status() == Status::Pending
        }),
        (ApprovalQuery { status: Some(Status::Approved), ..any() }, |a| {
            a.state.status() == Status::Approved
        }),
        (ApprovalQuery { status: Some(Status::Denied), ..any() }, |a| {
            a.state.status() == Status::Denied
        }),
        (ApprovalQuery { status: Some(Status::Canceled), ..any() }, |a| {
            a.state.status() == Status::Canceled
        }),
        (ApprovalQuery { status: Some(Status::Expired), ..any() }, |_| false),
        (ApprovalQuery { agent: Some(agent(2).id), ..any() }, |a| {
            a.card.requester.agent == agent(2).id
        }),
        (ApprovalQuery { action: Some("a.b".to_owned()), ..any() }, |a| {
            a.card.proposal.action.as_str() == "a.b"
        }),
        (ApprovalQuery { reason_code: Some("OUR_OWN".to_owned()), ..any() }, |a| {
            a.card.reason_code.as_str() == "OUR_OWN"
        }),
        (ApprovalQuery { risk: Some(Risk::Critical), ..any() }, |a| a.card.risk == Risk::Critical),
        (ApprovalQuery { group: Some("fin".to_owned()), ..any() }, |a| {
            a.requirements.stages[0].groups == ["fin"]
        }),
        (ApprovalQuery { group: Some("security".to_owned()), ..any() }, |_| true),
        (ApprovalQuery { group: Some("ecurit".to_owned()), ..any() }, |_| false),
        (ApprovalQuery { from: Some(at(10)), ..any() }, |a| a.card.created_at >= at(10)),
        (ApprovalQuery { to: Some(at(10)), ..any() }, |a| a.card.created_at < at(10)),
        (ApprovalQuery { text: Some("REFUND no. 3".to_owned()), ..any() }, |a| {
            a.card.summary.contains('3')
        }),
        (together(), |a| {
            a.state.status() == Status::Pending
                && a.card.requester.agent == agent(1).id
                && a.card.risk == Risk::High
                && a.card.created_at >= at(2)
                && a.card.created_at < at(18)
        }),
    ]
}

fn together() -> ApprovalQuery {
    ApprovalQuery {
        status: Some(Status::Pending),
        agent: Some(agent(1).id),
        reason_code: Some("HIGH_RISK_ACTION".to_owned()),
        risk: Some(Risk::High),
        group: Some("security".to_owned()),
        from: Some(at(2)),
        to: Some(at(18)),
        text: Some("refund".to_owned()),
        ..ApprovalQuery::default()
    }
}

/// Each filter lets pass what it says, and nothing else, in every order.
pub async fn every_filter_selects(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let approvals = many(&*store).await;
    for (query, selects) in filters() {
        for sort in [Sort::Risk, Sort::Created, Sort::Expires] {
            let expected: Vec<_> = sorted(&approvals, sort).into_iter().filter(selects).collect();
            let page = found(&*store, ApprovalQuery { sort, ..query.clone() }).await;
            assert_eq!(page.items, expected, "{query:?}");
            assert_eq!(page.next, None);
        }
    }
    assert!(!found(&*store, together()).await.items.is_empty());
}

/// Highest risk and least time left, newest, or least time left.
pub async fn every_order_sorts(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let risky = |n: usize, risk, expires: i64| {
        open_with(n, move |card, requirements| {
            card.risk = risk;
            requirements.expires_in = jiff::SignedDuration::from_mins(expires);
        })
    };
    for opened in [
        risky(1, Risk::Low, 5),
        risky(2, Risk::Critical, 9),
        risky(3, Risk::Critical, 7),
        risky(4, Risk::Medium, 6),
    ] {
        keep(&*store, opened.change).await;
    }
    let kept_open = open_with(5, |card, requirements| {
        card.risk = Risk::Critical;
        requirements.on_timeout = OnTimeout::Keep;
    });
    keep(&*store, kept_open.change).await;
    for (sort, expected) in [
        (Sort::Risk, [3, 2, 5, 4, 1]),
        (Sort::Created, [5, 4, 3, 2, 1]),
        (Sort::Expires, [1, 4, 3, 2, 5]),
    ] {
        let page = found(&*store, ApprovalQuery { sort, ..ApprovalQuery::default() }).await;
        let ids: Vec<_> = page.items.iter().map(|approval| approval.id).collect();
        assert_eq!(ids, expected.map(super::fixtures::apr), "{sort:?}");
    }
}

/// Page by page, of any size, nothing is skipped or shown twice.
pub async fn every_item_is_on_exactly_one_page(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let approvals = many(&*store).await;
    for sort in [Sort::Risk, Sort::Created, Sort::Expires] {
        for limit in [1, 3, 10, 39, 40, 41] {
            let mut query = ApprovalQuery { sort, limit, ..ApprovalQuery::default() };
            let mut seen = Vec::new();
            loop {
                let page = store.approvals(&org(), &query).await.unwrap();
                assert!(page.items.len() <= limit);
                assert_eq!(page.total, Some(40));
                assert!(seen.len() <= approvals.len(), "{sort:?} by {limit} goes in circles");
                seen.extend(page.items);
                let Some(next) = page.next else { break };
                query.after = Some(next.to_string().parse().unwrap());
            }
            assert_eq!(seen, sorted(&approvals, sort), "{sort:?} by {limit}");
        }
    }
}

/// For several agents and actions at once: each with its last ones, newest first; and every action by name.
pub async fn what_is_alike_is_found_by_agent_and_action(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let approvals = sorted(&many(&*store).await, Sort::Created);
    let other: OrgId = "other".parse().unwrap();
    let kind = |n, action: &str| AlikeTo { agent: agent(n).id, action: action.to_owned() };
    let kinds = [kind(1, "a.b"), kind(2, "A.b"), kind(2, "a.bc"), kind(1, "nothing")];
    for limit in [0, 1, 3, ALL] {
        let found = store.approvals_alike(&org(), &kinds, limit).await.unwrap();
        let like = |kind: &AlikeTo| {
            let is = |a: &&Approval| {
                a.card.requester.agent == kind.agent
                    && a.card.proposal.action.to_string() == kind.action
            };
            approvals.iter().filter(is).take(limit).cloned().collect::<Vec<_>>()
        };
        assert_eq!(found, kinds.iter().map(like).collect::<Vec<_>>(), "{limit}");
    }
    let nothing = store.approvals_alike(&other, &kinds, ALL).await.unwrap();
    assert!(nothing.iter().all(Vec::is_empty), "of another organization");
    assert_eq!(store.approval_actions(&org(), ALL).await.unwrap(), ["A.b", "a.b", "a.bc"]);
    assert_eq!(store.approval_actions(&org(), 2).await.unwrap(), ["A.b", "a.b"]);
    assert_eq!(store.approval_actions(&other, ALL).await.unwrap(), Vec::<String>::new());
}

/// The total counts what the filters let pass, whatever page is read.
pub async fn totals_are_exact(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let approvals = many(&*store).await;
    let pending = approvals.iter().filter(|a| a.state.status() == Status::Pending).count();
    let query =
        ApprovalQuery { status: Some(Status::Pending), limit: 2, ..ApprovalQuery::default() };
    let page = store.approvals(&org(), &query).await.unwrap();
    assert_eq!((page.items.len(), page.total), (2, Some(pending as u64)));
    let query =
        ApprovalQuery { status: Some(Status::Expired), limit: 2, ..ApprovalQuery::default() };
    let empty = Page { items: Vec::new(), next: None, total: Some(0) };
    assert_eq!(store.approvals(&org(), &query).await, Ok(empty));
}

/// What one organization has does not exist for another.
pub async fn organizations_do_not_see_each_other(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let other: OrgId = "other".parse().unwrap();
    keep(&*store, elsewhere("other", change(vec![Write::Organization]))).await;
    let opened = kept(&*store, super::fixtures::open(1)).await;
    let wanted = opened.proposal().into();
    keep(
        &*store,
        change(vec![
            Write::Agent(agent(1)),
            Write::Idempotency(super::round_trip::idempotency("k")),
        ]),
    )
    .await;

    assert_eq!(store.approval(&other, opened.id).await, Ok(None));
    let page = store
        .approvals(&other, &ApprovalQuery { limit: 9, ..ApprovalQuery::default() })
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.total), (0, Some(0)));
    assert_eq!(store.approvals_related(&other, agent(1).id, wanted).await, Ok(vec![]));
    assert_eq!(store.pending_count(&other, agent(1).id).await, Ok(0));
    assert_eq!(store.samples(&other, at(-1), at(100)).await, Ok(vec![]));
    assert_eq!(store.idempotency(&other, "caller", "k").await, Ok(None));
    assert_eq!(store.configuration(&other).await.unwrap().unwrap().agents, []);
    assert_eq!(store.head(&other).await.unwrap().seq.0, 1);
    // The same ids can stand in both, and a change of one does not touch the other.
    keep(&*store, elsewhere("other", super::fixtures::open(1).change)).await;
    keep(&*store, elsewhere("other", deny(&opened, at(5)).change)).await;
    assert_eq!(store.approval(&org(), opened.id).await, Ok(Some(opened)));
}
