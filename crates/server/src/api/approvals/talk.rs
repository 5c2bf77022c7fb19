//! The agent answers questions and withdraws requests; everyone comments.

use axum::extract::State;
use countersign_wire::Problem;
use countersign_wire::approvals::{AnswerRequest, ApprovalView, CancelRequest};
use countersign_wire::comments::CommentRequest;

use super::{to_person, to_requester};
use crate::app::OnTheLine;
use crate::http::{AnyHolder, Anyone, ApprovalPath, Holding, Reply, Sent, Shared};

/// The agent answers the open question.
#[utoipa::path(
    post, path = "/approvals/{id}/answer", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = AnswerRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn answer(
    State(surface): State<Shared>,
    Holding(asker): Holding,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<AnswerRequest>,
) -> Reply<ApprovalView> {
    let approval =
        surface.app.reply(&asker, id, &sent.body.answer, sent.idempotency.as_ref()).await?;
    Ok(to_requester(&approval, &surface))
}

/// The agent, or an admin, withdraws it.
#[utoipa::path(
    post, path = "/approvals/{id}/cancel", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CancelRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn cancel(
    State(surface): State<Shared>,
    AnyHolder(caller): AnyHolder,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<CancelRequest>,
) -> Reply<ApprovalView> {
    let reason = sent.body.reason.as_deref();
    let approval = surface.app.cancel(&caller, id, reason, sent.idempotency.as_ref()).await?;
    match caller {
        OnTheLine::Asker(_) => Ok(to_requester(&approval, &surface)),
        OnTheLine::Person(_) => to_person(&approval, &surface).await,
    }
}

/// Whoever can see it remarks.
#[utoipa::path(
    post, path = "/approvals/{id}/comments", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CommentRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn comment(
    State(surface): State<Shared>,
    Anyone(caller): Anyone,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<CommentRequest>,
) -> Reply<ApprovalView> {
    let approval =
        surface.app.comment(&caller, id, &sent.body.body, sent.idempotency.as_ref()).await?;
    match caller {
        OnTheLine::Asker(_) => Ok(to_requester(&approval, &surface)),
        OnTheLine::Person(_) => to_person(&approval, &surface).await,
    }
}
