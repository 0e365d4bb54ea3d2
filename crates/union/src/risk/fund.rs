//! A guarantee fund: large enough for the worst defaults that are to be covered, paid in by key.
//!
//! Size: for each scenario the losses of the `cover` members that lose most are added; the fund is the largest such sum.
//! `cover` = 1 or 2 is the "cover one" and "cover two" of the principles for financial market infrastructures (2012).
//! A member's stressed loss is what a scenario leaves of its account below zero after its own collateral. Deliberately absent:
//! which scenarios are plausible.

use alloc::vec::Vec;

use super::split::split;
use super::three::same;
use crate::{Ratio, Refusal};

/// How large a fund is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// Minor units of the base currency.
    pub amount: i64,
    /// Index of the scenario that asks for so much; the first one of several.
    pub scenario: usize,
    /// The members whose losses are added, the largest first; of equal losses the lower index.
    pub members: Vec<u32>,
}

/// What a member with these positions loses if currencies stand at these prices: what is missing after collateral, rounded up.
///
/// # Errors
/// [`Refusal::Count`] when prices and positions are not equally many, [`Refusal::Overflow`] for a value that does not fit.
pub fn stressed_loss(prices: &[Ratio], positions: &[i64], collateral: i64) -> Result<i64, Refusal> {
    same("positions", positions.len(), prices.len())?;
    let overflow = Refusal::Overflow { field: "stressed loss" };
    let mut value = Ratio::whole(collateral.into());
    for (price, position) in prices.iter().zip(positions) {
        let part = price.times(Ratio::whole((*position).into()));
        value = part.and_then(|part| value.plus(part)).ok_or_else(|| overflow.clone())?;
    }
    let loss = Ratio::ZERO.minus(value).map_or(0, Ratio::ceil).max(0);
    i64::try_from(loss).map_err(|_| overflow)
}

/// The size of a fund that covers the `cover` largest losses of the worst scenario. `losses` has a row for each scenario, with
/// each member's loss.
///
/// # Errors
/// [`Refusal::NotPositive`] for no scenario or a cover of none, [`Refusal::Amount`] for a loss below zero, [`Refusal::Overflow`].
pub fn size(losses: &[Vec<i64>], cover: usize) -> Result<Size, Refusal> {
    if cover == 0 {
        return Err(Refusal::NotPositive { field: "members to cover", value: 0 });
    }
    let mut worst: Option<Size> = None;
    for (scenario, row) in losses.iter().enumerate() {
        if let Some((index, &value)) = row.iter().enumerate().find(|(_, loss)| **loss < 0) {
            return Err(Refusal::Amount { field: "stressed loss", index, value });
        }
        let mut order: Vec<(u32, i64)> = (0u32..).zip(row.iter().copied()).collect();
        order.sort_by_key(|(member, loss)| (core::cmp::Reverse(*loss), *member));
        order.truncate(cover);
        let sum: i128 = order.iter().map(|(_, loss)| i128::from(*loss)).sum();
        let amount = i64::try_from(sum).map_err(|_| Refusal::Overflow { field: "guarantee fund" })?;
        if worst.as_ref().is_none_or(|worst| amount > worst.amount) {
            worst = Some(Size { amount, scenario, members: order.into_iter().map(|(member, _)| member).collect() });
        }
    }
    worst.ok_or(Refusal::NotPositive { field: "scenarios", value: 0 })
}

/// What each member pays in, by key; the contributions sum to the size.
///
/// # Errors
/// The refusals of [`split`].
pub fn contributions(size: i64, keys: &[i64]) -> Result<Vec<i64>, Refusal> {
    split("keys of the fund", size, keys)
}
