//! Numbers that look random and are the same for the same seed, on every machine and in every version.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and its output is fixed by its definition.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of one thing among many of a seed, independent of those before it.
    pub(crate) fn of(seed: u64, what: &str, number: usize) -> Self {
        // FNV-1a, so that "people" 1 and "groups" 1 have nothing in common.
        let hash = what
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut mixed = Self(seed ^ hash);
        Self(mixed.next() ^ number as u64)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // The high half of the product: each result is as likely as any other, but for one part in 2^64.
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// One of several.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// A text of letters and digits.
    pub(crate) fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    /// A UUID in the form of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_definition() {
        let mut random = Random(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn what_is_made_of_them_stays_within_its_bounds() {
        let mut random = Random::of(7, "people", 3);
        assert!((0..1000).all(|_| random.below(3) < 3));
        let uuid = random.uuid();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"), "{uuid}");
        assert!(["8", "9", "a", "b"].contains(&&uuid[19..20]), "{uuid}");
        assert_ne!(Random::of(7, "people", 3).next(), Random::of(7, "groups", 3).next());
        assert_ne!(Random::of(7, "people", 3).next(), Random::of(7, "people", 4).next());
    }
}
