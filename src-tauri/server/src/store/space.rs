//! What the databases take of the disk, and giving back what they need no more.
//!
//! What is deleted is overwritten at once (`secure_delete`), but stands in the journal still, and its pages are kept for what comes. After a
//! person has deleted something, the journal is folded in and cut to nothing, and a database with many free pages is written anew.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::Result;
use super::connection::BUSY;

/// How long a writer waits while its database is written anew.
const PATIENCE: Duration = Duration::from_secs(120);

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
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
