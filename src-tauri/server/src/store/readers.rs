//! Connections that can only read, kept open between reads.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::connection::configure_reader;
use super::files::{REQUESTS, REQUESTS_SCHEMA, TRUTH};
use super::sql::run;
use super::{Result, StoreError};

/// Connections that are kept at the most.
const IDLE: usize = 8;

/// Read-only connections to a data folder.
pub(super) struct Readers {
    folder: PathBuf,
    has_requests: bool,
    /// `None`: closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    /// Connections that see the truth alone.
    pub(super) fn of_truth(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), has_requests: false, idle: Mutex::new(Some(Vec::new())) }
    }

    /// Connections that see both databases; names of tables are unique across them.
    pub(super) fn with_requests(folder: &Path) -> Self {
        Self { has_requests: true, ..Self::of_truth(folder) }
    }

    /// Runs `read` on one snapshot of the last commit.
    pub(super) fn read<T, E: From<StoreError>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let connection = self.take()?;
        run(&connection, "BEGIN", [])?;
        // One that ends within `read` in a panic is not used again.
        let result = read(&connection);
        run(&connection, "COMMIT", [])?;
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            && idle.len() < IDLE
        {
            idle.push(connection);
        }
        result
    }

    /// Refuses further reads; those under way go on.
    pub(super) fn close(&self) {
        drop(self.idle.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn take(&self) -> Result<Connection> {
        let idle = match self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(idle) => idle.pop(),
            None => return Err(StoreError::Closed),
        };
        idle.map_or_else(|| self.connect(), Ok)
    }

    /// A new one.
    fn connect(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(self.folder.join(TRUTH), flags)?;
        let mut schemas = vec!["main"];
        if self.has_requests {
            let path = self.folder.join(REQUESTS).display().to_string();
            connection.execute(&format!("ATTACH ?1 AS {}", REQUESTS_SCHEMA), [path])?;
            schemas.push(REQUESTS_SCHEMA);
        }
        configure_reader(&connection, &schemas)?;
        Ok(connection)
    }
}
