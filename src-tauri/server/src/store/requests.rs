//! The other database, `requests.sqlite3`: what was heard, and what it adds up to.
//!
//! It has a writer of its own, so that recording and provisioning do not wait for each other, and is not synced at every commit: a power
//! cut may cost the last moments of the record, never a user. One that is damaged is set aside, and a new one begun.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::Connection;

use super::checkpoints::{Journal, WriteConnection};
use super::connection::{OpenError, configure_writer, explaining, open_file};
use super::files::{DAMAGED, REQUESTS, REQUESTS_SCHEMA, make_numbered, remove_journal};
use super::progress::Progress;
use super::reader_gate::{ReadLength, ReaderGate};
use super::readers::Readers;
use super::writer::{Keep, Terms, Work, WorkError, Writer};
use super::{Result, StoreError, migrations, space};
use crate::model::ChangeSeq;

/// Bytes of its journal that are folded in at once.
const JOURNAL: u32 = 32 << 20;

/// What is open; `None`: closed.
pub(super) struct Requests {
    folder: PathBuf,
    /// Those of the truth.
    gate: Arc<ReaderGate>,
    open: RwLock<Option<Arc<Open>>>,
}

struct Open {
    writer: Writer,
    /// They see the other database, too.
    readers: Readers,
    /// Of this database alone, so that who waits until nobody reads what was heard holds back no request of an identity provider.
    gate: Arc<ReaderGate>,
}

impl Requests {
    /// Opens the database in `folder`, whose other database is open already, behind this `gate`. The path is where a damaged one was put.
    pub(super) fn open(folder: &Path, gate: &Arc<ReaderGate>) -> Result<(Self, Option<PathBuf>), OpenError> {
        let path = folder.join(REQUESTS);
        let (connection, set_aside) = match open_requests(&path) {
            Err(OpenError::Corrupt(..)) => {
                let set_aside = set_aside(&path).map_err(|error| OpenError::NotWritable(path.clone(), error))?;
                (open_requests(&path)?, Some(set_aside))
            }
            opened => (opened?, None),
        };
        let open = RwLock::new(Some(Arc::new(Open::new(folder, connection, gate)?)));
        Ok((Self { folder: folder.to_owned(), gate: gate.clone(), open }, set_aside))
    }

    /// See [`super::Store::read_with_requests`].
    pub(super) fn read<T, E: From<StoreError>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.get()?.readers.read(read)
    }

    /// See [`super::Store::search_requests`].
    pub(super) fn search<T, E: From<StoreError>>(
        &self,
        time: Duration,
        search: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.get()?.readers.read_within(ReadLength::Medium, time, |tx| search(tx))
    }

    /// See [`super::Store::write_requests`].
    pub(super) fn write<T: Send + 'static, E: WorkError>(&self, work: impl Work<T, E>) -> Result<T, E> {
        self.get()?.writer.run(Terms::own(Keep::OnSuccess), work)
    }

    /// Whether every page of the database is as it should be. Reads all of it.
    pub(super) fn is_intact(&self) -> bool {
        is_intact(|| self.read(check))
    }

    /// Puts a damaged database aside and begins a new one. Returns where it was put; `None`: it is in order, since somebody else has done so.
    pub(super) fn set_aside(&self) -> Result<Option<PathBuf>> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let Some(before) = open.as_ref() else { return Err(StoreError::Closed) };
        if is_intact(|| Readers::with_requests(&self.folder, &self.gate, &before.gate).read(check)) {
            return Ok(None);
        }
        open.take().into_iter().for_each(|before| before.close());
        let path = self.folder.join(REQUESTS);
        let put = set_aside(&path).map_err(StoreError::Sqlite)?;
        let opened = open_requests(&path).and_then(|connection| Open::new(&self.folder, connection, &self.gate));
        *open = Some(Arc::new(opened.map_err(|error| StoreError::Sqlite(error.to_string()))?));
        Ok(Some(put))
    }

    /// Gives back what the database needs no more. It is not set aside meanwhile.
    pub(super) fn give_back(&self) -> Result<()> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let Open { writer, .. } = &**open.as_ref().ok_or(StoreError::Closed)?;
        space::give_back(&self.folder.join(REQUESTS), |time| {
            writer.run(Terms::own(Keep::OnSuccess), move |tx| Ok::<_, StoreError>(tx.busy_timeout(time)?))
        })
    }

    /// Finishes what is queued and lets go of the database.
    pub(super) fn close(&self) {
        if let Some(open) = self.open.write().unwrap_or_else(PoisonError::into_inner).take() {
            open.close();
        }
    }

    fn get(&self) -> Result<Arc<Open>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(StoreError::Closed)
    }
}

