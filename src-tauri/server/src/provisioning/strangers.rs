//! What those may cost who show no token that opens a directory: whoever has heard of the URL, and whoever has a token that was replaced or
//! is another directory's.
//!
//! So many of their requests are answered and recorded like any other. What is more gets a 429 and is counted. A request with the token in
//! force is never held against these numbers.

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::model::DirectoryKey;
use crate::store::kept::Sender;

/// Requests at once, and a second after that.
type Allowance = (NonZeroU32, NonZeroU32);

/// Of strangers that address one directory, or none. An identity provider with a wrong token sends fewer.
const STRANGERS_OF_ONE: Allowance = (number(100), number(10));

/// Of all strangers together.
const STRANGERS: Allowance = (number(500), number(50));

/// Of those with a token that was replaced or is another directory's that address one directory, or none. An identity provider that still
/// has it may push hundreds of people before somebody looks: each of them is told of.
const CLOSED_TOKENS_OF_ONE: Allowance = (number(1_000), number(20));

/// Of all of them together.
const CLOSED_TOKENS: Allowance = (number(5_000), number(100));

/// How many requests without a token that opens a directory are still answered as they ask.
pub(super) struct Strangers {
    strangers: Bound,
    closed_tokens: Bound,
}

/// A bound for each directory, and one for all.
struct Bound {
    of_each: DefaultKeyedRateLimiter<Option<DirectoryKey>>,
    of_all: DefaultDirectRateLimiter,
}

impl Strangers {
    pub(super) fn new() -> Self {
        Self {
            strangers: Bound::new(STRANGERS_OF_ONE, STRANGERS),
            closed_tokens: Bound::new(CLOSED_TOKENS_OF_ONE, CLOSED_TOKENS),
        }
    }

    /// Counts a request that addressed this directory, and says whether it is answered as it asks.
    pub(super) fn admit(&self, sender: Sender, directory: Option<DirectoryKey>) -> bool {
        match sender {
            Sender::Known | Sender::Failed | Sender::Pinned => true,
            Sender::Stranger => self.strangers.admit(directory),
            Sender::ClosedToken => self.closed_tokens.admit(directory),
        }
    }
}

impl Bound {
    fn new(of_one: Allowance, of_all: Allowance) -> Self {
        Self { of_each: RateLimiter::keyed(quota(of_one)), of_all: RateLimiter::direct(quota(of_all)) }
    }

    fn admit(&self, directory: Option<DirectoryKey>) -> bool {
        self.of_each.check_key(&directory).is_ok() && self.of_all.check().is_ok()
    }
}

fn quota((burst, per_second): Allowance) -> Quota {
    Quota::per_second(per_second).allow_burst(burst)
}

const fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("it is not zero")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_directory_is_held_back_before_all_are() {
        for (sender, of_one, of_all) in [
            (Sender::Stranger, STRANGERS_OF_ONE, STRANGERS),
            (Sender::ClosedToken, CLOSED_TOKENS_OF_ONE, CLOSED_TOKENS),
        ] {
            let strangers = Strangers::new();
            let admitted = |directory| (0..of_one.0.get() * 2).filter(|_| strangers.admit(sender, directory)).count();
            let [first, second] = [Some(DirectoryKey(1)), None].map(admitted);
            let burst = of_one.0.get() as usize;
            assert!((burst..burst * 2).contains(&first), "{first} of one");
            assert!((burst..burst * 2).contains(&second), "{second} of none: the others' part is not theirs");
            let rest: usize = (2..20).map(|key| admitted(Some(DirectoryKey(key)))).sum();
            assert!(rest <= of_all.0.get() as usize, "{rest} of all the others");
        }
    }

    #[test]
    fn nobody_takes_the_part_of_another() {
        let strangers = Strangers::new();
        let here = Some(DirectoryKey(1));
        while strangers.admit(Sender::Stranger, here) {}
        assert!(strangers.admit(Sender::ClosedToken, here), "who has an old token is not held back by strangers");
        while strangers.admit(Sender::ClosedToken, here) {}
        assert!((0..10_000).all(|_| strangers.admit(Sender::Known, here)), "who has the token never is");
    }
}
