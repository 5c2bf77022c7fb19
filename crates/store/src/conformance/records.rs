//! The log and what it announces.

use countersign_domain::audit::{Head, Kind, Record, Verifier};
use countersign_domain::identity::{Caller, CallerKind};
use countersign_domain::notification::Announcement;
use countersign_domain::{Change, OrgId, Seq};

use super::Fresh;
use super::fixtures::{
    agent, approve, apr, at, deny, fact, keep, kept, open, open_with, org, person, started,
};
use crate::{Kept, RecordQuery, RecordSearch, Store, Texts};

const ALL: usize = 100_000;

type Selects = fn(&Record) -> bool;

/// The whole log, verified.
pub async fn verified(store: &dyn Store, org: &OrgId) -> Vec<Record> {
    let records =
        store.records(org, &RecordQuery { limit: ALL, ..RecordQuery::default() }).await.unwrap();
    let mut verifier = Verifier::default();
    for record in &records {
        verifier.next(record.clone()).unwrap();
    }
    assert_eq!(store.head(org).await, Ok(verifier.head()));
    records
}

/// A conflict takes no place.
pub async fn the_log_continues_over_conflicts(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    assert_eq!(store.head(&"none".parse().unwrap()).await, Ok(Head::START));
    let opened = kept(&*store, open(1)).await;
    let (yes, no) = (approve(&opened, at(5)).change, deny(&opened, at(6)).change);
    let batch = vec![
        open(1).change,
        yes,
        no,
        Change::facts(org(), vec![fact(Kind::CheckAllowed, at(9)); 3]),
    ];
    let kept = store.keep(batch).await.unwrap();
    assert_eq!(kept.iter().filter(|kept| **kept == Kept::Conflict).count(), 2);
    let records = verified(&*store, &org()).await;
    let kinds: Vec<_> = records.iter().map(|record| record.kind).collect();
    let allowed = Kind::CheckAllowed;
    let expected = [
        Kind::ActionLogged,
        Kind::ApprovalOpened,
        Kind::ApprovalApproved,
        allowed,
        allowed,
        allowed,
    ];
    assert_eq!(kinds, expected);
    let draft = fact(allowed, at(9));
    let last = records.last().unwrap();
    assert_eq!((&last.data, &last.caller, last.at), (&draft.data, &draft.caller, draft.at));
}

async fn filled(fresh: &dyn Fresh) -> (std::sync::Arc<dyn Store>, Vec<Record>) {
    let store = started(fresh).await;
    for n in 1..=10 {
        let opened =
            kept(&*store, open_with(n, |card, _| card.requester.agent = agent(n % 2).id)).await;
        keep(&*store, deny(&opened, at(100 + i64::try_from(n).unwrap())).change).await;
    }
    let records = verified(&*store, &org()).await;
    assert_eq!(records.len(), 21);
    (store, records)
}

/// By approval, agent, kind and time, alone and together.
pub async fn every_filter_selects_records(fresh: &dyn Fresh) {
    let (store, records) = filled(fresh).await;
    let any = || RecordQuery { limit: ALL, ..RecordQuery::default() };
    let cases: [(RecordQuery, Selects); 9] = [
        (any(), |_| true),
        (RecordQuery { after: Seq(7), ..any() }, |r| r.seq > Seq(7)),
        (RecordQuery { approval: Some(apr(3)), ..any() }, |r| r.approval_id == Some(apr(3))),
        (RecordQuery { agent: Some(agent(1).id), ..any() }, |r| r.agent_id == Some(agent(1).id)),
        (RecordQuery { kind: Some(Kind::ApprovalDenied), ..any() }, |r| {
            r.kind == Kind::ApprovalDenied
        }),
        (RecordQuery { from: Some(at(102)), ..any() }, |r| r.at >= at(102)),
        (RecordQuery { to: Some(at(102)), ..any() }, |r| r.at < at(102)),
        (RecordQuery { kind: Some(Kind::AgentCreated), ..any() }, |_| false),
        (
            RecordQuery {
                after: Seq(4),
                approval: Some(apr(3)),
                agent: Some(agent(1).id),
                kind: Some(Kind::ApprovalDenied),
                from: Some(at(0)),
                to: Some(at(200)),
                ..any()
            },
            |r| r.approval_id == Some(apr(3)) && r.kind == Kind::ApprovalDenied,
        ),
    ];
    for (query, selects) in cases {
        let expected: Vec<_> = records.iter().filter(|record| selects(record)).cloned().collect();
        assert_eq!(store.records(&org(), &query).await, Ok(expected.clone()), "{query:?}");
        let page = RecordQuery { limit: 2, ..query.clone() };
        assert_eq!(store.records(&org(), &page).await.unwrap(), expected[..expected.len().min(2)]);
        // The same from the other end, but that `after` is then where it stops.
        if query.after == Seq(0) {
            let newest = RecordQuery { newest: true, ..page };
            assert_eq!(
                store.records(&org(), &newest).await.unwrap(),
                expected[expected.len().saturating_sub(2)..]
            );
        }
    }
}

