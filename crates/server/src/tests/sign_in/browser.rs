//! A browser without scripts: cookies, and the field that forms carry.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use tower::ServiceExt as _;
use url::form_urlencoded;

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
    pub(crate) address: SocketAddr,
}

/// What a browser got.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        let address = "203.0.113.9:40000".parse().unwrap();
        Self { router, cookies: BTreeMap::new(), csrf: String::new(), address }
    }

    /// Opens a page.
    pub(crate) async fn get(&mut self, path: &str) -> Seen {
        self.sends("GET", path, &[("accept", "text/html")], String::new()).await
    }

    /// Sends a form of the page that was seen last.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let csrf = self.csrf.clone();
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &csrf).extend_pairs(fields);
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "http://countersign.test"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.sends("POST", path, &headers, form.finish()).await
    }

    /// Opens a stream.
    pub(crate) async fn streams(&self, path: &str) -> axum::body::BodyDataStream {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = Request::builder().uri(path).header("host", "countersign.test");
        let request = request.header("cookie", cookies.join("; ")).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.into_body().into_data_stream()
    }

    /// Sends anything; `host` among the headers replaces the usual one.
    pub(crate) async fn sends(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Seen {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "countersign.test");
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let seen = Seen { status, headers, body: String::from_utf8(bytes.to_vec()).unwrap() };
        self.keeps(&seen);
        seen
    }

    fn keeps(&mut self, seen: &Seen) {
        for line in seen.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(csrf) = seen.field("csrf") {
            self.csrf = csrf;
        }
    }
}

impl Seen {
    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// A header; empty without it.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What a hidden field of the page holds.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start)?;
        Some(rest.split('"').next()?.to_owned())
    }
}
