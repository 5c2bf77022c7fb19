//! Webhooks: who outside is told what happens, what was sent, and how it went.

use askama::Template;
use axum::extract::State;
use countersign_domain::notification::{
    Attempt, Delivery, DeliveryState, DeliveryStatus, Event, Webhook, WebhookStatus,
};
use countersign_domain::{DeliveryId, display};

use super::Fresh;
use crate::app::{DeliveryPage, Error, NewWebhook, SecretsBefore, WebhookChange};
use crate::dashboard::layout::{Asked, Form, Frame, Moment, Page, Section, Text, go, page};
use crate::dashboard::session::Viewer;
use crate::http::{DeliveryPath, Failure, Shared, WebhookPath};

/// How many deliveries stand on a page.
const PAGE: usize = 40;

/// A webhook as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    url: Text,
    address: String,
    events: Vec<&'static str>,
    is_active: bool,
    since: Moment,
}

/// A delivery as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DeliveryLine {
    id: String,
    event: &'static str,
    approval: Option<String>,
    status: &'static str,
    /// Whether it was not tried yet since it was made or asked for again.
    waits: bool,
    made: Moment,
    next: Option<Moment>,
    attempts: Vec<AttemptLine>,
    body: Text,
}

/// An attempt as a line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AttemptLine {
    at: Moment,
    went: String,
    answer: Option<Text>,
    millis: u64,
    is_good: bool,
}

#[derive(Template)]
#[template(path = "organization/webhooks.html")]
struct List {
    frame: Frame,
    webhooks: Vec<Line>,
    events: Vec<(&'static str, &'static str)>,
    fresh: Option<Fresh>,
}

#[derive(Template)]
#[template(path = "organization/webhook.html")]
struct Show {
    frame: Frame,
    webhook: Line,
    events: Vec<(&'static str, &'static str)>,
    deliveries: Vec<DeliveryLine>,
    status: String,
    older: Option<String>,
    tested: Option<AttemptLine>,
    again: Option<DeliveryLine>,
    fresh: Option<Fresh>,
}

/// What is shown beside a webhook: how a test went, what was just sent again, a new secret.
#[derive(Default)]
struct Beside {
    tested: Option<AttemptLine>,
    again: Option<DeliveryLine>,
    fresh: Option<Fresh>,
}

/// Every webhook.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let webhooks = surface.app.webhooks(&viewer.person)?;
    page(&List {
        frame: Frame::new(&viewer, Section::Webhooks, "Webhooks"),
        webhooks: webhooks.iter().map(|webhook| line(webhook)).collect(),
        events: events(),
        fresh: None,
    })
}

/// Adds one; its secret is shown this once.
pub(super) async fn create(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let url = form.text("url").unwrap_or_default().trim().to_owned();
    let new = NewWebhook { url, events: chosen(&form)? };
    let made = surface.app.create_webhook(&viewer.person, new, None).await?;
    let mut webhooks: Vec<Line> =
        surface.app.webhooks(&viewer.person)?.iter().map(|webhook| line(webhook)).collect();
    webhooks.push(line(&made.webhook));
    page(&List {
        frame: Frame::new(&viewer, Section::Webhooks, "Webhooks"),
        webhooks,
        events: events(),
        fresh: Some(secret(made.secret.reveal())),
    })
}

/// One webhook and what was sent to it.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<WebhookPath, Failure>,
    Asked(form): Asked,
) -> Page {
    render(&viewer, &surface, id?, &form, Beside::default()).await
}

/// Changes address, events, and whether it is called.
pub(super) async fn change(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<WebhookPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let status = [("active", WebhookStatus::Active), ("disabled", WebhookStatus::Disabled)];
    let whole = form.text("url").is_some();
    let wanted = WebhookChange {
        url: form.owned("url").map(|url| url.trim().to_owned()),
        events: if whole { Some(chosen(&form)?) } else { None },
        status: form.one_of("status", &status)?,
    };
    surface.app.change_webhook(&viewer.person, id, wanted).await?;
    go(&format!("/webhooks/{id}"))
}

/// Removes it.
pub(super) async fn remove(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<WebhookPath, Failure>,
) -> Page {
    surface.app.remove_webhook(&viewer.person, id?.0).await?;
    go("/webhooks")
}

/// Gives it a new secret.
pub(super) async fn rotate(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<WebhookPath, Failure>,
    form: Form,
) -> Page {
    let id = id?;
    let before = form.one_of("old", &[("ends", SecretsBefore::End)])?;
    let wanted = (id.0, before.unwrap_or(SecretsBefore::Overlap));
    let made = surface.app.rotate_webhook(&viewer.person, wanted, None).await?;
    let fresh = Some(secret(made.secret.reveal()));
    render(&viewer, &surface, id, &Form::default(), Beside { fresh, ..Beside::default() }).await
}

