//! Base URLs that changed while identity providers had the ones before.

use std::collections::HashMap;

use super::{Error, Result};
use crate::clock::Millis;
use crate::core::Core;
use crate::insight::former_url::{self, LastUse, Move};
use crate::model::{DirectoryId, DirectoryKey, EnvironmentId};
use crate::store::former_urls::Moved;
use crate::store::{Connection, StoreError, directories, environments, former_urls, settings};

/// How the providers of some directories, by their keys, last got in.
pub(crate) type LastUses = HashMap<DirectoryKey, LastUse>;

/// The last uses of an environment's directories.
///
/// # Errors
/// If a database refuses.
pub(crate) fn last_uses(core: &Core, environment: &str) -> Result<LastUses, StoreError> {
    core.store.read_with_requests(|c| {
        let mut uses = LastUses::new();
        for Moved { directory, .. } in former_urls::of_environment(c, environment)? {
            let last = former_urls::last_use(c, directory)?.map(|came_through| LastUse { came_through });
            uses.extend(last.map(|last| (directory, last)));
        }
        Ok(uses)
    })
}

/// Notes whose providers have to be told that their origin changed: those of an environment's directories, or of one of them.
pub(crate) fn origin_moved(
    c: &Connection,
    environment: &EnvironmentId,
    one: Option<DirectoryKey>,
    moved: Move<'_>,
    uses: &LastUses,
    at: Millis,
) -> Result<(), StoreError> {
    for Moved { directory, known } in former_urls::of_environment(c, environment)? {
        if one.is_some_and(|one| one != directory) {
            continue;
        }
        match former_url::after(moved, known, uses.get(&directory)) {
            Some(origin) => former_urls::keep(c, directory, &origin, at)?,
            None => drop(former_urls::forget(c, directory)?),
        }
    }
    Ok(())
}

/// Notes that the provisioning listener is on `port`: where there is no public URL, that is where base URLs lead. It may have been
/// another one before, also in a former run.
pub(crate) fn port_opened(core: &Core, port: u16) -> Result<(), StoreError> {
    let at = core.clock.now();
    let local: Vec<_> = core.store.read(environments::all)?;
    let local: Vec<_> = local.into_iter().filter(|environment| environment.public_url.is_none()).collect();
    let mut uses = LastUses::new();
    for environment in &local {
        uses.extend(last_uses(core, &environment.id)?);
    }
    core.store.write(move |tx| {
        let before = settings::port_in_use(tx)?;
        settings::save_port_in_use(tx, port)?;
        let Some(before) = before.filter(|before| *before != port) else { return Ok(()) };
        let (from, to) = (Core::local_url_of(before), Core::local_url_of(port));
        let moved = Move { from: &from, to: &to, local: &to };
        local.iter().try_for_each(|environment| origin_moved(tx, &environment.id, None, moved, &uses, at))
    })
}

/// Notes that accepted requests came through `came_through`: who uses the base URL in force has been told.
///
/// # Errors
/// If a database refuses.
pub(crate) fn request_arrived(core: &Core, directory: DirectoryKey, came_through: &str) -> Result<(), StoreError> {
    // Almost always nothing is kept.
    if !core.store.read(|c| former_urls::has(c, directory))? {
        return Ok(());
    }
    let scope = core.scopes.now().all().into_iter().find(|scope| scope.directory == directory);
    if scope.is_some_and(|scope| former_url::uses(&scope.base_url, came_through)) {
        core.store.write(move |tx| former_urls::forget(tx, directory))?;
    }
    Ok(())
}

/// Forgets what the provider of a directory still has: a person has told it, or does not care.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn forget_former_url(core: &Core, id: &DirectoryId) -> Result<()> {
    let forgotten = id.to_owned();
    let was_kept = core.store.write(move |tx| {
        let key = directories::key(tx, &forgotten)?.ok_or_else(|| Error::missing("directory", &forgotten))?;
        Ok::<_, Error>(former_urls::forget(tx, key)?)
    })?;
    if was_kept {
        super::browse::publish_directory(core, id)?;
    }
    Ok(())
}
