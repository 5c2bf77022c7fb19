//! What stands before every page: only known hosts are answered, only the pages' own forms change anything,
//! and every answer carries strict headers.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::{Host, Url, form_urlencoded};

use super::cookies::{self, Kind};
use super::once::{self, SentForms};
use super::page::refused;
use super::session::elsewhere;
use crate::http::{Failure, Shared, Surface, gather};

/// The name of the field that every form carries.
pub(crate) const FIELD: &str = "csrf";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    require-trusted-types-for 'script'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Lets through what may pass, and puts the headers on every answer. A page that says nothing else is not
/// kept by any cache.
pub(crate) async fn guard(
    State((surface, sent)): State<(Shared, Arc<SentForms>)>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match admit(&surface, &sent, request).await {
        Ok((request, None)) => next.run(request).await,
        Ok((request, Some(mark))) => {
            let response = next.run(request).await;
            if response.status().as_u16() >= 400 {
                sent.forget(&mark);
            }
            response
        }
        Err(refusal) => *refusal,
    };
    secure(&mut response);
    response
}

/// Puts the headers of every page on an answer.
pub(crate) fn secure(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let private = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(private);
}

/// The request, and the mark of its form if that is to be sent only once.
async fn admit(
    surface: &Surface,
    sent: &SentForms,
    request: Request,
) -> Result<(Request, Option<String>), Box<Response>> {
    let (parts, body) = request.into_parts();
    let Some(host) = known_host(surface, &parts.headers) else {
        let next = "Open it under the address that the server was started with. To reach it under another \
                    name, start it with --public-url.";
        let status = StatusCode::MISDIRECTED_REQUEST;
        return Err(Box::new(refused(status, "This server does not go by that name", next)));
    };
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok((Request::from_parts(parts, body), None));
    }
    if !from_own_page(surface, &parts.headers, &host) {
        let next = "Nothing was changed. Open the page here and use its own button.";
        let what = "This did not come from a page of this server";
        return Err(Box::new(refused(StatusCode::FORBIDDEN, what, next)));
    }
    let failed = |error| Box::new(Failure(error).into_response());
    let bytes = gather(body).await.map_err(failed)?;
    let field = |wanted: &str| {
        form_urlencoded::parse(&bytes).find(|(name, _)| name == wanted).map(|(_, value)| value)
    };
    let is_form = is_form(&parts.headers);
    if is_form && is_signed_out(surface, &parts) {
        return Err(Box::new(elsewhere(&parts)));
    }
    if !is_form || !cookies::fits(&parts.headers, surface, &field(FIELD).unwrap_or_default()) {
        let next = "Nothing was changed. Go back, load the page again, and try once more. Cookies have to \
                    be allowed here.";
        let what = "This form is out of date";
        return Err(Box::new(refused(StatusCode::FORBIDDEN, what, next)));
    }
    let mark = field(once::FIELD).map(String::from);
    if mark.as_deref().is_some_and(|mark| !sent.is_first(mark)) {
        let next = "Nothing was made or sent again. A secret is shown only once: if it is lost, revoke it and make \
                    another one.";
        let what = "This form was sent already";
        return Err(Box::new(refused(StatusCode::CONFLICT, what, next)));
    }
    Ok((Request::from_parts(parts, Body::from(bytes)), mark))
}

/// The host and port that was asked for, if the server goes by that host. A name that someone else lets
/// lead to this machine is not one.
fn known_host(surface: &Surface, headers: &HeaderMap) -> Option<String> {
    let asked = headers.get(header::HOST)?.to_str().ok()?.to_ascii_lowercase();
    let url = Url::parse(&format!("http://{asked}/")).ok()?;
    let authority = url.username().is_empty() && url.path() == "/" && url.query().is_none();
    let known = match url.host()? {
        Host::Domain("localhost") => true,
        Host::Ipv4(ip) if ip.is_loopback() => true,
        Host::Ipv6(ip) if ip.is_loopback() => true,
        host => Url::parse(&surface.base_url).ok()?.host() == Some(host),
    };
    (known && authority).then_some(asked)
}

/// Whether the browser says that the form stood on a page of ours. Every browser of today says one of both;
/// who says neither is none.
fn from_own_page(surface: &Surface, headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = text("sec-fetch-site");
    let origin = text("origin");
    let own = |origin: &str| {
        let public = Url::parse(&surface.base_url).is_ok_and(|url| {
            let same = Url::parse(origin).is_ok_and(|from| from.origin() == url.origin());
            same && url.origin().is_tuple()
        });
        public || origin == format!("http://{host}")
    };
    (site.is_some() || origin.is_some())
        && site.is_none_or(|site| site == "same-origin")
        && origin.is_none_or(own)
}

/// Whether a form of a page for people came without a session: it ended while they were writing.
fn is_signed_out(surface: &Surface, parts: &Parts) -> bool {
    let path = parts.uri.path();
    let open = ["/sign-in", "/invitation", "/login"].iter().any(|start| path.starts_with(start));
    !open && cookies::read(&parts.headers, surface, Kind::Session).is_none()
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    essence.is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}
