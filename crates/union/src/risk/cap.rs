//! Net debit caps that follow from collateral: how far each balance may go below zero.
//!
//! ```text
//! part of a currency = counted collateral x its weight / all weights      (largest remainder)
//! cap                = part / (price x (1 + haircut)), rounded down, at most the cap set for it
//! ```
//! So the debts of all currencies together, after haircuts, never exceed the collateral. The haircut is that of the currency
//! owed: it may rise before it is bought. Deliberately absent: what a balance is now; see [`shortfall`].

use alloc::vec::Vec;

use super::split::split;
use super::three::{Terms, same, weight};
use crate::{Ratio, Refusal};

/// What one currency asks of the collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Price and haircut.
    pub terms: Terms,
    /// Its weight in dividing the collateral.
    pub weight: i64,
    /// The cap set for it whatever the collateral, minor units of the currency; none for no other cap.
    pub set: Option<i64>,
}

/// A cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cap {
    /// Collateral that stands behind it, minor units of the base currency.
    pub behind: i64,
    /// What that covers, minor units of the currency.
    pub covered: i64,
    /// The smaller of what is covered and what was set.
    pub cap: i64,
}

/// Caps of one member from what its collateral counts for.
///
/// # Errors
/// The refusals of [`split`], [`Refusal::Fixing`] for a price that is not above zero, [`Refusal::Amount`] for a set cap below zero.
pub fn caps(collateral: i64, wanted: &[Wanted]) -> Result<Vec<Cap>, Refusal> {
    let weights: Vec<i64> = wanted.iter().map(|one| one.weight).collect();
    let parts = split("weights of currencies", collateral, &weights)?;
    let mut caps = Vec::with_capacity(wanted.len());
    for (index, (one, behind)) in wanted.iter().zip(parts).enumerate() {
        if one.terms.price <= Ratio::ZERO {
            return Err(Refusal::Fixing { currency: u32::try_from(index).unwrap_or(u32::MAX) });
        }
        if let Some(value) = one.set.filter(|set| *set < 0) {
            return Err(Refusal::Amount { field: "set cap", index, value });
        }
        let dear = weight(one.terms.haircut, -1).and_then(|factor| one.terms.price.times(factor));
        let covered = dear.and_then(|dear| Ratio::whole(behind.into()).over(dear));
        let covered = covered.ok_or(Refusal::Overflow { field: "cap" })?.floor();
        // A cap beyond what a balance can be is no cap.
        let covered = i64::try_from(covered).unwrap_or(i64::MAX);
        caps.push(Cap { behind, covered, cap: one.set.map_or(covered, |set| set.min(covered)) });
    }
    Ok(caps)
}

/// By how much each used credit is above its cap: what its owner has to bring, minor units; zero where it is within.
///
/// # Errors
/// [`Refusal::Count`] when there are not as many balances as caps.
pub fn shortfall(caps: &[Cap], balances: &[i64]) -> Result<Vec<i128>, Refusal> {
    same("balances", balances.len(), caps.len())?;
    let short = |(cap, balance): (&Cap, &i64)| (-i128::from(*balance) - i128::from(cap.cap)).max(0);
    Ok(caps.iter().zip(balances).map(short).collect())
}
