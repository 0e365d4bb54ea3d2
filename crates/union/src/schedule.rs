//! Instalments: a debt that is paid down on agreed days, with interest on what is outstanding.
//!
//! Used for refinancing a settlement that is due (ALADI: instalments over the next four months; existence read, detail remembered)
//! and for term loans (recycling). Principal is split evenly; what does not divide is paid with the instalment that
//! [`RemainderIn`] names. Interest is rounded to whole minor units of its **cumulative** sum, so that fractions are carried into
//! the next instalment and nothing is lost. Deliberately absent: business days; the caller gives the days that are due.

use alloc::vec::Vec;

use crate::charge::DayCount;
use crate::{Rate, Ratio, Refusal};

/// Most instalments of one schedule.
pub const INSTALMENT_COUNT_MAX: usize = 1200;

/// Which instalment pays what does not divide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemainderIn {
    /// The first one.
    First,
    /// The last one.
    Last,
}

/// The terms of a loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LoanTerms {
    /// Minor units, above zero.
    pub principal: i64,
    /// Interest a year on what is outstanding.
    pub rate: Rate,
    /// How days are counted.
    pub count: DayCount,
    /// Who pays what does not divide, and when.
    pub remainder: RemainderIn,
}

/// One payment of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instalment {
    /// The day it is due.
    pub due: i32,
    /// How many days interest is paid for.
    pub days: u32,
    /// Principal paid.
    pub principal: i64,
    /// Interest paid.
    pub interest: i64,
    /// Principal that is left afterwards.
    pub outstanding: i64,
}

/// The schedule of a loan that begins on `start` (days since any fixed day) and is paid on the days `due`.
///
/// # Errors
/// [`Refusal::NotPositive`] for a principal that is not above zero or no due day, [`Refusal::Exceeds`] for too many,
/// [`Refusal::StepOrder`] naming the first due day that is not after the one before, [`Refusal::Overflow`] for interest that does
/// not fit.
pub fn instalments(terms: &LoanTerms, start: i32, due: &[i32]) -> Result<Vec<Instalment>, Refusal> {
    if terms.principal <= 0 {
        return Err(Refusal::NotPositive { field: "principal", value: terms.principal });
    }
    let whole = |value| i64::try_from(value).unwrap_or(i64::MAX);
    if due.is_empty() {
        return Err(Refusal::NotPositive { field: "number of instalments", value: 0 });
    }
    if due.len() > INSTALMENT_COUNT_MAX {
        let (value, limit) = (whole(due.len()), whole(INSTALMENT_COUNT_MAX));
        return Err(Refusal::Exceeds { field: "number of instalments", value, limit });
    }
    let count = whole(due.len());
    let (even, rest) = (terms.principal / count, terms.principal % count);
    let mut outstanding = terms.principal;
    let (mut exact, mut charged) = (Ratio::ZERO, 0i128);
    let mut day = start;
    let mut rows = Vec::with_capacity(due.len());
    for (index, &next) in due.iter().enumerate() {
        if next <= day {
            return Err(Refusal::StepOrder { field: "due", index });
        }
        let days = next.abs_diff(day);
        // 2^63 x 2^32 x 2^32 is just 2^127: checked all the same.
        let part = (i128::from(outstanding) * terms.rate.billionths())
            .checked_mul(days.into())
            .and_then(|part| Ratio::new(part, Rate::SCALE * terms.count.year()));
        exact = part.and_then(|part| exact.plus(part)).ok_or(Refusal::Overflow { field: "interest" })?;
        let interest = exact.floor() - charged;
        charged = exact.floor();
        let extra = match terms.remainder {
            RemainderIn::First => index == 0,
            RemainderIn::Last => index + 1 == due.len(),
        };
        let principal = even + if extra { rest } else { 0 };
        outstanding -= principal;
        let interest = i64::try_from(interest).map_err(|_| Refusal::Overflow { field: "interest" })?;
        rows.push(Instalment { due: next, days, principal, interest, outstanding });
        day = next;
    }
    Ok(rows)
}
