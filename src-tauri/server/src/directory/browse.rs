//! What people look at: lists in windows, one resource with its history.

use std::sync::Arc;

use scim::{ResourceSchema, Schema};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::scope::Scope;
use super::{Error, render};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::model::{Change, DeclaredSchema, GroupDetail, GroupRow, Page, ResourceKind, UserDetail, UserRow};
use crate::store::directories::DirectoryRow;
use crate::store::groups::{GroupListing, GroupRecord};
use crate::store::users::{UserListing, UserRecord, fold};
use crate::store::{Connection, StoreError, changes, directories, groups, users};

/// Rows in a window at the most.
pub(super) const MOST_ROWS: u32 = 200;

/// Changes and members that a detail shows.
const CHANGES_SHOWN: u32 = 50;
const MEMBERS_SHOWN: u64 = 200;

/// Which users, in which order.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// Found in `userName` and the name shown, whatever the letter case.
    pub search: String,
    /// Active or not.
    #[param(inline)]
    pub status: UserStatus,
    /// By what.
    #[param(inline)]
    pub sort: Sort,
    /// Which way.
    #[param(inline)]
    pub order: Order,
    /// Rows to skip.
    pub offset: u64,
    /// Rows at the most, up to 200.
    pub limit: u32,
}

/// Which groups, in which order.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct GroupQuery {
    /// Found in `displayName`, whatever the letter case.
    pub search: String,
    /// By what.
    #[param(inline)]
    pub sort: Sort,
    /// Which way.
    #[param(inline)]
    pub order: Order,
    /// Rows to skip.
    pub offset: u64,
    /// Rows at the most, up to 200.
    pub limit: u32,
}

/// Which changes, newest first.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// Of one user or group.
    pub resource_id: Option<String>,
    /// Only those with a smaller `seq`.
    pub before: Option<i64>,
    /// Rows at the most, up to 200.
    pub limit: u32,
}

