//! The setup guide of a directory.

use std::collections::BTreeMap;

use super::browse::directory_by_id;
use super::{Error, Result};
use crate::clock::Millis;
use crate::core::Core;
use crate::insight::guide::{self, Setup};
use crate::model::{Directory, DirectoryId, DirectoryKey, Guide, GuidePatch, GuideTrackId};
use crate::store::{Connection, StoreError, api_calls, guide as store, sightings, tokens};

/// How far the setup has come, by the directory's track or by `shown`.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn read_guide(core: &Core, id: &DirectoryId, shown: Option<GuideTrackId>) -> Result<Guide> {
    let now = core.clock.now();
    core.store.read_with_requests(|c| {
        let (key, directory) = directory_by_id(core, c, id)?;
        let chosen = store::track(c, key)?;
        let guide = with_situation(c, key, &directory, now, shown.or(chosen), guide::evaluate)?;
        Ok(Guide { is_in_force: guide.track == directory.provider.track, is_chosen: chosen.is_some(), ..guide })
    })
}

/// Chooses a track, and ticks steps of it by hand or takes such ticks back.
///
/// # Errors
/// If there is no such directory, or no such step in the track.
pub(crate) fn update_guide(core: &Core, id: &DirectoryId, patch: GuidePatch) -> Result<Guide> {
    let now = core.clock.now();
    let (key, in_force) = core.store.read_with_requests(|c| {
        let (key, directory) = directory_by_id(core, c, id)?;
        let chosen = store::track(c, key)?;
        Ok::<_, Error>((key, with_situation(c, key, &directory, now, chosen, guide::track_in_force)?))
    })?;
    core.store.write(move |tx| {
        let track = patch.track.unwrap_or(in_force);
        if patch.track.is_some() || !patch.steps.is_empty() {
            // Who ticks a step follows this track: from now on it does not change with what is seen.
            store::save_track(tx, key, track)?;
        }
        for (step, is_done) in &patch.steps {
            if !guide::has_step(track, step) {
                return Err(Error::invalid("steps", format!("This guide has no step {step:?}.")));
            }
            if *is_done {
                store::tick(tx, key, track, step, now)?;
            } else {
                store::untick(tx, key, track, step)?;
            }
        }
        Ok(())
    })?;
    // Other windows read the guide again with whatever happens to its directory, whose provider may be another one now.
    super::browse::publish_directory(core, id)?;
    read_guide(core, id, None)
}

/// Gathers what a guide depends on. Ticks belong to a track, and the track in force may follow from the rest.
fn with_situation<T>(
    c: &Connection,
    key: DirectoryKey,
    directory: &Directory,
    now: Millis,
    chosen: Option<GuideTrackId>,
    then: impl FnOnce(&Setup<'_>) -> T,
) -> Result<T, StoreError> {
    let sightings = sightings::of_directory(c, key)?;
    let none = BTreeMap::new();
    let mut setup = Setup {
        chosen,
        ticks: &none,
        sightings: &sightings,
        name: &directory.name,
        is_local: directory.base_url_is_local,
        rejected: directory.rejected.as_ref(),
        last_four: directory.token.as_ref().map(|token| token.last_four.as_str()),
        token_at: tokens::created_at(c, key)?,
        read_by_app_at: api_calls::last_read(c, key)?,
        now,
    };
    let track: GuideTrackId = guide::track_in_force(&setup);
    let ticks = store::ticks(c, key, track)?;
    setup.ticks = &ticks;
    Ok(then(&setup))
}
