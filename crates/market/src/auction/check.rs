//! Verification by a stranger: the rules once more, in two passes over the orders and without sorting.
//!
//! **Why the neighbours prove the price.** Demand falls and supply rises with the price. Let `low..high` be the prices said to be
//! equally good. If the price just below has less volume, or as much and a greater imbalance, then its volume is its supply, and
//! every lower price has no more supply; its imbalance is of buyers, and every lower price has no fewer. The same holds above
//! with demand. Inside, demand and supply are equal at both ends of each stretch, so they are equal throughout it.

use super::fill::{accepts, quote_of};
use super::price::ticks;
use super::{Auction, Choice, Margin, Order, Price, Rules, Side};
use crate::rate::Rate;

/// What is wrong with an auction's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// An order or a rule is not valid, or a price is not on the tick.
    Input,
    /// The price and its proof are not in order, or lie outside the prices considered.
    Order,
    /// Demand, supply or volume are not what the orders say.
    Sums,
    /// A price beside the proven ones is as good or better.
    Better {
        /// That price.
        price: Rate,
    },
    /// The proven prices are not equally good.
    Uneven,
    /// Among equally good prices the rule names another.
    Choice,
    /// A fill of an order that does not accept the price, is not there, not in order, or not more than zero.
    Fill {
        /// Which order.
        order: usize,
    },
    /// A fill's quote amount is not the base amount at the price.
    Quote {
        /// Which order.
        order: usize,
    },
    /// What is bought, sold and cleared are not the same.
    Volume,
    /// An order that does not get what its turn gives it.
    Turn {
        /// Which order.
        order: usize,
    },
    /// The remainder is not what buyers pay less what sellers receive.
    Remainder,
}

/// Demand and supply at one price.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    demand: i128,
    supply: i128,
}

impl Sums {
    fn volume(self) -> i128 {
        self.demand.min(self.supply)
    }

    fn imbalance(self) -> i128 {
        self.demand - self.supply
    }

    fn worse_than(self, other: Self) -> bool {
        self.volume() < other.volume()
            || (self.volume() == other.volume() && self.imbalance().abs() > other.imbalance().abs())
    }
}

/// Whether `auction` is the outcome of `orders` under `rules`.
///
/// # Errors
/// The first flaw found.
pub fn check(orders: &[Order], rules: &Rules, auction: &Auction) -> Result<(), Flaw> {
    price(orders, rules, &auction.price)?;
    fills(orders, rules, auction)
}

fn price(orders: &[Order], rules: &Rules, price: &Price) -> Result<(), Flaw> {
    let on_tick = |rate: Rate| ticks(rate, rules.scale).ok_or(Flaw::Input);
    let (at, low, high) = (on_tick(price.rate)?, on_tick(price.proof.low)?, on_tick(price.proof.high)?);
    let turn = price.proof.turn.map(on_tick).transpose()?;
    let reference = rules.reference.map(on_tick).transpose()?;
    // The prices looked at: below, low, turn, behind it, high, above, and the price itself.
    let behind = turn.map_or(low, |turn| turn.saturating_add(1));
    let looked = [low.saturating_sub(1), low, turn.unwrap_or(low), behind, high, high.saturating_add(1), at];
    let mut sums = [Sums::default(); 7];
    let (mut floor, mut ceiling) = (reference.unwrap_or(u64::MAX), reference.unwrap_or(0));
    for order in orders {
        if order.amount <= 0 {
            return Err(Flaw::Input);
        }
        if let Some(limit) = order.limit.map(on_tick).transpose()? {
            (floor, ceiling) = (floor.min(limit), ceiling.max(limit));
        }
        for (price, sums) in looked.into_iter().zip(&mut sums) {
            if accepts(order, price, rules.scale) {
                match order.side {
                    Side::Buy => sums.demand += i128::from(order.amount),
                    Side::Sell => sums.supply += i128::from(order.amount),
                }
            }
        }
    }
    let [below, bottom, before, after, top, above, here] = sums;
    let inside = floor <= low && low <= at && at <= high && high <= ceiling;
    if !inside || turn.is_some_and(|turn| turn < low || turn >= high) {
        return Err(Flaw::Order);
    }
    if (here.demand, here.supply, here.volume()) != (price.demand, price.supply, price.volume) || price.volume == 0 {
        return Err(Flaw::Sums);
    }
    let rate = |mantissa: u64| Rate { mantissa, scale: rules.scale };
    if low > floor && !below.worse_than(bottom) {
        return Err(Flaw::Better { price: rate(low - 1) });
    }
    if high < ceiling && !above.worse_than(top) {
        return Err(Flaw::Better { price: rate(high + 1) });
    }
    let even = match turn {
        None => bottom == top,
        Some(_) => {
            bottom == before
                && after == top
                && before.imbalance() > 0
                && before.imbalance() == -after.imbalance()
                && before.volume() == after.volume()
        }
    };
    if !even {
        return Err(Flaw::Uneven);
    }
    let (chosen, choice) = match (low == high, turn.is_none(), bottom.imbalance().signum(), reference) {
        (true, _, _, _) => (low, Choice::Only),
        (false, true, 1, _) => (high, Choice::Highest),
        (false, true, -1, _) => (low, Choice::Lowest),
        (false, _, _, Some(reference)) => (reference.clamp(low, high), Choice::Reference),
        (false, _, _, None) => (low + (high - low) / 2, Choice::Middle),
    };
    if (chosen, choice) == (at, price.choice) { Ok(()) } else { Err(Flaw::Choice) }
}

