//! Table `former_urls`: the origins that identity providers still have although the base URL changed.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::clock::Millis;

/// A directory of an environment.
pub(crate) struct Moved {
    pub(crate) directory: i64,
    /// The origin that its provider had before already.
    pub(crate) known: Option<String>,
}

/// The directories of an environment.
pub(crate) fn of_environment(c: &Connection, environment: &str) -> Result<Vec<Moved>, StoreError> {
    let sql = "SELECT d.key, f.url FROM directories d JOIN organizations o ON o.id = d.organization_id
               LEFT JOIN former_urls f ON f.directory = d.key WHERE o.environment_id = ?1";
    let mut statement = c.prepare_cached(sql)?;
    let rows = statement.query_map([environment], |row| Ok(Moved { directory: row.get(0)?, known: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest accepted request of a provider, by the origin that it came through. The outer `None`: there was none; the inner: the request
/// is not kept any more, or did not say. `curl` is a person.
pub(crate) fn last_use(c: &Connection, directory: i64) -> Result<Option<Option<String>>, StoreError> {
    let sql = "SELECT e.came_through FROM sightings s LEFT JOIN exchange_details e ON e.id = s.last_id
               WHERE s.directory = ?1 AND s.verdict = '\"matched\"' AND s.who <> 'curl' ORDER BY s.last_id DESC LIMIT 1";
    Ok(c.prepare_cached(sql)?.query_row([directory], |row| row.get(0)).optional()?)
}

/// Keeps what a provider still has; what was kept before stays as old as it is.
pub(crate) fn keep(c: &Connection, directory: i64, origin: &str, at: Millis) -> Result<(), StoreError> {
    let sql = "INSERT INTO former_urls (directory, url, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    c.prepare_cached(sql)?.execute(params![directory, origin, at])?;
    Ok(())
}

/// Forgets it, and says whether there was any.
pub(crate) fn forget(c: &Connection, directory: i64) -> Result<bool, StoreError> {
    Ok(c.prepare_cached("DELETE FROM former_urls WHERE directory = ?1")?.execute([directory])? > 0)
}

/// Whether anything is kept of a directory.
pub(crate) fn has(c: &Connection, directory: i64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM former_urls WHERE directory = ?1)";
    Ok(c.prepare_cached(sql)?.query_row([directory], |row| row.get(0))?)
}
