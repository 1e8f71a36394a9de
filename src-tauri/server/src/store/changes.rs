//! Table `changes`: what happened to each resource, in order.

use rusqlite::{Connection, Row, params};
use scim::FieldChange;

use super::sql::{Json, Kind, execute, fetch_all, fetch_one, fetch_optional};
use super::{Result, WriteTx};
use crate::clock::{Millis, rfc3339};
use crate::model::{Change, ChangeKind, ChangeSeq, DirectoryKey, ExchangeId, Moved, ResourceKey, ResourceKind};

const COLUMNS: &str =
    "c.seq, c.at, d.id, r.kind, r.id, c.resource_name, c.kind, c.fields, c.members, c.actor, c.exchange_id";
const TABLES: &str = "changes c JOIN resources r ON r.key = c.resource JOIN directories d ON d.key = c.directory";

/// The numbers of all changes of the resource with the key `?1` and the id `?2` that are below `?3`, and of those by which it came to a group
/// of the directory `?4` or left it, as far as they are kept.
const HISTORY: &str = "SELECT seq, 0 AS how FROM changes WHERE resource = ?1 AND seq < ?3
     UNION ALL
     SELECT m.came, 1 FROM members m JOIN resources g ON g.key = m.group_key
     WHERE m.value = ?2 AND g.directory = ?4 AND m.came > 0 AND m.came < ?3 AND EXISTS (SELECT 1 FROM changes WHERE seq = m.came)
     UNION ALL
     SELECT f.came, 1 FROM former_members f JOIN resources g ON g.key = f.group_key
     WHERE f.value = ?2 AND g.directory = ?4 AND f.came > 0 AND f.came < ?3 AND EXISTS (SELECT 1 FROM changes WHERE seq = f.came)
     UNION ALL
     SELECT f.went, 2 FROM former_members f JOIN resources g ON g.key = f.group_key
     WHERE f.value = ?2 AND g.directory = ?4 AND f.went < ?3 AND EXISTS (SELECT 1 FROM changes WHERE seq = f.went)";

/// A change that was committed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Committed {
    pub(super) seq: ChangeSeq,
    pub(super) directory: DirectoryKey,
    /// The key of what changed.
    pub(super) resource: ResourceKey,
    pub(super) kind: ResourceKind,
    /// How many resources more there are.
    pub(super) delta: i64,
}

/// A resource whose history is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whose<'a> {
    pub(crate) directory: DirectoryKey,
    pub(crate) key: ResourceKey,
    pub(crate) id: &'a str,
}

/// What is stored of a change that is about to be.
pub(crate) struct NewChange<'a> {
    pub(crate) directory: DirectoryKey,
    /// The key of what changed.
    pub(crate) resource: ResourceKey,
    pub(crate) at: Millis,
    pub(crate) change: &'a Change,
}

/// Appends a change and returns its `seq`.
pub(crate) fn append(tx: &WriteTx<'_>, new: &NewChange<'_>) -> Result<ChangeSeq> {
    let NewChange { directory, resource, at, change } = *new;
    let Change { kind, resource_name, actor, exchange_id, .. } = change;
    let fields = serde_json::to_string(&change.fields)?;
    let members = change.members.as_ref().map(serde_json::to_string).transpose()?;
    let sql = "INSERT INTO changes (directory, resource, at, kind, resource_name, fields, members, actor, exchange_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let values = params![directory, resource, at, kind, resource_name, fields, members, actor, exchange_id];
    execute(tx, sql, values)?;
    let seq = ChangeSeq(tx.last_insert_rowid());
    let delta = match kind {
        ChangeKind::Created => 1,
        ChangeKind::Deleted => -1,
        _ => 0,
    };
    tx.note_change(Committed { seq, directory, resource, kind: change.resource_kind, delta });
    Ok(seq)
}

/// The `seq` of the next change that is appended.
pub(crate) fn next_seq(c: &Connection) -> Result<ChangeSeq> {
    Ok(newest_seq(c)?.next())
}

/// The highest `seq` that a change has had; 0 if there was none.
pub(crate) fn newest_seq(c: &Connection) -> Result<ChangeSeq> {
    let sql = "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0)";
    fetch_one(c, sql, [], |row| row.get(0))
}

/// The first change at `at` or later; greater than all if there is none.
pub(crate) fn first_since(c: &Connection, directory: DirectoryKey, at: Millis) -> Result<ChangeSeq> {
    let sql = "SELECT seq FROM changes WHERE directory = ?1 AND at >= ?2 ORDER BY at, seq LIMIT 1";
    let first = fetch_optional(c, sql, params![directory, at], |row| row.get(0))?;
    Ok(first.unwrap_or(ChangeSeq::MAX))
}

pub(crate) fn by_seq(c: &Connection, seq: ChangeSeq) -> Result<Option<Change>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE c.seq = ?1");
    fetch_optional(c, &sql, [seq], read_row)
}

/// The changes that a request made, all of which are from the first to the last of these; at most 200.
pub(crate) fn of_exchange(c: &Connection, exchange: ExchangeId, span: (ChangeSeq, ChangeSeq)) -> Result<Vec<Change>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE c.seq BETWEEN ?2 AND ?3 AND c.exchange_id = ?1 ORDER BY c.seq LIMIT 200"
    );
    fetch_all(c, &sql, params![exchange, span.0, span.1], read_row)
}

