//! Directories that are gone from the truth, and what requests left of them.

use rusqlite::Connection;

use super::exchanges::Pinned;
use super::sql::{execute, fetch_all};
use super::{Result, exchanges, kept, listing};
use crate::model::{DirectoryKey, ExchangeId};

/// Lets go of what is kept of directories that are gone, of very much some, and returns whether there is more. `there` are the keys of those
/// that are there, as a JSON array.
pub(crate) fn forget(c: &Connection, there: &str) -> Result<bool> {
    const MISSING: &str = "directory <> 0 AND directory NOT IN (SELECT value FROM json_each(?1))";
    execute(c, &format!("DELETE FROM sightings WHERE {MISSING}"), [there])?;
    let sql = format!(
        "SELECT directory FROM activity WHERE {MISSING} UNION SELECT directory FROM listing_counts WHERE {MISSING}"
    );
    let gone: Vec<DirectoryKey> = fetch_all(c, &sql, [there], |row| row.get(0))?;
    let mut is_more = false;
    for directory in gone {
        is_more |= exchanges::delete_some(c, Some(directory), ExchangeId::MAX, Pinned::Go)?;
        is_more |= listing::forget_some(c, directory)?;
        if !is_more {
            execute(c, "DELETE FROM activity WHERE directory = ?1", [directory])?;
            kept::forget(c, directory)?;
            execute(c, "DELETE FROM listing_counts WHERE directory = ?1", [directory])?;
        }
    }
    Ok(is_more)
}
