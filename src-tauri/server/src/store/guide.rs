//! Tables `guide_tracks` and `guide_ticks`: what a person chose and ticked in the setup guide of a directory.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::sql::json;
use crate::clock::Millis;
use crate::model::GuideTrackId;

/// The track that a person chose.
pub(crate) fn track(c: &Connection, directory: i64) -> Result<Option<GuideTrackId>, StoreError> {
    let sql = "SELECT track FROM guide_tracks WHERE directory = ?1";
    Ok(c.prepare_cached(sql)?.query_row([directory], |row| json(row, 0)).optional()?)
}

/// Keeps the track that a person chose.
pub(crate) fn save_track(c: &Connection, directory: i64, track: GuideTrackId) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO guide_tracks (directory, track) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET track = excluded.track";
    c.prepare_cached(sql)?.execute(params![directory, serde_json::to_string(&track)?])?;
    Ok(())
}

/// The steps of a track that a person ticked, and when.
pub(crate) fn ticks(
    c: &Connection,
    directory: i64,
    track: GuideTrackId,
) -> Result<BTreeMap<String, Millis>, StoreError> {
    let sql = "SELECT step, at FROM guide_ticks WHERE directory = ?1 AND track = ?2";
    let mut statement = c.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![directory, serde_json::to_string(&track)?], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Ticks a step; one that is ticked keeps its time.
pub(crate) fn tick(
    c: &Connection,
    directory: i64,
    track: GuideTrackId,
    step: &str,
    at: Millis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO guide_ticks (directory, track, step, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    c.prepare_cached(sql)?.execute(params![directory, serde_json::to_string(&track)?, step, at])?;
    Ok(())
}

/// Takes a tick back.
pub(crate) fn untick(c: &Connection, directory: i64, track: GuideTrackId, step: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM guide_ticks WHERE directory = ?1 AND track = ?2 AND step = ?3";
    c.prepare_cached(sql)?.execute(params![directory, serde_json::to_string(&track)?, step])?;
    Ok(())
}
