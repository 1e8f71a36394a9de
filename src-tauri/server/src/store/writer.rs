//! The writer thread and its group commit.

use std::cell::RefCell;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::changes::Committed;
use super::checkpoints::WriteConnection;
use super::progress::Progress;
use super::queue::{LONGEST_WAIT, Lane, Queue, Waiting};
use super::sql::run;
use super::time_limit::TimeLimit;
use super::{Result, StoreError};

/// Jobs that share one commit at the most, so that the first of them does not wait long.
const MOST_IN_A_COMMIT: usize = 256;

/// After how long a commit takes in no further job, for the same reason.
const LONGEST_COMMIT: Duration = Duration::from_millis(20);

/// How long jobs of requests may go on in all once the store closes: who asked for them has been waited for already.
const LAST: Duration = Duration::from_secs(2);

/// Runs on the writer thread and returns what to do once the commit is known.
type Job = Box<dyn FnOnce(&Connection, Turn<'_>) -> Finish + Send>;
type Finish = Box<dyn FnOnce(Result<()>)>;

/// The thread that owns the write connection. Dropping or closing it finishes what is queued.
pub(super) struct Writer {
    progress: Arc<Progress>,
    jobs: Arc<Queue<Job>>,
    limit: Arc<TimeLimit>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What a job is told when its turn has come.
enum Turn<'t> {
    Run(&'t TimeLimit),
    /// It is not begun.
    Refused(StoreError),
}

/// How a job is carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) keep: Keep,
    pub(super) lane: Lane,
    /// How long it may take; `None`: as long as it takes.
    pub(super) time: Option<Duration>,
}

impl Terms {
    /// Of what a person at this machine does, or the program itself.
    pub(super) fn own(keep: Keep) -> Self {
        Self { keep, lane: Lane::Own, time: None }
    }
}

/// A connection inside a transaction, and what to do when its work is on disk.
pub(crate) struct WriteTx<'a> {
    connection: &'a Connection,
    limit: &'a TimeLimit,
    after: RefCell<After>,
}

/// What runs inside a transaction, on the thread that writes.
pub(crate) trait Work<T, E>: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static {}

impl<T, E, W: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static> Work<T, E> for W {}

/// What such work fails with.
pub(crate) trait WorkError: From<StoreError> + Send + 'static {}

impl<E: From<StoreError> + Send + 'static> WorkError for E {}

impl WriteTx<'_> {
    /// Runs `action` on the writer thread after the commit, in the order of the writes; not at all if there is none.
    pub(crate) fn after_commit(&self, action: impl FnOnce() + 'static) {
        self.after.borrow_mut().actions.push(Box::new(action));
    }

    /// To be asked by what goes on for as long as a client wants.
    ///
    /// # Errors
    /// [`StoreError::TooLong`] once the job has taken too long.
    pub(crate) fn check_time(&self) -> Result<()> {
        self.limit.check()
    }

    /// Reads what may be much, and is broken off once the job has taken too long. `read` must not write.
    ///
    /// # Errors
    /// What `read` returns, and [`StoreError::TooLong`].
    pub(crate) fn read_much<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.check_time()?;
        self.limit.reading(|| read(self.connection))
    }

    /// Notes a change that this made.
    pub(super) fn note_change(&self, change: Committed) {
        self.after.borrow_mut().changes.push(change);
    }
}

impl Deref for WriteTx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Writer {
    /// Changes that are committed are noted in `progress`. `name` is that of the thread.
    pub(super) fn start(name: &str, connection: WriteConnection, progress: Arc<Progress>) -> Self {
        Self::with_queue(name, connection, progress, Queue::new(LONGEST_WAIT))
    }

    fn with_queue(name: &str, connection: WriteConnection, progress: Arc<Progress>, queue: Queue<Job>) -> Self {
        let (jobs, limit) = (Arc::new(queue), connection.limit().clone());
        let thread = super::spawn(name, {
            let jobs = jobs.clone();
            move || run_jobs(&connection, &jobs)
        });
        Self { progress, jobs, limit, thread: Mutex::new(Some(thread)) }
    }

