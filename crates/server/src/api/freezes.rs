//! Stopping agents and actions, and letting them go on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_wire::freezes::{FreezeQuery, FreezeRequest, FreezeView, Reach};
use countersign_wire::{List, Problem};

use super::fields;
use crate::app::{Error, Stop};
use crate::http::{Failure, Person, Query, Reply, Sent, Shared};

/// What is frozen.
#[utoipa::path(
    get, path = "/freezes", tag = "freezes", params(("org" = String, Path)),
    responses((status = 200, body = List<FreezeView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<FreezeView>> {
    let freezes = surface.app.freezes(&person)?;
    Ok(Json(List::whole(freezes.iter().map(FreezeView::from).collect())))
}

/// Stops everything, one agent, or some actions: once this has answered, nothing of it is allowed or used.
/// For approvers and admins.
#[utoipa::path(
    post, path = "/freezes", tag = "freezes", params(("org" = String, Path)),
    request_body = FreezeRequest,
    responses((status = 201, body = FreezeView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn freeze(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<FreezeRequest>,
) -> Result<(StatusCode, Json<FreezeView>), Failure> {
    let FreezeRequest { scope, name, reason } = sent.body;
    let freeze = surface.app.freeze(&person, stop("$.name", scope, name)?, &reason).await?;
    Ok((StatusCode::CREATED, Json(FreezeView::from(&freeze))))
}

/// Lets go on what was stopped, and keeps the reason, if one is given. For admins.
#[utoipa::path(
    delete, path = "/freezes", tag = "freezes",
    params(("org" = String, Path), ("scope" = String, Query), ("name" = Option<String>, Query), ("reason" = Option<String>, Query)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn unfreeze(
    State(surface): State<Shared>,
    Person(person): Person,
    Query(FreezeQuery { scope, name, reason }): Query<FreezeQuery>,
) -> Result<StatusCode, Failure> {
    surface.app.unfreeze(&person, stop("name", scope, name)?, reason.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn stop(field: &str, scope: Reach, name: Option<String>) -> Result<Stop, Error> {
    match (scope, name) {
        (Reach::All, None) => Ok(Stop::All),
        (Reach::Agent, Some(name)) => Ok(Stop::Agent(name)),
        (Reach::Action, Some(name)) => Ok(Stop::Action(fields::parsed(field, &name)?)),
        (Reach::All, Some(_)) => Err(Error::invalid(field, "`all` has no name")),
        (Reach::Agent, None) => Err(Error::invalid(field, "name the agent")),
        (Reach::Action, None) => {
            Err(Error::invalid(field, "name the actions, for example `stripe.**`"))
        }
    }
}
