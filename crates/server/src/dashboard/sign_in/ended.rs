//! A link that works no more: why, and what to do now.

use askama::Template;
use axum::response::Response;
use countersign_wire::Code;

use crate::app::{Error, LinkEnd};
use crate::dashboard::layout::Moment;
use crate::dashboard::page::{failed, page, status};
use crate::http::Surface;

#[derive(Template)]
#[template(path = "sign_in/ended.html")]
struct Ended {
    title: &'static str,
    what: &'static str,
    at: Option<Moment>,
    /// Whether they came in by it, and can do so again.
    was_used: bool,
    kind: Kind,
}

/// What a link was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It let someone become a person here.
    Invitation,
    /// It signed a person in.
    SignIn,
}

/// The page for a link that was refused.
pub(super) async fn ended(
    surface: &Surface,
    (kind, secret): (Kind, &str),
    error: &Error,
) -> Response {
    if error.code != Code::NotFound {
        return failed(error);
    }
    let end = match surface.app.link_end(secret).await {
        Ok(end) => end,
        Err(error) => return failed(&error),
    };
    let (title, what, at) = match end {
        LinkEnd::Used(at) => ("This link was used", "It works once, and was used", Some(at)),
        LinkEnd::Over(at) => ("The time of this link is over", "It worked until", Some(at)),
        LinkEnd::Withdrawn => {
            let what = "It was withdrawn, or a newer one took its place";
            ("This link works no more", what, None)
        }
        LinkEnd::Unknown => {
            let what =
                "Perhaps it was not copied whole: compare it with the message that it came in";
            ("This link is not known here", what, None)
        }
    };
    let was_used = matches!(end, LinkEnd::Used(_));
    page(status(error), &Ended { title, what, at: at.map(Moment::at), was_used, kind })
}
