//! What is on its way to webhooks, and up to where the outbox was looked through.

use countersign_domain::notification::Delivery;
use countersign_domain::{DeliveryId, OrgId, Seq, WebhookId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::sqlite::filter::Filter;
use crate::sqlite::row::{self, Hindrance, guarded, integer, to_body, whole, write as run};
use crate::{DeliveryQuery, StoreError};

const TABLE: &str = "deliveries";

pub(crate) fn write(conn: &Connection, org: &OrgId, delivery: &Delivery) -> Result<(), Hindrance> {
    let (id, body) = (delivery.id.to_string(), to_body(delivery)?);
    let revision = integer(delivery.revision.0);
    let status = delivery.state.status().as_str();
    let next_at = delivery.next_at().map(Timestamp::as_millisecond);
    let Some(before) = delivery.revision.guards() else {
        let sql =
            "INSERT INTO deliveries (org, id, revision, webhook_id, seq, status, next_at, body)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let (webhook, seq) = (delivery.webhook.to_string(), integer(delivery.seq.0));
        let params = params![org.as_str(), id, revision, webhook, seq, status, next_at, body];
        run(conn, sql, params)?;
        return Ok(());
    };
    let sql = "UPDATE deliveries SET revision = ?, status = ?, next_at = ?, body = ?
               WHERE org = ? AND id = ? AND revision = ?";
    let params = params![revision, status, next_at, body, org.as_str(), id, integer(before.0)];
    guarded(run(conn, sql, params)?)
}

/// Two who look through the outbox at once make the deliveries of one: the other finds the cursor moved.
pub(crate) fn move_cursor(
    conn: &Connection,
    org: &OrgId,
    from: Seq,
    to: Seq,
) -> Result<(), Hindrance> {
    let (from, to) = (integer(from.0), integer(to.0));
    if from == 0 {
        let sql = "INSERT INTO delivery_cursors (org, seq) VALUES (?, ?)";
        run(conn, sql, params![org.as_str(), to])?;
        return Ok(());
    }
    let sql = "UPDATE delivery_cursors SET seq = ? WHERE org = ? AND seq = ?";
    guarded(run(conn, sql, params![to, org.as_str(), from])?)
}

/// Up to where the outbox was looked through; 0 at the start.
pub(crate) fn cursor(conn: &Connection, org: &OrgId) -> Result<Seq, StoreError> {
    let mut statement = conn.prepare_cached("SELECT seq FROM delivery_cursors WHERE org = ?")?;
    let found = statement.query_row([org.as_str()], |row| row.get(0).map(whole)).optional()?;
    Ok(Seq(found.unwrap_or_default()))
}

pub(crate) fn get(
    conn: &Connection,
    org: &OrgId,
    id: DeliveryId,
) -> Result<Option<Delivery>, StoreError> {
    let sql = "SELECT id, body FROM deliveries WHERE org = ? AND id = ?";
    row::one(conn, TABLE, sql, params![org.as_str(), id.to_string()])
}

pub(crate) fn list(
    conn: &Connection,
    org: &OrgId,
    query: DeliveryQuery,
) -> Result<Vec<Delivery>, StoreError> {
    let mut filter = Filter::new("org = ?", org.to_string());
    filter.and("webhook_id = ?", query.webhook.to_string());
    filter.and_if("status = ?", query.status.map(|status| status.as_str().to_owned()));
    filter.and_if("id < ?", query.before.map(|id| id.to_string()));
    filter.value(integer(query.limit));
    let sql =
        format!("SELECT id, body FROM deliveries WHERE {} ORDER BY id DESC LIMIT ?", filter.sql());
    row::all(conn, TABLE, &sql, params_from_iter(filter.values()))
}

pub(crate) fn pending(
    conn: &Connection,
    org: &OrgId,
    webhook: WebhookId,
    limit: usize,
) -> Result<Vec<Delivery>, StoreError> {
    let sql = "SELECT id, body FROM deliveries
               WHERE org = ? AND webhook_id = ? AND next_at IS NOT NULL
               ORDER BY next_at, seq, id LIMIT ?";
    row::all(conn, TABLE, sql, params![org.as_str(), webhook.to_string(), integer(limit)])
}
