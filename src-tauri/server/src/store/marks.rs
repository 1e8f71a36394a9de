//! Table `marks`: which requests a person has pinned, and what was noted about them.

use rusqlite::{Connection, params};
use scim::search_key;

use super::kept::{self, Kept, Sender};
use super::sql::{execute, fetch_one, fetch_optional};
use super::{Result, exchanges};
use crate::model::{DirectoryKey, ExchangeId};

/// The directory of a request, with which others it is kept, and its bytes.
type Place = (Option<DirectoryKey>, Sender, i64);

fn place(c: &Connection, id: ExchangeId) -> Result<Option<Place>> {
    let sql = format!("SELECT directory, sender, {} FROM exchanges WHERE id = ?1", exchanges::BYTES);
    fetch_optional(c, &sql, [id], |row| row.try_into())
}

/// Pins a request that is there, unless its directory, or none, has `most` pinned ones already; then the answer is false.
pub(crate) fn pin(c: &Connection, id: ExchangeId, most: u32) -> Result<bool> {
    let Some((directory, sender, bytes)) = place(c, id)?.filter(|(_, sender, _)| *sender != Sender::Pinned) else {
        return Ok(true);
    };
    if kept::of(c, directory, Sender::Pinned)?.requests >= i64::from(most) {
        return Ok(false);
    }
    let sql = "INSERT INTO marks (exchange, sender) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET sender = excluded.sender";
    execute(c, sql, params![id, sender])?;
    keep_with(c, id, (directory, sender, bytes), Sender::Pinned)?;
    Ok(true)
}

/// Keeps a request with the others again that it was kept with.
pub(crate) fn unpin(c: &Connection, id: ExchangeId) -> Result<()> {
    let Some(place) = place(c, id)?.filter(|(_, sender, _)| *sender == Sender::Pinned) else { return Ok(()) };
    let sender = fetch_one(c, "SELECT sender FROM marks WHERE exchange = ?1", [id], |row| row.get(0))?;
    keep_with(c, id, place, sender)?;
    execute(c, "UPDATE marks SET sender = NULL WHERE exchange = ?1", [id])?;
    forget_unmarked(c, id)
}

/// Keeps a request with others from now on.
fn keep_with(c: &Connection, id: ExchangeId, (directory, before, bytes): Place, after: Sender) -> Result<()> {
    execute(c, "UPDATE exchanges SET sender = ?2 WHERE id = ?1", params![id, after])?;
    let kept = Kept { requests: 1, bytes };
    kept::count(c, directory, before, kept.negative())?;
    kept::count(c, directory, after, kept)
}

/// What a person has noted about a request.
pub(crate) fn annotation(c: &Connection, id: ExchangeId) -> Result<Option<String>> {
    let sql = "SELECT annotation FROM marks WHERE exchange = ?1 AND annotation IS NOT NULL";
    fetch_optional(c, sql, [id], |row| row.get(0))
}

/// Notes something about a request that is there; `None`: nothing any more.
pub(crate) fn annotate(c: &Connection, id: ExchangeId, annotation: Option<&str>) -> Result<()> {
    let sql = "INSERT INTO marks (exchange, annotation, search) SELECT id, ?2, ?3 FROM exchanges WHERE id = ?1
               ON CONFLICT DO UPDATE SET annotation = excluded.annotation, search = excluded.search";
    execute(c, sql, params![id, annotation, search_key(annotation.unwrap_or_default())])?;
    forget_unmarked(c, id)
}

fn forget_unmarked(c: &Connection, id: ExchangeId) -> Result<()> {
    execute(c, "DELETE FROM marks WHERE exchange = ?1 AND sender IS NULL AND annotation IS NULL", [id])
}
