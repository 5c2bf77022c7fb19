//! Approving something else than was asked: a form made of the parameters, then both versions side by side.

mod changes;
mod field;
mod lists;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::ApprovalId;
use countersign_domain::approval::{Approval, Edited, Friction, PersonRef};
use countersign_domain::display::sanitise;
use countersign_domain::identity::Right;
use countersign_domain::json::Object;
use countersign_wire::Code;

use super::show::{alike, tool};
use super::step_up::StepUp;
use super::view::card::{Around, Card};
use super::view::decision::OutOfReach;
use super::view::diff::{Line, changed};
use super::view::row::RiskBadge;
use super::view::value::{Fingerprints, Leaf};
use super::view::words;
use changes::{Coming, MORE, can_go, changes, fields_of, goes, missing};
use field::{FIELD, Field, editable, schema_of};

pub(super) use changes::edits_of;

use crate::app::{Error, OnTheLine, Visible};
use crate::dashboard::layout::{
    Form, Frame, Icon, Page, Phrase, Section, Text, page, page_as, said,
};
use crate::dashboard::page::status;
use crate::dashboard::session::Viewer;
use crate::http::{ApprovalPath, Failure, Shared};

#[derive(Template)]
#[template(path = "approvals/edit.html")]
struct EditPage {
    frame: Frame,
    id: String,
    headline: Phrase,
    fields: Vec<Field>,
    /// What may be added, as it was written.
    coming: Vec<Coming>,
    /// The names that the tool knows beyond those that are there.
    missing: Vec<Text>,
    error: Option<Phrase>,
}

impl EditPage {
    /// Whether one begins to write here: at the first field that is wrong, or else the first that is open.
    fn begins_at(&self, field: &Field) -> bool {
        let wrong = self.fields.iter().find(|field| field.wrong.is_some());
        let first = wrong.or_else(|| self.fields.iter().find(|field| !field.fixed));
        first.is_some_and(|first| first.path == field.path)
    }

    /// Whether something was written where parameters are added.
    fn is_adding(&self) -> bool {
        self.coming.iter().any(|one| !one.name.is_empty() || !one.value.is_empty())
    }
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
    /// How the request would stand: all that would run, with what is unusual about it, and what to look at.
    card: Card,
    edits: Vec<(String, String)>,
    /// The same as the fields of the form in which they were written.
    written: Vec<(String, String)>,
    risk: RiskBadge,
    friction: &'static str,
    telltale: String,
    others: Option<String>,
    /// Why nobody can agree to this version, where somebody else has to.
    out_of_reach: Option<OutOfReach>,
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
    if form.text(MORE).is_some() {
        return form_page(&viewer, &approval, &form, None);
    }
    let tool = tool(&viewer.person.snapshot, approval.proposal());
    let edits = match changes(&approval, &form, tool) {
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
    review_page((viewer, surface), previewed, edits, Some(refused)).await
}

async fn review_page(
    (viewer, surface): (&Viewer, &Shared),
    (approval, edited): (Approval, Edited),
    edits: &Object,
    refused: Option<(&Form, &Error)>,
) -> Page {
    let friction = Friction::of(&approval.card, &edited.proposal);
    let step_up = StepUp::of(&surface.app, viewer, &approval).await?;
    let editor = &viewer.person.person;
    let by = PersonRef { id: editor.id, email: editor.email.clone() };
    let would = approval.as_edited(&edited, by, surface.app.now());
    let card = card_of((viewer, surface), &would).await?;
    let others = words::needed_of_others(&approval);
    let short = surface.app.reachable(&would).err().filter(|_| others.is_some());
    let administers = editor.role.may(Right::Administer);
    let written = |name| refused.and_then(|(form, _)| form.owned(name)).unwrap_or_default();
    let shown = ReviewPage {
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
        card,
        edits: edits.iter().map(|(k, v)| (k.clone(), v.to_string())).collect(),
        written: fields_of(&approval, edits),
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
        others,
        out_of_reach: short.map(|short| OutOfReach::of(&would, &short, administers)),
        missing: step_up.as_ref().and_then(StepUp::hindrance),
        step_up,
        error: refused.map(|(_, error)| said(error)),
        notes: written("notes"),
        typed: written("typed"),
    };
    match refused {
        Some((_, error)) => page_as(status(error), &shown),
        None => page(&shown),
    }
}

/// An edited version as the page of a request shows it.
async fn card_of((viewer, surface): (&Viewer, &Shared), would: &Approval) -> Result<Card, Error> {
    let alike = alike(&surface.app, &viewer.person, would).await?;
    let around = Around {
        alike: &alike,
        deciders: &[],
        task: &[],
        tool: tool(&viewer.person.snapshot, would.proposal()),
        fingerprints: Fingerprints(surface.app.fingerprints(), would.org()),
    };
    Ok(Card::of(would, around))
}

fn form_page(viewer: &Viewer, approval: &Approval, form: &Form, error: Option<&Error>) -> Page {
    let tool = tool(&viewer.person.snapshot, approval.proposal());
    let field = |leaf: &Leaf| {
        let written = form.under(FIELD).find(|(path, _)| *path == leaf.path);
        let field = Field::of(leaf, written.map(|(_, text)| text), schema_of(tool, &leaf.path));
        let left_out = can_go(approval, leaf, tool).then(|| goes(form, &leaf.path));
        Field { left_out, ..field.told(error) }
    };
    let shown = EditPage {
        frame: Frame::new(viewer, Section::Inbox, "Approve with edits"),
        id: approval.id.to_string(),
        headline: Phrase::headline(&approval.headline()),
        fields: editable(approval).iter().map(field).collect(),
        coming: Coming::all(form),
        missing: missing(approval, tool),
        error: error.map(said),
    };
    match error {
        Some(_) => page_as(StatusCode::UNPROCESSABLE_ENTITY, &shown),
        None => page(&shown),
    }
}
