//! Table `settings`: what a person can set for the whole program, and what the program keeps of its own runs. Each is one JSON value.

use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Result;
use super::sql::{execute, fetch_optional};
use crate::clock::Millis;
use crate::model::Settings;

const SETTINGS: &str = "settings";

/// The port that the provisioning listener had when it was last opened.
const PORT_IN_USE: &str = "portInUse";

/// When the program last ran.
const RUNNING_AT: &str = "runningAt";

pub(crate) fn read(c: &Connection) -> Result<Settings> {
    Ok(value(c, SETTINGS)?.unwrap_or_default())
}

pub(crate) fn save(c: &Connection, settings: &Settings) -> Result<()> {
    save_value(c, SETTINGS, settings)
}

/// The port that the provisioning listener last had; `None` before its first start.
pub(crate) fn port_in_use(c: &Connection) -> Result<Option<u16>> {
    value(c, PORT_IN_USE)
}

pub(crate) fn save_port_in_use(c: &Connection, port: u16) -> Result<()> {
    save_value(c, PORT_IN_USE, &port)
}

/// When it was last noted that the program runs; `None` before its first start.
pub(crate) fn running_at(c: &Connection) -> Result<Option<Millis>> {
    value(c, RUNNING_AT)
}

pub(crate) fn save_running_at(c: &Connection, at: Millis) -> Result<()> {
    save_value(c, RUNNING_AT, &at)
}

fn value<T: DeserializeOwned>(c: &Connection, name: &str) -> Result<Option<T>> {
    let sql = "SELECT value FROM settings WHERE name = ?1";
    let stored: Option<String> = fetch_optional(c, sql, [name], |row| row.get(0))?;
    Ok(stored.map(|text| serde_json::from_str(&text)).transpose()?)
}

fn save_value<T: Serialize>(c: &Connection, name: &str, value: &T) -> Result<()> {
    let sql =
        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    execute(c, sql, params![name, serde_json::to_string(value)?])
}
