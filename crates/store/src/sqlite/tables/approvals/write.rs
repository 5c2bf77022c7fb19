//! A new or changed approval.

use countersign_domain::approval::statistics::Marks;
use countersign_domain::approval::{AnsweredBy, Approval, Execution, Origin};
use countersign_domain::identity::Email;
use countersign_domain::{OrgId, Revision};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{samples, search};
use crate::query::risk_rank;
use crate::sqlite::row::{Hindrance, guarded, integer, write as run};

/// What changes with the approval; everything else is fixed by its card.
struct Columns {
    status: &'static str,
    execution: Option<&'static str>,
    present_digest: String,
    group_names: String,
    expires_at: i64,
    use_by: Option<i64>,
    decided_at: Option<i64>,
    approver: Option<String>,
    marks: String,
}

pub(crate) fn write(
    conn: &Connection,
    org: &OrgId,
    approval: &Approval,
    body: &str,
) -> Result<(), Hindrance> {
    match approval.revision.guards() {
        None => insert(conn, org, approval, body),
        Some(before) => update(conn, org, approval, body, before),
    }
}

fn insert(
    conn: &Connection,
    org: &OrgId,
    approval: &Approval,
    body: &str,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO approvals (
                   org, id, revision, status, execution, agent_id, agent_name, action, digest,
                   present_digest, origin, risk, reason_code, group_names, task_id, created_at,
                   expires_at, use_by, decided_at, approver, marks, on_behalf_of, likeness, search, body)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let (card, columns) = (&approval.card, Columns::of(approval));
    let params = params![
        org.as_str(),
        approval.id.to_string(),
        integer(approval.revision.0),
        columns.status,
        columns.execution,
        card.requester.agent.to_string(),
        card.requester.name,
        card.proposal.action.as_str(),
        card.digest.to_string(),
        columns.present_digest,
        origin(card.origin),
        risk_rank(card.risk),
        card.reason_code.as_str(),
        columns.group_names,
        card.task_id,
        card.created_at.as_millisecond(),
        columns.expires_at,
        columns.use_by,
        columns.decided_at,
        columns.approver,
        columns.marks,
        card.requester.on_behalf_of.as_ref().map_or("", Email::as_str),
        card.proposal.likeness().to_string(),
        search::text(card),
        body,
    ];
    run(conn, sql, params)?;
    Ok(())
}

fn update(
    conn: &Connection,
    org: &OrgId,
    approval: &Approval,
    body: &str,
    before: Revision,
) -> Result<(), Hindrance> {
    let sql = "UPDATE approvals SET
                   revision = ?, status = ?, execution = ?, present_digest = ?, group_names = ?,
                   expires_at = ?, use_by = ?, decided_at = ?, approver = ?, marks = ?, body = ?
               WHERE org = ? AND id = ? AND revision = ?";
    let columns = Columns::of(approval);
    let params = params![
        integer(approval.revision.0),
        columns.status,
        columns.execution,
        columns.present_digest,
        columns.group_names,
        columns.expires_at,
        columns.use_by,
        columns.decided_at,
        columns.approver,
        columns.marks,
        body,
        org.as_str(),
        approval.id.to_string(),
        integer(before.0),
    ];
    guarded(run(conn, sql, params)?)
}

impl Columns {
    fn of(approval: &Approval) -> Self {
        Self {
            status: approval.state.status().as_str(),
            execution: approval.execution().map(Execution::as_str),
            present_digest: approval.digest().to_string(),
            group_names: search::group_names(approval),
            expires_at: approval.expires_at().map_or(i64::MAX, Timestamp::as_millisecond),
            use_by: approval.use_by().map(Timestamp::as_millisecond),
            decided_at: approval.state.decided_at().map(Timestamp::as_millisecond),
            approver: approval.answered_by().and_then(approver),
            marks: samples::marks(Marks::of(approval)),
        }
    }
}

fn approver(by: AnsweredBy) -> Option<String> {
    match by {
        AnsweredBy::Person(person) => Some(person.email.into()),
        // No address has a colon, so that the label is never taken for a person.
        AnsweredBy::Auto(by) => Some(by.label().to_owned()),
        // Whoever is said to have answered elsewhere is not measured by it.
        AnsweredBy::Relayed { .. } | AnsweredBy::Timeout => None,
    }
}

/// The word that the index of pending checks knows.
const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Check => "check",
        Origin::Ask => "ask",
        Origin::Call => "call",
    }
}
