//! What people look at: requests and changes.

use axum::Json;
use axum::extract::{Path, State};

use super::ControlState;
use super::error::ApiError;
use super::extract::Params;
use crate::directory::browse::{self, ChangeQuery, ExchangeQuery};
use crate::model::{Change, Exchange, ExchangeRow, Page};

/// A window of the recorded requests, newest first; the id `unattributed` lists those of no directory.
#[utoipa::path(
    get, path = "/api/directories/{id}/exchanges", tag = "browse", params(("id" = String, Path), ExchangeQuery),
    responses((status = 200, body = Page<ExchangeRow>), (status = 404, body = ApiError))
)]
pub(super) async fn list_exchanges(
    State(state): State<ControlState>,
    Path(id): Path<String>,
    Params(query): Params<ExchangeQuery>,
) -> Result<Json<Page<ExchangeRow>>, ApiError> {
    Ok(Json(state.core.run(move |core| browse::list_exchanges(core, &id, &query)).await?))
}

/// A recorded request with its answer and what it changed.
#[utoipa::path(
    get, path = "/api/exchanges/{id}", tag = "browse", params(("id" = i64, Path)),
    responses((status = 200, body = Exchange), (status = 404, body = ApiError))
)]
pub(super) async fn read_exchange(
    State(state): State<ControlState>,
    Path(id): Path<String>,
) -> Result<Json<Exchange>, ApiError> {
    let Ok(id) = id.parse() else {
        return Err(ApiError::not_found(format!("{id:?} is no request's id.")));
    };
    Ok(Json(state.core.run(move |core| browse::read_exchange(core, id)).await?))
}

/// A window of the changes, newest first.
#[utoipa::path(
    get, path = "/api/directories/{id}/changes", tag = "browse", params(("id" = String, Path), ChangeQuery),
    responses((status = 200, body = Page<Change>), (status = 404, body = ApiError))
)]
pub(super) async fn list_changes(
    State(state): State<ControlState>,
    Path(id): Path<String>,
    Params(query): Params<ChangeQuery>,
) -> Result<Json<Page<Change>>, ApiError> {
    Ok(Json(state.core.run(move |core| browse::list_changes(core, &id, &query)).await?))
}
