//! The sessions. Whoever writes one clears away those that are long over.

use countersign_domain::identity::KeyHash;
use countersign_domain::identity::sign_in::Session;
use countersign_domain::{OrgId, PersonId};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, integer, write as run};

const TABLE: &str = "sessions";

pub(crate) fn write(conn: &Connection, org: &OrgId, session: &Session) -> Result<(), Hindrance> {
    let (id, hash) = (session.id.to_string(), session.hash.to_string());
    let (revision, body) = (integer(session.revision.0), to_body(session)?);
    let Some(before) = session.revision.guards() else {
        let over = session.created_at.as_millisecond();
        run(conn, "DELETE FROM sessions WHERE expires_at < ?", [over])?;
        let sql = "INSERT INTO sessions (org, id, revision, hash, person_id, expires_at, body)
                   VALUES (?, ?, ?, ?, ?, ?, ?)";
        let (person, end) = (session.person.to_string(), session.expires_at.as_millisecond());
        run(conn, sql, params![org.as_str(), id, revision, hash, person, end, body])?;
        return Ok(());
    };
    let sql = "UPDATE sessions SET revision = ?, hash = ?, body = ? WHERE org = ? AND id = ? AND revision = ?";
    guarded(run(conn, sql, params![revision, hash, body, org.as_str(), id, integer(before.0)])?)
}

pub(crate) fn with_hash(
    conn: &Connection,
    hash: KeyHash,
) -> Result<Option<(OrgId, Session)>, StoreError> {
    let sql = "SELECT id, body, org FROM sessions WHERE hash = ?";
    row::one_of_any(conn, TABLE, sql, [hash.to_string()])
}

pub(crate) fn of_person(
    conn: &Connection,
    org: &OrgId,
    person: PersonId,
) -> Result<Vec<Session>, StoreError> {
    let sql = "SELECT id, body FROM sessions WHERE org = ? AND person_id = ? ORDER BY id";
    row::all(conn, TABLE, sql, params![org.as_str(), person.to_string()])
}
