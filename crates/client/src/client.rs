//! One key in one organization of one server: how a request is made and its answer read.

use std::time::Duration;

use countersign_domain::OrgId;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;

use crate::ClientError;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take, unless waiting is the point.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a stream may be silent.
const SILENCE: Duration = Duration::from_secs(90);

/// Makes a write safe to send twice.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The last event that was seen.
pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Speaks for one key in one organization. Cheap to clone; the connections are shared.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    api: Url,
    root: Url,
}

impl Client {
    /// A client for the server at `base_url` (`http://127.0.0.1:7733`). Nothing is sent yet; an empty
    /// token sends no key. Redirects are not followed and proxies not used, so that the key goes nowhere
    /// else.
    pub fn new(base_url: &str, token: &str, org: &OrgId) -> Result<Self, ClientError> {
        // Fails only if a provider is installed already, which is as good.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let base = base(base_url)?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .default_headers(headers(token)?)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")));
        if base.scheme() == "http" {
            // Reading the system's certificates takes time, and fails on a machine that has none.
            http = http.tls_certs_only([]);
        }
        let http = http.build()?;
        let api = below(&base, &["api", "v1"])?;
        let root = below(&api, &["orgs", org.as_str()])?;
        Ok(Self { http, base, api, root })
    }

    /// A GET of a document that stands at the same place on every server.
    pub(crate) fn well_known(&self, name: &str) -> Result<RequestBuilder, ClientError> {
        Ok(self.http.get(below(&self.base, &[".well-known", name])?).timeout(ANSWER))
    }

    /// A request for the resource with this path below the organization, one segment each.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &[&str],
    ) -> Result<RequestBuilder, ClientError> {
        Ok(self.http.request(method, below(&self.root, path)?).timeout(ANSWER))
    }

    /// A POST to a resource that belongs to no organization.
    pub(crate) fn post_to_all(&self, path: &[&str]) -> Result<RequestBuilder, ClientError> {
        Ok(self.http.post(below(&self.api, path)?).timeout(ANSWER))
    }

    /// Sends a GET without a limit on the whole answer, for streams.
    pub(crate) fn stream(&self, path: &[&str]) -> Result<RequestBuilder, ClientError> {
        Ok(self.http.get(below(&self.root, path)?))
    }

    /// Sends a request and reads the JSON that answers it.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, ClientError> {
        let response = request.send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        if !status.is_success() {
            return Err(ClientError::of_refusal(status.as_u16(), &body));
        }
        let body = if body.is_empty() { b"null".as_slice() } else { &body };
        serde_json::from_slice(body).map_err(|e| ClientError::Unexpected {
            status: status.as_u16(),
            body: format!("not what this client knows, at line {} column {}", e.line(), e.column()),
        })
    }

    /// Sends a request and reads the text that answers it.
    pub(crate) async fn text(&self, request: RequestBuilder) -> Result<String, ClientError> {
        let response = request.send().await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response.text().await?);
        }
        Err(ClientError::of_refusal(status.as_u16(), &response.bytes().await?))
    }

    /// Sends a request whose answer is a stream; a refusal is read whole.
    pub(crate) async fn open(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let response = in_time(request.send()).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = in_time(response.bytes()).await?;
        Err(ClientError::of_refusal(status, &body))
    }
}

/// Gives up on a stream that has fallen silent.
pub(crate) async fn in_time<T>(
    answer: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T, ClientError> {
    match tokio::time::timeout(SILENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(ClientError::Unreachable("the connection has fallen silent".to_owned())),
    }
}

fn headers(token: &str) -> Result<HeaderMap, ClientError> {
    let mut headers = HeaderMap::new();
    if !token.is_empty() {
        let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| {
            ClientError::Unusable("the key has characters that no key has".to_owned())
        })?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

fn base(text: &str) -> Result<Url, ClientError> {
    let refuse = || {
        let example = "it should look like `https://countersign.example.com`";
        ClientError::Unusable(format!("`{text}` is not the address of a server: {example}"))
    };
    let mut url: Url = text.parse().map_err(|_| refuse())?;
    if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
        return Err(refuse());
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// The URL with these segments after it, escaped. Segments that a URL would swallow are refused, because
/// the request would then go to another resource.
fn below(url: &Url, path: &[&str]) -> Result<Url, ClientError> {
    if let Some(segment) = path.iter().find(|segment| matches!(**segment, "" | "." | "..")) {
        return Err(ClientError::Unusable(format!("`{segment}` is not an id")));
    }
    let mut longer = url.clone();
    longer
        .path_segments_mut()
        .map_err(|()| ClientError::Unusable(format!("`{url}` has no path")))?
        .pop_if_empty()
        .extend(path);
    Ok(longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(base_url: &str) -> Result<Client, ClientError> {
        Client::new(base_url, "csa_x", &OrgId::first())
    }

    #[test]
    fn an_id_stays_one_segment() {
        let client = client("https://host/prefix/").unwrap();
        let url = below(&client.root, &["agents", "a/../b?c#d"]).unwrap();
        assert_eq!(
            url.as_str(),
            "https://host/prefix/api/v1/orgs/default/agents/a%2F..%2Fb%3Fc%23d"
        );
        for id in ["", ".", ".."] {
            assert!(below(&client.root, &["keys", id]).is_err(), "{id}");
        }
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for base_url in ["", "localhost:7733", "ftp://host", "mailto:a@b"] {
            assert!(client(base_url).is_err(), "{base_url}");
        }
        assert!(Client::new("http://host", "csa_\n", &OrgId::first()).is_err());
    }

    #[test]
    fn the_key_is_not_in_debug_output() {
        assert!(!format!("{:?}", client("http://host").unwrap()).contains("csa_x"));
    }
}
