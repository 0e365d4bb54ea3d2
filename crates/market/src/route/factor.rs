//! Products of rates rounded up: what no route can beat.
//!
//! A factor is `mantissa x 2^exponent` with 64 bits of mantissa, never below the exact product. It only prunes the search; no
//! amount is ever computed from it.

/// An upper bound of a product of rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Factor {
    /// At least `2^63`.
    mantissa: u64,
    exponent: i32,
}

impl Factor {
    /// One.
    pub(super) const ONE: Self = Self { mantissa: 1 << 63, exponent: -63 };

    /// `top / bottom` rounded up; both more than zero and below `2^100`.
    pub(super) fn ratio(top: u128, bottom: u128) -> Self {
        let shift = top.leading_zeros();
        // Shifted to 128 bits; the quotient keeps at least 28 of them.
        let quotient = (top << shift).div_ceil(bottom);
        Self::rounded_up(quotient, 0_i32.saturating_sub_unsigned(shift))
    }

    /// The product, rounded up.
    pub(super) fn times(self, other: Self) -> Self {
        let product = u128::from(self.mantissa) * u128::from(other.mantissa);
        Self::rounded_up(product, self.exponent.saturating_add(other.exponent))
    }

    /// Whether it is more than another.
    pub(super) fn is_above(self, other: Self) -> bool {
        (self.exponent, self.mantissa) > (other.exponent, other.mantissa)
    }

    /// `amount` times this, rounded down: no less than the exact product rounded down. Saturates.
    pub(super) fn most(self, amount: i64) -> u128 {
        let product = u128::from(self.mantissa) * u128::from(amount.unsigned_abs());
        if self.exponent <= 0 {
            return product.checked_shr(self.exponent.unsigned_abs()).unwrap_or(0);
        }
        let shift = self.exponent.unsigned_abs();
        if shift < product.leading_zeros() { product << shift } else { u128::MAX }
    }

    /// `amount` over this, rounded up: no more than the exact quotient rounded up. At most `2^64` when it leaves the range.
    pub(super) fn least(self, amount: i64) -> u128 {
        let amount = u128::from(amount.unsigned_abs());
        let mantissa = u128::from(self.mantissa);
        if self.exponent >= 0 {
            let divisor = mantissa.checked_shl(self.exponent.unsigned_abs());
            return divisor
                .filter(|divisor| divisor >> self.exponent.unsigned_abs() == mantissa)
                .map_or(1, |divisor| amount.div_ceil(divisor));
        }
        let shift = self.exponent.unsigned_abs();
        if shift >= amount.leading_zeros() {
            return 1 << 64;
        }
        (amount << shift).div_ceil(mantissa)
    }

    /// A number of at least one as 64 bits and an exponent, rounded up.
    fn rounded_up(value: u128, exponent: i32) -> Self {
        let bits = 128 - value.leading_zeros();
        let Some(over) = bits.checked_sub(64).filter(|&over| over > 0) else {
            let up = 64 - bits;
            let mantissa = u64::try_from(value << up).unwrap_or(u64::MAX);
            return Self { mantissa, exponent: exponent.saturating_sub_unsigned(up) };
        };
        let kept = value >> over;
        let exact = kept << over == value;
        let exponent = exponent.saturating_add_unsigned(over);
        match u64::try_from(kept + u128::from(!exact)) {
            Ok(mantissa) => Self { mantissa, exponent },
            // The carry made it 2^64.
            Err(_) => Self { mantissa: 1 << 63, exponent: exponent.saturating_add(1) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_never_on_the_wrong_side() {
        let mut seed = 11_u64;
        let mut dice = |bits: u32| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u128::from(seed >> (64 - bits)) + 1
        };
        for _ in 0..5_000 {
            let (a, b, c, d) = (dice(20), dice(18), dice(22), dice(19));
            let factor = Factor::ratio(a, b).times(Factor::ratio(c, d));
            let amount = i64::try_from(dice(40)).expect("40 bits");
            let (top, bottom) = (a * c, b * d);
            let wide = u128::from(amount.unsigned_abs());
            let (most, least) = (wide * top / bottom, (wide * bottom).div_ceil(top));
            assert!(factor.most(amount) >= most && factor.most(amount) <= most + 1 + most / (1 << 40));
            assert!(factor.least(amount) <= least && factor.least(amount) + 1 + least / (1 << 40) >= least);
        }
        assert_eq!((Factor::ONE.most(77), Factor::ONE.least(77)), (77, 77));
        assert!(Factor::ratio(3, 2).is_above(Factor::ONE) && !Factor::ratio(1, 2).is_above(Factor::ONE));
    }
}
