//! What the databases take of the disk, and giving back what they need no more.
//!
//! What is deleted is overwritten at once (`secure_delete`), but stands in the journal still, and its pages are kept for what comes. After a
//! person has deleted something, the journal is folded in and cut to nothing, and a database with many free pages is written anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::connection::{BUSY, cut_journal};
use super::files::{self, Entry, REQUESTS_SCHEMA};
use super::sql::{fetch_all, fetch_one};
use super::{Result, StoreError};
use crate::model::{Storage, StoragePart, Stored};

/// How long a writer waits while its database is written anew, or looked through.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// Free bytes that are worth it, and of how many bytes at the most one has to be free.
const WORTH: i64 = 1 << 20;
const OF: i64 = 4;

/// Gives back what the database at `path` needs no more. `wait` has its writer wait for so long while another connection has the lock.
///
/// # Errors
/// If somebody reads it for a long time, or the disk is too full for a copy; it is in order then, too.
pub(super) fn give_back(path: &Path, wait: impl Fn(Duration) -> Result<()>) -> Result<()> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.execute_batch("PRAGMA secure_delete = ON")?;
    let number = |pragma: &str| connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0));
    let (free, all, page) = (number("freelist_count")?, number("page_count")?, number("page_size")?);
    if free * page >= WORTH && free * OF >= all {
        wait(PATIENCE)?;
        let written = connection.execute_batch("VACUUM");
        wait(BUSY)?;
        written?;
    }
    // What was deleted stands in the journal until then.
    if cut_journal(&connection)? { Ok(()) } else { Err(StoreError::Busy) }
}

/// How much a folder holds.
///
/// # Errors
/// If it cannot be listed.
pub(super) fn bytes(folder: &Path) -> Result<u64> {
    Ok(files::entries(folder)?.iter().map(|entry| entry.bytes).sum())
}

/// What the data folder takes, and for what. `c` reads both databases.
///
/// # Errors
/// If the folder cannot be listed, or a database refuses.
pub(super) fn measure(c: &Connection, folder: &Path) -> Result<Storage> {
    let mut parts = BTreeMap::<Stored, u64>::new();
    let mut all = 0;
    for Entry { name, bytes, .. } in files::entries(folder)? {
        all += bytes;
        let what = match name.as_str() {
            files::TRUTH | files::REQUESTS => continue,
            name if name.ends_with("-wal") || name.ends_with("-shm") => continue,
            files::BACKUPS | files::STAGED => Stored::Backups,
            name if name.starts_with(files::DAMAGED) || name.starts_with(files::BEFORE_RESTORE) => Stored::SetAside,
            _ => Stored::Other,
        };
        *parts.entry(what).or_default() += bytes;
    }
    for schema in ["main", REQUESTS_SCHEMA] {
        for (table, bytes) in tables(c, schema)? {
            *parts.entry(what(&table)).or_default() += bytes;
        }
        let number = |pragma: &str| c.query_row(&format!("PRAGMA {schema}.{pragma}"), [], |row| row.get::<_, u64>(0));
        let free = number("freelist_count")? * number("page_size")?;
        *parts.entry(Stored::Free).or_default() += free;
    }
    // What users and groups are stands among the versions.
    let share = "SELECT (SELECT count(*) FROM resources WHERE state <> 'deleted'), (SELECT count(*) FROM changes)";
    let (now, versions): (u64, u64) = fetch_one(c, share, [], |row| row.try_into())?;
    let history = parts.get(&Stored::History).copied().unwrap_or_default();
    let now = history / versions.max(now).max(1) * now;
    *parts.entry(Stored::History).or_default() -= now;
    *parts.entry(Stored::People).or_default() += now;
    // A page that is new stands in a journal alone, until it is folded in; one that has changed, in both.
    let known: u64 = parts.values().sum();
    let bytes = all.max(known);
    parts.insert(Stored::Journals, bytes - known);
    let mut parts: Vec<_> =
        parts.into_iter().filter(|(_, bytes)| *bytes > 0).map(|(what, bytes)| StoragePart { what, bytes }).collect();
    parts.sort_by(|a, b| b.bytes.cmp(&a.bytes).then(a.what.cmp(&b.what)));
    Ok(Storage { bytes, parts })
}

/// The tables of a database, each with the bytes of its pages and of those of its indexes.
fn tables(c: &Connection, schema: &str) -> Result<Vec<(String, u64)>> {
    let sql = format!(
        "SELECT ifnull(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat d LEFT JOIN {schema}.sqlite_schema s ON s.name = d.name
         WHERE d.schema = '{schema}' AND d.aggregate = TRUE GROUP BY 1"
    );
    fetch_all(c, &sql, [], |row| row.try_into())
}

/// For what a table is.
fn what(table: &str) -> Stored {
    match table {
        "exchanges" => Stored::Requests,
        "changes" | "versions" | "former_members" => Stored::History,
        "resources" | "resource_emails" | "members" | "deleted_users" => Stored::People,
        table if table.starts_with("listing") => Stored::Lists,
        _ => Stored::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_that_somebody_reads_is_said_not_to_be_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let writer = Connection::open(&path).expect("a database");
        let fill = "PRAGMA journal_mode = WAL; CREATE TABLE texts (text); INSERT INTO texts VALUES ('secret')";
        writer.execute_batch(fill).expect("a table");
        let reader = Connection::open(&path).expect("a database");
        reader.execute_batch("BEGIN").expect("a transaction");
        let rows: u32 = reader.query_row("SELECT count(*) FROM texts", [], |row| row.get(0)).expect("a count");
        assert_eq!(rows, 1);
        writer.execute_batch("DELETE FROM texts").expect("it is deleted");
        assert!(matches!(give_back(&path, |_| Ok(())), Err(StoreError::Busy)));
        drop(reader);
        give_back(&path, |_| Ok(())).expect("nobody reads any more");
        assert_eq!(std::fs::metadata(folder.path().join("file-wal")).expect("a journal").len(), 0);
    }
}
