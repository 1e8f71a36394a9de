//! Table `organizations`.

use rusqlite::{Connection, Row, params};
use scim::comparison_key;

use super::Result;
use super::sql::{Json, execute, fetch_all, fetch_optional};
use crate::clock::{Millis, rfc3339};
use crate::model::{Contents, EnvironmentId, Organization, OrganizationId};

const COLUMNS: &str = "id, environment_id, name, external_id, email_domains, created_at";

/// Stores one that is new at `now`, or what one has become.
pub(crate) fn save(c: &Connection, organization: &Organization, now: Millis) -> Result<()> {
    let Organization { id, environment_id, name, external_id, email_domains, .. } = organization;
    let sql = "INSERT INTO organizations (id, environment_id, name, name_key, external_id, email_domains, created_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = iif(excluded.name = name, name_key, excluded.name_key), external_id = excluded.external_id,
               email_domains = excluded.email_domains";
    let email_domains = serde_json::to_string(email_domains)?;
    execute(c, sql, params![id, environment_id, name, comparison_key(name), external_id, email_domains, now])
}

pub(crate) fn delete(c: &Connection, id: &OrganizationId) -> Result<()> {
    execute(c, "DELETE FROM organizations WHERE id = ?1", [id])
}

/// All, by name.
pub(crate) fn all(c: &Connection) -> Result<Vec<Organization>> {
    fetch_all(c, &format!("SELECT {COLUMNS} FROM organizations ORDER BY name_key, id"), [], read_row)
}

pub(crate) fn by_id(c: &Connection, id: &OrganizationId) -> Result<Option<Organization>> {
    let sql = format!("SELECT {COLUMNS} FROM organizations WHERE id = ?1");
    fetch_optional(c, &sql, [id], read_row)
}

/// The id of an environment's organization with this name, whatever the letter case.
pub(crate) fn id_by_name(c: &Connection, environment: &EnvironmentId, name: &str) -> Result<Option<OrganizationId>> {
    let sql = "SELECT id FROM organizations WHERE environment_id = ?1 AND name_key = ?2";
    fetch_optional(c, sql, params![environment, comparison_key(name)], |row| row.get(0))
}

/// The id of an environment's organization with this external id.
pub(crate) fn id_by_external_id(
    c: &Connection,
    environment: &EnvironmentId,
    id: &str,
) -> Result<Option<OrganizationId>> {
    let sql = "SELECT id FROM organizations WHERE environment_id = ?1 AND external_id = ?2";
    fetch_optional(c, sql, params![environment, id], |row| row.get(0))
}

/// What goes with it.
pub(crate) fn contents(c: &Connection, id: &OrganizationId) -> Result<Contents> {
    super::directories::contents(c, "organization_id = ?1", id)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Organization> {
    let (id, environment_id, name, external_id, Json(email_domains), created_at) = row.try_into()?;
    Ok(Organization { id, environment_id, name, external_id, email_domains, created_at: rfc3339(created_at) })
}
