//! Table `organizations`.

use rusqlite::{Connection, Row, params};

use super::StoreError;
use super::sql::{fetch_all, fetch_optional, fold, json, run};
use crate::clock::{Millis, rfc3339};
use crate::model::{Contents, EnvironmentId, Organization, OrganizationId};

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

pub(crate) fn delete(c: &Connection, id: &OrganizationId) -> Result<(), StoreError> {
    run(c, "DELETE FROM organizations WHERE id = ?1", [id])?;
    Ok(())
}

/// All, by name.
pub(crate) fn all(c: &Connection) -> Result<Vec<Organization>, StoreError> {
    fetch_all(c, &format!("SELECT {COLUMNS} FROM organizations ORDER BY name_key, id"), [], read_row)
}

pub(crate) fn by_id(c: &Connection, id: &OrganizationId) -> Result<Option<Organization>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM organizations WHERE id = ?1");
    fetch_optional(c, &sql, [id], read_row)
}

/// The id of an environment's organization with this name, whatever the letter case.
pub(crate) fn id_by_name(
    c: &Connection,
    environment: &EnvironmentId,
    name: &str,
) -> Result<Option<OrganizationId>, StoreError> {
    let sql = "SELECT id FROM organizations WHERE environment_id = ?1 AND name_key = ?2";
    fetch_optional(c, sql, params![environment, fold(name)], |row| row.get(0))
}

/// The id of an environment's organization with this external id.
pub(crate) fn id_by_external_id(
    c: &Connection,
    environment: &EnvironmentId,
    id: &str,
) -> Result<Option<OrganizationId>, StoreError> {
    let sql = "SELECT id FROM organizations WHERE environment_id = ?1 AND external_id = ?2";
    fetch_optional(c, sql, params![environment, id], |row| row.get(0))
}

/// What goes with it.
pub(crate) fn contents(c: &Connection, id: &OrganizationId) -> Result<Contents, StoreError> {
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
