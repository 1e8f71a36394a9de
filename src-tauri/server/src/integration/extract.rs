//! Extractors whose refusals are [`IntegrationError`]s.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::IntegrationError;

/// Query parameters.
pub(super) struct Params<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = IntegrationError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, IntegrationError> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(IntegrationError::invalid(rejection.body_text())),
        }
    }
}
