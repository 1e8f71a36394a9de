//! What those may cost whose token nobody here knows: whoever has heard of the URL.
//!
//! So many of their requests are answered and recorded like any other. What is more gets a 429 and is counted. A request with a known token is
//! never held against these numbers.

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::model::DirectoryKey;

/// Requests that address one directory, or none: at once, and a second after that. An identity provider with a wrong token sends fewer.
const OF_ONE: (NonZeroU32, NonZeroU32) = (number(100), number(10));

/// The same of all together.
const OF_ALL: (NonZeroU32, NonZeroU32) = (number(500), number(50));

/// How many requests of strangers are still answered as they ask.
pub(super) struct Strangers {
    of_each: DefaultKeyedRateLimiter<Option<DirectoryKey>>,
    of_all: DefaultDirectRateLimiter,
}

impl Strangers {
    pub(super) fn new() -> Self {
        Self { of_each: RateLimiter::keyed(quota(OF_ONE)), of_all: RateLimiter::direct(quota(OF_ALL)) }
    }

    /// Counts a request that addressed this directory, and says whether it is answered as it asks.
    pub(super) fn admit(&self, directory: Option<DirectoryKey>) -> bool {
        self.of_each.check_key(&directory).is_ok() && self.of_all.check().is_ok()
    }
}

fn quota((burst, per_second): (NonZeroU32, NonZeroU32)) -> Quota {
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
        let strangers = Strangers::new();
        let admitted = |directory| (0..OF_ONE.0.get() * 2).filter(|_| strangers.admit(directory)).count();
        let [first, second] = [Some(DirectoryKey(1)), None].map(admitted);
        let burst = OF_ONE.0.get() as usize;
        assert!((burst..burst * 2).contains(&first), "{first} of one");
        assert!((burst..burst * 2).contains(&second), "{second} of none: the others' part is not theirs");
        let rest: usize = (2..20).map(|key| admitted(Some(DirectoryKey(key)))).sum();
        assert!(rest <= OF_ALL.0.get() as usize, "{rest} of all the others");
    }
}
