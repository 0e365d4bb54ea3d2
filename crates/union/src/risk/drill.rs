//! A default on paper: one member fails, what is open is unwound, what is settled is closed out, the loss is allocated.
//!
//! ```text
//! open dealings of the defaulter     taken out; every other dealing stays
//! settled dealings                   final; with what the defaulter brought they are its position
//! long position sold for             position x price x (1 - cost), rounded down
//! short position bought for          position x price x (1 + cost), rounded up
//! loss                               what selling does not bring for buying
//! sum of a counterparty              what it got from the defaulter minus what it gave, at price, rounded down
//! ```
//! Settled payments are never undone: finality is worth more than a smaller loss. Deliberately absent: the second default that
//! a first one causes; run the drill again without the members that cannot bring their part.

use alloc::vec::Vec;

use super::waterfall::{Allocation, Bound, Standing, allocate};
use crate::{Ratio, Refusal, Share, at};

/// A currency in a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Market {
    /// Minor units of the base currency for one minor unit; above zero.
    pub price: Ratio,
    /// What it costs to sell or to buy in a hurry, as a share of the price.
    pub cost: Share,
}

/// `from` pays `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dealing {
    /// Who pays.
    pub from: u32,
    /// Who is paid.
    pub to: u32,
    /// Index of the currency.
    pub currency: u32,
    /// Minor units, above zero.
    pub amount: i64,
    /// Settled with finality; otherwise it still waits.
    pub settled: bool,
}

/// The table a drill is made of. Lists have one row a member; money of the union is in minor units of the base currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Currencies.
    pub markets: Vec<Market>,
    /// Who pays whom.
    pub dealings: Vec<Dealing>,
    /// Money each member has in each currency apart from its dealings: what it brought and has not taken out again. One row a
    /// member, or no row for nothing.
    pub brought: Vec<Vec<i64>>,
    /// What each member's collateral counts for.
    pub collateral: Vec<i64>,
    /// What each member paid into the fund.
    pub fund: Vec<i64>,
    /// The key for what is left.
    pub keys: Vec<i64>,
    /// How much a counterparty may bear.
    pub bound: Bound,
}

/// What a position of the defaulter brought or cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClosedOut {
    /// What the defaulter brought and its settled dealings, minor units of the currency.
    pub position: i64,
    /// What it brought, or cost if below zero; minor units of the base currency.
    pub proceeds: i64,
}

/// What a drill found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Each member's net of all dealings in each currency, `[member][currency]`.
    pub before: Vec<Vec<i64>>,
    /// The same without the open dealings of the defaulter; settled ones stay.
    pub after: Vec<Vec<i64>>,
    /// Number of dealings taken out.
    pub unwound: usize,
    /// Each currency of the defaulter, closed out.
    pub closed_out: Vec<ClosedOut>,
    /// Sum of proceeds; a loss if below zero.
    pub result: i64,
    /// Credits from the defaulter minus debits to it, for each member.
    pub sums: Vec<i64>,
    /// Who bears the loss.
    pub allocation: Allocation,
}

/// Lets `defaulter` fail.
///
/// # Errors
/// [`Refusal::Fixing`] for a price that is not above zero, [`Refusal::Member`], [`Refusal::ToSelf`],
/// [`Refusal::FixingMissing`] or [`Refusal::Amount`] for a dealing, the refusals of [`allocate`], [`Refusal::Overflow`].
pub fn drill(table: &Table, defaulter: u32) -> Result<Outcome, Refusal> {
    let members = check(table)?;
    let open = |dealing: &Dealing| !dealing.settled && (dealing.from == defaulter || dealing.to == defaulter);
    let before = nets(table, members, |_| true)?;
    let after = nets(table, members, |dealing| !open(dealing))?;
    if defaulter >= members {
        return Err(Refusal::Member { flow: 0, member: defaulter, members });
    }
    let mut positions = after[at(defaulter)].clone();
    if let Some(brought) = table.brought.get(at(defaulter)) {
        for (position, more) in positions.iter_mut().zip(brought) {
            *position = narrow(i128::from(*position) + i128::from(*more))?;
        }
    }
    let closed_out = table.markets.iter().zip(&positions).map(close_out).collect::<Result<Vec<_>, _>>()?;
    let result = narrow(closed_out.iter().map(|one| i128::from(one.proceeds)).sum())?;
    let sums = sums(table, members, defaulter)?;
    let standing = Standing {
        defaulter,
        collateral: table.collateral[at(defaulter)],
        fund: &table.fund,
        sums: &sums,
        keys: &table.keys,
        bound: table.bound,
    };
    let loss = narrow((-i128::from(result)).max(0))?;
    let allocation = allocate(loss, &standing)?;
    let unwound = table.dealings.iter().filter(|dealing| open(dealing)).count();
    Ok(Outcome { before, after, unwound, closed_out, result, sums, allocation })
}

