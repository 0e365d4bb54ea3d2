//! Standing rates of a dealer: a price of its own or a spread around the official rate, better for larger amounts and
//! for named clients.
//!
//! A dealer buys the base currency at its bid and sells it at its ask. An improvement of `n` basis points makes the bid
//! `n / 10,000` higher or the ask as much lower, in exact integers; a digit that a rate cannot hold is rounded in favour
//! of the client, so that rounding never gives a dealer more than it offered. Absent on purpose: who the dealers are,
//! their money and their limits; the ledger knows those.

use alloc::vec::Vec;

use crate::rate::{Fixed, RATE_SCALE_MAX, Rate, Way, convert};

/// Largest spread on either side of the official rate, and largest sum of improvements, basis points.
pub const BPS_MAX: u32 = 5_000;
/// Most tiers, and most clients with an improvement, of one dealer in one pair.
pub const STEPS_MAX: usize = 64;

/// One in ten thousand.
const BPS: u128 = 10_000;

/// What a dealer's rate starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Its own two rates.
    Own(TwoWay),
    /// This many basis points below and above the official rate.
    Spread(u32),
}

/// The two rates of a dealer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoWay {
    /// At which it buys one unit of the base currency.
    pub bid: Rate,
    /// At which it sells one; not below the bid.
    pub ask: Rate,
}

/// An improvement for large amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// From this amount of the base currency on, minor units, more than zero.
    pub from: i64,
    /// Improvement, basis points.
    pub bps: u32,
}

/// A dealer's standing rates in one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What they start from.
    pub basis: Basis,
    /// Improvements by amount, ascending in both; the last one reached counts.
    pub tiers: Vec<Tier>,
}

impl Terms {
    /// Whether everything is in range: rates valid and the bid not above the ask, tiers ascending, at most
    /// [`BPS_MAX`] and [`STEPS_MAX`].
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let basis = match self.basis {
            Basis::Own(TwoWay { bid, ask }) => bid.is_valid() && ask.is_valid() && !is_above(bid, ask),
            Basis::Spread(bps) => bps <= BPS_MAX,
        };
        let ascending = self.tiers.is_sorted_by(|one, next| one.from < next.from && one.bps <= next.bps);
        let range = self.tiers.iter().all(|tier| tier.from > 0 && tier.bps <= BPS_MAX);
        basis && ascending && range && self.tiers.len() <= STEPS_MAX
    }

    /// The bid and the ask before any improvement. `None` when a spread has no official rate to stand around.
    #[must_use]
    pub fn two_way(&self, official: Option<Rate>) -> Option<TwoWay> {
        match self.basis {
            Basis::Own(own) => Some(own),
            Basis::Spread(bps) => {
                let official = official?;
                let worse = -i64::from(bps);
                let bid = improved(official, Way::BaseToQuote, worse)?;
                Some(TwoWay { bid, ask: improved(official, Way::QuoteToBase, worse)? })
            }
        }
    }

    /// The rate for one deal: `amount` minor units on the `fixed` side, `client` basis points for this client.
    ///
    /// Tiers are measured in the base currency; an amount of the other one is brought over at the rate before
    /// improvement. `None` without a rate, or when it would come to zero.
    #[must_use]
    pub fn rate(&self, official: Option<Rate>, ask: Ask, client: u32) -> Option<Rate> {
        let two = self.two_way(official)?;
        let before = match ask.way {
            Way::BaseToQuote => two.bid,
            Way::QuoteToBase => two.ask,
        };
        let better = self.tier(base_amount(before, ask)).saturating_add(client).min(BPS_MAX);
        match self.basis {
            Basis::Own(_) => improved(before, ask.way, i64::from(better)),
            // One step from the official rate, so that nothing is rounded twice; never beyond it.
            Basis::Spread(bps) => improved(official?, ask.way, (i64::from(better) - i64::from(bps)).min(0)),
        }
    }

    /// The improvement for this amount of the base currency.
    fn tier(&self, base: i64) -> u32 {
        self.tiers.iter().rev().find(|tier| tier.from <= base).map_or(0, |tier| tier.bps)
    }
}

/// What is to be exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Which way through the pair.
    pub way: Way,
    /// Which side the amount is on.
    pub fixed: Fixed,
    /// Minor units.
    pub amount: i64,
    /// Digits after the point of the base currency.
    pub base_exponent: u8,
    /// Digits after the point of the quote currency.
    pub quote_exponent: u8,
}

/// The deal in the base currency, minor units; zero when it comes to nothing.
fn base_amount(rate: Rate, ask: Ask) -> i64 {
    let Ask { way, fixed, amount, base_exponent, quote_exponent } = ask;
    match (way, fixed) {
        (Way::BaseToQuote, Fixed::Source) | (Way::QuoteToBase, Fixed::Target) => amount,
        (Way::BaseToQuote, Fixed::Target) | (Way::QuoteToBase, Fixed::Source) => {
            convert(rate, Way::QuoteToBase, Fixed::Source, amount, base_exponent, quote_exponent)
                .map_or(0, |converted| converted.target)
        }
    }
}

