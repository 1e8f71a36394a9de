//! Table `former_urls`: the origins that identity providers still have although the base URL changed.

use rusqlite::{Connection, params};

use super::sql::{execute, fetch_all, fetch_one, fetch_optional, run};
use super::{Result, exchange_details};
use crate::clock::Millis;
use crate::model::{DirectoryKey, PERSON};

/// A directory of an environment.
pub(crate) struct Moved {
    pub(crate) directory: DirectoryKey,
    /// The origin that its provider had before already.
    pub(crate) known: Option<String>,
}

/// The directories of an environment.
pub(crate) fn of_environment(c: &Connection, environment: &str) -> Result<Vec<Moved>> {
    let sql = "SELECT d.key, f.url FROM directories d JOIN organizations o ON o.id = d.organization_id
               LEFT JOIN former_urls f ON f.directory = d.key WHERE o.environment_id = ?1";
    fetch_all(c, sql, [environment], |row| Ok(Moved { directory: row.get(0)?, known: row.get(1)? }))
}

/// The newest accepted request of a provider, by the origin that it came through. The outer `None`: there was none; the inner: the request
/// is not kept any more, or did not say.
pub(crate) fn last_use(c: &Connection, directory: DirectoryKey) -> Result<Option<Option<String>>> {
    let sql = "SELECT last_id FROM sightings WHERE directory = ?1 AND verdict = '\"matched\"' AND who <> ?2 ORDER BY last_id DESC LIMIT 1";
    let Some(last) = fetch_optional(c, sql, params![directory, PERSON], |row| row.get(0))? else { return Ok(None) };
    Ok(Some(exchange_details::by_id(c, last)?.and_then(|details| details.came_through)))
}

/// Keeps what a provider still has; what was kept before stays as old as it is.
pub(crate) fn keep(c: &Connection, directory: DirectoryKey, origin: &str, at: Millis) -> Result<()> {
    let sql = "INSERT INTO former_urls (directory, url, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    execute(c, sql, params![directory, origin, at])
}

/// Forgets it, and says whether there was any.
pub(crate) fn forget(c: &Connection, directory: DirectoryKey) -> Result<bool> {
    Ok(run(c, "DELETE FROM former_urls WHERE directory = ?1", [directory])? > 0)
}

/// Whether anything is kept of a directory.
pub(crate) fn has(c: &Connection, directory: DirectoryKey) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM former_urls WHERE directory = ?1)";
    fetch_one(c, sql, [directory], |row| row.get(0))
}
