//! How long the history of users and groups is kept.

use crate::clock::{DAY, Millis};
use crate::core::Core;
use crate::model::{ChangeSeq, ResourceKey, Settings};
use crate::store::history::{self, Retention};
use crate::store::{StoreError, settings};

/// Changes after which it is looked whether a resource has too many: few enough that one which changes all the time does not fill the disk.
const LOOKED_AFTER: i64 = 1_000;

/// Lets go of what is too much of each history whenever much has changed, until the store closes. Blocks.
pub(crate) fn keep_short(core: &Core) {
    let mut looked = ChangeSeq(0);
    while let Some(newest) = core.store.wait_for_changes(looked, LOOKED_AFTER) {
        match delete_many_since(core, looked) {
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

/// Lets go of the changes that are older than the settings allow.
///
/// # Errors
/// If the database refuses.
pub(crate) fn delete_old(core: &Core) -> Result<(), StoreError> {
    let settings = core.store.read(settings::read)?;
    let Some(at) = since(core, &settings) else { return Ok(()) };
    for scope in core.scopes.now().all() {
        let resources = core.store.read(|c| history::with_older(c, scope.directory, at))?;
        retain(core, &resources, &settings)?;
    }
    Ok(())
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
