//! The database: one data folder, one writer thread, a few readers.
//!
//! Writes are jobs for a single thread. It runs each in a savepoint and commits many at once (*group commit*), so that
//! concurrent writers share one `fsync` and every acknowledged write is on disk. Reads use read-only connections and see
//! the last commit.

pub(crate) mod catalog;
pub(crate) mod changes;
pub(crate) mod deleted_users;
pub(crate) mod directories;
pub(crate) mod drift;
pub(crate) mod environments;
pub(crate) mod exchange_details;
pub(crate) mod exchanges;
pub(crate) mod former_urls;
pub(crate) mod groups;
pub(crate) mod guide;
pub(crate) mod members;
mod migrations;
mod open;
pub(crate) mod organizations;
pub(crate) mod settings;
pub(crate) mod sightings;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod versions;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A connection inside a transaction, as the functions of this module take it.
pub(crate) use rusqlite::Connection;

pub use open::OpenError;
pub(crate) use writer::WriteTx;
use writer::Writer;

/// Read-only connections that are kept open between reads.
const IDLE_READERS: usize = 4;

/// The open data folder. Cheap to clone; the folder is given free by [`Store::close`] or with the last clone.
#[derive(Clone)]
pub(crate) struct Store {
    inner: Arc<Inner>,
    /// Whether what is written is taken back.
    is_rehearsal: bool,
}

struct Inner {
    folder: PathBuf,
    writer: Writer,
    /// `None`: closed.
    readers: Mutex<Option<Vec<Connection>>>,
    /// Held as long as the store is open: one process owns a data folder. Released last.
    lock: Mutex<Option<std::fs::File>>,
}

/// A read or write that the database refused. What it was about is in the log, not in the message.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no: the disk is full, the file is damaged, …
    #[error("the database refused: {0}")]
    Sqlite(String),
    /// The job panicked; nothing of it was kept.
    #[error("the operation failed inside the program; nothing was changed")]
    Panicked,
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// What is stored cannot be read.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl Store {
    /// Opens the data folder, creates what is missing, and takes possession of it.
    ///
    /// # Errors
    /// A sentence with the path: another process owns it, it cannot be written, the database is from a newer version or damaged. Nothing is
    /// overwritten.
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenError> {
        let (lock, connection) = open::open(folder)?;
        let inner = Inner {
            folder: folder.to_owned(),
            writer: Writer::start(connection),
            readers: Mutex::new(Some(Vec::new())),
            lock: Mutex::new(Some(lock)),
        };
        Ok(Self { inner: Arc::new(inner), is_rehearsal: false })
    }

    /// The same store for work that is only tried: each write sees what is stored, returns its result, and is taken back. What would happen
    /// after its commit does not happen.
    pub(crate) fn rehearsing(&self) -> Self {
        Self { is_rehearsal: true, ..self.clone() }
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// How much the data folder holds.
    ///
    /// # Errors
    /// If it cannot be listed.
    pub(crate) fn bytes(&self) -> Result<u64, StoreError> {
        let unreadable = |error: std::io::Error| StoreError::Unreadable(error.to_string());
        let mut bytes = 0;
        for entry in std::fs::read_dir(self.folder()).map_err(unreadable)? {
            // A file that has gone meanwhile takes no room.
            bytes += entry.and_then(|entry| entry.metadata()).map_or(0, |file| file.len());
        }
        Ok(bytes)
    }

    /// Reads from one snapshot of the last commit. Blocks on the disk.
    ///
    /// # Errors
    /// Whatever `read` returns, and [`StoreError`] if no connection can be had.
    pub(crate) fn read<T, E: From<StoreError>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let connection = self.reader()?;
        let transaction = connection.unchecked_transaction().map_err(StoreError::from)?;
        let result = read(&transaction);
        drop(transaction);
        if let Some(readers) = self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            && readers.len() < IDLE_READERS
        {
            readers.push(connection);
        }
        result
    }

    /// Runs `write` on the writer thread and returns when its effect is on disk. All or nothing: on an error nothing of it is kept. Blocks.
    ///
    /// # Errors
    /// Whatever `write` returns, and [`StoreError`] if the commit fails.
    pub(crate) fn write<T, E>(&self, write: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.is_rehearsal { self.inner.writer.rehearse(write) } else { self.inner.writer.run(write) }
    }

    /// Finishes what is queued and gives the data folder free, even if clones are still around; what they ask is refused. Blocks.
    pub(crate) fn close(&self) {
        drop(self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner).take());
        // Last, because the last connection to close folds the write-ahead log into the database, and a reader cannot.
        self.inner.writer.close();
        drop(self.inner.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn reader(&self) -> Result<Connection, StoreError> {
        let idle = match self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(readers) => readers.pop(),
            None => return Err(StoreError::Closed),
        };
        idle.map_or_else(|| open::open_reader(&self.inner.folder), Ok)
    }
}
