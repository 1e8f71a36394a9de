//! Table `listing`, in the other database: a narrow row for each user and group that there is or was, derived from the truth behind each of
//! its commits, so that no request waits for it. Lists, searches and counts read it, so that none of them reads a resource.

mod check;
mod derive;
mod sort_key;
mod windows;

use rusqlite::{Connection, params};

use super::Result;
use super::sql::{execute, fetch_all, run};
use crate::model::{DirectoryKey, ResourceKey};

pub(super) use check::Differences;
pub(crate) use derive::Derived;
pub(super) use derive::{are_current, derive_some, forget_watermark};
pub(crate) use windows::{Filter, Listing, ListingRow, Matches, SortBy, by_id, by_key, keys, list};

/// Resources that are let go of in one transaction.
const MOST_FORGOTTEN: u32 = 2_000;

/// Takes out of the search index what is deleted: until then it is only marked there.
pub(crate) fn tidy_search(c: &Connection) -> Result<()> {
    run(c, "INSERT INTO listing_search (listing_search) VALUES ('optimize')", []).map(drop)
}

/// Some of the rows whose resource is not kept any more. Reads both databases.
pub(crate) fn without_resource(c: &Connection) -> Result<Vec<ResourceKey>> {
    let sql = "SELECT l.key FROM listing l LEFT JOIN resources r ON r.key = l.key WHERE r.key IS NULL LIMIT ?1";
    fetch_all(c, sql, [MOST_FORGOTTEN], |row| row.get(0))
}

/// Lets go of these rows.
pub(crate) fn forget(c: &Connection, resources: &[ResourceKey]) -> Result<()> {
    resources.iter().try_for_each(|key| execute(c, "DELETE FROM listing WHERE key = ?1", [key]))
}

/// Lets go of some of the resources of a directory that is gone, and returns whether there are more of them.
pub(super) fn forget_some(c: &Connection, directory: DirectoryKey) -> Result<bool> {
    let sql = "DELETE FROM listing WHERE key IN (SELECT key FROM listing WHERE directory = ?1 LIMIT ?2)";
    let gone = run(c, sql, params![directory, MOST_FORGOTTEN])?;
    Ok(gone == MOST_FORGOTTEN as usize)
}
