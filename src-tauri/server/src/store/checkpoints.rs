//! Folding the journal of a database into it, beside its writer.
//!
//! A checkpoint writes every page that has changed to its place and waits for the disk. If the writer did all of it, nobody's write would be
//! answered for tens of milliseconds. So a thread with a connection of its own does most while the writer goes on, which SQLite calls
//! *passive*. The writer folds in what was committed meanwhile, which is little, and begins the journal anew.

use std::fs::{File, OpenOptions};
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::StoreError;
use super::connection::{OpenError, configure_writer, explaining};
use super::time_limit::TimeLimit;

/// How many times as much there is if the thread does not keep up, so that the writer waits for it.
const TOO_MUCH: u32 = 4;

/// The connection that writes to a database, whose journal a thread folds in. To drop it ends the thread.
pub(super) struct WriteConnection {
    connection: Connection,
    /// Closed when SQLite is done: with it this process lets go of all its locks on the file.
    _database: Arc<File>,
    thread: Option<JoinHandle<()>>,
    limit: Arc<TimeLimit>,
}

impl WriteConnection {
    /// Has the journal of the database at `path` folded in whenever it has `much` bytes: the more, the less often is a page written that
    /// changes again and again.
    pub(super) fn new(path: &Path, mut connection: Connection, much: u32) -> Result<Self, OpenError> {
        let not_writable = |error: std::io::Error| OpenError::NotWritable(path.to_owned(), error.to_string());
        let database = Arc::new(OpenOptions::new().write(true).open(path).map_err(not_writable)?);
        let (beside, page) = explaining(path, || {
            let beside = Connection::open(path)?;
            configure_writer(&beside, "NORMAL")?;
            Ok((beside, connection.query_row("PRAGMA page_size", [], |row| row.get::<_, u32>(0))?))
        })?;
        let (is_folded, working) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(())));
        // Without room, so that only a thread that waits is told.
        let (tell, told) = sync_channel(0);
        let thread = super::spawn("checkpoints", {
            let (database, is_folded, working) = (database.clone(), is_folded.clone(), working.clone());
            move || run(&beside, &database, &told, &is_folded, &working)
        });
        let hook = move |wal: &mut Wal, pages: i32| {
            let journal = pages.unsigned_abs().saturating_mul(page);
            let is_too_much = journal >= much.saturating_mul(TOO_MUCH);
            if is_too_much {
                // While the thread is at it, nobody else can be.
                drop(working.lock());
            }
            if is_folded.swap(false, Ordering::Relaxed) || is_too_much {
                // What cannot be folded in now stays in the journal.
                let _ = wal.checkpoint();
            } else if journal >= much {
                let _ = tell.try_send(());
            }
            Ok(())
        };
        let (connection, limit) = explaining(path, || {
            connection.wal_hook(Some(hook))?;
            let limit = TimeLimit::watch(&mut connection)?;
            Ok((connection, limit))
        })?;
        Ok(Self { connection, _database: database, thread: Some(thread), limit })
    }

    /// How long what it does may take.
    pub(super) fn limit(&self) -> &Arc<TimeLimit> {
        &self.limit
    }
}

impl Deref for WriteConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for WriteConnection {
    fn drop(&mut self) {
        // The thread ends with the hook, and before the connection, which thus closes as the last and folds in what is left.
        let is_told = self.connection.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>).is_ok();
        if self.thread.take().is_some_and(|thread| is_told && thread.join().is_err()) {
            tracing::error!("the thread of the checkpoints panicked");
        }
    }
}

fn run(connection: &Connection, database: &File, told: &Receiver<()>, is_folded: &AtomicBool, working: &Mutex<()>) {
    while told.recv().is_ok() {
        let _working = working.lock();
        // What was committed during the first, the second takes a moment for.
        let folded = [(); 2].iter().try_for_each(|()| {
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            // SQLite does it only where nothing was left, which would be the writer.
            database.sync_data().map_err(|error| StoreError::Sqlite(error.to_string()))
        });
        match folded {
            Ok(()) => is_folded.store(true, Ordering::Relaxed),
            // All of it is in the journal still; the next commit asks again.
            Err(error) => tracing::debug!(%error, "the journal could not be folded in"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    const MUCH: u32 = 64 << 10;

    struct Written {
        folder: tempfile::TempDir,
        connection: WriteConnection,
    }

    impl Written {
        fn begin() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("file");
            let connection = Connection::open(&path).expect("a database");
            configure_writer(&connection, "FULL").expect("a writer");
            connection.execute_batch("CREATE TABLE texts (text TEXT)").expect("a table");
            let connection = WriteConnection::new(&path, connection, MUCH).expect("a thread");
            Self { folder, connection }
        }

        fn write(&self, bytes: usize) {
            self.connection.execute("INSERT INTO texts VALUES (?1)", ["x".repeat(bytes)]).expect("a row");
        }

        fn bytes(&self, file: &str) -> u64 {
            self.folder.path().join(file).metadata().map_or(0, |file| file.len())
        }
    }

    #[test]
    fn what_was_committed_comes_into_the_database() {
        let written = Written::begin();
        let before = written.bytes("file");
        written.write(2 * MUCH as usize);
        let deadline = Instant::now() + Duration::from_secs(20);
        while written.bytes("file") < before + u64::from(MUCH) {
            assert!(Instant::now() < deadline, "nobody folded the journal in");
            std::thread::sleep(Duration::from_millis(5));
            // A thread that had not begun to wait is told by the next commit.
            written.write(1);
        }
    }

    #[test]
    fn the_journal_stays_small_and_is_gone_in_the_end() {
        let written = Written::begin();
        for _ in 0..400 {
            written.write(MUCH as usize / 4);
        }
        let most = u64::from(MUCH * (TOO_MUCH + 2));
        assert!((1..most).contains(&written.bytes("file-wal")), "{}", written.bytes("file-wal"));
        let Written { folder, connection } = written;
        drop(connection);
        assert!(!folder.path().join("file-wal").exists(), "all of it is in the database");
        let connection = Connection::open(folder.path().join("file")).expect("a database");
        let rows: u32 = connection.query_row("SELECT count(*) FROM texts", [], |row| row.get(0)).expect("a count");
        assert_eq!(rows, 400);
    }
}
