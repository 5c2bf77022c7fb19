use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tempfile::TempDir;

use super::SqliteStore;
use super::tables::approvals::{ACTIONS, OF_A_KIND, OF_A_PERIOD};
use crate::conformance::Fresh;
use crate::conformance::fixtures::{change, keep, open, org, started};
use crate::conformance::records::verified;
use crate::{Store, StoreError};
use countersign_domain::Write;

struct InFile(TempDir);

impl InFile {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("countersign.db")
    }
}

#[async_trait]
impl Fresh for InFile {
    async fn open(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(SqliteStore::open(&self.path())?))
    }

    async fn run(&self, sql: &str) {
        rusqlite::Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }
}

crate::suite!(InFile::new());

#[tokio::test]
async fn only_the_owner_reads_the_files() {
    let file = InFile::new();
    let store = started(&file).await;
    for entry in std::fs::read_dir(file.0.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
    }
    drop(store);
}

#[tokio::test]
async fn one_file_is_left_when_the_store_is_closed() {
    let file = InFile::new();
    drop(started(&file).await);
    let names: Vec<_> =
        std::fs::read_dir(file.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["countersign.db"]);
}

#[tokio::test]
async fn what_another_program_writes_is_noticed_once_and_continued() {
    let file = InFile::new();
    let (here, there) = (started(&file).await, file.open().await.unwrap());
    for n in 0..5 {
        let (first, second) = (open(2 * n).change, open(2 * n + 1).change);
        keep(&*here, first).await;
        assert_eq!(there.keep(vec![second.clone()]).await, Err(StoreError::Overtaken));
        keep(&*there, second).await;
        assert_eq!(here.keep(Vec::new()).await, Err(StoreError::Overtaken));
        for store in [&here, &there] {
            assert_eq!(store.keep(Vec::new()).await, Ok(Vec::new()));
        }
    }
    assert_eq!(verified(&*here, &org()).await.len(), 11);
}

#[tokio::test]
async fn a_call_that_breaks_the_transaction_does_not_fail_the_others() {
    let file = InFile::new();
    let store = started(&file).await;
    keep(
        &*store,
        crate::conformance::fixtures::elsewhere("other", change(vec![Write::Organization])),
    )
    .await;
    drop(store);
    file.run("UPDATE records SET body = '[' WHERE org = 'other'").await;
    let store = file.open().await.unwrap();
    let broken = || crate::conformance::fixtures::elsewhere("other", open(1).change);
    let commit = |change| store.keep(vec![change]);
    let answers = tokio::join!(
        commit(open(1).change),
        commit(broken()),
        commit(open(2).change),
        commit(broken()),
        commit(open(3).change)
    );
    let worked = [
        answers.0.is_ok(),
        answers.1.is_ok(),
        answers.2.is_ok(),
        answers.3.is_ok(),
        answers.4.is_ok(),
    ];
    assert_eq!(worked, [true, false, true, false, true]);
    assert_eq!(verified(&*store, &org()).await.len(), 4);
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_named() {
    let refused =
        SqliteStore::open(std::path::Path::new("/nowhere/x.db")).err().map(|e| e.to_string());
    assert!(refused.is_some_and(|text| text.contains("`/nowhere/x.db`")));
}

#[tokio::test]
async fn who_remembers_nothing_writes_beside_a_program_that_goes_on() {
    let file = InFile::new();
    let here = started(&file).await;
    let beside = SqliteStore::open_beside(&file.path()).unwrap();
    for n in 0..5 {
        keep(&*here, open(2 * n).change).await;
        keep(&beside, open(2 * n + 1).change).await;
        assert_eq!(here.keep(Vec::new()).await, Err(StoreError::Overtaken));
    }
    assert_eq!(verified(&*here, &org()).await.len(), 11);
}

/// The rows of a month are hundreds of megabytes where there is a million of them.
#[tokio::test]
async fn figures_are_read_from_an_index_alone() {
    let file = InFile::new();
    drop(started(&file).await);
    let conn = rusqlite::Connection::open(file.path()).unwrap();
    let sql = format!("EXPLAIN QUERY PLAN {OF_A_PERIOD}");
    let mut plan = conn.prepare(&sql).unwrap();
    let steps = plan.query_map(("default", 0, 1), |row| row.get::<_, String>(3)).unwrap();
    let steps: Vec<_> = steps.map(Result::unwrap).collect();
    let whole = "SEARCH approvals USING COVERING INDEX approvals_figures \
                 (org=? AND created_at>? AND created_at<?)";
    assert_eq!(steps, [whole]);
}

/// A list asks for what is alike of each kind on it, however many approvals of other kinds there are.
#[tokio::test]
async fn what_is_alike_is_read_from_its_index() {
    let file = InFile::new();
    drop(started(&file).await);
    let conn = rusqlite::Connection::open(file.path()).unwrap();
    for (sql, steps) in [
        (OF_A_KIND, vec!["approvals_alike (org=? AND action=? AND agent_id=?)"]),
        (
            ACTIONS,
            vec!["COVERING INDEX approvals_alike (org=?)", "approvals_alike (org=? AND action>?)"],
        ),
    ] {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let count = plan.parameter_count();
        let params = rusqlite::params_from_iter(std::iter::repeat_n("1", count));
        let found = plan.query_map(params, |row| row.get::<_, String>(3)).unwrap();
        let found: Vec<String> = found.map(Result::unwrap).collect();
        for step in steps {
            assert!(found.iter().any(|line| line.contains(step)), "{step} in {found:?}");
        }
        assert!(!found.iter().any(|line| line.contains("TEMP B-TREE")), "{found:?}");
    }
}

/// Nothing is written into a file in which another program keeps something.
#[tokio::test]
async fn a_file_of_another_program_is_left_as_it_is() {
    let file = InFile::new();
    file.run("CREATE TABLE customers (x)").await;
    let before = std::fs::read(file.path()).unwrap();
    assert_eq!(SqliteStore::open(&file.path()).err(), Some(StoreError::Foreign));
    assert_eq!(std::fs::read(file.path()).unwrap(), before);
}
