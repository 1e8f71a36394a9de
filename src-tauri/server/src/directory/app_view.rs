//! Users and groups as the software under test reads them, page by page, in the order in which they came: deleted ones, too, as long as they
//! are kept.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::derived::groups_of_all;
use super::render::{Derived, ReadResource};
use super::{Error, Result};
use crate::core::Core;
use crate::model::{
    ChangeSeq, DirectoryId, DirectoryKey, EnvironmentId, OrganizationId, ResourceKey, ResourceKind, ResourceState,
};
use crate::scopes::Scope;
use crate::store::app_view::{self, Found};
use crate::store::resources::StoredResource;
use crate::store::{Connection, ReadLength, StoreError, changes, directories, organizations, resources, versions};

/// Bytes of resources after which a page ends, whatever was asked for.
pub(super) const MOST_BYTES: usize = 4 << 20;

/// Whose users or groups are asked for.
#[derive(Clone, Debug)]
pub(crate) enum Whose {
    /// Of this directory.
    Directory(DirectoryId),
    /// Of the Primary directory of this organization.
    Organization(OrganizationId),
    /// Of the Primary directory of the organization with this external id.
    ExternalId(String),
}

/// A user or group.
#[derive(Clone, Debug)]
pub(crate) struct AppResource {
    pub(crate) key: ResourceKey,
    pub(crate) id: String,
    pub(crate) directory: DirectoryKey,
    pub(crate) directory_id: DirectoryId,
    pub(crate) state: ResourceState,
    /// As the identity provider reads it, without `schemas`, `id`, `meta` and `members`; of one that is deleted, as it was at the end.
    pub(crate) attributes: Map<String, Value>,
}

/// Some of them, and whether there are more.
pub(crate) struct AppPage {
    pub(crate) items: Vec<AppResource>,
    pub(crate) has_more: bool,
}

/// The directory that is read. One of another environment is not there.
///
/// # Errors
/// If there is none; if an organization has no Primary directory.
pub(crate) fn directory_of(core: &Core, environment: &EnvironmentId, whose: &Whose) -> Result<DirectoryId> {
    core.store.read(|c| {
        let organization = match whose {
            Whose::Directory(id) => {
                let is_inside = directories::environment_of(c, id)?.is_some_and(|of| of == *environment);
                return if is_inside { Ok(id.clone()) } else { Err(Error::missing("directory", id)) };
            }
            Whose::Organization(id) => {
                let found = organizations::by_id(c, id)?;
                let found = found.filter(|organization| organization.environment_id == *environment);
                found.ok_or_else(|| Error::missing("organization", id))?.id
            }
            Whose::ExternalId(external_id) => organizations::id_by_external_id(c, environment, external_id)?
                .ok_or_else(|| {
                    Error::NotFound(format!(
                        "There is no organization with the external id {external_id}. The window sets it in Edit organization."
                    ))
                })?,
        };
        directories::primary_of(c, &organization)?.ok_or_else(|| {
            Error::invalid(
                "organizationId",
                "This organization has no Primary directory. Mark one of its directories as Primary, or ask with scimDirectoryId.",
            )
        })
    })
}

/// The users or groups of a directory behind `after`, deleted ones included; of users only the direct members of `group`, if there is one.
///
/// # Errors
/// If there is no such directory or group.
pub(crate) fn page(
    core: &Core,
    directory: &DirectoryId,
    kind: ResourceKind,
    group: Option<&str>,
    after: ResourceKey,
    limit: u32,
) -> Result<AppPage> {
    let scope = super::browse::find(core, directory)?;
    core.store.query(ReadLength::Medium, |c| {
        let found = match group {
            None => app_view::after(c, scope.directory, kind, after, limit + 1)?,
            Some(id) => {
                let group = app_view::find(c, scope.directory, ResourceKind::Group, id)?;
                let group = group.ok_or_else(|| Error::missing("group", id))?;
                app_view::members_after(c, group.key, after, limit + 1)?
            }
        };
        let is_cut = found.len() > limit as usize;
        let (items, is_whole) = read(c, &scope, kind, &found[..found.len().min(limit as usize)])?;
        Ok(AppPage { items, has_more: is_cut || !is_whole })
    })
}