/// Active users, the others, or all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum UserStatus {
    /// All.
    #[default]
    All,
    /// With `active` true.
    Active,
    /// With `active` false.
    Deactivated,
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Sort {
    /// The newest change.
    #[default]
    Modified,
    /// The name shown.
    Name,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Order {
    /// Oldest, or A, first.
    Asc,
    /// Newest, or Z, first.
    #[default]
    Desc,
}

impl Default for UserQuery {
    fn default() -> Self {
        let (search, status, sort, order) = Default::default();
        Self { search, status, sort, order, offset: 0, limit: MOST_ROWS }
    }
}

impl Default for GroupQuery {
    fn default() -> Self {
        let (search, sort, order) = Default::default();
        Self { search, sort, order, offset: 0, limit: MOST_ROWS }
    }
}

impl Default for ChangeQuery {
    fn default() -> Self {
        Self { resource_id: None, before: None, limit: 100 }
    }
}

/// A window of the users of a directory.
///
/// # Errors
/// If there is no such directory.
pub fn list_users(core: &Core, directory_id: &str, query: &UserQuery) -> Result<Page<UserRow>, Error> {
    let listing = UserListing {
        search: fold(query.search.trim()),
        active: match query.status {
            UserStatus::All => None,
            UserStatus::Active => Some(true),
            UserStatus::Deactivated => Some(false),
        },
        by_name: query.sort == Sort::Name,
        is_descending: query.order == Order::Desc,
        offset: query.offset,
        limit: query.limit.min(MOST_ROWS),
    };
    core.store.read(|c| {
        let directory = find(c, directory_id)?;
        let (total, records) = users::list(c, directory.key, &listing)?;
        let items = records.iter().map(|record| user_row(c, record)).collect::<Result<_, _>>()?;
        Ok(Page { total, items })
    })
}

/// A user with its groups and newest changes.
///
/// # Errors
/// If there is no such directory or user.
pub fn read_user(core: &Core, directory_id: &str, user_id: &str) -> Result<UserDetail, Error> {
    core.store.read(|c| {
        let scope = scope(&find(c, directory_id)?, &core.local_url());
        let record = users::by_id(c, scope.directory, user_id)?
            .ok_or_else(|| Error::NotFound(format!("There is no user with the id {user_id} in this directory.")))?;
        let groups = super::users::groups_of(c, &scope, user_id)?;
        let direct = groups.iter().filter(|belonging| belonging.is_direct).map(|belonging| belonging.group.clone());
        Ok(UserDetail {
            row: user_row(c, &record)?,
            resource: render::user(&record, &scope.base_url, &groups).into(),
            groups: direct.collect(),
            changes: changes::page(c, scope.directory, Some(user_id), None, CHANGES_SHOWN)?,
        })
    })
}

/// A window of the groups of a directory.
///
/// # Errors
/// If there is no such directory.
pub fn list_groups(core: &Core, directory_id: &str, query: &GroupQuery) -> Result<Page<GroupRow>, Error> {
    let listing = GroupListing {
        search: fold(query.search.trim()),
        by_name: query.sort == Sort::Name,
        is_descending: query.order == Order::Desc,
        offset: query.offset,
        limit: query.limit.min(MOST_ROWS),
    };
    core.store.read(|c| {
        let directory = find(c, directory_id)?;
        let (total, records) = groups::list(c, directory.key, &listing)?;
        let items = records.iter().map(|record| group_row(c, record)).collect::<Result<_, _>>()?;
        Ok(Page { total, items })
    })
}

/// A group with its first members and newest changes.
///
/// # Errors
/// If there is no such directory or group.
pub fn read_group(core: &Core, directory_id: &str, group_id: &str) -> Result<GroupDetail, Error> {
    core.store.read(|c| {
        let scope = scope(&find(c, directory_id)?, &core.local_url());
        let record = groups::by_id(c, scope.directory, group_id)?
            .ok_or_else(|| Error::NotFound(format!("There is no group with the id {group_id} in this directory.")))?;
        let members = groups::members(c, scope.directory, record.key, MEMBERS_SHOWN)?;
        Ok(GroupDetail {
            row: group_row(c, &record)?,
            resource: render::group(&record, &scope.base_url, None).into(),
            members: members.iter().map(groups::MemberRow::to_ref).collect(),
            changes: changes::page(c, scope.directory, Some(group_id), None, CHANGES_SHOWN)?,
        })
    })
}

/// A window of the changes of a directory.
///
/// # Errors
/// If there is no such directory.
pub fn list_changes(core: &Core, directory_id: &str, query: &ChangeQuery) -> Result<Page<Change>, Error> {
    core.store.read(|c| {
        let directory = find(c, directory_id)?.key;
        let resource = query.resource_id.as_deref();
        let items = changes::page(c, directory, resource, query.before, query.limit.min(MOST_ROWS))?;
        Ok(Page { total: changes::count(c, directory, resource)?, items })
    })
}

/// What a user or group is called; `None`: there is none with this id.
///
/// # Errors
/// Only if the database refuses.
pub(crate) fn name_of(core: &Core, directory: i64, kind: ResourceKind, id: &str) -> Result<Option<String>, StoreError> {
    core.store.read(|c| match kind {
        ResourceKind::User => Ok(users::by_id(c, directory, id)?.map(|user| user.display_name)),
        ResourceKind::Group => Ok(groups::by_id(c, directory, id)?.map(|group| group.display_name)),
    })
}

/// The scope of a directory for the requests that it gets.
pub(crate) fn scope(directory: &DirectoryRow, local_url: &str) -> Scope {
    let origin = directory.public_url.as_deref().unwrap_or(local_url);
    Scope {
        directory: directory.key,
        directory_id: directory.id.clone(),
        base_url: format!("{origin}/scim/v2/{}", directory.id),
        policy: directory.policy.clone(),
        user: extended(scim::user(), ResourceKind::User, &directory.schemas),
        group: extended(scim::group(), ResourceKind::Group, &directory.schemas),
        email_domains: directory.email_domains.clone(),
    }
}

/// A type of resource with the extensions that a directory declares for it.
fn extended(base: &'static ResourceSchema, kind: ResourceKind, declared: &[DeclaredSchema]) -> Arc<ResourceSchema> {
    let of_kind = declared.iter().filter(|declared| declared.resource_kind == kind);
    // What is stored was checked when it was declared.
    let extensions = of_kind.filter_map(|declared| Schema::parse_extension(&declared.schema).ok());
    Arc::new(base.with_extensions(extensions))
}

pub(super) fn find(c: &Connection, directory_id: &str) -> Result<DirectoryRow, Error> {
    directories::find(c, directory_id)?
        .ok_or_else(|| Error::NotFound(format!("There is no directory with the id {directory_id}.")))
}

fn user_row(c: &Connection, record: &UserRecord) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        id: record.id.clone(),
        user_name: record.user_name.clone(),
        display_name: record.display_name.clone(),
        active: record.active,
        groups: groups::count_of_member(c, &record.id)?,
        source: record.source.clone(),
        modified_at: rfc3339(record.modified_at),
        last_change: changes::by_seq(c, record.last_change)?,
    })
}

fn group_row(c: &Connection, record: &GroupRecord) -> Result<GroupRow, StoreError> {
    Ok(GroupRow {
        id: record.id.clone(),
        display_name: record.display_name.clone(),
        members: record.member_count,
        source: record.source.clone(),
        modified_at: rfc3339(record.modified_at),
        last_change: changes::by_seq(c, record.last_change)?,
    })
}
