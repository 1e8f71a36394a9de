//! Base URLs that changed while identity providers had the ones before.

use super::{Error, admin};
use crate::clock::Millis;
use crate::core::Core;
use crate::insight::former_url::{self, Move};
use crate::model::Event;
use crate::store::{Connection, StoreError, directories, environments, former_urls, settings};

/// Notes who has to be told that the origin of an environment changed.
pub(crate) fn environment_moved(
    c: &Connection,
    environment: &str,
    moved: Move<'_>,
    at: Millis,
) -> Result<(), StoreError> {
    for directory in former_urls::of_environment(c, environment)? {
        let key = directory.directory;
        match former_url::after(moved, directory.known, former_urls::last_use(c, key)?.as_ref()) {
            Some(origin) => former_urls::keep(c, key, &origin, at)?,
            None => drop(former_urls::forget(c, key)?),
        }
    }
    Ok(())
}

/// Notes that the provisioning listener is on `port`: where there is no public URL, that is where base URLs lead. It may have been
/// another one before, also in a former run.
pub(crate) fn port_opened(core: &Core, port: u16) -> Result<(), StoreError> {
    let at = core.clock.now();
    core.store.write(move |tx| {
        let before = settings::port_in_use(tx)?;
        settings::save_port_in_use(tx, port)?;
        let Some(before) = before.filter(|before| *before != port) else { return Ok(()) };
        let (from, to) = (Core::local_url_of(before), Core::local_url_of(port));
        let moved = Move { from: &from, to: &to, local: &to };
        for environment in environments::all(tx)?.iter().filter(|environment| environment.public_url.is_none()) {
            environment_moved(tx, &environment.id, moved, at)?;
        }
        Ok(())
    })
}

/// Notes that an accepted request came through `came_through`: who uses the base URL in force has been told.
pub(crate) fn request_arrived(
    c: &Connection,
    directory: i64,
    came_through: &str,
    local_url: &str,
) -> Result<(), StoreError> {
    // Almost always nothing is kept, and this is on the way of every request.
    if !former_urls::has(c, directory)? {
        return Ok(());
    }
    let Some(base_url) = directories::by_key(c, directory, local_url)?.map(|directory| directory.base_url) else {
        return Ok(());
    };
    if former_url::uses(&base_url, came_through) {
        former_urls::forget(c, directory)?;
    }
    Ok(())
}

/// Forgets what the provider of a directory still has: a person has told it, or does not care.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn forget_former_url(core: &Core, id: &str) -> Result<(), Error> {
    let (live, local_url, id) = (core.live.clone(), core.local_url(), id.to_owned());
    core.store.write(move |tx| {
        let key = directories::find(tx, &id)?.ok_or_else(|| admin::no_directory(&id))?.key;
        if former_urls::forget(tx, key)?
            && let Some(directory) = directories::by_key(tx, key, &local_url)?
        {
            tx.after_commit(move || live.publish(Event::directory(directory)));
        }
        Ok(())
    })
}
