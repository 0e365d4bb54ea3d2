//! Who trades at the clearing price, and what each pays or receives.

use alloc::vec;
use alloc::vec::Vec;

use super::price::ticks;
use super::{Fill, Margin, Order, Price, Refused, Rules, Side};
use crate::rate::{Fixed, Rate, Way, convert};

/// The fills of all orders at `price`, in order of entry.
pub(super) fn fills(orders: &[Order], rules: &Rules, price: &Price) -> Result<Vec<Fill>, Refused> {
    let mut filled = vec![0_i64; orders.len()];
    share(orders, rules, price, Side::Buy, &mut filled);
    share(orders, rules, price, Side::Sell, &mut filled);
    let mut fills = Vec::new();
    for (order, &base) in filled.iter().enumerate() {
        if base > 0 {
            let quote = quote_of(price.rate, orders[order].side, base, rules).ok_or(Refused::Range { order })?;
            fills.push(Fill { order, base, quote });
        }
    }
    Ok(fills)
}

/// What a buyer of `base` pays or a seller of it receives; none out of range.
pub(super) fn quote_of(rate: Rate, side: Side, base: i64, rules: &Rules) -> Option<i64> {
    let (base_exponent, quote_exponent) = (rules.base_exponent, rules.quote_exponent);
    // A buyer pays at least one minor unit, because it is rounded up; so this is out of range only when it is too much.
    let paid = convert(rate, Way::QuoteToBase, Fixed::Target, base, base_exponent, quote_exponent)?.source;
    match side {
        Side::Buy => Some(paid),
        Side::Sell => {
            let sold = convert(rate, Way::BaseToQuote, Fixed::Source, base, base_exponent, quote_exponent);
            // In range above, so that only a worth below one minor unit has no answer here.
            Some(sold.map_or(0, |sold| sold.target))
        }
    }
}

/// Whether an order can trade at `price`.
pub(super) fn accepts(order: &Order, price: u64, scale: u8) -> bool {
    let Some(limit) = order.limit.and_then(|limit| ticks(limit, scale)) else {
        return true;
    };
    match order.side {
        Side::Buy => limit >= price,
        Side::Sell => limit <= price,
    }
}

/// How soon an order's turn comes: smaller is sooner, market orders before all.
fn level(order: &Order, scale: u8) -> u64 {
    let Some(limit) = order.limit.and_then(|limit| ticks(limit, scale)) else {
        return 0;
    };
    match order.side {
        Side::Buy => u64::MAX - limit,
        Side::Sell => limit,
    }
}

fn share(orders: &[Order], rules: &Rules, price: &Price, side: Side, filled: &mut [i64]) {
    let at = price.rate.mantissa;
    let willing = |order: &Order| order.side == side && accepts(order, at, rules.scale);
    let wanted = if side == Side::Buy { price.demand } else { price.supply };
    if wanted == price.volume {
        for (order, filled) in orders.iter().zip(filled.iter_mut()) {
            if willing(order) {
                *filled = order.amount;
            }
        }
        return;
    }
    let mut turn: Vec<(u64, usize)> = orders
        .iter()
        .enumerate()
        .filter(|(_, order)| willing(order))
        .map(|(at, order)| (level(order, rules.scale), at))
        .collect();
    turn.sort_unstable();
    let mut left = price.volume;
    for same in turn.chunk_by(|a, b| a.0 == b.0) {
        let wanted: i128 = same.iter().map(|&(_, at)| i128::from(orders[at].amount)).sum();
        if wanted > left {
            match rules.margin {
                Margin::ProRata => pro_rata(orders, same, left, wanted, filled),
                Margin::Time => in_time(orders, same, left, filled),
            }
            return;
        }
        left -= wanted;
        for &(_, at) in same {
            filled[at] = orders[at].amount;
        }
    }
}

fn in_time(orders: &[Order], same: &[(u64, usize)], mut left: i128, filled: &mut [i64]) {
    for &(_, at) in same {
        let part = left.min(i128::from(orders[at].amount));
        // At most the order's own amount.
        filled[at] = i64::try_from(part).unwrap_or(orders[at].amount);
        left -= part;
    }
}

fn pro_rata(orders: &[Order], same: &[(u64, usize)], left: i128, wanted: i128, filled: &mut [i64]) {
    // `left < wanted`, and at most ORDER_COUNT_MAX amounts of 63 bits: the product may need more than 128 bits, so the
    // remainder is taken in two steps.
    let mut rest = left;
    let mut fractions: Vec<(core::cmp::Reverse<i128>, usize)> = Vec::with_capacity(same.len());
    for &(_, at) in same {
        let amount = i128::from(orders[at].amount);
        let (part, fraction) = times_over(amount, left, wanted);
        filled[at] = i64::try_from(part).unwrap_or(orders[at].amount);
        rest -= part;
        fractions.push((core::cmp::Reverse(fraction), at));
    }
    // Fewer units are left than orders have a fraction.
    fractions.sort_unstable();
    for &(_, at) in &fractions {
        if rest == 0 {
            return;
        }
        filled[at] += 1;
        rest -= 1;
    }
}

/// `amount * top / bottom` rounded down, and the remainder, for `0 < amount < 2^63`, `0 <= top < bottom < 2^87`.
fn times_over(amount: i128, top: i128, bottom: i128) -> (i128, i128) {
    if let Some(product) = amount.checked_mul(top) {
        return (product / bottom, product % bottom);
    }
    // By halves of 32 bits: (high * 2^32 + low) * top; high * top < 2^118, remainder * 2^32 < 2^119.
    let (high, low) = (amount >> 32, amount & 0xffff_ffff);
    let (whole, remainder) = ((high * top) / bottom, (high * top) % bottom);
    let tail = (remainder << 32) + low * top;
    ((whole << 32) + tail / bottom, tail % bottom)
}
