//! What agents use: its parameters, and how dangerous it is.

mod schema;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use countersign_domain::display;
use countersign_domain::identity::AgentStatus;
use countersign_domain::policy::document::{Annotations, Document, DocumentKind, Tool};

use super::approvals::row::RiskBadge;
use super::layout::{Frame, Page, Section, Text, encoded, page};
use super::organization::administers;
use super::policies::address;
use super::session::Viewer;
use crate::http::{Failure, NamedPath, Shared};
use schema::{Field, fields};

/// The routes of tools.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/tools", get(list)).route("/tools/{id}", get(show))
}

#[derive(Template)]
#[template(path = "tools/list.html")]
struct List {
    frame: Frame,
    tools: Vec<Line>,
    administers: bool,
}

#[derive(Template)]
#[template(path = "tools/show.html")]
struct Show {
    frame: Frame,
    tool: Line,
    document: String,
    fields: Vec<Field>,
    /// The schema as it is written, if there is one.
    raw: Option<Text>,
    /// Whether parameters that the schema does not name are refused.
    is_closed: bool,
    administers: bool,
}

/// A tool.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: Text,
    href: String,
    description: Option<Text>,
    action: Text,
    is_active: bool,
    is_sensitive: bool,
    risk: Option<RiskBadge>,
    /// What it does to the world: word and whether that is to be feared.
    annotations: Vec<(&'static str, &'static str)>,
    fields: usize,
    hidden: usize,
}

async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let documents = surface.app.policies(&viewer.person, Some(DocumentKind::Tool))?;
    let tools = documents.iter().filter_map(|stored| tool_of(&stored.document));
    page(&List {
        frame: Frame::new(&viewer, Section::Tools, "Tools"),
        tools: tools.map(line).collect(),
        administers: administers(&viewer),
    })
}

async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
) -> Page {
    let stored = surface.app.policy(&viewer.person, DocumentKind::Tool, &name?.0)?;
    let Some(tool) = tool_of(&stored.document) else {
        return Err(crate::app::Error::not_found("tool", stored.document.name()).into());
    };
    let schema = tool.input_schema.as_ref();
    let raw = schema.map(|schema| serde_json::to_string_pretty(schema).unwrap_or_default());
    let open = schema.and_then(|schema| schema.get("additionalProperties"));
    page(&Show {
        frame: Frame::new(&viewer, Section::Tools, display::sanitise(&tool.name)),
        tool: line(tool),
        document: address(DocumentKind::Tool, &tool.name),
        fields: schema.map(fields).unwrap_or_default(),
        raw: raw.as_deref().map(Text::lines),
        is_closed: open.is_some_and(|open| open.as_bool() == Some(false)),
        administers: administers(&viewer),
    })
}

const fn tool_of(document: &Document) -> Option<&Tool> {
    match document {
        Document::Tool(tool) => Some(tool),
        Document::Agent(_)
        | Document::Policy(_)
        | Document::Budget(_)
        | Document::Grant(_)
        | Document::Group(_)
        | Document::Defaults(_) => None,
    }
}

fn line(tool: &Tool) -> Line {
    let fields = tool.input_schema.as_ref().map(fields).unwrap_or_default();
    Line {
        name: Text::line(&tool.name),
        href: format!("/tools/{}", encoded(&tool.name)),
        description: tool.description.as_deref().map(Text::line),
        action: Text::line(tool.action.as_str()),
        is_active: tool.status == AgentStatus::Active,
        is_sensitive: tool.sensitive,
        risk: tool.risk.map(RiskBadge::of),
        annotations: annotations(tool.annotations),
        hidden: fields.iter().filter(|field| field.is_hidden).count(),
        fields: fields.len(),
    }
}

fn annotations(annotations: Annotations) -> Vec<(&'static str, &'static str)> {
    let Annotations { read_only, destructive, idempotent } = annotations;
    let effect = match (read_only, destructive) {
        (true, _) => ("allow", "changes nothing"),
        (false, true) => ("deny", "may destroy"),
        (false, false) => ("requires_approval", "changes things"),
    };
    let twice = (!read_only).then_some(if idempotent {
        ("", "twice is as once")
    } else {
        ("", "twice does more")
    });
    std::iter::once(effect).chain(twice).collect()
}
