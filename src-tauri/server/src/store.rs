//! The data folder: two databases, each with one writer thread and a few readers.
//!
//! *The truth*, `scim-setup.sqlite3`, is what people and identity providers made. Writes are jobs for a single thread. It runs each in a
//! savepoint and commits many at once (*group commit*), so that concurrent writers share one `fsync` and every acknowledged write is on
//! disk. Reads use read-only connections and see the last commit. *What was heard*, `requests.sqlite3`, is written beside it: see
//! `requests.rs`.

pub(crate) mod activity;
pub(crate) mod api_calls;
pub(crate) mod api_keys;
pub(crate) mod app_view;
mod backup;
mod cases;
pub(crate) mod changes;
mod checkpoints;
mod connection;
pub(crate) mod deleted_resources;
pub(crate) mod deleted_users;
pub(crate) mod deliveries;
pub(crate) mod directories;
mod doctor;
pub(crate) mod drift;
pub(crate) mod environments;
pub(crate) mod exchange_details;
pub(crate) mod exchanges;
mod files;
pub(crate) mod former_urls;
pub(crate) mod groups;
pub(crate) mod guide;
pub(crate) mod history;
pub(crate) mod kept;
pub(crate) mod listing;
mod listing_search;
pub(crate) mod marks;
pub(crate) mod members;
mod migrations;
pub(crate) mod missing;
mod open;
pub(crate) mod organizations;
mod progress;
mod queue;
mod reader_gate;
mod readers;
mod requests;
pub(crate) mod resources;
mod restore;
mod set_aside;
pub(crate) mod settings;
pub(crate) mod sightings;
mod space;
pub(crate) mod sql;
mod time_limit;
pub(crate) mod tokens;
pub(crate) mod versions;
pub(crate) mod webhooks;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A connection inside a transaction, as the functions of this module take it.
pub(crate) use rusqlite::Connection;
use rusqlite::ErrorCode;

use crate::model::{ChangeSeq, DataCheck, DirectoryKey, ResourceKind, SetAsideWhat, Storage};

pub use backup::{BackupError, back_up};
pub(crate) use cases::KeptCase;
use checkpoints::{Journal, WriteConnection};
pub use connection::OpenError;
pub use doctor::check_closed;
pub(crate) use files::Entry;
use listing::Derived;
use progress::Progress;
pub(crate) use queue::Lane;
pub(crate) use reader_gate::ReadLength;
use reader_gate::ReaderGate;
pub(crate) use readers::ReadTx;
use readers::Readers;
use requests::Requests;
use resources::StoredResource;
pub use restore::Restored;
pub(crate) use restore::{Staged, restore, restore_staged};
use writer::{Keep, Terms, Writer};
pub(crate) use writer::{Work, WorkError, WriteTx};

/// Bytes of the truth's journal that are folded in at once.
const JOURNAL: u32 = 16 << 20;

/// The open data folder. Cheap to clone; the folder is given free by [`Store::close`] or with the last clone.
#[derive(Clone)]
pub(crate) struct Store {
    inner: Arc<Inner>,
    /// What becomes of what is written.
    keep: Keep,
    times: Times,
}

/// How long may take what a request asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// A write.
    pub(crate) write: Duration,
    /// A query.
    pub(crate) query: Duration,
}

struct Inner {
    folder: PathBuf,
    writer: Writer,
    readers: Readers,
    requests: Requests,
    progress: Arc<Progress>,
    /// What keeps the lists in step.
    lists: Mutex<Option<JoinHandle<()>>>,
    /// Held by whoever makes a backup in the folder: each takes the room of a copy.
    backing_up: Mutex<()>,
    /// Held as long as the store is open: one process owns a data folder. Released last.
    lock: Mutex<Option<std::fs::File>>,
}