/// The user or group of an environment with this id.
///
/// # Errors
/// If there never was one, or it is not kept any more.
pub(crate) fn by_id(core: &Core, environment: &EnvironmentId, kind: ResourceKind, id: &str) -> Result<AppResource> {
    let missing = || Error::missing(kind.noun(), id);
    core.store.query(ReadLength::Medium, |c| {
        for directory in directories::of_environment(c, environment)? {
            let Some(scope) = core.scopes.get(&directory) else { continue };
            if let Some(found) = app_view::find(c, scope.directory, kind, id)? {
                return read(c, &scope, kind, &[found])?.0.pop().ok_or_else(missing);
            }
        }
        Err(missing())
    })
}

/// Reads resources until they are too many bytes; false: not all of them.
fn read(
    c: &Connection,
    scope: &Arc<Scope>,
    kind: ResourceKind,
    found: &[Found],
) -> Result<(Vec<AppResource>, bool), StoreError> {
    let there = found.iter().filter(|found| kind == ResourceKind::User && found.state != ResourceState::Deleted);
    let ids: Vec<&str> = there.map(|found| found.id.as_str()).collect();
    let mut groups = groups_of_all(c, scope, &ids)?;
    let mut resources = Vec::with_capacity(found.len());
    let mut bytes = 0;
    for Found { key, id, state } in found {
        if bytes > MOST_BYTES {
            return Ok((resources, false));
        }
        let derived = groups.remove(id).map_or(Derived::LeftOut, Derived::Groups);
        let read = match resources::by_key::<StoredResource>(c, *key)? {
            Some(stored) => Some(ReadResource::new(stored, derived)),
            None => {
                let last = changes::newest_until(c, *key, ChangeSeq::MAX)?;
                let last = last.map_or(Ok(None), |last| versions::after(c, last.seq))?;
                last.map(|then| ReadResource::at(*key, kind, id, &then)).transpose()?
            }
        };
        let attributes = attributes(read, scope, kind)?;
        bytes += size(&attributes)?;
        let (id, directory, directory_id) = (id.clone(), scope.directory, scope.directory_id.clone());
        resources.push(AppResource { key: *key, id, directory, directory_id, state: *state, attributes });
    }
    Ok((resources, true))
}

/// What of a resource is its attributes; nothing if what it was is not kept.
pub(super) fn attributes(
    read: Option<ReadResource>,
    scope: &Scope,
    kind: ResourceKind,
) -> Result<Map<String, Value>, StoreError> {
    let mut attributes = read.map_or_else(|| Ok(Map::new()), |read| read.read(&scope.base_url, scope.schema(kind)))?;
    for name in ["schemas", "id", "meta", "members"] {
        attributes.shift_remove(name);
    }
    Ok(attributes)
}

/// How many bytes attributes have as JSON.
pub(super) fn size(attributes: &Map<String, Value>) -> serde_json::Result<usize> {
    Ok(serde_json::to_vec(attributes)?.len())
}

impl AppResource {
    /// The email address of a user: `userName` if it is one, else the primary one; of one that has none, the `userName`.
    pub(crate) fn email(&self) -> &str {
        let name = |name: &str| self.attributes.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, it)| it);
        let user_name = name("userName").and_then(Value::as_str).unwrap_or_default();
        if user_name.contains('@') {
            return user_name;
        }
        let emails = name("emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let primary = emails.iter().find(|email| email["primary"] == true).or(emails.first());
        primary.and_then(|email| email["value"].as_str()).unwrap_or(user_name)
    }

    /// The name of a group.
    pub(crate) fn display_name(&self) -> &str {
        self.attributes.get("displayName").and_then(Value::as_str).unwrap_or_default()
    }
}
