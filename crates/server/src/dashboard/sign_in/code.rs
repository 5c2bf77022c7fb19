//! The code after the password.

use askama::Template;
use axum::extract::State;
use countersign_wire::Code;

use super::signed_in;
use crate::dashboard::layout::{Form, Page, Sent, page_as};
use crate::dashboard::page::failed;
use crate::dashboard::session::{Visitor, local};
use crate::http::Shared;

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage<'a> {
    csrf: &'a str,
    ticket: &'a str,
    next: &'a str,
    sent: Sent,
}

/// The page that asks for the code.
pub(super) fn show(visitor: &Visitor, (ticket, next): (&str, &str), sent: Sent) -> Page {
    page_as(sent.status(), &CodePage { csrf: &visitor.csrf, ticket, next, sent })
}

pub(super) async fn enter(visitor: Visitor, State(surface): State<Shared>, form: Form) -> Page {
    let text = |name| form.text(name).unwrap_or_default();
    let next = local(form.text("next"));
    match surface.app.enter_code((text("ticket"), text("code")), &visitor.device).await {
        Ok(new) => Ok(signed_in(&surface, &new, &next)),
        Err(error) if matches!(error.code, Code::SignInRefused | Code::RateLimited) => {
            show(&visitor, (text("ticket"), &next), Sent::refused("code", &form, error.into())?)
        }
        // Whoever has no time left for the code begins anew.
        Err(error) => Ok(failed(&error)),
    }
}
