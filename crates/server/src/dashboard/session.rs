//! Who looks at a page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use countersign_domain::SessionId;
use countersign_domain::identity::sign_in::Session;
use countersign_wire::Code;
use url::{Url, form_urlencoded};

use super::cookies::{self, Kind};
use super::page;
use crate::app::{Device, OnTheLine, SignedIn};
use crate::http::{Failure, Shared, device};

/// A person who is signed in. Whoever is not is sent to sign in, and then back to this page.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    /// The person, as use cases take them.
    pub(crate) person: SignedIn,
    /// The session; its id is not secret.
    pub(crate) session: Session,
    /// What every form on the page carries as the field `csrf`.
    pub(crate) csrf: String,
    /// What those forms of the page carry as the field `once` that make something each time.
    pub(crate) once: String,
}

impl Viewer {
    /// The id of the session.
    pub(crate) const fn session_id(&self) -> SessionId {
        self.session.id
    }
}

impl FromRequestParts<Shared> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Response> {
        let device = device(parts, surface);
        let Some(token) = cookies::read(&parts.headers, surface, Kind::Session) else {
            return Err(elsewhere(parts));
        };
        match surface.app.session(&token, &device).await {
            Ok((person, session)) => {
                let on_the_line = OnTheLine::Person(person.clone());
                surface.limits.admit(&on_the_line).map_err(|e| Failure(e).into_response())?;
                Ok(Self { person, session, csrf: cookies::csrf(&token), once: surface.app.visit() })
            }
            Err(error) if error.code == Code::Unauthenticated => Err(elsewhere(parts)),
            Err(error) => Err(page::failed(&error)),
        }
    }
}

/// Sends a person to sign in; tells a script that nobody is.
pub(crate) fn elsewhere(parts: &Parts) -> Response {
    if !is_navigation(&parts.headers) {
        let error = crate::app::Error::new(Code::Unauthenticated, "nobody is signed in here");
        return Failure(error).into_response();
    }
    let asked = parts.uri.path_and_query().map(ToString::to_string);
    let back = match parts.method {
        Method::GET | Method::HEAD => asked,
        _ => referer(&parts.headers),
    };
    let next = local(back.as_deref());
    let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    Redirect::to(&format!("/sign-in?next={query}")).into_response()
}

fn is_navigation(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => text("accept").is_some_and(|kinds| kinds.contains("text/html")),
    }
}

/// The path of the page that a form stood on.
fn referer(headers: &HeaderMap) -> Option<String> {
    let url = headers.get(header::REFERER)?.to_str().ok()?;
    let url = Url::parse(url).ok()?;
    Some(url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

/// A path of this server to go to, or the start: never another host, in whatever way it is written.
pub(crate) fn local(wanted: Option<&str>) -> String {
    const HERE: &str = "http://here.invalid";
    let start = || "/".to_owned();
    let Some(wanted) = wanted.filter(|text| text.starts_with('/') && !text.contains('\\')) else {
        return start();
    };
    let Ok(here) = Url::parse(HERE) else { return start() };
    match here.join(wanted) {
        Ok(url) if url.origin() == here.origin() => {
            let path = &url[url::Position::BeforePath..];
            // What begins with two slashes would be read as a host.
            if path.starts_with("//") { start() } else { path.to_owned() }
        }
        Ok(_) | Err(_) => start(),
    }
}

/// Whoever looks at a page that is open to all.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Where they are.
    pub(crate) device: Device,
    /// What every form on the page carries as the field `csrf`.
    pub(crate) csrf: String,
    /// The value of the cookie that the forms are bound to, if the browser has to be given it.
    pub(crate) fresh: Option<String>,
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        surface: &Shared,
    ) -> Result<Self, Self::Rejection> {
        let device = device(parts, surface);
        surface.limits.admit_visitor(&device).map_err(|error| page::failed(&error))?;
        let read = |kind| cookies::read(&parts.headers, surface, kind);
        let held = read(Kind::Session).or_else(|| read(Kind::Visit));
        let fresh = held.is_none().then(|| surface.app.visit());
        let cookie = held.or_else(|| fresh.clone()).unwrap_or_default();
        Ok(Self { device, csrf: cookies::csrf(&cookie), fresh })
    }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_paths_of_this_server_are_gone_to() {
        for path in ["/", "/approvals/apr_1?tab=2#x", "/a%2Fb", "/sign-in?next=/x"] {
            assert_eq!(local(Some(path)), path);
        }
        for elsewhere in [
            "",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "evil",
            "/\t/evil.example",
            "/\n/evil.example",
            "/.//evil.example",
            "/x/..//evil.example",
            " //evil.example",
        ] {
            let gone = local(Some(elsewhere));
            assert!(gone == "/", "{elsewhere:?} leads to {gone:?}");
        }
        assert_eq!(local(None), "/");
    }
}
