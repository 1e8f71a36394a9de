//! What people look at: directories, the one that something stands in, and changes.

use std::sync::Arc;

use serde::Deserialize;
use utoipa::IntoParams;

use super::{Error, Result};
use crate::core::Core;
use crate::insight::guide;
use crate::insight::path_doctor::Known;
use crate::model::{Change, ChangeSeq, Directory, DirectoryId, DirectoryKey, Event, Page, ResourceKind};
use crate::scopes::Scope;
use crate::store::directories::DirectoryContext;
use crate::store::{Connection, StoreError, changes, directories, resources};

/// Rows in a window at the most.
pub(super) const MOST_ROWS: u32 = 200;

/// Rows of a window at the most, up to [`MOST_ROWS`]; `DEFAULT` if nobody says how many.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Limit<const DEFAULT: u32>(u32);

/// Which changes, newest first.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeQuery {
    /// Of one user or group.
    pub(crate) resource_id: Option<String>,
    /// Only those with a smaller `seq`.
    pub(crate) before: Option<ChangeSeq>,
    /// Rows at the most, up to 200.
    #[param(value_type = u32)]
    pub(crate) limit: Limit<100>,
}

impl<const DEFAULT: u32> Limit<DEFAULT> {
    pub(super) fn rows(self) -> u32 {
        self.0.min(MOST_ROWS)
    }
}

impl<const DEFAULT: u32> Default for Limit<DEFAULT> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

/// All directories, Primary first, then by name. `c` reads both databases, as for [`directory_by_id`] and [`directory_by_key`].
///
/// # Errors
/// If a database refuses.
pub(super) fn list_directories(core: &Core, c: &Connection) -> Result<Vec<Directory>, StoreError> {
    with_context(core, |context| directories::all(c, context))
}

/// Reads a directory.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn read_directory(core: &Core, id: &DirectoryId) -> Result<Directory> {
    core.store.read_with_requests(|c| directory_by_id(core, c, id)).map(|(_, directory)| directory)
}

/// Tells every client what a directory is now.
///
/// # Errors
/// If a database refuses.
pub(super) fn publish_directory(core: &Core, id: &DirectoryId) -> Result<(), StoreError> {
    match read_directory(core, id) {
        Ok(directory) => core.live.publish(Event::directory(directory)),
        Err(Error::Store(error)) => return Err(error),
        // One that is gone is told of otherwise.
        Err(_) => {}
    }
    Ok(())
}

/// The directory with this id, and its key.
///
/// # Errors
/// If there is none with this id.
pub(super) fn directory_by_id(core: &Core, c: &Connection, id: &DirectoryId) -> Result<(DirectoryKey, Directory)> {
    let missing = || Error::missing("directory", id);
    let key = directories::key(c, id)?.ok_or_else(missing)?;
    Ok((key, directory_by_key(core, c, key)?.ok_or_else(missing)?))
}

/// The directory with this key.
///
/// # Errors
/// If a database refuses.
pub(crate) fn directory_by_key(
    core: &Core,
    c: &Connection,
    key: DirectoryKey,
) -> Result<Option<Directory>, StoreError> {
    with_context(core, |context| directories::by_key(c, key, context))
}

/// A directory as an address is compared with it.
pub(crate) fn known_as(scope: &Scope) -> Known {
    Known { id: scope.directory_id.clone(), name: scope.name.clone(), base_url: scope.base_url.clone() }
}

/// A window of the changes of a directory.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn list_changes(core: &Core, directory_id: &DirectoryId, query: &ChangeQuery) -> Result<Page<Change>> {
    let directory = find(core, directory_id)?.directory;
    core.store.read(|c| {
        let resource = match &query.resource_id {
            // No resource has this key.
            Some(id) => Some(resources::key(c, directory, id)?.unwrap_or_default()),
            None => None,
        };
        let items = changes::page(c, directory, resource, query.before, query.limit.rows())?;
        Ok(Page { total: changes::count(c, directory, resource)?, items })
    })
}

/// What a user or group is called; `None`: there is none with this id.
///
/// # Errors
/// Only if the database refuses.
pub(crate) fn name_of(
    core: &Core,
    directory: DirectoryKey,
    kind: ResourceKind,
    id: &str,
) -> Result<Option<String>, StoreError> {
    core.store.read(|c| {
        let known = resources::resolve(c, directory, id)?.filter(|known| known.kind == kind);
        Ok(known.map(|known| known.name))
    })
}

/// A directory that a person asks for.
///
/// # Errors
/// If there is none with this id.
pub(crate) fn find(core: &Core, directory_id: &DirectoryId) -> Result<Arc<Scope>> {
    core.scopes.get(directory_id).ok_or_else(|| Error::missing("directory", directory_id))
}

fn with_context<T>(core: &Core, read: impl FnOnce(&DirectoryContext<'_>) -> T) -> T {
    read(&DirectoryContext {
        local_url: &core.local_url(),
        provider_of: guide::provider,
        has_forwarded_token: &|id, to| core.targets.has_token(id, to),
    })
}
