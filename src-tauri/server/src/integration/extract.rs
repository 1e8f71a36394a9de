//! Extractors whose refusals are [`IntegrationError`]s.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::{Code, IntegrationError};

/// Characters of an id that an answer repeats.
const ID_SHOWN: usize = 64;

/// Query parameters.
pub(super) struct Params<T>(pub(super) T);

/// The id in a path. None is longer than what an answer repeats.
pub(super) struct Id(pub(super) String);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = IntegrationError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, IntegrationError> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let text = rejection.body_text();
                let twice = text.split_once("duplicate field `").and_then(|(_, rest)| rest.split('`').next());
                Err(IntegrationError::invalid(match twice {
                    Some(name) => format!("{name} is there twice. Send it once."),
                    None => text,
                }))
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = IntegrationError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, IntegrationError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(id)) if String::len(&id) <= ID_SHOWN => Ok(Self(id)),
            _ => Err(IntegrationError::new(Code::NotFound, "Nothing has such an id.")),
        }
    }
}
