//! Through which readers come and go, so that for a moment there is none.
//!
//! The journal of a database begins anew only while nobody reads out of it. Readers who overlap for ever would have it grow for ever. So when it
//! has grown too much, those who may read for long wait until those before them are done, which their time limit sees to; then those who read
//! a group, which has members without end; then, for a moment, everybody. Each database has a gate of its own.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long those who read for some time or for long are waited for: a little longer than a query may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(12);

/// How long brief readers are held back at the most. Threads that serve connections are among them.
const MOMENT: Duration = Duration::from_millis(50);

/// A gate with an entrance for each [`ReadLength`], open as a rule.
#[derive(Debug, Default)]
pub(super) struct ReaderGate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// By [`ReadLength`].
    entrances: [Entrance; 3],
    /// Whether somebody has readers leave, or waits for that.
    is_taken: bool,
    /// Whether nobody is waited for any more.
    has_ended: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entrance {
    is_closed: bool,
    /// Who is inside.
    readers: u32,
}

/// For how long somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReadLength {
    /// What an index finds. It waits for a moment at the most, so a thread that serves connections may ask for it.
    Brief,
    /// What can be much, as the members of a group are, but is asked for by its place. It does not wait for what is long.
    Medium,
    /// What may look at all there is.
    Long,
}

/// Somebody who reads. To drop it leaves.
pub(super) struct ReaderGuard<'g> {
    gate: &'g ReaderGate,
    length: ReadLength,
}

/// Entrances that were closed. To drop it opens them.
struct Closed<'g>(&'g ReaderGate);

