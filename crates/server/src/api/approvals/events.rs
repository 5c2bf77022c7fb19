//! Server-sent events: hints that something changed, with ids by which a stream resumes.

use std::collections::VecDeque;
use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive, KeepAliveStream};
use countersign_domain::notification::Announcement;
use countersign_domain::policy::Freeze;
use countersign_domain::{ApprovalId, OrgId, Seq};
use countersign_wire::Problem;
use futures_util::Stream;
use serde_json::json;
use tokio::sync::broadcast;

use crate::app::{Error, OnTheLine, Visible};
use crate::http::{Anyone, ApprovalPath, Failure, Shared};

/// How many announcements are read from the store at once.
const PAGE: usize = 200;

/// What happens to one approval from now on, or from `Last-Event-ID` on.
#[utoipa::path(
    get, path = "/approvals/{id}/events", tag = "events",
    params(("org" = String, Path), ("id" = String, Path), ("Last-Event-ID" = Option<u64>, Header)),
    responses((status = 200, content_type = "text/event-stream"), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn of_one(
    State(surface): State<Shared>,
    Anyone(viewer): Anyone,
    ApprovalPath(id): ApprovalPath,
    headers: HeaderMap,
) -> Result<Sse<KeepAliveStream<Events>>, Failure> {
    surface.app.see(&viewer, id, Visible::default()).await?;
    open(surface, viewer, Told { only: Some(id), to_a_page: false }, &headers).await
}

/// What happens to all approvals that the caller may see, from now on or from `Last-Event-ID` on.
#[utoipa::path(
    get, path = "/events", tag = "events",
    params(("org" = String, Path), ("Last-Event-ID" = Option<u64>, Header)),
    responses((status = 200, content_type = "text/event-stream"), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn of_all(
    State(surface): State<Shared>,
    Anyone(viewer): Anyone,
    headers: HeaderMap,
) -> Result<Sse<KeepAliveStream<Events>>, Failure> {
    open(surface, viewer, Told { only: None, to_a_page: false }, &headers).await
}

/// What a stream tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// Of one approval only.
    pub(crate) only: Option<ApprovalId>,
    /// Also what only a page that is open has to know: that something was frozen or may go on, and, before the
    /// stream ends, that its viewer is signed out. Such an event has no id, and is not told again.
    pub(crate) to_a_page: bool,
}

pub(crate) async fn open(
    surface: Shared,
    viewer: OnTheLine,
    Told { only, to_a_page }: Told,
    headers: &HeaderMap,
) -> Result<Sse<KeepAliveStream<Events>>, Failure> {
    let news = surface.app.wake().events();
    let stop = surface.app.wake().closed();
    let head = surface.app.head(viewer.org()).await?.seq;
    // A place after the end is one of a record that was rolled back since; there is nothing to catch up on.
    let after = last_seen(headers)?.unwrap_or(head).min(head);
    let hello = Event::default().event("hello").id(after.0.to_string()).data("{}");
    let ready = VecDeque::from([hello]);
    let frozen = to_a_page.then(|| surface.app.frozen_now(viewer.org()));
    let channel =
        Channel { surface, viewer, only, frozen, after, news, stop, ready, is_over: false };
    let events = futures_util::stream::unfold(channel, |mut channel| async {
        channel.next().await.map(|event| (Ok(event), channel))
    });
    Ok(Sse::new(Box::pin(events) as Events).keep_alive(KeepAlive::default()))
}

fn last_seen(headers: &HeaderMap) -> Result<Option<Seq>, Error> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let seq = value.to_str().ok().and_then(|text| text.parse().ok());
    let refused = || {
        Error::invalid(
            "header Last-Event-ID",
            "this is not the id of an event; leave it out to start now",
        )
    };
    seq.map(|seq| Some(Seq(seq))).ok_or_else(refused)
}

/// The body of a stream.
pub(crate) type Events = std::pin::Pin<Box<dyn Stream<Item = Result<Event, Infallible>> + Send>>;

struct Channel {
    surface: Shared,
    viewer: OnTheLine,
    only: Option<ApprovalId>,
    /// What was frozen when it was last told, if that is told at all.
    frozen: Option<Vec<Freeze>>,
    after: Seq,
    news: broadcast::Receiver<OrgId>,
    stop: tokio::sync::watch::Receiver<bool>,
    ready: VecDeque<Event>,
    /// Whether nothing more is told.
    is_over: bool,
}

impl Channel {
    /// The next event; `None` when the server stops or the store fails, after which the client resumes.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.is_over || *self.stop.borrow() {
                return None;
            }
            if !self.still_welcome().await {
                self.is_over = true;
                return self.frozen.is_some().then(|| Event::default().event("out").data("{}"));
            }
            self.look_at_freezes();
            if self.read().await? == 0 && self.ready.is_empty() {
                self.news().await?;
            }
        }
    }

    /// Reads what was announced since the last event. The store is the truth; the channel only wakes.
    async fn read(&mut self) -> Option<usize> {
        let page =
            self.surface.app.announcements(self.viewer.org(), self.after, PAGE).await.ok()?;
        for announcement in &page {
            self.after = announcement.seq;
            if self.concerns(announcement) {
                self.ready.push_back(event(announcement));
            }
        }
        Some(page.len())
    }

    fn look_at_freezes(&mut self) {
        let Some(told) = &mut self.frozen else { return };
        let now = self.surface.app.frozen_now(self.viewer.org());
        if *told != now {
            *told = now;
            self.ready.push_back(Event::default().event("freezes").data("{}"));
        }
    }

    fn concerns(&self, announcement: &Announcement) -> bool {
        let seen = announcement.agent_id.is_some_and(|agent| self.viewer.sees(agent));
        seen && self.only.is_none_or(|only| announcement.approval_id == Some(only))
    }

    async fn news(&mut self) -> Option<()> {
        loop {
            tokio::select! {
                news = self.news.recv() => match news {
                    Ok(org) if org != *self.viewer.org() => {}
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return Some(()),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
                stopped = self.stop.changed() => {
                    stopped.ok()?;
                    return None;
                }
            }
        }
    }

    /// Whether the caller's key and person still count; a stream ends with them.
    async fn still_welcome(&self) -> bool {
        self.surface.app.still_valid(&self.viewer).await
    }
}

fn event(announcement: &Announcement) -> Event {
    let data = json!({
        "event": announcement.event,
        "approval_id": announcement.approval_id,
        "agent_id": announcement.agent_id,
        "at": announcement.at,
    });
    Event::default()
        .event(announcement.event.as_str())
        .id(announcement.seq.0.to_string())
        .data(data.to_string())
}
