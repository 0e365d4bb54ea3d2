//! The clearing price: one sweep over the sorted limits.
//!
//! Between two neighbouring limits nothing changes, so it is enough to look at each limit and once between them.

use alloc::vec::Vec;

use super::{Choice, Indication, NoCross, ORDER_COUNT_MAX, Order, Price, Proof, Reason, Refused, Rules, Side, Step};
use crate::rate::{RATE_SCALE_MAX, Rate};

/// The orders of an auction, sorted by price; prices are counted in ticks.
pub(super) struct Book {
    /// Limits and amounts of buyers, lowest limit first.
    bids: Vec<(u64, i64)>,
    /// Limits and amounts of sellers, lowest limit first.
    asks: Vec<(u64, i64)>,
    market_buy: i128,
    market_sell: i128,
    demand: i128,
    supply: i128,
    reference: Option<u64>,
    scale: u8,
}

/// A range of prices, in ticks, where demand and supply do not change.
#[derive(Clone, Copy)]
struct Range {
    from: u64,
    to: u64,
    demand: i128,
    supply: i128,
}

/// A rate in ticks of `10^-scale`; none if it is no multiple of one, or more than 64 bits of them.
pub(super) fn ticks(rate: Rate, scale: u8) -> Option<u64> {
    if !rate.is_valid() {
        return None;
    }
    if rate.scale <= scale {
        return rate.mantissa.checked_mul(10_u64.pow(u32::from(scale - rate.scale)));
    }
    let finer = 10_u64.pow(u32::from(rate.scale - scale));
    rate.mantissa.is_multiple_of(finer).then_some(rate.mantissa / finer)
}

impl Book {
    pub(super) fn new(orders: &[Order], rules: &Rules) -> Result<Self, Refused> {
        if orders.len() > ORDER_COUNT_MAX {
            return Err(Refused::TooMany { count: orders.len() });
        }
        if rules.scale > RATE_SCALE_MAX {
            return Err(Refused::Scale { scale: rules.scale });
        }
        let reference = match rules.reference {
            None => None,
            Some(reference) => Some(ticks(reference, rules.scale).ok_or(Refused::Reference { reference })?),
        };
        let mut book = Self {
            bids: Vec::new(),
            asks: Vec::new(),
            market_buy: 0,
            market_sell: 0,
            demand: 0,
            supply: 0,
            reference,
            scale: rules.scale,
        };
        for (order, given) in orders.iter().enumerate() {
            if given.amount <= 0 {
                return Err(Refused::Amount { order, amount: given.amount });
            }
            let limit = match given.limit {
                None => None,
                Some(limit) => Some(ticks(limit, rules.scale).ok_or(Refused::Limit { order, limit })?),
            };
            book.admit(given.side, limit, given.amount);
        }
        book.bids.sort_unstable_by_key(|bid| bid.0);
        book.asks.sort_unstable_by_key(|ask| ask.0);
        Ok(book)
    }

    fn admit(&mut self, side: Side, limit: Option<u64>, amount: i64) {
        let (all, market, limits) = match side {
            Side::Buy => (&mut self.demand, &mut self.market_buy, &mut self.bids),
            Side::Sell => (&mut self.supply, &mut self.market_sell, &mut self.asks),
        };
        *all += i128::from(amount);
        match limit {
            None => *market += i128::from(amount),
            Some(limit) => limits.push((limit, amount)),
        }
    }

    fn rate(&self, ticks: u64) -> Rate {
        Rate { mantissa: ticks, scale: self.scale }
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        self.sweep(|range| {
            let (from, to) = (self.rate(range.from), self.rate(range.to));
            match steps.last_mut() {
                Some(last) if (last.demand, last.supply) == (range.demand, range.supply) => last.to = to,
                _ => steps.push(Step { from, to, demand: range.demand, supply: range.supply }),
            }
        });
        steps
    }

