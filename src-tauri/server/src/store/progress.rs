//! What has been committed to the truth, and how far the lists show it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::changes::{self, Committed};
use super::{Result, resources};
use crate::model::{ChangeSeq, DirectoryKey, ResourceKey, ResourceKind};

/// How long the first of several changes waits for others before lists show it: short enough to seem at once.
const GATHER: Duration = Duration::from_millis(20);

/// How long whoever reads a list waits until it shows what was committed before. Only building all lists anew takes longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ends of pages that are remembered of the resources of one kind in one directory.
const MOST_ENDS: usize = 4_096;

/// How long to wait after the lists could not be written.
const PAUSE: Duration = Duration::from_secs(1);

/// Shared by the writer, whoever reads lists, and the thread that derives them.
#[derive(Debug)]
pub(super) struct Progress {
    state: Mutex<State>,
    changed: Condvar,
    /// That somebody waits for the lists, or that it is over: what cuts short the wait for more changes.
    hurry: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The newest change of the truth.
    committed: ChangeSeq,
    /// The newest change that the lists show; `None`: nobody derives them.
    listed: Option<ChangeSeq>,
    /// Whether they have to be looked at again, whatever who is at it finds.
    must_list_again: bool,
    /// Who waits for the lists.
    waiting: u32,
    is_closed: bool,
    /// How many resources there are, by directory and kind, as far as anybody asked.
    totals: HashMap<(DirectoryKey, ResourceKind), u64>,
    /// Where pages ended that were read of them.
    ends: HashMap<(DirectoryKey, ResourceKind), Ends>,
}

/// How many resources there are up to a few of them, so that who reads page after page skips none.
#[derive(Debug, Default)]
struct Ends {
    /// True of every snapshot from this change on.
    since: ChangeSeq,
    /// From how many there are up to a resource, with it, to its key.
    keys: BTreeMap<u64, ResourceKey>,
}

impl Progress {
    pub(super) fn new(committed: ChangeSeq) -> Self {
        Self {
            state: Mutex::new(State { committed, ..State::default() }),
            changed: Condvar::new(),
            hurry: Condvar::new(),
        }
    }

