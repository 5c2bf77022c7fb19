//! Agents and what they may do.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::ActionPattern;
use countersign_domain::identity::Trust;
use countersign_wire::agents::{AgentPatch, AgentRequest, AgentView, PermissionBody};
use countersign_wire::{List, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::fields;
use crate::app::{AgentChange, NewAgent};
use crate::http::{Failure, NamedPath, Person, Query, Reply, Sent, Shared};

/// Every agent, by name.
#[utoipa::path(
    get, path = "/agents", tag = "agents", params(("org" = String, Path)),
    responses((status = 200, body = List<AgentView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<AgentView>> {
    let agents = surface.app.agents(&person)?;
    Ok(Json(List::whole(agents.iter().map(|agent| AgentView::from(agent.as_ref())).collect())))
}

/// Registers an agent; its key is shown this once.
#[utoipa::path(
    post, path = "/agents", tag = "agents",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = AgentRequest,
    responses((status = 201, body = AgentView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn create(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<AgentRequest>,
) -> Result<(StatusCode, Json<AgentView>), Failure> {
    let new = NewAgent {
        name: sent.body.name,
        version: fields::short("$.version", Some(sent.body.version), 100)?.unwrap_or_default(),
        owner: fields::optional("$.owner", sent.body.owner.as_deref())?,
        trust: sent.body.trust.unwrap_or(Trust::Standard),
    };
    let made = surface.app.create_agent(&person, new, sent.idempotency.as_ref()).await?;
    let key = Some(made.secret.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(AgentView { key, ..AgentView::from(&made.made) })))
}

/// One agent, by id or name.
#[utoipa::path(
    get, path = "/agents/{id}", tag = "agents",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = AgentView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn show(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(agent): NamedPath,
) -> Reply<AgentView> {
    let agent = surface.app.agent(&person, &agent)?;
    Ok(Json(AgentView::from(agent.as_ref())))
}

/// Changes an agent; an inactive one is refused everything, at once.
#[utoipa::path(
    patch, path = "/agents/{id}", tag = "agents",
    params(("org" = String, Path), ("id" = String, Path)),
    request_body = AgentPatch,
    responses((status = 200, body = AgentView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn change(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(agent): NamedPath,
    sent: Sent<AgentPatch>,
) -> Reply<AgentView> {
    let wanted = AgentChange {
        version: fields::short("$.version", sent.body.version, 100)?,
        status: sent.body.status,
        owner: match sent.body.owner {
            Some(owner) => Some(fields::optional("$.owner", owner.as_deref())?),
            None => None,
        },
        trust: sent.body.trust,
    };
    let agent = surface.app.change_agent(&person, &agent, wanted).await?;
    Ok(Json(AgentView::from(&agent)))
}

/// What an agent may do, by pattern.
#[utoipa::path(
    get, path = "/agents/{id}/permissions", tag = "agents",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = List<PermissionBody>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn permissions(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(agent): NamedPath,
) -> Reply<List<PermissionBody>> {
    let permissions = surface.app.permissions(&person, &agent)?;
    Ok(Json(List::whole(permissions.iter().map(PermissionBody::from).collect())))
}

/// Sets what an agent may do under one pattern, in the place of what was set before.
#[utoipa::path(
    put, path = "/agents/{id}/permissions", tag = "agents",
    params(("org" = String, Path), ("id" = String, Path)),
    request_body = PermissionBody,
    responses((status = 200, body = PermissionBody), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn permit(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(agent): NamedPath,
    sent: Sent<PermissionBody>,
) -> Reply<PermissionBody> {
    let pattern: ActionPattern = fields::parsed("$.action", &sent.body.action)?;
    let what = (sent.body.effect, sent.body.max_amount);
    let permission = surface.app.permit(&person, &agent, pattern, what).await?;
    Ok(Json(PermissionBody::from(&permission)))
}

/// Which permission to remove.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Forbid {
    /// The pattern it was set for.
    action: String,
}

/// Removes what was set for one pattern.
#[utoipa::path(
    delete, path = "/agents/{id}/permissions", tag = "agents",
    params(("org" = String, Path), ("id" = String, Path), Forbid),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn forbid(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(agent): NamedPath,
    Query(forbid): Query<Forbid>,
) -> Result<StatusCode, Failure> {
    let pattern: ActionPattern = fields::parsed("action", &forbid.action)?;
    surface.app.forbid(&person, &agent, pattern).await?;
    Ok(StatusCode::NO_CONTENT)
}
