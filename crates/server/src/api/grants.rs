//! Grants: allowing something again, within bounds.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::approval::Approval;
use countersign_wire::grants::{Covered, CoveredExample, GrantPreview, GrantRequest, GrantView};
use countersign_wire::{List, Problem};

use super::fields;
use crate::app::{GrantMade, GrantState, GrantWish, Preview};
use crate::http::{ApprovalPath, Failure, NamedPath, Person, Reply, Sent, Shared};

/// Every grant, with what was used of it.
#[utoipa::path(
    get, path = "/grants", tag = "grants", params(("org" = String, Path)),
    responses((status = 200, body = List<GrantView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<GrantView>> {
    let grants = surface.app.grants(&person).await?;
    Ok(Json(List::whole(grants.into_iter().map(view).collect())))
}

/// Allows the same again, within bounds: this agent, this action, the same parameters with at most this amount,
/// ten times within a week. With `dry_run` only says what that would have covered.
#[utoipa::path(
    post, path = "/approvals/{id}/grant", tag = "grants",
    params(("org" = String, Path), ("id" = String, Path)), request_body = GrantRequest,
    responses((status = 200, body = GrantPreview), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn again(
    State(surface): State<Shared>,
    Person(person): Person,
    ApprovalPath(id): ApprovalPath,
    sent: Sent<GrantRequest>,
) -> Reply<GrantPreview> {
    let GrantRequest { name, uses, usd, expires_in, except, dry_run } = sent.body;
    let wish = GrantWish {
        name: fields::name("$.name", name)?,
        uses,
        usd,
        expires_in: fields::length("$.expires_in", expires_in.as_deref())?,
        except,
    };
    let GrantMade { drafted, preview, made } =
        surface.app.grant_again(&person, id, (&wish, None, dry_run)).await?;
    Ok(Json(GrantPreview {
        made,
        grant: GrantView::from(&drafted.grant),
        left_open: drafted.left_open,
        would_have_covered: covered(&preview),
    }))
}

/// Takes a grant back, at once: also what it has approved and was not used yet.
#[utoipa::path(
    delete, path = "/grants/{id}", tag = "grants",
    params(("org" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn revoke(
    State(surface): State<Shared>,
    Person(person): Person,
    NamedPath(name): NamedPath,
) -> Result<StatusCode, Failure> {
    surface.app.revoke_grant(&person, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(state: GrantState) -> GrantView {
    let GrantState { grant, stored, uses, usd, resets_at, status } = state;
    GrantView {
        uses_used: Some(uses.to_money().to_string()),
        usd_used: Some(usd.to_money().to_string()),
        resets_at,
        status: Some(status),
        by: Some(stored.updated_by.name),
        ..GrantView::from(&grant)
    }
}

fn covered(preview: &Preview) -> Covered {
    let example = |approval: &Approval| CoveredExample {
        approval_id: approval.id.to_string(),
        summary: approval.card.summary.clone(),
        status: approval.state.status().to_string(),
        created_at: approval.card.created_at,
    };
    Covered {
        looked_at: preview.looked_at,
        requests: preview.covered,
        denied: preview.denied,
        usd: preview.usd.to_string(),
        examples: preview.examples.iter().map(example).collect(),
    }
}
