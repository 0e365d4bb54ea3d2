//! An amount parted by keys into whole minor units.
//!
//! Each part is the difference of two rounded-down cumulative shares, so parts always sum to the amount and nobody's part is
//! a minor unit or more from the exact one. Ties do not arise: the order of keys decides. Deliberately absent: other roundings.

use alloc::vec::Vec;

/// Parts of `amount` in proportion to `keys` (not below zero). All zero when the keys are. No part is above its key when `amount` is
/// not above their sum. Amount and sum of keys must be below 2^63.
#[must_use]
pub fn apportion(amount: i64, keys: &[i64]) -> Vec<i64> {
    let whole: i128 = keys.iter().map(|key| i128::from(*key)).sum();
    let (mut upto, mut given) = (0i128, 0i128);
    keys.iter()
        .map(|key| {
            if whole <= 0 {
                return 0;
            }
            upto += i128::from(*key);
            // Both factors are below 2^63, so the product is below 2^126.
            let now = i128::from(amount) * upto / whole;
            let part = now - given;
            given = now;
            i64::try_from(part).unwrap_or(0)
        })
        .collect()
}
