//! Webhooks: who outside is told what happens, what was sent, and how it went.

mod view;
mod written;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::notification::{DeliveryStatus, Event, WebhookStatus};
use countersign_domain::{DeliveryId, display};

use self::view::{AttemptLine, DeliveryLine, Line, attempt_line, delivery_line, line};
use self::written::Written;
use super::Fresh;
use crate::app::{DeliveryPage, Error, NewWebhook, SecretsBefore, WebhookChange};
use crate::dashboard::layout::{Asked, Form, Frame, Page, Section, go, page, page_as};
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
    adding: Written,
    fresh: Option<Fresh>,
}

#[derive(Template)]
#[template(path = "organization/webhook.html")]
struct Show {
    frame: Frame,
    webhook: Line,
    events: Vec<(&'static str, &'static str)>,
    deliveries: Vec<DeliveryLine>,
    changing: Written,
    status: String,
    older: Option<String>,
    tested: Option<AttemptLine>,
    again: Option<DeliveryLine>,
    fresh: Option<Fresh>,
}

/// What is shown beside a webhook: what was written and refused, how a test went, what was just sent again,
/// a new secret.
#[derive(Default)]
struct Beside {
    refused: Option<Written>,
    tested: Option<AttemptLine>,
    again: Option<DeliveryLine>,
    fresh: Option<Fresh>,
}

/// Every webhook.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    page(&listed(&viewer, &surface)?)
}

/// Adds one; its secret is shown this once. One that cannot be called stays in its field.
pub(super) async fn create(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let url = form.text("url").unwrap_or_default().trim().to_owned();
    let new = NewWebhook { url, events: chosen(&form)? };
    let mut list = listed(&viewer, &surface)?;
    match surface.app.create_webhook(&viewer.person, new.clone(), None).await {
        Ok(made) => {
            list.webhooks.push(line(&made.webhook));
            page(&List { fresh: Some(secret(made.secret.reveal())), ..list })
        }
        Err(error) => {
            let adding = Written::refused((&new.url, &new.events), error, surface.app.egress())?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &List { adding, ..list })
        }
    }
}

fn listed(viewer: &Viewer, surface: &Shared) -> Result<List, Error> {
    let webhooks = surface.app.webhooks(&viewer.person)?;
    Ok(List {
        frame: Frame::new(viewer, Section::Webhooks, "Webhooks"),
        webhooks: webhooks.iter().map(|webhook| line(webhook)).collect(),
        events: events(),
        adding: Written::default(),
        fresh: None,
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

/// Changes address, events, and whether it is called. An address that cannot be called stays in its field.
pub(super) async fn change(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<WebhookPath, Failure>,
    form: Form,
) -> Page {
    let id = id?;
    let status = [("active", WebhookStatus::Active), ("disabled", WebhookStatus::Disabled)];
    let whole = form.text("url").is_some();
    let wanted = WebhookChange {
        url: form.owned("url").map(|url| url.trim().to_owned()),
        events: if whole { Some(chosen(&form)?) } else { None },
        status: form.one_of("status", &status)?,
    };
    let (url, events) = (wanted.url.clone(), wanted.events.clone().unwrap_or_default());
    match (surface.app.change_webhook(&viewer.person, id.0, wanted).await, url) {
        (Ok(_), _) => go(&format!("/webhooks/{}", id.0)),
        (Err(error), None) => Err(error.into()),
        (Err(error), Some(url)) => {
            let refused = Some(Written::refused((&url, &events), error, surface.app.egress())?);
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
    let status =
        if beside.refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = Show {
        frame: Frame::new(viewer, Section::Webhooks, "Webhook"),
        webhook: line(webhook),
        events: events(),
        changing: beside.refused.unwrap_or_else(|| Written::of(webhook)),
        deliveries: deliveries.iter().map(delivery_line).collect(),
        status: form.text("status").unwrap_or_default().to_owned(),
        older,
        tested: beside.tested,
        again: beside.again,
        fresh: beside.fresh,
    };
    page_as(status, &shown)
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
