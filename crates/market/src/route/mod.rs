//! The best way from one currency to another over any pairs that are offered.
//!
//! A route is a chain of deals, at most [`HOP_COUNT_MAX`], that visits no currency twice. Each deal is converted at its own rate
//! and rounded on its own ([`crate::rate::convert`]): with the source fixed the amount goes forward and every hop rounds what is
//! credited down; with the target fixed it is worked out backward and every hop rounds what is debited up. What a hop leaves over
//! belongs to the remainder account of its pair.
//!
//! **The best** gives the greatest target, or asks the smallest source. Ties: fewer hops, then the smaller list of offer numbers
//! from source to target. It is found by a search that leaves out only what an upper bound of rates shows to be worse, so it is
//! exact, with tiers and limits as they are; [`Route::exact`] says whether the search was completed within
//! [`STEP_COUNT_MAX`].
//!
//! **No currency is a vehicle.** Nothing here knows one currency from another; any of them can be switched off.
//!
//! Deliberately absent: orders split over several routes, and holding the money of several deals (a payment with n legs does).

mod cost;
mod factor;
mod search;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

pub use cost::{Against, Cost};

use crate::best::{best, open_side};
use crate::offer::{EXPONENT_MAX, Offer, Price, Why};
use crate::rate::{Converted, Fixed, Rate, Way};

/// Most deals of one route.
pub const HOP_COUNT_MAX: u8 = 6;
/// Most currencies of one market.
pub const CURRENCY_COUNT_MAX: usize = 256;
/// Most deals tried by one search.
pub const STEP_COUNT_MAX: u32 = 1_000_000;

/// Everything that is offered.
#[derive(Debug, Clone, Copy)]
pub struct Market<'a> {
    /// Digits after the point of each currency.
    pub exponents: &'a [u8],
    /// The offers, any number for one pair.
    pub offers: &'a [Offer],
    /// The official rates that costs are measured against; each base and quote currency at most once.
    pub references: &'a [Reference],
    /// Currencies that no route may touch.
    pub off: &'a [u32],
}

/// An official rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Index of the base currency.
    pub base: u32,
    /// Index of the quote currency.
    pub quote: u32,
    /// Quote units for one base unit.
    pub rate: Rate,
}

/// What is to be exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Index of the currency paid.
    pub from: u32,
    /// Index of the currency received.
    pub to: u32,
    /// Which of the two amounts is given.
    pub fixed: Fixed,
    /// It, in minor units, more than zero.
    pub amount: i64,
    /// Most deals, 1 to [`HOP_COUNT_MAX`].
    pub hops: u8,
}

/// One deal of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Place of the offer taken.
    pub offer: usize,
    /// Index of the currency given.
    pub from: u32,
    /// Index of the currency received.
    pub to: u32,
    /// Which way through the pair.
    pub way: Way,
    /// At which rate.
    pub rate: Rate,
    /// Both amounts and what rounding left over.
    pub converted: Converted,
    /// What it costs against the official rate of the pair; none without one.
    pub cost: Option<Cost>,
    /// The other offers of the pair for the same fixed amount, each with the reason.
    pub others: Vec<(usize, Why)>,
}

/// The best route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The deals from source to target.
    pub hops: Vec<Hop>,
    /// Paid, minor units of the first currency.
    pub source: i64,
    /// Received, minor units of the last.
    pub target: i64,
    /// What it costs against the official rate, direct or crossed over the route's own pairs; none without one.
    pub cost: Option<Cost>,
    /// Deals tried.
    pub steps: u32,
    /// Whether nothing better exists. If not, the search ended at [`STEP_COUNT_MAX`] with the best found.
    pub exact: bool,
}

/// Why there is no route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Too many currencies.
    TooMany {
        /// How many.
        count: usize,
    },
    /// A currency that is not in the market, named by the wish, an offer, a reference or `off`.
    Currency {
        /// The index.
        currency: u32,
    },
    /// A currency with more digits after the point than [`EXPONENT_MAX`].
    Exponent {
        /// The index.
        currency: u32,
    },
    /// An offer whose rate or terms are not valid, or that exchanges a currency for itself.
    Offer {
        /// Its place.
        offer: usize,
    },
    /// From a currency to itself.
    Same,
    /// An amount that is not more than zero.
    Amount {
        /// The amount.
        amount: i64,
    },
    /// Hops not between 1 and [`HOP_COUNT_MAX`].
    Hops {
        /// How many.
        hops: u8,
    },
    /// One end is switched off.
    Off {
        /// The currency.
        currency: u32,
    },
    /// No chain of offers leads there within the hops and takes the amount.
    Unreached {
        /// Offers that could not be taken on the way, each with the first reason met, in order of their place.
        refused: Vec<(usize, Why)>,
        /// Whether every chain was tried.
        exact: bool,
    },
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooMany { count } => write!(f, "{count} currencies exceed the limit of {CURRENCY_COUNT_MAX}"),
            Self::Currency { currency } => write!(f, "currency {currency} is not in the market"),
            Self::Exponent { currency } => {
                write!(f, "currency {currency} has more than {EXPONENT_MAX} digits after the point")
            }
            Self::Offer { offer } => write!(f, "offer {offer} has no valid rate or pair"),
            Self::Same => write!(f, "from a currency to itself there is nothing to exchange"),
            Self::Amount { amount } => write!(f, "amount {amount} is not more than zero"),
            Self::Hops { hops } => write!(f, "{hops} hops are not between 1 and {HOP_COUNT_MAX}"),
            Self::Off { currency } => write!(f, "currency {currency} is switched off"),
            Self::Unreached { refused, .. } => {
                write!(f, "no route takes this amount; {} offers on the way could not be taken", refused.len())
            }
        }
    }
}

