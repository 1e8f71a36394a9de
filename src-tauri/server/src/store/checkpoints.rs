//! Folding the journal of a database into it, beside its writer.
//!
//! A checkpoint writes every page that has changed to its place and waits for the disk. If the writer did all of it, nobody's write would be
//! answered for tens of milliseconds. So a thread with a connection of its own does most while the writer goes on, which SQLite calls
//! *passive*. The writer folds in what was committed meanwhile, which is little, and begins the journal anew. Where readers keep it from that,
//! there are none for a moment: see `reader_gate.rs`. Once nothing is written for a while, the journal is cut to nothing.

use std::fs::{File, OpenOptions};
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::StoreError;
use super::connection::{OpenError, configure_writer, cut_journal, explaining};
use super::reader_gate::ReaderGate;
use super::time_limit::TimeLimit;

/// How many times as much there is if the thread does not keep up, so that the writer waits for it, or if readers keep the journal from
/// beginning anew, so that they are held back.
const TOO_MUCH: u32 = 4;

/// For how long nothing has been written when the journal is cut.
const IDLE: Duration = Duration::from_secs(30);

/// How long cutting the journal waits for a reader, while the writer waits for it.
const CUT: Duration = Duration::from_millis(20);

/// How large the journal of a database becomes, and who reads out of it.
pub(super) struct Journal {
    /// Bytes that are folded in at once: the more, the less often is a page written that changes again and again.
    much: u32,
    gate: Arc<ReaderGate>,
    idle: Duration,
}

impl Journal {
    pub(super) fn of(much: u32, gate: &Arc<ReaderGate>) -> Self {
        Self { much, gate: gate.clone(), idle: IDLE }
    }
}

/// The connection that writes to a database, whose journal a thread folds in. To drop it ends the thread.
pub(super) struct WriteConnection {
    connection: Connection,
    /// Closed when SQLite is done: with it this process lets go of all its locks on the file.
    _database: Arc<File>,
    thread: Option<JoinHandle<()>>,
    gate: Arc<ReaderGate>,
    limit: Arc<TimeLimit>,
}

impl WriteConnection {
    /// Has the journal of the database at `path` folded in whenever it has so many bytes.
    pub(super) fn new(path: &Path, mut connection: Connection, journal: Journal) -> Result<Self, OpenError> {
        let (much, gate) = (journal.much, journal.gate.clone());
        let not_writable = |error: std::io::Error| OpenError::NotWritable(path.to_owned(), error.to_string());
        let database = Arc::new(OpenOptions::new().write(true).open(path).map_err(not_writable)?);
        let (beside, page) = explaining(path, || {
            let beside = Connection::open(path)?;
            configure_writer(&beside, "NORMAL")?;
            beside.busy_timeout(CUT)?;
            // What the journal was larger once is given back when it begins anew.
            for connection in [&beside, &connection] {
                connection.query_row(&format!("PRAGMA journal_size_limit = {much}"), [], |_| Ok(()))?;
            }
            Ok((beside, connection.query_row("PRAGMA page_size", [], |row| row.get::<_, u32>(0))?))
        })?;
        let (is_folded, working) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(())));
        let commits = Arc::new(AtomicU64::new(0));
        // Without room, so that only a thread that waits is told.
        let (tell, told) = sync_channel(0);
        let thread = super::spawn("checkpoints", {
            let (database, commits) = (database.clone(), commits.clone());
            let (is_folded, working) = (is_folded.clone(), working.clone());
            let folding = Folding { connection: beside, database, journal, page, is_folded, working, commits };
            move || folding.run(&told)
        });
        let hook = move |wal: &mut Wal, pages: i32| {
            commits.fetch_add(1, Ordering::Relaxed);
            let journal = pages.unsigned_abs().saturating_mul(page);
            let is_too_much = journal >= much.saturating_mul(TOO_MUCH);
            if is_too_much {
                // While the thread is at it, nobody else can be.
                drop(working.lock());
            }
            let was_folded = is_folded.swap(false, Ordering::Relaxed);
            if was_folded || is_too_much {
                // What cannot be folded in now stays in the journal.
                let _ = wal.checkpoint();
            }
            if journal >= much && (is_too_much || !was_folded) {
                // Nobody is told who is at it.
                let _ = tell.try_send(());
            }
            Ok(())
        };
        let (connection, limit) = explaining(path, || {
            connection.wal_hook(Some(hook))?;
            let limit = TimeLimit::watch(&mut connection)?;
            Ok((connection, limit))
        })?;
        Ok(Self { connection, _database: database, thread: Some(thread), gate, limit })
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
        // It may be waiting for readers, for which whoever ends the program would wait, too.
        self.gate.end();
        // The thread ends with the hook, and before the connection, which thus closes as the last and folds in what is left.
        let is_told = self.connection.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>).is_ok();
        if self.thread.take().is_some_and(|thread| is_told && thread.join().is_err()) {
            tracing::error!("the thread of the checkpoints panicked");
        }
    }
}

