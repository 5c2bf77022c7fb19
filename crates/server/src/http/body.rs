//! What callers sent: read strictly, and refused with the place and a suggestion.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use countersign_domain::approval::Digest;
use countersign_domain::json::{self as strict, MAX_BYTES, ReadErrorKind};
use countersign_wire::Code;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Failure, Shared};
use crate::app::{Error, IdempotencyKey};

/// How long a body may take to arrive.
const BODY_TIME: std::time::Duration = std::time::Duration::from_secs(30);

/// A JSON body, with the idempotency key that came with it. An empty body counts as `{}`.
#[derive(Debug)]
pub struct Sent<T> {
    /// The body.
    pub body: T,
    /// The key of a call that may be retried.
    pub idempotency: Option<IdempotencyKey>,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let bytes = gather(body).await?;
        let value = value(&bytes)?;
        let idempotency = match key(&parts.headers)? {
            Some(key) => {
                let fingerprint =
                    Digest::of(&json!([parts.method.as_str(), parts.uri.path(), value]));
                Some(IdempotencyKey { key, fingerprint })
            }
            None => None,
        };
        Ok(Self { body: typed(value, &bytes)?, idempotency })
    }
}

/// A JSON body of a client that we do not define: read as strictly, but unknown fields are left aside.
#[derive(Debug)]
pub struct Lenient<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Lenient<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Failure> {
        let bytes = gather(request.into_body()).await?;
        Ok(Self(typed(value(&bytes)?, &bytes)?))
    }
}

fn value(bytes: &Bytes) -> Result<Value, Failure> {
    if bytes.is_empty() {
        return Ok(json!({}));
    }
    strict::read(bytes).map_err(|error| {
        let code = match error.kind {
            ReadErrorKind::TooLarge(_) | ReadErrorKind::TooManyValues(_) => Code::BodyTooLarge,
            _ => Code::InvalidJson,
        };
        let detail = strict_detail(&error);
        Failure(Error { path: Some(error.path), ..Error::new(code, detail) })
    })
}

/// Gathers a body, within bounds of size and time.
pub async fn gather(body: Body) -> Result<Bytes, Error> {
    let late = |_| Error::new(Code::InvalidJson, "the body did not arrive within 30 seconds");
    tokio::time::timeout(BODY_TIME, collect(body)).await.map_err(late)?
}

/// Gathers the body, and stops reading as soon as it is too large.
async fn collect(body: Body) -> Result<Bytes, Error> {
    let mut chunks = body.into_data_stream();
    let mut gathered: Vec<u8> = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Error::new(Code::InvalidJson, "the body broke off"))?;
        if gathered.len() + chunk.len() > MAX_BYTES {
            return Err(Error::new(
                Code::BodyTooLarge,
                format!("the body has more than {MAX_BYTES} bytes"),
            ));
        }
        gathered.extend_from_slice(&chunk);
    }
    Ok(gathered.into())
}

fn strict_detail(error: &strict::ReadError) -> String {
    countersign_domain::display::sanitise(&error.to_string())
}

/// The value as what it should be. Keeping track of the place takes as long as all the rest, so that it is
/// looked for only when something does not fit, in what was sent.
fn typed<T: DeserializeOwned>(value: Value, sent: &Bytes) -> Result<T, Failure> {
    if !value.is_object() {
        return Err(Error::invalid("$", "the body has to be a JSON object").into());
    }
    match serde_json::from_value(value) {
        Ok(typed) => Ok(typed),
        Err(_) => placed(self::value(sent)?),
    }
}

fn placed<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let place = error.path().to_string();
        let path = if place == "." { "$".to_owned() } else { format!("$.{place}") };
        let message = countersign_domain::display::sanitise(&error.into_inner().to_string());
        let (code, detail) = match unknown_field(&message) {
            Some(detail) => (Code::UnknownField, detail),
            None => (Code::Invalid, message),
        };
        Failure(Error { path: Some(path), ..Error::new(code, detail) })
    })
}

/// Serde's "unknown field `x`, expected one of `a`, `b`" as a sentence with a suggestion.
fn unknown_field(message: &str) -> Option<String> {
    let names: Vec<&str> =
        message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2).collect();
    let (unknown, known) = names.split_first()?;
    let score = |name: &&&str| (strsim::jaro_winkler(unknown, name) * 1000.0).round();
    let nearest =
        known.iter().max_by(|a, b| score(a).total_cmp(&score(b))).filter(|n| score(n) > 800.0);
    Some(match nearest {
        Some(nearest) => format!("the field `{unknown}` is not known; did you mean `{nearest}`?"),
        None => format!("the field `{unknown}` is not known; known are {}", known.join(", ")),
    })
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().ok().filter(|text| (1..=200).contains(&text.len()));
    let refused =
        || Error::invalid("header Idempotency-Key", "a key has 1 to 200 visible ASCII characters");
    Ok(Some(text.ok_or_else(refused)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_field_is_named_with_the_nearest_known_one() {
        let message = "unknown field `expires`, expected one of `action`, `expires_in`, `params`";
        let detail = "the field `expires` is not known; did you mean `expires_in`?";
        assert_eq!(unknown_field(message).as_deref(), Some(detail));
        assert_eq!(unknown_field("missing field `action`"), None);
    }
}