/// A change as it was appended.
#[derive(Clone, Debug)]
pub(crate) struct Appended {
    /// The key of what changed.
    pub(crate) resource: ResourceKey,
    pub(crate) at: Millis,
    pub(crate) change: Change,
}

/// The changes after `seq`, in order, at most `limit`.
pub(crate) fn after(c: &Connection, seq: ChangeSeq, limit: u32) -> Result<Vec<Appended>> {
    let sql = format!("SELECT {COLUMNS}, c.resource FROM {TABLES} WHERE c.seq > ?1 ORDER BY c.seq LIMIT ?2");
    let read = |row: &Row<'_>| Ok(Appended { resource: row.get(11)?, at: row.get(1)?, change: read_row(row)? });
    fetch_all(c, &sql, params![seq, limit], read)
}

/// The request that created the first user of a directory, and the user.
pub(crate) fn first_user(c: &Connection, directory: DirectoryKey) -> Result<Option<(ExchangeId, String)>> {
    let sql = "SELECT c.exchange_id, r.id FROM changes c JOIN resources r ON r.key = c.resource
               WHERE c.directory = ?1 AND r.kind = 'user' AND c.kind = 'created' AND c.exchange_id IS NOT NULL ORDER BY c.seq LIMIT 1";
    fetch_optional(c, sql, [directory], |row| row.try_into())
}

/// Changes of a directory, or of the resource with a key, with a `seq` below `before`, newest first.
pub(crate) fn page(
    c: &Connection,
    directory: DirectoryKey,
    resource: Option<ResourceKey>,
    before: Option<ChangeSeq>,
    limit: u32,
) -> Result<Vec<Change>> {
    let (whose, key) = whose(directory, resource);
    let sql =
        format!("SELECT {COLUMNS} FROM {TABLES} WHERE c.{whose} = ?1 AND c.seq < ?2 ORDER BY c.seq DESC LIMIT ?3");
    fetch_all(c, &sql, params![key, before.unwrap_or(ChangeSeq::MAX), limit], read_row)
}

/// How many changes there are.
pub(crate) fn count(c: &Connection, directory: DirectoryKey, resource: Option<ResourceKey>) -> Result<u64> {
    let (whose, key) = whose(directory, resource);
    fetch_one(c, &format!("SELECT count(*) FROM changes WHERE {whose} = ?1"), [key], |row| row.get(0))
}

/// The column that says whose the changes are, and what stands there.
fn whose(directory: DirectoryKey, resource: Option<ResourceKey>) -> (&'static str, i64) {
    resource.map_or(("directory", directory.0), |resource| ("resource", resource.0))
}

/// The changes of a resource and those by which it came to a group or left it, with a `seq` below `before`, newest first.
pub(crate) fn history(
    c: &Connection,
    whose: Whose<'_>,
    before: Option<ChangeSeq>,
    limit: u32,
) -> Result<Vec<(Change, Option<Moved>)>> {
    let sql = format!(
        "SELECT {COLUMNS}, h.how FROM ({HISTORY} ORDER BY seq DESC LIMIT ?5) h JOIN {TABLES} WHERE c.seq = h.seq ORDER BY c.seq DESC"
    );
    let values = params![whose.key, whose.id, before.unwrap_or(ChangeSeq::MAX), whose.directory, limit];
    fetch_all(c, &sql, values, |row| Ok((read_row(row)?, read_moved(row, 11)?)))
}

/// How long a history is.
pub(crate) fn count_history(c: &Connection, whose: Whose<'_>) -> Result<u64> {
    let sql = format!("SELECT count(*) FROM ({HISTORY})");
    let values = params![whose.key, whose.id, ChangeSeq::MAX, whose.directory];
    fetch_one(c, &sql, values, |row| row.get(0))
}

/// The newest change of a resource that is not after `seq`.
pub(crate) fn newest_until(c: &Connection, resource: ResourceKey, seq: ChangeSeq) -> Result<Option<Change>> {
    let sql =
        format!("SELECT {COLUMNS} FROM {TABLES} WHERE c.resource = ?1 AND c.seq <= ?2 ORDER BY c.seq DESC LIMIT 1");
    fetch_optional(c, &sql, params![resource, seq], read_row)
}

/// How the column `index` says that a change touched a resource; `None`: the change is its own.
pub(super) fn read_moved(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Moved>> {
    Ok(match row.get::<_, i64>(index)? {
        1 => Some(Moved::Came),
        2 => Some(Moved::Left),
        _ => None,
    })
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Change> {
    let Kind(resource_kind) = row.get(3)?;
    let Json::<Vec<FieldChange>>(fields) = row.get(7)?;
    let members: Option<Json<_>> = row.get(8)?;
    Ok(Change {
        seq: row.get(0)?,
        at: rfc3339(row.get(1)?),
        directory_id: row.get(2)?,
        resource_kind,
        resource_id: row.get(4)?,
        resource_name: row.get(5)?,
        kind: row.get(6)?,
        field_count: fields.len() as u64,
        fields,
        members: members.map(|Json(members)| members),
        actor: row.get(9)?,
        exchange_id: row.get(10)?,
    })
}