impl Open {
    fn new(folder: &Path, connection: Connection, gate_of_truth: &Arc<ReaderGate>) -> Result<Self, OpenError> {
        let gate = Arc::new(ReaderGate::default());
        let connection = WriteConnection::new(&folder.join(REQUESTS), connection, Journal::of(JOURNAL, &gate))?;
        let progress = Arc::new(Progress::new(ChangeSeq(0)));
        Ok(Self {
            writer: Writer::start("requests writer", connection, progress),
            readers: Readers::with_requests(folder, gate_of_truth, &gate),
            gate,
        })
    }

    fn close(&self) {
        self.readers.close();
        self.writer.close();
    }
}

/// What SQLite says of all pages: `ok`.
fn check(c: &Connection) -> Result<String> {
    Ok(c.query_row(&format!("PRAGMA {REQUESTS_SCHEMA}.quick_check(1)"), [], |row| row.get(0))?)
}

fn is_intact(check: impl FnOnce() -> Result<String>) -> bool {
    match check() {
        Ok(found) => found == "ok",
        Err(StoreError::Damaged(_)) => false,
        // That it cannot be read says nothing of what is in it.
        Err(_) => true,
    }
}

/// The write connection, migrated.
fn open_requests(path: &Path) -> Result<Connection, OpenError> {
    let connection = open_file(path, migrations::REQUESTS.newest())?;
    explaining(path, || {
        migrations::prepare_requests(&connection)?;
        configure_writer(&connection, "NORMAL")?;
        migrations::migrate_requests(&connection)
    })?;
    Ok(connection)
}

/// Gives a damaged database another name: `requests.sqlite3.damaged-1`.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, String> {
    let is_taken = |error: &std::io::Error| error.kind() == ErrorKind::AlreadyExists;
    let renamed = make_numbered(
        |number| format!("{DAMAGED}{number}"),
        is_taken,
        |name| {
            let put = path.with_file_name(name);
            if put.exists() {
                return Err(ErrorKind::AlreadyExists.into());
            }
            std::fs::rename(path, &put).map(|()| put)
        },
    );
    let (_, put) = renamed.map_err(|error| format!("{} cannot be renamed: {error}", path.display()))?;
    remove_journal(path).map_err(|error| format!("the journal of {} cannot be removed: {error}", path.display()))?;
    Ok(put)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ReadLength, Store};

    #[test]
    fn a_record_that_somebody_else_uses_is_not_taken_for_damaged() {
        let folder = tempfile::tempdir().expect("a folder");
        let _truth = crate::store::open::open(folder.path()).expect("a new folder");
        let path = folder.path().join(REQUESTS);
        let other = Connection::open(&path).expect("a database");
        other.execute_batch("BEGIN EXCLUSIVE").expect("it is used");
        let error = Requests::open(folder.path(), &Arc::default()).err().expect("it cannot be opened");
        assert!(matches!(&error, OpenError::NotWritable(named, _) if *named == path), "{error}");
        other.execute_batch("ROLLBACK").expect("it is given free");
        drop(other);
        let (_requests, set_aside) = Requests::open(folder.path(), &Arc::default()).expect("it is there");
        assert_eq!(set_aside, None);
    }

    #[test]
    fn who_waits_until_nobody_reads_what_was_heard_holds_back_no_reader_of_the_truth() {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = Store::open(folder.path()).expect("a store");
        let gate = store.inner.requests.get().expect("it is open").gate.clone();
        let read = gate.with_nobody(|| (), || store.query(ReadLength::Long, |_| Ok::<_, StoreError>(())));
        read.expect("nobody is inside").expect("it reads");
    }
}
