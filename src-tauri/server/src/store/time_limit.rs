//! How long work on a connection may take.
//!
//! SQLite asks every few thousand steps of a statement whether to go on; loops ask between statements. A statement that writes is not broken
//! off: SQLite would take back the whole transaction with it, and thus the jobs of others that share the commit. Each of them writes a few rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{Result, StoreError};

/// Steps of SQLite's virtual machine between two looks at the time: well below a millisecond.
const STEPS: i32 = 4_000;

/// An instant that does not come.
const NEVER: u64 = u64::MAX;

/// Until when the work at hand may go on. Instants are milliseconds since `began`.
#[derive(Debug)]
pub(super) struct TimeLimit {
    began: Instant,
    until: AtomicU64,
    /// When even work that may go on for longer is broken off, because the program ends.
    end: AtomicU64,
    may_interrupt: AtomicBool,
}

impl TimeLimit {
    /// Watches over what a connection does. There is no limit yet.
    pub(super) fn watch(connection: &mut Connection) -> rusqlite::Result<Arc<Self>> {
        let limit = Arc::new(Self {
            began: Instant::now(),
            until: AtomicU64::new(NEVER),
            end: AtomicU64::new(NEVER),
            may_interrupt: AtomicBool::new(false),
        });
        let watching = limit.clone();
        let is_over = move || watching.may_interrupt.load(Ordering::Relaxed) && watching.is_over();
        connection.progress_handler(STEPS, Some(is_over))?;
        Ok(limit)
    }

    /// Runs work that may go on for so long; `None`: as long as it takes.
    pub(super) fn within<T>(&self, time: Option<Duration>, work: impl FnOnce() -> T) -> T {
        // Something that panicked before may have left it set.
        self.may_interrupt.store(false, Ordering::Relaxed);
        self.until.store(time.map_or(NEVER, |time| self.after(time)), Ordering::Relaxed);
        let result = work();
        self.until.store(NEVER, Ordering::Relaxed);
        result
    }

    /// Runs what only reads, so that SQLite may be interrupted at it.
    pub(super) fn reading<T>(&self, read: impl FnOnce() -> T) -> T {
        self.may_interrupt.store(true, Ordering::Relaxed);
        let result = read();
        self.may_interrupt.store(false, Ordering::Relaxed);
        result
    }

    /// Gives all work that has a limit no more than so much time from now on.
    pub(super) fn end_after(&self, time: Duration) {
        self.end.store(self.after(time), Ordering::Relaxed);
    }

    /// Whether nothing that has a limit may begin any more.
    pub(super) fn has_ended(&self) -> bool {
        self.now() >= self.end.load(Ordering::Relaxed)
    }

    /// # Errors
    /// [`StoreError::TooLong`] once the time is over.
    pub(super) fn check(&self) -> Result<()> {
        if self.is_over() { Err(StoreError::TooLong) } else { Ok(()) }
    }

    fn is_over(&self) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        until != NEVER && self.now() >= until.min(self.end.load(Ordering::Relaxed))
    }

    fn after(&self, time: Duration) -> u64 {
        self.now() + millis(time)
    }

    fn now(&self) -> u64 {
        millis(self.began.elapsed())
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(NEVER / 2)
}
