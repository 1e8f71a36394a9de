//! The data folder.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::NoContent;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Answer, Created, Done, created};
use super::error::ApiError;
use super::extract::Body;
use super::state::ControlState;
use crate::core::Core;
use crate::directory::data_folder;
use crate::model::{Backup, DataCheck, RecentLog, SetAside, StagedRestore, Storage};

/// How to look through the data folder.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct CheckData {
    /// Whether what can be mended is.
    repair: bool,
}

/// What the data folder takes of the disk. Looks at every page of the databases.
#[utoipa::path(get, path = "/api/data", tag = "settings", responses((status = 200, body = Storage)))]
pub(super) async fn read_storage(core: State<Core>) -> Answer<Storage> {
    Ok(Json(core.run(|core| core.store.storage()).await?))
}

/// The newest warnings of this process, for whoever looks for a fault. Secrets are masked in them; paths of the data folder are not told.
#[utoipa::path(get, path = "/api/log", tag = "settings", responses((status = 200, body = RecentLog)))]
pub(super) async fn read_log(state: State<ControlState>) -> Json<RecentLog> {
    let folder = state.core.store.folder().display().to_string();
    let told = |line: String| line.replace(&folder, "(data folder)");
    Json(RecentLog { warnings: state.log.warnings().into_iter().map(told).collect() })
}

/// Looks through the data folder for what is not as it should be: pages, indexes, references, numbers, the search. Reads all of it.
#[utoipa::path(
    post, path = "/api/data/check", tag = "settings", request_body = CheckData, responses((status = 200, body = DataCheck))
)]
pub(super) async fn check_data(core: State<Core>, Body(check): Body<CheckData>) -> Answer<DataCheck> {
    Ok(Json(core.run(move |core| data_folder::check_data(core, check.repair)).await?))
}

/// The backups in the data folder, the newest first.
#[utoipa::path(get, path = "/api/data/backups", tag = "settings", responses((status = 200, body = Vec<Backup>)))]
pub(super) async fn list_backups(core: State<Core>) -> Answer<Vec<Backup>> {
    Ok(Json(core.run(data_folder::list_backups).await?))
}

/// Makes a backup in the data folder.
#[utoipa::path(
    post, path = "/api/data/backups", tag = "settings",
    responses((status = 201, body = Backup), (status = 409, body = ApiError))
)]
pub(super) async fn create_backup(core: State<Core>) -> Created<Backup> {
    created(core.run(data_folder::create_backup).await?)
}

/// Deletes a backup of the data folder.
#[utoipa::path(
    delete, path = "/api/data/backups/{name}", tag = "settings", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn delete_backup(core: State<Core>, Path(name): Path<String>) -> Done {
    core.run(move |core| data_folder::delete_backup(core, &name)).await?;
    Ok(NoContent)
}

/// Prepares a backup to be put in the place of what is there when SCIM Setup starts the next time. It is looked through as a whole before. What
/// is there then is kept in the data folder.
#[utoipa::path(
    post, path = "/api/data/backups/{name}/restore", tag = "settings", params(("name" = String, Path)),
    responses((status = 200, body = StagedRestore), (status = 404, body = ApiError), (status = 409, body = ApiError))
)]
pub(super) async fn stage_restore(core: State<Core>, Path(name): Path<String>) -> Answer<StagedRestore> {
    Ok(Json(core.run(move |core| data_folder::stage_restore(core, &name)).await?))
}

/// Calls off the restore at the next start, which the status tells of.
#[utoipa::path(
    delete, path = "/api/data/restore", tag = "settings", responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn cancel_restore(core: State<Core>) -> Done {
    core.run(data_folder::cancel_restore).await?;
    Ok(NoContent)
}

/// What was put aside in the data folder, the newest first: damaged records of requests, and what a restore has replaced.
#[utoipa::path(get, path = "/api/data/set-aside", tag = "settings", responses((status = 200, body = Vec<SetAside>)))]
pub(super) async fn list_set_aside(core: State<Core>) -> Answer<Vec<SetAside>> {
    Ok(Json(core.run(data_folder::list_set_aside).await?))
}

/// Deletes what was put aside.
#[utoipa::path(
    delete, path = "/api/data/set-aside/{name}", tag = "settings", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError))
)]
pub(super) async fn delete_set_aside(core: State<Core>, Path(name): Path<String>) -> Done {
    core.run(move |core| data_folder::delete_set_aside(core, &name)).await?;
    Ok(NoContent)
}