    /// Runs `work` and returns its result once it is on disk. Blocks.
    pub(super) fn run<T: Send + 'static, E: WorkError>(&self, terms: Terms, work: impl Work<T, E>) -> Result<T, E> {
        let (sender, answer) = sync_channel(1);
        self.queue(terms, work, move |result| drop(sender.send(result)))?;
        answer.recv().map_err(|_| StoreError::Closed)?
    }

    /// The same without a thread that waits. Once it was polled, it is carried out whether or not somebody waits still.
    pub(super) async fn run_async<T: Send + 'static, E: WorkError>(
        &self,
        terms: Terms,
        work: impl Work<T, E>,
    ) -> Result<T, E> {
        let (sender, answer) = oneshot::channel();
        self.queue(terms, work, move |result| drop(sender.send(result)))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Has `work` run, and `answer` called with its result once it is on disk. Does not wait.
    fn queue<T: Send + 'static, E: WorkError>(
        &self,
        terms: Terms,
        work: impl Work<T, E>,
        answer: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<()> {
        let progress = self.progress.clone();
        let job: Job = Box::new(move |connection, turn| {
            let (result, After { changes, actions }) = match turn {
                Turn::Run(limit) => limit.within(terms.time, || in_transaction(connection, limit, terms.keep, work)),
                Turn::Refused(error) => (Err(error.into()), After::default()),
            };
            Box::new(move |committed| {
                answer(match committed {
                    Ok(()) => {
                        progress.note(&changes);
                        actions.into_iter().for_each(after_commit);
                        result
                    }
                    Err(error) => Err(E::from(error)),
                });
            })
        });
        self.jobs.push(terms.lane, job)
    }

    /// Finishes what is queued, of requests as much as [`LAST`] allows, and lets go of the database. Later writes are refused.
    pub(super) fn close(&self) {
        if self.jobs.close() {
            self.limit.end_after(LAST);
        }
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The last owner of a store may be the writer thread itself, in an after-commit action: it cannot wait for itself.
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != std::thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the writer thread panicked");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

/// What is on disk stays there, whatever comes of telling of it.
fn after_commit(action: Box<dyn FnOnce()>) {
    if catch_unwind(AssertUnwindSafe(action)).is_err() {
        tracing::error!("what follows a commit panicked; what was written is kept");
    }
}

fn run_jobs(connection: &WriteConnection, queue: &Queue<Job>) {
    let limit = connection.limit();
    let carry_out = |waiting: Waiting<Job>| {
        let refusal = match waiting.lane {
            Lane::Own => None,
            _ if limit.has_ended() => Some(StoreError::Closed),
            _ => waiting.is_late().then_some(StoreError::Busy),
        };
        (waiting.job)(connection, refusal.map_or(Turn::Run(limit), Turn::Refused))
    };
    while let Some(first) = queue.next() {
        let began = Instant::now();
        let mut has_light = first.lane != Lane::Heavy;
        let mut finishes = vec![carry_out(first)];
        // The first stands alone if nothing is left of its transaction.
        while !connection.is_autocommit()
            && finishes.len() < MOST_IN_A_COMMIT
            && began.elapsed() < LONGEST_COMMIT
            && let Some(job) = queue.next_for_commit(has_light)
        {
            has_light |= job.lane != Lane::Heavy;
            finishes.push(carry_out(job));
        }
        let committed = match connection.is_autocommit() {
            false => run(connection, "COMMIT", []).map(drop),
            true if finishes.len() == 1 => Ok(()),
            true => Err(taken_back()),
        };
        if let Err(error) = &committed {
            tracing::error!(%error, jobs = finishes.len(), "commit failed");
            roll_back(connection);
        }
        for finish in finishes {
            finish(committed.clone());
        }
    }
}

/// Takes back what is left of a transaction that cannot be committed.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = run(connection, "ROLLBACK", [])
    {
        tracing::error!(%error, "rollback failed");
    }
}

fn taken_back() -> StoreError {
    StoreError::Sqlite("the transaction was rolled back".into())
}

/// What is to be done once a job's work is on disk.
#[derive(Default)]
struct After {
    /// The changes that it made.
    changes: Vec<Committed>,
    actions: Vec<Box<dyn FnOnce()>>,
}

/// What becomes of what a job did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// It is committed if it works.
    OnSuccess,
    /// It is taken back.
    Never,
}

