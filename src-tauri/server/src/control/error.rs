//! What clients of the control API are told when something does not work. A code exists only where a client acts on it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::directory::{Error, StoreError};
use crate::listener::PortError;

/// An error answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiError {
    /// What kind of error it is.
    code: Code,
    /// A sentence that says what to do.
    message: String,
    /// The field that it is about, in camelCase.
    field: Option<&'static str>,
    /// A free port, with `portInUse`.
    suggested_port: Option<u16>,
    /// How many there are, with `countChanged`.
    count: Option<u32>,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Code {
    /// It is not there.
    NotFound,
    /// It would clash with what is there.
    Conflict,
    /// There are more or fewer than a person was told.
    CountChanged,
    /// The input cannot be used.
    Invalid,
    /// The name typed to confirm is another.
    ConfirmationMismatch,
    /// The key is missing or wrong.
    Unauthorized,
    /// The request names another host or comes from another site.
    ForbiddenHost,
    /// The port is taken.
    PortInUse,
    /// It cannot be done now, but later.
    Unavailable,
    /// The program failed.
    Internal,
}

impl ApiError {
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message)
    }

    pub(crate) fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message)
    }

    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(Code::Invalid, message) }
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(Code::Conflict, message)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(Code::NotFound, "This path does not have this method. GET /api/openapi.json lists what works.")
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, "The control key is missing or wrong. Open the address that the program printed.")
    }

    pub(crate) fn forbidden_host(message: impl Into<String>) -> Self {
        Self::new(Code::ForbiddenHost, message)
    }

    pub(crate) fn internal() -> Self {
        Self::new(Code::Internal, "The program failed on this. Its log says more; nothing was changed.")
    }

    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, suggested_port: None, count: None }
    }

    /// The same about another field.
    pub(super) fn about(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    fn status(&self) -> StatusCode {
        match self.code {
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Conflict | Code::CountChanged | Code::PortInUse => StatusCode::CONFLICT,
            Code::Invalid | Code::ConfirmationMismatch => StatusCode::UNPROCESSABLE_ENTITY,
            Code::Unauthorized => StatusCode::UNAUTHORIZED,
            Code::ForbiddenHost => StatusCode::FORBIDDEN,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status(), Json(self)).into_response()
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::NotFound(_) => Self::new(Code::NotFound, message),
            Error::Conflict { field, .. } => Self { field: Some(field), ..Self::new(Code::Conflict, message) },
            Error::CountChanged { count, .. } => Self { count: Some(count), ..Self::new(Code::CountChanged, message) },
            Error::Invalid { field, .. } => Self { field: Some(field), ..Self::new(Code::Invalid, message) },
            Error::ConfirmationMismatch(_) => {
                Self { field: Some("name"), ..Self::new(Code::ConfirmationMismatch, message) }
            }
            Error::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(
                Code::Unavailable,
                "The server is busy with other work, so this was not begun. Try again in a few seconds.",
            ),
            StoreError::TooLong => Self::new(
                Code::Unavailable,
                "This took too long and was stopped; nothing was changed. Try again later, or ask for less at a time.",
            ),
            StoreError::Gone => Self::new(
                Code::Conflict,
                "The directory was reset or deleted meanwhile, so nothing of this was kept. Look at what is there now.",
            ),
            // It is up to the person: rights, a full disk, a folder that is gone.
            StoreError::File(text) => {
                Self::conflict(format!("A file of the data folder cannot be used: {}.", text.trim_end_matches('.')))
            }
            error => {
                tracing::error!(%error, "the store failed under a control request");
                Self::internal()
            }
        }
    }
}

impl From<PortError> for ApiError {
    fn from(error: PortError) -> Self {
        Self { field: Some("port"), suggested_port: error.suggested_port, ..Self::new(Code::PortInUse, error.message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_can_do_something_about_is_said() {
        let denied = "permission denied (os error 13)";
        for (error, status, named) in [
            (StoreError::Busy, 503, "Try again in a few seconds."),
            (StoreError::TooLong, 503, "took too long"),
            (StoreError::Gone, 409, "reset or deleted meanwhile"),
            (StoreError::File(denied.to_owned()), 409, denied),
            (StoreError::Panicked, 500, "Its log says more"),
        ] {
            for said in [ApiError::from(error.clone()), ApiError::from(Error::Store(error.clone()))] {
                assert_eq!(said.status().as_u16(), status, "{error}");
                assert!(said.message.contains(named), "{error}: {}", said.message);
            }
        }
    }
}