/// A rate that is better for the client by `bps` basis points (worse when below zero), rounded in the client's favour.
///
/// The digits of the rate given are kept, and as many more as the change needs. `None` when it would be zero or leave
/// the range.
#[must_use]
pub fn improved(rate: Rate, way: Way, bps: i64) -> Option<Rate> {
    if bps == 0 {
        return Some(rate);
    }
    // Whoever sells the base currency wants a higher rate, whoever buys it a lower one.
    let up = way == Way::BaseToQuote;
    let signed = if up { bps } else { bps.checked_neg()? };
    let parts = u128::try_from(i128::try_from(BPS).ok()? + i128::from(signed)).ok()?;
    let mut mantissa = u128::from(rate.mantissa).checked_mul(parts)?;
    let mut scale = rate.scale + 4;
    while scale > rate.scale && mantissa.is_multiple_of(10) {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    while scale > RATE_SCALE_MAX || (scale > 0 && mantissa > u128::from(u64::MAX)) {
        mantissa = if up { mantissa.div_ceil(10) } else { mantissa / 10 };
        scale -= 1;
    }
    let mantissa = u64::try_from(mantissa).ok()?;
    Some(Rate { mantissa, scale }).filter(|rate| rate.is_valid())
}

/// Whether one rate is above another, exactly.
#[must_use]
pub fn is_above(one: Rate, other: Rate) -> bool {
    compare(one, other) == core::cmp::Ordering::Greater
}

/// Compares two rates exactly: 11.5 and 11.50 are the same rate.
#[must_use]
pub fn compare(one: Rate, other: Rate) -> core::cmp::Ordering {
    let at = |rate: Rate| u128::from(rate.mantissa) * 10_u128.pow(u32::from(RATE_SCALE_MAX.saturating_sub(rate.scale)));
    at(one).cmp(&at(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(text: &str) -> Rate {
        Rate::parse(text).expect("a rate")
    }

    fn ask(way: Way, fixed: Fixed, amount: i64) -> Ask {
        Ask { way, fixed, amount, base_exponent: 2, quote_exponent: 2 }
    }

    fn terms(basis: Basis) -> Terms {
        Terms { basis, tiers: alloc::vec![Tier { from: 100_000, bps: 5 }, Tier { from: 1_000_000, bps: 20 }] }
    }

    #[test]
    fn larger_amounts_and_named_clients_get_better_rates() {
        let own = terms(Basis::Own(TwoWay { bid: rate("25.00"), ask: rate("25.20") }));
        let sell = |amount, client| own.rate(None, ask(Way::BaseToQuote, Fixed::Source, amount), client);
        assert_eq!(sell(99_999, 0), Some(rate("25.00")));
        assert_eq!(sell(100_000, 0), Some(rate("25.0125")));
        assert_eq!(sell(100_000, 10), Some(rate("25.0375")));
        assert_eq!(sell(1_000_000, 10), Some(rate("25.075")));
        // The other way the ask falls, and the tier is found by what the amount is worth in the base currency.
        let buy = |amount| own.rate(None, ask(Way::QuoteToBase, Fixed::Source, amount), 0);
        assert_eq!(buy(2_519_999), Some(rate("25.20")));
        assert_eq!(buy(2_520_000), Some(rate("25.1874")));
    }

    #[test]
    fn a_spread_stands_around_the_official_rate_and_never_passes_it() {
        let spread = terms(Basis::Spread(10));
        assert_eq!(spread.two_way(None), None);
        assert_eq!(spread.two_way(Some(rate("25"))), Some(TwoWay { bid: rate("24.975"), ask: rate("25.025") }));
        let buy = |client| spread.rate(Some(rate("25")), ask(Way::QuoteToBase, Fixed::Target, 100_000), client);
        assert_eq!(buy(0), Some(rate("25.0125")));
        assert_eq!(buy(1_000), Some(rate("25")));
    }

    #[test]
    fn terms_out_of_range_are_found() {
        assert!(terms(Basis::Spread(BPS_MAX)).is_valid());
        assert!(!terms(Basis::Spread(BPS_MAX + 1)).is_valid());
        assert!(!terms(Basis::Own(TwoWay { bid: rate("25.21"), ask: rate("25.20") })).is_valid());
        assert!(terms(Basis::Own(TwoWay { bid: rate("25.20"), ask: rate("25.2") })).is_valid());
        for tiers in [[(0, 1), (1, 2)], [(2, 1), (1, 2)], [(1, 2), (2, 1)], [(1, 2), (2, BPS_MAX + 1)]] {
            let tiers = tiers.map(|(from, bps)| Tier { from, bps }).to_vec();
            assert!(!Terms { basis: Basis::Spread(1), tiers }.is_valid());
        }
    }

    proptest! {
        #[test]
        fn rounding_is_never_in_favour_of_the_dealer(
            mantissa in 1..u64::MAX, scale in 0..=RATE_SCALE_MAX, bps in -5_000_i64..5_000, sells in any::<bool>(),
        ) {
            let way = if sells { Way::BaseToQuote } else { Way::QuoteToBase };
            let before = Rate { mantissa, scale };
            if let Some(after) = improved(before, way, bps) {
                // after >= before x (1 +- bps) when the client sells, <= when it buys; off by less than one last digit.
                let parts = if sells { 10_000 + bps } else { 10_000 - bps };
                let exact = i128::from(mantissa) * i128::from(parts);
                let digits = i128::from(scale) + 4 - i128::from(after.scale);
                let unit = 10_i128.pow(u32::try_from(digits.max(0)).expect("few digits"));
                let more = 10_i128.pow(u32::try_from((-digits).max(0)).expect("few digits"));
                let left = i128::from(after.mantissa) * unit - exact * more;
                let gain = if sells { left } else { -left };
                prop_assert!((0..unit.max(1)).contains(&gain), "{before} {after} {bps}");
            }
        }
    }
}
