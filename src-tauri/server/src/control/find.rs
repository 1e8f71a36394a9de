//! Searching everything.

use axum::Json;
use axum::extract::State;

use super::answer::Answer;
use super::extract::Params;
use crate::core::Core;
use crate::directory::find::{self, FindQuery};
use crate::model::Found;

/// The first users, groups and requests that match, across all directories: what the palette shows.
///
/// Requests are searched as in their list: `user:ada`, `status:4xx`.
#[utoipa::path(get, path = "/api/search", tag = "browse", params(FindQuery), responses((status = 200, body = Found)))]
pub(super) async fn find(core: State<Core>, Params(query): Params<FindQuery>) -> Answer<Found> {
    Ok(Json(core.run(move |core| find::find(core, &query)).await?))
}
