//! Whether positions follow from orders, and whether nothing cheaper could: from the orders alone.
//!
//! The prices prove the bound by themselves: whatever positions the orders allow, their cost is at least the sum over all
//! (member, currency) of the least that cost less price can be there, because members' and currencies' sums are fixed.
//! Absent on purpose: the search, and routes.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::{Hindsight, Invalid, Order, POSITION_MAX, Refusal, Setup};
use crate::at;

/// Largest absolute price accepted: prices times positions stay within 128 bits.
const PRICE_MAX: i64 = 1 << 50;

/// Why positions or a hindsight are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// The setup is refused.
    Setup(Invalid),
    /// An order is refused.
    Order { order: usize, refusal: Refusal },
    /// A list has another length than the setup asks for.
    Shape { what: &'static str, expected: usize, found: usize },
    /// The orders cannot have moved a position so far.
    Position { member: u32, currency: u32, position: i64, low: i64, high: i64 },
    /// A member's positions together did not move by what it received less what it paid.
    Member { member: u32, moved: i128, expected: i128 },
    /// A currency's positions together moved.
    Currency { currency: u32, moved: i128 },
    /// A price is out of range.
    Price { what: &'static str, index: usize, price: i64 },
    /// The stated cost is not what the positions cost.
    Cost { stated: i128, found: i128 },
    /// The prices prove less than the stated cost.
    Bound { cost: i128, bound: i128 },
    /// All orders together are too large to be counted.
    TooLarge,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Setup(invalid) => invalid.fmt(f),
            Self::Order { order, refusal } => write!(f, "order {order}: {refusal}"),
            Self::Shape { what, expected, found } => write!(f, "{found} {what} given where {expected} are expected"),
            Self::Position { member, currency, position, low, high } => write!(
                f,
                "position {position} of member {member} in currency {currency} is outside {low} to {high}, where the \
                 orders can have moved it"
            ),
            Self::Member { member, moved, expected } => {
                write!(f, "positions of member {member} moved by {moved}, its orders by {expected}")
            }
            Self::Currency { currency, moved } => {
                write!(f, "positions in currency {currency} moved by {moved} together, not by 0")
            }
            Self::Price { what, index, price } => write!(f, "price {price} of {what} {index} exceeds {PRICE_MAX}"),
            Self::Cost { stated, found } => write!(f, "positions cost {found}, {stated} is stated"),
            Self::Bound { cost, bound } => write!(f, "prices prove {bound}, {cost} is stated"),
            Self::TooLarge => write!(f, "orders together are too large to be counted"),
        }
    }
}

impl core::error::Error for Flaw {}

/// How far each position can have moved, inclusive.
pub(super) struct Reach {
    /// Lowest position of each (member, currency).
    pub(super) low: Vec<i64>,
    /// Highest.
    pub(super) high: Vec<i64>,
}

/// Proves that no routing of the orders costs less than the stated hindsight, which it returns.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn check(setup: &Setup<'_>, orders: &[Order], claim: &Hindsight) -> Result<i128, Flaw> {
    let Reach { low, high } = plausible(setup, orders, &claim.positions)?;
    let prices = [
        ("member", at(setup.members), &claim.member_prices),
        ("currency", at(setup.currencies), &claim.currency_prices),
    ];
    for (what, expected, list) in prices {
        if list.len() != expected {
            return Err(Flaw::Shape { what: "prices", expected, found: list.len() });
        }
        if let Some(index) = list.iter().position(|price| !(-PRICE_MAX..=PRICE_MAX).contains(price)) {
            return Err(Flaw::Price { what, index, price: list[index] });
        }
    }
    let found = setup.cost(&claim.positions);
    if claim.cost != found {
        return Err(Flaw::Cost { stated: claim.cost, found });
    }
    let mut bound = 0;
    for member in 0..setup.members {
        for currency in 0..setup.currencies {
            let cell = setup.cell(member, currency);
            let price = i128::from(claim.currency_prices[at(currency)] - claim.member_prices[at(member)]);
            let schedule = setup.schedule(cell);
            // A convex, piecewise linear function is least where a piece ends.
            let inside = schedule.ends().filter(|end| (low[cell]..=high[cell]).contains(end));
            let worth = |position: i64| schedule.cost(position) - price * moved(claim.positions[cell], position);
            bound += inside.chain([low[cell], high[cell]]).map(worth).min().unwrap_or(0);
        }
    }
    if bound == claim.cost { Ok(bound) } else { Err(Flaw::Bound { cost: claim.cost, bound }) }
}

/// Whether the orders can have led to these positions, and how far they can have moved each.
pub(super) fn plausible(setup: &Setup<'_>, orders: &[Order], positions: &[i64]) -> Result<Reach, Flaw> {
    setup.validate().map_err(Flaw::Setup)?;
    if positions.len() != setup.positions.len() {
        return Err(Flaw::Shape { what: "positions", expected: setup.positions.len(), found: positions.len() });
    }
    let mut nets = vec![0i128; at(setup.members)];
    for (index, order) in orders.iter().enumerate() {
        let valid = order.validate(setup.members, setup.currencies);
        valid.map_err(|refusal| Flaw::Order { order: index, refusal })?;
        nets[at(order.payer)] -= i128::from(order.amount);
        nets[at(order.payee)] += i128::from(order.amount);
    }
    let reach = reach(setup, orders);
    let mut sums = vec![0i128; at(setup.currencies)];
    for (member, expected) in (0u32..).zip(nets) {
        let mut sum = 0;
        for currency in 0..setup.currencies {
            let cell = setup.cell(member, currency);
            let (position, low, high) = (positions[cell], reach.low[cell], reach.high[cell]);
            if !(low..=high).contains(&position) {
                return Err(Flaw::Position { member, currency, position, low, high });
            }
            sum += moved(setup.positions[cell], position);
            sums[at(currency)] += moved(setup.positions[cell], position);
        }
        if sum != expected {
            return Err(Flaw::Member { member, moved: sum, expected });
        }
    }
    match (0u32..).zip(sums).find(|(_, moved)| *moved != 0) {
        Some((currency, moved)) => Err(Flaw::Currency { currency, moved }),
        None => Ok(reach),
    }
}

/// How far valid orders can have moved each position from where it started, never beyond [`POSITION_MAX`].
fn reach(setup: &Setup<'_>, orders: &[Order]) -> Reach {
    let none = || vec![0i128; setup.positions.len()];
    let (mut fall, mut rise, mut through) = (none(), none(), none());
    for order in orders {
        let amount = i128::from(order.amount);
        for currency in order.currencies() {
            fall[setup.cell(order.payer, currency)] += amount;
            rise[setup.cell(order.payee, currency)] += amount;
        }
        let homes = order.currencies().filter_map(|currency| setup.homes[at(currency)]);
        for via in homes.filter(|via| order.via && *via != order.payer && *via != order.payee) {
            for currency in order.currencies() {
                through[setup.cell(via, currency)] += amount;
            }
        }
    }
    let limit = i128::from(POSITION_MAX);
    let end = |cell: usize, by: i128| {
        let end = (i128::from(setup.positions[cell]) + by).clamp(-limit, limit);
        i64::try_from(end).expect("a position has 61 bits")
    };
    Reach {
        low: (0..fall.len()).map(|cell| end(cell, -fall[cell] - through[cell])).collect(),
        high: (0..rise.len()).map(|cell| end(cell, rise[cell] + through[cell])).collect(),
    }
}

fn moved(from: i64, to: i64) -> i128 {
    i128::from(to) - i128::from(from)
}
