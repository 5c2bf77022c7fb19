//! What is frozen; freezing more, and letting it go on.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use countersign_domain::ActionPattern;
use countersign_domain::identity::Right;
use countersign_wire::Code;

use super::layout::{Asked, Form, Frame, Frozen, Page, Part, Section, Sent, go, page, page_as};
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
    wanted: Wanted,
    sent: Sent,
}

/// The form that was asked for by the address, or was sent: it comes first, with a name in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Wanted {
    scope: String,
    name: String,
}

impl Wanted {
    fn is(&self, scope: &str) -> bool {
        self.scope == scope
    }

    /// What is named in the form for this scope.
    fn name(&self, scope: &str) -> &str {
        if self.is(scope) { &self.name } else { "" }
    }
}

impl Show {
    /// What was to go on, if it is not frozen any more.
    fn gone(&self) -> Option<Part<'_>> {
        let form = self.sent.below("lift")?;
        let is_here = |one: &Frozen| self.lifting(one).is_open();
        (!self.frame.frozen.iter().any(is_here)).then_some(form)
    }

    /// The form that lets this go on.
    fn lifting(&self, one: &Frozen) -> Part<'_> {
        self.sent.of("lift", &format!("{} {}", one.scope, one.name))
    }
}

/// What is frozen, and the forms. `?agent=` and `?action=` fill one in.
async fn show(viewer: Viewer, Asked(form): Asked) -> Page {
    let named = |scope: &str| form.text(scope).map(|name| (scope.to_owned(), name.to_owned()));
    let (scope, name) = named("agent").or_else(|| named("action")).unwrap_or_default();
    page(&shown(&viewer, Wanted { scope, name }, Sent::default()))
}

/// Freezes something, with a reason.
async fn freeze(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let reason = form.text("reason").unwrap_or_default();
    let done = async { surface.app.freeze(&viewer.person, stop(&form)?, reason).await };
    let Err(error) = done.await else { return go("/freezes") };
    let text = |name: &str| form.text(name).unwrap_or_default().to_owned();
    let wanted = Wanted { scope: text("scope"), name: text("name") };
    let sent = Sent::refused(wanted.scope.clone(), &form, named(error).into())?;
    page_as(sent.status(), &shown(&viewer, wanted, sent))
}

/// Lets go on what was frozen, with a reason.
async fn lift(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let why = form.text("reason").unwrap_or_default();
    let done = async { surface.app.unfreeze(&viewer.person, stop(&form)?, Some(why)).await };
    let Err(error) = done.await else { return go("/freezes") };
    let text = |name: &str| form.text(name).unwrap_or_default();
    let place = format!("lift:{} {}", text("scope"), text("name"));
    let sent = Sent::refused(place, &form, named(error).into())?;
    page_as(sent.status(), &shown(&viewer, Wanted::default(), sent))
}

/// That something is not there is about the name of it.
fn named(error: Error) -> Error {
    match error.code {
        Code::NotFound | Code::AgentNotFound => {
            Error { code: Code::Invalid, path: Some("name".to_owned()), ..error }
        }
        _ => error,
    }
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

fn shown(viewer: &Viewer, wanted: Wanted, sent: Sent) -> Show {
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
        sent,
    }
}
