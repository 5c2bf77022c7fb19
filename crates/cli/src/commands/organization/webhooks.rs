//! `countersign webhooks`.

use clap::{Args, Subcommand};
use countersign_client::Client;
use countersign_client::organization::DeliveryQuery;
use countersign_domain::notification::{DeliveryStatus, Event, WebhookStatus};
use countersign_wire::webhooks::{
    AttemptView, DeliveryView, RotateRequest, WebhookPatch, WebhookRequest, WebhookView,
};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::globals::Globals;
use crate::input::words;
use crate::output::{Output, fields, table, word};

/// Webhooks: addresses outside that are told what happens.
#[derive(Debug, Subcommand)]
pub(crate) enum Webhooks {
    /// List the webhooks; never a secret
    List,
    /// Add a webhook; its secret is printed once
    Add(Add),
    /// Remove a webhook and everything that is on its way to it
    Remove(Named),
    /// Call a webhook again
    Enable(Named),
    /// Tell a webhook nothing more
    Disable(Named),
    /// Make a new secret, printed once; the old one signs beside it for a day, or ends at once
    Rotate(Rotate),
    /// Call a webhook now with the event webhook.test
    Test(Named),
    /// List what was sent to a webhook and how it answered
    Deliveries(Deliveries),
    /// Send a delivery again
    Replay(Replay),
}

/// A webhook to add; without --event it is told everything.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  countersign webhooks add https://example.com/hook --event approval.approved --event approval.denied"
)]
pub(crate) struct Add {
    /// Where it is called
    #[arg(value_name = "URL")]
    address: String,
    /// An event it wants; several times for several
    #[arg(long = "event", value_name = "EVENT")]
    events: Vec<Event>,
}

/// A webhook that exists.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Its id
    id: String,
}

/// A webhook that gets a new secret.
#[derive(Debug, Args)]
#[command(
    after_help = "Example, after a leak:\n  countersign webhooks rotate whk_01J9Z3V5… --end-old"
)]
pub(crate) struct Rotate {
    /// Its id
    id: String,
    /// End every secret before at once, because someone else may have it; messages are then signed with the
    /// new one alone
    #[arg(long)]
    end_old: bool,
}

/// Which deliveries to list, newest first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  countersign webhooks deliveries whk_01J9Z3V5… --state failed")]
pub(crate) struct Deliveries {
    /// The webhook's id
    id: String,
    /// Only with this state
    #[arg(long, value_parser = words::<DeliveryStatus>(&["pending", "delivered", "failed"]))]
    state: Option<DeliveryStatus>,
    /// At most this many
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,
    /// The `next_cursor` of the page before
    #[arg(long)]
    cursor: Option<String>,
}

/// A delivery to send again.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The webhook's id
    id: String,
    /// The delivery's id
    delivery: String,
}

impl Webhooks {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<Exit, Failure> {
        let (client, output) = (globals.client()?, globals.output());
        let webhook = match self {
            Self::List => {
                let webhooks = client.webhooks().await?;
                output.show(&webhooks, || list(&webhooks.items))?;
                return Ok(Exit::Success);
            }
            Self::Add(add) => client.create_webhook(&add.request()).await?,
            Self::Remove(named) => return remove(&client, output, &named.id).await,
            Self::Enable(named) => {
                client.change_webhook(&named.id, &status(WebhookStatus::Active)).await?
            }
            Self::Disable(named) => {
                client.change_webhook(&named.id, &status(WebhookStatus::Disabled)).await?
            }
            Self::Rotate(rotate) => {
                let how = RotateRequest { end_old: rotate.end_old };
                client.rotate_webhook(&rotate.id, how).await?
            }
            Self::Test(named) => return test(&client, output, &named.id).await,
            Self::Deliveries(wanted) => return wanted.run(&client, output).await,
            Self::Replay(replay) => {
                let delivery = client.replay(&replay.id, &replay.delivery).await?;
                output.show(&delivery, || deliveries(std::slice::from_ref(&delivery)))?;
                return Ok(Exit::Success);
            }
        };
        output.show(&webhook, || one(&webhook))?;
        Ok(Exit::Success)
    }
}

impl Add {
    fn request(&self) -> WebhookRequest {
        let events = self.events.iter().map(ToString::to_string).collect();
        WebhookRequest { url: self.address.clone(), events }
    }
}

impl Deliveries {
    async fn run(&self, client: &Client, output: Output) -> Result<Exit, Failure> {
        let query = DeliveryQuery {
            state: self.state,
            cursor: self.cursor.clone(),
            limit: Some(self.limit),
        };
        let page = client.deliveries(&self.id, &query).await?;
        output.show(&page, || deliveries(&page.items))?;
        if let Some(cursor) = &page.next_cursor {
            output.tell(&format!("there are more: add --cursor {cursor}"));
        }
        Ok(Exit::Success)
    }
}

async fn remove(client: &Client, output: Output, id: &str) -> Result<Exit, Failure> {
    client.remove_webhook(id).await?;
    output.show(&json!({"id": id, "removed": true}), || fields([("removed", id.to_owned())]))?;
    Ok(Exit::Success)
}

/// Fails if the receiver did not take it, so that scripts can check a webhook.
async fn test(client: &Client, output: Output, id: &str) -> Result<Exit, Failure> {
    let attempt = client.test_webhook(id).await?;
    output.show(&attempt, || {
        fields([
            ("answered", outcome(&attempt)),
            ("answer", attempt.answer.clone().unwrap_or_default()),
            ("took", format!("{} ms", attempt.millis)),
        ])
    })?;
    Ok(if attempt.succeeded { Exit::Success } else { Exit::Unexpected })
}

fn status(status: WebhookStatus) -> WebhookPatch {
    WebhookPatch { status: Some(status), ..WebhookPatch::default() }
}

fn events(webhook: &WebhookView) -> String {
    let names: Vec<_> = webhook.events.iter().map(ToString::to_string).collect();
    if names.is_empty() { "all".to_owned() } else { names.join(", ") }
}

fn one(webhook: &WebhookView) -> String {
    fields([
        ("id", webhook.id.clone()),
        ("url", webhook.url.clone()),
        ("events", events(webhook)),
        ("status", word(&webhook.status)),
        ("created at", webhook.created_at.to_string()),
        ("old secret until", webhook.old_secret_until.map(|t| t.to_string()).unwrap_or_default()),
        ("secret (shown only now)", webhook.secret.clone().unwrap_or_default()),
    ])
}

fn list(webhooks: &[WebhookView]) -> String {
    let row = |webhook: &WebhookView| {
        [webhook.id.clone(), webhook.url.clone(), events(webhook), word(&webhook.status)]
    };
    table(["id", "url", "events", "status"], webhooks.iter().map(row))
}

/// How the receiver answered, or why it did not.
fn outcome(attempt: &AttemptView) -> String {
    let status = attempt.status.map(|status| status.to_string());
    status.or_else(|| attempt.error.clone()).unwrap_or_default()
}

fn deliveries(deliveries: &[DeliveryView]) -> String {
    let row = |delivery: &DeliveryView| {
        [
            delivery.id.clone(),
            delivery.event.to_string(),
            delivery.approval_id.clone().unwrap_or_default(),
            word(&delivery.state),
            delivery.attempts.len().to_string(),
            delivery.attempts.last().map(outcome).unwrap_or_default(),
            delivery.next_at.map(|at| at.to_string()).unwrap_or_default(),
        ]
    };
    let columns = ["id", "event", "approval", "state", "attempts", "last answer", "next"];
    table(columns, deliveries.iter().map(row))
}
