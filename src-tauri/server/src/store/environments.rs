//! Table `environments`.

use rusqlite::{Connection, Row, params};

use super::StoreError;
use super::sql::{fetch_all, fetch_one, fetch_optional, fold, run};
use crate::clock::{Millis, rfc3339};
use crate::model::{Contents, Environment, EnvironmentId};

const COLUMNS: &str = "id, name, public_url, local_only, created_at";

pub(crate) fn insert(c: &Connection, environment: &Environment, at: Millis) -> Result<(), StoreError> {
    let sql = "INSERT INTO environments (id, name, name_key, public_url, local_only, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    c.prepare_cached(sql)?.execute(params![
        environment.id,
        environment.name,
        fold(&environment.name),
        environment.public_url,
        environment.local_only,
        at
    ])?;
    Ok(())
}

pub(crate) fn update(c: &Connection, environment: &Environment) -> Result<(), StoreError> {
    let sql = "UPDATE environments SET name = ?2, name_key = ?3, public_url = ?4, local_only = ?5 WHERE id = ?1";
    c.prepare_cached(sql)?.execute(params![
        environment.id,
        environment.name,
        fold(&environment.name),
        environment.public_url,
        environment.local_only
    ])?;
    Ok(())
}

pub(crate) fn delete(c: &Connection, id: &EnvironmentId) -> Result<(), StoreError> {
    run(c, "DELETE FROM environments WHERE id = ?1", [id])?;
    Ok(())
}

/// All, by name.
pub(crate) fn all(c: &Connection) -> Result<Vec<Environment>, StoreError> {
    fetch_all(c, &format!("SELECT {COLUMNS} FROM environments ORDER BY name_key"), [], read_row)
}

pub(crate) fn by_id(c: &Connection, id: &EnvironmentId) -> Result<Option<Environment>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM environments WHERE id = ?1");
    fetch_optional(c, &sql, [id], read_row)
}

/// The id of the environment with this name, whatever the letter case.
pub(crate) fn id_by_name(c: &Connection, name: &str) -> Result<Option<EnvironmentId>, StoreError> {
    let sql = "SELECT id FROM environments WHERE name_key = ?1";
    fetch_optional(c, sql, [fold(name)], |row| row.get(0))
}

/// What goes with it.
pub(crate) fn contents(c: &Connection, id: &EnvironmentId) -> Result<Contents, StoreError> {
    let organizations =
        fetch_one(c, "SELECT count(*) FROM organizations WHERE environment_id = ?1", [id], |row| row.get(0))?;
    let inside = "organization_id IN (SELECT id FROM organizations WHERE environment_id = ?1)";
    Ok(Contents { organizations, ..super::directories::contents(c, inside, id)? })
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Environment> {
    Ok(Environment {
        id: row.get(0)?,
        name: row.get(1)?,
        public_url: row.get(2)?,
        local_only: row.get(3)?,
        created_at: rfc3339(row.get(4)?),
    })
}
