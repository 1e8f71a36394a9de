//! Table `deleted_users`: what is kept of users where deletion is soft.

use rusqlite::{Connection, params};
use scim::comparison_key;

use super::Result;
use super::resources::ResourceRecord;
use super::sql::{execute, fetch_optional};
use crate::clock::Millis;
use crate::model::DirectoryKey;

/// What a deleted user gets back.
#[derive(Debug)]
pub(crate) struct Tombstone {
    pub(crate) id: String,
    /// The last one it had.
    pub(crate) version: i64,
    pub(crate) created_at: Millis,
}

/// Keeps the id of a user who is about to be deleted.
pub(crate) fn keep(c: &Connection, directory: DirectoryKey, user: &ResourceRecord) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO deleted_users (directory, user_name_key, id, version, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    execute(c, sql, params![directory, comparison_key(&user.user_name), user.id, user.version, user.created_at])
}

/// Takes out what was kept of the user with this name, whatever its letter case.
pub(crate) fn take(c: &Connection, directory: DirectoryKey, user_name: &str) -> Result<Option<Tombstone>> {
    let sql = "DELETE FROM deleted_users WHERE directory = ?1 AND user_name_key = ?2 RETURNING id, version, created_at";
    fetch_optional(c, sql, params![directory, comparison_key(user_name)], |row| {
        Ok(Tombstone { id: row.get(0)?, version: row.get(1)?, created_at: row.get(2)? })
    })
}
