//! The query of a URL.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use countersign_domain::display;
use serde::de::DeserializeOwned;

use super::{Failure, Shared};
use crate::app::Error;

/// The query as a `T`; what does not fit is refused with its name.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Failure> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(error) => {
                let text = display::sanitise(
                    &std::error::Error::source(&error)
                        .map_or_else(|| error.to_string(), ToString::to_string),
                );
                Err(Error::invalid("query", text).into())
            }
        }
    }
}
