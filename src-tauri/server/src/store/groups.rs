//! Table `groups`.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use scim::Resource;

use super::users::{clamp, fold, json};
use super::{StoreError, catalog, members};
use crate::clock::Millis;
use crate::model::{ResourceKind, ResourceRef};

/// A stored group, without its members.
#[derive(Clone, Debug)]
pub(crate) struct GroupRecord {
    /// 0 before it is inserted.
    pub(crate) key: i64,
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) external_id: Option<String>,
    /// The resource without `id`, `meta` and `members`.
    pub(crate) body: Resource,
    pub(crate) version: i64,
    pub(crate) source: String,
    pub(crate) created_at: Millis,
    pub(crate) modified_at: Millis,
    pub(crate) last_change: i64,
}

/// Groups that an index finds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupTerm {
    Id(String),
    /// Lower case.
    DisplayName(String),
    ExternalId(String),
    /// Groups with this direct member.
    Member(String),
}

const COLUMNS: &str = "key, id, display_name, external_id, body, version, source, created_at, modified_at, last_change";

pub(crate) fn insert(c: &Connection, directory: i64, group: &GroupRecord) -> Result<i64, StoreError> {
    c.prepare_cached(
        "INSERT INTO groups (directory, id, display_name, display_key, external_id, body, version, source, created_at, modified_at, last_change)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        directory,
        group.id,
        group.display_name,
        fold(&group.display_name),
        group.external_id,
        serde_json::to_string(&group.body)?,
        group.version,
        group.source,
        group.created_at,
        group.modified_at,
        group.last_change,
    ])?;
    let key = c.last_insert_rowid();
    catalog::put_group(c, directory, group, 0, 0)?;
    Ok(key)
}

/// Stores a group, whose members are stored already.
pub(crate) fn update(c: &Connection, directory: i64, group: &GroupRecord) -> Result<(), StoreError> {
    c.prepare_cached(
        "UPDATE groups SET display_name = ?2, display_key = ?3, external_id = ?4, body = ?5, version = ?6, modified_at = ?7, last_change = ?8
         WHERE key = ?1",
    )?
    .execute(params![
        group.key,
        group.display_name,
        fold(&group.display_name),
        group.external_id,
        serde_json::to_string(&group.body)?,
        group.version,
        group.modified_at,
        group.last_change,
    ])?;
    let sql = "SELECT member_count FROM groups WHERE key = ?1";
    let size = c.prepare_cached(sql)?.query_row([group.key], |row| row.get(0))?;
    catalog::put_group(c, directory, group, size, members::count_unknown(c, group.key)?)
}

