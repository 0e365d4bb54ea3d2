//! A small random number generator: xoshiro256++ (Blackman and Vigna, 2018), seeded through SplitMix64 as its authors recommend.
//!
//! Integers only, so that a seed gives the same numbers on every machine and in every later version. Not for secrets.

/// The generator: 256 bits of state, period 2^256 - 1.
#[derive(Clone, Debug)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// A generator for this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut mix = seed;
        Self { state: [split_mix(&mut mix), split_mix(&mut mix), split_mix(&mut mix), split_mix(&mut mix)] }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }

    /// A number in `0..bound`; 0 when the bound is 0. The bias of the multiplication method is below `bound / 2^64`.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// An index of a slice of this length; 0 when it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        let bound = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(bound)).unwrap_or(0)
    }

    /// True in so many cases out of a thousand.
    pub fn per_mille(&mut self, share: u32) -> bool {
        self.below(1_000) < u64::from(share)
    }

    /// A number in `[0, 1)` with 53 bits: exact in IEEE 754 doubles.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double without rounding")]
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
        (self.bits() >> 11) as f64 * STEP
    }

    /// One of the elements, `None` when there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.index(from.len());
        from.get(at)
    }
}

/// One step of SplitMix64, also used to spread one number into others that look independent.
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs for state 1, 2, 3, 4, as other implementations of the published algorithm give them.
    #[test]
    fn matches_the_published_algorithm() {
        let mut rng = Rng { state: [1, 2, 3, 4] };
        let first: Vec<u64> = (0..5).map(|_| rng.bits()).collect();
        assert_eq!(
            first,
            [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205]
        );
    }

    /// SplitMix64 from 1234567, a vector widely used to check it.
    #[test]
    fn split_mix_matches_the_published_algorithm() {
        let mut state = 1_234_567;
        assert_eq!(split_mix(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(split_mix(&mut state), 3_203_168_211_198_807_973);
    }

    #[test]
    fn below_stays_below() {
        let mut rng = Rng::new(7);
        assert!((0..10_000).all(|_| rng.below(6) < 6));
        assert_eq!(rng.below(0), 0);
        let sixes = (0..60_000).filter(|_| rng.below(6) == 5).count();
        assert!((9_500..10_500).contains(&sixes), "{sixes} sixes of 60,000");
    }
}
