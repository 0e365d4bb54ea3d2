//! How much of settlement hangs on one currency, participant or pair.
//!
//! ```text
//! share = value of one / value of all
//! HHI   = sum of squared shares: 1 when there is only one, 1/n when n are equally large
//! ```
//! Deliberately absent: what to count; the caller values settlement in one unit. A participant's value counts both sides of each
//! payment, so no share of a participant is above one half.

use alloc::vec::Vec;

use crate::{Ratio, Refusal, Share};

/// One that has more than its alarm share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alarm {
    /// Index in the input.
    pub index: usize,
    /// Its share.
    pub share: Ratio,
}

/// What the guard found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// The sum of all values.
    pub total: i128,
    /// Each one's share; all zero when nothing settled.
    pub shares: Vec<Ratio>,
    /// The sum of squared shares (Herfindahl and Hirschman); zero when nothing settled. Often told times 10,000.
    pub index: Ratio,
    /// Those above the alarm share, in the order of the input.
    pub alarms: Vec<Alarm>,
}

/// Looks at values in one unit.
///
/// # Errors
/// [`Refusal::Amount`] for a value below zero, [`Refusal::Overflow`] for squares that do not fit: values up to 2^62 together do.
pub fn guard(values: &[i128], alarm: Share) -> Result<Concentration, Refusal> {
    if let Some((index, &value)) = values.iter().enumerate().find(|(_, value)| **value < 0) {
        let value = i64::try_from(value).unwrap_or(i64::MIN);
        return Err(Refusal::Amount { field: "settled value", index, value });
    }
    let overflow = Refusal::Overflow { field: "concentration" };
    let mut total = 0i128;
    let mut squares = 0i128;
    for value in values {
        total = total.checked_add(*value).ok_or_else(|| overflow.clone())?;
        let square = value.checked_mul(*value).ok_or_else(|| overflow.clone())?;
        squares = squares.checked_add(square).ok_or_else(|| overflow.clone())?;
    }
    let shares: Vec<Ratio> = values.iter().map(|value| Ratio::new(*value, total).unwrap_or(Ratio::ZERO)).collect();
    let all = total.checked_mul(total).ok_or(overflow)?;
    let index = Ratio::new(squares, all).unwrap_or(Ratio::ZERO);
    let limit = Ratio::new(alarm.millionths(), i128::from(Share::SCALE)).unwrap_or(Ratio::ONE);
    let above = shares.iter().enumerate().filter(|(_, share)| **share > limit);
    let alarms = above.map(|(index, share)| Alarm { index, share: *share }).collect();
    Ok(Concentration { total, shares, index, alarms })
}
