//! The webhooks. Their secrets stand in a column of their own, never in the body.

use countersign_domain::notification::{SigningSecret, Webhook};
use countersign_domain::{OrgId, WebhookId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::printed::to_body;
use crate::sqlite::row::{Hindrance, from_body, guarded, integer, write as run};

const TABLE: &str = "webhooks";

pub(crate) fn write(conn: &Connection, org: &OrgId, webhook: &Webhook) -> Result<(), Hindrance> {
    let (id, revision, body) =
        (webhook.id.to_string(), integer(webhook.revision.0), to_body(webhook)?);
    let secrets = to_text(&webhook.secrets);
    let Some(before) = webhook.revision.guards() else {
        let sql = "INSERT INTO webhooks (org, id, revision, secrets, body) VALUES (?, ?, ?, ?, ?)";
        run(conn, sql, params![org.as_str(), id, revision, secrets, body])?;
        return Ok(());
    };
    let sql = "UPDATE webhooks SET revision = ?, secrets = ?, body = ? WHERE org = ? AND id = ? AND revision = ?";
    guarded(run(conn, sql, params![revision, secrets, body, org.as_str(), id, integer(before.0)])?)
}

/// Its deliveries go with it.
pub(crate) fn remove(conn: &Connection, org: &OrgId, id: WebhookId) -> Result<(), Hindrance> {
    let sql = "DELETE FROM webhooks WHERE org = ? AND id = ?";
    guarded(run(conn, sql, params![org.as_str(), id.to_string()])?)
}

pub(crate) fn all(conn: &Connection, org: &OrgId) -> Result<Vec<Webhook>, StoreError> {
    let sql = "SELECT id, body, secrets FROM webhooks WHERE org = ? ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([org.as_str()])?;
    let mut webhooks = Vec::new();
    while let Some(row) = rows.next()? {
        let webhook: Webhook = from_body(TABLE, row)?;
        let text: String = row.get(2)?;
        let unreadable = || StoreError::Unreadable(format!("`{}` in {TABLE}: secrets", webhook.id));
        let secrets = from_text(&text).ok_or_else(unreadable)?;
        webhooks.push(Webhook { secrets, ..webhook });
    }
    Ok(webhooks)
}

fn to_text(secrets: &[SigningSecret]) -> String {
    let line = |one: &SigningSecret| {
        let end = one.valid_until.map(|end| end.as_millisecond().to_string());
        format!("{} {}", one.secret.reveal(), end.unwrap_or_default())
    };
    secrets.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn from_text(text: &str) -> Option<Vec<SigningSecret>> {
    let one = |line: &str| {
        let (secret, end) = line.split_once(' ')?;
        let valid_until = match end {
            "" => None,
            millis => Some(Timestamp::from_millisecond(millis.parse().ok()?).ok()?),
        };
        Some(SigningSecret { secret: secret.parse().ok()?, valid_until })
    };
    text.lines().map(one).collect()
}