/// Page by page from the end, each page in order.
pub async fn the_newest_records_are_read_backwards(fresh: &dyn Fresh) {
    let (store, records) = filled(fresh).await;
    let mut query = RecordQuery { newest: true, limit: 4, ..RecordQuery::default() };
    let mut seen: Vec<Record> = Vec::new();
    loop {
        let page = store.records(&org(), &query).await.unwrap();
        let Some(first) = page.first() else { break };
        query.after = first.seq;
        seen.splice(0..0, page);
        if query.after == Seq(1) {
            break;
        }
    }
    assert_eq!(seen, records);
}

/// In order, from any place, with the numbers of their records.
pub async fn announcements_resume_after_any_of_them(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let mut silent = fact(Kind::ActionLogged, at(1));
    silent.announces = None;
    let mut told = store.announcements(&org(), Seq(0), ALL).await.unwrap();
    let mut opened = Vec::new();
    for n in 1..=5 {
        let change = open(n).change;
        let notice = change.records[0].announces.clone().unwrap();
        let hints = keep(&*store, change).await;
        opened.extend(hints.into_iter().map(|hint| (hint, notice.clone())));
        assert_eq!(keep(&*store, Change::facts(org(), vec![silent.clone()])).await, []);
    }
    assert_eq!(opened.len(), 5);
    let records = verified(&*store, &org()).await;
    for (hint, notice) in opened {
        let record = records.iter().find(|record| record.seq == hint.seq).unwrap();
        assert_eq!((hint.event, hint.approval), (notice.event, record.approval_id));
        assert_eq!(record.caller, Caller::system());
        told.push(Announcement {
            seq: record.seq,
            event: notice.event,
            at: record.at,
            agent_id: record.agent_id,
            approval_id: record.approval_id,
            data: notice.data,
        });
    }
    for after in 0..=12 {
        let rest: Vec<_> = told.iter().filter(|a| a.seq > Seq(after)).cloned().collect();
        assert_eq!(store.announcements(&org(), Seq(after), ALL).await, Ok(rest.clone()));
        let first: Vec<_> = rest.into_iter().take(2).collect();
        assert_eq!(store.announcements(&org(), Seq(after), 2).await, Ok(first));
    }
}

/// Records of which every one says something else, done by three people and one agent.
async fn said(fresh: &dyn Fresh, count: usize) -> (std::sync::Arc<dyn Store>, Vec<Record>) {
    let store = started(fresh).await;
    let facts = (0..count).map(|n| {
        let kind = if n % 7 == 0 { Kind::CheckDenied } else { Kind::ActionLogged };
        let mut fact = fact(kind, at(i64::try_from(n).unwrap()));
        fact.caller = Caller {
            kind: if n % 5 == 0 { CallerKind::Agent } else { CallerKind::Person },
            id: person(n % 3).id.to_string(),
            name: format!("Caller{}@example.com", n % 3),
            ip: Some(format!("203.0.113.{}", n % 250).parse().unwrap()),
            assurance: None,
        };
        fact.agent = Some(agent(n % 2).id);
        fact.approval = (n % 50 == 0).then(|| apr(n));
        let word = if n % 100 == 3 { "Überweisung an Zoë" } else { "refund" };
        fact.data =
            serde_json::json!({"note": format!("{word} to cus_{n:05}"), "password": "hunter2"});
        fact
    });
    for facts in facts.collect::<Vec<_>>().chunks(500) {
        keep(&*store, Change::facts(org(), facts.to_vec())).await;
    }
    let records = verified(&*store, &org()).await;
    (store, records)
}

/// A search, and which records it selects.
type Look = (RecordSearch, Selects);

