//! The people, and who answers in whose place.

pub(crate) mod delegations;

use countersign_domain::OrgId;
use countersign_domain::identity::Person;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, integer, write as run};

pub(crate) fn write(conn: &Connection, org: &OrgId, person: &Person) -> Result<(), Hindrance> {
    let (id, revision, body) =
        (person.id.to_string(), integer(person.revision.0), to_body(person)?);
    let email = person.email.as_str();
    let Some(before) = person.revision.guards() else {
        let sql = "INSERT INTO people (org, id, revision, email, body) VALUES (?, ?, ?, ?, ?)";
        run(conn, sql, params![org.as_str(), id, revision, email, body])?;
        return Ok(());
    };
    let sql = "UPDATE people SET revision = ?, email = ?, body = ? WHERE org = ? AND id = ? AND revision = ?";
    guarded(run(conn, sql, params![revision, email, body, org.as_str(), id, integer(before.0)])?)
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Person>, StoreError> {
    row::all(
        conn,
        "people",
        "SELECT id, body FROM people WHERE org = ? ORDER BY email",
        [org.as_str()],
    )
}
