//! The writer thread and its group commit.

use std::cell::RefCell;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::StoreError;
use super::progress::{Committed, Progress};
use super::readers::run;

/// Jobs that may wait for the writer; further callers block.
const QUEUE: usize = 1_024;

/// Jobs that share one commit at the most, so that the first of them does not wait long.
const MOST_IN_A_COMMIT: usize = 256;

/// Runs on the writer thread and returns what to do once the commit is known.
type Job = Box<dyn FnOnce(&Connection) -> Finish + Send>;
type Finish = Box<dyn FnOnce(Result<(), StoreError>)>;

/// The thread that owns the write connection. Dropping or closing it finishes what is queued.
pub(super) struct Writer {
    progress: Arc<Progress>,
    jobs: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// A connection inside a savepoint, and what to do when its work is on disk.
pub(crate) struct WriteTx<'a> {
    connection: &'a Connection,
    after_commit: RefCell<Vec<Box<dyn FnOnce()>>>,
    /// The changes that it made.
    changes: RefCell<Vec<Committed>>,
}

impl WriteTx<'_> {
    /// Runs `action` on the writer thread after the commit, in the order of the writes; not at all if there is none.
    pub(crate) fn after_commit(&self, action: impl FnOnce() + 'static) {
        self.after_commit.borrow_mut().push(Box::new(action));
    }
}

impl WriteTx<'_> {
    /// Notes a change that this made.
    pub(super) fn note_change(&self, change: Committed) {
        self.changes.borrow_mut().push(change);
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
    pub(super) fn start(name: &str, connection: Connection, progress: Arc<Progress>) -> Self {
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = super::spawn(name, move || run_jobs(&connection, &queue));
        Self { progress, jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) }
    }

    pub(super) fn run<T, E>(&self, write: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run_and(Keep::OnSuccess, write)
    }

    /// Runs `write`, takes back what it did, and returns its result.
    pub(super) fn rehearse<T, E>(
        &self,
        write: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run_and(Keep::Never, write)
    }

    fn run_and<T, E>(
        &self,
        keep: Keep,
        write: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = sync_channel(1);
        let progress = self.progress.clone();
        let job: Job = Box::new(move |connection| {
            let (result, After { changes, actions }) = in_savepoint(connection, keep, write);
            Box::new(move |committed| {
                let result = match committed {
                    Ok(()) => {
                        progress.note(&changes);
                        actions.into_iter().for_each(|action| action());
                        result
                    }
                    Err(error) => Err(E::from(error)),
                };
                // An error means that the caller is gone; the write stands.
                let _ = answer.send(result);
            })
        });
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        jobs.ok_or(StoreError::Closed)?.send(job).map_err(|_| StoreError::Closed)?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }

    /// Finishes what is queued and lets go of the database. Later writes are refused.
    pub(super) fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
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

fn run_jobs(connection: &Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let begun = run(connection, "BEGIN IMMEDIATE");
        let mut finishes = vec![first(connection)];
        while finishes.len() < MOST_IN_A_COMMIT
            && let Ok(job) = queue.try_recv()
        {
            finishes.push(job(connection));
        }
        let committed = begun.and_then(|()| run(connection, "COMMIT"));
        if let Err(error) = &committed {
            tracing::error!(%error, jobs = finishes.len(), "commit failed");
            if !connection.is_autocommit()
                && let Err(error) = run(connection, "ROLLBACK")
            {
                tracing::error!(%error, "rollback failed");
            }
        }
        for finish in finishes {
            finish(committed.clone());
        }
    }
}

/// What is to be done once a job's work is on disk.
#[derive(Default)]
struct After {
    changes: Vec<Committed>,
    actions: Vec<Box<dyn FnOnce()>>,
}

/// What becomes of what a job did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    OnSuccess,
    Never,
}

fn in_savepoint<T, E: From<StoreError>>(
    connection: &Connection,
    keep: Keep,
    write: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
) -> (Result<T, E>, After) {
    if connection.is_autocommit() {
        return (Err(StoreError::Sqlite("no transaction could be begun".into()).into()), After::default());
    }
    if let Err(error) = run(connection, "SAVEPOINT job") {
        return (Err(error.into()), After::default());
    }
    let tx = WriteTx { connection, after_commit: RefCell::default(), changes: RefCell::default() };
    let result = catch_unwind(AssertUnwindSafe(|| write(&tx))).unwrap_or_else(|_| Err(StoreError::Panicked.into()));
    let (undone, after) = match &result {
        Ok(_) if keep == Keep::OnSuccess => {
            (Ok(()), After { changes: tx.changes.take(), actions: tx.after_commit.take() })
        }
        _ => (run(connection, "ROLLBACK TO job"), After::default()),
    };
    match undone.and_then(|()| run(connection, "RELEASE job")) {
        Ok(()) => (result, after),
        Err(error) => (Err(error.into()), After::default()),
    }
}
