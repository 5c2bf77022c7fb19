//! The tickets. Whoever writes one clears away those that are over.

use countersign_domain::OrgId;
use countersign_domain::identity::KeyHash;
use countersign_domain::identity::sign_in::Ticket;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, write as run};

const TABLE: &str = "tickets";

pub(crate) fn insert(conn: &Connection, org: &OrgId, ticket: &Ticket) -> Result<(), Hindrance> {
    let over = ticket.made_at.as_millisecond();
    run(conn, "DELETE FROM tickets WHERE expires_at < ?", [over])?;
    let sql = "INSERT INTO tickets (hash, org, expires_at, body) VALUES (?, ?, ?, ?)";
    let (hash, end) = (ticket.hash.to_string(), ticket.expires_at.as_millisecond());
    run(conn, sql, params![hash, org.as_str(), end, to_body(ticket)?])?;
    Ok(())
}

/// A ticket is used once: of two who use it at the same time one finds it gone.
pub(crate) fn take(conn: &Connection, org: &OrgId, hash: KeyHash) -> Result<(), Hindrance> {
    let sql = "DELETE FROM tickets WHERE hash = ? AND org = ?";
    guarded(run(conn, sql, params![hash.to_string(), org.as_str()])?)
}

pub(crate) fn with_hash(
    conn: &Connection,
    hash: KeyHash,
) -> Result<Option<(OrgId, Ticket)>, StoreError> {
    let sql = "SELECT hash, body, org FROM tickets WHERE hash = ?";
    row::one_of_any(conn, TABLE, sql, [hash.to_string()])
}

/// The open invitations and those that are over, the oldest first.
pub(crate) fn invitations(conn: &Connection, org: &OrgId) -> Result<Vec<Ticket>, StoreError> {
    let sql = "SELECT hash, body FROM tickets
               WHERE org = ? AND json_extract(body, '$.purpose.purpose') = 'invitation'
               ORDER BY json_extract(body, '$.purpose.id')";
    row::all(conn, TABLE, sql, [org.as_str()])
}
