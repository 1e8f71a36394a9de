//! Table `environments`.

use rusqlite::{Connection, Row, params};
use scim::comparison_key;

use super::Result;
use super::sql::{execute, fetch_all, fetch_one, fetch_optional};
use crate::clock::{Millis, rfc3339};
use crate::model::{Contents, Environment, EnvironmentId};

const COLUMNS: &str = "id, name, public_url, local_only, created_at";

/// Stores one that is new at `now`, or what one has become.
pub(crate) fn save(c: &Connection, environment: &Environment, now: Millis) -> Result<()> {
    let Environment { id, name, public_url, local_only, .. } = environment;
    // One that an earlier version let have another's name keeps its key for as long as it keeps the name: see `migrations/0013…`.
    let sql = "INSERT INTO environments (id, name, name_key, public_url, local_only, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = iif(excluded.name = name, name_key, excluded.name_key), public_url = excluded.public_url,
               local_only = excluded.local_only";
    execute(c, sql, params![id, name, comparison_key(name), public_url, local_only, now])
}

pub(crate) fn delete(c: &Connection, id: &EnvironmentId) -> Result<()> {
    execute(c, "DELETE FROM environments WHERE id = ?1", [id])
}

/// All, by name.
pub(crate) fn all(c: &Connection) -> Result<Vec<Environment>> {
    fetch_all(c, &format!("SELECT {COLUMNS} FROM environments ORDER BY name_key"), [], read_row)
}

pub(crate) fn by_id(c: &Connection, id: &EnvironmentId) -> Result<Option<Environment>> {
    let sql = format!("SELECT {COLUMNS} FROM environments WHERE id = ?1");
    fetch_optional(c, &sql, [id], read_row)
}

/// The id of the environment with this name, whatever the letter case.
pub(crate) fn id_by_name(c: &Connection, name: &str) -> Result<Option<EnvironmentId>> {
    let sql = "SELECT id FROM environments WHERE name_key = ?1";
    fetch_optional(c, sql, [comparison_key(name)], |row| row.get(0))
}

/// What goes with it.
pub(crate) fn contents(c: &Connection, id: &EnvironmentId) -> Result<Contents> {
    let organizations =
        fetch_one(c, "SELECT count(*) FROM organizations WHERE environment_id = ?1", [id], |row| row.get(0))?;
    let inside = "organization_id IN (SELECT id FROM organizations WHERE environment_id = ?1)";
    Ok(Contents { organizations, ..super::directories::contents(c, inside, id)? })
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Environment> {
    let (id, name, public_url, local_only, created_at) = row.try_into()?;
    Ok(Environment { id, name, public_url, local_only, created_at: rfc3339(created_at) })
}
