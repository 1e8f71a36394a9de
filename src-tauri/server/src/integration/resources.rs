//! Users and groups, in the shape of SSOReady's API: an app that was written for it only changes its base URL.
//!
//! Its shape and behavior: `ssoready/ssoready`, `internal/store/scim.go` and `internal/authservice/scim.go`.

use axum::extract::State;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::error::IntegrationError;
use super::extract::{Id, Params};
use super::page_token;
use super::recorder::ReadDirectories;
use crate::core::Core;
use crate::directory::api_keys::KeyHolder;
use crate::directory::app_view::{self, AppPage, AppResource, Whose};
use crate::directory::{StoreError, settings};
use crate::model::{DirectoryId, DirectoryKey, OrganizationId, ResourceKind, ResourceState};

/// Resources of a page unless the app says how many, as in SSOReady, and at the most.
const PAGE_SIZE: u32 = 10;
const MOST_ON_PAGE: u32 = 1_000;

/// Whose users or groups, and which of them. One of the first three is needed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Of this directory.
    #[serde(alias = "scim_directory_id")]
    scim_directory_id: String,
    /// Of the Primary directory of this organization.
    #[serde(alias = "organization_id")]
    organization_id: String,
    /// The same, by the id that your software knows the organization by.
    #[serde(alias = "organization_external_id")]
    organization_external_id: String,
    /// Of users: only the direct members of this group.
    #[serde(alias = "scim_group_id")]
    scim_group_id: String,
    /// Where the answer before ended: its `nextPageToken`.
    #[serde(alias = "page_token")]
    page_token: String,
    /// Resources at the most, 1 to 1,000; a page of long ones has fewer.
    #[serde(alias = "page_size")]
    #[param(value_type = Option<u32>)]
    page_size: String,
}

/// A user.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScimUser {
    /// The id that the identity provider knows, too.
    id: String,
    /// The directory it is in.
    scim_directory_id: DirectoryId,
    /// `userName` if that is an email address, else the primary one of `emails`.
    email: String,
    /// What the identity provider sent: `userName`, `name`, `active`, … and the groups it is in.
    attributes: Map<String, Value>,
    /// Whether it was deleted. SSOReady also says so of who was deactivated; a setting does the same here.
    deleted: bool,
}

/// A group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScimGroup {
    /// The id that the identity provider knows, too.
    id: String,
    /// The directory it is in.
    scim_directory_id: DirectoryId,
    /// Its name.
    display_name: String,
    /// What the identity provider sent. Its members are listed as users with `scimGroupId`.
    attributes: Map<String, Value>,
    /// Whether it was deleted.
    deleted: bool,
}

/// Some of the users.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScimUsers {
    /// In the order in which they came.
    scim_users: Vec<ScimUser>,
    /// Where the list goes on; empty: these were the last ones.
    next_page_token: String,
}

/// Some of the groups.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScimGroups {
    /// In the order in which they came.
    scim_groups: Vec<ScimGroup>,
    /// Where the list goes on; empty: these were the last ones.
    next_page_token: String,
}

/// One user.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OneScimUser {
    /// As it is now, or was at its end.
    scim_user: ScimUser,
}

/// One group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OneScimGroup {
    /// As it is now, or was at its end.
    scim_group: ScimGroup,
}

/// An answer, with whose people it has.
type Answer<T> = Result<(Extension<ReadDirectories>, Json<T>), IntegrationError>;

fn answer<T>(read: impl IntoIterator<Item = DirectoryKey>, body: T) -> Answer<T> {
    Ok((Extension(ReadDirectories(read.into_iter().collect())), Json(body)))
}

/// Lists users.
#[utoipa::path(
    get, path = "/v1/scim/users", tag = "scim", params(ListQuery),
    responses((status = 200, body = ScimUsers), (status = "4XX", body = IntegrationError))
)]
pub(super) async fn list_users(
    core: State<Core>,
    Extension(holder): Extension<KeyHolder>,
    Params(query): Params<ListQuery>,
) -> Answer<ScimUsers> {
    core.run(move |core| {
        let is_deleted = deleted_by_settings(core)?;
        let (page, next_page_token) = list(core, &holder, ResourceKind::User, &query)?;
        let read: Vec<_> = page.items.iter().map(|user| user.directory).collect();
        let scim_users = page.items.into_iter().map(|user| ScimUser::new(user, is_deleted)).collect();
        answer(read, ScimUsers { scim_users, next_page_token })
    })
    .await
}

/// Lists groups.
#[utoipa::path(
    get, path = "/v1/scim/groups", tag = "scim", params(ListQuery),
    responses((status = 200, body = ScimGroups), (status = "4XX", body = IntegrationError))
)]
pub(super) async fn list_groups(
    core: State<Core>,
    Extension(holder): Extension<KeyHolder>,
    Params(query): Params<ListQuery>,
) -> Answer<ScimGroups> {
    core.run(move |core| {
        if !query.scim_group_id.is_empty() {
            return Err(IntegrationError::invalid("scimGroupId finds users. Ask /v1/scim/users, or leave it out."));
        }
        let (page, next_page_token) = list(core, &holder, ResourceKind::Group, &query)?;
        let read: Vec<_> = page.items.iter().map(|group| group.directory).collect();
        let scim_groups = page.items.into_iter().map(ScimGroup::new).collect();
        answer(read, ScimGroups { scim_groups, next_page_token })
    })
    .await
}

