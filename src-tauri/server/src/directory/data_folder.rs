//! The data folder, as people look after it: what is wrong with it, and the backups in it.

use super::{Error, Result};
use crate::clock::{rfc3339, stamp};
use crate::core::Core;
use crate::model::{Backup, DataCheck, DataOutcome, Event};

/// Looks through the data folder, and mends what can be if `repairs`.
///
/// # Errors
/// If it cannot be read or, with `repairs`, be written.
pub(crate) fn check_data(core: &Core, repairs: bool) -> Result<DataCheck> {
    let check = core.store.check(repairs, || core.set_requests_aside())?;
    if check.findings.iter().any(|finding| finding.outcome == DataOutcome::Repaired) {
        // Lists and numbers may say something else now.
        core.live.publish(Event::Resync);
    }
    Ok(check)
}

/// The backups in the data folder, the newest first.
///
/// # Errors
/// If the folder cannot be read.
pub(crate) fn list_backups(core: &Core) -> Result<Vec<Backup>> {
    let mut backups: Vec<Backup> = core
        .store
        .backups()?
        .into_iter()
        .map(|kept| Backup {
            at: rfc3339(kept.at),
            name: kept.name,
            path: kept.path.display().to_string(),
            bytes: kept.bytes,
        })
        .collect();
    backups.sort_by(|a, b| (&b.at, &b.name).cmp(&(&a.at, &a.name)));
    Ok(backups)
}

/// Makes a backup in the data folder and returns it.
///
/// # Errors
/// If it cannot be made; then nothing of it is left.
pub(crate) fn create_backup(core: &Core) -> Result<Backup> {
    let name = core.store.back_up(&stamp(core.clock.now())).map_err(|error| {
        tracing::warn!(%error, "a backup could not be made");
        Error::conflict("name", error.to_string())
    })?;
    let made = list_backups(core)?.into_iter().find(|backup| backup.name == name);
    made.ok_or_else(|| Error::NotFound(format!("The backup {name} was deleted at once.")))
}

/// Deletes a backup of the data folder.
///
/// # Errors
/// If there is none with this name.
pub(crate) fn delete_backup(core: &Core, name: &str) -> Result<()> {
    match core.store.delete_backup(name)? {
        true => Ok(()),
        false => {
            Err(Error::NotFound(format!("There is no backup {name} in the data folder. It may have been deleted.")))
        }
    }
}
