//! Table `organizations`.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::sql::{fold, json};
use crate::clock::{Millis, rfc3339};
use crate::model::{Contents, Organization};

const COLUMNS: &str = "id, environment_id, name, external_id, email_domains, created_at";

pub(crate) fn insert(c: &Connection, organization: &Organization, at: Millis) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO organizations (id, environment_id, name, name_key, external_id, email_domains, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        organization.id,
        organization.environment_id,
        organization.name,
        fold(&organization.name),
        organization.external_id,
        serde_json::to_string(&organization.email_domains)?,
        at,
    ])?;
    Ok(())
}

pub(crate) fn update(c: &Connection, organization: &Organization) -> Result<(), StoreError> {
    let sql = "UPDATE organizations SET name = ?2, name_key = ?3, external_id = ?4, email_domains = ?5 WHERE id = ?1";
    c.prepare_cached(sql)?.execute(params![
        organization.id,
        organization.name,
        fold(&organization.name),
        organization.external_id,
        serde_json::to_string(&organization.email_domains)?,
    ])?;
    Ok(())
}

pub(crate) fn delete(c: &Connection, id: &str) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM organizations WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// All, by name.
pub(crate) fn all(c: &Connection) -> Result<Vec<Organization>, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM organizations ORDER BY name_key, id"))?;
    let rows = statement.query_map([], read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_id(c: &Connection, id: &str) -> Result<Option<Organization>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM organizations WHERE id = ?1");
    Ok(c.prepare_cached(&sql)?.query_row([id], read_row).optional()?)
}

/// The id of an environment's organization with this name, whatever the letter case.
pub(crate) fn id_by_name(c: &Connection, environment: &str, name: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT id FROM organizations WHERE environment_id = ?1 AND name_key = ?2";
    Ok(c.prepare_cached(sql)?.query_row(params![environment, fold(name)], |row| row.get(0)).optional()?)
}

/// The id of an environment's organization with this external id.
pub(crate) fn id_by_external_id(c: &Connection, environment: &str, id: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT id FROM organizations WHERE environment_id = ?1 AND external_id = ?2";
    Ok(c.prepare_cached(sql)?.query_row(params![environment, id], |row| row.get(0)).optional()?)
}

/// What goes with it.
pub(crate) fn contents(c: &Connection, id: &str) -> Result<Contents, StoreError> {
    super::directories::contents(c, "organization_id = ?1", id)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Organization> {
    Ok(Organization {
        id: row.get(0)?,
        environment_id: row.get(1)?,
        name: row.get(2)?,
        external_id: row.get(3)?,
        email_domains: json(row, 4)?,
        created_at: rfc3339(row.get(5)?),
    })
}
