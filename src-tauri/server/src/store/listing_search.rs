//! Table `listing_search`: the trigrams of what lists are searched by.

use rusqlite::{Connection, params};

use super::Result;
use super::sql::fetch_one;

/// Candidates of the trigram index at the most: beyond, one pass over all rows is faster.
const MOST_CANDIDATES: i64 = 5_000;

/// Whether the trigram index leads to what matches a search in lower case faster than one pass over all rows.
pub(super) fn is_narrow(c: &Connection, search: &str) -> Result<bool> {
    if search.chars().count() < 3 {
        return Ok(false);
    }
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM listing_search WHERE {} LIMIT ?2)", matching("?1"));
    let found: i64 = fetch_one(c, &sql, params![search, MOST_CANDIDATES + 1], |row| row.get(0))?;
    Ok(found <= MOST_CANDIDATES)
}

/// The keys of the rows that match the search in the parameter `search`, for where [`is_narrow`].
pub(super) fn candidates(search: &str) -> String {
    let matching = matching(search);
    // What the index takes for the same letter need not be the same here.
    format!(
        "SELECT key FROM listing WHERE key IN (SELECT rowid FROM listing_search WHERE {matching}) AND instr(search, {search})"
    )
}

fn matching(search: &str) -> String {
    format!(r#"listing_search MATCH '"' || replace({search}, '"', '""') || '"'"#)
}
