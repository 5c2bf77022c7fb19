//! The one use of an approval.

use axum::Json;
use axum::extract::State;
use countersign_domain::approval::transition::RunEnd;
use countersign_wire::Problem;
use countersign_wire::approvals::{
    ApprovalView, EffectiveView, RedeemRequest, Redeemed, ResolveRequest, ResultRequest,
    ResultStatus, Viewer,
};

use super::{fields, to_person, to_requester};
use crate::http::{ApprovalPath, Holding, Person, Reply, Sent, Shared};

/// Claims the one use, for exactly these parameters.
#[utoipa::path(
    post, path = "/approvals/{id}/redeem", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = RedeemRequest,
    responses((status = 200, body = Redeemed), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn redeem(
    State(surface): State<Shared>,
    Holding(asker): Holding,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<RedeemRequest>,
) -> Reply<Redeemed> {
    let what = (&sent.body.params, sent.body.tool.as_deref());
    let (approval, receipt) =
        surface.app.redeem(&asker, id, what, sent.idempotency.as_ref()).await?;
    let proposal = approval.proposal();
    let effective = EffectiveView {
        action: proposal.action.to_string(),
        tool: proposal.tool.as_ref().map(|tool| tool.name.clone()),
        resource: proposal.resource.clone(),
        params: proposal.params.clone(),
        cost: approval.cost().clone(),
        side_effects: approval.card.side_effects.clone(),
    };
    let view = ApprovalView::of(&approval, Viewer::Requester, &surface.base_url);
    Ok(Json(Redeemed { receipt, effective, approval: view }))
}

/// The agent tells how the run ended.
#[utoipa::path(
    post, path = "/approvals/{id}/result", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ResultRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn result(
    State(surface): State<Shared>,
    Holding(asker): Holding,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<ResultRequest>,
) -> Reply<ApprovalView> {
    let body = sent.body;
    let cost = body.cost.map(|cost| fields::cost(Some(cost))).transpose()?;
    let end = match body.status {
        ResultStatus::Succeeded => RunEnd::Succeeded { result: body.result, cost },
        ResultStatus::Failed => RunEnd::Failed { error: body.error, cost },
    };
    let approval = surface.app.finish(&asker, id, &end, sent.idempotency.as_ref()).await?;
    Ok(to_requester(&approval, &surface))
}

/// A person says what became of a run whose end was not seen.
#[utoipa::path(
    post, path = "/approvals/{id}/resolve", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ResolveRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn resolve(
    State(surface): State<Shared>,
    Person(person): Person,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<ResolveRequest>,
) -> Reply<ApprovalView> {
    let what = (sent.body.resolution, sent.body.notes.as_deref());
    let approval = surface.app.resolve(&person, id, what, sent.idempotency.as_ref()).await?;
    to_person(&approval, &surface).await
}