/// Runs a job: the first of a transaction begins it, each further one is in a savepoint, which costs a copy of every page that it changes.
fn in_transaction<T, E: WorkError>(
    connection: &Connection,
    limit: &TimeLimit,
    keep: Keep,
    work: impl Work<T, E>,
) -> (Result<T, E>, After) {
    let is_first = connection.is_autocommit();
    if let Err(error) = run(connection, if is_first { "BEGIN IMMEDIATE" } else { "SAVEPOINT job" }, []) {
        return (Err(error.into()), After::default());
    }
    let tx = WriteTx { connection, limit, after: RefCell::default() };
    let result = catch_unwind(AssertUnwindSafe(|| work(&tx))).unwrap_or_else(|_| Err(StoreError::Panicked.into()));
    let is_kept = result.is_ok() && keep == Keep::OnSuccess;
    let after = if is_kept { tx.after.take() } else { After::default() };
    let ended = match (is_first, is_kept) {
        // SQLite may roll back by itself: the disk is full.
        (true, true) if connection.is_autocommit() => Err(taken_back()),
        (true, true) => Ok(()),
        (true, false) if connection.is_autocommit() => Ok(()),
        (true, false) => run(connection, "ROLLBACK", []).map(drop),
        (false, true) => run(connection, "RELEASE job", []).map(drop),
        (false, false) => {
            run(connection, "ROLLBACK TO job", []).and_then(|_| run(connection, "RELEASE job", [])).map(drop)
        }
    };
    match ended {
        Ok(()) => (result, after),
        Err(error) => {
            // Nothing of the commit can be kept if half a job is in it.
            roll_back(connection);
            (Err(error.into()), After::default())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;
    use crate::model::ChangeSeq;
    use crate::store::checkpoints::Journal;

    /// What a job inserts, and how it ends.
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Step {
        Keep(i64),
        Fail(i64),
        Panic(i64),
        Rehearse(i64),
        /// SQLite takes back the whole transaction, as it does when the disk is full.
        RollBack,
    }

    fn writer() -> (tempfile::TempDir, Writer) {
        writer_where_others_wait(LONGEST_WAIT)
    }

    fn writer_where_others_wait(longest_wait: Duration) -> (tempfile::TempDir, Writer) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let connection = Connection::open(&path).expect("a database");
        let connection =
            WriteConnection::new(&path, connection, Journal::of(1 << 20, &Arc::default())).expect("a thread");
        connection.execute_batch("CREATE TABLE numbers (number INTEGER)").expect("a table");
        let progress = Arc::new(Progress::new(ChangeSeq(0)));
        (folder, Writer::with_queue("writer", connection, progress, Queue::new(longest_wait)))
    }

    fn numbers(writer: &Writer) -> Vec<i64> {
        let all = writer.run(Terms::own(Keep::OnSuccess), |tx| {
            let mut statement = tx.prepare("SELECT number FROM numbers ORDER BY number")?;
            Ok::<_, StoreError>(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        });
        all.expect("the numbers")
    }

    /// Has all steps run in one transaction, and returns which of them were told that they worked.
    fn run_together(writer: &Writer, steps: &[Step]) -> Vec<bool> {
        // Holds the writer until all are queued, and takes its own back, so that the first of them begins the transaction.
        let (go, wait) = channel::<()>();
        let hold = move |_: &WriteTx<'_>| {
            let _ = wait.recv();
            Ok::<_, StoreError>(())
        };
        writer.queue(Terms::own(Keep::Never), hold, drop).expect("a place in the queue");
        let told: Vec<_> = steps.iter().map(|step| step.queue(writer).expect("a place in the queue")).collect();
        drop(go);
        told.into_iter().map(|told| told.recv().expect("an answer").is_ok()).collect()
    }

    impl Step {
        fn queue(self, writer: &Writer) -> Result<Receiver<Result<()>>> {
            let keep = if matches!(self, Self::Rehearse(_)) { Keep::Never } else { Keep::OnSuccess };
            let (sender, answer) = sync_channel(1);
            let write = move |tx: &WriteTx<'_>| {
                let insert = |number| tx.execute("INSERT INTO numbers VALUES (?1)", [number]).map(drop);
                match self {
                    Self::Keep(number) | Self::Rehearse(number) => Ok(insert(number)?),
                    Self::Fail(number) => {
                        insert(number)?;
                        Err(StoreError::Unreadable("on purpose".into()))
                    }
                    Self::Panic(number) => {
                        insert(number)?;
                        panic!("on purpose")
                    }
                    Self::RollBack => Ok(tx.execute_batch("ROLLBACK")?),
                }
            };
            writer.queue(Terms::own(keep), write, move |result| drop(sender.send(result)))?;
            Ok(answer)
        }
    }

    #[test]
    fn each_job_of_a_commit_fails_alone() {
        use Step::{Fail, Keep, Panic, Rehearse};
        for (steps, told, kept) in [
            (vec![Keep(1), Fail(2), Keep(3), Panic(4), Rehearse(5), Keep(6)], "ynynyy", vec![1, 3, 6]),
            (vec![Fail(1), Fail(2), Keep(3)], "nny", vec![3]),
            (vec![Panic(1), Keep(2)], "ny", vec![2]),
            (vec![Rehearse(1), Rehearse(2)], "yy", vec![]),
            (vec![Keep(1), Rehearse(2)], "yy", vec![1]),
        ] {
            let (_folder, writer) = writer();
            let worked: String = run_together(&writer, &steps).iter().map(|ok| if *ok { 'y' } else { 'n' }).collect();
            assert_eq!((worked.as_str(), numbers(&writer)), (told, kept), "{steps:?}");
        }
    }

    #[test]
    fn a_panic_behind_a_commit_ends_nothing() {
        let (_folder, writer) = writer();
        for number in [1, 2] {
            let told = writer.run(Terms::own(Keep::OnSuccess), move |tx| {
                tx.after_commit(|| panic!("on purpose"));
                tx.execute("INSERT INTO numbers VALUES (?1)", [number])?;
                Ok::<_, StoreError>(number)
            });
            assert_eq!(told.expect("it is on disk"), number);
        }
        assert_eq!(numbers(&writer), [1, 2]);
    }

    #[test]
    fn nobody_is_told_of_a_commit_that_sqlite_took_back() {
        let (_folder, writer) = writer();
        let told = run_together(&writer, &[Step::Keep(1), Step::Keep(2), Step::RollBack]);
        assert_eq!(told, [false; 3]);
        assert_eq!(run_together(&writer, &[Step::RollBack, Step::Fail(1)]), [false; 2], "not of the first either");
        assert_eq!(numbers(&writer), [] as [i64; 0]);
        assert_eq!(run_together(&writer, &[Step::Keep(3)]), [true], "it goes on");
        assert_eq!(numbers(&writer), [3]);
    }

    /// What SQLite never comes to the end of.
    const ENDLESS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";

    fn limited(lane: Lane) -> Terms {
        Terms { keep: Keep::OnSuccess, lane, time: Some(Duration::from_millis(30)) }
    }

    #[test]
    fn what_takes_too_long_is_taken_back_and_others_of_its_commit_stay() {
        let (_folder, writer) = writer();
        let (go, wait) = channel::<()>();
        let (told, heard) = channel();
        let insert = |tx: &WriteTx<'_>, number: i64| tx.execute("INSERT INTO numbers VALUES (?1)", [number]).map(drop);
        let tell = |number: i64| {
            let told = told.clone();
            move |result: Result<()>| drop(told.send((number, result.map_err(|error| error.to_string()))))
        };
        let hold = move |tx: &WriteTx<'_>| {
            let _ = wait.recv();
            Ok(insert(tx, 1)?)
        };
        let reads = move |tx: &WriteTx<'_>| {
            insert(tx, 2)?;
            tx.read_much(|c| Ok(c.query_row(ENDLESS, [], |_| Ok(()))?))
        };
        let loops = move |tx: &WriteTx<'_>| {
            insert(tx, 3)?;
            loop {
                tx.check_time()?;
            }
        };
        writer.queue(limited(Lane::Light), hold, tell(1)).expect("room");
        writer.queue(limited(Lane::Light), reads, tell(2)).expect("room");
        writer.queue(limited(Lane::Light), loops, tell(3)).expect("room");
        writer.queue(limited(Lane::Light), move |tx| Ok(insert(tx, 4)?), tell(4)).expect("room");
        drop(go);
        let mut answers: Vec<_> = (0..4).map(|_| heard.recv().expect("an answer")).collect();
        answers.sort();
        let too_long = Err(StoreError::TooLong.to_string());
        assert_eq!(answers, [(1, Ok(())), (2, too_long.clone()), (3, too_long), (4, Ok(()))]);
        assert_eq!(numbers(&writer), [1, 4]);
    }

    #[test]
    fn who_has_waited_too_long_is_not_begun_and_hears_so_when_the_job_before_it_ends() {
        let (_folder, writer) = writer_where_others_wait(Duration::ZERO);
        let (go, wait) = channel::<()>();
        let (told, heard) = channel();
        let hold = move |_: &WriteTx<'_>| {
            let _ = wait.recv();
            Ok::<_, StoreError>(())
        };
        writer.queue(Terms::own(Keep::OnSuccess), hold, drop).expect("room");
        let insert = |tx: &WriteTx<'_>| Ok(tx.execute("INSERT INTO numbers VALUES (1)", []).map(drop)?);
        writer.queue(limited(Lane::Light), insert, move |result: Result<()>| drop(told.send(result))).expect("room");
        std::thread::sleep(Duration::from_millis(2));
        assert!(heard.try_recv().is_err(), "its turn has not come");
        drop(go);
        assert!(matches!(heard.recv(), Ok(Err(StoreError::Busy))));
        assert_eq!(numbers(&writer), [] as [i64; 0]);
    }

    #[test]
    fn closing_breaks_off_what_requests_asked_for_and_finishes_what_is_the_programs_own() {
        let (folder, writer) = writer();
        let (told, heard) = channel();
        let endless = Terms { time: Some(Duration::from_secs(3_600)), ..limited(Lane::Heavy) };
        for _ in 0..3 {
            let told = told.clone();
            let reads = |tx: &WriteTx<'_>| tx.read_much(|c| Ok(c.query_row(ENDLESS, [], |_| Ok(()))?));
            writer
                .queue(endless, reads, move |result: Result<()>| told.send(result.is_ok()).expect("somebody hears"))
                .expect("room");
        }
        let insert = |tx: &WriteTx<'_>| Ok(tx.execute("INSERT INTO numbers VALUES (7)", []).map(drop)?);
        writer
            .queue(Terms::own(Keep::OnSuccess), insert, |result: Result<()>| result.expect("it is kept"))
            .expect("room");
        writer.close();
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), [false; 3]);
        let connection = Connection::open(folder.path().join("file")).expect("a database");
        let count: i64 = connection.query_row("SELECT count(*) FROM numbers", [], |row| row.get(0)).expect("a count");
        assert_eq!(count, 1);
    }
}
