//! Tables `groups` and `members`.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use scim::{Member, Resource};

use super::StoreError;
use super::users::{clamp, fold, json};
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
    pub(crate) member_count: u64,
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

/// The rows of the groups table that a person wants to see.
#[derive(Clone, Debug)]
pub(crate) struct GroupListing {
    /// Lower case; empty: all.
    pub(crate) search: String,
    pub(crate) by_name: bool,
    pub(crate) is_descending: bool,
    pub(crate) offset: u64,
    pub(crate) limit: u32,
}

/// A member as an identity provider reads it, with what it is here.
#[derive(Clone, Debug)]
pub(crate) struct MemberRow {
    pub(crate) value: String,
    pub(crate) display: Option<String>,
    /// As it was sent.
    pub(crate) sent_kind: Option<String>,
    /// `None`: nothing here has this id.
    pub(crate) kind: Option<ResourceKind>,
    pub(crate) name: Option<String>,
}

impl MemberRow {
    pub(crate) fn to_ref(&self) -> ResourceRef {
        let name = self.name.clone().or_else(|| self.display.clone()).unwrap_or_else(|| self.value.clone());
        ResourceRef { id: self.value.clone(), kind: self.kind, name }
    }
}

const COLUMNS: &str =
    "key, id, display_name, external_id, body, version, source, created_at, modified_at, last_change, member_count";

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
    Ok(c.last_insert_rowid())
}

pub(crate) fn update(c: &Connection, group: &GroupRecord) -> Result<(), StoreError> {
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
    Ok(())
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

/// The rows of a listing and how many match in all.
pub(crate) fn list(
    c: &Connection,
    directory: i64,
    listing: &GroupListing,
) -> Result<(u64, Vec<GroupRecord>), StoreError> {
    let condition = "directory = ?1 AND (?2 = '' OR instr(display_key, ?2))";
    let total = c
        .prepare_cached(&format!("SELECT count(*) FROM groups WHERE {condition}"))?
        .query_row(params![directory, listing.search], |row| row.get(0))?;
    let order = if listing.by_name { "display_key" } else { "last_change" };
    let direction = if listing.is_descending { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT {COLUMNS} FROM groups WHERE {condition} ORDER BY {order} {direction}, key {direction} LIMIT ?3 OFFSET ?4"
    );
    let mut statement = c.prepare_cached(&sql)?;
    let rows =
        statement.query_map(params![directory, listing.search, listing.limit, clamp(listing.offset)], read_row)?;
    Ok((total, rows.collect::<Result<_, _>>()?))
}

/// The members of a group in the order in which they came, at most `limit`.
pub(crate) fn members(c: &Connection, directory: i64, group: i64, limit: u64) -> Result<Vec<MemberRow>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT m.value, m.display, m.kind, u.display_name, g.display_name FROM members m
         LEFT JOIN users u ON u.directory = ?1 AND u.id = m.value
         LEFT JOIN groups g ON g.directory = ?1 AND g.id = m.value
         WHERE m.group_key = ?2 ORDER BY m.key LIMIT ?3",
    )?;
    let rows = statement.query_map(params![directory, group, clamp(limit)], |row| {
        let (user, group): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
        let kind = match (&user, &group) {
            (Some(_), _) => Some(ResourceKind::User),
            (_, Some(_)) => Some(ResourceKind::Group),
            _ => None,
        };
        Ok(MemberRow { value: row.get(0)?, display: row.get(1)?, sent_kind: row.get(2)?, kind, name: user.or(group) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The ids of all members.
pub(crate) fn member_ids(c: &Connection, group: i64) -> Result<Vec<String>, StoreError> {
    let mut statement = c.prepare_cached("SELECT value FROM members WHERE group_key = ?1 ORDER BY key")?;
    let rows = statement.query_map([group], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a member; false if it was one already.
pub(crate) fn add_member(c: &Connection, group: i64, member: &Member) -> Result<bool, StoreError> {
    let sql = "INSERT INTO members (group_key, value, display, kind) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    Ok(c.prepare_cached(sql)?.execute(params![group, member.value, member.display, member.kind])? > 0)
}

/// Removes a member; false if it was none.
pub(crate) fn remove_member(c: &Connection, group: i64, id: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM members WHERE group_key = ?1 AND value = ?2";
    Ok(c.prepare_cached(sql)?.execute(params![group, id])? > 0)
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

/// How many groups have `id` as a direct member.
pub(crate) fn count_of_member(c: &Connection, id: &str) -> Result<u64, StoreError> {
    Ok(c.prepare_cached("SELECT count(*) FROM members WHERE value = ?1")?.query_row([id], |row| row.get(0))?)
}

/// Gives the members with this id the new display text where they show the old one.
pub(crate) fn refresh_display(c: &Connection, id: &str, before: &str, after: &str) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE members SET display = ?3 WHERE value = ?1 AND display = ?2")?
        .execute(params![id, before, after])?;
    Ok(())
}

/// What an id stands for in a directory.
pub(crate) fn resolve(c: &Connection, directory: i64, id: &str) -> Result<Option<ResourceRef>, StoreError> {
    let named = |kind| move |row: &Row<'_>| Ok(ResourceRef { id: id.to_owned(), kind: Some(kind), name: row.get(0)? });
    let user = c
        .prepare_cached("SELECT display_name FROM users WHERE directory = ?1 AND id = ?2")?
        .query_row(params![directory, id], named(ResourceKind::User))
        .optional()?;
    if user.is_some() {
        return Ok(user);
    }
    Ok(c.prepare_cached("SELECT display_name FROM groups WHERE directory = ?1 AND id = ?2")?
        .query_row(params![directory, id], named(ResourceKind::Group))
        .optional()?)
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
        member_count: row.get(10)?,
    })
}
