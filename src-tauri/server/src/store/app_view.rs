//! Users and groups in the order in which they came, deleted ones included: the lists say who there is or was.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::sql::{fetch_all, fetch_optional, word};
use crate::model::{DirectoryKey, ResourceKey, ResourceKind, ResourceState};

/// A user or group that there is or was.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) key: ResourceKey,
    pub(crate) id: String,
    pub(crate) state: ResourceState,
}

/// Those of a directory behind `after`. `c` reads both databases.
pub(crate) fn after(
    c: &Connection,
    directory: DirectoryKey,
    kind: ResourceKind,
    after: ResourceKey,
    limit: u32,
) -> Result<Vec<Found>> {
    let sql = "SELECT r.key, r.id, r.state FROM requests.listing l INDEXED BY listing_in_order JOIN resources r ON r.key = l.key
               WHERE l.directory = ?1 AND l.kind = ?2 AND l.key > ?3 ORDER BY l.key LIMIT ?4";
    fetch_all(c, sql, params![directory, word(kind), after, limit], read_row)
}

/// The users behind `after` that are direct members of a group.
pub(crate) fn members_after(c: &Connection, group: ResourceKey, after: ResourceKey, limit: u32) -> Result<Vec<Found>> {
    let sql = "SELECT DISTINCT r.key, r.id, r.state FROM members m JOIN resources r ON r.key = m.resource
               WHERE m.group_key = ?1 AND m.resource > ?2 AND r.kind = 'user' ORDER BY r.key LIMIT ?3";
    fetch_all(c, sql, params![group, after, limit], read_row)
}

/// The one of a directory with this id.
pub(crate) fn find(c: &Connection, directory: DirectoryKey, kind: ResourceKind, id: &str) -> Result<Option<Found>> {
    let sql = "SELECT key, id, state FROM resources WHERE directory = ?1 AND id = ?2 AND kind = ?3";
    fetch_optional(c, sql, params![directory, id, word(kind)], read_row)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found { key: row.get(0)?, id: row.get(1)?, state: row.get(2)? })
}