/// A read or write that the database refused. What it was about is in the log, not in the message.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no: the disk is full, the file is locked, …
    #[error("the database refused: {0}")]
    Sqlite(String),
    /// A page of the file is not what SQLite wrote.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The job panicked; nothing of it was kept.
    #[error("the operation failed inside the program; nothing was changed")]
    Panicked,
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// It took longer than what requests ask for may take; nothing of it was kept.
    #[error("it took too long")]
    TooLong,
    /// Too much waits, or it has waited too long; it was not begun.
    #[error("too much waits to be written")]
    Busy,
    /// What it belongs to was deleted or begun anew before its turn came; nothing of it was kept.
    #[error("what it belongs to is gone")]
    Gone,
    /// It would have a row refer to one that is not there; nothing of it was kept.
    #[error("a row would refer to one that is not there: {0}")]
    BrokenReference(String),
    /// A file of the data folder cannot be read, written or deleted.
    #[error("a file of the data folder cannot be used: {0}")]
    File(String),
    /// What is stored cannot be read.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
}

/// What the store answers, or what kept it from answering.
pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

impl Default for Times {
    /// An identity provider gives a request up after a minute at the most, and others wait for each write.
    fn default() -> Self {
        Self { write: Duration::from_secs(5), query: Duration::from_secs(10) }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let extended = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            _ if extended == Some(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => {
                Self::BrokenReference(error.to_string())
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::OperationInterrupted) => Self::TooLong,
            _ => Self::Sqlite(error.to_string()),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// Starts a thread that debuggers and profilers know by its name.
///
/// # Panics
/// If the system has no more threads, as [`std::thread::spawn`] does.
pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let builder = std::thread::Builder::new().name(name.to_owned());
    builder.spawn(work).expect("the system has a thread for us")
}

/// The open store has the folder that is looked through.
struct Opened<'s, S> {
    store: &'s Store,
    set_aside: S,
}

impl<S: Fn() -> Result<()>> doctor::Owner for Opened<'_, S> {
    fn wait_for_locks(&self, time: Duration) {
        let told = self.store.write(move |tx| Ok::<_, StoreError>(tx.busy_timeout(time)?));
        let both = told.and(self.store.write_requests(move |tx| Ok::<_, StoreError>(tx.busy_timeout(time)?)));
        if let Err(error) = both {
            tracing::debug!(%error, "a damaged database has a writer that waits no longer than always");
        }
    }

    fn set_aside(&self) -> Result<()> {
        (self.set_aside)()
    }

    fn wait_for_lists(&self) {
        self.store.inner.progress.wait_for_lists();
    }

    fn list_again(&self) {
        self.store.inner.progress.list_again();
    }
}

/// Lists are kept in step as long as this lives.
pub(crate) struct ListKeeper(Arc<Progress>);

impl Drop for ListKeeper {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Store {
    /// Opens the data folder, creates what is missing, and takes possession of it. The path is where the record of requests was put, if it was
    /// damaged.
    ///
    /// # Errors
    /// A sentence with the path: another process owns it, it cannot be written, a database is from a newer version or the truth is damaged.
    /// Nothing is overwritten.
    pub(crate) fn open(folder: &Path) -> Result<(Self, Option<PathBuf>), OpenError> {
        let (lock, connection) = open::open(folder)?;
        backup::remove_parts(folder);
        restore::remove_unpacked(folder);
        let gate = Arc::new(ReaderGate::default());
        let connection = WriteConnection::new(&folder.join(files::TRUTH), connection, Journal::of(JOURNAL, &gate))?;
        let (requests, set_aside) = Requests::open(folder, &gate)?;
        let newest = changes::newest_seq(&connection)
            .map_err(|error| OpenError::Corrupt(folder.join(files::TRUTH), error.to_string()))?;
        let progress = Arc::new(Progress::new(newest));
        let inner = Inner {
            folder: folder.to_owned(),
            writer: Writer::start("writer", connection, progress.clone()),
            progress,
            readers: Readers::of_truth(folder, &gate),
            requests,
            lists: Mutex::default(),
            backing_up: Mutex::default(),
            lock: Mutex::new(Some(lock)),
        };
        Ok((Self { inner: Arc::new(inner), keep: Keep::OnSuccess, times: Times::default() }, set_aside))
    }

