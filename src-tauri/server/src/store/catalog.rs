//! Table `catalog`: a narrow row for each user and group that there is or was. Lists, searches and references read it, so that none of
//! them reads a resource.

mod listing;

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::groups::GroupRecord;
use super::users::{UserRecord, fold};
use crate::clock::Millis;
use crate::model::{ResourceKind, ResourceRef};

/// What lists show of a name, and changes tell.
pub(crate) use crate::facts::shown;
pub(crate) use listing::{CatalogRow, Filter, Listing, Matches, SortBy, by_id, candidates, is_narrow, list};

/// Characters of a name that decide its place in a list.
const NAME_SORTED: usize = 100;

/// Characters of each text that a search looks into, and e-mail addresses of a user.
const TEXT_SEARCHED: usize = 200;
const EMAILS_SEARCHED: usize = 10;

/// A resource that is there, as a reference to it is read.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) key: i64,
    pub(crate) kind: ResourceKind,
    pub(crate) name: String,
}

/// Which way a resource went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// It came to a group.
    Came,
    /// It left one.
    Went,
}

/// What a row says.
struct Entry<'a> {
    kind: ResourceKind,
    id: &'a str,
    state: i64,
    name: &'a str,
    user_name: &'a str,
    search: String,
    source: &'a str,
    size: u64,
    unknown: u64,
    seq: i64,
    at: Millis,
}

/// Puts a user in as it is now, whose newest change is its own. In how many groups it is stays as it is.
pub(crate) fn put_user(c: &Connection, directory: i64, user: &UserRecord) -> Result<(), StoreError> {
    let emails = user.body.get("emails").and_then(|emails| emails.as_array()).map(Vec::as_slice).unwrap_or_default();
    let emails = emails.iter().filter_map(|email| email.get("value")?.as_str()).take(EMAILS_SEARCHED);
    let texts = [user.display_name.as_str(), &user.user_name].into_iter().chain(emails);
    let search = searched(texts.chain(user.external_id.as_deref()).chain([user.id.as_str()]));
    let entry = Entry {
        kind: ResourceKind::User,
        id: &user.id,
        state: i64::from(!user.active),
        name: &user.display_name,
        user_name: &user.user_name,
        search,
        source: &user.source,
        size: 0,
        unknown: 0,
        seq: user.last_change,
        at: user.modified_at,
    };
    put(c, directory, &entry)
}

/// Puts a group in as it is now. `unknown` is the number of its members that nobody here knows.
pub(crate) fn put_group(
    c: &Connection,
    directory: i64,
    group: &GroupRecord,
    size: u64,
    unknown: u64,
) -> Result<(), StoreError> {
    let texts = [group.display_name.as_str()].into_iter().chain(group.external_id.as_deref());
    let entry = Entry {
        kind: ResourceKind::Group,
        id: &group.id,
        state: 0,
        name: &group.display_name,
        user_name: "",
        search: searched(texts.chain([group.id.as_str()])),
        source: &group.source,
        size,
        unknown,
        seq: group.last_change,
        at: group.modified_at,
    };
    put(c, directory, &entry)
}

/// Notes that a resource is gone: it stays findable.
pub(crate) fn bury(c: &Connection, directory: i64, id: &str, seq: i64, at: Millis) -> Result<(), StoreError> {
    let sql = "DELETE FROM drift WHERE listed = (SELECT key FROM catalog WHERE directory = ?1 AND id = ?2)";
    c.prepare_cached(sql)?.execute(params![directory, id])?;
    let sql = "UPDATE catalog SET state = 2, size = 0, unknown = 0, is_adrift = 0, own = ?3, touched = ?3, touched_at = ?4, touched_how = 0
               WHERE directory = ?1 AND id = ?2";
    c.prepare_cached(sql)?.execute(params![directory, id, seq, at])?;
    Ok(())
}

/// What an id stands for in a directory.
pub(crate) fn resolve(c: &Connection, directory: i64, id: &str) -> Result<Option<Listed>, StoreError> {
    let sql = "SELECT key, kind, name FROM catalog WHERE directory = ?1 AND id = ?2 AND state < 2";
    let read = |row: &rusqlite::Row<'_>| Ok(Listed { key: row.get(0)?, kind: kind(row.get(1)?), name: row.get(2)? });
    Ok(c.prepare_cached(sql)?.query_row(params![directory, id], read).optional()?)
}

