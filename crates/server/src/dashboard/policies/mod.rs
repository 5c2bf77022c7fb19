//! Policy documents: looked at, written, tried out on tests and on what was recorded, and only then applied.

mod edit;
mod list;
mod remove;
mod show;
mod skeleton;
mod view;

use axum::Router;
use axum::routing::{get, post};
use countersign_domain::display;
use countersign_domain::policy::document::DocumentKind;
use countersign_domain::policy::document::parse::SourceFile;
use countersign_wire::policies::kind_named;
use jiff::{SignedDuration, Timestamp};

use super::layout::{Form, encoded};
use crate::app::{App, Error};
use crate::http::Shared;

pub(in crate::dashboard) use view::summary::summary;

/// How far back recorded checks can be judged again from a page.
const SPANS: &[(&str, &str, i64)] = &[
    ("1d", "the last day", 24),
    ("7d", "the last 7 days", 7 * 24),
    ("30d", "the last 30 days", 30 * 24),
    ("none", "no recorded checks", 0),
];

/// The routes of policy documents.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/policies", get(list::show))
        .route("/policies/export", get(list::export))
        .route("/policies/new", get(edit::new))
        .route("/policies/review", post(edit::review))
        .route("/policies/apply", post(edit::apply))
        .route("/policies/{kind}/{name}", get(show::show))
        .route("/policies/{kind}/{name}/edit", get(edit::open))
        .route("/policies/{kind}/{name}/remove", get(remove::review).post(remove::remove))
}

/// The address of a document.
pub(in crate::dashboard) fn address(kind: DocumentKind, name: &str) -> String {
    format!("/policies/{}/{}", kind.as_str(), encoded(name))
}

fn kind(word: &str) -> Result<DocumentKind, Error> {
    kind_named(word).ok_or_else(|| Error::not_found("kind of document", word))
}

/// From when on recorded checks are judged again, as the form says; a week where it says nothing.
fn since(form: &Form, app: &App) -> Result<Option<Timestamp>, Error> {
    let word = form.text("since").unwrap_or("7d");
    let known = SPANS.iter().find(|(value, ..)| *value == word);
    let unknown = || {
        let word = display::sanitise(word);
        Error::invalid("since", format!("`{word}` is no time that can be looked back"))
    };
    let (.., hours) = known.ok_or_else(unknown)?;
    let from = app.now().checked_sub(SignedDuration::from_hours(*hours));
    Ok(from.ok().filter(|_| *hours > 0))
}

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile { name: name.to_owned(), text: text.to_owned() }
}