/// What the thread needs.
struct Folding {
    connection: Connection,
    database: Arc<File>,
    journal: Journal,
    /// Bytes of a page.
    page: u32,
    /// Whether the writer may begin the journal anew.
    is_folded: Arc<AtomicBool>,
    /// Held while it works.
    working: Arc<Mutex<()>>,
    /// How many there have been.
    commits: Arc<AtomicU64>,
}

impl Folding {
    fn run(&self, told: &Receiver<()>) {
        // As many commits as there were when the journal was cut, or looked at without having been.
        let (mut cut, mut seen) = (0, 0);
        loop {
            match told.recv_timeout(self.journal.idle) {
                Ok(()) => self.fold(),
                Err(RecvTimeoutError::Timeout) => {
                    let commits = self.commits.load(Ordering::Relaxed);
                    if commits == seen && commits != cut && self.cut() {
                        cut = commits;
                    }
                    seen = commits;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn fold(&self) {
        let Some(pages) = self.fold_in() else { return };
        self.is_folded.store(true, Ordering::Relaxed);
        if pages.saturating_mul(self.page) >= self.journal.much.saturating_mul(TOO_MUCH) {
            // What was committed while readers were waited for can be much: it is folded in before writers and brief readers wait. Whoever stays
            // inside keeps the journal as it is until the next time.
            self.journal.gate.with_nobody(|| _ = self.fold_in(), || self.cut());
        }
    }

    /// Folds in what can be without anybody having to wait, and says how many pages the journal has; `None`: it could not be done.
    fn fold_in(&self) -> Option<u32> {
        let _working = self.working.lock();
        // What was committed during the first, the second takes a moment for.
        let folded = [(); 2].iter().try_fold(0, |_, ()| {
            let pages = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))?;
            // SQLite does it only where nothing was left, which would be the writer.
            self.database.sync_data().map_err(|error| StoreError::Sqlite(error.to_string()))?;
            Ok::<_, StoreError>(pages)
        });
        // All of it is in the journal still; the next commit asks again.
        folded.inspect_err(|error| tracing::debug!(%error, "the journal could not be folded in")).ok()
    }

    /// Folds in the rest and cuts the journal to nothing; false: somebody reads out of it.
    fn cut(&self) -> bool {
        let _working = self.working.lock();
        cut_journal(&self.connection).unwrap_or_else(|error| {
            tracing::debug!(%error, "the journal could not be cut");
            false
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::store::files::TRUTH;
    use crate::store::reader_gate::{self, ReadLength};
    use crate::store::readers::Readers;

    const MUCH: u32 = 64 << 10;

    struct Written {
        folder: tempfile::TempDir,
        connection: WriteConnection,
    }

    impl Written {
        fn begin(journal: Journal) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(TRUTH);
            let connection = Connection::open(&path).expect("a database");
            configure_writer(&connection, "FULL").expect("a writer");
            connection.execute_batch("CREATE TABLE texts (text TEXT)").expect("a table");
            let connection = WriteConnection::new(&path, connection, journal).expect("a thread");
            Self { folder, connection }
        }

        fn write(&self, bytes: usize) {
            self.connection.execute("INSERT INTO texts VALUES (?1)", ["x".repeat(bytes)]).expect("a row");
        }

        fn journal(&self) -> u64 {
            self.bytes(&format!("{TRUTH}-wal"))
        }

        fn bytes(&self, file: &str) -> u64 {
            self.folder.path().join(file).metadata().map_or(0, |file| file.len())
        }
    }

    #[test]
    fn what_was_committed_comes_into_the_database() {
        let written = Written::begin(Journal::of(MUCH, &Arc::default()));
        let before = written.bytes(TRUTH);
        written.write(2 * MUCH as usize);
        let deadline = Instant::now() + Duration::from_secs(20);
        while written.bytes(TRUTH) < before + u64::from(MUCH) {
            assert!(Instant::now() < deadline, "nobody folded the journal in");
            std::thread::sleep(Duration::from_millis(5));
            // A thread that had not begun to wait is told by the next commit.
            written.write(1);
        }
    }

    #[test]
    fn the_journal_stays_small_and_is_gone_in_the_end() {
        let written = Written::begin(Journal::of(MUCH, &Arc::default()));
        for _ in 0..400 {
            written.write(MUCH as usize / 4);
        }
        let most = u64::from(MUCH * (TOO_MUCH + 2));
        assert!((1..most).contains(&written.journal()), "{}", written.journal());
        let journal = written.folder.path().join(format!("{TRUTH}-wal"));
        let Written { folder, connection } = written;
        drop(connection);
        assert!(!journal.exists(), "all of it is in the database");
        let connection = Connection::open(folder.path().join(TRUTH)).expect("a database");
        let rows: u32 = connection.query_row("SELECT count(*) FROM texts", [], |row| row.get(0)).expect("a count");
        assert_eq!(rows, 400);
    }

    #[test]
    fn the_journal_stays_small_though_there_is_always_a_reader() {
        let gate = Arc::new(ReaderGate::default());
        let written = Written::begin(Journal::of(MUCH, &gate));
        let readers = Readers::of_truth(written.folder.path(), &gate);
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for length in
                [ReadLength::Long, ReadLength::Long, ReadLength::Medium, ReadLength::Medium, ReadLength::Brief]
            {
                let (readers, is_over) = (&readers, &is_over);
                scope.spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        let read = readers.read_within(length, Duration::from_secs(3_600), |c| {
                            c.query_row("SELECT count(*) FROM texts", [], |row| row.get::<_, u32>(0))?;
                            std::thread::sleep(Duration::from_millis(3));
                            Ok::<_, StoreError>(())
                        });
                        read.expect("it reads");
                    }
                });
            }
            for _ in 0..400 {
                written.write(MUCH as usize / 4);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        let most = u64::from(MUCH * 16);
        assert!(written.journal() < most, "{} bytes of {}", written.journal(), 100 * MUCH);
    }

    #[test]
    fn whoever_ends_does_not_wait_for_a_reader_who_stays() {
        let gate = Arc::new(ReaderGate::default());
        let written = Written::begin(Journal::of(MUCH, &gate));
        let readers = Readers::of_truth(written.folder.path(), &gate);
        let ended = readers.read_within(ReadLength::Long, Duration::from_secs(3_600), |_| {
            while !gate.is_closed(ReadLength::Long) {
                written.write(MUCH as usize / 4);
            }
            let (began, Written { folder, connection }) = (Instant::now(), written);
            drop(connection);
            Ok::<_, StoreError>((folder, began.elapsed()))
        });
        let (_folder, time) = ended.expect("it reads");
        assert!(time < reader_gate::PATIENCE / 2, "it waited for the reader");
    }

    #[test]
    fn the_journal_is_cut_once_nothing_is_written() {
        let idle = Duration::from_millis(20);
        let written = Written::begin(Journal { idle, ..Journal::of(MUCH, &Arc::default()) });
        written.write(MUCH as usize / 4);
        assert!(written.journal() > 0);
        let deadline = Instant::now() + Duration::from_secs(20);
        while written.journal() > 0 {
            assert!(Instant::now() < deadline, "nobody cut the journal");
            std::thread::sleep(idle);
        }
        written.write(1);
        let rows = |c: &Connection| c.query_row("SELECT count(*) FROM texts", [], |row| row.get::<_, u32>(0));
        assert_eq!(rows(&written.connection).expect("a count"), 2);
    }
}
