//! Table `settings`: what a person can set for the whole program, as one JSON value.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::model::Settings;

const NAME: &str = "settings";

pub(crate) fn read(c: &Connection) -> Result<Settings, StoreError> {
    let sql = "SELECT value FROM settings WHERE name = ?1";
    let stored: Option<String> = c.prepare_cached(sql)?.query_row([NAME], |row| row.get(0)).optional()?;
    Ok(stored.map_or_else(|| Ok(Settings::default()), |text| serde_json::from_str(&text))?)
}

pub(crate) fn save(c: &Connection, settings: &Settings) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    c.prepare_cached(sql)?.execute(params![NAME, serde_json::to_string(settings)?])?;
    Ok(())
}
