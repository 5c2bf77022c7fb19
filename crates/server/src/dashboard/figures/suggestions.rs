//! What people's habits suggest, as policy that could be applied. It stays a suggestion.

use askama::Template;
use axum::extract::State;
use countersign_domain::identity::Right;
use countersign_domain::policy::trial::suggest::{Suggestion, SuggestionKind};

use crate::dashboard::layout::{Frame, Page, Phrase, Section, Text, page};
use crate::dashboard::session::Viewer;
use crate::http::Shared;

/// One suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    title: Phrase,
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
    let agent = countersign_domain::display::sanitise(&found.agent);
    let line =
        |before: String, after: &str| Phrase::ours(before).and_said(&found.action).and(after);
    let title = match found.kind {
        SuggestionKind::Allow => line(format!("Let {agent} run "), " without asking"),
        SuggestionKind::Grant => line(format!("Answer {agent}’s "), " by a grant, within limits"),
        SuggestionKind::Deny => line(format!("Refuse {agent}’s "), " without asking"),
    };
    Line {
        title,
        evidence: found.evidence.clone(),
        yaml: Text::said_lines(&found.yaml),
        raw: found.yaml.clone(),
    }
}
