//! Three tests of an account that holds several currencies, made after every trial booking.
//!
//! ```text
//! value      = sum of long positions x price x (1 - haircut) - sum of short positions x price x (1 + haircut) + collateral
//! aggregate  = sum of short positions x price x (1 + haircut)
//! (1) value >= 0     (2) each short position <= its limit     (3) aggregate <= its limit
//! ```
//! The shape of the tests is that of CLS, published in its rulebook. All is exact: nothing is rounded before it is compared.
//! Deliberately absent: what to do about an account that fails; the booking that would cause it is refused by who books.

use alloc::vec::Vec;

use crate::{Ratio, Refusal, Share};

/// A currency as the tests see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Minor units of the base currency for one minor unit; above zero.
    pub price: Ratio,
    /// Taken off what is owned, added to what is owed.
    pub haircut: Share,
}

/// The limits of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest short position in each currency, minor units of it; none for no limit.
    pub short: Vec<Option<i64>>,
    /// The largest sum of short positions after haircut, minor units of the base currency; none for no limit.
    pub aggregate: Option<i64>,
}

/// A short position over its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Over {
    /// Index of the currency.
    pub currency: u32,
    /// The short position, above zero.
    pub short: i128,
    /// Its limit.
    pub limit: i64,
}

/// What the tests found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The account's value after haircuts, minor units of the base currency.
    pub value: Ratio,
    /// The sum of shorts after haircut, minor units of the base currency.
    pub aggregate: Ratio,
    /// Test 1: the value is not below zero.
    pub covered: bool,
    /// Test 2 fails for these; it holds when there are none.
    pub over: Vec<Over>,
    /// Test 3: the aggregate is within its limit.
    pub within: bool,
}

impl Found {
    /// All three hold.
    #[must_use]
    pub fn pass(&self) -> bool {
        self.covered && self.over.is_empty() && self.within
    }
}

/// Tests one account: a position in each currency, and collateral in minor units of the base currency.
///
/// # Errors
/// [`Refusal::Count`] when positions, limits and currencies are not equally many, [`Refusal::Fixing`] for a price that is not
/// above zero, [`Refusal::Amount`] for a limit or collateral below zero, [`Refusal::Overflow`] for a value that does not fit.
pub fn test(terms: &[Terms], limits: &Limits, positions: &[i64], collateral: i64) -> Result<Found, Refusal> {
    same("positions", positions.len(), terms.len())?;
    same("short limits", limits.short.len(), terms.len())?;
    check(limits, collateral)?;
    let mut found = Found {
        value: Ratio::whole(collateral.into()),
        aggregate: Ratio::ZERO,
        covered: true,
        over: Vec::new(),
        within: true,
    };
    let overflow = Refusal::Overflow { field: "value of the account" };
    for (currency, (terms, &position)) in (0u32..).zip(terms.iter().zip(positions)) {
        if terms.price <= Ratio::ZERO {
            return Err(Refusal::Fixing { currency });
        }
        let size = i128::from(position).abs();
        let factor = weight(terms.haircut, position);
        let worth = factor.and_then(|factor| terms.price.times(factor)?.times(Ratio::whole(size)));
        let worth = worth.ok_or_else(|| overflow.clone())?;
        let sum = if position < 0 { found.value.minus(worth) } else { found.value.plus(worth) };
        found.value = sum.ok_or_else(|| overflow.clone())?;
        if position < 0 {
            found.aggregate = found.aggregate.plus(worth).ok_or_else(|| overflow.clone())?;
            if let Some(limit) = limits.short[currency as usize].filter(|limit| size > i128::from(*limit)) {
                found.over.push(Over { currency, short: size, limit });
            }
        }
    }
    found.covered = found.value >= Ratio::ZERO;
    found.within = limits.aggregate.is_none_or(|limit| found.aggregate <= Ratio::whole(limit.into()));
    Ok(found)
}

/// What one of a position counts for: less than one of a claim, more than one of a debt.
pub(super) fn weight(haircut: Share, position: i64) -> Option<Ratio> {
    if position < 0 { Ratio::ONE.plus(haircut.of(1)) } else { Ratio::ONE.minus(haircut.of(1)) }
}

fn check(limits: &Limits, collateral: i64) -> Result<(), Refusal> {
    if collateral < 0 {
        return Err(Refusal::Amount { field: "collateral", index: 0, value: collateral });
    }
    let negative = |limit: &Option<i64>| limit.is_some_and(|limit| limit < 0);
    if let Some(index) = limits.short.iter().position(negative) {
        return Err(Refusal::Amount { field: "short limit", index, value: limits.short[index].unwrap_or(0) });
    }
    match limits.aggregate {
        Some(value) if value < 0 => Err(Refusal::Amount { field: "aggregate limit", index: 0, value }),
        Some(_) | None => Ok(()),
    }
}

/// Two tables must be equally long.
pub(super) fn same(field: &'static str, count: usize, needed: usize) -> Result<(), Refusal> {
    if count == needed { Ok(()) } else { Err(Refusal::Count { field, count, needed }) }
}
