//! In/out swaps: less money to bring for a settlement, with nobody's position changed.
//!
//! After netting, a participant must fund each currency in which its position is short. Two participants with opposite positions
//! in two currencies can agree a swap: its **in leg** is settled together with everything else and reduces all four positions,
//! its **out leg** is the same two amounts the other way round, settled outside on the same day. Each participant's position over
//! both legs is unchanged, to the minor unit, in every currency. CLS offers its members such a tool and reports publicly that it
//! cuts what they fund by about three quarters, on top of netting; what it does here is computed, never assumed.
//!
//! ```text
//! funding of a participant = sum over currencies of max(0, -position) x rate
//! in leg of value v        = i receives v of x and gives v of y;  i is short of x and long of y, j the reverse
//! funding falls by 2 v, and no set of swaps can bring a participant below max(0, -(sum of position x rate))
//! ```
//!
//! **Values and rounding.** The two amounts of a leg are equal in value at the rates given, down to what a minor unit is worth: the
//! side whose minor unit is worth more is a whole number of them, the other side is rounded down. So a swap's value differs
//! between its sides by less than one minor unit of the finer currency; whoever receives the finer one is short of that
//! difference inside and has it back by the out leg.
//!
//! **How it is found.** Repeatedly the swap that is largest by the [`Order`] in hand, ties to the lower index of the first
//! participant, the second, then the currencies. All orders are tried; the best by the [`Goal`] is kept. That it is the optimum is
//! not claimed: [`Plan::bound`] says what no swaps can beat.
//!
//! **Helpers.** Where participants are willing, a swap may also be with somebody who is long of what is needed and gains nothing
//! itself; nobody gives what it is not long of, so nobody becomes short by it. Each currency sums to zero, so while somebody is
//! short of one currency and long of another, somebody else is long of the first: without a limit or a minimum the plan reaches
//! the bound, but for less than a minor unit of the coarser currency in each position.
//!
//! Deliberately absent: the risk of the out leg (a limit between two participants bounds it), interest, who agrees.

mod find;
#[cfg(test)]
mod tests;
mod verify;

use alloc::vec::Vec;

pub use verify::{Flaw, verify};

use crate::offer::EXPONENT_MAX;
use crate::rate::Rate;

/// Most participants of one plan.
pub const PARTICIPANT_COUNT_MAX: usize = 500;
/// Most currencies of one plan.
pub const CURRENCY_COUNT_MAX: usize = 64;
/// Most swaps of one plan; the search ends there.
pub const SWAP_COUNT_MAX: usize = 10_000;

/// A currency with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    /// Digits after the point, at most [`EXPONENT_MAX`].
    pub exponent: u8,
    /// Units of the common currency for one unit of this one.
    pub rate: Rate,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// The currencies.
    pub currencies: &'a [Currency],
    /// Position of each participant in each currency after netting, minor units, below zero where it must pay; row by row, a row
    /// as long as there are currencies. Each currency sums to zero.
    pub positions: &'a [i64],
    /// Smallest swap, in `10^-16` of the common currency; zero for none.
    pub minimum: i128,
    /// Most that all swaps between the same two participants may be worth, in `10^-16` of the common currency: their exposure by
    /// the out legs.
    pub limit: Option<i128>,
    /// Which plan is the best.
    pub goal: Goal,
    /// Whether somebody who gains nothing may be asked to swap.
    pub helpers: bool,
}

/// Which plan is the best.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Goal {
    /// Least funding of all together, then fewest swaps.
    #[default]
    Total,
    /// Least funding of the participant that funds most, then of all together, then fewest swaps.
    Largest,
}

/// In which order swaps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The largest value first.
    Value,
    /// The participant that funds most first, then the largest value.
    Neediest,
    /// The pair of currencies with the least that can still be swapped first, then the largest value.
    Scarcest,
}

/// One swap. The in leg is settled inside, the out leg is its mirror and settled outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Swap {
    /// Index of the participant that receives `amount_in` and gives `amount_out` by the in leg.
    pub one: u32,
    /// Index of the other one.
    pub other: u32,
    /// Index of the currency `one` is short of.
    pub currency_in: u32,
    /// Minor units of it, more than zero.
    pub amount_in: i64,
    /// Index of the currency `one` is long of.
    pub currency_out: u32,
    /// Minor units of it, more than zero.
    pub amount_out: i64,
}

/// What one participant funds, in `10^-16` of the common currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Need {
    /// Without swaps.
    pub before: i128,
    /// With them.
    pub after: i128,
    /// What no swaps of equal value can beat, but for the rounding of in legs.
    pub least: i128,
    /// Inside value gained by rounding of in legs, given back by the out legs.
    pub rounding: i128,
}

/// A plan of swaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The swaps in the order found.
    pub swaps: Vec<Swap>,
    /// Each participant's funding.
    pub needs: Vec<Need>,
    /// Which order found it.
    pub order: Order,
    /// What no set of swaps can beat, but for the rounding of in legs: the sum of the participants' least.
    pub bound: i128,
}

impl Plan {
    /// Funding of all without swaps.
    #[must_use]
    pub fn before(&self) -> i128 {
        self.needs.iter().map(|need| need.before).sum()
    }

