//! People, what they may do, and their groups.

use askama::Template;
use axum::extract::State;
use countersign_domain::identity::{Email, Person, PersonStatus, Role};

use super::{Fresh, administers};
use crate::app::{Error, NewPerson, PersonChange};
use crate::dashboard::delegations::Away;
use crate::dashboard::layout::{Form, Frame, Moment, Page, Section, Sent, Wrong, go, page_as};
use crate::dashboard::session::Viewer;
use crate::http::{Failure, NamedPath, Shared};

const ROLES: &[(&str, Role)] = &[
    ("viewer", Role::Viewer),
    ("approver", Role::Approver),
    ("auditor", Role::Auditor),
    ("admin", Role::Admin),
];

/// A person as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    email: String,
    role: String,
    groups: Vec<String>,
    is_active: bool,
    is_viewer: bool,
    since: Moment,
}

#[derive(Template)]
#[template(path = "organization/people.html")]
struct List {
    frame: Frame,
    people: Vec<Line>,
    administers: bool,
    fresh: Option<Fresh>,
    away: Away,
    sent: Sent,
}

/// Everyone.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    listed(&viewer, &surface, None, Sent::default())
}

/// Everyone, with a form of the page that was refused.
pub(in crate::dashboard) fn again(viewer: &Viewer, surface: &Shared, sent: Sent) -> Page {
    listed(viewer, surface, None, sent)
}

/// Registers a person; the link that signs them in is shown this once.
pub(super) async fn create(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let made =
        async { Ok(surface.app.create_person(&viewer.person, new_person(&form)?, None).await?) };
    let made = match made.await {
        Ok(made) => made,
        Err(wrong) => return again(&viewer, &surface, Sent::refused("person", &form, wrong)?),
    };
    let fresh = Fresh {
        what: format!("The token of {}", made.made.email),
        secret: made.secret.reveal().to_owned(),
        hint: "For a terminal. For a browser, make them a sign-in link below. It is shown only now.",
    };
    listed(&viewer, &surface, Some(fresh), Sent::default())
}

/// Invites a person; the link by which they come is shown this once.
pub(super) async fn invite(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let made = async { Ok(surface.app.invite(&viewer.person, new_person(&form)?).await?) };
    let made = match made.await {
        Ok(made) => made,
        Err(wrong) => return again(&viewer, &surface, Sent::refused("person", &form, wrong)?),
    };
    let what = format!("The invitation of {}", made.invitation.email);
    let fresh = Fresh {
        what,
        secret: crate::dashboard::sign_in::invitation(&surface.base_url, &made.link),
        hint: "Send it by a way that only they read. It works once, for three days, and is shown only now.",
    };
    listed(&viewer, &surface, Some(fresh), Sent::default())
}

fn new_person(form: &Form) -> Result<NewPerson, Wrong> {
    let missing = || Error::invalid("email", "an address is required");
    let mut wrong = Wrong::default();
    let email = wrong.take(form.parsed::<Email>("email").and_then(|it| it.ok_or_else(missing)));
    let role = wrong.take(form.one_of("role", ROLES));
    let groups = groups(form);
    let read = || Some(NewPerson { email: email?, role: role?.unwrap_or(Role::Viewer), groups });
    read().ok_or(wrong)
}

/// Changes role, groups, and whether they may sign in.
pub(super) async fn change(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<NamedPath, Failure>,
    form: Form,
) -> Page {
    let status = [("active", PersonStatus::Active), ("locked", PersonStatus::Locked)];
    let id = id?.0;
    let wanted = PersonChange {
        role: form.one_of("role", ROLES)?,
        groups: form.all("groups").next().map(|_| groups(&form)),
        status: form.one_of("status", &status)?,
    };
    match surface.app.change_person(&viewer.person, &id, wanted).await {
        Ok(_) => go("/people"),
        Err(error) => {
            let sent = Sent::refused(format!("change:{id}"), &form, error.into())?;
            again(&viewer, &surface, sent)
        }
    }
}

/// Makes a link that signs a person in once.
pub(super) async fn link(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<NamedPath, Failure>,
) -> Page {
    let id = id?.0;
    let made = surface.app.make_link(&viewer.person, &id).await?;
    let who = viewer.person.snapshot.person(&id).map(|p| p.email.to_string()).unwrap_or_default();
    let fresh = Fresh {
        what: format!("A link that signs {who} in"),
        secret: crate::dashboard::link(&surface.base_url, &made),
        hint: "Send it to them. It works once, for a day, and is shown only now.",
    };
    listed(&viewer, &surface, Some(fresh), Sent::default())
}

impl Line {
    /// Whether they may sign in, as a form sends it.
    const fn status(&self) -> &'static str {
        if self.is_active { "active" } else { "locked" }
    }
}

fn listed(viewer: &Viewer, surface: &Shared, fresh: Option<Fresh>, sent: Sent) -> Page {
    let viewer_now = surface.app.people_now(&viewer.person)?;
    let shown = List {
        frame: Frame::new(viewer, Section::People, "People"),
        people: viewer_now.iter().map(|person| line(viewer, person)).collect(),
        administers: administers(viewer),
        fresh,
        away: Away::of_all(&surface.app, viewer, sent.clone())?,
        sent,
    };
    page_as(shown.sent.status(), &shown)
}

fn line(viewer: &Viewer, person: &Person) -> Line {
    Line {
        id: person.id.to_string(),
        email: person.email.to_string(),
        role: person.role.to_string(),
        groups: person.groups.clone(),
        is_active: person.status == PersonStatus::Active,
        is_viewer: person.id == viewer.person.person.id,
        since: Moment::at(person.created_at),
    }
}

/// Names, apart by commas.
fn groups(form: &Form) -> Vec<String> {
    let text = form.text("groups").unwrap_or_default();
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