/// Reads a user.
#[utoipa::path(
    get, path = "/v1/scim/users/{id}", tag = "scim", params(("id" = String, Path)),
    responses((status = 200, body = OneScimUser), (status = "4XX", body = IntegrationError))
)]
pub(super) async fn read_user(
    core: State<Core>,
    Extension(holder): Extension<KeyHolder>,
    Id(id): Id,
) -> Answer<OneScimUser> {
    core.run(move |core| {
        let is_deleted = deleted_by_settings(core)?;
        let user = app_view::by_id(core, &holder.environment, ResourceKind::User, &id)?;
        answer([user.directory], OneScimUser { scim_user: ScimUser::new(user, is_deleted) })
    })
    .await
}

/// Reads a group.
#[utoipa::path(
    get, path = "/v1/scim/groups/{id}", tag = "scim", params(("id" = String, Path)),
    responses((status = 200, body = OneScimGroup), (status = "4XX", body = IntegrationError))
)]
pub(super) async fn read_group(
    core: State<Core>,
    Extension(holder): Extension<KeyHolder>,
    Id(id): Id,
) -> Answer<OneScimGroup> {
    core.run(move |core| {
        let group = app_view::by_id(core, &holder.environment, ResourceKind::Group, &id)?;
        answer([group.directory], OneScimGroup { scim_group: ScimGroup::new(group) })
    })
    .await
}

/// Says which users count as deleted.
pub(super) type IsDeleted = fn(ResourceState) -> bool;

/// What counts as deleted.
pub(super) fn deleted_by_settings(core: &Core) -> Result<IsDeleted, StoreError> {
    Ok(match settings::read_settings(core)?.deactivated_is_deleted {
        true => |state| state != ResourceState::Active,
        false => |state| state == ResourceState::Deleted,
    })
}

fn list(
    core: &Core,
    holder: &KeyHolder,
    kind: ResourceKind,
    query: &ListQuery,
) -> Result<(AppPage, String), IntegrationError> {
    let directory = app_view::directory_of(core, &holder.environment, &query.whose()?)?;
    let group = Some(query.scim_group_id.as_str()).filter(|id| !id.is_empty());
    let name = format!("{} {directory} {}", kind.noun(), group.unwrap_or_default());
    let after = page_token::read(&name, &query.page_token)?;
    let page = app_view::page(core, &directory, kind, group, after, query.page_size()?)?;
    let last = page.items.last().filter(|_| page.has_more);
    let next = last.map(|last| page_token::write(&name, last.key)).unwrap_or_default();
    Ok((page, next))
}

impl ListQuery {
    fn whose(&self) -> Result<Whose, IntegrationError> {
        let Self {
            scim_directory_id: directory,
            organization_id: organization,
            organization_external_id: external,
            ..
        } = self;
        let given = [
            ("scimDirectoryId", directory, Whose::Directory(DirectoryId(directory.clone()))),
            ("organizationId", organization, Whose::Organization(OrganizationId(organization.clone()))),
            ("organizationExternalId", external, Whose::ExternalId(external.clone())),
        ];
        let mut given: Vec<_> = given.into_iter().filter(|(_, text, _)| !text.is_empty()).collect();
        match (given.pop(), given.pop()) {
            (Some((_, _, whose)), None) => Ok(whose),
            (None, _) => Err(IntegrationError::invalid(
                "Say whose: send scimDirectoryId, organizationId or organizationExternalId.",
            )),
            (Some((last, ..)), Some((other, ..))) => {
                let text = format!("{other} and {last} name two things. Send one of them.");
                Err(IntegrationError::invalid(text))
            }
        }
    }

    fn page_size(&self) -> Result<u32, IntegrationError> {
        if self.page_size.is_empty() {
            return Ok(PAGE_SIZE);
        }
        let size = self.page_size.parse().ok().filter(|size| (1..=MOST_ON_PAGE).contains(size));
        size.ok_or_else(|| IntegrationError::invalid("pageSize is a number from 1 to 1,000."))
    }
}

impl ScimUser {
    pub(super) fn new(user: AppResource, is_deleted: IsDeleted) -> Self {
        let (email, deleted) = (user.email().to_owned(), is_deleted(user.state));
        let AppResource { id, directory_id, attributes, .. } = user;
        Self { id, scim_directory_id: directory_id, email, attributes, deleted }
    }
}

impl ScimGroup {
    pub(super) fn new(group: AppResource) -> Self {
        let (display_name, deleted) = (group.display_name().to_owned(), group.state == ResourceState::Deleted);
        let AppResource { id, directory_id, attributes, .. } = group;
        Self { id, scim_directory_id: directory_id, display_name, attributes, deleted }
    }
}
