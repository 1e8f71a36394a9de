//! What people look at: changes, and the directory that something stands in.

use std::sync::Arc;

use scim::{ResourceSchema, Schema};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Error;
use super::scope::Scope;
use crate::core::Core;
use crate::model::{Change, DeclaredSchema, Page, ResourceKind};
use crate::store::directories::DirectoryRow;
use crate::store::{Connection, StoreError, changes, directories, resources};

/// Rows in a window at the most.
pub(super) const MOST_ROWS: u32 = 200;

/// Which changes, newest first.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeQuery {
    /// Of one user or group.
    pub(crate) resource_id: Option<String>,
    /// Only those with a smaller `seq`.
    pub(crate) before: Option<i64>,
    /// Rows at the most, up to 200.
    pub(crate) limit: u32,
}

impl Default for ChangeQuery {
    fn default() -> Self {
        Self { resource_id: None, before: None, limit: 100 }
    }
}

/// A window of the changes of a directory.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn list_changes(core: &Core, directory_id: &str, query: &ChangeQuery) -> Result<Page<Change>, Error> {
    core.store.read(|c| {
        let directory = find(c, directory_id)?.key;
        let resource = match &query.resource_id {
            // No resource has this key.
            Some(id) => Some(resources::key(c, directory, id)?.unwrap_or_default()),
            None => None,
        };
        let items = changes::page(c, directory, resource, query.before, query.limit.min(MOST_ROWS))?;
        Ok(Page { total: changes::count(c, directory, resource)?, items })
    })
}

/// What a user or group is called; `None`: there is none with this id.
///
/// # Errors
/// Only if the database refuses.
pub(crate) fn name_of(core: &Core, directory: i64, kind: ResourceKind, id: &str) -> Result<Option<String>, StoreError> {
    core.store.read(|c| {
        let known = resources::resolve(c, directory, id)?.filter(|known| known.kind == kind);
        Ok(known.map(|known| known.name))
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
