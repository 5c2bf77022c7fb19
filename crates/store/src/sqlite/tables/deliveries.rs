//! What is on its way to webhooks, and up to where the outbox was looked through.

use countersign_domain::notification::Delivery;
use countersign_domain::{DeliveryId, OrgId, Revision, Seq, WebhookId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::printed::to_body;
use crate::sqlite::filter::Filter;
use crate::sqlite::row::{self, Hindrance, guarded, integer, millis_from, whole, write as run};
use crate::{Backlog, DeliveryQuery, EndedBefore, StoreError};

const TABLE: &str = "deliveries";

pub(crate) fn write(conn: &Connection, org: &OrgId, delivery: &Delivery) -> Result<(), Hindrance> {
    let (id, body) = (delivery.id.to_string(), to_body(delivery)?);
    let revision = integer(delivery.revision.0);
    let status = delivery.state.status().as_str();
    let next_at = delivery.next_at().map(Timestamp::as_millisecond);
    let ended_at = delivery.ended_at().map(Timestamp::as_millisecond);
    let Some(before) = delivery.revision.guards() else {
        let sql =
            "INSERT INTO deliveries (org, id, revision, webhook_id, seq, status, created_at, next_at, ended_at, body)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let (webhook, seq) = (delivery.webhook.to_string(), integer(delivery.seq.0));
        let created_at = delivery.created_at.as_millisecond();
        let params = params![
            org.as_str(),
            id,
            revision,
            webhook,
            seq,
            status,
            created_at,
            next_at,
            ended_at,
            body
        ];
        run(conn, sql, params)?;
        return Ok(());
    };
    let sql = "UPDATE deliveries SET revision = ?, status = ?, next_at = ?, ended_at = ?, body = ?
               WHERE org = ? AND id = ? AND revision = ?";
    let before = integer(before.0);
    let params = params![revision, status, next_at, ended_at, body, org.as_str(), id, before];
    guarded(run(conn, sql, params)?)
}

/// Goes only as it was looked at: one that was asked for again in the meantime stays.
pub(crate) fn remove(
    conn: &Connection,
    org: &OrgId,
    id: DeliveryId,
    revision: Revision,
) -> Result<(), Hindrance> {
    let sql = "DELETE FROM deliveries WHERE org = ? AND id = ? AND revision = ?";
    guarded(run(conn, sql, params![org.as_str(), id.to_string(), integer(revision.0)])?)
}

/// Those that ended before their time, the oldest first.
pub(crate) fn ended(
    conn: &Connection,
    org: &OrgId,
    before: EndedBefore,
    limit: usize,
) -> Result<Vec<(DeliveryId, Revision)>, StoreError> {
    let sql = "SELECT id, revision FROM (
                   SELECT * FROM (
                       SELECT id, revision, ended_at FROM deliveries
                       WHERE org = ?1 AND status = 'delivered' AND ended_at < ?2
                       ORDER BY ended_at, id LIMIT ?4)
                   UNION ALL
                   SELECT * FROM (
                       SELECT id, revision, ended_at FROM deliveries
                       WHERE org = ?1 AND status = 'failed' AND ended_at < ?3
                       ORDER BY ended_at, id LIMIT ?4))
               ORDER BY ended_at, id LIMIT ?4";
    let mut statement = conn.prepare_cached(sql)?;
    let (delivered, failed) = (millis_from(before.delivered), millis_from(before.failed));
    let mut rows = statement.query(params![org.as_str(), delivered, failed, integer(limit)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let id = id.parse().map_err(|e| StoreError::Unreadable(format!("in {TABLE}: {e}")))?;
        found.push((id, Revision(row.get(1).map(whole)?)));
    }
    Ok(found)
}

/// How many are pending, and since when the oldest is. What waits for a webhook that is not called is not.
pub(crate) fn backlog(conn: &Connection, org: &OrgId) -> Result<Backlog, StoreError> {
    let sql = "SELECT count(*), min(created_at) FROM deliveries
               WHERE org = ?1 AND next_at IS NOT NULL AND webhook_id IN (
                   SELECT id FROM webhooks
                   WHERE org = ?1 AND json_extract(body, '$.status') = 'active')";
    row::backlog(conn, sql, org)
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
