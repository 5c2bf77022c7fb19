//! Comments on tasks.

use axum::Json;
use axum::extract::State;
use countersign_wire::comments::{CommentRequest, MessageView};
use countersign_wire::{List, Problem};

use crate::http::{Anyone, NamedPath, Reply, Sent, Shared};

/// The comments on a task, oldest first.
#[utoipa::path(
    get, path = "/tasks/{id}/comments", tag = "tasks",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = List<MessageView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn comments(
    State(surface): State<Shared>,
    Anyone(caller): Anyone,
    NamedPath(task): NamedPath,
) -> Reply<List<MessageView>> {
    let comments = surface.app.task_comments(&caller, &task).await?;
    Ok(Json(List::whole(comments.iter().map(MessageView::from).collect())))
}

/// Remarks on a task.
#[utoipa::path(
    post, path = "/tasks/{id}/comments", tag = "tasks",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CommentRequest,
    responses((status = 200, body = MessageView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn comment(
    State(surface): State<Shared>,
    Anyone(caller): Anyone,
    NamedPath(task): NamedPath,
    sent: Sent<CommentRequest>,
) -> Reply<MessageView> {
    let body = &sent.body.body;
    let message =
        surface.app.comment_on_task(&caller, &task, body, sent.idempotency.as_ref()).await?;
    Ok(Json(MessageView::from(&message)))
}
