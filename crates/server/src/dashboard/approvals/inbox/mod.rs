//! The inbox: what waits for people, and everything that did.

mod choices;
mod filter;
mod icon;
mod next;
mod views;

use askama::Template;
use axum::extract::State;
use countersign_domain::approval::Approval;
use countersign_domain::identity::Right;
use countersign_store::{ApprovalQuery, Sort};

use super::show::Done;
use super::view::alike::{Entry, draw_together};
use super::view::list::Known;
use super::view::row::Row;
use crate::app::{OnTheLine, Visible};
use crate::dashboard::layout::{Asked, Frame, Icon, Page, Section, go, grouped, page};
use crate::dashboard::session::Viewer;
use crate::http::{ApprovalPath, Failure, Shared};
use choices::Choices;
use filter::{Chip, Filter};
pub(super) use icon::show as icon;
pub(super) use next::next;
use views::{ViewLink, offered};
pub(super) use views::{remove as remove_view, save as save_view};

/// Where an agent is let ask, to try it out.
pub(super) const TRY_OUT: &str = "/approvals/try-out";

#[derive(Template)]
#[template(path = "approvals/inbox.html")]
struct Inbox {
    frame: Frame,
    filter: Filter,
    chips: Vec<Chip>,
    choices: Choices,
    entries: Vec<Entry>,
    total: Option<String>,
    count: usize,
    next: Option<String>,
    may_answer: bool,
    /// Where this person lets an agent ask, to try it out, if they may.
    try_out: Option<&'static str>,
    has_agents: bool,
    done: Option<Done>,
    last: Vec<Row>,
    views: Vec<ViewLink>,
    may_keep: bool,
    icon: Option<usize>,
}

/// The list that the address asks for.
pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>, asked: Asked) -> Page {
    let filter = Filter::of(asked);
    let (app, person) = (&surface.app, &viewer.person);
    let on_the_line = OnTheLine::Person(person.clone());
    let found = match filter.query(person, app.now())? {
        Some(query) => Some(app.list(&on_the_line, query).await?),
        None => None,
    };
    let (items, next, total) = found.map(|p| (p.items, p.next, p.total)).unwrap_or_default();
    let newest = if items.is_empty() && filter.is_open() && !filter.all {
        let recent = ApprovalQuery { sort: Sort::Created, limit: 5, ..ApprovalQuery::default() };
        app.list(&on_the_line, recent).await?.items
    } else {
        Vec::new()
    };
    let done = match filter.after()? {
        Some(id) => Some(Done::of(app, &viewer, id).await?),
        None => None,
    };
    let known = Known::of(app, person, &items.iter().collect::<Vec<&Approval>>()).await?;
    let list = known.list(person);
    let views = offered(person, &filter);
    let title = if filter.all { "All requests" } else { "Inbox" };
    page(&Inbox {
        frame: Frame::new(&viewer, Section::Inbox, title),
        chips: filter.chips(),
        choices: Choices::of(app, person, &filter).await?,
        entries: draw_together(&items, &list),
        total: total.map(|total| grouped(usize::try_from(total).unwrap_or(usize::MAX))),
        count: items.len(),
        icon: (!filter.all && !items.is_empty()).then(|| {
            total.map_or(items.len(), |t| usize::try_from(t).unwrap_or(usize::MAX)).clamp(1, 99)
        }),
        may_keep: !filter.is_open() && !views.iter().any(|view| view.current),
        views,
        next: next.map(|cursor| filter.address(&["cursor"], Some(("cursor", &cursor.to_string())))),
        may_answer: person.person.role.may(Right::Answer),
        try_out: person.person.role.may(Right::Administer).then_some(TRY_OUT),
        has_agents: !person.snapshot.agents().is_empty(),
        last: newest.iter().map(|approval| list.row(approval)).collect(),
        done,
        filter,
    })
}

/// Lets an agent of its own ask for something that does nothing, and opens that.
pub(super) async fn try_out(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let asked = surface.app.try_out(&viewer.person).await?;
    go(&format!("/approvals/{}", asked.id))
}

#[derive(Template)]
#[template(path = "approvals/row_alone.html")]
struct RowAlone {
    row: Row,
    may_pick: bool,
}

/// One row, for a list in which it is no longer found.
pub(super) async fn row(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
) -> Page {
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let approval = surface.app.see(&on_the_line, id?.0, Visible::default()).await?;
    let known = Known::of(&surface.app, &viewer.person, &[&approval]).await?;
    page(&RowAlone { row: known.list(&viewer.person).row(&approval), may_pick: false })
}
