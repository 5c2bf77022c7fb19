//! A link that signs in once. Opening it shows a button; only the button uses it up, so that programs that
//! look behind links in mails leave it as it is.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{signed_in, with_cookie};
use crate::app::MadeLink;
use crate::dashboard::page::{failed, page};
use crate::dashboard::session::Visitor;
use crate::http::Shared;

#[derive(Template)]
#[template(path = "sign_in/link.html")]
struct Link<'a> {
    csrf: &'a str,
    email: &'a str,
}

/// The address of a link.
pub(crate) fn link(base_url: &str, made: &MadeLink) -> String {
    format!("{base_url}/sign-in/link/{}", made.secret.reveal())
}

pub(super) async fn show(
    visitor: Visitor,
    Path(secret): Path<String>,
    State(surface): State<Shared>,
) -> Response {
    match surface.app.see_link(&secret).await {
        Ok(email) => {
            let link = Link { csrf: &visitor.csrf, email: email.as_str() };
            with_cookie(&surface, &visitor, page(StatusCode::OK, &link))
        }
        Err(error) => failed(&error),
    }
}

pub(super) async fn follow(
    visitor: Visitor,
    Path(secret): Path<String>,
    State(surface): State<Shared>,
) -> Response {
    match surface.app.use_link(&secret, &visitor.device).await {
        Ok(new) => signed_in(&surface, &new, "/account/password"),
        Err(error) => failed(&error),
    }
}
