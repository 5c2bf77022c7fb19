//! Policy documents: looked at, compared, applied, read.

pub(super) mod replay;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use countersign_domain::display;
use countersign_domain::policy::document::DocumentKind;
use countersign_domain::policy::document::parse::SourceFile;
use countersign_domain::policy::document::plan::Leave;
use countersign_wire::policies::{
    DocumentChange, DocumentView, PolicyChanges, PolicyFile, PolicyFiles, PolicyProblem,
    Validation, kind_named,
};
use countersign_wire::{List, Problem};
use serde::Deserialize;
use similar::TextDiff;
use utoipa::IntoParams;

use crate::app::{Applied, Error};
use crate::http::{DocumentPath, Failure, Person, Query, Reply, Sent, Shared};

/// Says what is wrong with files, as they would be in force together with what is. Changes nothing.
#[utoipa::path(
    post, path = "/policies/validate", tag = "policies", params(("org" = String, Path)),
    request_body = PolicyFiles,
    responses((status = 200, body = Validation), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn validate(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<PolicyFiles>,
) -> Reply<Validation> {
    let problems = surface.app.validate_policies(&person, &files(sent.body.files))?;
    Ok(Json(Validation::of(&problems)))
}

/// Shows what applying files would change. Changes nothing.
#[utoipa::path(
    post, path = "/policies/diff", tag = "policies", params(("org" = String, Path)),
    request_body = PolicyFiles,
    responses((status = 200, body = PolicyChanges), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn diff(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<PolicyFiles>,
) -> Reply<PolicyChanges> {
    let leave = leave(sent.body.prune);
    let applied = surface.app.diff_policies(&person, &files(sent.body.files), leave)?;
    Ok(Json(changes(&applied)))
}

/// Applies files, whole or not at all.
#[utoipa::path(
    post, path = "/policies/apply", tag = "policies", params(("org" = String, Path)),
    request_body = PolicyFiles,
    responses((status = 200, body = PolicyChanges), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn apply(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<PolicyFiles>,
) -> Reply<PolicyChanges> {
    let how = (leave(sent.body.prune), sent.body.expected.as_deref());
    let applied = surface.app.apply_policies(&person, &files(sent.body.files), how).await?;
    Ok(Json(changes(&applied)))
}

/// Which documents to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those of this kind.
    kind: Option<String>,
}

/// The documents in force, by kind and name.
#[utoipa::path(
    get, path = "/policies", tag = "policies", params(("org" = String, Path), Which),
    responses((status = 200, body = List<DocumentView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
    Query(which): Query<Which>,
) -> Reply<List<DocumentView>> {
    let kind = which.kind.as_deref().map(|word| known("kind", word)).transpose()?;
    let documents = surface.app.policies(&person, kind)?;
    Ok(Json(List::whole(documents.iter().map(DocumentView::from).collect())))
}

/// Everything in force as one YAML file, which applies again and changes nothing.
#[utoipa::path(
    get, path = "/policies/export", tag = "policies", params(("org" = String, Path)),
    responses((status = 200, body = String, content_type = "application/yaml"), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn export(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Result<impl IntoResponse, Failure> {
    let text = surface.app.export_policies(&person)?;
    Ok(([(header::CONTENT_TYPE, "application/yaml")], text))
}

/// One document.
#[utoipa::path(
    get, path = "/policies/{kind}/{name}", tag = "policies",
    params(("org" = String, Path), ("kind" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = DocumentView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn show(
    State(surface): State<Shared>,
    Person(person): Person,
    path: DocumentPath,
) -> Reply<DocumentView> {
    let document = surface.app.policy(&person, known("kind", &path.kind)?, &path.name)?;
    Ok(Json(DocumentView::from(&document)))
}

/// Removes one document, unless others need it.
#[utoipa::path(
    delete, path = "/policies/{kind}/{name}", tag = "policies",
    params(("org" = String, Path), ("kind" = String, Path), ("name" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn remove(
    State(surface): State<Shared>,
    Person(person): Person,
    path: DocumentPath,
) -> Result<StatusCode, Failure> {
    surface.app.remove_policy(&person, known("kind", &path.kind)?, &path.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn files(files: Vec<PolicyFile>) -> Vec<SourceFile> {
    files.into_iter().map(SourceFile::from).collect()
}

const fn leave(prune: bool) -> Leave<'static> {
    if prune { Leave::Written } else { Leave::All }
}

fn known(place: &str, word: &str) -> Result<DocumentKind, Error> {
    let refused = || {
        let kinds = DocumentKind::ALL.map(DocumentKind::as_str).join(", ");
        let word = display::sanitise(word);
        Error::invalid(place, format!("`{word}` is not a kind; kinds are {kinds}"))
    };
    kind_named(word).ok_or_else(refused)
}

fn changes(applied: &Applied) -> PolicyChanges {
    let documents = applied.plan.steps.iter().map(|step| {
        let (before, after) = step.texts();
        let diff = TextDiff::from_lines(&before, &after);
        let diff = diff.unified_diff().context_radius(3).to_string();
        DocumentChange::of(step, diff)
    });
    PolicyChanges {
        documents: documents.collect(),
        effects: applied.effects.clone(),
        warnings: applied.plan.warnings.iter().map(PolicyProblem::from).collect(),
        before: applied.before.clone(),
        after: applied.after.clone(),
    }
}
