//! Groups of people, and the rules that ask them.

use askama::Template;
use axum::extract::State;
use countersign_domain::policy::document::DocumentKind;

use super::administers;
use crate::app::{Error, GroupState, MembersChange};
use crate::dashboard::layout::{Form, Frame, Page, Section, Sent, Text, Wrong, go, page, page_as};
use crate::dashboard::policies::address;
use crate::dashboard::session::Viewer;
use crate::http::Shared;

#[derive(Template)]
#[template(path = "organization/groups.html")]
struct List {
    frame: Frame,
    groups: Vec<Line>,
    administers: bool,
    /// Everyone who can be put into a group.
    people: Vec<String>,
    sent: Sent,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: Text,
    /// The same, as a form sends it.
    raw: String,
    /// Its document, if there is one.
    document: Option<String>,
    members: Vec<MemberLine>,
    /// Who is not in it by hand yet.
    others: Vec<String>,
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
    by_hand: bool,
    may_answer: bool,
}

/// Every group.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    page(&listed(&viewer, &surface)?)
}

/// Puts people into a group and takes others out; a group that nobody was in is there from then on.
pub(super) async fn change(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let all = |name: &str| -> Vec<String> {
        form.all(name).filter(|text| !text.is_empty()).map(str::to_owned).collect()
    };
    let wanted = MembersChange { come: all("come"), go: all("go") };
    let group = form.text("group").unwrap_or_default();
    match surface.app.change_members(&viewer.person, group, wanted).await {
        Ok(()) => go("/groups"),
        Err(error) => {
            let place =
                form.text("row").map_or_else(|| "group".to_owned(), |_| format!("members:{group}"));
            let wrong = Wrong::from(error).renamed("members", "come");
            let sent = Sent::refused(place, &form, wrong)?;
            page_as(sent.status(), &List { sent, ..listed(&viewer, &surface)? })
        }
    }
}

fn listed(viewer: &Viewer, surface: &Shared) -> Result<List, Error> {
    let groups = surface.app.groups(&viewer.person)?;
    let people = surface.app.people(&viewer.person)?;
    let people: Vec<String> = people.iter().map(|person| person.email.to_string()).collect();
    Ok(List {
        frame: Frame::new(viewer, Section::Groups, "Groups"),
        groups: groups.iter().map(|group| line(group, &people)).collect(),
        administers: administers(viewer),
        people,
        sent: Sent::default(),
    })
}

impl Line {
    /// Whether somebody in it can be taken out here.
    fn has_some_by_hand(&self) -> bool {
        self.members.iter().any(|member| member.by_hand)
    }
}

fn line(group: &GroupState, people: &[String]) -> Line {
    let is_other = |email: &&String| {
        !group.members.iter().any(|one| one.by_hand && one.email.as_str() == email.as_str())
    };
    let members = group.members.iter().map(|member| MemberLine {
        email: member.email.to_string(),
        how: match (member.by_document, member.by_hand) {
            (true, true) => "by the document and by hand",
            (true, false) => "by the document",
            (false, _) => "by hand",
        },
        by_hand: member.by_hand,
        may_answer: member.may_answer,
    });
    let rule = |(policy, rule): &(String, String)| {
        (Text::line(&format!("{policy}/{rule}")), address(DocumentKind::Policy, policy))
    };
    Line {
        name: Text::line(&group.name),
        raw: group.name.clone(),
        others: people.iter().filter(is_other).cloned().collect(),
        document: group.has_document.then(|| address(DocumentKind::Group, &group.name)),
        members: members.collect(),
        asked_by: group.asked_by.iter().map(rule).collect(),
        is_dead_end: !group.asked_by.is_empty()
            && !group.members.iter().any(|member| member.may_answer),
    }
}
