//! `POST /approvals/{id}/attest`: an agent reports what a person said elsewhere.

use axum::Json;
use axum::extract::State;
use countersign_domain::approval::Say;
use countersign_wire::Problem;
use countersign_wire::approvals::{AttestRequest, Attested, AttestedDecision};

use crate::app::Attestation;
use crate::http::{ApprovalPath, Asking, Reply, Sent, Shared};

/// Reports what a person said elsewhere. It counts only where the rules that opened the approval permit relayed
/// answers, never for high and critical risk, and never from the agent that asked.
#[utoipa::path(
    post, path = "/approvals/{id}/attest", tag = "approvals",
    params(("org" = String, Path), ("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = AttestRequest,
    responses((status = 200, body = Attested), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn attest(
    State(surface): State<Shared>,
    Asking(asker): Asking,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<AttestRequest>,
) -> Reply<Attested> {
    let body = sent.body;
    let say = match body.decision {
        AttestedDecision::Approve => Say::Approve,
        AttestedDecision::Deny => Say::Deny { reason: body.reason.unwrap_or_default() },
    };
    let attestation = Attestation { say, evidence: body.evidence, person: body.person };
    let key = sent.idempotency.as_ref();
    let approval = surface.app.attest(&asker, id, &attestation, key).await?;
    Ok(Json(Attested::of(&approval)))
}
