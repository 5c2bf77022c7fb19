//! What people's habits suggest, as policy that could be applied. It stays a suggestion.

use askama::Template;
use axum::extract::State;
use countersign_domain::identity::Right;
use countersign_domain::policy::trial::suggest::{Suggestion, SuggestionKind};

use crate::dashboard::layout::{Frame, Page, Section, Text, page};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// One suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    title: Text,
    evidence: String,
    yaml: Text,
    /// As it is sent on.
    raw: String,
}

#[derive(Template)]
#[template(path = "figures/suggestions.html")]
struct Suggestions {
    frame: Frame,
    lines: Vec<Line>,
    may_apply: bool,
}

/// Every suggestion of the last 90 days.
pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let found = surface.app.suggest_policies(&viewer.person).await?;
    page(&Suggestions {
        frame: Frame::new(&viewer, Section::Figures, "What habits suggest"),
        lines: found.iter().map(line).collect(),
        may_apply: viewer.person.person.role.may(Right::Administer),
    })
}

fn line(found: &Suggestion) -> Line {
    let (agent, action) = (&found.agent, &found.action);
    let title = match found.kind {
        SuggestionKind::Allow => format!("Let {agent} run {action} without asking"),
        SuggestionKind::Grant => format!("Answer {agent}’s {action} by a grant, within limits"),
        SuggestionKind::Deny => format!("Refuse {agent}’s {action} without asking"),
    };
    Line {
        title: Text::line(&title),
        evidence: found.evidence.clone(),
        yaml: Text::lines(&found.yaml),
        raw: found.yaml.clone(),
    }
}