fn check(table: &Table) -> Result<u32, Refusal> {
    let members = u32::try_from(table.keys.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
    super::three::same("collateral", table.collateral.len(), table.keys.len())?;
    super::three::same("contributions", table.fund.len(), table.keys.len())?;
    if !table.brought.is_empty() {
        super::three::same("rows of money brought", table.brought.len(), table.keys.len())?;
        for row in &table.brought {
            super::three::same("columns of money brought", row.len(), table.markets.len())?;
        }
    }
    for (currency, market) in (0u32..).zip(&table.markets) {
        if market.price <= Ratio::ZERO {
            return Err(Refusal::Fixing { currency });
        }
    }
    for (index, dealing) in table.dealings.iter().enumerate() {
        let Dealing { from, to, currency, amount, settled: _ } = *dealing;
        crate::position::check(index, &crate::position::Flow { from, to, amount }, members)?;
        if at(currency) >= table.markets.len() {
            return Err(Refusal::FixingMissing { currency });
        }
    }
    Ok(members)
}

/// Each member's net in each currency of the dealings that count.
fn nets(table: &Table, members: u32, counts: impl Fn(&Dealing) -> bool) -> Result<Vec<Vec<i64>>, Refusal> {
    let mut wide = alloc::vec![alloc::vec![0i128; table.markets.len()]; at(members)];
    for dealing in table.dealings.iter().filter(|dealing| counts(dealing)) {
        wide[at(dealing.from)][at(dealing.currency)] -= i128::from(dealing.amount);
        wide[at(dealing.to)][at(dealing.currency)] += i128::from(dealing.amount);
    }
    wide.into_iter().map(|row| row.into_iter().map(narrow).collect()).collect()
}

fn close_out((market, &position): (&Market, &i64)) -> Result<ClosedOut, Refusal> {
    // A debt is bought above the price and a claim sold below it; both round against the defaulter.
    let factor = super::three::weight(market.cost, position);
    let value = factor.and_then(|factor| market.price.times(factor)?.times(Ratio::whole(position.into())));
    let proceeds = value.ok_or(Refusal::Overflow { field: "close-out" })?.floor();
    Ok(ClosedOut { position, proceeds: narrow(proceeds)? })
}

/// What each member got from the defaulter minus what it gave, at price, rounded down.
fn sums(table: &Table, members: u32, defaulter: u32) -> Result<Vec<i64>, Refusal> {
    let with = |dealing: &Dealing| dealing.settled && (dealing.from == defaulter || dealing.to == defaulter);
    let mut sums = alloc::vec![Ratio::ZERO; at(members)];
    for (member, row) in nets(table, members, with)?.into_iter().enumerate() {
        for (market, net) in table.markets.iter().zip(row) {
            let part = market.price.times(Ratio::whole(net.into()));
            let sum = part.and_then(|part| sums[member].plus(part));
            sums[member] = sum.ok_or(Refusal::Overflow { field: "sum with the defaulter" })?;
        }
    }
    let mut sums = sums.into_iter().map(|sum| narrow(sum.floor())).collect::<Result<Vec<_>, _>>()?;
    sums[at(defaulter)] = 0;
    Ok(sums)
}

fn narrow(wide: i128) -> Result<i64, Refusal> {
    i64::try_from(wide).ok().filter(|value| *value != i64::MIN).ok_or(Refusal::Overflow { field: "drill" })
}