fn fills(orders: &[Order], rules: &Rules, auction: &Auction) -> Result<(), Flaw> {
    let price = &auction.price;
    let at = ticks(price.rate, rules.scale).ok_or(Flaw::Input)?;
    let (mut bought, mut sold, mut remainder) = (0_i128, 0_i128, 0_i128);
    let mut next = 0;
    for fill in &auction.fills {
        let flaw = Flaw::Fill { order: fill.order };
        let order = orders.get(fill.order).ok_or(flaw)?;
        if fill.order < next || fill.base <= 0 || fill.base > order.amount || !accepts(order, at, rules.scale) {
            return Err(flaw);
        }
        next = fill.order + 1;
        if quote_of(price.rate, order.side, fill.base, rules) != Some(fill.quote) {
            return Err(Flaw::Quote { order: fill.order });
        }
        match order.side {
            Side::Buy => (bought, remainder) = (bought + i128::from(fill.base), remainder + i128::from(fill.quote)),
            Side::Sell => (sold, remainder) = (sold + i128::from(fill.base), remainder - i128::from(fill.quote)),
        }
    }
    if bought != price.volume || sold != price.volume {
        return Err(Flaw::Volume);
    }
    if remainder != auction.remainder {
        return Err(Flaw::Remainder);
    }
    turns(orders, rules, auction, at)
}

/// One order's standing on its side: what it wants, what it gets, and how soon its turn comes (greater is sooner).
struct Turn {
    order: usize,
    amount: i64,
    filled: i64,
    rank: u64,
}

/// Whether nobody was passed over: some level is the last to trade, everybody before it is filled, nobody behind it trades, and
/// it shares by the rule.
fn turns(orders: &[Order], rules: &Rules, auction: &Auction, at: u64) -> Result<(), Flaw> {
    for side in [Side::Buy, Side::Sell] {
        let rank = |order: &Order| match (order.limit.and_then(|limit| ticks(limit, rules.scale)), side) {
            (None, _) => u64::MAX,
            (Some(limit), Side::Buy) => limit,
            (Some(limit), Side::Sell) => u64::MAX - limit,
        };
        let each = |show: &mut dyn FnMut(Turn) -> Result<(), Flaw>| -> Result<(), Flaw> {
            let mut fills = auction.fills.iter().peekable();
            for (order, given) in orders.iter().enumerate() {
                let filled = fills.next_if(|fill| fill.order == order).map_or(0, |fill| fill.base);
                if given.side == side && accepts(given, at, rules.scale) {
                    show(Turn { order, amount: given.amount, filled, rank: rank(given) })?;
                }
            }
            Ok(())
        };
        let mut last = u64::MAX;
        each(&mut |turn| {
            if turn.filled > 0 {
                last = last.min(turn.rank);
            }
            Ok(())
        })?;
        let (mut wanted, mut given) = (0_i128, 0_i128);
        each(&mut |turn| {
            if turn.rank == last {
                wanted += i128::from(turn.amount);
                given += i128::from(turn.filled);
            }
            // Everybody before the last level that trades is filled; nobody behind it trades, by its choice.
            if turn.rank > last && turn.filled != turn.amount {
                return Err(Flaw::Turn { order: turn.order });
            }
            Ok(())
        })?;
        if given < wanted {
            match rules.margin {
                Margin::ProRata => proportional(&each, last, wanted, given)?,
                Margin::Time => in_time(&each, last)?,
            }
        }
    }
    Ok(())
}

type Each<'a> = dyn Fn(&mut dyn FnMut(Turn) -> Result<(), Flaw>) -> Result<(), Flaw> + 'a;

/// In proportion: `filled * wanted` is within one part of `amount * given`, and whoever got a unit more has no smaller fraction,
/// or the same and entered earlier, than anybody who did not.
fn proportional(each: &Each<'_>, last: u64, wanted: i128, given: i128) -> Result<(), Flaw> {
    // The least claim that got a unit more, and the greatest that did not: (fraction, entered earlier).
    let mut least: Option<(u128, core::cmp::Reverse<usize>)> = None;
    let mut most: Option<(u128, core::cmp::Reverse<usize>)> = None;
    each(&mut |turn| {
        if turn.rank != last {
            return Ok(());
        }
        let flaw = Flaw::Turn { order: turn.order };
        // amount * given / wanted by long division in base 2^32; given < wanted < 2^87.
        let (wanted, given) = (wanted.unsigned_abs(), given.unsigned_abs());
        let amount = u128::from(turn.amount.unsigned_abs());
        let (high, low) = (amount >> 32, amount & 0xffff_ffff);
        let head = high * given;
        let tail = ((head % wanted) << 32) + low * given;
        let part = ((head / wanted) << 32) + tail / wanted;
        let claim = (tail % wanted, core::cmp::Reverse(turn.order));
        match u128::from(turn.filled.unsigned_abs()).checked_sub(part) {
            Some(0) => most = most.max(Some(claim)),
            Some(1) => least = Some(least.map_or(claim, |old| old.min(claim))),
            _ => return Err(flaw),
        }
        Ok(())
    })?;
    match (least, most) {
        (Some(least), Some(most)) if least < most => Err(Flaw::Turn { order: most.1.0 }),
        _ => Ok(()),
    }
}

/// In order of entry: filled, then at most one in part, then nothing.
fn in_time(each: &Each<'_>, last: u64) -> Result<(), Flaw> {
    let mut full = true;
    each(&mut |turn| {
        if turn.rank != last {
            return Ok(());
        }
        if !full && turn.filled > 0 {
            return Err(Flaw::Turn { order: turn.order });
        }
        full &= turn.filled == turn.amount;
        Ok(())
    })
}
