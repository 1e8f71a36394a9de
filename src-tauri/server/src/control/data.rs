//! The data folder.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::Answer;
use super::extract::Body;
use crate::core::Core;
use crate::model::{DataCheck, Storage};

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

/// Looks through the data folder for what is not as it should be: pages, indexes, references, numbers, the search. Reads all of it.
#[utoipa::path(
    post, path = "/api/data/check", tag = "settings", request_body = CheckData, responses((status = 200, body = DataCheck))
)]
pub(super) async fn check_data(core: State<Core>, Body(check): Body<CheckData>) -> Answer<DataCheck> {
    let look = move |core: &Core| core.store.check(check.repair, || core.set_requests_aside());
    Ok(Json(core.run(look).await?))
}
