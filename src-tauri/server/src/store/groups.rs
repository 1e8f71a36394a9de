//! Which groups something is in: tables `members` and `former_members`, from the member's side.

use rusqlite::{Connection, params};

use super::StoreError;
use super::resources::read_ref;
use crate::model::ResourceRef;

/// The keys and names of the groups of a directory that have `id` as a direct member, by name.
pub(crate) fn of_member(c: &Connection, directory: i64, id: &str) -> Result<Vec<(i64, ResourceRef)>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT g.id, g.kind, g.name, g.key FROM members m JOIN resources g ON g.key = m.group_key
         WHERE m.value = ?2 AND g.directory = ?1 ORDER BY g.lookup_key, g.key",
    )?;
    let rows = statement.query_map(params![directory, id], |row| Ok((row.get(3)?, read_ref(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The groups that `id` was a direct member of after the change `seq`, by name, at most `limit`, and how many there were.
pub(crate) fn of_member_after(
    c: &Connection,
    directory: i64,
    id: &str,
    seq: i64,
    limit: u32,
) -> Result<(Vec<ResourceRef>, u64), StoreError> {
    const AFTER: &str = "SELECT g.key FROM members m JOIN resources g ON g.key = m.group_key
           WHERE m.value = ?2 AND g.directory = ?1 AND m.came <= ?3
         UNION ALL
         SELECT g.key FROM former_members f JOIN resources g ON g.key = f.group_key
           WHERE f.value = ?2 AND g.directory = ?1 AND f.came <= ?3 AND f.went > ?3";
    let count = c
        .prepare_cached(&format!("SELECT count(*) FROM ({AFTER})"))?
        .query_row(params![directory, id, seq], |row| row.get(0))?;
    let sql = format!("SELECT id, kind, name FROM resources WHERE key IN ({AFTER}) ORDER BY lookup_key, key LIMIT ?4");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params![directory, id, seq, limit], read_ref)?;
    Ok((rows.collect::<Result<_, _>>()?, count))
}

/// The groups that `id` is in only because a group that it is in is their member, at whatever depth, by name. Groups that contain each
/// other end the walk, they do not prolong it.
pub(crate) fn of_member_indirectly(c: &Connection, directory: i64, id: &str) -> Result<Vec<ResourceRef>, StoreError> {
    let mut statement = c.prepare_cached(
        "WITH RECURSIVE above (key, id) AS (
           SELECT g.key, g.id FROM members m JOIN resources g ON g.key = m.group_key WHERE m.value = ?2 AND g.directory = ?1
           UNION
           SELECT g.key, g.id FROM above a JOIN members m ON m.value = a.id
             JOIN resources g ON g.key = m.group_key AND g.directory = ?1
         )
         SELECT g.id, g.kind, g.name FROM above a JOIN resources g ON g.key = a.key
         WHERE g.id <> ?2 AND NOT EXISTS (SELECT 1 FROM members m WHERE m.group_key = g.key AND m.value = ?2)
         ORDER BY g.lookup_key, g.key",
    )?;
    let rows = statement.query_map(params![directory, id], read_ref)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The groups that any of the members `?2` of the directory `?1` is a direct member of, each member's by name. `?2` is a JSON array of ids.
pub(crate) const OF_MEMBERS: &str =
    "SELECT g.id, g.kind, g.name, m.value FROM json_each(?2) i JOIN members m ON m.value = i.value
     JOIN resources g ON g.key = m.group_key WHERE g.directory = ?1 ORDER BY g.lookup_key, g.key";

/// The same of the groups that they are in only because a group that they are in is their member, at whatever depth.
pub(crate) const OF_MEMBERS_INDIRECTLY: &str = "WITH RECURSIVE above (member, key, id) AS (
       SELECT m.value, g.key, g.id FROM json_each(?2) i JOIN members m ON m.value = i.value
         JOIN resources g ON g.key = m.group_key WHERE g.directory = ?1
       UNION
       SELECT a.member, g.key, g.id FROM above a JOIN members m ON m.value = a.id
         JOIN resources g ON g.key = m.group_key AND g.directory = ?1
     )
     SELECT g.id, g.kind, g.name, a.member FROM above a JOIN resources g ON g.key = a.key
     WHERE g.id <> a.member AND NOT EXISTS (SELECT 1 FROM members m WHERE m.group_key = g.key AND m.value = a.member)
     ORDER BY g.lookup_key, g.key";

/// The groups of several members, each with the member's id. `which` is [`OF_MEMBERS`] or [`OF_MEMBERS_INDIRECTLY`].
pub(crate) fn of_members(
    c: &Connection,
    which: &str,
    directory: i64,
    ids: &[&str],
) -> Result<Vec<(String, ResourceRef)>, StoreError> {
    let mut statement = c.prepare_cached(which)?;
    let ids = serde_json::to_string(ids)?;
    let rows = statement.query_map(params![directory, ids], |row| Ok((row.get(3)?, read_ref(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
