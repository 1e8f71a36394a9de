//! Searching everything.

use axum::Json;
use axum::extract::State;

use super::ControlState;
use super::error::ApiError;
use super::extract::Params;
use crate::directory::find::{self, FindQuery};
use crate::model::Found;

/// The first users, groups and requests that match, across all directories: what the palette shows.
///
/// Requests are searched as in their list: `user:ada`, `status:4xx`.
#[utoipa::path(get, path = "/api/search", tag = "browse", params(FindQuery), responses((status = 200, body = Found)))]
pub(super) async fn find(
    State(state): State<ControlState>,
    Params(query): Params<FindQuery>,
) -> Result<Json<Found>, ApiError> {
    Ok(Json(state.core.run(move |core| find::find(core, &query)).await?))
}
