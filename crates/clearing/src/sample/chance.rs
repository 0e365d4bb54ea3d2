//! Chance for made-up networks: SplitMix64 and a few distributions, in integers only.
//!
//! Not for anything that must be unpredictable.

/// A stream of pseudo-random numbers.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 32 bits.
    pub fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        high(z ^ (z >> 31))
    }

    /// Uniform in `0..bound` (0 when `bound` is 0).
    pub fn below(&mut self, bound: u32) -> u32 {
        high(u64::from(self.bits()) * u64::from(bound))
    }

    /// In `0..bound`, small numbers more often: the product of three draws. The degree of party i falls as i^(-2/3).
    pub fn skewed(&mut self, bound: u32) -> u32 {
        let share = high(u64::from(self.bits()) * u64::from(self.bits()));
        let share = high(u64::from(share) * u64::from(self.bits()));
        high(u64::from(share) * u64::from(bound))
    }

    /// As [`Self::skewed`], but another number than `taken` (`bound` at least 2).
    pub fn skewed_other(&mut self, bound: u32, taken: u32) -> u32 {
        let drawn = self.skewed(bound.saturating_sub(1));
        if drawn >= taken { drawn + 1 } else { drawn }
    }

    /// In `0..bound`, small numbers somewhat more often: the product of two draws. The degree of i falls as i^(-1/2).
    pub fn uneven(&mut self, bound: u32) -> u32 {
        let share = high(u64::from(self.bits()) * u64::from(self.bits()));
        high(u64::from(share) * u64::from(bound))
    }

    /// An amount of minor units, about log-normal: the median is some 2,000 major units, a few are a hundred times the mean.
    ///
    /// The logarithm to base two is a sum of eight uniform draws (nearly normal: mean 18, deviation 2.6 octaves); between powers of two the
    /// line is straight instead of exponential.
    pub fn amount(&mut self) -> i64 {
        let octaves: u32 = (0..8).map(|_| self.bits() >> 22).sum();
        let octaves = octaves * 4 / 5 + (5 << 8);
        let (whole, part) = (octaves >> 8, octaves & 255);
        // 2^whole, up to 2^30, plus part/256 of it.
        let power = 1i64 << whole;
        power + ((power * i64::from(part)) >> 8)
    }
}

fn high(wide: u64) -> u32 {
    u32::try_from(wide >> 32).expect("32 bits")
}
