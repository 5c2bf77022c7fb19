//! An invitation. Opening it shows a button; only the button accepts it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::ended::{Kind, ended};
use super::{signed_in, with_cookie};
use crate::app::MadeLink;
use crate::dashboard::page::page;
use crate::dashboard::session::Visitor;
use crate::http::Shared;

#[derive(Template)]
#[template(path = "sign_in/invitation.html")]
struct InvitationPage<'a> {
    csrf: &'a str,
    email: &'a str,
    role: &'a str,
}

/// The address of an invitation.
pub(crate) fn invitation(base_url: &str, made: &MadeLink) -> String {
    format!("{base_url}/invitation/{}", made.secret.reveal())
}

pub(super) async fn show(
    visitor: Visitor,
    Path(secret): Path<String>,
    State(surface): State<Shared>,
) -> Response {
    match surface.app.see_invitation(&secret).await {
        Ok(invited) => {
            let (email, role) = (invited.email.as_str(), invited.role.to_string());
            let shown = InvitationPage { csrf: &visitor.csrf, email, role: &role };
            with_cookie(&surface, &visitor, page(StatusCode::OK, &shown))
        }
        Err(error) => ended(&surface, (Kind::Invitation, &secret), &error).await,
    }
}

pub(super) async fn accept(
    visitor: Visitor,
    Path(secret): Path<String>,
    State(surface): State<Shared>,
) -> Response {
    match surface.app.accept_invitation(&secret, &visitor.device).await {
        Ok(new) => signed_in(&surface, &new, "/account/password"),
        Err(error) => ended(&surface, (Kind::Invitation, &secret), &error).await,
    }
}
