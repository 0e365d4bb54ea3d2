//! A quote: what leaves the payer, what reaches the payee, and every fee in between, at one rate.
//!
//! ```text
//! source fixed       source = paid - departure fee          target = floor(source x rate)
//! destination fixed  target = received + arrival fee        source = ceil(target / rate)
//! always             paid = source + departure fee          received = target - arrival fee
//!                    scheme fee = fixed + source x bps      invoiced, never taken from the money on its way
//! ```
//!
//! What rounding leaves over belongs to a named owner and is measured exactly, see [`crate::rate`]. The model of fees is
//! that of the Nexus scheme: each bank may keep a fee of its own, the scheme charges the payer's bank. Absent on purpose:
//! validity, money and people; the ledger has those.

use crate::dealer::Ask;
use crate::rate::{Fixed, Rate, convert};

/// How the fees of a payment are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeeRule {
    /// Kept by the payer's bank before conversion: minor units of the source currency.
    pub departure: i64,
    /// Kept by the payee's bank after conversion: minor units of the target currency.
    pub arrival: i64,
    /// Charged by the scheme to the payer's bank, minor units of the source currency.
    pub scheme: i64,
    /// And this share of the source amount, basis points; rounded down.
    pub scheme_bps: u32,
}

/// A priced exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// Leaves the payer, minor units of the source currency.
    pub paid: i64,
    /// Debited between the banks.
    pub source: i64,
    /// Credited between the banks, minor units of the target currency.
    pub target: i64,
    /// Reaches the payee.
    pub received: i64,
    /// The scheme's fee, minor units of the source currency; on top.
    pub scheme: i64,
    /// Left over by rounding, whole minor units of the pair's quote currency.
    pub left_minor: i64,
    /// Left over beyond that, parts of [`crate::rate::FRACTION`] of a minor unit.
    pub left_fraction: u64,
}

/// Works out both amounts and the fees.
///
/// With the source fixed, `ask.amount` is what leaves the payer; with the target fixed, what reaches the payee.
/// `None` when nothing is left after a fee, or an amount leaves its range.
#[must_use]
pub fn quote(rate: Rate, ask: Ask, fees: &FeeRule) -> Option<Quote> {
    let between = match ask.fixed {
        Fixed::Source => ask.amount.checked_sub(fees.departure)?,
        Fixed::Target => ask.amount.checked_add(fees.arrival)?,
    };
    let done = convert(rate, ask.way, ask.fixed, between, ask.base_exponent, ask.quote_exponent)?;
    let share = i128::from(done.source) * i128::from(fees.scheme_bps) / 10_000;
    let found = Quote {
        paid: done.source.checked_add(fees.departure)?,
        source: done.source,
        target: done.target,
        received: done.target.checked_sub(fees.arrival)?,
        scheme: fees.scheme.checked_add(i64::try_from(share).ok()?)?,
        left_minor: done.left_minor,
        left_fraction: done.left_fraction,
    };
    (found.received > 0).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::Way;
    use proptest::prelude::*;

    fn ask(way: Way, fixed: Fixed, amount: i64) -> Ask {
        Ask { way, fixed, amount, base_exponent: 2, quote_exponent: 2 }
    }

    /// Nexus guide: SGD 1,000 x 25 = THB 25,000; the payee's bank keeps 100; the scheme charges .50 + .001 x 1,000.
    #[test]
    fn nexus_example() {
        let rate = Rate::parse("25").expect("a rate");
        let fees = FeeRule { departure: 0, arrival: 10_000, scheme: 50, scheme_bps: 10 };
        let source = quote(rate, ask(Way::BaseToQuote, Fixed::Source, 100_000), &fees).expect("in range");
        assert_eq!((source.source, source.target), (100_000, 2_500_000));
        assert_eq!((source.received, source.scheme), (2_490_000, 150));
        // The same asked for by what the payee is to have.
        let target = quote(rate, ask(Way::BaseToQuote, Fixed::Target, 2_490_000), &fees).expect("in range");
        assert_eq!(target, source);
    }

    #[test]
    fn a_fee_that_eats_everything_is_no_quote() {
        let rate = Rate::parse("25").expect("a rate");
        let fees = FeeRule { departure: 10, arrival: 2_500, ..FeeRule::default() };
        for amount in [9, 10, 110] {
            assert_eq!(quote(rate, ask(Way::BaseToQuote, Fixed::Source, amount), &fees), None);
        }
        let least = quote(rate, ask(Way::BaseToQuote, Fixed::Source, 111), &fees).expect("something is left");
        assert_eq!((least.paid, least.source, least.target, least.received), (111, 101, 2_525, 25));
    }

    proptest! {
        #[test]
        fn never_more_is_credited_than_quoted(
            mantissa in 1..10_000_000_u64, scale in 0..6_u8, amount in 1..1_000_000_000_i64, sells in any::<bool>(),
            target in any::<bool>(), departure in 0..1_000_i64, arrival in 0..1_000_i64, bps in 0..100_u32,
        ) {
            let rate = Rate { mantissa, scale };
            let way = if sells { Way::BaseToQuote } else { Way::QuoteToBase };
            let fixed = if target { Fixed::Target } else { Fixed::Source };
            let fees = FeeRule { departure, arrival, scheme: 5, scheme_bps: bps };
            if let Some(found) = quote(rate, ask(way, fixed, amount), &fees) {
                let (up, down) = (u128::from(mantissa), 10_u128.pow(u32::from(scale)));
                let worth = |minor: i64, up: u128| u128::try_from(minor).expect("an amount") * up;
                match way {
                    Way::BaseToQuote => prop_assert!(worth(found.source, up) >= worth(found.target, down)),
                    Way::QuoteToBase => prop_assert!(worth(found.source, down) >= worth(found.target, up)),
                }
                match fixed {
                    Fixed::Source => prop_assert_eq!(found.paid, amount),
                    Fixed::Target => prop_assert_eq!(found.received, amount),
                }
                prop_assert_eq!(found.paid - found.source, departure);
                prop_assert_eq!(found.target - found.received, arrival);
            }
        }
    }
}
