//! The operations and their description as one router.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

use super::error::ApiError;
use super::openapi::openapi_json;
use super::operations::operations;
use super::state::ControlState;

/// All operations, unguarded.
pub(super) fn router(state: ControlState) -> Router {
    let (router, _) = operations().split_for_parts();
    router
        .route("/api/openapi.json", get(|| async { ([(CONTENT_TYPE, "application/json")], openapi_json()) }))
        .fallback(|| async { ApiError::not_found("There is no such operation. GET /api/openapi.json lists them.") })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .with_state(state)
}
