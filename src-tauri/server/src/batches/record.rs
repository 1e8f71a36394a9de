//! What a batch came to, so far.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::model::{Batch, BatchProblem, BatchState, DirectoryId};

/// Problems that are kept.
const MOST_PROBLEMS: usize = 1_000;

/// A batch, shared by whoever carries it out and whoever reads it.
pub(super) struct Record {
    is_stopped: AtomicBool,
    is_over: watch::Sender<bool>,
    batch: Mutex<Batch>,
}

/// What became of a user or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Created,
    Updated,
    Deleted,
    Skipped,
    Failed,
}

impl Record {
    pub(super) fn new(batch: Batch) -> Self {
        Self { is_stopped: AtomicBool::new(false), is_over: watch::Sender::new(false), batch: Mutex::new(batch) }
    }

    pub(super) fn batch(&self) -> Batch {
        self.lock().clone()
    }

    pub(super) fn is(&self, id: &str) -> bool {
        self.lock().id == id
    }

    pub(super) fn is_over(&self) -> bool {
        self.lock().state == BatchState::Finished
    }

    /// Waits until it is.
    pub(super) async fn over(&self) {
        // An error means that nobody is left who could end it.
        let _ = self.is_over.subscribe().wait_for(|is_over| *is_over).await;
    }

    pub(super) fn belongs_to(&self, directory: &DirectoryId) -> bool {
        self.lock().directory_id == *directory
    }

    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        let mut batch = self.lock();
        if batch.state == BatchState::Running {
            batch.state = BatchState::Stopping;
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Takes in what became of one of them.
    pub(super) fn count(&self, outcome: &Outcome) {
        let mut batch = self.lock();
        batch.done += 1;
        *match outcome {
            Outcome::Created => &mut batch.created,
            Outcome::Updated => &mut batch.updated,
            Outcome::Deleted => &mut batch.deleted,
            Outcome::Skipped => &mut batch.skipped,
            Outcome::Failed => &mut batch.failed,
        } += 1;
    }

    /// Takes in what did not work, wholly or in part.
    pub(super) fn note(&self, problem: BatchProblem) {
        let mut batch = self.lock();
        if batch.problems.len() < MOST_PROBLEMS {
            batch.problems.push(problem);
        }
    }

    /// It is over; `ended_early`: why before all were dealt with.
    pub(super) fn finish(&self, ended_early: Option<String>) {
        let mut batch = self.lock();
        batch.state = BatchState::Finished;
        batch.ended_early = ended_early;
        self.is_over.send_replace(true);
    }

    fn lock(&self) -> MutexGuard<'_, Batch> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
