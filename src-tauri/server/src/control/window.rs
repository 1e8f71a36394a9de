//! The window of this program, if it has one.

use axum::Json;
use axum::extract::State;
use axum::response::NoContent;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Answer, Done};
use super::error::ApiError;
use super::extract::Body;
use crate::core::Core;
use crate::directory::tree;
use crate::insight::summary;
use crate::model::{NoticePlace, Summary};

/// What to show in the window.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct ShowWindow {
    /// Where to go there; left out: where the person was.
    place: Option<NoticePlace>,
}

/// Brings the window to the front: what a second start on the same data folder does.
#[utoipa::path(
    post, path = "/api/window/show", tag = "window", request_body = ShowWindow,
    responses((status = 204), (status = 409, body = ApiError))
)]
pub(super) async fn show_window(core: State<Core>, Body(show): Body<ShowWindow>) -> Done {
    if !core.show_window(show.place) {
        return Err(ApiError::conflict("This SCIM Setup has no window. Open its address in a browser."));
    }
    Ok(NoContent)
}

/// How the program is doing, in a line: what the tray shows.
#[utoipa::path(get, path = "/api/summary", tag = "window", responses((status = 200, body = Summary)))]
pub(super) async fn read_summary(core: State<Core>) -> Answer<Summary> {
    let tree = core.run(tree::read).await?;
    Ok(Json(summary::summarize(&core.listener(), &tree)))
}
