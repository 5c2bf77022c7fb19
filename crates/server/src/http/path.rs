//! What the path names.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use countersign_domain::{ApprovalId, DelegationId, DeliveryId, WebhookId};

use super::{Failure, Shared};
use crate::app::Error;

/// The approval that `{id}` names. What is no id names nothing.
#[derive(Debug, Clone, Copy)]
pub struct ApprovalPath(pub ApprovalId);

impl FromRequestParts<Shared> for ApprovalPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let NamedPath(text) = NamedPath::from_request_parts(parts, surface).await?;
        let id = text.parse().map_err(|_| Error::not_found("approval", &text))?;
        Ok(Self(id))
    }
}

/// The webhook that `{id}` names.
#[derive(Debug, Clone, Copy)]
pub struct WebhookPath(pub WebhookId);

impl FromRequestParts<Shared> for WebhookPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let NamedPath(text) = NamedPath::from_request_parts(parts, surface).await?;
        let id = text.parse().map_err(|_| Error::not_found("webhook", &text))?;
        Ok(Self(id))
    }
}

/// The delegation that `{id}` names.
#[derive(Debug, Clone, Copy)]
pub struct DelegationPath(pub DelegationId);

impl FromRequestParts<Shared> for DelegationPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let NamedPath(text) = NamedPath::from_request_parts(parts, surface).await?;
        let id = text.parse().map_err(|_| Error::not_found("delegation", &text))?;
        Ok(Self(id))
    }
}

/// The delivery that `{delivery}` names, to the webhook that `{id}` names.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryPath(pub WebhookId, pub DeliveryId);

impl FromRequestParts<Shared> for DeliveryPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let WebhookPath(webhook) = WebhookPath::from_request_parts(parts, surface).await?;
        let text = segment(parts, surface, "delivery").await?;
        let id = text.parse().map_err(|_| Error::not_found("delivery", &text))?;
        Ok(Self(webhook, id))
    }
}

/// The policy document that `{kind}` and `{name}` name.
#[derive(Debug, Clone)]
pub struct DocumentPath {
    /// Its kind, as it was written.
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl FromRequestParts<Shared> for DocumentPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let kind = segment(parts, surface, "kind").await?;
        Ok(Self { kind, name: segment(parts, surface, "name").await? })
    }
}

/// Whatever else `{id}` names.
#[derive(Debug, Clone)]
pub struct NamedPath(pub String);

impl FromRequestParts<Shared> for NamedPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        Ok(Self(segment(parts, surface, "id").await?))
    }
}

/// The text of one variable of the path.
async fn segment(parts: &mut Parts, surface: &Shared, name: &str) -> Result<String, Failure> {
    let params = RawPathParams::from_request_parts(parts, surface).await;
    let params = params.map_err(|_| Error::invalid("path", "the path is not UTF-8"))?;
    let found = params.iter().find(|(known, _)| *known == name);
    Ok(found.map(|(_, text)| text.to_owned()).unwrap_or_default())
}
