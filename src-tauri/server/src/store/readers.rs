//! Connections that can only read, kept open between reads.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::connection::{attach_requests, configure_reader};
use super::files::{REQUESTS, REQUESTS_SCHEMA, TRUTH};
use super::reader_gate::{ReadLength, ReaderGate};
use super::sql::run;
use super::time_limit::TimeLimit;
use super::{Result, StoreError};

/// Connections that are kept at the most.
const IDLE: usize = 8;

/// Read-only connections to a data folder.
pub(super) struct Readers {
    folder: PathBuf,
    gate: Arc<ReaderGate>,
    /// Those of the other database; `None`: they do not read it.
    request_gate: Option<Arc<ReaderGate>>,
    /// `None`: closed.
    idle: Mutex<Option<Vec<Reader>>>,
}

struct Reader {
    connection: Connection,
    limit: Arc<TimeLimit>,
}

/// A connection that reads one snapshot.
pub(crate) struct ReadTx<'r>(&'r Reader);

impl ReadTx<'_> {
    /// To be asked by what goes on for as long as a client wants.
    ///
    /// # Errors
    /// [`StoreError::TooLong`] once it has taken too long.
    pub(crate) fn check_time(&self) -> Result<()> {
        self.0.limit.check()
    }
}

impl Deref for ReadTx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0.connection
    }
}

impl Readers {
    /// Connections that see the truth alone.
    pub(super) fn of_truth(folder: &Path, gate: &Arc<ReaderGate>) -> Self {
        let (folder, gate) = (folder.to_owned(), gate.clone());
        Self { folder, gate, request_gate: None, idle: Mutex::new(Some(Vec::new())) }
    }

    /// Connections that see both databases, each behind its gate; names of tables are unique across them.
    pub(super) fn with_requests(folder: &Path, gate: &Arc<ReaderGate>, request_gate: &Arc<ReaderGate>) -> Self {
        Self { request_gate: Some(request_gate.clone()), ..Self::of_truth(folder, gate) }
    }

    /// Runs `read` on one snapshot of the last commit.
    pub(super) fn read<T, E: From<StoreError>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.read_for(ReadLength::Brief, None, |tx| read(tx))
    }

    /// The same for so long at the most, what is waited for included.
    ///
    /// # Errors
    /// What `read` returns, [`StoreError::TooLong`], and [`StoreError::Busy`] if it was not begun in that time; what is brief is.
    pub(super) fn read_within<T, E: From<StoreError>>(
        &self,
        length: ReadLength,
        time: Duration,
        read: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.read_for(length, Some(time), read)
    }

    fn read_for<T, E: From<StoreError>>(
        &self,
        length: ReadLength,
        time: Option<Duration>,
        read: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let began = Instant::now();
        let left = || time.map(|time| time.saturating_sub(began.elapsed()));
        let mut inside = Vec::with_capacity(2);
        for gate in std::iter::once(&self.gate).chain(&self.request_gate) {
            inside.push(gate.enter(length, left().unwrap_or(Duration::MAX)).ok_or(StoreError::Busy)?);
        }
        let reader = self.take()?;
        run(&reader.connection, "BEGIN", [])?;
        // One that ends within `read` in a panic is not used again.
        let result = reader.limit.within(left(), || reader.limit.reading(|| read(&ReadTx(&reader))));
        run(&reader.connection, "COMMIT", [])?;
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
            && idle.len() < IDLE
        {
            idle.push(reader);
        }
        result
    }

    /// Refuses further reads; those under way go on.
    pub(super) fn close(&self) {
        drop(self.idle.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn take(&self) -> Result<Reader> {
        let idle = match self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(idle) => idle.pop(),
            None => return Err(StoreError::Closed),
        };
        idle.map_or_else(|| self.connect(), Ok)
    }

    /// A new one.
    fn connect(&self) -> Result<Reader> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(self.folder.join(TRUTH), flags)?;
        let mut schemas = vec!["main"];
        if self.request_gate.is_some() {
            attach_requests(&connection, &self.folder.join(REQUESTS))?;
            schemas.push(REQUESTS_SCHEMA);
        }
        configure_reader(&connection, &schemas)?;
        let limit = TimeLimit::watch(&mut connection)?;
        Ok(Reader { connection, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brief_readers_come_in_while_those_who_read_for_long_are_waited_for() {
        const ANY_TIME: Duration = Duration::from_secs(3_600);
        let folder = tempfile::tempdir().expect("a folder");
        let (_store, _) = crate::store::Store::open(folder.path()).expect("a store");
        let gate = Arc::new(ReaderGate::default());
        let readers = Readers::of_truth(folder.path(), &gate);
        let read = |length, time| readers.read_within(length, time, |_| Ok::<_, StoreError>(()));
        std::thread::scope(|scope| {
            let long = readers.read_within(ReadLength::Long, ANY_TIME, |_| {
                scope.spawn(|| gate.with_nobody(|| (), || ()));
                while !gate.is_closed(ReadLength::Long) {
                    std::thread::yield_now();
                }
                readers.read(|_| Ok::<_, StoreError>(()))?;
                read(ReadLength::Brief, ANY_TIME)?;
                read(ReadLength::Medium, ANY_TIME)?;
                let late = read(ReadLength::Long, Duration::from_millis(20));
                assert!(matches!(late, Err(StoreError::Busy)), "what is waited for counts: {late:?}");
                Ok::<_, StoreError>(())
            });
            long.expect("all of them read");
        });
        read(ReadLength::Long, ANY_TIME).expect("the gate is open again");
    }
}
