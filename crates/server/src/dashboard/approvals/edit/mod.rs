//! Approving something else than was asked: a form made of the parameters, then both versions side by side.

mod field;

use askama::Template;
use axum::extract::State;
use countersign_domain::ApprovalId;
use countersign_domain::approval::{Approval, Edited, Friction};
use countersign_domain::display::sanitise;
use countersign_domain::json::{self, Object};
use countersign_wire::Code;
use serde_json::Value;

use super::show::tool;
use super::step_up::StepUp;
use super::view::diff::{Line, changed};
use super::view::row::RiskBadge;
use super::view::value::Leaf;
use super::view::words;
use field::{FIELD, Field, editable, schema_of};

use crate::app::{Error, OnTheLine, Visible};
use crate::dashboard::layout::{Form, Frame, Page, Phrase, Section, page, sentence};
use crate::dashboard::session::Viewer;
use crate::http::{ApprovalPath, Failure, Shared};

#[derive(Template)]
#[template(path = "approvals/edit.html")]
struct EditPage {
    frame: Frame,
    id: String,
    headline: Phrase,
    fields: Vec<Field>,
    error: Option<Phrase>,
}

#[derive(Template)]
#[template(path = "approvals/edit_review.html")]
struct ReviewPage {
    frame: Frame,
    id: String,
    headline: Phrase,
    effect: Phrase,
    digest: String,
    presented: String,
    lines: Vec<Line>,
    edits: Vec<(String, String)>,
    risk: RiskBadge,
    friction: &'static str,
    telltale: String,
    others: Option<String>,
    step_up: Option<StepUp>,
    missing: Option<String>,
    error: Option<Phrase>,
    notes: String,
    typed: String,
}

/// The form.
pub(super) async fn show(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
) -> Page {
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let approval = surface.app.see(&on_the_line, id?.0, Visible::default()).await?;
    form_page(&viewer, &approval, &Form::default(), None)
}

/// Both versions side by side; nothing is decided yet.
pub(super) async fn review(
    viewer: Viewer,
    State(surface): State<Shared>,
    id: Result<ApprovalPath, Failure>,
    form: Form,
) -> Page {
    let id = id?.0;
    let on_the_line = OnTheLine::Person(viewer.person.clone());
    let approval = surface.app.see(&on_the_line, id, Visible::default()).await?;
    let edits = match changes(&approval, &form) {
        Ok(edits) => edits,
        Err(error) => return form_page(&viewer, &approval, &form, Some(&error)),
    };
    match surface.app.preview_edit(&viewer.person, id, &edits).await {
        Ok(previewed) => review_page((&viewer, &surface), previewed, &edits, None).await,
        Err(error) if matches!(error.code, Code::EditRefused | Code::Invalid) => {
            form_page(&viewer, &approval, &form, Some(&error))
        }
        Err(error) => Err(error.about(id).into()),
    }
}

/// Both versions once more, with why the answer was not taken and what had been written.
pub(super) async fn again(
    (viewer, surface): (&Viewer, &Shared),
    (id, edits): (ApprovalId, &Object),
    refused: (&Form, &Error),
) -> Page {
    let previewed = surface.app.preview_edit(&viewer.person, id, edits).await;
    let previewed = previewed.map_err(|error| error.about(id))?;
    let mut page = review_page((viewer, surface), previewed, edits, Some(refused)).await?;
    *page.status_mut() = axum::http::StatusCode::FORBIDDEN;
    Ok(page)
}

async fn review_page(
    (viewer, surface): (&Viewer, &Shared),
    (approval, edited): (Approval, Edited),
    edits: &Object,
    refused: Option<(&Form, &Error)>,
) -> Page {
    let friction = Friction::of(&approval.card, &edited.proposal);
    let step_up = StepUp::of(&surface.app, viewer, &approval).await?;
    let written = |name| refused.and_then(|(form, _)| form.owned(name)).unwrap_or_default();
    page(&ReviewPage {
        frame: Frame::new(viewer, Section::Inbox, "Approve with edits"),
        id: approval.id.to_string(),
        headline: Phrase::headline(&approval.headline()),
        effect: Phrase::headline(&approval.card.headline(&edited.proposal)),
        digest: approval.digest().to_string(),
        presented: approval.presented().to_string(),
        lines: changed(
            &approval.card,
            (approval.proposal(), approval.cost()),
            (&edited.proposal, &edited.cost),
        ),
        edits: edits.iter().map(|(k, v)| (k.clone(), v.to_string())).collect(),
        risk: RiskBadge::of(approval.card.risk),
        friction: match &friction {
            Friction::Press | Friction::Confirm => "confirm",
            Friction::Notes => "notes",
            Friction::Type(_) => "type",
        },
        telltale: match &friction {
            Friction::Type(text) => sanitise(text),
            Friction::Press | Friction::Confirm | Friction::Notes => String::new(),
        },
        others: words::needed_of_others(&approval),
        missing: step_up.as_ref().and_then(StepUp::hindrance),
        step_up,
        error: refused.map(|(_, error)| Phrase::ticked(&sentence(&error.detail))),
        notes: written("notes"),
        typed: written("typed"),
    })
}

fn form_page(viewer: &Viewer, approval: &Approval, form: &Form, error: Option<&Error>) -> Page {
    let tool = tool(&viewer.person.snapshot, approval.proposal());
    let field = |leaf: &Leaf| {
        let written = form.under(FIELD).find(|(path, _)| *path == leaf.path);
        Field::of(leaf, written.map(|(_, text)| text), schema_of(tool, &leaf.path))
    };
    let mut response = page(&EditPage {
        frame: Frame::new(viewer, Section::Inbox, "Approve with edits"),
        id: approval.id.to_string(),
        headline: Phrase::headline(&approval.headline()),
        fields: editable(approval).iter().map(field).collect(),
        error: error.map(|error| Phrase::ticked(&sentence(&error.detail))),
    })?;
    if error.is_some() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// What was changed in the form, with the types that were there.
fn changes(approval: &Approval, form: &Form) -> Result<Object, Error> {
    let known = editable(approval);
    let mut edits = Object::new();
    for (path, text) in form.under(FIELD) {
        let Some(leaf) = known.iter().find(|leaf| leaf.path == path) else { continue };
        if leaf.text() == text {
            continue;
        }
        let value = match &leaf.value {
            Value::String(_) => Value::from(text),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => typed(path, text.trim())?,
        };
        edits.insert(path.to_owned(), value);
    }
    if edits.is_empty() {
        return Err(Error::new(Code::EditRefused, "nothing is changed yet"));
    }
    Ok(edits)
}

fn typed(path: &str, text: &str) -> Result<Value, Error> {
    json::read(text.as_bytes()).map_err(|error| {
        let detail = format!("`{}` cannot be read as a value: {error}", sanitise(text));
        Error::invalid(path, detail)
    })
}

/// The edits that a confirmed form carries; `None` where it carries none.
pub(super) fn edits_of(form: &Form) -> Result<Option<Object>, Error> {
    let mut edits = Object::new();
    for (path, text) in form.under(FIELD) {
        edits.insert(path.to_owned(), typed(path, text)?);
    }
    Ok((!edits.is_empty()).then_some(edits))
}