    /// Shows every range of prices considered, from the lowest.
    fn sweep(&self, mut show: impl FnMut(Range)) {
        let (mut demand, mut supply) = (self.demand, self.market_sell);
        let (mut bid, mut ask) = (0, 0);
        let mut reference = self.reference;
        let mut last: Option<u64> = None;
        loop {
            let next = [self.bids.get(bid).map(|b| b.0), self.asks.get(ask).map(|a| a.0), reference];
            let Some(here) = next.into_iter().flatten().min() else {
                return;
            };
            if let Some(last) = last
                && here - last > 1
            {
                show(Range { from: last + 1, to: here - 1, demand, supply });
            }
            while let Some(&(limit, amount)) = self.asks.get(ask)
                && limit == here
            {
                supply += i128::from(amount);
                ask += 1;
            }
            show(Range { from: here, to: here, demand, supply });
            // A buyer's limit counts at its own price and no more above it.
            while let Some(&(limit, amount)) = self.bids.get(bid)
                && limit == here
            {
                demand -= i128::from(amount);
                bid += 1;
            }
            if reference == Some(here) {
                reference = None;
            }
            last = Some(here);
        }
    }

    pub(super) fn indication(&self) -> Result<Indication, Refused> {
        let (mut best, mut low, mut high) = (None::<Range>, 0, 0);
        let mut turn = None;
        let better = |new: &Range, old: &Range| {
            let volume = |r: &Range| r.demand.min(r.supply);
            let imbalance = |r: &Range| (r.demand - r.supply).abs();
            volume(new).cmp(&volume(old)).then(imbalance(old).cmp(&imbalance(new)))
        };
        let mut top = None::<Range>;
        self.sweep(|range| match best.map_or(core::cmp::Ordering::Greater, |old| better(&range, &old)) {
            core::cmp::Ordering::Less => {}
            core::cmp::Ordering::Greater => {
                (best, top, low, high, turn) = (Some(range), Some(range), range.from, range.to, None);
            }
            core::cmp::Ordering::Equal => {
                if top.is_some_and(|before| before.demand > before.supply) && range.demand < range.supply {
                    turn = Some(high);
                }
                (top, high) = (Some(range), range.to);
            }
        });
        let (Some(bottom), Some(top)) = (best, top) else {
            return Ok(Indication::NoCross(self.no_cross()));
        };
        if bottom.demand.min(bottom.supply) == 0 {
            return Ok(Indication::NoCross(self.no_cross()));
        }
        let (ticks, choice) = if low == high {
            (low, Choice::Only)
        } else if bottom.demand > bottom.supply && top.demand > top.supply {
            (high, Choice::Highest)
        } else if bottom.demand < bottom.supply && top.demand < top.supply {
            (low, Choice::Lowest)
        } else if let Some(reference) = self.reference {
            (reference.clamp(low, high), Choice::Reference)
        } else {
            (low + (high - low) / 2, Choice::Middle)
        };
        // Before the turn demand and supply are those at the bottom, behind it those at the top.
        let at = if turn.is_some_and(|turn| ticks > turn) { top } else { bottom };
        Ok(Indication::Price(Price {
            rate: self.rate(ticks),
            volume: at.demand.min(at.supply),
            demand: at.demand,
            supply: at.supply,
            choice,
            proof: Proof { low: self.rate(low), high: self.rate(high), turn: turn.map(|turn| self.rate(turn)) },
        }))
    }

    fn no_cross(&self) -> NoCross {
        let reason = if self.demand == 0 {
            Reason::NoBuyers
        } else if self.supply == 0 {
            Reason::NoSellers
        } else if self.bids.is_empty() && self.asks.is_empty() {
            Reason::NoPrice
        } else {
            Reason::Apart
        };
        NoCross {
            reason,
            best_bid: self.bids.last().map(|bid| self.rate(bid.0)),
            best_ask: self.asks.first().map(|ask| self.rate(ask.0)),
            demand: self.demand,
            supply: self.supply,
        }
    }
}
