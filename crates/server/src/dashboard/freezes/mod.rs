//! What is frozen; freezing more, and letting it go on.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use countersign_domain::ActionPattern;
use countersign_domain::identity::Right;
use countersign_wire::Code;

use super::layout::{Asked, Form, Frame, Frozen, Page, Phrase, Section, go, page, page_as, said};
use super::session::Viewer;
use crate::app::{Error, Stop};
use crate::http::Shared;

/// The routes of freezes.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/freezes", get(show).post(freeze)).route("/freezes/lift", post(lift))
}

#[derive(Template)]
#[template(path = "freezes/show.html")]
struct Show {
    frame: Frame,
    agents: Vec<(String, bool)>,
    may_lift: bool,
    /// Which form was asked for or sent: it comes first, with what was written in it.
    wanted: Wanted,
}

impl Show {
    /// Whether what was to go on is not frozen any more.
    fn is_gone(&self) -> bool {
        let here = |one: &Frozen| self.wanted.lifts(one.scope, &one.name);
        self.wanted.lifts && !self.frame.frozen.iter().any(here)
    }
}

/// What was written in a form, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Wanted {
    scope: String,
    name: String,
    reason: String,
    problem: Option<Phrase>,
    /// Whether it is about letting go on.
    lifts: bool,
}

impl Wanted {
    fn is(&self, scope: &str) -> bool {
        !self.lifts && self.scope == scope
    }

    fn lifts(&self, scope: &str, name: &str) -> bool {
        self.lifts && self.scope == scope && self.name == name
    }

    /// What was written in the form for this scope.
    fn reason(&self, scope: &str) -> &str {
        if self.is(scope) { &self.reason } else { "" }
    }

    /// What is wrong with it.
    fn problem(&self, scope: &str) -> Option<&Phrase> {
        self.problem.as_ref().filter(|_| self.is(scope))
    }
}

/// What is frozen, and the forms. `?agent=` and `?action=` fill one in.
async fn show(viewer: Viewer, Asked(form): Asked) -> Page {
    let named = |scope: &str| form.text(scope).map(|name| (scope.to_owned(), name.to_owned()));
    let (scope, name) = named("agent").or_else(|| named("action")).unwrap_or_default();
    page(&shown(&viewer, Wanted { scope, name, ..Wanted::default() }))
}

/// Freezes something, with a reason.
async fn freeze(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let reason = form.text("reason").unwrap_or_default();
    let done = match stop(&form) {
        Ok(stop) => surface.app.freeze(&viewer.person, stop, reason).await.map(|_| ()),
        Err(error) => Err(error),
    };
    done.map_or_else(|error| refused(&viewer, error, (&form, false)), |()| go("/freezes"))
}

/// Lets go on what was frozen, with a reason.
async fn lift(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let why = form.text("reason").unwrap_or_default();
    let done = match stop(&form) {
        Ok(stop) => surface.app.unfreeze(&viewer.person, stop, Some(why)).await.map(|_| ()),
        Err(error) => Err(error),
    };
    done.map_or_else(|error| refused(&viewer, error, (&form, true)), |()| go("/freezes"))
}

/// What is meant, as the form names it.
fn stop(form: &Form) -> Result<Stop, Error> {
    let name = form.text("name").map(str::trim);
    let missing = |what: &str| Error::invalid("name", what);
    match (form.text("scope"), name) {
        (Some("all"), _) => Ok(Stop::All),
        (Some("agent"), Some(name)) => Ok(Stop::Agent(name.to_owned())),
        (Some("agent"), None) => Err(missing("choose the agent")),
        (Some("action"), Some(name)) => {
            let pattern = name.parse::<ActionPattern>();
            Ok(Stop::Action(pattern.map_err(|error| Error::invalid("name", error))?))
        }
        (Some("action"), None) => Err(missing("name the actions, for example `stripe.**`")),
        (Some(_) | None, _) => Err(Error::invalid("scope", "say what is to be frozen")),
    }
}

/// The page again, with what was written and what is wrong with it; what the person can do nothing about here
/// is a page of its own.
fn refused(viewer: &Viewer, error: Error, (form, lifts): (&Form, bool)) -> Page {
    if !matches!(error.code, Code::ReasonRequired | Code::Invalid | Code::NotFound) {
        return Err(error.into());
    }
    let text = |name: &str| form.text(name).unwrap_or_default().to_owned();
    let problem = Some(said(&error));
    let (scope, name, reason) = (text("scope"), text("name"), text("reason"));
    page_as(
        StatusCode::UNPROCESSABLE_ENTITY,
        &shown(viewer, Wanted { scope, name, reason, problem, lifts }),
    )
}

fn shown(viewer: &Viewer, wanted: Wanted) -> Show {
    let agent = viewer.person.snapshot.agent(&wanted.name).filter(|_| wanted.is("agent"));
    let agents = viewer.person.snapshot.agents();
    let names = agents.iter().map(|one| {
        let is_wanted = agent.is_some_and(|agent| agent.id == one.id);
        (one.name.clone(), is_wanted)
    });
    Show {
        frame: Frame::new(viewer, Section::Freezes, "Freezes"),
        agents: names.collect(),
        may_lift: viewer.person.person.role.may(Right::Administer),
        wanted,
    }
}
