//! What the same orders would have cost at least, had all been known before.
//!
//! Whatever routes are taken, each member's positions together move by what it receives less what it pays, each currency's
//! positions together do not move, and no position moves further than the orders that may touch it. The cheapest positions
//! with these three properties cost no more than any routing: a lower bound, in which orders are mixed and split freely. It
//! is found from the positions at the end of the day, as the circulation of most saving: an arc from a member to a currency
//! lets that position fall through one tranche, an arc back lets it rise. Absent on purpose: routes for single orders.

use alloc::vec::Vec;

use super::check::{Reach, plausible};
use super::{Flaw, Order, Schedule, Setup};
use crate::at;
use crate::flow::{Arc, Network, maximise};

/// The cheapest positions and the prices that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindsight {
    /// Positions of least cost, `members` rows of `currencies` entries.
    pub positions: Vec<i64>,
    /// What they cost: no routing of the orders costs less.
    pub cost: i128,
    /// Price of one unit for each member.
    pub member_prices: Vec<i64>,
    /// Price of one unit in each currency: raising a position is worth the currency's price less the member's.
    pub currency_prices: Vec<i64>,
}

/// The least cost in hindsight of valid orders that were all taken and left the positions at `end`.
///
/// # Errors
/// [`Flaw`] when setup or orders are refused, when the orders cannot have led to `end`, or are too large together.
pub fn hindsight(setup: &Setup<'_>, orders: &[Order], end: &[i64]) -> Result<Hindsight, Flaw> {
    let Reach { low, high } = plausible(setup, orders, end)?;
    let mut arcs = Vec::new();
    let mut cells = Vec::new();
    for member in 0..setup.members {
        for currency in 0..setup.currencies {
            let cell = setup.cell(member, currency);
            let (schedule, node) = (setup.schedule(cell), setup.members + currency);
            for (up, limit) in [(false, low[cell]), (true, high[cell])] {
                let (from, to) = if up { (node, member) } else { (member, node) };
                for (units, rate) in ranges(schedule, end[cell], up, limit) {
                    arcs.push(Arc { from, to, cap: units, value: -rate });
                    cells.push((cell, if up { 1 } else { -1 }));
                }
            }
        }
    }
    // Every other reason to refuse a network is excluded by the setup.
    let best =
        maximise(&Network { nodes: setup.members + setup.currencies, arcs: &arcs }).map_err(|_| Flaw::TooLarge)?;
    let mut positions = end.to_vec();
    for ((cell, sign), flow) in cells.into_iter().zip(&best.flow) {
        positions[cell] += sign * flow;
    }
    let (member_prices, currency_prices) = best.potential.split_at(at(setup.members));
    Ok(Hindsight {
        cost: setup.cost(&positions),
        positions,
        member_prices: member_prices.to_vec(),
        currency_prices: currency_prices.to_vec(),
    })
}

/// Units a position can move at the same cost each, tranche by tranche up to a limit: (units, cost of one).
fn ranges(schedule: &Schedule, mut position: i64, up: bool, limit: i64) -> Vec<(i64, i64)> {
    let mut ranges = Vec::new();
    while position != limit {
        let (rate, room) = schedule.slope(position, up);
        let left = (limit - position).abs();
        let units = room.map_or(left, |room| room.min(left));
        ranges.push((units, rate));
        position += if up { units } else { -units };
    }
    ranges
}
