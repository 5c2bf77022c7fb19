//! Lists that people keep: offered above the inbox, saved and given up there.

use axum::extract::State;
use countersign_domain::identity::SavedView;

use super::filter::Filter;
use crate::app::{Error, SignedIn};
use crate::dashboard::layout::{Asked, Form, Page, Text, go};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// A list that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ViewLink {
    pub(super) name: Text,
    /// As it is sent back.
    pub(super) raw: String,
    pub(super) href: String,
    /// Whose it is, if somebody else's.
    pub(super) of: Option<String>,
    pub(super) shared: bool,
    /// Whether it is looked at now.
    pub(super) current: bool,
}

/// The lists that a person is offered, beside the filter that is looked at.
pub(super) fn offered(person: &SignedIn, filter: &Filter) -> Vec<ViewLink> {
    let now = filter.kept();
    let link = |offered: crate::app::Offered| ViewLink {
        name: Text::line(&offered.view.name),
        href: format!("/approvals?{}", offered.view.query),
        current: offered.view.query == now,
        shared: offered.view.shared,
        raw: offered.view.name,
        of: offered.of,
    };
    person.views().into_iter().map(link).collect()
}

/// Keeps what is looked at under a name.
pub(in crate::dashboard::approvals) async fn save(
    viewer: Viewer,
    State(surface): State<Shared>,
    form: Form,
) -> Page {
    // Read as the address of the inbox is, so that only filters are kept.
    let filter = Filter::of(Asked(Form::of(form.text("query").unwrap_or_default().as_bytes())));
    filter.query(&viewer.person, surface.app.now())?;
    let name = form.text("name").ok_or_else(|| Error::invalid("name", "a name is required"))?;
    let view = SavedView {
        name: name.to_owned(),
        query: filter.kept(),
        shared: form.text("shared").is_some(),
    };
    surface.app.save_view(&viewer.person, &view).await?;
    go(&format!("/approvals?{}", view.query))
}

/// Gives one up.
pub(in crate::dashboard::approvals) async fn remove(
    viewer: Viewer,
    State(surface): State<Shared>,
    form: Form,
) -> Page {
    surface.app.remove_view(&viewer.person, form.text("name").unwrap_or_default()).await?;
    go("/approvals")
}
