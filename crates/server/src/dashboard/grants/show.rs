//! One grant, what it let through, and taking it back.

use askama::Template;
use axum::extract::State;
use countersign_domain::audit::Record;
use countersign_domain::display;
use countersign_domain::identity::Right;
use countersign_domain::policy::document::DocumentKind;
use serde_json::Value;

use super::Line;
use crate::dashboard::layout::{Frame, Moment, Page, Section, Text, go, page};
use crate::dashboard::policies::address;
use crate::dashboard::session::Viewer;
use crate::http::{Failure, NamedPath, Shared};

#[derive(Template)]
#[template(path = "grants/show.html")]
struct Show {
    frame: Frame,
    grant: Line,
    agents: Vec<String>,
    actions: Vec<Text>,
    when: Option<Text>,
    risk: &'static str,
    document: String,
    uses: Vec<Use>,
    is_complete: bool,
    may_revoke: bool,
}

/// One thing it let through.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Use {
    /// Its record, for those who may read it.
    record: Option<u64>,
    at: Moment,
    /// The request that it answered; none for a check.
    approval: Option<String>,
    agent: Text,
    action: Text,
    params: Option<Text>,
}

/// One grant.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
) -> Page {
    let found = surface.app.grant_uses(&viewer.person, &name?.0).await?;
    let grant = &found.state.grant;
    let role = viewer.person.person.role;
    page(&Show {
        frame: Frame::new(&viewer, Section::Grants, display::sanitise(&grant.name)),
        grant: Line::of(&found.state),
        agents: grant.agents.iter().map(|agent| agent.as_str().to_owned()).collect(),
        actions: grant.actions.iter().map(|action| Text::line(action.as_str())).collect(),
        when: grant.when.as_deref().map(Text::line),
        risk: grant.risk_at_most.as_str(),
        document: address(DocumentKind::Grant, &grant.name),
        uses: found.uses.iter().map(|one| used(&viewer, &one.record)).collect(),
        is_complete: found.is_complete,
        may_revoke: role.may(Right::Answer),
    })
}

/// Takes it back, at once.
pub(super) async fn revoke(
    viewer: Viewer,
    State(surface): State<Shared>,
    name: Result<NamedPath, Failure>,
) -> Page {
    surface.app.revoke_grant(&viewer.person, &name?.0).await?;
    go("/grants")
}

fn used(viewer: &Viewer, record: &Record) -> Use {
    let audits = viewer.person.person.role.may(Right::Audit);
    let text = |name: &str| record.data.get(name).and_then(Value::as_str);
    let agent = record.agent_id.and_then(|id| viewer.person.snapshot.agent_by_id(id));
    let params = record.data.get("params").filter(|_| audits);
    Use {
        record: audits.then_some(record.seq.0),
        at: Moment::at(record.at),
        approval: record.approval_id.map(|id| id.to_string()),
        agent: Text::line(agent.map_or("", |agent| agent.name.as_str())),
        action: Text::said(text("action").unwrap_or_default()),
        params: params.map(|params| Text::said(&display::redact(params).to_string())),
    }
}
