//! What people look at: changes.

use axum::Json;
use axum::extract::{Path, State};

use super::answer::Answer;
use super::error::ApiError;
use super::extract::Params;
use crate::core::Core;
use crate::directory::browse::{self, ChangeQuery};
use crate::model::{Change, DirectoryId, Page};

/// A window of the changes, newest first.
#[utoipa::path(
    get, path = "/api/directories/{id}/changes", tag = "browse", params(("id" = DirectoryId, Path), ChangeQuery),
    responses((status = 200, body = Page<Change>), (status = 404, body = ApiError))
)]
pub(super) async fn list_changes(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<ChangeQuery>,
) -> Answer<Page<Change>> {
    Ok(Json(core.run(move |core| browse::list_changes(core, &id, &query)).await?))
}