    /// The same store where requests may take so long.
    pub(crate) fn with_times(&self, times: Times) -> Self {
        Self { times, ..self.clone() }
    }

    /// The same store for work that is only tried: each write sees what is stored, returns its result, and is taken back. What would happen
    /// after its commit does not happen.
    pub(crate) fn rehearsing(&self) -> Self {
        Self { keep: Keep::Never, ..self.clone() }
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// How much the data folder holds.
    ///
    /// # Errors
    /// If it cannot be listed.
    pub(crate) fn bytes(&self) -> Result<u64> {
        space::bytes(self.folder())
    }

    /// The backups in the data folder.
    ///
    /// # Errors
    /// If they cannot be listed.
    pub(crate) fn backups(&self) -> Result<Vec<Entry>> {
        backup::list(self.folder())
    }

    /// Prepares a backup of the data folder to be put in the place of what is there at the next start; false: there is none with this name.
    ///
    /// # Errors
    /// If it is not whole; then nothing has changed.
    pub(crate) fn stage_restore(&self, staged: &Staged) -> Result<bool, BackupError> {
        let _one_after_the_other = self.inner.backing_up.lock().unwrap_or_else(PoisonError::into_inner);
        let cannot = |error: StoreError| BackupError::File(self.folder().to_owned(), error.to_string());
        let Some(backup) = backup::find(self.folder(), &staged.backup).map_err(cannot)? else { return Ok(false) };
        restore::stage(self.folder(), &backup.path, staged).map(|()| true)
    }

    /// What the next start restores.
    ///
    /// # Errors
    /// If that cannot be read.
    pub(crate) fn staged_restore(&self) -> Result<Option<Staged>> {
        Ok(restore::staged(self.folder())?)
    }

    /// Calls off the restore at the next start; false: there is none.
    ///
    /// # Errors
    /// If what was prepared cannot be removed.
    pub(crate) fn unstage_restore(&self) -> Result<bool> {
        let _one_after_the_other = self.inner.backing_up.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(restore::unstage(self.folder())?)
    }

    /// What was put aside in the data folder.
    ///
    /// # Errors
    /// If it cannot be listed.
    pub(crate) fn set_aside(&self) -> Result<Vec<(SetAsideWhat, Entry)>> {
        set_aside::list(self.folder())
    }

    /// Deletes what was put aside under this name; false: there is none.
    ///
    /// # Errors
    /// If it cannot be deleted.
    pub(crate) fn delete_set_aside(&self, name: &str) -> Result<bool> {
        set_aside::delete(self.folder(), name)
    }

    /// Makes a backup in the data folder that is named after `stamp`, and returns its name. Whoever writes meanwhile is not held up.
    ///
    /// # Errors
    /// If it cannot be made; then nothing of it is left.
    pub(crate) fn back_up(&self, stamp: &str) -> Result<String, BackupError> {
        let _one_after_the_other = self.inner.backing_up.lock().unwrap_or_else(PoisonError::into_inner);
        backup::add(self.folder(), stamp)
    }

    /// Deletes a backup of the data folder; false: there is none with this name.
    ///
    /// # Errors
    /// If it cannot be deleted.
    pub(crate) fn delete_backup(&self, name: &str) -> Result<bool> {
        backup::delete(self.folder(), name)
    }

    /// The cases that were opened here.
    ///
    /// # Errors
    /// If they cannot be listed.
    pub(crate) fn cases(&self) -> Result<Vec<KeptCase>> {
        cases::list(self.folder())
    }

    /// The lines of a case that was opened here: what it is about, then a request each. `None`: there is no such case.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn case(&self, id: &str) -> Result<Option<Vec<String>>> {
        cases::read(self.folder(), id)
    }

