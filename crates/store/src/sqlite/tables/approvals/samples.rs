//! What figures are made of.

use std::collections::HashMap;

use countersign_domain::OrgId;
use countersign_domain::approval::Status;
use countersign_domain::approval::statistics::{Marks, Sample};
use countersign_domain::policy::ReasonCode;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::TABLE;
use crate::StoreError;
use crate::sqlite::row::millis_from;

const SELF: &str = "self";
const LENT: &str = "lent";
const RELAYED: &str = "relayed";

/// Answered from an index alone.
pub(in crate::sqlite) const OF_A_PERIOD: &str =
    "SELECT agent_name, action, reason_code, status, created_at, decided_at, approver, marks
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
    let (mut samples, mut codes) = (Vec::new(), HashMap::new());
    while let Some(row) = rows.next()? {
        samples.push(sample(row, &mut codes)?);
    }
    Ok(samples)
}

/// One sample; `codes` holds the reason codes that were read so far, of which there are few.
fn sample(row: &Row<'_>, codes: &mut HashMap<String, ReasonCode>) -> Result<Sample, StoreError> {
    let refuse = |error| StoreError::Unreadable(format!("a reason code in {TABLE}: {error}"));
    let code = row.get_ref(2)?.as_str().map_err(refuse)?;
    let reason_code = match codes.get(code) {
        Some(known) => known.clone(),
        None => codes.entry(code.to_owned()).or_insert(code.to_owned().into()).clone(),
    };
    let approver: Option<String> = row.get(6)?;
    let (automatic, approver) = match approver {
        Some(label) if label.starts_with("auto:") => (Some(label), None),
        person => (None, person),
    };
    Ok(Sample {
        agent: row.get(0)?,
        action: row.get(1)?,
        reason_code,
        status: status(row.get_ref(3)?.as_str().unwrap_or_default())?,
        created_at: time(row.get(4)?)?,
        decided_at: row.get::<_, Option<i64>>(5)?.map(time).transpose()?,
        approver,
        automatic,
        marks: marks_of(row.get_ref(7)?.as_str().unwrap_or_default()),
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

fn time(millis: i64) -> Result<Timestamp, StoreError> {
    let refuse = |error| StoreError::Unreadable(format!("`{millis}` in {TABLE}: {error}"));
    Timestamp::from_millisecond(millis).map_err(refuse)
}
