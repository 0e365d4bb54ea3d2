//! What a deal or a route costs against the official rate, explained.
//!
//! ```text
//! one deal, or a route with an official rate of its two ends, in the quote currency of that official pair:
//!     base sold     cost = floor(base x official) - quote received
//!     base bought   cost = quote paid - floor(base x official)
//! a route without one, in its target currency:
//!     cost = floor(source x product of the official rates of its pairs) - target
//! bps = cost x 10,000 / official worth, rounded away from zero
//! ```
//!
//! These figures explain; no money moves by them.

use super::{Hop, Market, Wish};
use crate::best::exponent;
use crate::rate::{Converted, Rate, Way};

/// What a cost is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The official rate of the two currencies.
    Direct,
    /// The official rates of the route's pairs, one after the other.
    Cross,
}

/// What a client pays beyond the official rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// What it is measured against.
    pub against: Against,
    /// Index of the currency it is counted in.
    pub currency: u32,
    /// What the same amount is worth officially, minor units.
    pub worth: i64,
    /// What is paid beyond that or received short of it, minor units; below zero when it is better than official.
    pub amount: i64,
    /// The same in basis points of the worth.
    pub bps: i64,
}

fn cost(against: Against, currency: u32, worth: i128, amount: i128) -> Option<Cost> {
    if worth <= 0 {
        return None;
    }
    let size = (amount.abs() * 10_000 + worth - 1) / worth;
    let (worth, size) = (i64::try_from(worth).ok()?, i64::try_from(size).ok()?);
    let bps = if amount < 0 { -size } else { size };
    Some(Cost { against, currency, worth, amount: i64::try_from(amount).ok()?, bps })
}

/// The official rate between two currencies, and which way it goes.
fn reference(market: &Market<'_>, from: u32, to: u32) -> Option<(Rate, Way, u32)> {
    market.references.iter().find_map(|reference| {
        if !reference.rate.is_valid() {
            return None;
        }
        match (reference.base == from && reference.quote == to, reference.base == to && reference.quote == from) {
            (true, _) => Some((reference.rate, Way::BaseToQuote, reference.quote)),
            (_, true) => Some((reference.rate, Way::QuoteToBase, reference.quote)),
            (false, false) => None,
        }
    })
}

/// Quote minor units of one base minor unit as a fraction.
fn ratio(market: &Market<'_>, from: u32, to: u32) -> Option<(u128, u128, Way, u32)> {
    let (rate, way, quote_currency) = reference(market, from, to)?;
    let (base, quote) = if way == Way::BaseToQuote { (from, to) } else { (to, from) };
    let (base, quote) = (exponent(market.exponents, base)?, exponent(market.exponents, quote)?);
    let up = u128::from(rate.mantissa).checked_mul(10_u128.checked_pow(quote.into())?)?;
    let down = 10_u128.checked_pow(u32::from(rate.scale) + u32::from(base))?;
    Some((up, down, way, quote_currency))
}

pub(super) fn of_deal(market: &Market<'_>, from: u32, to: u32, deal: &Converted) -> Option<Cost> {
    let (up, down, way, currency) = ratio(market, from, to)?;
    let base = if way == Way::BaseToQuote { deal.source } else { deal.target };
    let worth = i128::try_from(u128::from(base.unsigned_abs()).checked_mul(up)? / down).ok()?;
    let amount = match way {
        Way::BaseToQuote => worth - i128::from(deal.target),
        Way::QuoteToBase => i128::from(deal.source) - worth,
    };
    cost(Against::Direct, currency, worth, amount)
}

pub(super) fn of_route(market: &Market<'_>, wish: &Wish, hops: &[Hop], source: i64, target: i64) -> Option<Cost> {
    let ends = Converted { source, target, left_minor: 0, left_fraction: 0 };
    if let Some(cost) = of_deal(market, wish.from, wish.to, &ends) {
        return Some(cost);
    }
    let (mut top, mut bottom) = (u128::from(source.unsigned_abs()), 1_u128);
    for hop in hops {
        let (up, down, way, _) = ratio(market, hop.from, hop.to)?;
        let (up, down) = if way == Way::BaseToQuote { (up, down) } else { (down, up) };
        (top, bottom) = times((top, bottom), (up, down))?;
    }
    let worth = i128::try_from(top / bottom).ok()?;
    cost(Against::Cross, wish.to, worth, worth - i128::from(target))
}

/// The product of two fractions, shortened; none if it does not fit 128 bits even so.
fn times(one: (u128, u128), other: (u128, u128)) -> Option<(u128, u128)> {
    let (first, second) = (divisor(one.0, other.1), divisor(other.0, one.1));
    Some(((one.0 / first).checked_mul(other.0 / second)?, (one.1 / second).checked_mul(other.1 / first)?))
}

fn divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