/// Calls it once, with an event that means nothing.
pub(super) async fn test(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<WebhookPath, Failure>,
) -> Page {
    let id = id?;
    let attempt = surface.app.test_webhook(&viewer.person, id.0).await?;
    let tested = Some(attempt_line(&attempt));
    render(&viewer, &surface, id, &Form::default(), Beside { tested, ..Beside::default() }).await
}

/// Sends something again, and shows how that went.
pub(super) async fn replay(
    viewer: Viewer,
    State(surface): State<Shared>,
    place: Result<DeliveryPath, Failure>,
) -> Page {
    let DeliveryPath(webhook, delivery) = place?;
    let sent = surface.app.replay_and_see(&viewer.person, (webhook, delivery)).await?;
    let again = Some(delivery_line(&sent));
    let beside = Beside { again, ..Beside::default() };
    render(&viewer, &surface, WebhookPath(webhook), &Form::default(), beside).await
}

async fn render(
    viewer: &Viewer,
    surface: &Shared,
    WebhookPath(id): WebhookPath,
    form: &Form,
    beside: Beside,
) -> Page {
    let known = [
        ("pending", DeliveryStatus::Pending),
        ("delivered", DeliveryStatus::Delivered),
        ("failed", DeliveryStatus::Failed),
    ];
    let status = form.one_of("status", &known)?;
    let before = form.parsed::<DeliveryId>("before")?;
    let wanted = DeliveryPage { status, before, limit: PAGE };
    let deliveries = surface.app.deliveries(&viewer.person, id, wanted).await?;
    let webhooks = surface.app.webhooks(&viewer.person)?;
    let webhook = webhooks.iter().find(|webhook| webhook.id == id);
    let webhook = webhook.ok_or_else(|| Error::not_found("webhook", &id.to_string()))?;
    let older = deliveries.last().filter(|_| deliveries.len() == PAGE).map(|last| {
        let before = last.id.to_string();
        format!("/webhooks/{id}?{}", form.address(&["before"], Some(("before", &before))))
    });
    page(&Show {
        frame: Frame::new(viewer, Section::Webhooks, "Webhook"),
        webhook: line(webhook),
        events: events(),
        deliveries: deliveries.iter().map(delivery_line).collect(),
        status: form.text("status").unwrap_or_default().to_owned(),
        older,
        tested: beside.tested,
        again: beside.again,
        fresh: beside.fresh,
    })
}

fn secret(secret: String) -> Fresh {
    Fresh {
        what: "The secret that signs its messages".to_owned(),
        secret,
        hint: "The receiver verifies with it. It is shown only now.",
    }
}

fn events() -> Vec<(&'static str, &'static str)> {
    Event::ALL.iter().map(|event| (event.as_str(), event.meaning())).collect()
}

fn chosen(form: &Form) -> Result<Vec<Event>, Error> {
    let named = |text: &str| {
        let unknown =
            || Error::invalid("events", format!("`{}` is no event", display::sanitise(text)));
        Event::ALL.into_iter().find(|event| event.as_str() == text).ok_or_else(unknown)
    };
    form.all("events").map(named).collect()
}

fn line(webhook: &Webhook) -> Line {
    Line {
        id: webhook.id.to_string(),
        url: Text::line(&webhook.url),
        address: webhook.url.clone(),
        events: webhook.events.iter().map(|event| event.as_str()).collect(),
        is_active: webhook.is_active(),
        since: Moment::at(webhook.created_at),
    }
}

fn delivery_line(delivery: &Delivery) -> DeliveryLine {
    DeliveryLine {
        id: delivery.id.to_string(),
        event: delivery.event.as_str(),
        approval: delivery.approval.map(|id| id.to_string()),
        status: delivery.state.status().as_str(),
        waits: matches!(delivery.state, DeliveryState::Pending { failures: 0, .. }),
        made: Moment::at(delivery.created_at),
        next: delivery.next_at().map(Moment::until),
        attempts: delivery.attempts.iter().rev().map(attempt_line).collect(),
        body: Text::lines(&delivery.body),
    }
}

fn attempt_line(attempt: &Attempt) -> AttemptLine {
    let went = match (attempt.status, &attempt.error) {
        (Some(status), _) => format!("answered {status}"),
        (None, Some(error)) => display::sanitise(error),
        (None, None) => "no answer".to_owned(),
    };
    AttemptLine {
        at: Moment::at(attempt.at),
        went,
        answer: attempt.answer.as_deref().filter(|a| !a.is_empty()).map(Text::said_lines),
        millis: attempt.millis,
        is_good: attempt.succeeded(),
    }
}
