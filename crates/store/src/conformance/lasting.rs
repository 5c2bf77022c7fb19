//! What a database is after it was closed, and which databases are not opened.

use countersign_domain::{Seq, Write};

use super::Fresh;
use super::fixtures::{approve, apr, at, change, keep, kept, key, open, org, started};
use super::records::verified;
use crate::{RecordQuery, StoreError};

/// What was answered for is there, and the log goes on where it ended.
pub async fn everything_is_there_after_a_restart(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, change(vec![Write::Key(key(1))])).await;
    let approved = kept(&*store, approve(&kept(&*store, open(1)).await, at(5))).await;
    let before = (
        verified(&*store, &org()).await,
        store.configuration(&org()).await,
        store.head(&org()).await,
    );
    let told = store.announcements(&org(), Seq(0), 100).await;
    drop(store);

    let store = fresh.open().await.unwrap();
    let after = (
        verified(&*store, &org()).await,
        store.configuration(&org()).await,
        store.head(&org()).await,
    );
    assert_eq!(after, before);
    assert_eq!(store.announcements(&org(), Seq(0), 100).await, told);
    assert_eq!(store.approval(&org(), apr(1)).await, Ok(Some(approved)));
    keep(&*store, open(2).change).await;
    assert_eq!(verified(&*store, &org()).await.len(), 5);
}

/// An older program does not touch what a newer one made.
pub async fn a_newer_schema_is_refused(fresh: &dyn Fresh) {
    drop(started(fresh).await);
    fresh.run("INSERT INTO migrations (version, name, checksum, applied_at) VALUES (9000, 'later', 'x', 1)").await;
    let refused = fresh.open().await.err();
    assert!(matches!(refused, Some(StoreError::TooNew { found: 9000, .. })), "{refused:?}");
}

/// A migration that was applied must be the one this program has.
pub async fn another_history_is_refused(fresh: &dyn Fresh) {
    drop(started(fresh).await);
    fresh.run("UPDATE migrations SET checksum = 'another' WHERE version = 1").await;
    assert_eq!(fresh.open().await.err(), Some(StoreError::OtherHistory(1)));
}

/// A row that does not parse is an error that says which; it is never skipped.
pub async fn an_unreadable_row_is_named(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    keep(&*store, open(1).change).await;
    drop(store);
    fresh.run("UPDATE approvals SET body = '{}'").await;
    fresh.run("UPDATE records SET body = '[' WHERE seq = 2").await;
    let store = fresh.open().await.unwrap();
    let approval = store.approval(&org(), apr(1)).await.unwrap_err().to_string();
    assert!(approval.contains("approvals") && approval.contains(&apr(1).to_string()), "{approval}");
    let query = RecordQuery { limit: 9, ..RecordQuery::default() };
    let record = store.records(&org(), &query).await.unwrap_err().to_string();
    assert!(record.contains("records") && record.contains("`2`"), "{record}");
    // Nothing is linked to a record that cannot be read.
    assert!(store.keep(vec![open(2).change]).await.is_err());
}

/// A probe succeeds on a database that works, and leaves no trace in the log.
pub async fn a_probe_writes(fresh: &dyn Fresh) {
    let store = started(fresh).await;
    let head = store.head(&org()).await;
    assert_eq!(store.probe().await, Ok(()));
    assert_eq!(store.head(&org()).await, head);
}
