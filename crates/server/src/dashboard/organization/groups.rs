//! Groups of people, and the rules that ask them.

use askama::Template;
use axum::extract::State;
use countersign_domain::policy::document::DocumentKind;

use super::administers;
use crate::app::GroupState;
use crate::dashboard::layout::{Frame, Page, Section, Text, page};
use crate::dashboard::policies::address;
use crate::dashboard::session::Viewer;
use crate::http::Shared;

#[derive(Template)]
#[template(path = "organization/groups.html")]
struct List {
    frame: Frame,
    groups: Vec<Line>,
    administers: bool,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: Text,
    /// Its document, if there is one.
    document: Option<String>,
    members: Vec<MemberLine>,
    /// The rules that ask it: name and address.
    asked_by: Vec<(Text, String)>,
    /// Whether a rule asks it and nobody in it can answer.
    is_dead_end: bool,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MemberLine {
    email: String,
    /// By whose word they are a member.
    how: &'static str,
    may_answer: bool,
}

/// Every group.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let groups = surface.app.groups(&viewer.person)?;
    page(&List {
        frame: Frame::new(&viewer, Section::Groups, "Groups"),
        groups: groups.iter().map(line).collect(),
        administers: administers(&viewer),
    })
}

fn line(group: &GroupState) -> Line {
    let members = group.members.iter().map(|member| MemberLine {
        email: member.email.to_string(),
        how: match (member.by_document, member.by_hand) {
            (true, true) => "by the document and by hand",
            (true, false) => "by the document",
            (false, _) => "by hand",
        },
        may_answer: member.may_answer,
    });
    let rule = |(policy, rule): &(String, String)| {
        (Text::line(&format!("{policy}/{rule}")), address(DocumentKind::Policy, policy))
    };
    Line {
        name: Text::line(&group.name),
        document: group.has_document.then(|| address(DocumentKind::Group, &group.name)),
        members: members.collect(),
        asked_by: group.asked_by.iter().map(rule).collect(),
        is_dead_end: !group.asked_by.is_empty()
            && !group.members.iter().any(|member| member.may_answer),
    }
}
