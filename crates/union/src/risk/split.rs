//! Dividing an amount by weights, exactly to the minor unit: the method of the largest remainder.
//!
//! Each part is `total x weight / weights` rounded down; the units that are left go, one each, to the parts with the largest
//! remainders. **Tie rule:** of equal remainders the lower index is first. Deliberately absent: negative amounts; who is owed
//! and who owes is for the caller to say.

use alloc::vec::Vec;

use crate::Refusal;

/// Most parts of one division.
pub const PART_COUNT_MAX: usize = 1 << 24;

/// Divides `total` minor units in proportion to `weights`; the parts sum to `total`.
///
/// # Errors
/// [`Refusal::Amount`] for a total or weight below zero, [`Refusal::NoWeight`] when all weights are zero and something is to be
/// divided, [`Refusal::Exceeds`] for too many parts.
pub fn split(field: &'static str, total: i64, weights: &[i64]) -> Result<Vec<i64>, Refusal> {
    if total < 0 {
        return Err(Refusal::Amount { field, index: 0, value: total });
    }
    if weights.len() > PART_COUNT_MAX {
        let whole = |value| i64::try_from(value).unwrap_or(i64::MAX);
        return Err(Refusal::Exceeds { field, value: whole(weights.len()), limit: whole(PART_COUNT_MAX) });
    }
    if let Some((index, &value)) = weights.iter().enumerate().find(|(_, weight)| **weight < 0) {
        return Err(Refusal::Amount { field, index, value });
    }
    if total == 0 {
        return Ok(alloc::vec![0; weights.len()]);
    }
    let all: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if all == 0 {
        return Err(Refusal::NoWeight { field });
    }
    // A product of two 63-bit numbers fits; a part is at most the total.
    let exact = |weight: i64| i128::from(total) * i128::from(weight);
    let part = |weight: i64| i64::try_from(exact(weight) / all).unwrap_or(total);
    let mut parts: Vec<i64> = weights.iter().map(|weight| part(*weight)).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&index| (core::cmp::Reverse(exact(weights[index]) % all), index));
    let given: i64 = parts.iter().sum();
    let left = usize::try_from(total - given).unwrap_or(0);
    // Fewer units are left than there are parts with a remainder.
    for index in by_remainder.into_iter().take(left) {
        parts[index] += 1;
    }
    Ok(parts)
}
