//! Taking a document out of force, after looking at what that would come to.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::policy::document::DocumentKind;
use countersign_domain::policy::document::plan::Leave;
use countersign_wire::Code;

use super::view::review::ReviewView;
use super::{SPANS, address, kind, since};
use crate::dashboard::layout::{Asked, Form, Frame, Page, Section, Text, go, page, page_as};
use crate::dashboard::session::Viewer;
use crate::http::{DocumentPath, Failure, Shared};

#[derive(Template)]
#[template(path = "policies/remove.html")]
struct Remove {
    frame: Frame,
    kind: &'static str,
    name: Text,
    address: String,
    review: ReviewView,
    spans: &'static [(&'static str, &'static str, i64)],
    since: String,
    /// Whether it was to be removed, and was not because something else changed.
    refused: bool,
    hash: String,
}

/// What removing it would come to.
pub(super) async fn review(
    viewer: Viewer,
    State(surface): State<Shared>,
    path: Result<DocumentPath, Failure>,
    Asked(form): Asked,
) -> Page {
    let path = path?;
    let which = (kind(&path.kind)?, path.name.as_str());
    reviewed(&viewer, &surface, (which, &form), false).await
}

/// Removes it, if what is in force is still what was looked at.
pub(super) async fn remove(
    viewer: Viewer,
    State(surface): State<Shared>,
    path: Result<DocumentPath, Failure>,
    form: Form,
) -> Page {
    let path = path?;
    let which = (kind(&path.kind)?, path.name.as_str());
    surface.app.policy(&viewer.person, which.0, which.1)?;
    let seen = form.text("seen").unwrap_or_default();
    let how = (Leave::Without(which.0, which.1), Some(seen));
    match surface.app.apply_policies(&viewer.person, &[], how).await {
        Ok(_) => go("/policies"),
        Err(error) if matches!(error.code, Code::Conflict | Code::PolicyInvalid) => {
            let refused = error.code == Code::Conflict;
            reviewed(&viewer, &surface, (which, &form), refused).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn reviewed(
    viewer: &Viewer,
    surface: &Shared,
    ((kind, name), form): ((DocumentKind, &str), &Form),
    refused: bool,
) -> Page {
    let app = &surface.app;
    app.policy(&viewer.person, kind, name)?;
    let how = (Leave::Without(kind, name), since(form, app)?);
    let review = app.review_policies(&viewer.person, &[], how).await?;
    let shown = Remove {
        frame: Frame::new(viewer, Section::Policies, "Remove a document"),
        kind: kind.as_str(),
        name: Text::line(name),
        address: address(kind, name),
        review: ReviewView::of(&review, "", ""),
        spans: SPANS,
        since: form.text("since").unwrap_or("7d").to_owned(),
        refused,
        hash: viewer.person.snapshot.hash.to_string(),
    };
    if refused { page_as(StatusCode::CONFLICT, &shown) } else { page(&shown) }
}
