//! Tables `guide_tracks` and `guide_ticks`: what a person chose and ticked in the setup guide of a directory.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row, params};

use super::Result;
use super::sql::{Json, execute, fetch_all, fetch_optional};
use crate::clock::Millis;
use crate::model::{DirectoryKey, GuideTrackId};

/// The track that a person chose.
pub(crate) fn track(c: &Connection, directory: DirectoryKey) -> Result<Option<GuideTrackId>> {
    let sql = "SELECT track FROM guide_tracks WHERE directory = ?1";
    let track: Option<Json<_>> = fetch_optional(c, sql, [directory], |row| row.get(0))?;
    Ok(track.map(|Json(track)| track))
}

/// The tracks that persons chose, by the keys of their directories.
pub(crate) fn tracks(c: &Connection) -> Result<HashMap<DirectoryKey, GuideTrackId>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Json<_>>(1)?.0));
    let tracks: Vec<_> = fetch_all(c, "SELECT directory, track FROM guide_tracks", [], read)?;
    Ok(tracks.into_iter().collect())
}

/// Keeps the track that a person chose.
pub(crate) fn save_track(c: &Connection, directory: DirectoryKey, track: GuideTrackId) -> Result<()> {
    let sql =
        "INSERT INTO guide_tracks (directory, track) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET track = excluded.track";
    execute(c, sql, params![directory, serde_json::to_string(&track)?])
}

/// The steps of a track that a person ticked, and when.
pub(crate) fn ticks(c: &Connection, directory: DirectoryKey, track: GuideTrackId) -> Result<BTreeMap<String, Millis>> {
    let sql = "SELECT step, at FROM guide_ticks WHERE directory = ?1 AND track = ?2";
    fetch_all(c, sql, params![directory, serde_json::to_string(&track)?], |row| row.try_into())
}

/// Ticks a step; one that is ticked keeps its time.
pub(crate) fn tick(c: &Connection, directory: DirectoryKey, track: GuideTrackId, step: &str, at: Millis) -> Result<()> {
    let sql = "INSERT INTO guide_ticks (directory, track, step, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    execute(c, sql, params![directory, serde_json::to_string(&track)?, step, at])
}

/// Takes a tick back.
pub(crate) fn untick(c: &Connection, directory: DirectoryKey, track: GuideTrackId, step: &str) -> Result<()> {
    let sql = "DELETE FROM guide_ticks WHERE directory = ?1 AND track = ?2 AND step = ?3";
    execute(c, sql, params![directory, serde_json::to_string(&track)?, step])
}
