//! An admin invites someone, or lets someone in who cannot sign in any more.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use countersign_domain::identity::{Right, Role};
use serde::Deserialize;

use super::frame;
use super::tokens::Once;
use crate::app::{Error, NewPerson};
use crate::dashboard::layout::Frame;
use crate::dashboard::page::{failed, page};
use crate::dashboard::session::Viewer;
use crate::dashboard::sign_in;
use crate::http::{Shared, Surface};

#[derive(Template)]
#[template(path = "account/invite.html")]
struct Invite {
    frame: Frame,
}

/// Whom, and as what.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    email: String,
    role: Option<Role>,
    #[serde(default)]
    groups: String,
}

pub(super) async fn show(viewer: Viewer) -> Response {
    match viewer.person.must(Right::Administer) {
        Ok(()) => page(StatusCode::OK, &Invite { frame: frame(&viewer, "Invite") }),
        Err(error) => failed(&error),
    }
}

pub(super) async fn invite(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(sent): Form<Sent>,
) -> Response {
    match invited(&surface, &viewer, sent).await {
        Ok(link) => {
            let next =
                "Send it to them by a way that only they read. It works once, for three days.";
            let (frame, what) = (frame(&viewer, "Invite"), "The invitation");
            page(StatusCode::OK, &Once { frame, what, secret: &link, next })
        }
        Err(error) => failed(&error),
    }
}

async fn invited(surface: &Surface, viewer: &Viewer, sent: Sent) -> Result<String, Error> {
    let groups = sent.groups.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty());
    let new = NewPerson {
        email: sent.email.trim().parse().map_err(|error| Error::invalid("email", error))?,
        role: sent.role.ok_or_else(|| Error::invalid("role", "choose a role"))?,
        groups: groups.map(str::to_owned).collect(),
    };
    let made = surface.app.invite(&viewer.person, new).await?;
    Ok(sign_in::invitation(&surface.base_url, &made.link))
}

pub(super) async fn link(
    viewer: Viewer,
    State(surface): State<Shared>,
    Form(sent): Form<Sent>,
) -> Response {
    match surface.app.make_link(&viewer.person, sent.email.trim()).await {
        Ok(made) => {
            let link = sign_in::link(&surface.base_url, &made);
            let next = "Send it to them by a way that only they read. It works once, for a day, and lets \
                        them set a new password.";
            let (frame, what) = (frame(&viewer, "Invite"), "The link");
            page(StatusCode::OK, &Once { frame, what, secret: &link, next })
        }
        Err(error) => failed(&error),
    }
}
