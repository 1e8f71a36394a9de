//! What the software under test is told when something does not work.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::directory::{Error, StoreError};

/// An error answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct IntegrationError {
    /// What kind of error it is.
    code: Code,
    /// A sentence that says what to do.
    message: String,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    /// The request cannot be read, or parts of it contradict each other: 400.
    InvalidArgument,
    /// The key is missing or not accepted: 401.
    Unauthenticated,
    /// The request comes from a web page or names another host: 403.
    Forbidden,
    /// It is not there, or not in the environment of the key: 404.
    NotFound,
    /// It was, and is not kept any more: 410.
    Gone,
    /// There are as many as there may be: 429.
    TooMany,
    /// The path does not have this method: 405.
    MethodNotAllowed,
    /// Not now: 503.
    Unavailable,
    /// The program failed: 500.
    Internal,
}

/// The sentence of an error, beside its answer: for the record of the request.
#[derive(Clone, Debug)]
pub(super) struct ErrorText(pub(super) String);

impl IntegrationError {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    fn status(&self) -> StatusCode {
        match self.code {
            Code::InvalidArgument => StatusCode::BAD_REQUEST,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::Forbidden => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Gone => StatusCode::GONE,
            Code::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for IntegrationError {
    fn into_response(self) -> Response {
        let text = ErrorText(self.message.clone());
        let mut response = (self.status(), Json(self)).into_response();
        response.extensions_mut().insert(text);
        response
    }
}

impl From<Error> for IntegrationError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::NotFound(_) => Self::new(Code::NotFound, message),
            Error::Store(error) => error.into(),
            _ => Self::invalid(message),
        }
    }
}

impl From<StoreError> for IntegrationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::TooLong | StoreError::Closed => {
                Self::new(Code::Unavailable, "SCIM Setup is busy or about to end. Try again in a few seconds.")
            }
            error => {
                tracing::error!(%error, "the store failed under a request to the integration API");
                Self::new(Code::Internal, "SCIM Setup failed on this. Its log says more.")
            }
        }
    }
}
