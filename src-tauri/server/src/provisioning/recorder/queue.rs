//! What waits to be written. Who hands over wakes nobody, except with the first of a batch and with the one that fills it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the first of a batch waits for others: short enough to seem at once, long enough that a read costs no write of its own.
const GATHER: Duration = Duration::from_millis(25);

/// Items that are written in one transaction, and KiB of them: while they are written, each is in memory several times, and what is more than
/// SQLite keeps in memory is written twice.
const MOST_AT_ONCE: usize = 256;
const MOST_KIB_AT_ONCE: u32 = 1 << 10;

/// What can wait.
pub(super) trait Waiting {
    /// What it takes of memory.
    fn kibibytes(&self) -> u32;

    /// Whether somebody waits until it is written, and for no other.
    fn is_awaited(&self) -> bool;
}

/// What waits, in the order in which it came.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    kibibytes: u32,
    awaited: usize,
    is_closed: bool,
}

impl<T: Waiting> Queue<T> {
    pub(super) fn new() -> Self {
        let state = State { items: VecDeque::new(), kibibytes: 0, awaited: 0, is_closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Appends an item; false: it is closed.
    pub(super) fn push(&self, item: T) -> bool {
        let mut state = self.lock();
        if state.is_closed {
            return false;
        }
        let was_due = state.is_due();
        state.kibibytes += item.kibibytes();
        state.awaited += usize::from(item.is_awaited());
        state.items.push_back(item);
        if state.items.len() == 1 || (state.is_due() && !was_due) {
            self.changed.notify_one();
        }
        true
    }

    /// The next batch, once it is due. Blocks. `None`: it is closed, and all of it was taken.
    pub(super) fn take(&self) -> Option<Vec<T>> {
        let state = self.changed.wait_while(self.lock(), |state| state.items.is_empty() && !state.is_closed);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let gathered = self.changed.wait_timeout_while(state, GATHER, |state| !state.is_due());
        let (mut state, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        let (mut batch, mut kibibytes) = (Vec::new(), 0);
        while batch.len() < MOST_AT_ONCE
            && kibibytes < MOST_KIB_AT_ONCE
            && let Some(item) = state.items.pop_front()
        {
            let is_awaited = item.is_awaited();
            kibibytes += item.kibibytes();
            batch.push(item);
            if is_awaited {
                state.awaited -= 1;
                break;
            }
        }
        state.kibibytes -= kibibytes;
        (!batch.is_empty()).then_some(batch)
    }

    /// Takes nothing more; what is there can still be taken.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    /// Whether a batch is to be written without waiting for more.
    fn is_due(&self) -> bool {
        self.is_closed || self.awaited > 0 || self.items.len() >= MOST_AT_ONCE || self.kibibytes >= MOST_KIB_AT_ONCE
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Item {
        number: usize,
        kibibytes: u32,
        is_awaited: bool,
    }

    impl Waiting for Item {
        fn kibibytes(&self) -> u32 {
            self.kibibytes
        }

        fn is_awaited(&self) -> bool {
            self.is_awaited
        }
    }

    fn filled(items: impl IntoIterator<Item = (u32, bool)>) -> Queue<Item> {
        let queue = Queue::new();
        for (number, (kibibytes, is_awaited)) in items.into_iter().enumerate() {
            assert!(queue.push(Item { number, kibibytes, is_awaited }));
        }
        queue
    }

    fn numbers(batch: Option<Vec<Item>>) -> Vec<usize> {
        batch.into_iter().flatten().map(|item| item.number).collect()
    }

    #[test]
    fn a_batch_is_bounded_and_nothing_is_lost_between_two() {
        let queue = filled((0..300).map(|_| (1, false)));
        assert_eq!(numbers(queue.take()), (0..256).collect::<Vec<_>>(), "by its number");
        assert_eq!(numbers(queue.take()), (256..300).collect::<Vec<_>>());
        let queue = filled([(600, false), (600, false), (600, false)]);
        assert_eq!(numbers(queue.take()), [0, 1], "by its size");
        assert_eq!(numbers(queue.take()), [2]);
    }

    #[test]
    fn who_waits_for_one_waits_for_no_other() {
        let queue = filled([(1, false), (1, true), (1, false)]);
        let started = Instant::now();
        assert_eq!(numbers(queue.take()), [0, 1]);
        assert!(started.elapsed() < GATHER);
        assert_eq!(numbers(queue.take()), [2]);
        assert!(started.elapsed() >= GATHER, "nobody waits for the third, which waits for others");
    }

    #[test]
    fn who_waits_is_woken_by_the_first_and_by_the_end() {
        let queue = filled([]);
        std::thread::scope(|scope| {
            let taker = scope.spawn(|| (numbers(queue.take()), numbers(queue.take())));
            assert!(queue.push(Item { number: 7, kibibytes: 1, is_awaited: true }));
            queue.close();
            assert_eq!(taker.join().expect("what was taken"), (vec![7], Vec::new()));
        });
        assert!(!queue.push(Item { number: 8, kibibytes: 1, is_awaited: false }));
    }
}
