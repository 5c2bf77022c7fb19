//! Webhooks: who outside is told what happens, what was sent, and how it went.

mod view;
mod written;

use askama::Template;
use axum::extract::State;
use countersign_domain::notification::{DeliveryStatus, Event, WebhookStatus};
use countersign_domain::{DeliveryId, display};

use self::view::{AttemptLine, DeliveryLine, Line, attempt_line, delivery_line, line};
use self::written::with_command;
use super::Fresh;
use crate::app::{DeliveryPage, Error, NewWebhook, SecretsBefore, WebhookChange};
use crate::dashboard::layout::{Asked, Form, Frame, Page, Section, Sent, go, page_as};
use crate::dashboard::session::Viewer;
use crate::http::{DeliveryPath, Failure, Shared, WebhookPath};

/// How many deliveries stand on a page.
const PAGE: usize = 40;

#[derive(Template)]
#[template(path = "organization/webhooks.html")]
struct List {
    frame: Frame,
    webhooks: Vec<Line>,
    events: Vec<(&'static str, &'static str)>,
    fresh: Option<Fresh>,
    sent: Sent,
    /// What an operator starts, so that an address that was refused is taken after all.
    opened_by: Option<String>,
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
    sent: Sent,
    opened_by: Option<String>,
}

/// What is shown beside a webhook: what was written and refused, how a test went, what was just sent again,
/// a new secret.
#[derive(Default)]
struct Beside {
    refused: (Sent, Option<String>),
    tested: Option<AttemptLine>,
    again: Option<DeliveryLine>,
    fresh: Option<Fresh>,
}

/// Every webhook.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    listed(&viewer, &surface, None, Beside::default())
}

/// Adds one; its secret is shown this once. One that cannot be called stays in its field.
pub(super) async fn create(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let url = form.text("url").unwrap_or_default().trim().to_owned();
    let made = async {
        let new = NewWebhook { url: url.clone(), events: chosen(&form)? };
        surface.app.create_webhook(&viewer.person, new, None).await
    };
    let mut beside = Beside::default();
    let made = match made.await {
        Ok(made) => {
            beside.fresh = Some(secret(made.secret.reveal()));
            Some(line(&made.webhook))
        }
        Err(error) => {
            beside.refused = refused(&surface, &form, (error, &url))?;
            None
        }
    };
    listed(&viewer, &surface, made, beside)
}

/// A form of a webhook that was refused, and what opens the way to its address.
fn refused(
    surface: &Shared,
    form: &Form,
    (error, url): (Error, &str),
) -> Result<(Sent, Option<String>), Error> {
    let (error, opened_by) = with_command(error, url, surface.app.egress());
    Ok((Sent::refused("webhook", form, error.into())?, opened_by))
}

fn listed(viewer: &Viewer, surface: &Shared, made: Option<Line>, beside: Beside) -> Page {
    let webhooks = surface.app.webhooks(&viewer.person)?;
    let (sent, opened_by) = beside.refused;
    let shown = List {
        frame: Frame::new(viewer, Section::Webhooks, "Webhooks"),
        webhooks: webhooks.iter().map(|webhook| line(webhook)).chain(made).collect(),
        events: events(),
        fresh: beside.fresh,
        sent,
        opened_by,
    };
    page_as(shown.sent.status(), &shown)
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

/// Changes address, events, and whether it is called. An address that cannot be called stays in its field.
pub(super) async fn change(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<WebhookPath, Failure>,
    form: Form,
) -> Page {
    let id = id?;
    let status = [("active", WebhookStatus::Active), ("disabled", WebhookStatus::Disabled)];
    let whole = form.all("url").next();
    let changed = async {
        let wanted = WebhookChange {
            url: whole.map(|url| url.trim().to_owned()),
            events: if whole.is_some() { Some(chosen(&form)?) } else { None },
            status: form.one_of("status", &status)?,
        };
        surface.app.change_webhook(&viewer.person, id.0, wanted).await
    };
    match (changed.await, whole) {
        (Ok(_), _) => go(&format!("/webhooks/{}", id.0)),
        (Err(error), None) => Err(error.into()),
        (Err(error), Some(url)) => {
            let refused = refused(&surface, &form, (error, url.trim()))?;
            let beside = Beside { refused, ..Beside::default() };
            render(&viewer, &surface, id, &Form::default(), beside).await
        }
    }
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
    let (sent, opened_by) = beside.refused;
    let shown = Show {
        frame: Frame::new(viewer, Section::Webhooks, "Webhook"),
        webhook: line(webhook),
        events: events(),
        deliveries: deliveries.iter().map(delivery_line).collect(),
        status: form.text("status").unwrap_or_default().to_owned(),
        older,
        tested: beside.tested,
        again: beside.again,
        fresh: beside.fresh,
        sent,
        opened_by,
    };
    page_as(shown.sent.status(), &shown)
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
