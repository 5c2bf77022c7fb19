//! What figures are made of.

use std::sync::Arc;

use countersign_domain::OrgId;
use countersign_domain::approval::statistics::{Marks, Sample};
use countersign_domain::approval::{Risk, Status};
use countersign_domain::policy::ReasonCode;
use foldhash::{HashMap, HashSet};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::TABLE;
use crate::StoreError;
use crate::query::risk_of_rank;
use crate::sqlite::row::millis_from;

const SELF: &str = "self";
const LENT: &str = "lent";
const RELAYED: &str = "relayed";

/// Answered from an index alone.
pub(in crate::sqlite) const OF_A_PERIOD: &str =
    "SELECT agent_name, action, reason_code, status, created_at, decided_at, approver, marks, risk
     FROM approvals WHERE org = ? AND created_at >= ? AND created_at < ?
     ORDER BY created_at, id";

pub(crate) fn samples(
    conn: &Connection,
    org: &OrgId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Sample>, StoreError> {
    let mut statement = conn.prepare_cached(OF_A_PERIOD)?;
    let mut rows = statement.query(params![org.as_str(), millis_from(from), millis_from(to)])?;
    let (mut samples, mut known) = (Vec::new(), Known::default());
    while let Some(row) = rows.next()? {
        samples.push(sample(row, &mut known)?);
    }
    Ok(samples)
}

/// What was read so far: there are many samples, and few names and codes among them.
#[derive(Default)]
struct Known {
    names: HashSet<Arc<str>>,
    codes: HashMap<String, ReasonCode>,
}

impl Known {
    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let name: Arc<str> = text.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    fn code(&mut self, text: &str) -> ReasonCode {
        if let Some(known) = self.codes.get(text) {
            return known.clone();
        }
        let code = ReasonCode::from(text.to_owned());
        self.codes.insert(text.to_owned(), code.clone());
        code
    }
}

fn sample(row: &Row<'_>, known: &mut Known) -> Result<Sample, StoreError> {
    let refuse = |error| StoreError::Unreadable(format!("a name in {TABLE}: {error}"));
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(refuse);
    let approver = row.get_ref(6)?.as_str_or_null().map_err(refuse)?;
    let approver = approver.map(|text| known.name(text));
    let (automatic, approver) = match approver {
        Some(label) if label.starts_with("auto:") => (Some(label), None),
        person => (None, person),
    };
    Ok(Sample {
        agent: known.name(text(0)?),
        action: known.name(text(1)?),
        reason_code: known.code(text(2)?),
        status: status(row.get_ref(3)?.as_str().unwrap_or_default())?,
        created_at: time(row.get(4)?)?,
        decided_at: row.get::<_, Option<i64>>(5)?.map(time).transpose()?,
        approver,
        automatic,
        marks: marks_of(row.get_ref(7)?.as_str().unwrap_or_default()),
        risk: risk(row.get(8)?)?,
    })
}

/// Marks as words, as the column keeps them.
pub(super) fn marks(marks: Marks) -> String {
    let words = [(marks.self_approved, SELF), (marks.in_place, LENT), (marks.relayed, RELAYED)];
    words.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

fn marks_of(words: &str) -> Marks {
    let has = |word: &str| words.split(' ').any(|known| known == word);
    Marks { self_approved: has(SELF), in_place: has(LENT), relayed: has(RELAYED) }
}

fn status(text: &str) -> Result<Status, StoreError> {
    let found = Status::ALL.into_iter().find(|status| status.as_str() == text);
    found.ok_or_else(|| StoreError::Unreadable(format!("`{text}` in {TABLE} is no status")))
}

fn risk(rank: i64) -> Result<Risk, StoreError> {
    let refuse = || StoreError::Unreadable(format!("`{rank}` in {TABLE} is no risk"));
    risk_of_rank(rank).ok_or_else(refuse)
}

fn time(millis: i64) -> Result<Timestamp, StoreError> {
    let refuse = |error| StoreError::Unreadable(format!("`{millis}` in {TABLE}: {error}"));
    Timestamp::from_millisecond(millis).map_err(refuse)
}
