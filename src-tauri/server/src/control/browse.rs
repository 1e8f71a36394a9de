//! What people look at: users, groups, changes.

use axum::Json;
use axum::extract::{Path, State};

use super::ControlState;
use super::error::ApiError;
use super::extract::Params;
use crate::directory::browse::{self, ChangeQuery, GroupQuery, UserQuery};
use crate::model::{Change, GroupDetail, GroupRow, Page, UserDetail, UserRow};

/// A window of the users.
#[utoipa::path(
    get, path = "/api/directories/{id}/users", tag = "browse", params(("id" = String, Path), UserQuery),
    responses((status = 200, body = Page<UserRow>), (status = 404, body = ApiError))
)]
pub(super) async fn list_users(
    State(state): State<ControlState>,
    Path(id): Path<String>,
    Params(query): Params<UserQuery>,
) -> Result<Json<Page<UserRow>>, ApiError> {
    Ok(Json(state.core.run(move |core| browse::list_users(core, &id, &query)).await?))
}

/// A user with its groups and newest changes.
#[utoipa::path(
    get, path = "/api/directories/{id}/users/{userId}", tag = "browse", params(("id" = String, Path), ("userId" = String, Path)),
    responses((status = 200, body = UserDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_user(
    State(state): State<ControlState>,
    Path((id, user)): Path<(String, String)>,
) -> Result<Json<UserDetail>, ApiError> {
    Ok(Json(state.core.run(move |core| browse::read_user(core, &id, &user)).await?))
}

/// A window of the groups.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups", tag = "browse", params(("id" = String, Path), GroupQuery),
    responses((status = 200, body = Page<GroupRow>), (status = 404, body = ApiError))
)]
pub(super) async fn list_groups(
    State(state): State<ControlState>,
    Path(id): Path<String>,
    Params(query): Params<GroupQuery>,
) -> Result<Json<Page<GroupRow>>, ApiError> {
    Ok(Json(state.core.run(move |core| browse::list_groups(core, &id, &query)).await?))
}

/// A group with its first members and newest changes.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}", tag = "browse", params(("id" = String, Path), ("groupId" = String, Path)),
    responses((status = 200, body = GroupDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_group(
    State(state): State<ControlState>,
    Path((id, group)): Path<(String, String)>,
) -> Result<Json<GroupDetail>, ApiError> {
    Ok(Json(state.core.run(move |core| browse::read_group(core, &id, &group)).await?))
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
