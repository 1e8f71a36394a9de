//! The people of one program: who they are there, and what was last changed about them.

use std::cell::{Cell, RefCell};

/// Who is in a program, as far as the bench knows.
pub(crate) struct Population {
    ids: Vec<String>,
    is_active: RefCell<Vec<bool>>,
    /// How far it is from one person to the next; see [`stride`].
    stride: usize,
    turn: Cell<usize>,
    /// The number of the next person who is created.
    next_number: Cell<usize>,
}

impl Population {
    /// The people with these ids, active, numbered from 0.
    pub(crate) fn new(ids: Vec<String>) -> Self {
        let count = ids.len();
        Self {
            is_active: RefCell::new(vec![true; count]),
            stride: stride(count),
            turn: Cell::new(0),
            next_number: Cell::new(count),
            ids,
        }
    }

    /// How many were imported. Those that the bench creates later are more.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// A number that nobody else gets, to make a change a change.
    pub(crate) fn turn(&self) -> usize {
        self.turn.replace(self.turn.get() + 1)
    }

    /// The number of the person whose turn it is: everybody once before anybody again, neighbors far apart.
    pub(crate) fn person(&self, turn: usize) -> usize {
        spread(turn, self.stride, self.len())
    }

    pub(crate) fn is_active(&self, number: usize) -> bool {
        self.is_active.borrow()[number]
    }

    /// Turns the person on or off, and returns which.
    pub(crate) fn toggle(&self, number: usize) -> bool {
        let mut is_active = self.is_active.borrow_mut();
        is_active[number] = !is_active[number];
        is_active[number]
    }

    /// The number of a person who is not there yet.
    pub(crate) fn newcomer(&self) -> usize {
        self.next_number.replace(self.next_number.get() + 1)
    }
}

/// The place of a turn among `count`, if each turn goes `stride` further.
pub(crate) fn spread(turn: usize, stride: usize, count: usize) -> usize {
    (turn % count) * stride % count
}

/// A step that comes to each of `count` places once, in jumps of about the golden ratio, so that any run of turns is spread evenly.
pub(crate) fn stride(count: usize) -> usize {
    let golden = (count as f64 * 0.618_034) as usize;
    (1..=golden).rev().find(|&step| divisor(step, count) == 1).unwrap_or(1)
}

fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_turn_before_anybody_again() {
        for count in [1, 2, 3, 10, 97, 1_000, 10_000] {
            let stride = stride(count);
            let mut seen: Vec<_> = (0..count).map(|turn| spread(turn, stride, count)).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..count), "{count}");
        }
    }

    #[test]
    fn a_toggle_is_a_change() {
        let population = Population::new(vec!["a".to_owned()]);
        assert!(!population.toggle(0));
        assert!(population.toggle(0));
        assert_eq!((population.newcomer(), population.newcomer()), (1, 2));
    }
}
