//! Users and groups: their lists, one of them, its history, and what it was at any point.

use axum::Json;
use axum::extract::{Path, State};

use super::ControlState;
use super::error::ApiError;
use super::extract::{Params, number};
use crate::directory::listing::{self, GroupQuery, UserQuery};
use crate::directory::people::{self, HistoryQuery, MemberQuery, MovedQuery};
use crate::model::{
    ChangeSeq, DirectoryId, GroupDetail, GroupPage, HistoryEntry, Page, ResourceAt, ResourceKind, ResourceRef,
    UserDetail, UserPage,
};

/// A window of the users, with how many each filter leaves.
#[utoipa::path(
    get, path = "/api/directories/{id}/users", tag = "browse", params(("id" = DirectoryId, Path), UserQuery),
    responses((status = 200, body = UserPage), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn list_users(
    State(state): State<ControlState>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<UserQuery>,
) -> Result<Json<UserPage>, ApiError> {
    Ok(Json(state.core.run(move |core| listing::list_users(core, &id, &query)).await?))
}

/// A user that is or was there, with its groups and newest changes.
#[utoipa::path(
    get, path = "/api/directories/{id}/users/{userId}", tag = "browse", params(("id" = DirectoryId, Path), ("userId" = String, Path)),
    responses((status = 200, body = UserDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_user(
    State(state): State<ControlState>,
    Path((id, user)): Path<(DirectoryId, String)>,
) -> Result<Json<UserDetail>, ApiError> {
    Ok(Json(state.core.run(move |core| people::read_user(core, &id, &user)).await?))
}

/// A part of a user's history, newest first: its changes, and the groups that it came to or left.
#[utoipa::path(
    get, path = "/api/directories/{id}/users/{userId}/history", tag = "browse",
    params(("id" = DirectoryId, Path), ("userId" = String, Path), HistoryQuery),
    responses((status = 200, body = Page<HistoryEntry>), (status = 404, body = ApiError))
)]
pub(super) async fn read_user_history(
    State(state): State<ControlState>,
    Path((id, user)): Path<(DirectoryId, String)>,
    Params(query): Params<HistoryQuery>,
) -> Result<Json<Page<HistoryEntry>>, ApiError> {
    let read = move |core: &_| people::read_history(core, &id, ResourceKind::User, &user, &query);
    Ok(Json(state.core.run(read).await?))
}

/// What a user was after a change of the directory.
#[utoipa::path(
    get, path = "/api/directories/{id}/users/{userId}/at/{seq}", tag = "browse",
    params(("id" = DirectoryId, Path), ("userId" = String, Path), ("seq" = ChangeSeq, Path)),
    responses((status = 200, body = ResourceAt), (status = 404, body = ApiError))
)]
pub(super) async fn read_user_at(
    State(state): State<ControlState>,
    Path((id, user, seq)): Path<(DirectoryId, String, String)>,
) -> Result<Json<ResourceAt>, ApiError> {
    let seq = number(&seq, "change's number")?;
    let read = move |core: &_| people::read_resource_at(core, &id, ResourceKind::User, &user, seq);
    Ok(Json(state.core.run(read).await?))
}

/// A window of the groups, with how many each filter leaves.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups", tag = "browse", params(("id" = DirectoryId, Path), GroupQuery),
    responses((status = 200, body = GroupPage), (status = 404, body = ApiError))
)]
pub(super) async fn list_groups(
    State(state): State<ControlState>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<GroupQuery>,
) -> Result<Json<GroupPage>, ApiError> {
    Ok(Json(state.core.run(move |core| listing::list_groups(core, &id, &query)).await?))
}

/// A group that is or was there, with its newest changes.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}", tag = "browse", params(("id" = DirectoryId, Path), ("groupId" = String, Path)),
    responses((status = 200, body = GroupDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_group(
    State(state): State<ControlState>,
    Path((id, group)): Path<(DirectoryId, String)>,
) -> Result<Json<GroupDetail>, ApiError> {
    Ok(Json(state.core.run(move |core| people::read_group(core, &id, &group)).await?))
}

/// A part of a group's history, newest first.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/history", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), HistoryQuery),
    responses((status = 200, body = Page<HistoryEntry>), (status = 404, body = ApiError))
)]
pub(super) async fn read_group_history(
    State(state): State<ControlState>,
    Path((id, group)): Path<(DirectoryId, String)>,
    Params(query): Params<HistoryQuery>,
) -> Result<Json<Page<HistoryEntry>>, ApiError> {
    let read = move |core: &_| people::read_history(core, &id, ResourceKind::Group, &group, &query);
    Ok(Json(state.core.run(read).await?))
}

/// What a group was after a change of the directory.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/at/{seq}", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), ("seq" = ChangeSeq, Path)),
    responses((status = 200, body = ResourceAt), (status = 404, body = ApiError))
)]
pub(super) async fn read_group_at(
    State(state): State<ControlState>,
    Path((id, group, seq)): Path<(DirectoryId, String, String)>,
) -> Result<Json<ResourceAt>, ApiError> {
    let seq = number(&seq, "change's number")?;
    let read = move |core: &_| people::read_resource_at(core, &id, ResourceKind::Group, &group, seq);
    Ok(Json(state.core.run(read).await?))
}

/// A window of the members of a group, now or after a change.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/members", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), MemberQuery),
    responses((status = 200, body = Page<ResourceRef>), (status = 404, body = ApiError))
)]
pub(super) async fn list_members(
    State(state): State<ControlState>,
    Path((id, group)): Path<(DirectoryId, String)>,
    Params(query): Params<MemberQuery>,
) -> Result<Json<Page<ResourceRef>>, ApiError> {
    Ok(Json(state.core.run(move |core| people::list_members(core, &id, &group, &query)).await?))
}

/// A window of those who came to a group, or left it, by one change.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/moved/{seq}", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), ("seq" = ChangeSeq, Path), MovedQuery),
    responses((status = 200, body = Page<ResourceRef>), (status = 404, body = ApiError))
)]
pub(super) async fn list_moved_members(
    State(state): State<ControlState>,
    Path((id, group, seq)): Path<(DirectoryId, String, String)>,
    Params(query): Params<MovedQuery>,
) -> Result<Json<Page<ResourceRef>>, ApiError> {
    let seq = number(&seq, "change's number")?;
    Ok(Json(state.core.run(move |core| people::list_moved(core, &id, &group, seq, &query)).await?))
}
