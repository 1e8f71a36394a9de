//! Through which readers come and go, so that for a moment there is none.
//!
//! The journal of a database begins anew only while nobody reads out of it. Readers who overlap for ever would have it grow for ever. So when it
//! has grown too much, those who may read for long wait until those before them are done, which their time limit sees to; then the brief ones
//! are held back for a moment.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long those who read for long are waited for: a little longer than a query may take.
const PATIENCE: Duration = Duration::from_secs(12);

/// How long brief readers are held back until those before them are done.
const MOMENT: Duration = Duration::from_millis(50);

/// Two doors, which are open as a rule.
#[derive(Debug, Default)]
pub(super) struct Doors {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    brief: Door,
    long: Door,
}

#[derive(Debug, Default)]
struct Door {
    is_shut: bool,
    /// Who is inside.
    readers: u32,
}

/// For how long somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stay {
    Brief,
    Long,
}

/// A reader. To drop it leaves.
pub(super) struct Inside<'d> {
    doors: &'d Doors,
    stay: Stay,
}

/// Doors that were shut. To drop it opens them.
struct Shut<'d>(&'d Doors);

impl Doors {
    /// Waits until the door is open.
    pub(super) fn enter(&self, stay: Stay) -> Inside<'_> {
        let mut state = self.lock();
        while state.door(stay).is_shut {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.door(stay).readers += 1;
        Inside { doors: self, stay }
    }

    /// Runs `work` while nobody reads; `None`: those inside do not leave in time, or somebody else is at it.
    pub(super) fn with_nobody<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        if std::mem::replace(&mut self.lock().long.is_shut, true) {
            return None;
        }
        let _shut = Shut(self);
        let is_empty = self.wait_until_empty(Stay::Long, PATIENCE);
        if !is_empty {
            return None;
        }
        self.lock().brief.is_shut = true;
        self.wait_until_empty(Stay::Brief, MOMENT).then(work)
    }

    fn wait_until_empty(&self, stay: Stay, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut state = self.lock();
        while state.door(stay).readers > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// How many are inside.
    #[cfg(test)]
    fn readers(&self) -> u32 {
        let state = self.lock();
        state.brief.readers + state.long.readers
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn door(&mut self, stay: Stay) -> &mut Door {
        match stay {
            Stay::Brief => &mut self.brief,
            Stay::Long => &mut self.long,
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut state = self.doors.lock();
        state.door(self.stay).readers -= 1;
        let has_someone_waiting = state.brief.is_shut || state.long.is_shut;
        drop(state);
        if has_someone_waiting {
            self.doors.changed.notify_all();
        }
    }
}

impl Drop for Shut<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        (state.brief.is_shut, state.long.is_shut) = (false, false);
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_briefly_comes_in_while_those_who_read_for_long_are_waited_for() {
        let doors = Doors::default();
        let (long, brief) = (doors.enter(Stay::Long), doors.enter(Stay::Brief));
        std::thread::scope(|scope| {
            let alone = scope.spawn(|| doors.with_nobody(|| doors.readers()));
            while !doors.lock().long.is_shut {
                std::thread::yield_now();
            }
            assert_eq!(doors.with_nobody(|| ()), None, "one is at it already");
            drop(doors.enter(Stay::Brief));
            let late = scope.spawn(|| drop(doors.enter(Stay::Long)));
            drop((brief, long));
            assert_eq!(alone.join().expect("it ends"), Some(0));
            late.join().expect("the door is open again");
        });
        drop((doors.enter(Stay::Brief), doors.enter(Stay::Long)));
    }

    #[test]
    fn doors_open_again_when_somebody_does_not_leave_and_when_the_work_panics() {
        let doors = Doors::default();
        let stays = doors.enter(Stay::Brief);
        assert_eq!(doors.with_nobody(|| ()), None);
        drop(stays);
        let panicked =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| doors.with_nobody(|| panic!("on purpose"))));
        assert!(panicked.is_err());
        drop((doors.enter(Stay::Brief), doors.enter(Stay::Long)));
    }
}
