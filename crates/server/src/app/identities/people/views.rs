//! Lists of requests that people keep under a name, for themselves or for everyone.

use std::sync::Arc;

use countersign_domain::audit::Kind;
use countersign_domain::identity::{Person, Right, SavedView};
use countersign_domain::{Write, display};
use serde_json::json;

use crate::app::commit::Commit;
use crate::app::identities::change;
use crate::app::record::fact;
use crate::app::{App, Error, SignedIn, TRIES, too_busy};

/// How many one person keeps.
const MOST: usize = 40;
/// The longest name.
const NAME: usize = 60;
/// The longest list of filters.
const QUERY: usize = 2_000;

impl App {
    /// Keeps a list, in the place of one of the same name.
    pub async fn save_view(&self, person: &SignedIn, view: &SavedView) -> Result<(), Error> {
        let name = view.name.trim();
        if display::is_blank(name) || name.chars().count() > NAME {
            let detail = format!("a name of at most {NAME} characters is required");
            return Err(Error::invalid("name", detail));
        }
        if view.query.is_empty() || view.query.len() > QUERY {
            return Err(Error::invalid("query", "there is no filter that could be kept"));
        }
        let view = SavedView { name: name.to_owned(), ..view.clone() };
        self.change_views(person, (Kind::ViewSaved, json!({"view": view})), |mut views| {
            views.retain(|other| other.name != view.name);
            if views.len() >= MOST {
                let detail = format!("at most {MOST} lists are kept; give one up first");
                return Err(Error::invalid("name", detail));
            }
            views.push(view.clone());
            views.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(views)
        })
        .await
    }

    /// Gives up a list of one's own.
    pub async fn remove_view(&self, person: &SignedIn, name: &str) -> Result<(), Error> {
        let fact = (Kind::ViewRemoved, json!({"view": {"name": name}}));
        self.change_views(person, fact, |mut views| {
            let before = views.len();
            views.retain(|view| view.name != name);
            if views.len() == before {
                return Err(Error::not_found("view", &display::sanitise(name)));
            }
            Ok(views)
        })
        .await
    }

    async fn change_views(
        &self,
        person: &SignedIn,
        (kind, data): (Kind, serde_json::Value),
        changed: impl Fn(Vec<SavedView>) -> Result<Vec<SavedView>, Error>,
    ) -> Result<(), Error> {
        person.must(Right::Read)?;
        for _ in 0..TRIES {
            let snapshot = self.snapshots.of(person.org());
            let snapshot = snapshot.unwrap_or_else(|| Arc::clone(&person.snapshot));
            let before = snapshot.registered(person.person.id).cloned();
            let before = before.ok_or_else(|| Error::not_found("person", ""))?;
            let after = Person {
                revision: before.revision.next(),
                views: changed(before.views.clone())?,
                ..(*before).clone()
            };
            let record = fact(kind, &person.caller, data.clone(), self.now());
            let written = change(person, vec![Write::Person(after)], vec![record]);
            match self.configure(written).await? {
                Commit::Done => return Ok(()),
                Commit::Conflict => {}
            }
        }
        Err(too_busy())
    }
}

/// One list that a person is offered, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The list.
    pub view: SavedView,
    /// Its owner, where it is somebody else's.
    pub of: Option<String>,
}

impl SignedIn {
    /// The lists that this person is offered: their own, and then what others share.
    pub fn views(&self) -> Vec<Offered> {
        let own = self.person.views.iter().map(|view| Offered { view: view.clone(), of: None });
        let others = self.snapshot.people().into_iter().filter(|other| other.id != self.person.id);
        let shared = others.flat_map(|other| {
            let shared: Vec<_> = other.views.iter().filter(|view| view.shared).cloned().collect();
            let of = other.email.to_string();
            shared.into_iter().map(move |view| Offered { view, of: Some(of.clone()) })
        });
        own.chain(shared).collect()
    }
}
