//! Capability tokens: minted and revoked by admins. Narrowing one needs no server.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_domain::identity::TokenLimits;
use countersign_domain::time;
use countersign_wire::tokens::{RevocationRequest, RevocationView, TokenRequest, TokenView};
use countersign_wire::{List, Problem};

use super::fields;
use crate::app::{Error, NewToken, RevokeWhat};
use crate::http::{Failure, Person, Reply, Sent, Shared};

/// Every minted capability token, the revoked ones included; never a token itself.
#[utoipa::path(
    get, path = "/tokens", tag = "tokens", params(("org" = String, Path)),
    responses((status = 200, body = List<TokenView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn list(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<TokenView>> {
    let tokens = surface.app.tokens(&person)?;
    Ok(Json(List::whole(tokens.iter().map(TokenView::from).collect())))
}

/// Mints a capability token for an agent; it is shown this once.
#[utoipa::path(
    post, path = "/tokens", tag = "tokens",
    params(("org" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = TokenRequest,
    responses((status = 201, body = TokenView), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn mint(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<TokenRequest>,
) -> Result<(StatusCode, Json<TokenView>), Failure> {
    let body = sent.body;
    let length = fields::length("$.expires_in", Some(&body.expires_in))?;
    let parsed = |text: &String| fields::parsed("$.actions", text);
    let limits = TokenLimits {
        actions: body.actions.iter().map(parsed).collect::<Result<_, _>>()?,
        amount: body.amount,
        task: fields::short("$.task", body.task, 200)?,
        expires_at: length.map(|length| time::after(surface.app.now(), length)),
    };
    let wanted = NewToken { agent: body.agent, name: body.name, limits };
    let (key, token) = surface.app.mint_token(&person, &wanted, sent.idempotency.as_ref()).await?;
    let view = TokenView { token: Some(token), ..TokenView::from(&key) };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Every revoked block of capability tokens.
#[utoipa::path(
    get, path = "/tokens/revocations", tag = "tokens", params(("org" = String, Path)),
    responses((status = 200, body = List<RevocationView>), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn revocations(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Reply<List<RevocationView>> {
    let revocations = surface.app.revocations(&person)?;
    Ok(Json(List::whole(revocations.iter().map(RevocationView::from).collect())))
}

/// Makes a minted token, or one block of a token, worth nothing at once, with all that was made of it.
#[utoipa::path(
    post, path = "/tokens/revocations", tag = "tokens", params(("org" = String, Path)),
    request_body = RevocationRequest,
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(super) async fn revoke(
    State(surface): State<Shared>,
    Person(person): Person,
    sent: Sent<RevocationRequest>,
) -> Result<StatusCode, Failure> {
    let what = what(&sent.body)?;
    surface.app.revoke_token(&person, what, &sent.body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn what(body: &RevocationRequest) -> Result<RevokeWhat, Error> {
    match (&body.token_id, &body.revocation_id) {
        (Some(id), None) => Ok(RevokeWhat::Token(fields::parsed("$.token_id", id)?)),
        (None, Some(id)) => Ok(RevokeWhat::Block(fields::parsed("$.revocation_id", id)?)),
        _ => Err(Error::invalid("$", "name either `token_id` or `revocation_id`")),
    }
}
