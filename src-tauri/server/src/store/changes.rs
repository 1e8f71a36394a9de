//! Table `changes`: what happened to each resource, in order.

use rusqlite::{Connection, OptionalExtension, Row, params};
use scim::FieldChange;

use super::StoreError;
use super::users::json;
use crate::clock::{Millis, rfc3339};
use crate::model::Change;
use crate::store::catalog::Move;

const COLUMNS: &str = "c.seq, c.at, d.id, c.resource_kind, c.resource_id, c.resource_name, c.kind, c.fields, c.members, c.actor, c.exchange_id
     FROM changes c JOIN directories d ON d.key = c.directory";

const COLUMNS_OF_HISTORY: &str = "c.seq, c.at, d.id, c.resource_kind, c.resource_id, c.resource_name, c.kind, c.fields, c.members, c.actor, c.exchange_id, h.how";

/// The numbers of all changes of the resource `?2` that are below `?3`, and of those by which it came to a group or left it.
const HISTORY: &str = "SELECT seq, 0 AS how FROM changes WHERE directory = ?1 AND resource_id = ?2 AND seq < ?3
     UNION ALL
     SELECT m.came, 1 FROM members m JOIN groups g ON g.key = m.group_key
     WHERE m.value = ?2 AND g.directory = ?1 AND m.came > 0 AND m.came < ?3
     UNION ALL
     SELECT f.came, 1 FROM former_members f JOIN catalog k ON k.key = f.group_listed
     WHERE f.value = ?2 AND k.directory = ?1 AND f.came > 0 AND f.came < ?3
     UNION ALL
     SELECT f.went, 2 FROM former_members f JOIN catalog k ON k.key = f.group_listed
     WHERE f.value = ?2 AND k.directory = ?1 AND f.went < ?3";

/// Appends a change and sets its `seq`. `at` is the time of `change.at`, in milliseconds.
pub(crate) fn append(c: &Connection, directory: i64, at: i64, change: &mut Change) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO changes (directory, at, resource_kind, resource_id, resource_name, kind, fields, members, actor, exchange_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        directory,
        at,
        name_of(&change.resource_kind)?,
        change.resource_id,
        change.resource_name,
        name_of(&change.kind)?,
        serde_json::to_string(&change.fields)?,
        change.members.as_ref().map(serde_json::to_string).transpose()?,
        change.actor,
        change.exchange_id,
    ])?;
    change.seq = c.last_insert_rowid();
    Ok(())
}

/// The `seq` of the next change that is appended.
pub(crate) fn next_seq(c: &Connection) -> Result<i64, StoreError> {
    let sql = "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0) + 1";
    Ok(c.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The first change at `at` or later; greater than all if there is none.
pub(crate) fn first_since(c: &Connection, directory: i64, at: Millis) -> Result<i64, StoreError> {
    let sql = "SELECT seq FROM changes WHERE directory = ?1 AND at >= ?2 ORDER BY at, seq LIMIT 1";
    let first = c.prepare_cached(sql)?.query_row(params![directory, at], |row| row.get(0)).optional()?;
    Ok(first.unwrap_or(i64::MAX))
}

pub(crate) fn by_seq(c: &Connection, seq: i64) -> Result<Option<Change>, StoreError> {
    let sql = format!("SELECT {COLUMNS} WHERE c.seq = ?1");
    Ok(c.prepare_cached(&sql)?.query_row([seq], read_row).optional()?)
}

pub(crate) fn of_exchange(c: &Connection, exchange: i64) -> Result<Vec<Change>, StoreError> {
    let sql = format!("SELECT {COLUMNS} WHERE c.exchange_id = ?1 ORDER BY c.seq LIMIT 200");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map([exchange], read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The request that created the first user of a directory, and the user.
pub(crate) fn first_user(c: &Connection, directory: i64) -> Result<Option<(i64, String)>, StoreError> {
    let sql = "SELECT exchange_id, resource_id FROM changes
               WHERE directory = ?1 AND resource_kind = 'user' AND kind = 'created' AND exchange_id IS NOT NULL ORDER BY seq LIMIT 1";
    Ok(c.prepare_cached(sql)?.query_row([directory], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Changes with a `seq` below `before`, newest first.
pub(crate) fn page(
    c: &Connection,
    directory: i64,
    resource: Option<&str>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Change>, StoreError> {
    let before = before.unwrap_or(i64::MAX);
    let condition = if resource.is_some() { "AND c.resource_id = ?4" } else { "AND ?4 IS NULL" };
    let sql =
        format!("SELECT {COLUMNS} WHERE c.directory = ?1 AND c.seq < ?2 {condition} ORDER BY c.seq DESC LIMIT ?3");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params![directory, before, limit, resource], read_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many changes there are.
pub(crate) fn count(c: &Connection, directory: i64, resource: Option<&str>) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM changes WHERE directory = ?1 AND (?2 IS NULL OR resource_id = ?2)";
    Ok(c.prepare_cached(sql)?.query_row(params![directory, resource], |row| row.get(0))?)
}

/// The changes of a resource and those by which it came to a group or left it, with a `seq` below `before`, newest first.
pub(crate) fn history(
    c: &Connection,
    directory: i64,
    resource: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<(Change, Option<Move>)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS_OF_HISTORY} FROM ({HISTORY} ORDER BY seq DESC LIMIT ?4) h JOIN changes c ON c.seq = h.seq
         JOIN directories d ON d.key = c.directory ORDER BY c.seq DESC"
    );
    let mut statement = c.prepare_cached(&sql)?;
    let before = before.unwrap_or(i64::MAX);
    let rows = statement.query_map(params![directory, resource, before, limit], |row| {
        let moved = match row.get::<_, i64>(11)? {
            1 => Some(Move::Came),
            2 => Some(Move::Went),
            _ => None,
        };
        Ok((read_row(row)?, moved))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How long a history is.
pub(crate) fn count_history(c: &Connection, directory: i64, resource: &str) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM ({HISTORY})");
    Ok(c.prepare_cached(&sql)?.query_row(params![directory, resource, i64::MAX], |row| row.get(0))?)
}

/// The newest change of a resource that is not after `seq`.
pub(crate) fn newest_until(
    c: &Connection,
    directory: i64,
    resource: &str,
    seq: i64,
) -> Result<Option<Change>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE c.directory = ?1 AND c.resource_id = ?2 AND c.seq <= ?3 ORDER BY c.seq DESC LIMIT 1"
    );
    Ok(c.prepare_cached(&sql)?.query_row(params![directory, resource, seq], read_row).optional()?)
}

/// A plain enum as the text it has in JSON.
fn name_of(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(name) => Ok(name),
        other => Err(StoreError::Unreadable(format!("{other} is not a name"))),
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Change> {
    let members: Option<String> = row.get(8)?;
    let fields: Vec<FieldChange> = json(row, 7)?;
    Ok(Change {
        seq: row.get(0)?,
        at: rfc3339(row.get(1)?),
        directory_id: row.get(2)?,
        resource_kind: named(row, 3)?,
        resource_id: row.get(4)?,
        resource_name: row.get(5)?,
        kind: named(row, 6)?,
        field_count: fields.len() as u64,
        fields,
        members: if members.is_some() { Some(json(row, 8)?) } else { None },
        actor: row.get(9)?,
        exchange_id: row.get(10)?,
    })
}

fn named<T: serde::de::DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let name: String = row.get(index)?;
    serde_json::from_value(serde_json::Value::String(name))
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error)))
}