    /// Keeps a case in such lines.
    ///
    /// # Errors
    /// If it cannot be written; then nothing of it is left.
    pub(crate) fn add_case(&self, id: &str, lines: &[String]) -> Result<()> {
        cases::add(self.folder(), id, lines)
    }

    /// Deletes a case that was opened here; false: there is no such case.
    ///
    /// # Errors
    /// If it cannot be deleted.
    pub(crate) fn delete_case(&self, id: &str) -> Result<bool> {
        cases::delete(self.folder(), id)
    }

    /// Looks through the data folder for what is not as it should be, and mends what can be if `repairs`. Reads all of it.
    ///
    /// # Errors
    /// If it cannot be read or, with `repairs`, be written.
    pub(crate) fn check(&self, repairs: bool, set_aside: impl Fn() -> Result<()>) -> Result<DataCheck> {
        doctor::check(self.folder(), repairs, &Opened { store: self, set_aside })
    }

    /// What the data folder takes of the disk, and for what. Reads all pages of the databases.
    ///
    /// # Errors
    /// If the folder cannot be listed, or a database refuses.
    pub(crate) fn storage(&self) -> Result<Storage> {
        self.read_with_requests(|c| space::measure(c, self.folder()))
    }

    /// Reads the truth from one snapshot of the last commit. Blocks on the disk.
    ///
    /// # Errors
    /// Whatever `read` returns, and [`StoreError`] if no connection can be had.
    pub(crate) fn read<T, E: From<StoreError>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.inner.readers.read(read)
    }

    /// Reads the truth as [`Store::read`] does, for something that may take longer than whoever asks for it may have it take. A thread that
    /// serves connections may ask for what is brief alone.
    ///
    /// # Errors
    /// As [`Store::read`], [`StoreError::TooLong`], and [`StoreError::Busy`] if what is not brief could not be begun.
    pub(crate) fn query<T, E: From<StoreError>>(
        &self,
        length: ReadLength,
        read: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.inner.readers.read_within(length, self.times.query, read)
    }

