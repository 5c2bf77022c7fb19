//! `POST /approvals`: asking for a person on one's own initiative.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use countersign_wire::Problem;
use countersign_wire::approvals::{ApprovalView, AskRequest, Viewer};

use super::fields;
use crate::app::{Ask, Error, IdempotencyKey};
use crate::http::{Failure, Holding, Sent, Shared};

/// Asks for a person, whatever policy says. Always opens a new approval, unless the idempotency key is known.
#[utoipa::path(
    post, path = "/approvals", tag = "approvals",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = AskRequest,
    responses((status = 201, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn ask(
    State(surface): State<Shared>,
    Holding(asker): Holding,
    sent: Sent<AskRequest>,
) -> Result<Response, Failure> {
    let agent = asker.agent(sent.body.agent_id.as_deref())?;
    let ask = parse(sent.body, sent.idempotency)?;
    let approval = surface.app.ask(&asker, &agent, &ask).await?;
    let view = ApprovalView::of(&approval, Viewer::Requester, &surface.base_url);
    let place = format!("/api/v1/orgs/{}/approvals/{}", asker.org(), approval.id);
    let mut response = (StatusCode::CREATED, Json(view)).into_response();
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

fn parse(body: AskRequest, idempotency: Option<IdempotencyKey>) -> Result<Ask, Error> {
    Ok(Ask {
        action: fields::parsed("$.action", &body.action)?,
        summary: fields::short("$.summary", body.summary, 300)?,
        reasoning: fields::short("$.reasoning", body.reasoning, 20_000)?,
        cost: fields::cost(body.cost)?,
        side_effects: body.side_effects,
        if_denied: fields::short("$.if_denied", body.if_denied, 2_000)?,
        risk: body.risk,
        known_risk: None,
        tool: fields::tool(body.tool)?,
        params: body.params,
        context: body.context,
        task_id: fields::short("$.task_id", body.task_id, 200)?,
        on_behalf_of: fields::optional("$.on_behalf_of", body.on_behalf_of.as_deref())?,
        links: fields::links(body.links)?,
        responses: body.responses,
        expires_in: fields::length("$.expires_in", body.expires_in.as_deref())?,
        idempotency,
        external: None,
    })
}
