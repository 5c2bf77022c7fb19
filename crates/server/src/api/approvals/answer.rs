//! People answer: approve, deny, ask.

use axum::extract::State;
use countersign_domain::approval::transition::Remarks;
use countersign_domain::identity::sign_in::Hidden;
use countersign_wire::Problem;
use countersign_wire::approvals::{ApprovalView, ApproveRequest, DenyRequest, QuestionRequest};

use super::{fields, to_person};
use crate::app::{Answer, Shows};
use crate::http::{ApprovalPath, Person, Reply, Sent, Shared};

/// Says yes, to what stands or to an edited version of it.
#[utoipa::path(
    post, path = "/approvals/{id}/approve", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ApproveRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn approve(
    State(surface): State<Shared>,
    Person(person): Person,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<ApproveRequest>,
) -> Reply<ApprovalView> {
    let body = sent.body;
    let answer = Answer {
        remarks: Remarks { notes: body.notes, evidence: body.evidence, operator: body.operator },
        seen: fields::optional("$.expected_digest", body.expected_digest.as_deref())?,
        idempotency: sent.idempotency,
        shows: body.code.map(|code| Shows::Code(Hidden::new(code))),
        ..Answer::default()
    };
    let edits = body.edits.filter(|edits| !edits.is_empty());
    let approval = surface.app.approve(&person, id, &answer, edits.as_ref()).await?;
    to_person(&approval, &surface).await
}

/// Says no; one no is final. The agent is told the reason.
#[utoipa::path(
    post, path = "/approvals/{id}/deny", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = DenyRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn deny(
    State(surface): State<Shared>,
    Person(person): Person,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<DenyRequest>,
) -> Reply<ApprovalView> {
    let body = sent.body;
    let answer = Answer {
        remarks: Remarks { notes: body.notes, evidence: body.evidence, operator: body.operator },
        seen: fields::optional("$.expected_digest", body.expected_digest.as_deref())?,
        idempotency: sent.idempotency,
        shows: body.code.map(|code| Shows::Code(Hidden::new(code))),
        ..Answer::default()
    };
    let approval = surface.app.deny(&person, id, &answer, &body.reason).await?;
    to_person(&approval, &surface).await
}

/// Asks the agent something; the approval stays pending.
#[utoipa::path(
    post, path = "/approvals/{id}/ask", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = QuestionRequest,
    responses((status = 200, body = ApprovalView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn question(
    State(surface): State<Shared>,
    Person(person): Person,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<QuestionRequest>,
) -> Reply<ApprovalView> {
    let key = sent.idempotency.as_ref();
    let approval = surface.app.question(&person, id, &sent.body.question, key).await?;
    to_person(&approval, &surface).await
}
