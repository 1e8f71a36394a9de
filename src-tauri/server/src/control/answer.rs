//! What operations answer with.

use axum::Json;
use axum::http::StatusCode;
use axum::response::NoContent;

use super::error::ApiError;

/// 200 with what was asked for.
pub(super) type Answer<T> = Result<Json<T>, ApiError>;

/// 201 with what is new.
pub(super) type Created<T> = Result<(StatusCode, Json<T>), ApiError>;

/// 204: it is done.
pub(super) type Done = Result<NoContent, ApiError>;

/// Answers with what is new.
pub(super) fn created<T>(thing: T) -> Created<T> {
    Ok((StatusCode::CREATED, Json(thing)))
}
