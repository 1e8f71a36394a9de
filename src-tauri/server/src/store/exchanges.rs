//! Table `exchanges`: every request to the provisioning listener with its answer.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use scim::Note;

use super::StoreError;
use super::users::json;
use crate::clock::{Millis, rfc3339};
use crate::model::{Authorization, Exchange, ExchangeRow, Message, Sentence};

/// A request that was answered, ready to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewExchange {
    pub(crate) id: i64,
    /// The key of the directory; `None`: none was addressed, or an unknown one.
    pub(crate) directory: Option<i64>,
    pub(crate) at: Millis,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) duration_us: i64,
    pub(crate) actor: String,
    pub(crate) summary: Sentence,
    pub(crate) notes: Vec<Note>,
    pub(crate) authorization: Authorization,
    pub(crate) client: Option<String>,
    pub(crate) came_through: Option<String>,
    pub(crate) request: Message,
    pub(crate) response: Message,
}

/// Which exchanges a person wants to see.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExchangeListing {
    /// Found in path, sentence, status or method; lower case; empty: all.
    pub(crate) search: String,
    pub(crate) only_writes: bool,
    pub(crate) only_errors: bool,
    pub(crate) only_notes: bool,
    pub(crate) before: Option<i64>,
    pub(crate) limit: u32,
}

const ROW: &str = "e.id, d.id, e.at, e.method, e.path, e.status, e.duration_us, e.actor, e.summary, e.note_count";

/// Stores a request. The directory may have been deleted meanwhile: then it is kept as nobody's.
pub(crate) fn insert(c: &Connection, new: &NewExchange) -> Result<(), StoreError> {
    c.prepare_cached(
        "INSERT INTO exchanges (id, directory, at, method, target, path, status, duration_us, actor, summary, note_count, notes, auth, client,
         came_through, request, response)
         VALUES (?1, (SELECT key FROM directories WHERE key = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .execute(params![
        new.id,
        new.directory,
        new.at,
        new.method,
        new.target,
        new.path,
        new.status,
        new.duration_us,
        new.actor,
        serde_json::to_string(&new.summary)?,
        new.notes.len() as i64,
        serde_json::to_string(&new.notes)?,
        serde_json::to_string(&new.authorization)?,
        new.client,
        new.came_through,
        serde_json::to_string(&new.request)?,
        serde_json::to_string(&new.response)?,
    ])?;
    Ok(())
}

/// Deletes all but the newest `keep` of a directory (`None`: of those of no directory) and returns how many went.
pub(crate) fn retain_newest(c: &Connection, directory: Option<i64>, keep: u32) -> Result<usize, StoreError> {
    let sql = "DELETE FROM exchanges WHERE directory IS ?1 AND id <=
               (SELECT id FROM exchanges WHERE directory IS ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
    Ok(c.prepare_cached(sql)?.execute(params![directory, keep])?)
}

/// The highest id that a request has had, even if the request itself is gone; 0 if there was none.
pub(crate) fn newest_id(c: &Connection) -> Result<i64, StoreError> {
    let sql =
        "SELECT max((SELECT ifnull(max(id), 0) FROM exchanges), (SELECT ifnull(max(exchange_id), 0) FROM changes))";
    Ok(c.query_row(sql, [], |row| row.get(0))?)
}

pub(crate) fn row(c: &Connection, id: i64) -> Result<Option<ExchangeRow>, StoreError> {
    let sql = format!("SELECT {ROW} FROM exchanges e LEFT JOIN directories d ON d.key = e.directory WHERE e.id = ?1");
    Ok(c.prepare_cached(&sql)?.query_row([id], read_row).optional()?)
}

/// A request with its answer, without what it changed.
pub(crate) fn by_id(c: &Connection, id: i64) -> Result<Option<Exchange>, StoreError> {
    let sql = format!(
        "SELECT {ROW}, e.target, e.auth, e.client, e.came_through, e.request, e.response, e.notes
         FROM exchanges e LEFT JOIN directories d ON d.key = e.directory WHERE e.id = ?1"
    );
    let read = |row: &Row<'_>| {
        Ok(Exchange {
            row: read_row(row)?,
            target: row.get(10)?,
            authorization: json(row, 11)?,
            client: row.get(12)?,
            came_through: row.get(13)?,
            request: json(row, 14)?,
            response: json(row, 15)?,
            notes: json(row, 16)?,
            changes: Vec::new(),
        })
    };
    Ok(c.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// A window of a listing, newest first, and how many match in all. `directory` `None`: those of no directory.
pub(crate) fn list(
    c: &Connection,
    directory: Option<i64>,
    listing: &ExchangeListing,
) -> Result<(u64, Vec<ExchangeRow>), StoreError> {
    let mut condition = String::from("e.directory IS ?");
    let mut values = vec![SqlValue::from(directory)];
    for (is_wanted, sql) in [
        (listing.only_writes, " AND e.method IN ('POST', 'PUT', 'PATCH', 'DELETE')"),
        (listing.only_errors, " AND e.status >= 400"),
        (listing.only_notes, " AND e.note_count > 0"),
    ] {
        if is_wanted {
            condition.push_str(sql);
        }
    }
    if !listing.search.is_empty() {
        condition.push_str(" AND instr(lower(e.method || ' ' || e.path || ' ' || e.summary || ' ' || e.status), ?)");
        values.push(listing.search.clone().into());
    }
    let total = c
        .prepare_cached(&format!("SELECT count(*) FROM exchanges e WHERE {condition}"))?
        .query_row(params_from_iter(values.clone()), |row| row.get(0))?;
    values.extend([SqlValue::from(listing.before.unwrap_or(i64::MAX)), i64::from(listing.limit).into()]);
    let sql = format!(
        "SELECT {ROW} FROM exchanges e LEFT JOIN directories d ON d.key = e.directory
         WHERE {condition} AND e.id < ? ORDER BY e.id DESC LIMIT ?"
    );
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read_row)?;
    Ok((total, rows.collect::<Result<_, _>>()?))
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<ExchangeRow> {
    let summary: Sentence = json(row, 8)?;
    Ok(ExchangeRow {
        id: row.get(0)?,
        directory_id: row.get(1)?,
        at: rfc3339(row.get(2)?),
        method: row.get(3)?,
        path: row.get(4)?,
        status: row.get(5)?,
        duration_ms: row.get::<_, f64>(6)? / 1_000.0,
        actor: row.get(7)?,
        summary,
        note_count: row.get(9)?,
    })
}
