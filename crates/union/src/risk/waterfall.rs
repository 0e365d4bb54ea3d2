//! Who bears a loss: the defaulter first, then those who dealt with it, then all by key.
//!
//! ```text
//! 1  the defaulter's collateral
//! 2  the defaulter's share of the guarantee fund
//! 3  its counterparties, in proportion to the sum of debits and credits with it, not below 0
//! 4  the rest by key, all but the defaulter
//! ```
//! Step 3 follows what CLS publishes: the sum is signed, so who received more from the failing member than it gave bears, and who
//! gave more does not; the share is not capped, so step 4 is for when nobody has such a sum. [`Bound::Sum`] caps it instead at
//! the sum itself (ours). A survivor pays out of its own part of the fund first. All parts are divided by
//! [`split`](super::split): largest remainder, ties to the lower index. Deliberately absent: prices and unwinding; see
//! [`drill`](super::drill).

use alloc::vec::Vec;

use super::split::split;
use super::three::same;
use crate::{Refusal, at};

/// How much one counterparty may bear in step 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Any amount.
    None,
    /// At most its own sum with the defaulter.
    Sum,
}

impl Bound {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Sum => "sum",
        }
    }
}

/// What stands against a loss. Every list has one row a member; all amounts are minor units of the base currency.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Index of the member that failed.
    pub defaulter: u32,
    /// What its collateral counts for or was sold for.
    pub collateral: i64,
    /// What each member paid into the guarantee fund.
    pub fund: &'a [i64],
    /// Credits from the defaulter minus debits to it, for each member; its own row is not looked at.
    pub sums: &'a [i64],
    /// The key for the rest; the defaulter's own is not looked at.
    pub keys: &'a [i64],
    /// How much a counterparty may bear.
    pub bound: Bound,
}

/// What one surviving member bears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Borne {
    /// As a counterparty.
    pub as_counterparty: i64,
    /// By key.
    pub by_key: i64,
    /// Of both together, what its own part of the fund pays.
    pub from_fund: i64,
    /// What it has to bring.
    pub to_bring: i64,
}

/// A loss, allocated: the parts sum to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// What was to be borne.
    pub loss: i64,
    /// By the defaulter's collateral.
    pub collateral: i64,
    /// By the defaulter's part of the fund.
    pub own_fund: i64,
    /// What is left of the collateral and of its part of the fund: the defaulter's.
    pub back: (i64, i64),
    /// Each member's part; the defaulter's row is zero.
    pub members: Vec<Borne>,
}

/// Allocates a loss.
///
/// # Errors
/// [`Refusal::Amount`] for a loss, collateral, contribution or key below zero, [`Refusal::Member`] for a defaulter that is no
/// member, [`Refusal::Count`] for lists of other lengths, [`Refusal::NoWeight`] when something is left and no survivor has a key.
pub fn allocate(loss: i64, standing: &Standing<'_>) -> Result<Allocation, Refusal> {
    let Standing { defaulter, collateral, fund, sums, keys, bound } = *standing;
    check(loss, standing)?;
    let left = loss;
    let from_collateral = left.min(collateral);
    let left = left - from_collateral;
    let own_fund = left.min(fund[at(defaulter)]);
    let left = left - own_fund;
    let but_defaulter = |list: &[i64]| -> Vec<i64> {
        (0u32..).zip(list).map(|(member, value)| if member == defaulter { 0 } else { (*value).max(0) }).collect()
    };
    let weights = but_defaulter(sums);
    let all: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let by_counterparties = match bound {
        _ if all == 0 => 0,
        Bound::None => left,
        Bound::Sum => left.min(i64::try_from(all).unwrap_or(i64::MAX)),
    };
    let counterparties = split("sums with the defaulter", by_counterparties, &weights)?;
    let rest = split("keys of the rest", left - by_counterparties, &but_defaulter(keys))?;
    let borne =
        counterparties.into_iter().zip(rest).zip(but_defaulter(fund)).map(|((as_counterparty, by_key), fund)| {
            let all = as_counterparty + by_key;
            let from_fund = all.min(fund);
            Borne { as_counterparty, by_key, from_fund, to_bring: all - from_fund }
        });
    let back = (collateral - from_collateral, fund[at(defaulter)] - own_fund);
    Ok(Allocation { loss, collateral: from_collateral, own_fund, back, members: borne.collect() })
}

fn check(loss: i64, standing: &Standing<'_>) -> Result<(), Refusal> {
    let Standing { defaulter, collateral, fund, sums, keys, bound: _ } = *standing;
    for (field, value) in [("loss", loss), ("collateral", collateral)] {
        if value < 0 {
            return Err(Refusal::Amount { field, index: 0, value });
        }
    }
    let members = u32::try_from(keys.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
    if defaulter >= members {
        return Err(Refusal::Member { flow: 0, member: defaulter, members });
    }
    same("contributions", fund.len(), keys.len())?;
    same("sums with the defaulter", sums.len(), keys.len())?;
    for (field, list) in [("contribution", fund), ("key", keys)] {
        if let Some((index, &value)) = list.iter().enumerate().find(|(_, value)| **value < 0) {
            return Err(Refusal::Amount { field, index, value });
        }
    }
    Ok(())
}