fn looks() -> [Look; 14] {
    let any = || RecordQuery { limit: 40, ..RecordQuery::default() };
    let words = |text: &str| RecordSearch {
        within: any(),
        text: Some(text.to_owned()),
        ..RecordSearch::default()
    };
    [
        (words("ZOË überweisung"), |r| r.data.to_string().contains("Zoë")),
        (words("cus_00017"), |r| r.data.to_string().contains("cus_00017")),
        (words("cus_0001*"), |r| r.data.to_string().contains("cus_0001")),
        (words("00017 cus"), |r| r.data.to_string().contains("cus_00017")),
        (words("17_cus"), |_| false),
        (words("refu"), |_| false),
        (words("hunter2"), |_| false),
        (words("203.0.113.9"), |r| r.caller.ip == Some("203.0.113.9".parse().unwrap())),
        (words("caller1@example.com check.denied"), |r| {
            r.caller.name.starts_with("Caller1") && r.kind == Kind::CheckDenied
        }),
        (words("\"refund\" AND *"), |_| false),
        (RecordSearch { by: Some(person(2).id), within: any(), text: None }, |r| {
            r.caller.kind == CallerKind::Person && r.caller.id == person(2).id.to_string()
        }),
        (
            RecordSearch {
                within: RecordQuery {
                    kind: Some(Kind::CheckDenied),
                    agent: Some(agent(1).id),
                    from: Some(at(100)),
                    to: Some(at(700)),
                    ..any()
                },
                by: Some(person(1).id),
                text: Some("refund".to_owned()),
            },
            |r| {
                r.kind == Kind::CheckDenied
                    && r.agent_id == Some(agent(1).id)
                    && (at(100)..at(700)).contains(&r.at)
                    && r.caller.kind == CallerKind::Person
                    && r.caller.id == person(1).id.to_string()
            },
        ),
        (
            RecordSearch {
                within: RecordQuery { approval: Some(apr(150)), ..any() },
                by: None,
                text: Some("refund".to_owned()),
            },
            |r| r.approval_id == Some(apr(150)),
        ),
        (RecordSearch { within: any(), ..RecordSearch::default() }, |_| true),
    ]
}

/// Page by page, from either end.
async fn walked(store: &dyn Store, mut wanted: RecordSearch) -> Vec<Record> {
    let mut seen: Vec<Record> = Vec::new();
    loop {
        let page = store.search_records(&org(), &wanted).await.unwrap();
        assert!(page.records.len() <= wanted.within.limit);
        let at = if wanted.within.newest { 0 } else { seen.len() };
        seen.splice(at..at, page.records);
        match page.next {
            Some(next) => wanted.within.after = next,
            None => return seen,
        }
    }
}

/// Alike whether a record is in the index of texts or came after it, page by page, from either end.
pub async fn records_are_found_before_and_after_they_are_indexed(fresh: &dyn Fresh) {
    let (store, records) = said(fresh, 1_000).await;
    for indexed in [None, Some(600), Some(401), Some(0)] {
        if let Some(indexed) = indexed {
            assert_eq!(store.index_texts(Texts::Records, 600).await, Ok(indexed));
        }
        for (wanted, selects) in looks() {
            let expected: Vec<_> = records.iter().filter(|r| selects(r)).cloned().collect();
            assert_eq!(walked(&*store, wanted.clone()).await, expected, "{indexed:?} {wanted:?}");
            let within = RecordQuery { newest: true, ..wanted.within.clone() };
            let newest = RecordSearch { within, ..wanted.clone() };
            assert_eq!(walked(&*store, newest).await, expected, "{indexed:?} {wanted:?} newest");
        }
    }
}

/// What one page looks at has an end, also where nothing is found; the next one goes on from there.
pub async fn a_page_looks_at_so_many_records_only(fresh: &dyn Fresh) {
    let (store, records) = said(fresh, 4_500).await;
    let mut wanted = RecordSearch {
        within: RecordQuery { limit: 10, newest: true, ..RecordQuery::default() },
        by: None,
        text: Some("cus_00002".to_owned()),
    };
    let first = store.search_records(&org(), &wanted).await.unwrap();
    assert_eq!((first.records, first.next.is_some()), (vec![], true));
    let expected = records.iter().filter(|r| r.data.to_string().contains("cus_00002"));
    let expected: Vec<_> = expected.cloned().collect();
    assert_eq!((walked(&*store, wanted.clone()).await, expected.len()), (expected.clone(), 1));
    while store.index_texts(Texts::Records, 2_000).await.unwrap() > 0 {}
    let page = store.search_records(&org(), &wanted).await.unwrap();
    assert_eq!((page.records, page.next), (expected, None));
    wanted.within.newest = false;
    assert_eq!(walked(&*store, wanted).await.len(), 1);
}