impl ReaderGate {
    /// Waits until the entrance is open. A brief reader waits for [`MOMENT`] at the most, whatever goes on inside: SQLite lets everybody read at any
    /// time, and whoever wanted to be alone tries again later. `None`: for others, it did not open in `time`.
    pub(super) fn enter(&self, length: ReadLength, time: Duration) -> Option<ReaderGuard<'_>> {
        let time = if length == ReadLength::Brief { MOMENT } else { time };
        let mut state = self.wait_while(time, |state| state.entrance(length).is_closed);
        if state.entrance(length).is_closed && length != ReadLength::Brief {
            return None;
        }
        state.entrance(length).readers += 1;
        Some(ReaderGuard { gate: self, length })
    }

    /// Runs `work` while nobody reads. `prepare` runs before it, while brief readers come and go, so that `work` is short. `None`: those inside do not
    /// leave in time, somebody else is at it, or it has ended.
    pub(super) fn with_nobody<T>(&self, prepare: impl FnOnce(), work: impl FnOnce() -> T) -> Option<T> {
        if std::mem::replace(&mut self.lock().is_taken, true) {
            return None;
        }
        let _closed = Closed(self);
        if !self.close(ReadLength::Long, PATIENCE) || !self.close(ReadLength::Medium, PATIENCE) {
            return None;
        }
        prepare();
        self.close(ReadLength::Brief, MOMENT).then(work)
    }

    /// Has [`ReaderGate::with_nobody`] wait for nobody any more: what they read goes with them.
    pub(super) fn end(&self) {
        self.lock().has_ended = true;
        self.changed.notify_all();
    }

    /// Closes an entrance and waits until those before it have left; false: they do not in `time`, or it has ended.
    fn close(&self, length: ReadLength, time: Duration) -> bool {
        self.lock().entrance(length).is_closed = true;
        let mut state = self.wait_while(time, |state| state.entrance(length).readers > 0 && !state.has_ended);
        state.entrance(length).readers == 0 && !state.has_ended
    }

    /// Waits as long as something is the case, but no longer than `time`.
    fn wait_while(&self, time: Duration, is_so: impl Fn(&mut State) -> bool) -> MutexGuard<'_, State> {
        let waited = self.changed.wait_timeout_while(self.lock(), time, |state| is_so(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// How many are inside.
    #[cfg(test)]
    fn readers(&self) -> u32 {
        self.lock().entrances.iter().map(|entrance| entrance.readers).sum()
    }

    /// Whether who comes now waits.
    #[cfg(test)]
    pub(super) fn is_closed(&self, length: ReadLength) -> bool {
        self.lock().entrance(length).is_closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn entrance(&mut self, length: ReadLength) -> &mut Entrance {
        &mut self.entrances[length as usize]
    }
}

impl Drop for ReaderGuard<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.entrance(self.length).readers -= 1;
        let has_someone_waiting = state.is_taken;
        drop(state);
        if has_someone_waiting {
            self.gate.changed.notify_all();
        }
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_taken = false;
        state.entrances.iter_mut().for_each(|entrance| entrance.is_closed = false);
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Instant;

    use super::*;

    /// Longer than any test.
    const ANY_TIME: Duration = Duration::from_secs(3_600);

    fn enter(gate: &ReaderGate, length: ReadLength) -> ReaderGuard<'_> {
        gate.enter(length, ANY_TIME).expect("the gate opens")
    }

    fn wait_until_closed(gate: &ReaderGate, length: ReadLength) {
        while !gate.is_closed(length) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn who_reads_briefly_comes_in_while_those_who_read_for_long_are_waited_for() {
        let gate = ReaderGate::default();
        let (long, medium, brief) =
            (enter(&gate, ReadLength::Long), enter(&gate, ReadLength::Medium), enter(&gate, ReadLength::Brief));
        std::thread::scope(|scope| {
            let alone = scope.spawn(|| gate.with_nobody(|| (), || gate.readers()));
            wait_until_closed(&gate, ReadLength::Long);
            assert_eq!(gate.with_nobody(|| (), || ()), None, "one is at it already");
            drop((enter(&gate, ReadLength::Brief), enter(&gate, ReadLength::Medium)));
            assert!(gate.enter(ReadLength::Long, Duration::ZERO).is_none(), "whose time is over waits no longer");
            let late = scope.spawn(|| drop(enter(&gate, ReadLength::Long)));
            drop(long);
            wait_until_closed(&gate, ReadLength::Medium);
            drop(enter(&gate, ReadLength::Brief));
            drop((brief, medium));
            assert_eq!(alone.join().expect("it ends"), Some(0));
            late.join().expect("the gate is open again");
        });
        drop([ReadLength::Brief, ReadLength::Medium, ReadLength::Long].map(|length| enter(&gate, length)));
    }

    #[test]
    fn who_reads_briefly_comes_in_though_the_work_does_not_end() {
        let gate = ReaderGate::default();
        let (end, wait) = channel::<()>();
        std::thread::scope(|scope| {
            let alone = scope.spawn(|| gate.with_nobody(|| (), move || wait.recv().is_err()));
            wait_until_closed(&gate, ReadLength::Brief);
            drop(enter(&gate, ReadLength::Brief));
            assert!(gate.enter(ReadLength::Medium, Duration::ZERO).is_none());
            drop(end);
            assert_eq!(alone.join().expect("it ends"), Some(true));
        });
    }

    #[test]
    fn what_prepares_the_work_runs_while_brief_readers_come_and_go() {
        let gate = ReaderGate::default();
        let is_closed = |length| gate.is_closed(length);
        let prepare = || {
            assert_eq!([ReadLength::Brief, ReadLength::Medium, ReadLength::Long].map(is_closed), [false, true, true])
        };
        assert!(gate.with_nobody(prepare, || is_closed(ReadLength::Brief)).expect("nobody is inside"));
    }

    #[test]
    fn nobody_is_waited_for_once_it_has_ended() {
        let gate = ReaderGate::default();
        let reader = enter(&gate, ReadLength::Long);
        let began = Instant::now();
        std::thread::scope(|scope| {
            let alone = scope.spawn(|| gate.with_nobody(|| (), || ()));
            wait_until_closed(&gate, ReadLength::Long);
            gate.end();
            assert_eq!(alone.join().expect("it ends"), None);
        });
        assert!(began.elapsed() < PATIENCE / 2, "it was waited for");
        drop(enter(&gate, ReadLength::Long));
        drop(reader);
        assert_eq!(gate.with_nobody(|| (), || ()), None);
    }

    #[test]
    fn the_gate_opens_again_when_somebody_does_not_leave_and_when_the_work_panics() {
        let gate = ReaderGate::default();
        let reader = enter(&gate, ReadLength::Brief);
        assert_eq!(gate.with_nobody(|| (), || ()), None);
        drop(reader);
        let panicked =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| gate.with_nobody(|| (), || panic!("on purpose"))));
        assert!(panicked.is_err());
        drop((enter(&gate, ReadLength::Brief), enter(&gate, ReadLength::Long)));
    }
}
