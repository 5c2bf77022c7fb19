//! Keys of the three kinds. Only their hashes are kept, so none can be shown again.

use askama::Template;
use axum::extract::State;
use countersign_domain::identity::{Key, KeyHolder};
use countersign_domain::{KeyId, display};
use jiff::Timestamp;

use super::Fresh;
use crate::app::{Error, KeyFor};
use crate::dashboard::layout::{Form, Frame, Moment, Page, Section, Sent, Text, go, page_as};
use crate::dashboard::session::Viewer;
use crate::http::{Failure, NamedPath, Shared};

/// A key as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    name: Text,
    kind: &'static str,
    looks_like: String,
    made_by: Option<Text>,
    holder: String,
    made: Moment,
    used: Option<Moment>,
    revoked: Option<Moment>,
}

#[derive(Template)]
#[template(path = "organization/keys.html")]
struct List {
    frame: Frame,
    tables: Vec<(&'static str, Vec<Line>)>,
    agents: Vec<String>,
    people: Vec<String>,
    fresh: Option<Fresh>,
    sent: Sent,
}

impl List {
    /// Whether the form that was refused chose this one.
    fn is_for(&self, kind: &str, name: &str) -> bool {
        self.sent.at("key").is("for", &format!("{kind}:{name}"), "")
    }
}

/// Every key.
pub(super) async fn list(viewer: Viewer, State(surface): State<Shared>) -> Page {
    let keys = surface.app.keys(&viewer.person)?;
    listed(&viewer, &surface, (&keys, None), Sent::default()).await
}

/// Makes a key; its secret is shown this once.
pub(super) async fn create(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let name = form.text("name").unwrap_or_default();
    let made = async {
        let holder = match form.text("for").and_then(|text| text.split_once(':')) {
            Some(("agent", name)) => KeyFor::Agent(name.to_owned()),
            Some(("person", email)) => KeyFor::Person(email.to_owned()),
            Some(("application", _)) => KeyFor::Application(None),
            Some(_) | None => return Err(Error::invalid("for", "choose whose key it is")),
        };
        surface.app.create_key(&viewer.person, (name, holder), None).await
    };
    let made = match made.await {
        Ok(made) => made,
        Err(error) => {
            let sent = Sent::refused("key", &form, error.into())?;
            let keys = surface.app.keys(&viewer.person)?;
            return listed(&viewer, &surface, (&keys, None), sent).await;
        }
    };
    let fresh = Fresh {
        what: format!("The key “{}”", display::sanitise(name)),
        secret: made.secret.reveal().to_owned(),
        hint: "It is shown only now; only its hash is kept.",
    };
    let mut keys = surface.app.keys(&viewer.person)?;
    keys.push(made.made);
    listed(&viewer, &surface, (&keys, Some(fresh)), Sent::default()).await
}

/// Makes a key stop working at once.
pub(super) async fn revoke(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<NamedPath, Failure>,
) -> Page {
    let text = id?.0;
    let id: KeyId = text.parse().map_err(|_| Error::not_found("key", &text))?;
    surface.app.revoke_key(&viewer.person, id).await?;
    go("/keys")
}

async fn listed(
    viewer: &Viewer,
    surface: &Shared,
    (keys, fresh): (&[Key], Option<Fresh>),
    sent: Sent,
) -> Page {
    let snapshot = &viewer.person.snapshot;
    let uses = surface.app.key_uses(&viewer.person).await?;
    let lines = keys.iter().rev().map(|key| line(viewer, key, uses.get(&key.id)));
    let (working, revoked): (Vec<Line>, Vec<Line>) = lines.partition(|line| line.revoked.is_none());
    let shown = List {
        frame: Frame::new(viewer, Section::Keys, "Keys"),
        tables: vec![("Working", working), ("Revoked", revoked)],
        agents: snapshot.agents().iter().map(|agent| agent.name.clone()).collect(),
        people: snapshot.people().iter().map(|person| person.email.to_string()).collect(),
        fresh,
        sent,
    };
    page_as(shown.sent.status(), &shown)
}

fn line(viewer: &Viewer, key: &Key, used: Option<&Timestamp>) -> Line {
    let snapshot = &viewer.person.snapshot;
    let agent = |id| snapshot.agent_by_id(id).map(|agent| agent.name.clone());
    let (kind, holder) = match key.holder {
        KeyHolder::Agent(id) => ("agent", agent(id)),
        KeyHolder::Token(id) => ("capability token", agent(id)),
        KeyHolder::Application(default) => ("application", default.and_then(agent)),
        KeyHolder::Person(id) => ("person", snapshot.person_by_id(id).map(|p| p.email.to_string())),
    };
    Line {
        id: key.id.to_string(),
        name: Text::line(&key.name),
        kind,
        looks_like: key.looks_like(),
        made_by: key.made_by.as_deref().map(Text::line),
        holder: holder.unwrap_or_default(),
        made: Moment::at(key.created_at),
        used: used.map(|at| Moment::at(*at)),
        revoked: key.revoked_at.map(Moment::at),
    }
}
