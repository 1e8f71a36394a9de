//! The recorded requests.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::ControlState;
use super::error::ApiError;
use super::extract::Params;
use crate::directory::exchanges::{self, ExchangeQuery};
use crate::model::{Exchange, ExchangeRow, Page};

/// A window of the recorded requests, newest first; the id `unattributed` lists those of no directory.
#[utoipa::path(
    get, path = "/api/directories/{id}/exchanges", tag = "exchanges", params(("id" = String, Path), ExchangeQuery),
    responses((status = 200, body = Page<ExchangeRow>), (status = 404, body = ApiError))
)]
pub(super) async fn list_exchanges(
    State(state): State<ControlState>,
    Path(id): Path<String>,
    Params(query): Params<ExchangeQuery>,
) -> Result<Json<Page<ExchangeRow>>, ApiError> {
    Ok(Json(state.core.run(move |core| exchanges::list_exchanges(core, &id, &query)).await?))
}

/// A recorded request with its answer and what it changed.
#[utoipa::path(
    get, path = "/api/exchanges/{id}", tag = "exchanges", params(("id" = i64, Path)),
    responses((status = 200, body = Exchange), (status = 404, body = ApiError))
)]
pub(super) async fn read_exchange(
    State(state): State<ControlState>,
    Path(id): Path<String>,
) -> Result<Json<Exchange>, ApiError> {
    let Ok(id) = id.parse() else {
        return Err(ApiError::not_found(format!("{id:?} is no request's id.")));
    };
    Ok(Json(state.core.run(move |core| exchanges::read_exchange(core, id)).await?))
}

/// Deletes the recorded requests of a directory; the id `unattributed` deletes those of no directory. Users and groups stay.
#[utoipa::path(
    delete, path = "/api/directories/{id}/exchanges", tag = "exchanges", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn delete_exchanges(
    State(state): State<ControlState>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    state.core.run(move |core| exchanges::delete_exchanges(core, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
