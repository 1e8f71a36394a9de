//! Noting that the program runs, and finding out that it did not.

use crate::clock::Millis;
use crate::core::Core;
use crate::insight::absence;
use crate::model::{AbsenceCause, Event};
use crate::store::{StoreError, settings, sightings};

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
    let connected = core.store.read(sightings::connected)?;
    if let Some(absence) = absence::judge(cause, since, now, &connected) {
        core.set_absence(Some(absence));
        core.live.publish(Event::Status);
    }
    Ok(())
}

/// Says no more that the program was not there: a person has read it.
pub(crate) fn dismiss(core: &Core) {
    if core.set_absence(None) {
        core.live.publish(Event::Status);
    }
}