    /// Notes changes that are on disk.
    pub(super) fn note(&self, changes: &[Committed]) {
        let Some(newest) = changes.iter().map(|change| change.seq).max() else { return };
        let mut state = self.lock();
        state.committed = state.committed.max(newest);
        for change in changes.iter().filter(|change| change.delta != 0) {
            let which = (change.directory, change.kind);
            if let Some(total) = state.totals.get_mut(&which) {
                *total = total.saturating_add_signed(change.delta);
            }
            if let Some(ends) = state.ends.get_mut(&which) {
                ends.since = change.seq;
                // Who came or went before them moves them.
                while ends.keys.last_entry().is_some_and(|last| change.resource <= *last.get()) {
                    ends.keys.pop_last();
                }
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    /// How many resources of a kind are there in the snapshot that `c` reads, or a moment later. They are counted once.
    ///
    /// # Errors
    /// If the database refuses.
    pub(super) fn total(&self, c: &Connection, directory: DirectoryKey, kind: ResourceKind) -> Result<u64> {
        if let Some(total) = self.lock().totals.get(&(directory, kind)) {
            return Ok(*total);
        }
        let (total, seq) = (resources::count(c, directory, kind)?, changes::newest_seq(c)?);
        let mut state = self.lock();
        // What was committed since is not in the count.
        if state.committed == seq {
            state.totals.insert((directory, kind), total);
        }
        Ok(total)
    }

    /// The nearest known resource of those that a page at `offset` skips, in the snapshot of the change `seq`: how many there are up to it, and
    /// its key; zeros: none is known.
    pub(super) fn end_before(
        &self,
        seq: ChangeSeq,
        directory: DirectoryKey,
        kind: ResourceKind,
        offset: u64,
    ) -> (u64, ResourceKey) {
        let state = self.lock();
        let ends = state.ends.get(&(directory, kind)).filter(|ends| ends.since <= seq && seq <= state.committed);
        ends.and_then(|ends| ends.keys.range(..=offset).next_back())
            .map_or((0, ResourceKey(0)), |(count, key)| (*count, *key))
    }

    /// Notes the key of a resource and how many there are up to it, in the snapshot of the change `seq`.
    pub(super) fn note_end(
        &self,
        seq: ChangeSeq,
        directory: DirectoryKey,
        kind: ResourceKind,
        count: u64,
        key: ResourceKey,
    ) {
        let mut state = self.lock();
        // What is committed and not noted yet may be of any kind.
        if seq > state.committed {
            return;
        }
        let newest = state.committed;
        let ends = state.ends.entry((directory, kind)).or_insert(Ends { since: newest, keys: BTreeMap::new() });
        if ends.since <= seq {
            if ends.keys.len() >= MOST_ENDS {
                ends.keys.clear();
            }
            ends.keys.insert(count, key);
        }
    }

    /// Notes that somebody derives the lists from now on.
    pub(super) fn begin(&self) {
        self.lock().listed = Some(ChangeSeq(i64::MIN));
    }

    /// Waits until there is something to derive, and a little for more; false: it is over.
    pub(super) fn wait_for_work(&self) -> bool {
        let has_work = |state: &State| state.listed.is_none_or(|listed| listed < state.committed) || state.is_closed;
        let state = self.changed.wait_while(self.lock(), |state| !has_work(state));
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let gathered = self.hurry.wait_timeout_while(state, GATHER, |state| state.waiting == 0 && !state.is_closed);
        let (mut state, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        state.must_list_again = false;
        !state.is_closed
    }

    /// Waits until so many changes were committed after `seq`, and returns the newest; `None`: it is over.
    pub(super) fn wait_for_changes(&self, seq: ChangeSeq, count: i64) -> Option<ChangeSeq> {
        let is_waiting = |state: &State| state.committed.0.saturating_sub(seq.0) < count && !state.is_closed;
        let state = self.changed.wait_while(self.lock(), |state| is_waiting(state));
        let state = state.unwrap_or_else(PoisonError::into_inner);
        (!state.is_closed).then_some(state.committed)
    }

    /// Notes how far the lists are, unless they were put in doubt since the last [`Progress::wait_for_work`].
    pub(super) fn listed(&self, seq: ChangeSeq) {
        let mut state = self.lock();
        if !state.must_list_again {
            state.listed = Some(seq);
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Has everything listed again, if anybody lists.
    pub(super) fn list_again(&self) {
        let mut state = self.lock();
        state.listed = state.listed.map(|_| ChangeSeq(i64::MIN));
        state.must_list_again = true;
        drop(state);
        self.changed.notify_all();
    }

    /// Waits a moment, unless it is over.
    pub(super) fn pause(&self) {
        let state = self.lock();
        drop(self.changed.wait_timeout_while(state, PAUSE, |state| !state.is_closed));
    }

    /// Waits until the lists show what has been committed by now.
    pub(super) fn wait_for_lists(&self) {
        let mut state = self.lock();
        let wanted = state.committed;
        let is_behind = |state: &State| state.listed.is_some_and(|listed| listed < wanted) && !state.is_closed;
        if !is_behind(&state) {
            return;
        }
        state.waiting += 1;
        self.hurry.notify_all();
        let waited = self.changed.wait_timeout_while(state, PATIENCE, |state| is_behind(state));
        waited.unwrap_or_else(PoisonError::into_inner).0.waiting -= 1;
    }

    /// Ends all waiting.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
        self.hurry.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: ResourceKind = ResourceKind::User;
    const HERE: DirectoryKey = DirectoryKey(1);

    fn change(progress: &Progress, seq: i64, resource: i64, delta: i64) {
        let (seq, resource) = (ChangeSeq(seq), ResourceKey(resource));
        progress.note(&[Committed { seq, directory: HERE, resource, kind: USER, delta }]);
    }

    #[test]
    fn lists_that_are_put_in_doubt_while_somebody_derives_them_are_derived_again() {
        let progress = Progress::new(ChangeSeq(9));
        progress.begin();
        for is_in_doubt in [true, false] {
            assert!(progress.wait_for_work());
            if is_in_doubt {
                progress.list_again();
            }
            progress.listed(ChangeSeq(9));
            assert_eq!(progress.lock().listed < Some(ChangeSeq(9)), is_in_doubt);
        }
    }

    #[test]
    fn ends_of_pages_are_known_as_long_as_nobody_before_them_comes_or_goes() {
        let progress = Progress::new(ChangeSeq(9));
        let end = |(count, key): (u64, ResourceKey)| (count, key.0);
        let before = |seq, offset| end(progress.end_before(ChangeSeq(seq), HERE, USER, offset));
        let note = |seq, count, key| progress.note_end(ChangeSeq(seq), HERE, USER, count, ResourceKey(key));
        [(100, 1_000), (200, 2_000), (300, 3_000)].into_iter().for_each(|(count, key)| note(9, count, key));
        assert_eq!([before(9, 99), before(9, 100), before(9, 299)], [(0, 0), (100, 1_000), (200, 2_000)]);
        assert_eq!(end(progress.end_before(ChangeSeq(9), DirectoryKey(2), USER, 100)), (0, 0), "another directory");
        assert_eq!(before(10, 100), (0, 0), "it may see what nobody has noted yet");

        change(&progress, 10, 2_500, -1);
        assert_eq!([before(10, 300), before(10, 200)], [(200, 2_000); 2], "the third page ends elsewhere now");
        assert_eq!(before(9, 200), (0, 0), "a snapshot of before");
        note(9, 300, 3_000);
        assert_eq!(before(10, 300), (200, 2_000), "nothing is learned from a snapshot of before");

        change(&progress, 11, 4_000, 1);
        assert_eq!(before(11, 200), (200, 2_000), "who comes last moves nobody");
        change(&progress, 12, 500, 1);
        assert_eq!(before(12, 200), (0, 0), "who comes back does");
        note(11, 100, 1_000);
        assert_eq!(before(12, 100), (0, 0), "nor while nothing is known");
        note(12, 101, 1_000);
        assert_eq!(before(12, 150), (101, 1_000));
    }
}
