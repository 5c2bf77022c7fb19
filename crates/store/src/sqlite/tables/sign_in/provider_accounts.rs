//! The accounts at identity providers that people sign in with.

use countersign_domain::identity::sign_in::ProviderAccount;
use countersign_domain::{OrgId, PersonId};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{self, Hindrance, guarded, write as run};

const TABLE: &str = "provider_accounts";

pub(crate) fn insert(
    conn: &Connection,
    org: &OrgId,
    account: &ProviderAccount,
) -> Result<(), Hindrance> {
    let sql = "INSERT INTO provider_accounts (org, issuer, subject, person_id, body) VALUES (?, ?, ?, ?, ?)";
    let ProviderAccount { issuer, subject, .. } = account;
    let (person, body) = (account.person.to_string(), to_body(account)?);
    run(conn, sql, params![org.as_str(), issuer, subject, person, body])?;
    Ok(())
}

pub(crate) fn remove(
    conn: &Connection,
    org: &OrgId,
    person: PersonId,
    issuer: &str,
) -> Result<(), Hindrance> {
    let sql = "DELETE FROM provider_accounts WHERE org = ? AND person_id = ? AND issuer = ?";
    guarded(run(conn, sql, params![org.as_str(), person.to_string(), issuer])?)
}

pub(crate) fn get(
    conn: &Connection,
    org: &OrgId,
    issuer: &str,
    subject: &str,
) -> Result<Option<ProviderAccount>, StoreError> {
    let sql =
        "SELECT subject, body FROM provider_accounts WHERE org = ? AND issuer = ? AND subject = ?";
    row::one(conn, TABLE, sql, params![org.as_str(), issuer, subject])
}

pub(crate) fn of_person(
    conn: &Connection,
    org: &OrgId,
    person: PersonId,
) -> Result<Vec<ProviderAccount>, StoreError> {
    let sql = "SELECT subject, body FROM provider_accounts WHERE org = ? AND person_id = ? ORDER BY issuer";
    row::all(conn, TABLE, sql, params![org.as_str(), person.to_string()])
}
