//! Noting that the program runs, and finding out that it did not.

use super::browse::list_directories;
use crate::clock::Millis;
use crate::core::Core;
use crate::insight::absence::{self, Connected};
use crate::model::{AbsenceCause, Directory, Event};
use crate::store::{Connection, StoreError, settings, sightings};

/// Notes that the program runs now. If it was not noted for long, that becomes part of the status: who may have missed it, and `cause`.
///
/// # Errors
/// If the database refuses.
pub(crate) fn note_running(core: &Core, cause: AbsenceCause) -> Result<(), StoreError> {
    let now = core.clock.now();
    let before: Option<Millis> = core.store.write(move |tx| {
        let before = settings::running_at(tx)?;
        settings::save_running_at(tx, now)?;
        Ok::<_, StoreError>(before)
    })?;
    let Some(since) = before.filter(|before| now - before >= absence::LEAST_GAP) else { return Ok(()) };
    let connected = core.store.read_with_requests(|c| connected(core, c))?;
    if let Some(absence) = absence::judge(cause, since, now, &connected) {
        core.set_absence(Some(absence));
        core.live.publish(Event::Status);
    }
    Ok(())
}

/// Every directory that a provider used, the one used last first.
fn connected(core: &Core, c: &Connection) -> Result<Vec<Connected>, StoreError> {
    let last_accepted = sightings::last_accepted(c)?;
    let mut connected: Vec<Connected> = list_directories(core, c)?
        .into_iter()
        .filter_map(|Directory { id, provider, .. }| {
            let last_at = *last_accepted.get(&id)?;
            Some(Connected { directory_id: id, provider, last_at })
        })
        .collect();
    connected.sort_by_key(|directory| std::cmp::Reverse(directory.last_at));
    Ok(connected)
}

/// Says no more that the program was not there: a person has read it.
pub(crate) fn dismiss(core: &Core) {
    if core.set_absence(None) {
        core.live.publish(Event::Status);
    }
}