    /// Reads the truth and what was heard, each from a snapshot of its last commit; lists show what was committed before. Nothing that an
    /// identity provider waits for may read it: what was heard can be damaged.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub(crate) fn read_with_requests<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.inner.progress.wait_for_lists();
        self.inner.requests.read(read)
    }

    /// Reads as [`Store::read_with_requests`] does what may look at all there is.
    ///
    /// # Errors
    /// As [`Store::query`].
    pub(crate) fn search_requests<T, E: From<StoreError>>(
        &self,
        search: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.inner.progress.wait_for_lists();
        self.inner.requests.search(self.times.query, search)
    }

    /// Runs `work` on the writer thread and returns when its effect is on disk. All or nothing: on an error nothing of it is kept. Blocks.
    ///
    /// # Errors
    /// Whatever `work` returns, and [`StoreError`] if the commit fails.
    pub(crate) fn write<T: Send + 'static, E: WorkError>(&self, work: impl Work<T, E>) -> Result<T, E> {
        self.inner.writer.run(Terms::own(self.keep), work)
    }

    /// The same for what a request asks for, without a thread that waits. Once it was polled, it is carried out whether or not somebody waits
    /// still.
    ///
    /// # Errors
    /// As [`Store::write`]; [`StoreError::TooLong`] if it takes too long, [`StoreError::Busy`] if it would wait too long.
    pub(crate) async fn write_async<T: Send + 'static, E: WorkError>(
        &self,
        lane: Lane,
        work: impl Work<T, E>,
    ) -> Result<T, E> {
        let terms = Terms { keep: self.keep, lane, time: Some(self.times.write) };
        self.inner.writer.run_async(terms, work).await
    }

    /// Runs `work` on the thread that writes what was heard, and returns once it is committed, which a power cut may still undo. All or
    /// nothing. Blocks.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub(crate) fn write_requests<T: Send + 'static, E: WorkError>(&self, work: impl Work<T, E>) -> Result<T, E> {
        self.inner.requests.write(work)
    }

    /// How many resources of a kind are there, in the snapshot that `c` reads or a moment later.
    ///
    /// # Errors
    /// If the database refuses.
    pub(crate) fn total(&self, c: &Connection, directory: DirectoryKey, kind: ResourceKind) -> Result<u64> {
        self.inner.progress.total(c, directory, kind)
    }

    /// A window of the resources of a kind, in the order in which they were created. Who reads one window after the other skips none.
    ///
    /// # Errors
    /// If the database refuses.
    pub(crate) fn page(
        &self,
        c: &Connection,
        directory: DirectoryKey,
        kind: ResourceKind,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<StoredResource>> {
        let (progress, seq) = (&self.inner.progress, changes::newest_seq(c)?);
        let (count, after) = progress.end_before(seq, directory, kind, offset);
        let page = resources::page(c, directory, kind, after, offset - count, limit)?;
        if let Some(last) = page.last() {
            progress.note_end(seq, directory, kind, offset + page.len() as u64, last.key);
        }
        Ok(page)
    }

    /// Keeps the lists in step with the truth as long as the value lives, on a thread of its own, and tells of what they show anew, or why they
    /// do not.
    pub(crate) fn keep_lists(&self, tell: impl Fn(Result<Derived>) + Send + 'static) -> ListKeeper {
        let (progress, inner) = (self.inner.progress.clone(), Arc::downgrade(&self.inner));
        progress.begin();
        let thread = spawn("lists", move || {
            while progress.wait_for_work() {
                let Some(inner) = inner.upgrade() else { return };
                match listing::derive_some(&Self { inner, keep: Keep::OnSuccess, times: Times::default() }) {
                    Ok(derived) => {
                        progress.listed(derived.seq);
                        tell(Ok(derived));
                    }
                    Err(StoreError::Closed) => return,
                    Err(error) => {
                        tell(Err(error));
                        progress.pause();
                    }
                }
            }
        });
        *self.inner.lists.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        ListKeeper(self.inner.progress.clone())
    }

    /// Waits until so many changes were committed after `seq`, and returns the newest; `None`: the store is closing. Blocks.
    pub(crate) fn wait_for_changes(&self, seq: ChangeSeq, count: i64) -> Option<ChangeSeq> {
        self.inner.progress.wait_for_changes(seq, count)
    }

    /// Gives back to the system what was deleted, so that none of it is in the files. Blocks, and writers wait behind it.
    ///
    /// # Errors
    /// If it cannot be done now; everything is in order then, too.
    pub(crate) fn give_back(&self) -> Result<()> {
        let wait = |time| self.write(move |tx| Ok::<_, StoreError>(tx.busy_timeout(time)?));
        space::give_back(&self.folder().join(files::TRUTH), wait).and(self.inner.requests.give_back())
    }

    /// Whether what was heard can be read as a whole. Reads all of it.
    pub(crate) fn are_requests_intact(&self) -> bool {
        self.inner.requests.is_intact()
    }

    /// Puts the damaged record of requests aside and begins a new one, whose lists are built anew. Returns where it was put; `None`: it is in
    /// order, since somebody else has done so.
    ///
    /// # Errors
    /// If it cannot be renamed, or no new one be created.
    pub(crate) fn set_requests_aside(&self) -> Result<Option<PathBuf>> {
        let put = self.inner.requests.set_aside()?;
        self.inner.progress.list_again();
        Ok(put)
    }

    /// Finishes what is queued and gives the data folder free, even if clones are still around; what they ask is refused. Blocks.
    pub(crate) fn close(&self) {
        self.inner.progress.close();
        let lists = self.inner.lists.lock().unwrap_or_else(PoisonError::into_inner).take();
        if lists.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that keeps the lists panicked");
        }
        self.inner.readers.close();
        self.inner.requests.close();
        // Last, because the last connection to close folds the write-ahead log into the database, and a reader cannot.
        self.inner.writer.close();
        drop(self.inner.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
