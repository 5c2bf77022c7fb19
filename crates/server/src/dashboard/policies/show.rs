//! One document, as its author wrote it.

use askama::Template;
use axum::extract::State;
use countersign_domain::policy::document::plan::to_yaml;
use countersign_domain::policy::document::{Document, DocumentKind};

use super::view::source::Line;
use super::{address, kind, summary};
use crate::dashboard::layout::{Frame, Moment, Page, Section, Text, encoded, page};
use crate::dashboard::organization::administers;
use crate::dashboard::session::Viewer;
use crate::http::{DocumentPath, Failure, Shared};

#[derive(Template)]
#[template(path = "policies/show.html")]
struct Show {
    frame: Frame,
    kind: &'static str,
    name: Text,
    address: String,
    /// Where the same is shown as what it is, and not as a document.
    page: Option<(String, &'static str)>,
    summary: Text,
    lines: Vec<Line>,
    by: Text,
    at: Moment,
    revision: u64,
    is_written: bool,
    hash: String,
    administers: bool,
}

/// One document.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    path: Result<DocumentPath, Failure>,
) -> Page {
    let path = path?;
    let stored = surface.app.policy(&viewer.person, kind(&path.kind)?, &path.name)?;
    let (kind, name) = (stored.document.kind(), stored.document.name());
    let title = countersign_domain::display::sanitise(name);
    page(&Show {
        frame: Frame::new(&viewer, Section::Policies, title),
        kind: kind.as_str(),
        name: Text::line(name),
        address: address(kind, name),
        page: elsewhere(&stored.document),
        summary: Text::line(&summary(&stored.document)),
        lines: Line::all(&to_yaml(&stored), &[]),
        by: Text::line(&stored.updated_by.name),
        at: Moment::at(stored.updated_at),
        revision: stored.revision.0,
        is_written: stored.source.is_some(),
        hash: viewer.person.snapshot.hash.to_string(),
        administers: administers(&viewer),
    })
}

fn elsewhere(document: &Document) -> Option<(String, &'static str)> {
    let name = encoded(document.name());
    match document.kind() {
        DocumentKind::Agent => Some((format!("/agents/{name}"), "The agent")),
        DocumentKind::Budget => Some(("/budgets".to_owned(), "How it stands")),
        DocumentKind::Grant => Some((format!("/grants/{name}"), "What was used of it")),
        DocumentKind::Tool => Some((format!("/tools/{name}"), "The tool")),
        DocumentKind::Group => Some(("/groups".to_owned(), "Groups")),
        DocumentKind::Defaults => Some(("/settings".to_owned(), "Settings")),
        DocumentKind::Policy => None,
    }
}
