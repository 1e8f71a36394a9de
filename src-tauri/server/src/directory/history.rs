//! How long the history of users and groups is kept, and those that were deleted.

use crate::clock::{DAY, Millis};
use crate::core::Core;
use crate::model::{ChangeSeq, Event, ResourceKey, Settings};
use crate::store::history::{self, Retention};
use crate::store::{StoreError, deleted_resources, listing, settings};

/// Changes after which it is looked whether a resource has too many: few enough that one which changes all the time does not fill the disk.
const LOOKED_AFTER: i64 = 1_000;

/// Resources that one write looks at to remove them.
const MOST_REMOVED: usize = 100;

/// Lets go of what is too much of each history, and of who was deleted, whenever much has changed, until the store closes. Blocks.
pub(crate) fn keep_short(core: &Core) {
    // The truth is on the disk before the lists are: a crash in between leaves them rows that nothing stands behind.
    if let Err(error) = forget_gone(core) {
        tracing::error!(%error, "lists may show users and groups that are not kept any more");
    }
    let mut looked = ChangeSeq(0);
    while let Some(newest) = core.store.wait_for_changes(looked, LOOKED_AFTER) {
        match delete_many_since(core, looked).and_then(|()| delete_deleted(core)) {
            Ok(()) => {}
            Err(StoreError::Closed) => return,
            // The next look comes with the next changes.
            Err(error) => tracing::error!(%error, "the history could not be shortened"),
        }
        looked = newest;
    }
}

/// Lets go of the oldest changes of each user and group that has more than the settings allow.
///
/// # Errors
/// If the database refuses.
pub(crate) fn delete_many(core: &Core) -> Result<(), StoreError> {
    delete_many_since(core, ChangeSeq(0))
}

/// The same of those that have changed after `seq`.
fn delete_many_since(core: &Core, seq: ChangeSeq) -> Result<(), StoreError> {
    let settings = core.store.read(settings::read)?;
    let resources = core.store.read(|c| history::with_more(c, settings.keep_changes, seq))?;
    retain(core, &resources, &settings)
}

/// Lets go of the changes that are older than the settings allow, and of who was deleted as [`delete_deleted`] does.
///
/// # Errors
/// If the database refuses.
pub(crate) fn delete_old(core: &Core) -> Result<(), StoreError> {
    let settings = core.store.read(settings::read)?;
    if let Some(at) = since(core, &settings) {
        for scope in core.scopes.now().all() {
            let resources = core.store.read(|c| history::with_older(c, scope.directory, at))?;
            retain(core, &resources, &settings)?;
        }
    }
    delete_deleted(core)
}

/// Lets go of the users and groups that were deleted and are more, or older, than the settings allow.
///
/// # Errors
/// If a database refuses.
fn delete_deleted(core: &Core) -> Result<(), StoreError> {
    let settings = core.store.read(settings::read)?;
    let retention = Retention { newest: settings.keep_deleted, since: since(core, &settings) };
    let mut has_gone = false;
    for scope in core.scopes.now().all() {
        let mut excess = core.store.read(|c| deleted_resources::excess(c, scope.directory, retention))?;
        has_gone |= !excess.is_empty();
        // Piece by piece: who provisions gets a turn in between.
        while !excess.is_empty() {
            let some: Vec<_> = excess.iter().take(MOST_REMOVED).copied().collect();
            let done = core.store.write(move |tx| deleted_resources::remove_some(tx, &some))?;
            excess.drain(..done);
        }
    }
    if has_gone {
        forget_gone(core)?;
        core.live.publish(Event::Resync);
    }
    Ok(())
}

/// Takes out of the lists who is kept no more.
///
/// # Errors
/// If a database refuses.
fn forget_gone(core: &Core) -> Result<(), StoreError> {
    loop {
        // It waits for what the lists have read of them before.
        let gone = core.store.read_with_requests(listing::without_resource)?;
        if gone.is_empty() {
            return Ok(());
        }
        core.store.write_requests(move |tx| listing::forget(tx, &gone))?;
    }
}

fn retain(core: &Core, resources: &[ResourceKey], settings: &Settings) -> Result<(), StoreError> {
    let retention = Retention { newest: settings.keep_changes, since: since(core, settings) };
    for resource in resources.iter().copied() {
        // Piece by piece: who provisions gets a turn in between.
        while core.store.write(move |tx| history::retain_some(tx, resource, retention))? {}
    }
    Ok(())
}

fn since(core: &Core, settings: &Settings) -> Option<Millis> {
    settings.keep_change_days.map(|days| core.clock.now() - Millis::from(days) * DAY)
}
