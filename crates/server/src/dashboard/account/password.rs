//! Setting a password, and changing it.

use askama::Template;
use axum::extract::State;

use super::frame;
use crate::app::PasswordState;
use crate::dashboard::layout::{Form, Frame, Page, Sent, go, page_as};
use crate::dashboard::session::Viewer;
use crate::http::{Shared, Surface};

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage<'a> {
    frame: Frame,
    email: &'a str,
    /// Whether there is one already.
    is_set: bool,
    /// Whether it has to be told before another is set.
    tell: bool,
    sent: Sent,
}

pub(super) async fn show(viewer: Viewer, State(surface): State<Shared>) -> Page {
    shown(&surface, &viewer, Sent::default()).await
}

pub(super) async fn set(viewer: Viewer, State(surface): State<Shared>, form: Form) -> Page {
    let whose = (&viewer.person, &viewer.session);
    // A password is taken as it was typed, also where it is of blanks only.
    let text = |name| form.all(name).next().unwrap_or_default();
    match surface.app.set_password(whose, text("current"), text("password")).await {
        Ok(()) => go("/account"),
        Err(error) => {
            shown(&surface, &viewer, Sent::refused("password", &form, error.into())?).await
        }
    }
}

async fn shown(surface: &Surface, viewer: &Viewer, sent: Sent) -> Page {
    let state = surface.app.password_state(&viewer.person).await?;
    let tell = surface.app.must_tell_password(&viewer.person, &viewer.session).await?;
    let is_set = matches!(state, PasswordState::Set { .. });
    let frame = frame(viewer, if is_set { "Change the password" } else { "Set a password" });
    let email = viewer.person.person.email.as_str();
    page_as(sent.status(), &PasswordPage { frame, email, is_set, tell, sent })
}
