//! Table `api_keys`, and when each was last used, which stands in the other database.

use rusqlite::{Connection, Row, params};
use scim::comparison_key;

use super::Result;
use super::sql::{execute, fetch_all, fetch_one, fetch_optional};
use crate::clock::{Millis, rfc3339};
use crate::model::{ApiKey, ApiKeyId, EnvironmentId};
use crate::secret::TokenHash;

const COLUMNS: &str = "k.id, k.environment_id, k.name, k.last_four, k.created_at, u.last_used_at, k.revoked_at
                       FROM api_keys k LEFT JOIN requests.api_key_uses u ON u.id = k.id";

/// Stores a key that is new at `now`.
pub(crate) fn insert(c: &Connection, key: &ApiKey, hash: &TokenHash, now: Millis) -> Result<()> {
    let ApiKey { id, environment_id, name, last_four, .. } = key;
    let sql = "INSERT INTO api_keys (id, environment_id, name, name_key, hash, last_four, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    execute(c, sql, params![id, environment_id, name, comparison_key(name), hash.0.as_slice(), last_four, now])
}

/// Refuses a key from now on; false: there is none with this id, or it is refused already.
pub(crate) fn revoke(c: &Connection, id: &ApiKeyId, now: Millis) -> Result<bool> {
    let sql = "UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    Ok(c.prepare_cached(sql)?.execute(params![id, now])? > 0)
}

/// Whether a key of an environment that is in force has this name, whatever the letter case.
pub(crate) fn is_taken(c: &Connection, environment: &EnvironmentId, name: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM api_keys WHERE environment_id = ?1 AND name_key = ?2 AND revoked_at IS NULL";
    Ok(fetch_optional(c, sql, params![environment, comparison_key(name)], |_| Ok(()))?.is_some())
}

/// How many keys of an environment are in force.
pub(crate) fn count_in_force(c: &Connection, environment: &EnvironmentId) -> Result<usize> {
    let sql = "SELECT count(*) FROM api_keys WHERE environment_id = ?1 AND revoked_at IS NULL";
    fetch_one(c, sql, [environment], |row| row.get(0))
}

/// Forgets the revoked keys of an environment but the newest.
pub(crate) fn forget_revoked(c: &Connection, environment: &EnvironmentId, kept: u32) -> Result<()> {
    let sql =
        "DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE environment_id = ?1 AND revoked_at IS NOT NULL
                 ORDER BY revoked_at DESC, rowid DESC LIMIT -1 OFFSET ?2)";
    execute(c, sql, params![environment, kept])
}

/// Whether a key is in force.
pub(crate) fn is_in_force(c: &Connection, id: &ApiKeyId) -> Result<bool> {
    let sql = "SELECT 1 FROM api_keys WHERE id = ?1 AND revoked_at IS NULL";
    Ok(fetch_optional(c, sql, [id], |_| Ok(()))?.is_some())
}

/// The keys of an environment, those in force first, then the newest. `c` reads both databases, as for [`by_id`].
pub(crate) fn all(c: &Connection, environment: &EnvironmentId) -> Result<Vec<ApiKey>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE k.environment_id = ?1 ORDER BY k.revoked_at IS NOT NULL, k.created_at DESC, k.rowid DESC"
    );
    fetch_all(c, &sql, [environment], read_row)
}

/// The key with this id.
pub(crate) fn by_id(c: &Connection, id: &ApiKeyId) -> Result<Option<ApiKey>> {
    fetch_optional(c, &format!("SELECT {COLUMNS} WHERE k.id = ?1"), [id], read_row)
}

/// The ids of all keys.
pub(crate) fn ids(c: &Connection) -> Result<Vec<ApiKeyId>> {
    fetch_all(c, "SELECT id FROM api_keys", [], |row| row.get(0))
}

/// The key with this hash, its environment, and whether it is in force.
pub(crate) fn by_hash(c: &Connection, hash: &TokenHash) -> Result<Option<(ApiKeyId, EnvironmentId, bool)>> {
    // The index compares hashes, which say nothing of the key.
    let sql = "SELECT id, environment_id, revoked_at IS NULL FROM api_keys WHERE hash = ?1";
    fetch_optional(c, sql, [hash.0.as_slice()], |row| row.try_into())
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    let (id, environment_id, name, last_four, created_at, last_used_at, revoked_at) = row.try_into()?;
    let (last_used_at, revoked_at): (Option<Millis>, Option<Millis>) = (last_used_at, revoked_at);
    Ok(ApiKey {
        id,
        environment_id,
        name,
        last_four,
        created_at: rfc3339(created_at),
        last_used_at: last_used_at.map(rfc3339),
        revoked_at: revoked_at.map(rfc3339),
    })
}
