//! The two cookies: one of a session, one of a browser that is not signed in, which its forms are bound to.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use countersign_domain::identity::KeyHash;
use sha2::{Digest as _, Sha256};

use crate::http::Surface;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The token of a session.
    Session,
    /// A random value of a browser that is not signed in.
    Visit,
}

impl Kind {
    /// Over HTTPS the prefix keeps other hosts of the same domain from setting it.
    const fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-countersign",
            (Self::Session, false) => "countersign",
            (Self::Visit, true) => "__Host-countersign-visit",
            (Self::Visit, false) => "countersign-visit",
        }
    }
}

/// What a browser sent of a cookie.
pub(crate) fn read(headers: &HeaderMap, surface: &Surface, kind: Kind) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let name = kind.name(surface.is_https());
    lines
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// The header that lets a browser keep a value until it is closed or the server forgets it.
pub(crate) fn set(surface: &Surface, kind: Kind, value: &str) -> Option<HeaderValue> {
    cookie(surface, kind, value).build().to_string().parse().ok()
}

/// The header that lets a browser forget a cookie.
pub(crate) fn forget(surface: &Surface, kind: Kind) -> Option<HeaderValue> {
    let cookie = cookie(surface, kind, "").max_age(cookie::time::Duration::ZERO);
    cookie.build().to_string().parse().ok()
}

fn cookie<'a>(surface: &Surface, kind: Kind, value: &'a str) -> cookie::CookieBuilder<'a> {
    let https = surface.is_https();
    Cookie::build((kind.name(https), value))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https)
        .path("/")
}

/// What stands in the forms of whoever holds this cookie: it tells nothing about the cookie itself.
pub(crate) fn csrf(cookie: &str) -> String {
    let hash = Sha256::new().chain_update("countersign csrf\n").chain_update(cookie).finalize();
    URL_SAFE_NO_PAD.encode(hash)
}

/// Whether a form belongs to one of the cookies. Hashes are compared, so that the time it takes tells
/// nothing of what would have been right.
pub(crate) fn fits(headers: &HeaderMap, surface: &Surface, field: &str) -> bool {
    let field = KeyHash::of(field);
    [Kind::Session, Kind::Visit].into_iter().any(|kind| {
        read(headers, surface, kind).is_some_and(|cookie| KeyHash::of(&csrf(&cookie)) == field)
    })
}
