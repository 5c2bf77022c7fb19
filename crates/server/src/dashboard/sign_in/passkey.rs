//! Signing in with a passkey: a script asks for the options, and sends what the authenticator signed as a form.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;

use super::{password, signed_in};
use crate::app::{Ceremony, Error};
use crate::dashboard::page::status;
use crate::dashboard::session::{Visitor, local};
use crate::http::{Failure, Shared};

/// What the script sends.
#[derive(Deserialize)]
pub(super) struct Signed {
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    credential: String,
    next: Option<String>,
}

/// What a script needs to ask an authenticator.
pub(in crate::dashboard) fn asked(ceremony: Result<Ceremony, Error>) -> Response {
    match ceremony {
        Ok(asked) => {
            let ticket = asked.ticket.reveal();
            Json(json!({"ticket": ticket, "options": asked.options})).into_response()
        }
        Err(error) => Failure(error).into_response(),
    }
}

pub(super) async fn options(visitor: Visitor, State(surface): State<Shared>) -> Response {
    match surface.limits.admit_start(&visitor.device) {
        Ok(()) => asked(surface.app.ask_passkey().await),
        Err(error) => asked(Err(error)),
    }
}

pub(super) async fn enter(
    visitor: Visitor,
    State(surface): State<Shared>,
    Form(signed): Form<Signed>,
) -> Response {
    let next = local(signed.next.as_deref());
    match surface.app.enter_passkey((&signed.ticket, &signed.credential), &visitor.device).await {
        Ok(new) => signed_in(&surface, &new, &next),
        Err(error) => {
            let problem = (status(&error), Some(error.detail.as_str()));
            password::start(&surface, &visitor, problem, ("", &next, false))
        }
    }
}
