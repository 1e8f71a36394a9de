//! Tables `members` and `former_members`: who is in a group, and who was. One more member costs one row, however large the group is.

mod windows;

use rusqlite::{Connection, OptionalExtension, Row, params};
use scim::Member;

use super::StoreError;
use crate::model::{ResourceKind, ResourceRef};

pub(crate) use windows::{MemberListing, Time, Way, list, moved_by};

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

/// A member's time in a group, at its end.
#[derive(Clone, Debug)]
pub(crate) struct Stay {
    value: String,
    display: Option<String>,
    kind: Option<String>,
    /// Its row in the catalog; `None`: nobody here knew it.
    pub(crate) listed: Option<i64>,
    /// The change that it came by.
    pub(crate) came: i64,
}

impl MemberRow {
    pub(crate) fn to_ref(&self) -> ResourceRef {
        let name = self.name.clone().or_else(|| self.display.clone()).unwrap_or_else(|| self.value.clone());
        ResourceRef { id: self.value.clone(), kind: self.kind, name: super::catalog::shown(&name) }
    }
}

/// The members of a group in the order in which they came.
pub(crate) fn all(c: &Connection, group: i64) -> Result<Vec<MemberRow>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT m.value, m.display, m.kind, k.kind, k.name FROM members m LEFT JOIN catalog k ON k.key = m.listed
         WHERE m.group_key = ?1 ORDER BY m.came, m.key",
    )?;
    let rows = statement.query_map([group], read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first few members of a group, for a glance.
pub(crate) fn first(c: &Connection, group: i64, limit: u32) -> Result<Vec<ResourceRef>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT m.value, m.display, m.kind, k.kind, k.name FROM members m LEFT JOIN catalog k ON k.key = m.listed
         WHERE m.group_key = ?1 ORDER BY m.came, m.key LIMIT ?2",
    )?;
    let rows = statement.query_map(params![group, limit], read_row)?;
    rows.map(|row| Ok(row?.to_ref())).collect()
}

/// The ids of all members.
pub(crate) fn ids(c: &Connection, group: i64) -> Result<Vec<String>, StoreError> {
    let mut statement = c.prepare_cached("SELECT value FROM members WHERE group_key = ?1 ORDER BY key")?;
    let rows = statement.query_map([group], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a member by the change `came`; false if it was one already. `listed` is its row in the catalog.
pub(crate) fn add(
    c: &Connection,
    group: i64,
    member: &Member,
    listed: Option<i64>,
    came: i64,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO members (group_key, value, display, kind, listed, came) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT DO NOTHING";
    let values = params![group, member.value, member.display, member.kind, listed, came];
    Ok(c.prepare_cached(sql)?.execute(values)? > 0)
}

/// Removes a member; `None` if it was none.
pub(crate) fn remove(c: &Connection, group: i64, id: &str) -> Result<Option<Stay>, StoreError> {
    let sql = "DELETE FROM members WHERE group_key = ?1 AND value = ?2 RETURNING value, display, kind, listed, came";
    let read = |row: &Row<'_>| {
        Ok(Stay { value: row.get(0)?, display: row.get(1)?, kind: row.get(2)?, listed: row.get(3)?, came: row.get(4)? })
    };
    Ok(c.prepare_cached(sql)?.query_row(params![group, id], read).optional()?)
}

/// Keeps who was in the group whose row in the catalog is `group`, and left it by the change `went`.
pub(crate) fn remember(c: &Connection, group: i64, stay: &Stay, went: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO former_members (group_listed, listed, value, display, kind, came, went) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    c.prepare_cached(sql)?.execute(params![
        group,
        stay.listed,
        stay.value,
        stay.display,
        stay.kind,
        stay.came,
        went
    ])?;
    Ok(())
}

/// How many members of a group nobody here knows.
pub(crate) fn count_unknown(c: &Connection, group: i64) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM members WHERE group_key = ?1 AND listed IS NULL";
    Ok(c.prepare_cached(sql)?.query_row([group], |row| row.get(0))?)
}

/// Recognizes a resource that has just come where it has been a member before. Returns the keys and ids of the groups.
pub(crate) fn recognize(
    c: &Connection,
    directory: i64,
    id: &str,
    listed: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    let mut statement = c.prepare_cached(
        "SELECT g.key, g.id FROM members m JOIN groups g ON g.key = m.group_key
         WHERE m.value = ?2 AND g.directory = ?1 AND m.listed IS NULL",
    )?;
    let rows = statement.query_map(params![directory, id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let groups: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
    for (group, _) in &groups {
        let sql = "UPDATE members SET listed = ?3 WHERE group_key = ?1 AND value = ?2";
        c.prepare_cached(sql)?.execute(params![group, id, listed])?;
    }
    Ok(groups)
}

/// Gives the members with this id the new display text where they show the old one.
pub(crate) fn refresh_display(c: &Connection, id: &str, before: &str, after: &str) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE members SET display = ?3 WHERE value = ?1 AND display = ?2")?
        .execute(params![id, before, after])?;
    Ok(())
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<MemberRow> {
    Ok(MemberRow {
        value: row.get(0)?,
        display: row.get(1)?,
        sent_kind: row.get(2)?,
        kind: row.get::<_, Option<i64>>(3)?.map(super::catalog::kind),
        name: row.get(4)?,
    })
}
