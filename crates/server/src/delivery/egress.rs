//! The only way out: every HTTP request that the server sends goes through here. It follows no redirect,
//! uses no proxy, and has an end in time and in size.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http;
use reqwest::header::HeaderMap;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use url::Url;

use super::guard::{Guard, Network, Refusal};
use super::names::{GuardedNames, Names};

/// How long an idle connection is kept for the next message.
const IDLE: Duration = Duration::from_secs(30);

/// The bounds of one request.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long it may take, the answer included.
    pub time: Duration,
    /// How much of the answer is read, in bytes.
    pub answer: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { time: Duration::from_secs(10), answer: 64 * 1024 }
    }
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// It was not even tried.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It took too long.
    #[error("no answer within {} seconds", .0.as_secs_f32())]
    Late(Duration),
    /// The connection was not made, or broke.
    #[error("{0}")]
    Failed(String),
}

/// An answer, cut where the bounds are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

/// Sends requests to public addresses, and to those that the operator opened.
pub struct Egress {
    guard: Guard,
    names: GuardedNames,
    bounds: Bounds,
    plain: OnceLock<Result<Client, EgressError>>,
    secure: OnceLock<Result<Client, EgressError>>,
}

impl Egress {
    /// For a running server.
    pub fn new(opened: &[Network]) -> Self {
        Self::with(opened, Names::System, Bounds::default())
    }

    /// With another source of names and other bounds.
    pub fn with(opened: &[Network], names: Names, bounds: Bounds) -> Self {
        let guard = Guard::new(opened);
        let names = GuardedNames::new(names, guard.clone());
        Self { guard, names, bounds, plain: OnceLock::new(), secure: OnceLock::new() }
    }

    /// Reads a URL, and refuses one that is never called.
    pub fn check(&self, url: &str) -> Result<Url, Refusal> {
        self.guard.check(url)
    }

    /// Sends a POST and reads the beginning of the answer.
    pub async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: String,
    ) -> Result<Answered, EgressError> {
        let url = self.check(url)?;
        let request = self.client(&url)?.post(url).headers(headers).body(body);
        let (response, left) = self.send(request).await?;
        let status = response.status().as_u16();
        let body = beginning(response, self.bounds.answer, left).await;
        Ok(Answered { status, body })
    }

    /// Sends any request, and reads the answer whole; one that is longer than the bounds is none.
    pub async fn fetch(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, EgressError> {
        let (parts, body) = request.into_parts();
        let url = self.check(&parts.uri.to_string())?;
        let client = self.client(&url)?;
        let request = client.request(parts.method, url).headers(parts.headers).body(body);
        let (response, left) = self.send(request).await?;
        let mut answer = http::Response::builder().status(response.status());
        if let Some(kind) = response.headers().get(http::header::CONTENT_TYPE) {
            answer = answer.header(http::header::CONTENT_TYPE, kind);
        }
        let body = beginning(response, self.bounds.answer + 1, left).await;
        if body.len() > self.bounds.answer {
            let what = format!("the answer is longer than {} bytes", self.bounds.answer);
            return Err(EgressError::Failed(what));
        }
        answer.body(body).map_err(|error| EgressError::Failed(error.to_string()))
    }

    /// Sends a request; gives the beginning of an answer, and how long the rest of it may take.
    async fn send(&self, request: RequestBuilder) -> Result<(Response, Duration), EgressError> {
        let start = tokio::time::Instant::now();
        let sent = tokio::time::timeout(self.bounds.time, request.send()).await;
        let response = sent.map_err(|_| EgressError::Late(self.bounds.time))?;
        let response = response.map_err(|error| failed(&error))?;
        Ok((response, self.bounds.time.saturating_sub(start.elapsed())))
    }

    /// Finds out whether something answers there, with a HEAD that tells it nothing. Gives the status: any
    /// will do, since many receivers take only a POST.
    pub async fn reach(&self, url: &str) -> Result<u16, EgressError> {
        let url = self.check(url)?;
        let request = self.client(&url)?.head(url);
        let sent = tokio::time::timeout(self.bounds.time, request.send()).await;
        let response = sent.map_err(|_| EgressError::Late(self.bounds.time))?;
        Ok(response.map_err(|error| failed(&error))?.status().as_u16())
    }

    /// The client for a scheme. Reading the system's certificates takes time and fails on a machine that
    /// has none, so that is put off until someone is called with `https`.
    fn client(&self, url: &Url) -> Result<&Client, EgressError> {
        let secure = url.scheme() == "https";
        let made = if secure { &self.secure } else { &self.plain };
        let made = made.get_or_init(|| {
            let builder = self.builder();
            let builder = if secure { builder } else { builder.tls_certs_only([]) };
            builder.build().map_err(|error| failed(&error))
        });
        made.as_ref().map_err(Clone::clone)
    }

    fn builder(&self) -> ClientBuilder {
        // Fails only if a provider is installed already, which is as good.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .dns_resolver(self.names.clone())
            .pool_idle_timeout(IDLE)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
    }
}

/// Reads at most so many bytes, for at most so long; what comes after is not waited for.
async fn beginning(mut response: Response, most: usize, time: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = most.saturating_sub(body.len());
            body.extend(chunk.iter().take(room));
            if chunk.len() >= room {
                return;
            }
        }
    };
    // What was read until then is the beginning all the same.
    let _in_time = tokio::time::timeout(time, reading).await;
    body
}

/// What went wrong, from its cause, without the URL.
fn failed(error: &reqwest::Error) -> EgressError {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    EgressError::Failed(causes.last().cloned().unwrap_or_else(|| "the request failed".to_owned()))
}