/// Finds the best route for a wish.
///
/// # Errors
/// What is not valid, or why nothing leads there.
pub fn route(market: &Market<'_>, wish: &Wish) -> Result<Route, Refused> {
    admit(market, wish)?;
    let found = search::search(market, wish)?;
    let mut hops: Vec<Hop> = Vec::with_capacity(found.path.len());
    for step in &found.path {
        let given = match wish.fixed {
            Fixed::Source => step.taken.converted.source,
            Fixed::Target => step.taken.converted.target,
        };
        let compared = best(market.offers, market.exponents, step.from, step.to, wish.fixed, given);
        hops.push(Hop {
            offer: step.taken.offer,
            from: step.from,
            to: step.to,
            way: step.taken.way,
            rate: step.taken.rate,
            converted: step.taken.converted,
            cost: cost::of_deal(market, step.from, step.to, &step.taken.converted),
            others: others(compared, step, wish.fixed, market),
        });
    }
    let (source, target) = (hops.first(), hops.last());
    let source = source.map_or(0, |hop| hop.converted.source);
    let target = target.map_or(0, |hop| hop.converted.target);
    let cost = cost::of_route(market, wish, &hops, source, target);
    Ok(Route { hops, source, target, cost, steps: found.steps, exact: found.exact })
}

/// The reasons against the other offers of a hop, seen from the one that was taken.
fn others(compared: crate::best::Best, step: &search::Step, fixed: Fixed, market: &Market<'_>) -> Vec<(usize, Why)> {
    let Some(first) = compared.chosen else {
        return compared.others;
    };
    let here = open_side(&step.taken.converted, fixed);
    let top = open_side(&first.converted, fixed);
    let mut others: Vec<(usize, Why)> = Vec::with_capacity(compared.others.len());
    if first.offer != step.taken.offer {
        let same = here == top;
        others.push((first.offer, if same { Why::Worse { by: 0 } } else { Why::NotOnward }));
    }
    for (offer, why) in compared.others {
        if offer == step.taken.offer || market.offers.get(offer).is_none() {
            continue;
        }
        let why = match why {
            // Told against the best of the pair; seen from the taken one it may be better, equal or worse.
            Why::Worse { by } => match by - (top - here).abs() {
                less if less < 0 => Why::NotOnward,
                by => Why::Worse { by },
            },
            Why::NotAllowed
            | Why::NoRate
            | Why::Range
            | Why::Over { .. }
            | Why::NoFunds { .. }
            | Why::NoRoom { .. }
            | Why::NotOnward => why,
        };
        others.push((offer, why));
    }
    others.sort_unstable_by_key(|&(offer, _)| offer);
    others
}

fn admit(market: &Market<'_>, wish: &Wish) -> Result<(), Refused> {
    let count = market.exponents.len();
    if count > CURRENCY_COUNT_MAX {
        return Err(Refused::TooMany { count });
    }
    let known = |currency: u32| match crate::best::exponent(market.exponents, currency) {
        None => Err(Refused::Currency { currency }),
        Some(digits) if digits > EXPONENT_MAX => Err(Refused::Exponent { currency }),
        Some(_) => Ok(()),
    };
    for currency in [wish.from, wish.to].into_iter().chain(market.off.iter().copied()) {
        known(currency)?;
    }
    for reference in market.references {
        known(reference.base)?;
        known(reference.quote)?;
    }
    for (at, offer) in market.offers.iter().enumerate() {
        known(offer.base)?;
        known(offer.quote)?;
        let valid = match &offer.price {
            Price::One(rate) => rate.is_valid(),
            Price::Two(two) => two.bid.is_valid() && two.ask.is_valid(),
            Price::Terms { terms, .. } => terms.is_valid(),
        };
        if !valid || offer.base == offer.quote {
            return Err(Refused::Offer { offer: at });
        }
    }
    if wish.from == wish.to {
        return Err(Refused::Same);
    }
    if wish.amount <= 0 {
        return Err(Refused::Amount { amount: wish.amount });
    }
    if wish.hops == 0 || wish.hops > HOP_COUNT_MAX {
        return Err(Refused::Hops { hops: wish.hops });
    }
    match [wish.from, wish.to].into_iter().find(|end| market.off.contains(end)) {
        Some(currency) => Err(Refused::Off { currency }),
        None => Ok(()),
    }
}
