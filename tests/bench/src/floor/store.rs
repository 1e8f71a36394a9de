//! One row of JSON for each resource; a writer thread with group commit, and a few readers.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

/// Jobs that may wait for the writer, as in the server's store.
const QUEUE: usize = 1_024;
/// Jobs that share one commit at the most, as in the server's store.
const MOST_IN_A_COMMIT: usize = 256;
/// Connections that read; more than there are workers of the runtime on a small machine.
const READERS: usize = 4;

const TABLES: &str = "
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, user_name TEXT NOT NULL UNIQUE COLLATE NOCASE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS groups (id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (\"group\" TEXT, value TEXT, PRIMARY KEY (\"group\", value)) WITHOUT ROWID;";

/// Runs on the writer thread and returns what to do with the commit's result.
type Job = Box<dyn FnOnce(&Connection) -> Finish + Send>;
type Finish = Box<dyn FnOnce(Result<(), String>)>;

/// The open database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    jobs: SyncSender<Job>,
    readers: Arc<Vec<Mutex<Connection>>>,
}

impl Store {
    /// Opens the database at `path`, or creates it.
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let writer = Connection::open(path)?;
        writer.execute_batch(TABLES)?;
        let reader = || Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map(Mutex::new);
        let readers = (0..READERS).map(|_| reader()).collect::<Result<_, _>>()?;
        let (jobs, queue) = sync_channel(QUEUE);
        std::thread::spawn(move || run_jobs(&writer, &queue));
        Ok(Self { jobs, readers: Arc::new(readers) })
    }

    /// Reads where the caller runs: what is asked takes microseconds.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, String> {
        let idle = self.readers.iter().find_map(|reader| match reader.try_lock() {
            Ok(connection) => Some(connection),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        });
        let connection = idle.unwrap_or_else(|| self.readers[0].lock().unwrap_or_else(PoisonError::into_inner));
        read(&connection).map_err(|error| error.to_string())
    }

    /// Runs `write` on the writer thread, and returns its result once it is on disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = write(connection).map_err(|error| error.to_string());
            // An error means that the caller is gone; the write stands.
            Box::new(move |committed| drop(answer.send(committed.and(result))))
        });
        self.jobs.send(job).map_err(|_| "the writer is gone".to_owned())?;
        answered.await.map_err(|_| "the writer is gone".to_owned())?
    }
}

fn run_jobs(connection: &Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let begun = connection.execute_batch("BEGIN IMMEDIATE");
        let mut finishes = vec![first(connection)];
        while finishes.len() < MOST_IN_A_COMMIT
            && let Ok(job) = queue.try_recv()
        {
            finishes.push(job(connection));
        }
        let committed = begun.and_then(|()| connection.execute_batch("COMMIT")).map_err(|error| error.to_string());
        for finish in finishes {
            finish(committed.clone());
        }
    }
}
