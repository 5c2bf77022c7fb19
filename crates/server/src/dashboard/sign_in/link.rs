//! A link that signs in once. Opening it shows a button; only the button uses it up, so that programs that
//! look behind links in mails leave it as it is.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::ended::{Kind, ended};
use super::{Next, signed_in, with_cookie};
use crate::app::MadeLink;
use crate::dashboard::page::page;
use crate::dashboard::session::{Visitor, local};
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
        Err(error) => ended(&surface, (Kind::SignIn, &secret), &error).await,
    }
}

/// Signs in, and leads to where the link says; by itself to a password, because a link works once.
pub(super) async fn follow(
    visitor: Visitor,
    Path(secret): Path<String>,
    Query(next): Query<Next>,
    State(surface): State<Shared>,
) -> Response {
    let next = next.next.as_deref();
    let next = next.map_or_else(|| "/account/password".to_owned(), |next| local(Some(next)));
    match surface.app.use_link(&secret, &visitor.device).await {
        Ok(new) => signed_in(&surface, &new, &next),
        Err(error) => ended(&surface, (Kind::SignIn, &secret), &error).await,
    }
}
