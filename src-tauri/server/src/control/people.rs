//! Users and groups: their lists, one of them, its history, and what it was at any point.

use axum::Json;
use axum::extract::{Path, State};

use super::answer::Answer;
use super::error::ApiError;
use super::extract::{Params, number};
use crate::core::Core;
use crate::directory::listing::{self, GroupQuery, UserQuery};
use crate::directory::people::{self, HistoryQuery, MemberQuery, MovedQuery};
use crate::model::{
    ChangeSeq, DirectoryId, GroupDetail, GroupPage, History, Page, ResourceAt, ResourceKind, ResourceRef, UserDetail,
    UserPage,
};

/// A window of the users, with how many each filter leaves.
#[utoipa::path(
    get, path = "/api/directories/{id}/users", tag = "browse", params(("id" = DirectoryId, Path), UserQuery),
    responses((status = 200, body = UserPage), (status = 404, body = ApiError), (status = 422, body = ApiError))
)]
pub(super) async fn list_users(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<UserQuery>,
) -> Answer<UserPage> {
    Ok(Json(core.run(move |core| listing::list_users(core, &id, &query)).await?))
}

/// A user that is or was there, with its groups and newest changes.
#[utoipa::path(
    get, path = "/api/directories/{id}/users/{userId}", tag = "browse", params(("id" = DirectoryId, Path), ("userId" = String, Path)),
    responses((status = 200, body = UserDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_user(core: State<Core>, Path((id, user)): Path<(DirectoryId, String)>) -> Answer<UserDetail> {
    Ok(Json(core.run(move |core| people::read_user(core, &id, &user)).await?))
}

/// A part of a user's history, newest first: its changes, and the groups that it came to or left.
#[utoipa::path(
    get, path = "/api/directories/{id}/users/{userId}/history", tag = "browse",
    params(("id" = DirectoryId, Path), ("userId" = String, Path), HistoryQuery),
    responses((status = 200, body = History), (status = 404, body = ApiError))
)]
pub(super) async fn read_user_history(
    core: State<Core>,
    Path((id, user)): Path<(DirectoryId, String)>,
    Params(query): Params<HistoryQuery>,
) -> Answer<History> {
    let read = move |core: &_| people::read_history(core, &id, ResourceKind::User, &user, &query);
    Ok(Json(core.run(read).await?))
}

/// What a user was after a change of the directory.
#[utoipa::path(
    get, path = "/api/directories/{id}/users/{userId}/at/{seq}", tag = "browse",
    params(("id" = DirectoryId, Path), ("userId" = String, Path), ("seq" = ChangeSeq, Path)),
    responses((status = 200, body = ResourceAt), (status = 404, body = ApiError))
)]
pub(super) async fn read_user_at(
    core: State<Core>,
    Path((id, user, seq)): Path<(DirectoryId, String, String)>,
) -> Answer<ResourceAt> {
    let seq = number(&seq, "change's number")?;
    let read = move |core: &_| people::read_resource_at(core, &id, ResourceKind::User, &user, seq);
    Ok(Json(core.run(read).await?))
}

/// A window of the groups, with how many each filter leaves.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups", tag = "browse", params(("id" = DirectoryId, Path), GroupQuery),
    responses((status = 200, body = GroupPage), (status = 404, body = ApiError))
)]
pub(super) async fn list_groups(
    core: State<Core>,
    Path(id): Path<DirectoryId>,
    Params(query): Params<GroupQuery>,
) -> Answer<GroupPage> {
    Ok(Json(core.run(move |core| listing::list_groups(core, &id, &query)).await?))
}

/// A group that is or was there, with its newest changes.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}", tag = "browse", params(("id" = DirectoryId, Path), ("groupId" = String, Path)),
    responses((status = 200, body = GroupDetail), (status = 404, body = ApiError))
)]
pub(super) async fn read_group(
    core: State<Core>,
    Path((id, group)): Path<(DirectoryId, String)>,
) -> Answer<GroupDetail> {
    Ok(Json(core.run(move |core| people::read_group(core, &id, &group)).await?))
}

/// A part of a group's history, newest first.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/history", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), HistoryQuery),
    responses((status = 200, body = History), (status = 404, body = ApiError))
)]
pub(super) async fn read_group_history(
    core: State<Core>,
    Path((id, group)): Path<(DirectoryId, String)>,
    Params(query): Params<HistoryQuery>,
) -> Answer<History> {
    let read = move |core: &_| people::read_history(core, &id, ResourceKind::Group, &group, &query);
    Ok(Json(core.run(read).await?))
}

/// What a group was after a change of the directory.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/at/{seq}", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), ("seq" = ChangeSeq, Path)),
    responses((status = 200, body = ResourceAt), (status = 404, body = ApiError))
)]
pub(super) async fn read_group_at(
    core: State<Core>,
    Path((id, group, seq)): Path<(DirectoryId, String, String)>,
) -> Answer<ResourceAt> {
    let seq = number(&seq, "change's number")?;
    let read = move |core: &_| people::read_resource_at(core, &id, ResourceKind::Group, &group, seq);
    Ok(Json(core.run(read).await?))
}

/// A window of the members of a group, now or after a change.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/members", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), MemberQuery),
    responses((status = 200, body = Page<ResourceRef>), (status = 404, body = ApiError))
)]
pub(super) async fn list_members(
    core: State<Core>,
    Path((id, group)): Path<(DirectoryId, String)>,
    Params(query): Params<MemberQuery>,
) -> Answer<Page<ResourceRef>> {
    Ok(Json(core.run(move |core| people::list_members(core, &id, &group, &query)).await?))
}

/// A window of those who came to a group, or left it, by one change.
#[utoipa::path(
    get, path = "/api/directories/{id}/groups/{groupId}/moved/{seq}", tag = "browse",
    params(("id" = DirectoryId, Path), ("groupId" = String, Path), ("seq" = ChangeSeq, Path), MovedQuery),
    responses((status = 200, body = Page<ResourceRef>), (status = 404, body = ApiError))
)]
pub(super) async fn list_moved_members(
    core: State<Core>,
    Path((id, group, seq)): Path<(DirectoryId, String, String)>,
    Params(query): Params<MovedQuery>,
) -> Answer<Page<ResourceRef>> {
    let seq = number(&seq, "change's number")?;
    Ok(Json(core.run(move |core| people::list_moved(core, &id, &group, seq, &query)).await?))
}
