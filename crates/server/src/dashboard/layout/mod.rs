//! What all pages share: the frame around them, their parts, their forms, their files, and how errors look.

mod assets;
mod failure;
mod form;
mod frame;
mod frozen;
mod parts;
mod phrase;
mod sent;

pub(crate) use assets::BASE;
pub(in crate::dashboard) use assets::router;
pub(crate) use failure::{advice, as_page, coded, said, sentence};
pub(crate) use form::{Asked, Form};
pub(crate) use frame::{Frame, Section};
pub(crate) use frozen::Frozen;
pub(crate) use parts::{Icon, Moment, Text, grouped, number};
pub(crate) use phrase::Phrase;
pub(crate) use sent::{Part, Sent, Wrong};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use countersign_wire::Code;

use crate::app::Error;
use crate::http::Failure;

/// What a handler of a page answers.
pub(crate) type Page = Result<Response, Failure>;

/// A page, rendered.
pub(crate) fn page(template: &impl Template) -> Page {
    let broken = |error| {
        tracing::error!(%error, "a page could not be rendered");
        Error::new(Code::Internal, "the page could not be rendered")
    };
    Ok(Html(template.render().map_err(broken)?).into_response())
}

/// A page with another status than success: something was refused, and the page keeps what was sent.
pub(crate) fn page_as(status: StatusCode, template: &impl Template) -> Page {
    let mut answer = page(template)?;
    *answer.status_mut() = status;
    Ok(answer)
}

/// A text as part of a path or of the query of an address.
pub(crate) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// To another page, after something was done.
#[expect(clippy::unnecessary_wraps, reason = "it ends handlers, which can fail")]
pub(crate) fn go(address: &str) -> Page {
    Ok(axum::response::Redirect::to(address).into_response())
}
