//! The invariants of prices, checked in full.
//!
//! | name | what must be true |
//! |---|---|
//! | X-1 | money is set aside for every accepted quote and every open order, as much as it needs, and for no other |
//! | X-2 | a dealer's position is the sum of its deals of the day and of the quotes accepted |
//! | X-3 | a quote settles at most once, and exactly as quoted |
//! | X-4 | what a deal says is what its two legs moved |
//! | X-5 | an order is filled at most in full, within its limit, and as much was bought as sold |

use alloc::collections::{BTreeMap, BTreeSet};

use comity_market::dealer::compare;

use super::{Dealing, OrderStanding, Position, PriceSource, QuoteStanding, Way};
use crate::ids::{Key, PaymentId};
use crate::invariant::Broken;
use crate::state::State;

/// Checks.
pub(crate) fn check(state: &State) -> Result<(), Broken> {
    if state.dealing.is_empty() {
        return Ok(());
    }
    let broken = |name, at: u64| Err(Broken { name, at });
    for (at, (key, quote)) in (0..).zip(&state.dealing.quotes) {
        let (_, to) = Dealing::currencies(quote.pair, quote.way);
        let gives = state.account_of.get(&(quote.dealer, to)).copied();
        let wanted = if quote.standing == QuoteStanding::Accepted { quote.amounts.target } else { 0 };
        let hold = state.holds.get(key);
        let right = match hold {
            Some(hold) => hold.left == wanted && Some(hold.account) == gives,
            None => wanted == 0,
        };
        if !right {
            return broken("X-1", at);
        }
    }
    for (at, (key, order)) in (0..).zip(&state.dealing.orders) {
        let hold = state.holds.get(key);
        let wanted = if order.standing == OrderStanding::Open { order.locked } else { 0 };
        if hold.is_none_or(|hold| hold.left != wanted || hold.account != order.debtor) {
            return broken("X-1", at);
        }
        if order.filled < 0 || order.filled > order.amount {
            return broken("X-5", at);
        }
    }
    if let Some(at) = positions_differ(state) {
        return broken("X-2", at);
    }
    check_deals(state)
}

/// the index of the first dealer whose position is not the sum of its deals.
fn positions_differ(state: &State) -> Option<u64> {
    let mut sums = BTreeMap::new();
    let mut add = |pair, dealer, way, source, target| {
        let sum: &mut Position = sums.entry((pair, dealer)).or_default();
        *sum = sum.after(way, source, target);
    };
    let today = state.dealing.deals.iter().rev().take_while(|deal| deal.day == state.day.date);
    for deal in today.filter(|deal| deal.dealer.is_some()) {
        add(deal.pair, deal.dealer, deal.way, deal.debited, deal.credited);
    }
    for quote in state.dealing.quotes.values().filter(|quote| quote.standing == QuoteStanding::Accepted) {
        add(quote.pair, quote.dealer, quote.way, quote.amounts.source, quote.amounts.target);
    }
    let named = state.dealing.positions.keys().chain(sums.keys()).copied().collect::<BTreeSet<_>>();
    let differs = |key: &_| {
        let position = state.dealing.positions.get(key).copied().unwrap_or_default();
        position != sums.get(key).copied().unwrap_or_default()
    };
    (0..).zip(&named).find(|(_, key)| differs(key)).map(|(at, _)| at)
}

/// what was dealt.
fn check_deals(state: &State) -> Result<(), Broken> {
    let mut used: BTreeSet<Key> = BTreeSet::new();
    let mut bought = 0_i128;
    for (at, deal) in (0..).zip(&state.dealing.deals) {
        let legs = [deal.payment, PaymentId(deal.payment.0.wrapping_add(1))];
        let [Some(source), Some(target)] = legs.map(|id| state.payments.get(id.at())) else {
            return Err(Broken { name: "X-4", at });
        };
        let together = source.group.is_some() && source.group == target.group;
        if !together || (source.amount, target.amount) != (deal.debited, deal.credited) {
            return Err(Broken { name: "X-4", at });
        }
        if deal.source == PriceSource::Auction && deal.quote.0 == 0 && deal.others.is_empty() {
            bought += i128::from(deal.credited);
        }
        if deal.quote.0 != 0 {
            let quote = state.dealing.quotes.get(&deal.quote);
            let exact = quote.is_some_and(|quote| {
                quote.standing == QuoteStanding::Used
                    && (quote.amounts.source, quote.amounts.target) == (deal.debited, deal.credited)
                    && compare(quote.rate, deal.rate).is_eq()
                    && (quote.debtor, quote.creditor) == (source.debtor, target.creditor)
            });
            if !exact || !used.insert(deal.quote) {
                return Err(Broken { name: "X-3", at });
            }
        }
    }
    let settled = state.dealing.quotes.values().filter(|quote| quote.standing == QuoteStanding::Used).count();
    if settled != used.len() {
        return Err(Broken { name: "X-3", at: settled as u64 });
    }
    let mut filled = [0_i128; 2];
    for order in state.dealing.orders.values() {
        filled[usize::from(order.way == Way::QuoteToBase)] += i128::from(order.filled);
    }
    if filled[0] != filled[1] || filled[0] != bought {
        return Err(Broken { name: "X-5", at: 0 });
    }
    Ok(())
}
