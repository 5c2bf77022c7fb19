//! Every document in force.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use countersign_domain::policy::document::{DocumentKind, StoredDocument};

use super::{address, summary};
use crate::dashboard::layout::{Frame, Moment, Page, Section, Text, page};
use crate::dashboard::organization::administers;
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// A document as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: Text,
    href: String,
    summary: Text,
    by: Text,
    at: Moment,
    is_written: bool,
}

#[derive(Template)]
#[template(path = "policies/list.html")]
struct List {
    frame: Frame,
    kinds: Vec<(&'static str, &'static str, Vec<Line>)>,
    count: usize,
    hash: String,
    administers: bool,
}

/// The documents, kind by kind.
pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let documents = surface.app.policies(&viewer.person, None)?;
    let of = |kind: DocumentKind| {
        let these = documents.iter().filter(|stored| stored.document.kind() == kind);
        (kind.as_str(), heading(kind), these.map(line).collect::<Vec<_>>())
    };
    page(&List {
        frame: Frame::new(&viewer, Section::Policies, "Policies"),
        kinds: ORDER.map(of).into(),
        count: documents.len(),
        hash: viewer.person.snapshot.hash.to_string(),
        administers: administers(&viewer),
    })
}

/// All of them as one file, which applies again and changes nothing.
pub(super) async fn export(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let text = surface.app.export_policies(&viewer.person)?;
    let headers = [
        (header::CONTENT_TYPE, "application/yaml"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"countersign-policies.yaml\""),
    ];
    Ok((headers, text).into_response())
}

const ORDER: [DocumentKind; 7] = [
    DocumentKind::Policy,
    DocumentKind::Agent,
    DocumentKind::Budget,
    DocumentKind::Grant,
    DocumentKind::Tool,
    DocumentKind::Group,
    DocumentKind::Defaults,
];

const fn heading(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Policy => "Rules",
        DocumentKind::Agent => "Agents and their manifests",
        DocumentKind::Budget => "Budgets",
        DocumentKind::Grant => "Grants and trust budgets",
        DocumentKind::Tool => "Tools",
        DocumentKind::Group => "Groups",
        DocumentKind::Defaults => "What holds where nothing else is said",
    }
}

fn line(stored: &StoredDocument) -> Line {
    let document = &stored.document;
    Line {
        name: Text::line(document.name()),
        href: address(document.kind(), document.name()),
        summary: Text::line(&summary(document)),
        by: Text::line(&stored.updated_by.name),
        at: Moment::at(stored.updated_at),
        is_written: stored.source.is_some(),
    }
}
