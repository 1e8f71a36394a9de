//! The setup guide.

use axum::Json;
use axum::extract::{Path, State};

use super::ControlState;
use super::error::ApiError;
use super::extract::Body;
use crate::directory::guide;
use crate::model::{DirectoryId, Guide, GuidePatch};

/// How far the setup of a directory has come: its steps, the current one, and why it may not go on.
#[utoipa::path(
    get, path = "/api/directories/{id}/guide", tag = "guide", params(("id" = DirectoryId, Path)),
    responses((status = 200, body = Guide), (status = 404, body = ApiError))
)]
pub(super) async fn read_guide(
    State(state): State<ControlState>,
    Path(id): Path<DirectoryId>,
) -> Result<Json<Guide>, ApiError> {
    Ok(Json(state.core.run(move |core| guide::read_guide(core, &id)).await?))
}

/// Chooses the track of the guide, and ticks steps of it by hand.
#[utoipa::path(
    patch, path = "/api/directories/{id}/guide", tag = "guide", params(("id" = DirectoryId, Path)), request_body = GuidePatch,
    responses((status = 200, body = Guide), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn update_guide(
    State(state): State<ControlState>,
    Path(id): Path<DirectoryId>,
    Body(patch): Body<GuidePatch>,
) -> Result<Json<Guide>, ApiError> {
    Ok(Json(state.core.run(move |core| guide::update_guide(core, &id, patch)).await?))
}
