//! `POST /policies/replay`: what recorded checks would come to under changed documents.

use axum::Json;
use axum::extract::State;
use countersign_wire::policies::{ReplayRequest, ReplayView, SuggestionView};
use countersign_wire::{List, Problem};

use super::{files, leave};
use crate::api::fields;
use crate::app::Error;
use crate::http::{Person, Reply, Sent, Shared};

/// What the answers of the last 90 days suggest: rules and grants, each with its evidence. Changes nothing.
#[utoipa::path(
    get, path = "/policies/suggestions", tag = "policies", params(("org" = String, Path)),
    responses((status = 200, body = List<SuggestionView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn suggestions(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<SuggestionView>> {
    let found = surface.app.suggest_policies(&person).await?;
    Ok(Json(List::whole(found.into_iter().map(SuggestionView::from).collect())))
}

/// Judges the recorded checks by files together with what is in force, and says what would have been different.
/// Changes nothing.
#[utoipa::path(
    post, path = "/policies/replay", tag = "policies", params(("org" = String, Path)),
    request_body = ReplayRequest,
    responses((status = 200, body = ReplayView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn replay(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<ReplayRequest>,
) -> Reply<ReplayView> {
    let ReplayRequest { files: sent, prune, since } = sent.body;
    let length = fields::length("$.since", Some(&since))?.unwrap_or_default();
    let since = surface.app.now().checked_sub(length);
    let since = since.map_err(|_| Error::invalid("$.since", "that is too long ago"))?;
    let how = (leave(prune), since);
    let report = surface.app.replay_policies(&person, &files(sent), how).await?;
    Ok(Json(ReplayView::from(report)))
}
