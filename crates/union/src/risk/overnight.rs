//! What participants keep overnight, held against their limits.
//!
//! A participant from another country may keep a limited balance at the end of the day; what is above goes home. Deliberately
//! absent: sending it home, which the ledger does by its limit `Overnight`; here is only the report.

use alloc::vec::Vec;

use crate::Refusal;

/// One balance at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holding {
    /// Minor units; a debt if below zero.
    pub balance: i64,
    /// The largest balance that may be kept; none for no limit.
    pub limit: Option<i64>,
}

/// What is left of a limit, or is above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// What counts: a debt is no holding.
    pub kept: i64,
    /// How much of it is above the limit.
    pub above: i64,
    /// How much more could be kept; none where there is no limit.
    pub room: Option<i64>,
}

/// Holds balances against their limits, in the order of the input.
///
/// # Errors
/// [`Refusal::Amount`] for a limit below zero.
pub fn held(holdings: &[Holding]) -> Result<Vec<Held>, Refusal> {
    let one = |(index, holding): (usize, &Holding)| {
        let kept = holding.balance.max(0);
        match holding.limit {
            Some(value) if value < 0 => Err(Refusal::Amount { field: "overnight limit", index, value }),
            Some(limit) => Ok(Held { kept, above: (kept - limit).max(0), room: Some((limit - kept).max(0)) }),
            None => Ok(Held { kept, above: 0, room: None }),
        }
    };
    holdings.iter().enumerate().map(one).collect()
}