/// The key of a resource that is or was there.
pub(crate) fn key(c: &Connection, directory: i64, id: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT key FROM catalog WHERE directory = ?1 AND id = ?2";
    Ok(c.prepare_cached(sql)?.query_row(params![directory, id], |row| row.get(0)).optional()?)
}

/// Notes that a resource came to a group, or left one, by the change `seq`.
pub(crate) fn moved(c: &Connection, key: i64, way: Move, seq: i64, at: Millis) -> Result<(), StoreError> {
    let (delta, how) = if way == Move::Came { (1, 1) } else { (-1, 2) };
    // The members of a group are counted with the group; here it is in or out of another one.
    let sql = "UPDATE catalog SET size = size + ?2 * (kind = 0), touched = ?3, touched_at = ?4, touched_how = ?5 WHERE key = ?1";
    c.prepare_cached(sql)?.execute(params![key, delta, seq, at, how])?;
    Ok(())
}

/// Notes in how many groups a user is.
pub(crate) fn count_groups(c: &Connection, key: i64, groups: u64) -> Result<(), StoreError> {
    c.prepare_cached("UPDATE catalog SET size = ?2 WHERE key = ?1")?.execute(params![key, groups])?;
    Ok(())
}

/// Notes how many members of a group nobody here knows.
pub(crate) fn count_unknown(c: &Connection, key: i64, unknown: u64) -> Result<(), StoreError> {
    let sql = "UPDATE catalog SET unknown = ?2, is_adrift = ?2 > 0 WHERE key = ?1";
    c.prepare_cached(sql)?.execute(params![key, unknown])?;
    Ok(())
}

/// The user who came with the `userName` of this deleted one later.
pub(crate) fn again(c: &Connection, directory: i64, id: &str) -> Result<Option<ResourceRef>, StoreError> {
    let sql = "SELECT n.id, n.name FROM catalog o JOIN catalog n ON n.directory = o.directory AND n.id = o.again
               WHERE o.directory = ?1 AND o.id = ?2";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(ResourceRef { id: row.get(0)?, kind: Some(ResourceKind::User), name: row.get(1)? })
    };
    Ok(c.prepare_cached(sql)?.query_row(params![directory, id], read).optional()?)
}

fn put(c: &Connection, directory: i64, entry: &Entry<'_>) -> Result<(), StoreError> {
    let user_name_key = fold(&shown(entry.user_name));
    c.prepare_cached(
        "INSERT INTO catalog (directory, kind, id, state, name, name_key, user_name, user_name_key, search, source, size, unknown, is_adrift,
         own, touched, touched_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12 > 0, ?13, ?13, ?14)
         ON CONFLICT (directory, id) DO UPDATE SET state = excluded.state, name = excluded.name, name_key = excluded.name_key,
         user_name = excluded.user_name, user_name_key = excluded.user_name_key, search = excluded.search, source = excluded.source,
         size = CASE kind WHEN 1 THEN excluded.size ELSE size END, unknown = excluded.unknown, is_adrift = CASE kind WHEN 1 THEN excluded.is_adrift ELSE is_adrift END,
         own = excluded.own, touched = excluded.touched, touched_at = excluded.touched_at, touched_how = 0, again = NULL",
    )?
    .execute(params![
        directory,
        code(entry.kind),
        entry.id,
        entry.state,
        shown(entry.name),
        fold(&beginning(entry.name, NAME_SORTED)),
        shown(entry.user_name),
        user_name_key,
        entry.search,
        entry.source,
        entry.size,
        entry.unknown,
        entry.seq,
        entry.at,
    ])?;
    if !user_name_key.is_empty() {
        let sql =
            "UPDATE catalog SET again = ?3 WHERE directory = ?1 AND user_name_key = ?2 AND state = 2 AND again IS NULL";
        c.prepare_cached(sql)?.execute(params![directory, user_name_key, entry.id])?;
    }
    Ok(())
}

/// What a search looks into: each text once, on a line of its own, so that nothing is found across two.
fn searched<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for text in texts {
        let line = fold(&beginning(text, TEXT_SEARCHED)).replace(['\n', '\0'], " ");
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn beginning(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

fn code(kind: ResourceKind) -> i64 {
    match kind {
        ResourceKind::User => 0,
        ResourceKind::Group => 1,
    }
}

pub(super) fn kind(code: i64) -> ResourceKind {
    if code == 0 { ResourceKind::User } else { ResourceKind::Group }
}
