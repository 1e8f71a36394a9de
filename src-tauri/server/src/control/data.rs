//! The data folder.

use axum::Json;
use axum::extract::State;

use super::answer::Answer;
use crate::core::Core;
use crate::model::Storage;

/// What the data folder takes of the disk. Looks at every page of the databases.
#[utoipa::path(get, path = "/api/data", tag = "settings", responses((status = 200, body = Storage)))]
pub(super) async fn read_storage(core: State<Core>) -> Answer<Storage> {
    Ok(Json(core.run(|core| core.store.storage()).await?))
}
