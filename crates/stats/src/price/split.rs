//! A change of value, separated into parts that add up to it exactly.
//!
//! For an item with values `v0`, `v1` and quantities `q0`, `q1`, let `a = v1 q0 / q1` be the old quantity at the new price and
//! `b = v0 q1 / q0` the new quantity at the old price, each rounded to a whole minor unit, half to even. Everything else is
//! sums and differences of whole numbers, so parts of items add up to parts of the whole, and parts of the whole to the change.
//! An item that appears or disappears has no price in one of the periods: it is a part of its own, and counts as volume.
//! Deliberately absent: guesses at the price it would have had.

use std::iter::Sum;
use std::ops::Add;

use super::panel::{Pair, Panel, Refusal};

/// The parts of a change of value, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Split {
    /// Value before.
    pub before: i128,
    /// Value after.
    pub after: i128,
    /// Price effect at old quantities: `a - v0`.
    pub price_base: i128,
    /// Quantity effect at old prices: `b - v0`.
    pub quantity_base: i128,
    /// What price and quantity did together: `v1 - a - b + v0`.
    pub interaction: i128,
    /// Price effect at mean quantities (Bennet): half of `(a - v0) + (v1 - b)`, half to even.
    pub price: i128,
    /// Quantity effect at mean prices (Bennet): the rest of the matched change.
    pub quantity: i128,
    /// What the exchange rate made, where one was given; the effects at mean values are then without it.
    pub currency: i128,
    /// Value of items that were not traded before.
    pub new: i128,
    /// Value of items that are not traded any more, below zero.
    pub gone: i128,
    /// Change of items whose quantity is not known.
    pub unpriced: i128,
    /// Value before of items whose prices can be compared.
    pub matched_before: i128,
    /// Value after of items whose prices can be compared.
    pub matched_after: i128,
    /// How many items can be compared.
    pub matched: i128,
}

impl Split {
    /// After less before.
    #[must_use]
    pub fn change(&self) -> i128 {
        self.after - self.before
    }

    /// Quantity with what appeared and what disappeared.
    #[must_use]
    pub fn volume(&self) -> i128 {
        self.quantity + self.new + self.gone
    }

    /// An item between two periods.
    ///
    /// # Errors
    /// When one period's quantity at the other's price is beyond what an amount can hold.
    pub fn of(pair: Pair, item: usize) -> Result<Self, Refusal> {
        let none = Self::default();
        Ok(match pair {
            Pair::Nothing => none,
            Pair::New { after } => Self { after: after.into(), new: after.into(), ..none },
            Pair::Gone { before } => Self { before: before.into(), gone: -i128::from(before), ..none },
            Pair::Unpriced { before, after } => {
                let (before, after) = (i128::from(before), i128::from(after));
                Self { before, after, unpriced: after - before, ..none }
            }
            Pair::Matched { before, after, q0, q1 } => {
                let limit =
                    |value: i128| if value > i64::MAX.into() { Err(Refusal::PriceJump { item }) } else { Ok(value) };
                let (v0, v1) = (i128::from(before), i128::from(after));
                let a = limit(half_even(v1 * i128::from(q0), q1.into()))?;
                let b = limit(half_even(v0 * i128::from(q1), q0.into()))?;
                let price = half_even((a - v0) + (v1 - b), 2);
                Self {
                    before: v0,
                    after: v1,
                    price_base: a - v0,
                    quantity_base: b - v0,
                    interaction: v1 - a - b + v0,
                    price,
                    quantity: v1 - v0 - price,
                    matched_before: v0,
                    matched_after: v1,
                    matched: 1,
                    ..none
                }
            }
        })
    }
}

/// What one unit of a value's currency costs in another currency, in millionths, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// In the first period, above zero.
    pub before: i64,
    /// In the second period, above zero.
    pub after: i64,
}

impl Split {
    /// The same with the exchange rate's part taken out: prices and quantities are compared in the other currency.
    ///
    /// With `r` the rate and `w = v r` the value in the other currency, the exchange rate made `(1/r1 - 1/r0) (w0 + w1) / 2`; prices
    /// made their effect in the other currency, at the mean of `1/r0` and `1/r1`; quantities made the rest. Only items with quantities
    /// in both periods are taken apart.
    ///
    /// # Errors
    /// When the numbers are beyond what an amount can hold.
    pub fn with_rates(pair: Pair, rates: Rates, item: usize) -> Result<Self, Refusal> {
        let plain = Self::of(pair, item)?;
        let Pair::Matched { before, after, q0, q1 } = pair else { return Ok(plain) };
        let jump = || Refusal::PriceJump { item };
        let (r0, r1) = (i128::from(rates.before.max(1)), i128::from(rates.after.max(1)));
        let (w0, w1) = (i128::from(before) * r0, i128::from(after) * r1);
        let whole = |millionths: i128| i64::try_from(half_even(millionths, MILLION)).map_err(|_| jump());
        let there = Self::of(Pair::Matched { before: whole(w0)?, after: whole(w1)?, q0, q1 }, item)?;
        let mean = MILLION.checked_mul(r0 + r1).ok_or_else(jump)?;
        let price = half_even(there.price.checked_mul(mean).ok_or_else(jump)?, 2 * r0 * r1);
        let currency = half_even((r0 - r1).checked_mul(w0 + w1).ok_or_else(jump)?, 2 * r0 * r1);
        Ok(Self { price, currency, quantity: plain.change() - price - currency, ..plain })
    }
}

const MILLION: i128 = 1_000_000;

impl Add for Split {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            before: self.before + other.before,
            after: self.after + other.after,
            price_base: self.price_base + other.price_base,
            quantity_base: self.quantity_base + other.quantity_base,
            interaction: self.interaction + other.interaction,
            price: self.price + other.price,
            quantity: self.quantity + other.quantity,
            currency: self.currency + other.currency,
            new: self.new + other.new,
            gone: self.gone + other.gone,
            unpriced: self.unpriced + other.unpriced,
            matched_before: self.matched_before + other.matched_before,
            matched_after: self.matched_after + other.matched_after,
            matched: self.matched + other.matched,
        }
    }
}

impl Sum for Split {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

/// The change between two periods, item by item; with rates, the exchange rate's part is taken out.
///
/// # Errors
/// When an item's prices are too far apart to be told.
pub fn items(panel: &Panel, from: usize, to: usize, rates: Option<Rates>) -> Result<Vec<Split>, Refusal> {
    let of = |item| match (panel.pair(from, to, item), rates) {
        (pair, None) => Split::of(pair, item),
        (pair, Some(rates)) => Split::with_rates(pair, rates, item),
    };
    (0..panel.items()).map(of).collect()
}

/// The change between two periods.
///
/// # Errors
/// When an item's prices are too far apart to be told.
pub fn whole(panel: &Panel, from: usize, to: usize) -> Result<Split, Refusal> {
    Ok(items(panel, from, to, None)?.into_iter().sum())
}

/// `number / by` rounded to the nearest whole, halves to the even one; `by` above zero.
#[must_use]
pub fn half_even(number: i128, by: i128) -> i128 {
    let (down, rest) = (number.div_euclid(by), number.rem_euclid(by));
    match rest.cmp(&(by - rest)) {
        std::cmp::Ordering::Less => down,
        std::cmp::Ordering::Greater => down + 1,
        std::cmp::Ordering::Equal => down + down.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests;
