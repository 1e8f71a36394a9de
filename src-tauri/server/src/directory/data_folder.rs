//! The data folder, as people look after it: what is wrong with it, the backups in it, and what was put aside.

use super::{Error, Result};
use crate::clock::{rfc3339, stamp};
use crate::core::Core;
use crate::model::{Backup, DataCheck, DataOutcome, Event, SetAside, StagedRestore};
use crate::store::{Entry, Staged};

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
    let backup =
        |Entry { name, path, at, bytes, .. }| Backup { name, path: path.display().to_string(), at: rfc3339(at), bytes };
    let mut backups: Vec<Backup> = core.store.backups()?.into_iter().map(backup).collect();
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
    if core.store.delete_backup(name)? { Ok(()) } else { Err(no_backup(name)) }
}

fn no_backup(name: &str) -> Error {
    Error::NotFound(format!("There is no backup {name} in the data folder. It may have been deleted."))
}

/// Prepares a backup to be put in the place of what is there at the next start.
///
/// # Errors
/// If there is none with this name, or it is not whole; then nothing has changed.
pub(crate) fn stage_restore(core: &Core, name: &str) -> Result<StagedRestore> {
    let staged = Staged { backup: name.to_owned(), at: core.clock.now() };
    match core.store.stage_restore(&staged) {
        Ok(true) => {}
        Ok(false) => return Err(no_backup(name)),
        Err(error) => {
            tracing::warn!(%error, "a restore could not be prepared");
            return Err(Error::conflict("name", error.to_string()));
        }
    }
    core.live.publish(Event::Status);
    Ok(StagedRestore { backup: staged.backup, at: rfc3339(staged.at) })
}

/// What the next start restores.
///
/// # Errors
/// If that cannot be read.
pub(crate) fn staged_restore(core: &Core) -> Result<Option<StagedRestore>> {
    let staged = core.store.staged_restore()?;
    Ok(staged.map(|Staged { backup, at }| StagedRestore { backup, at: rfc3339(at) }))
}

/// Calls off the restore at the next start.
///
/// # Errors
/// If there is none.
pub(crate) fn cancel_restore(core: &Core) -> Result<()> {
    if !core.store.unstage_restore()? {
        return Err(Error::NotFound("No restore is prepared.".to_owned()));
    }
    core.live.publish(Event::Status);
    Ok(())
}

/// What was put aside in the data folder, the newest first.
///
/// # Errors
/// If the folder cannot be read.
pub(crate) fn list_set_aside(core: &Core) -> Result<Vec<SetAside>> {
    let set_aside = |(what, Entry { name, path, at, bytes, .. })| SetAside {
        name,
        what,
        path: path.display().to_string(),
        at: rfc3339(at),
        bytes,
    };
    let mut all: Vec<SetAside> = core.store.set_aside()?.into_iter().map(set_aside).collect();
    all.sort_by(|a, b| (&b.at, &b.name).cmp(&(&a.at, &a.name)));
    Ok(all)
}

/// Deletes what was put aside.
///
/// # Errors
/// If there is none with this name.
pub(crate) fn delete_set_aside(core: &Core, name: &str) -> Result<()> {
    match core.store.delete_set_aside(name)? {
        true => Ok(()),
        false => Err(Error::NotFound(format!("There is no {name} in the data folder. It may have been deleted."))),
    }
}
