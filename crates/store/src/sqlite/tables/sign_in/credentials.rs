//! What people sign in with. The two secrets stand in columns of their own, never in the body.

use countersign_domain::identity::sign_in::{Credentials, Hidden, Totp};
use countersign_domain::{OrgId, PersonId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{Hindrance, from_body, guarded, integer, write as run};

const TABLE: &str = "credentials";

pub(crate) fn write(conn: &Connection, org: &OrgId, theirs: &Credentials) -> Result<(), Hindrance> {
    let (person, body) = (theirs.person.to_string(), to_body(theirs)?);
    let revision = integer(theirs.revision.0);
    let password = theirs.password.as_ref().map(Hidden::reveal);
    let totp = theirs.totp.as_ref().map(|totp| totp.secret.reveal());
    let Some(before) = theirs.revision.guards() else {
        let sql = "INSERT INTO credentials (org, person_id, revision, password, totp, body)
                   VALUES (?, ?, ?, ?, ?, ?)";
        run(conn, sql, params![org.as_str(), person, revision, password, totp, body])?;
        return Ok(());
    };
    let sql = "UPDATE credentials SET revision = ?, password = ?, totp = ?, body = ?
               WHERE org = ? AND person_id = ? AND revision = ?";
    let before = integer(before.0);
    let params = params![revision, password, totp, body, org.as_str(), person, before];
    guarded(run(conn, sql, params)?)
}

pub(crate) fn get(
    conn: &Connection,
    org: &OrgId,
    person: PersonId,
) -> Result<Option<Credentials>, StoreError> {
    let sql = "SELECT person_id, body, password, totp FROM credentials
               WHERE org = ? AND person_id = ?";
    let mut statement = conn.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let (password, totp) = (row.get::<_, Option<String>>(2)?, row.get::<_, Option<String>>(3)?);
        Ok(from_body(TABLE, row).map(|body| whole(body, password, totp)))
    };
    let found = statement.query_row(params![org.as_str(), person.to_string()], read).optional()?;
    found.transpose()
}

/// The body together with what stands beside it.
fn whole(body: Credentials, password: Option<String>, totp: Option<String>) -> Credentials {
    let secret = totp.map(Hidden::new).unwrap_or_default();
    let totp = body.totp.map(|totp| Totp { secret, ..totp });
    Credentials { password: password.map(Hidden::new), totp, ..body }
}
