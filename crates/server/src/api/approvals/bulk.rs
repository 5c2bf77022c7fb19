//! Answering several approvals, exactly those that are listed, one by one.

use axum::Json;
use axum::extract::State;
use countersign_domain::ApprovalId;
use countersign_domain::approval::transition::Remarks;
use countersign_domain::approval::{Risk, Status};
use countersign_wire::Code;
use countersign_wire::Problem;
use countersign_wire::approvals::{
    BulkApproveRequest, BulkDenyRequest, BulkOutcome, BulkResult, BulkSummary,
};

use crate::app::{Answer, Error, IdempotencyKey};
use crate::http::{Person, Reply, Sent, Shared};

/// The most that are answered in one call.
const MOST: usize = 200;

/// Says yes to each of the listed approvals.
#[utoipa::path(
    post, path = "/approvals/bulk-approve", tag = "approvals",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = BulkApproveRequest,
    responses((status = 200, body = BulkOutcome), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn approve(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<BulkApproveRequest>,
) -> Reply<BulkOutcome> {
    let mut results = Vec::new();
    for text in listed(&sent.body.approval_ids)? {
        let answer = answer(sent.body.notes.clone(), sent.idempotency.as_ref(), text);
        let outcome = match id(text) {
            Ok(id) => {
                surface.app.approve(&person, id, &answer, None).await.map(|a| a.state.status())
            }
            Err(error) => Err(error),
        };
        results.push(result(text, outcome));
    }
    let (done, errors) = count(&results);
    let summary = BulkSummary { approved: Some(done), denied: None, errors };
    Ok(Json(BulkOutcome { results, summary }))
}

/// Says no to each of the listed approvals, with one reason.
#[utoipa::path(
    post, path = "/approvals/bulk-deny", tag = "approvals",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = BulkDenyRequest,
    responses((status = 200, body = BulkOutcome), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn deny(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<BulkDenyRequest>,
) -> Reply<BulkOutcome> {
    let reason = &sent.body.reason;
    if countersign_domain::display::is_blank(reason) {
        let missing = Error::new(Code::ReasonRequired, "a reason is required");
        return Err(Error { path: Some("$.reason".into()), ..missing }.into());
    }
    let mut results = Vec::new();
    for text in listed(&sent.body.approval_ids)? {
        let answer = answer(sent.body.notes.clone(), sent.idempotency.as_ref(), text);
        let outcome = match id(text) {
            Ok(id) => {
                surface.app.deny(&person, id, &answer, reason).await.map(|a| a.state.status())
            }
            Err(error) => Err(error),
        };
        results.push(result(text, outcome));
    }
    let (done, errors) = count(&results);
    let summary = BulkSummary { approved: None, denied: Some(done), errors };
    Ok(Json(BulkOutcome { results, summary }))
}

fn listed(ids: &[String]) -> Result<&[String], Error> {
    if (1..=MOST).contains(&ids.len()) {
        return Ok(ids);
    }
    Err(Error::invalid(
        "$.approval_ids",
        format!("list between 1 and {MOST} approvals; these are {}", ids.len()),
    ))
}

fn id(text: &str) -> Result<ApprovalId, Error> {
    text.parse().map_err(|_| Error::not_found("approval", text))
}

fn answer(notes: Option<String>, key: Option<&IdempotencyKey>, id: &str) -> Answer {
    let remarks = Remarks { notes, ..Remarks::default() };
    let idempotency = key.map(|key| key.part(id));
    Answer { remarks, in_bulk: Some(Risk::High), idempotency, ..Answer::default() }
}

fn result(id: &str, outcome: Result<Status, Error>) -> BulkResult {
    let (status, error) = match outcome {
        Ok(status) => (Some(status.to_string()), None),
        Err(error) => (None, Some(Problem::from(&error))),
    };
    BulkResult { approval_id: id.to_owned(), status, error }
}

fn count(results: &[BulkResult]) -> (usize, usize) {
    let errors = results.iter().filter(|r| r.error.is_some()).count();
    (results.len() - errors, errors)
}