    /// Funding of all with them.
    #[must_use]
    pub fn after(&self) -> i128 {
        self.needs.iter().map(|need| need.after).sum()
    }

    /// The largest funding of one participant with the swaps.
    #[must_use]
    pub fn largest(&self) -> i128 {
        self.needs.iter().map(|need| need.after).max().unwrap_or(0)
    }
}

/// Why no plan is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refused {
    /// More participants than [`PARTICIPANT_COUNT_MAX`], or more currencies than [`CURRENCY_COUNT_MAX`].
    TooMany {
        /// Participants.
        participants: usize,
        /// Currencies.
        currencies: usize,
    },
    /// The positions are not rows of as many currencies as there are.
    Shape,
    /// A currency whose rate or exponent is not valid.
    Currency {
        /// Its index.
        currency: usize,
    },
    /// A currency whose positions do not sum to zero.
    Unbalanced {
        /// Its index.
        currency: usize,
        /// What they sum to, minor units.
        sum: i128,
    },
    /// A minimum or limit below zero.
    Terms,
    /// Values leave the range of 128 bits.
    Range,
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooMany { participants, currencies } => write!(
                f,
                "{participants} participants in {currencies} currencies exceed the limit of {PARTICIPANT_COUNT_MAX} in \
                 {CURRENCY_COUNT_MAX}"
            ),
            Self::Shape => write!(f, "positions are not one per participant and currency"),
            Self::Currency { currency } => {
                write!(f, "currency {currency} has no valid rate, or more than {EXPONENT_MAX} digits after the point")
            }
            Self::Unbalanced { currency, sum } => {
                write!(f, "positions in currency {currency} sum to {sum}, must be zero")
            }
            Self::Terms => write!(f, "a minimum or limit is below zero"),
            Self::Range => write!(f, "values leave the range"),
        }
    }
}

/// Finds swaps that reduce what participants fund.
///
/// # Errors
/// What is not valid.
pub fn plan(problem: &Problem<'_>) -> Result<Plan, Refused> {
    let worth = worth(problem)?;
    let plans = [Order::Value, Order::Neediest, Order::Scarcest].map(|order| find::find(problem, &worth, order));
    let mut best: Option<Plan> = None;
    for plan in plans {
        let plan = plan?;
        let key = |plan: &Plan| match problem.goal {
            Goal::Total => (0, plan.after(), plan.swaps.len()),
            Goal::Largest => (plan.largest(), plan.after(), plan.swaps.len()),
        };
        if best.as_ref().is_none_or(|best| key(&plan) < key(best)) {
            best = Some(plan);
        }
    }
    best.ok_or(Refused::Range)
}

/// What one minor unit of a currency is worth, in `10^-16` of the common currency: always whole.
#[must_use]
pub fn worth_of(currency: &Currency) -> Option<i128> {
    if !currency.rate.is_valid() || currency.exponent > EXPONENT_MAX {
        return None;
    }
    let digits = 16_u32.checked_sub(u32::from(currency.rate.scale) + u32::from(currency.exponent))?;
    i128::from(currency.rate.mantissa).checked_mul(10_i128.pow(digits))
}

/// What one minor unit of each currency is worth, once the problem is known to be valid and every sum to fit.
fn worth(problem: &Problem<'_>) -> Result<Vec<i128>, Refused> {
    let currencies = problem.currencies.len();
    if currencies == 0 || !problem.positions.len().is_multiple_of(currencies) {
        return Err(Refused::Shape);
    }
    let participants = problem.positions.len() / currencies;
    if participants > PARTICIPANT_COUNT_MAX || currencies > CURRENCY_COUNT_MAX {
        return Err(Refused::TooMany { participants, currencies });
    }
    if problem.minimum < 0 || problem.limit.is_some_and(|limit| limit < 0) {
        return Err(Refused::Terms);
    }
    let mut worth = Vec::with_capacity(currencies);
    for (currency, given) in problem.currencies.iter().enumerate() {
        worth.push(worth_of(given).ok_or(Refused::Currency { currency })?);
    }
    let mut total = 0_i128;
    for (currency, &worth) in worth.iter().enumerate() {
        let column = problem.positions.iter().skip(currency).step_by(currencies);
        let mut sum = 0_i128;
        for &position in column {
            sum += i128::from(position);
            let value = i128::from(position).abs().checked_mul(worth).ok_or(Refused::Range)?;
            total = total.checked_add(value).ok_or(Refused::Range)?;
        }
        if sum != 0 {
            return Err(Refused::Unbalanced { currency, sum });
        }
    }
    // Twice the sum of all values fits, so nothing computed from them overflows.
    total.checked_mul(2).map(|_| worth).ok_or(Refused::Range)
}

/// Funding of one row of positions.
fn funding(row: &[i64], worth: &[i128]) -> i128 {
    row.iter().zip(worth).map(|(&position, &worth)| i128::from(position.min(0)).abs() * worth).sum()
}

/// Value of one row of positions.
fn value(row: &[i64], worth: &[i128]) -> i128 {
    row.iter().zip(worth).map(|(&position, &worth)| i128::from(position) * worth).sum()
}
