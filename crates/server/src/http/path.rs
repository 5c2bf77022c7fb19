//! What the path names.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use countersign_domain::ApprovalId;

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

/// Whatever else `{id}` names.
#[derive(Debug, Clone)]
pub struct NamedPath(pub String);

impl FromRequestParts<Shared> for NamedPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Shared) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, surface).await;
        let params = params.map_err(|_| Error::invalid("path", "the path is not UTF-8"))?;
        let id = params.iter().find(|(name, _)| *name == "id");
        Ok(Self(id.map(|(_, text)| text.to_owned()).unwrap_or_default()))
    }
}
