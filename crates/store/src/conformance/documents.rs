//! Policy documents: each guarded by its revision, all of them by the revision of the set.

use countersign_domain::identity::Caller;
use countersign_domain::policy::document::{DocumentKind, StoredDocument};
use countersign_domain::{Revision, Write};
use serde_json::{Value, json};

use super::Fresh;
use super::fixtures::{agent, at, change, elsewhere, keep, org, refuse, started};
use crate::Store;

fn stored(revision: u64, document: Value) -> StoredDocument {
    StoredDocument {
        revision: Revision(revision),
        document: serde_json::from_value(document).unwrap(),
        updated_at: at(1),
        updated_by: Caller::system(),
        source: Some("# why\nkind: Group # ä\n".to_owned()),
    }
}

fn group(revision: u64, name: &str, members: &[&str]) -> StoredDocument {
    stored(revision, json!({"kind": "Group", "name": name, "members": members}))
}

fn write(document: &StoredDocument) -> Write {
    Write::Document(Box::new(document.clone()))
}

async fn found(store: &dyn Store) -> (Vec<StoredDocument>, Revision) {
    let configuration = store.configuration(&org()).await.unwrap().unwrap();
    (configuration.documents, configuration.document_set)
}

/// One of every kind, with its source.
pub async fn documents_come_back_as_they_were_written(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    assert_eq!(found(&*store).await, (Vec::new(), Revision(0)));
    let limit = json!({"uses": 3, "usd": 0.5});
    let all: Vec<StoredDocument> = [
        json!({"kind": "Agent", "name": "bot", "manifest": {"actions": ["mail.*"], "hours":
            {"days": "mon-fri", "from": "08:00", "to": "20:00", "timezone": "Europe/Berlin"}}}),
        json!({"kind": "Budget", "name": "day", "unit": "usd", "limit": 0.1, "window": "day",
            "escalate_at": "90%"}),
        json!({"kind": "Defaults", "expires_in": "4h"}),
        json!({"kind": "Grant", "name": "images", "agents": ["*"], "actions": ["image.*"],
            "limit": limit}),
        json!({"kind": "Group", "name": "finance", "members": ["ana@example.com"]}),
        json!({"kind": "Policy", "name": "refunds", "rules": [{"name": "large", "verdict":
            "escalate", "when": "params.amount > 200", "approval": {"stages": [{"name": "s"}],
            "on_timeout": {"escalate": [{"after": "2h", "groups": ["managers"]}]}}}]}),
        json!({"kind": "Tool", "name": "send", "action": "send", "input_schema": {"maximum": 1.5, "x": [null, 7]}}),
    ]
    .map(|document| stored(1, document))
    .into();
    assert_eq!(all.len(), DocumentKind::ALL.len());
    keep(&*store, change(all.iter().rev().map(write).collect())).await;
    assert_eq!(found(&*store).await.0, all);

    let changed = StoredDocument { source: None, ..group(2, "finance", &["ben@example.com"]) };
    keep(&*store, change(vec![write(&changed)])).await;
    assert_eq!(found(&*store).await.0.get(4), Some(&changed));
}

/// Whoever read an older version changes nothing, and neither does what came with it.
pub async fn a_stale_document_is_refused(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![write(&group(1, "finance", &[]))])).await;
    refuse(&*store, change(vec![write(&group(1, "finance", &["ana@example.com"]))])).await;
    refuse(&*store, change(vec![write(&group(3, "finance", &["ana@example.com"]))])).await;
    refuse(&*store, change(vec![write(&group(2, "other", &[]))])).await;
    let stale =
        vec![Write::Agent(agent(1)), write(&group(1, "new", &[])), write(&group(9, "x", &[]))];
    refuse(&*store, change(stale)).await;
    // The same name stands for another document in another kind and in another organization.
    let policy = stored(1, json!({"kind": "Policy", "name": "finance"}));
    keep(&*store, change(vec![write(&policy)])).await;
    let founding = vec![Write::Organization, write(&group(1, "finance", &[]))];
    keep(&*store, elsewhere("other", change(founding))).await;
    assert_eq!(found(&*store).await.0, [group(1, "finance", &[]), policy]);
}

/// What is gone cannot be removed, and may be made anew.
pub async fn a_document_is_removed_once(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let removed = |kind| change(vec![Write::DocumentRemoved(kind, "finance".to_owned())]);
    keep(&*store, change(vec![write(&group(1, "finance", &[]))])).await;
    refuse(&*store, removed(DocumentKind::Policy)).await;
    keep(&*store, removed(DocumentKind::Group)).await;
    refuse(&*store, removed(DocumentKind::Group)).await;
    assert_eq!(found(&*store).await.0, []);
    keep(&*store, change(vec![write(&group(1, "finance", &[]))])).await;
}

/// Two who looked at the same set and changed different documents of it: only one of them is kept.
pub async fn one_change_of_the_set_at_a_time(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let set = |revision, name: &str| {
        change(vec![write(&group(1, name, &[])), Write::DocumentSet(Revision(revision))])
    };
    keep(&*store, set(1, "a")).await;
    refuse(&*store, set(1, "b")).await;
    refuse(&*store, set(3, "b")).await;
    keep(&*store, set(2, "b")).await;
    refuse(&*store, set(2, "c")).await;
    let expected = (vec![group(1, "a", &[]), group(1, "b", &[])], Revision(2));
    assert_eq!(found(&*store).await, expected);
}
