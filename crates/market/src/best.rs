//! The best of official, dealer and auction price that the arrangement allows, and why the others were not chosen.
//!
//! With the source fixed the best gives most, with the target fixed it asks least; the earlier in the list wins a tie.

use alloc::vec::Vec;

use crate::offer::{Offer, Why, take};
use crate::rate::{Converted, Fixed, Rate, Way};

/// An offer that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Its place in the list.
    pub offer: usize,
    /// Which way through its pair.
    pub way: Way,
    /// At which rate.
    pub rate: Rate,
    /// Both amounts and what rounding left over.
    pub converted: Converted,
}

/// All offers of one pair, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// The best one; none if no offer can be taken.
    pub chosen: Option<Taken>,
    /// The other offers of this pair in order, each with the reason.
    pub others: Vec<(usize, Why)>,
}

/// Compares every offer from `from` to `to` for `amount` minor units on the `fixed` side. `exponents` has the digits after the
/// point of each currency; a currency beyond it has no offers.
#[must_use]
pub fn best(offers: &[Offer], exponents: &[u8], from: u32, to: u32, fixed: Fixed, amount: i64) -> Best {
    let pair = offers.iter().enumerate().filter_map(|(at, offer)| {
        let way = offer.way(from, to)?;
        let exponents = (exponent(exponents, offer.base)?, exponent(exponents, offer.quote)?);
        Some((at, way, take(offer, way, fixed, amount, exponents)))
    });
    let mut chosen: Option<Taken> = None;
    let mut others: Vec<(usize, Why)> = Vec::new();
    let mut fit: Vec<(usize, i64)> = Vec::new();
    for (offer, way, result) in pair {
        match result {
            Err(why) => others.push((offer, why)),
            Ok((rate, converted)) => {
                fit.push((offer, open_side(&converted, fixed)));
                if chosen.is_none_or(|old| is_better(&converted, &old.converted, fixed)) {
                    chosen = Some(Taken { offer, way, rate, converted });
                }
            }
        }
    }
    if let Some(chosen) = &chosen {
        let best = open_side(&chosen.converted, fixed);
        let worse = fit.iter().filter(|(offer, _)| *offer != chosen.offer);
        // Both are more than zero, so the difference stays in range.
        others.extend(worse.map(|&(offer, amount)| (offer, Why::Worse { by: (amount - best).abs() })));
        others.sort_unstable_by_key(|&(offer, _)| offer);
    }
    Best { chosen, others }
}

/// The digits after the point of a currency.
pub(crate) fn exponent(exponents: &[u8], currency: u32) -> Option<u8> {
    exponents.get(usize::try_from(currency).ok()?).copied()
}

/// The amount that the rate decides.
pub(crate) const fn open_side(converted: &Converted, fixed: Fixed) -> i64 {
    match fixed {
        Fixed::Source => converted.target,
        Fixed::Target => converted.source,
    }
}

fn is_better(new: &Converted, old: &Converted, fixed: Fixed) -> bool {
    match fixed {
        Fixed::Source => new.target > old.target,
        Fixed::Target => new.source < old.source,
    }
}