pub(crate) fn delete(c: &Connection, key: i64) -> Result<(), StoreError> {
    c.prepare_cached("DELETE FROM groups WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// Ids and names of those that somebody created: `Simulator`.
pub(crate) fn of_source(c: &Connection, directory: i64, source: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT id, display_name FROM groups WHERE directory = ?1 AND source = ?2 ORDER BY key";
    let mut statement = c.prepare_cached(sql)?;
    let rows = statement.query_map(params![directory, source], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_id(c: &Connection, directory: i64, id: &str) -> Result<Option<GroupRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM groups WHERE directory = ?1 AND id = ?2");
    Ok(c.prepare_cached(&sql)?.query_row(params![directory, id], read_row).optional()?)
}

/// The key of a group that is there.
pub(crate) fn key(c: &Connection, directory: i64, id: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT key FROM groups WHERE directory = ?1 AND id = ?2";
    Ok(c.prepare_cached(sql)?.query_row(params![directory, id], |row| row.get(0)).optional()?)
}

pub(crate) fn by_key(c: &Connection, key: i64) -> Result<Option<GroupRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM groups WHERE key = ?1");
    Ok(c.prepare_cached(&sql)?.query_row([key], read_row).optional()?)
}

/// The id of another group with this name, whatever the letter case. `except` is a key; 0 for none.
pub(crate) fn id_by_name(
    c: &Connection,
    directory: i64,
    display_name: &str,
    except: i64,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT id FROM groups WHERE directory = ?1 AND display_key = ?2 AND key <> ?3 LIMIT 1";
    Ok(c.prepare_cached(sql)?.query_row(params![directory, fold(display_name), except], |row| row.get(0)).optional()?)
}

/// The id of another group with this `externalId`. `except` is a key; 0 for none.
pub(crate) fn id_by_external_id(
    c: &Connection,
    directory: i64,
    external_id: &str,
    except: i64,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT id FROM groups WHERE directory = ?1 AND external_id = ?2 AND key <> ?3 LIMIT 1";
    Ok(c.prepare_cached(sql)?.query_row(params![directory, external_id, except], |row| row.get(0)).optional()?)
}

/// A window of all groups, in the order in which they were created.
pub(crate) fn page(c: &Connection, directory: i64, offset: u64, limit: u64) -> Result<Vec<GroupRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM groups WHERE directory = ?1 ORDER BY key LIMIT ?2 OFFSET ?3");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params![directory, clamp(limit), clamp(offset)], read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls `visit` with each group that meets all `terms`, in the order in which they were created.
pub(crate) fn each(
    c: &Connection,
    directory: i64,
    terms: &[GroupTerm],
    mut visit: impl FnMut(GroupRecord),
) -> Result<(), StoreError> {
    let mut sql = format!("SELECT {COLUMNS} FROM groups WHERE directory = ?");
    let mut values = vec![SqlValue::from(directory)];
    for term in terms {
        let (condition, value) = match term {
            GroupTerm::Id(id) => ("id = ?", id),
            GroupTerm::DisplayName(name) => ("display_key = ?", name),
            GroupTerm::ExternalId(id) => ("external_id = ?", id),
            GroupTerm::Member(id) => ("key IN (SELECT group_key FROM members WHERE value = ?)", id),
        };
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.push(value.clone().into());
    }
    sql.push_str(" ORDER BY key");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read_row)?;
    for row in rows {
        visit(row?);
    }
    Ok(())
}

/// The keys and names of the groups of a directory that have `id` as a direct member, by name.
pub(crate) fn of_member(c: &Connection, directory: i64, id: &str) -> Result<Vec<(i64, ResourceRef)>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT g.key, g.id, g.display_name FROM members m JOIN groups g ON g.key = m.group_key
         WHERE m.value = ?2 AND g.directory = ?1 ORDER BY g.display_key, g.key",
    )?;
    let rows = statement.query_map(params![directory, id], |row| Ok((row.get(0)?, group_ref(row)?)))?;
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
    const AFTER: &str = "SELECT k.key FROM members m JOIN groups g ON g.key = m.group_key
           JOIN catalog k ON k.directory = g.directory AND k.id = g.id
           WHERE m.value = ?2 AND g.directory = ?1 AND m.came <= ?3
         UNION ALL
         SELECT k.key FROM former_members f JOIN catalog k ON k.key = f.group_listed
           WHERE f.value = ?2 AND k.directory = ?1 AND f.came <= ?3 AND f.went > ?3";
    let count = c
        .prepare_cached(&format!("SELECT count(*) FROM ({AFTER})"))?
        .query_row(params![directory, id, seq], |row| row.get(0))?;
    let sql = format!("SELECT key, id, name FROM catalog WHERE key IN ({AFTER}) ORDER BY name_key, key LIMIT ?4");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params![directory, id, seq, limit], group_ref)?;
    Ok((rows.collect::<Result<_, _>>()?, count))
}

/// The groups that `id` is in only because a group that it is in is their member, at whatever depth, by name. Groups that contain each
/// other end the walk, they do not prolong it.
pub(crate) fn of_member_indirectly(c: &Connection, directory: i64, id: &str) -> Result<Vec<ResourceRef>, StoreError> {
    let mut statement = c.prepare_cached(
        "WITH RECURSIVE above (key, id) AS (
           SELECT g.key, g.id FROM members m JOIN groups g ON g.key = m.group_key WHERE m.value = ?2 AND g.directory = ?1
           UNION
           SELECT g.key, g.id FROM above a JOIN members m ON m.value = a.id JOIN groups g ON g.key = m.group_key AND g.directory = ?1
         )
         SELECT g.key, g.id, g.display_name FROM above a JOIN groups g ON g.key = a.key
         WHERE g.id <> ?2 AND NOT EXISTS (SELECT 1 FROM members m WHERE m.group_key = g.key AND m.value = ?2)
         ORDER BY g.display_key, g.key",
    )?;
    let rows = statement.query_map(params![directory, id], group_ref)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Of a row whose second and third columns are a group's id and name.
fn group_ref(row: &Row<'_>) -> rusqlite::Result<ResourceRef> {
    Ok(ResourceRef { id: row.get(1)?, kind: Some(ResourceKind::Group), name: row.get(2)? })
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<GroupRecord> {
    Ok(GroupRecord {
        key: row.get(0)?,
        id: row.get(1)?,
        display_name: row.get(2)?,
        external_id: row.get(3)?,
        body: json(row, 4)?,
        version: row.get(5)?,
        source: row.get(6)?,
        created_at: row.get(7)?,
        modified_at: row.get(8)?,
        last_change: row.get(9)?,
    })
}
