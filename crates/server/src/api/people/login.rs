//! Signing in a command line through a browser. Nobody has a key yet, so both calls are open to all.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use countersign_wire::people::{
    LoginAnswer, LoginQuestion, LoginRequest, LoginStarted, LoginStatus,
};
use countersign_wire::{Code, Problem};

use crate::app::{Error, Shown};
use crate::http::{Failure, Person, Reply, Sent, Shared, Stranger};

/// How many seconds a machine waits between two questions.
const INTERVAL: u32 = 2;

/// Asks for a code that a person who is signed in lets this machine in by.
#[utoipa::path(
    post, path = "/api/v1/login", tag = "login", request_body = LoginRequest,
    responses((status = 201, body = LoginStarted), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn start(
    State(surface): State<Shared>,
    Stranger(device): Stranger,
    sent: Sent<LoginRequest>,
) -> Result<(StatusCode, Json<LoginStarted>), Failure> {
    surface.limits.admit_start(&device)?;
    let asked = surface.app.machine_asks(&sent.body.machine, &device).await?;
    let started = LoginStarted {
        ticket: asked.ticket.reveal().to_owned(),
        url: format!("{}/login?code={}", surface.base_url, asked.code),
        code: asked.code,
        interval: INTERVAL,
        expires_at: asked.expires_at,
    };
    Ok((StatusCode::CREATED, Json(started)))
}

/// Asks whether a person let this machine in; the token is in the answer, once.
#[utoipa::path(
    post, path = "/api/v1/login/token", tag = "login", request_body = LoginQuestion,
    responses((status = 200, body = LoginAnswer), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn token(
    State(surface): State<Shared>,
    Stranger(device): Stranger,
    sent: Sent<LoginQuestion>,
) -> Reply<LoginAnswer> {
    let answer = match surface.app.machine_token(&sent.body.ticket, &device).await? {
        None => LoginAnswer { status: LoginStatus::Waiting, token: None, key_id: None },
        Some(made) => LoginAnswer {
            status: LoginStatus::Confirmed,
            token: Some(made.secret.reveal().to_owned()),
            key_id: Some(made.made.id.to_string()),
        },
    };
    Ok(Json(answer))
}

/// Revokes the very token that is shown: this command line is signed out.
#[utoipa::path(
    delete, path = "/me/token", tag = "login", params(("org" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json"))
)]
pub(in crate::api) async fn leave(
    State(surface): State<Shared>,
    Person(person): Person,
) -> Result<StatusCode, Failure> {
    let Shown::Key(id) = person.shown else {
        return Err(Error::new(Code::Forbidden, "only a token signs itself out").into());
    };
    surface.app.revoke_personal_token(&person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
