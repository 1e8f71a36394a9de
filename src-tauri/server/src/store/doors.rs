//! Through which readers come and go, so that for a moment there is none.
//!
//! The journal of a database begins anew only while nobody reads out of it. Readers who overlap for ever would have it grow for ever. So when it
//! has grown too much, those who may read for long wait until those before them are done, which their time limit sees to; then those who read
//! a group, which has members without end; then, for a moment, everybody. Each database has doors of its own.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long those who read for some time or for long are waited for: a little longer than a query may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(12);

/// How long brief readers are held back at the most. Threads that serve connections are among them.
const MOMENT: Duration = Duration::from_millis(50);

/// Doors, which are open as a rule.
#[derive(Debug, Default)]
pub(super) struct Doors {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// One for each [`Stay`].
    doors: [Door; 3],
    /// Whether somebody has readers leave, or waits for that.
    is_taken: bool,
    /// Whether nobody is waited for any more.
    has_ended: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Door {
    is_shut: bool,
    /// Who is inside.
    readers: u32,
}

/// For how long somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stay {
    /// What an index finds. It waits for a moment at the most, so a thread that serves connections may ask for it.
    Brief,
    /// What can be much, as the members of a group are, but is asked for by its place. It does not wait for what is long.
    Medium,
    /// What may look at all there is.
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
    /// Waits until the door is open. A brief reader waits for [`MOMENT`] at the most, whatever goes on inside: SQLite lets everybody read at any
    /// time, and whoever wanted to be alone tries again later. `None`: for others, it did not open in `time`.
    pub(super) fn enter(&self, stay: Stay, time: Duration) -> Option<Inside<'_>> {
        let time = if stay == Stay::Brief { MOMENT } else { time };
        let mut state = self.wait_while(time, |state| state.door(stay).is_shut);
        if state.door(stay).is_shut && stay != Stay::Brief {
            return None;
        }
        state.door(stay).readers += 1;
        Some(Inside { doors: self, stay })
    }

    /// Runs `work` while nobody reads. `prepare` runs before it, while brief readers come and go, so that `work` is short. `None`: those inside do not
    /// leave in time, somebody else is at it, or it has ended.
    pub(super) fn with_nobody<T>(&self, prepare: impl FnOnce(), work: impl FnOnce() -> T) -> Option<T> {
        if std::mem::replace(&mut self.lock().is_taken, true) {
            return None;
        }
        let _shut = Shut(self);
        if !self.shut(Stay::Long, PATIENCE) || !self.shut(Stay::Medium, PATIENCE) {
            return None;
        }
        prepare();
        self.shut(Stay::Brief, MOMENT).then(work)
    }

    /// Has [`Doors::with_nobody`] wait for nobody any more: what they read goes with them.
    pub(super) fn end(&self) {
        self.lock().has_ended = true;
        self.changed.notify_all();
    }

    /// Shuts a door and waits until those before it have left; false: they do not in `time`, or it has ended.
    fn shut(&self, stay: Stay, time: Duration) -> bool {
        self.lock().door(stay).is_shut = true;
        let mut state = self.wait_while(time, |state| state.door(stay).readers > 0 && !state.has_ended);
        state.door(stay).readers == 0 && !state.has_ended
    }

    /// Waits as long as something is the case, but no longer than `time`.
    fn wait_while(&self, time: Duration, is_so: impl Fn(&mut State) -> bool) -> MutexGuard<'_, State> {
        let waited = self.changed.wait_timeout_while(self.lock(), time, |state| is_so(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// How many are inside.
    #[cfg(test)]
    fn readers(&self) -> u32 {
        self.lock().doors.iter().map(|door| door.readers).sum()
    }

    /// Whether who comes now waits.
    #[cfg(test)]
    pub(super) fn is_shut(&self, stay: Stay) -> bool {
        self.lock().door(stay).is_shut
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn door(&mut self, stay: Stay) -> &mut Door {
        &mut self.doors[stay as usize]
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut state = self.doors.lock();
        state.door(self.stay).readers -= 1;
        let has_someone_waiting = state.is_taken;
        drop(state);
        if has_someone_waiting {
            self.doors.changed.notify_all();
        }
    }
}

impl Drop for Shut<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_taken = false;
        state.doors.iter_mut().for_each(|door| door.is_shut = false);
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

    fn enter(doors: &Doors, stay: Stay) -> Inside<'_> {
        doors.enter(stay, ANY_TIME).expect("the door opens")
    }

    fn wait_until_shut(doors: &Doors, stay: Stay) {
        while !doors.is_shut(stay) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn who_reads_briefly_comes_in_while_those_who_read_for_long_are_waited_for() {
        let doors = Doors::default();
        let (long, medium, brief) =
            (enter(&doors, Stay::Long), enter(&doors, Stay::Medium), enter(&doors, Stay::Brief));
        std::thread::scope(|scope| {
            let alone = scope.spawn(|| doors.with_nobody(|| (), || doors.readers()));
            wait_until_shut(&doors, Stay::Long);
            assert_eq!(doors.with_nobody(|| (), || ()), None, "one is at it already");
            drop((enter(&doors, Stay::Brief), enter(&doors, Stay::Medium)));
            assert!(doors.enter(Stay::Long, Duration::ZERO).is_none(), "whose time is over waits no longer");
            let late = scope.spawn(|| drop(enter(&doors, Stay::Long)));
            drop(long);
            wait_until_shut(&doors, Stay::Medium);
            drop(enter(&doors, Stay::Brief));
            drop((brief, medium));
            assert_eq!(alone.join().expect("it ends"), Some(0));
            late.join().expect("the door is open again");
        });
        drop([Stay::Brief, Stay::Medium, Stay::Long].map(|stay| enter(&doors, stay)));
    }

    #[test]
    fn who_reads_briefly_comes_in_though_the_work_does_not_end() {
        let doors = Doors::default();
        let (end, wait) = channel::<()>();
        std::thread::scope(|scope| {
            let alone = scope.spawn(|| doors.with_nobody(|| (), move || wait.recv().is_err()));
            wait_until_shut(&doors, Stay::Brief);
            drop(enter(&doors, Stay::Brief));
            assert!(doors.enter(Stay::Medium, Duration::ZERO).is_none());
            drop(end);
            assert_eq!(alone.join().expect("it ends"), Some(true));
        });
    }

    #[test]
    fn what_prepares_the_work_runs_while_brief_readers_come_and_go() {
        let doors = Doors::default();
        let shut = |stay| doors.is_shut(stay);
        let prepare = || assert_eq!([Stay::Brief, Stay::Medium, Stay::Long].map(shut), [false, true, true]);
        assert!(doors.with_nobody(prepare, || shut(Stay::Brief)).expect("nobody is inside"));
    }

    #[test]
    fn nobody_is_waited_for_once_it_has_ended() {
        let doors = Doors::default();
        let stays = enter(&doors, Stay::Long);
        let began = Instant::now();
        std::thread::scope(|scope| {
            let alone = scope.spawn(|| doors.with_nobody(|| (), || ()));
            wait_until_shut(&doors, Stay::Long);
            doors.end();
            assert_eq!(alone.join().expect("it ends"), None);
        });
        assert!(began.elapsed() < PATIENCE / 2, "it was waited for");
        drop(enter(&doors, Stay::Long));
        drop(stays);
        assert_eq!(doors.with_nobody(|| (), || ()), None);
    }

    #[test]
    fn doors_open_again_when_somebody_does_not_leave_and_when_the_work_panics() {
        let doors = Doors::default();
        let stays = enter(&doors, Stay::Brief);
        assert_eq!(doors.with_nobody(|| (), || ()), None);
        drop(stays);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            doors.with_nobody(|| (), || panic!("on purpose"))
        }));
        assert!(panicked.is_err());
        drop((enter(&doors, Stay::Brief), enter(&doors, Stay::Long)));
    }
}
