//! What waits for the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Result, StoreError};

/// Jobs of one lane that may wait at once, where others ask for them: more than requests may wait for the writer.
const MOST_WAITING: usize = 1_024;

/// How long a job may wait that others ask for; then whoever asked has given up, or is told to come again once the job before it has ended.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Light jobs that go before a heavy one which waits: as many as share a commit.
const LIGHT_BEFORE_HEAVY: usize = 256;

/// Who goes before whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// What a person at this machine does, and the program itself: first, and never refused.
    Own,
    /// What a request does that is done at once: a user.
    Light,
    /// What a request does that can take a while: a group. No light job waits for more than one of them.
    Heavy,
}

/// A job with what the queue knows of it.
pub(super) struct Waiting<J> {
    pub(super) job: J,
    pub(super) lane: Lane,
    /// Until when it may be begun; `None`: whenever its turn comes.
    until: Option<Instant>,
}

/// The lanes, each in order of arrival.
pub(super) struct Queue<J> {
    lanes: Mutex<Lanes<J>>,
    filled: Condvar,
    longest_wait: Duration,
}

struct Lanes<J> {
    own: VecDeque<Waiting<J>>,
    light: VecDeque<Waiting<J>>,
    heavy: VecDeque<Waiting<J>>,
    /// Light jobs that have gone since a heavy one has.
    gone: usize,
    is_closed: bool,
}

impl<J> Waiting<J> {
    /// Whether it has waited for too long to be begun.
    pub(super) fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() > until)
    }
}

impl<J> Queue<J> {
    /// `longest_wait`: how long a job may wait that others ask for.
    pub(super) fn new(longest_wait: Duration) -> Self {
        let lanes =
            Lanes { own: VecDeque::new(), light: VecDeque::new(), heavy: VecDeque::new(), gone: 0, is_closed: false };
        Self { lanes: Mutex::new(lanes), filled: Condvar::new(), longest_wait }
    }

    /// Puts a job at the end of its lane. Does not wait.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if too many wait there, [`StoreError::Closed`].
    pub(super) fn push(&self, lane: Lane, job: J) -> Result<()> {
        let mut lanes = self.lock();
        if lanes.is_closed {
            return Err(StoreError::Closed);
        }
        let jobs = match lane {
            Lane::Own => &mut lanes.own,
            Lane::Light => &mut lanes.light,
            Lane::Heavy => &mut lanes.heavy,
        };
        if lane != Lane::Own && jobs.len() >= MOST_WAITING {
            return Err(StoreError::Busy);
        }
        let until = (lane != Lane::Own).then(|| Instant::now() + self.longest_wait);
        jobs.push_back(Waiting { job, lane, until });
        drop(lanes);
        self.filled.notify_one();
        Ok(())
    }

    /// The next job, once there is one; `None`: it is closed, and none is left.
    pub(super) fn next(&self) -> Option<Waiting<J>> {
        let mut lanes = self.lock();
        loop {
            if let Some(next) = lanes.next() {
                return Some(next);
            }
            if lanes.is_closed {
                return None;
            }
            lanes = self.filled.wait(lanes).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next job for a commit that has begun, if there is one. `has_light`: whether others than heavy ones are in it, which no heavy one
    /// joins: whoever is in a commit waits until all of it is done.
    pub(super) fn next_for_commit(&self, has_light: bool) -> Option<Waiting<J>> {
        let mut lanes = self.lock();
        if has_light && lanes.is_heavy_next() { None } else { lanes.next() }
    }

    /// Takes no further job; false: it does not already.
    pub(super) fn close(&self) -> bool {
        let was_open = !std::mem::replace(&mut self.lock().is_closed, true);
        self.filled.notify_all();
        was_open
    }

    fn lock(&self) -> MutexGuard<'_, Lanes<J>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J> Lanes<J> {
    fn next(&mut self) -> Option<Waiting<J>> {
        if let Some(own) = self.own.pop_front() {
            return Some(own);
        }
        if self.is_heavy_next() {
            self.gone = 0;
            return self.heavy.pop_front();
        }
        self.gone += 1;
        self.light.pop_front()
    }

    fn is_heavy_next(&self) -> bool {
        let is_their_turn = self.light.is_empty() || self.gone >= LIGHT_BEFORE_HEAVY;
        self.own.is_empty() && is_their_turn && !self.heavy.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_light_job_waits_for_one_heavy_job_and_a_heavy_one_does_not_wait_for_ever() {
        let queue = Queue::new(LONGEST_WAIT);
        for number in 0..3 {
            queue.push(Lane::Heavy, format!("heavy {number}")).expect("room");
        }
        for number in 0..2 * LIGHT_BEFORE_HEAVY {
            queue.push(Lane::Light, format!("light {number}")).expect("room");
        }
        queue.push(Lane::Own, "own".to_owned()).expect("room");
        queue.close();
        let order: Vec<_> = std::iter::from_fn(|| queue.next()).map(|waiting| waiting.job).collect();
        let place = |job: &str| order.iter().position(|other| other == job).expect("it is there");
        assert_eq!((place("own"), place("light 0")), (0, 1));
        assert_eq!(place("heavy 0"), 1 + LIGHT_BEFORE_HEAVY);
        assert_eq!(place("heavy 1"), 2 + 2 * LIGHT_BEFORE_HEAVY);
        assert_eq!(place("heavy 2"), order.len() - 1);
    }

    #[test]
    fn the_jobs_that_others_ask_for_have_a_bound_and_own_ones_come_in() {
        let queue = Queue::new(LONGEST_WAIT);
        for lane in [Lane::Light, Lane::Heavy] {
            for _ in 0..MOST_WAITING {
                queue.push(lane, ()).expect("room");
            }
            assert!(matches!(queue.push(lane, ()), Err(StoreError::Busy)), "{lane:?}");
        }
        queue.push(Lane::Own, ()).expect("room for a person");
        assert_eq!(queue.next().map(|waiting| waiting.lane), Some(Lane::Own));
        assert!(queue.close());
        assert!(matches!(queue.push(Lane::Own, ()), Err(StoreError::Closed)));
        assert_eq!(std::iter::from_fn(|| queue.next()).count(), 2 * MOST_WAITING, "what was queued is finished");
    }

    #[test]
    fn who_has_waited_too_long_is_late() {
        let queue = Queue::new(Duration::ZERO);
        for lane in [Lane::Own, Lane::Light, Lane::Heavy] {
            queue.push(lane, ()).expect("room");
        }
        queue.close();
        std::thread::sleep(Duration::from_millis(2));
        let late: Vec<_> =
            std::iter::from_fn(|| queue.next()).map(|waiting| (waiting.lane, waiting.is_late())).collect();
        assert_eq!(late, [(Lane::Own, false), (Lane::Light, true), (Lane::Heavy, true)]);
    }

    #[test]
    fn no_heavy_job_joins_a_commit_in_which_others_wait() {
        let queue = Queue::new(LONGEST_WAIT);
        for lane in [Lane::Heavy, Lane::Heavy, Lane::Light, Lane::Own] {
            queue.push(lane, ()).expect("room");
        }
        let next = |has_light| queue.next_for_commit(has_light).map(|waiting| waiting.lane);
        assert_eq!([next(false), next(true)], [Some(Lane::Own), Some(Lane::Light)]);
        assert_eq!(
            [next(true), next(false), next(false), next(false)],
            [None, Some(Lane::Heavy), Some(Lane::Heavy), None]
        );
    }
}
