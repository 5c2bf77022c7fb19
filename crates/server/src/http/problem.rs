//! The one mapping of errors to HTTP (RFC 9457).

use std::any::Any;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use countersign_domain::display;
use countersign_wire::policies::PolicyProblem;
use countersign_wire::{Code, Problem};

use crate::app::Error;

/// An error on its way out.
#[derive(Debug)]
pub struct Failure(pub Error);

/// What a handler answers.
pub type Reply<T> = Result<Json<T>, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        let mut problem = Self::new(error.code, error.detail.clone());
        problem.path.clone_from(&error.path);
        problem.approval_id = error.approval.map(|id| id.to_string());
        problem.retry_after = error.retry_after;
        problem.problems = error.problems.iter().map(PolicyProblem::from).collect();
        problem
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(Problem::from(&self.0))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if shows_no_key(self.0.code) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // Whoever asked for a page gets one made of it.
        response.extensions_mut().insert(self.0);
        response
    }
}

/// Whether another key would help.
const fn shows_no_key(code: Code) -> bool {
    matches!(
        code,
        Code::Unauthenticated | Code::InvalidToken | Code::TokenExpired | Code::TokenRevoked
    )
}

/// Nothing is served at this path.
pub async fn no_such_path(uri: Uri) -> Failure {
    let path = display::sanitise(uri.path());
    let see = if path.starts_with("/api/") { "; see /api/v1/docs" } else { "" };
    Failure(Error::new(Code::NotFound, format!("nothing is served at `{path}`{see}")))
}

/// The path exists, but not for this method.
pub async fn method_not_allowed(uri: Uri) -> Failure {
    let path = display::sanitise(uri.path());
    Failure(Error::new(Code::MethodNotAllowed, format!("`{path}` does not take this method")))
}

/// A handler broke; the caller learns only that.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    tracing::error!(panic = text, "a handler broke");
    Failure(Error::new(Code::Internal, "the server met something it did not expect"))
        .into_response()
}
