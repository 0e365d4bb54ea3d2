//! Reports: what conversion adds to netting per currency, and conversions as pairs of currencies.
//!
//! Absent on purpose: formatting.

use alloc::vec::Vec;

use super::{Clearing, Consent, Invalid, Leg, Problem, Rates, solve};
use crate::at;

/// One way of clearing the same obligations; all values in units of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What every party consents to.
    pub consent: Consent,
    /// Sum of all obligations.
    pub gross: i128,
    /// Sum cleared.
    pub value: i128,
    /// Proved bound.
    pub bound: i128,
    /// Sum of what parties give up by conversion.
    pub converted: i128,
    /// What passes through the residue account.
    pub residue: i128,
}

/// The same obligations per currency, across currencies, and across currencies with a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Nothing is converted.
    pub per_currency: Row,
    /// Everything may be.
    pub across: Row,
    /// Each party converts at most a share of its own turnover.
    pub capped: Row,
}

impl Row {
    fn of(consent: Consent, clearing: &Clearing, rates: &Rates) -> Self {
        let Clearing { gross, value, bound, .. } = *clearing;
        let worth = |leg: &Leg| i128::from(leg.amount.max(0)) * i128::from(rates.worth()[at(leg.currency)]);
        let converted = clearing.legs.iter().map(worth).sum();
        Self { consent, gross, value, bound, converted, residue: clearing.residue() }
    }

    /// Cleared share of gross in basis points, rounded down; 0 when nothing is owed.
    #[must_use]
    pub fn share_bp(&self) -> u16 {
        crate::netting::saved_bp(self.gross, self.gross - self.value)
    }
}

/// Clears the obligations three times: per currency, across currencies without a cap, and with `share_bp` of each party's
/// own turnover as the cap. Consents of the problem are not looked at.
///
/// # Errors
/// Those of [`solve`].
pub fn table(problem: &Problem<'_>, share_bp: u16) -> Result<Table, Invalid> {
    let row = |consent| {
        let problem = Problem { consent, party_consent: &[], currency_consent: &[], ..*problem };
        solve(&problem).map(|clearing| Row::of(consent, &clearing, problem.rates))
    };
    Ok(Table {
        per_currency: row(Consent::Nothing)?,
        across: row(Consent::Unlimited)?,
        capped: row(Consent::Share(share_bp))?,
    })
}

/// A conversion of one party from one currency into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exchange {
    /// Which party.
    pub party: u32,
    /// The currency it gives up.
    pub from: u32,
    /// Minor units given up.
    pub given: i64,
    /// The currency it receives.
    pub to: u32,
    /// Minor units received.
    pub received: i64,
}

/// Pairs each party's conversions: its lowest currency given up with its lowest received, by value. Amounts per leg are
/// kept exactly; within a pair the values differ by less than one minor unit of the dearer currency, until one side of the party is
/// used up: what is left of the other side is its residue.
/// A party that only gives or only receives (less than one minor unit of another currency) has no pair.
#[must_use]
pub fn exchanges(rates: &Rates, legs: &[Leg]) -> Vec<Exchange> {
    let worth = |currency: u32| i128::from(rates.worth()[at(currency)]);
    let mut exchanges = Vec::new();
    for own in legs.chunk_by(|a, b| a.party == b.party) {
        let side = |sign: i64| {
            let amounts = own.iter().map(move |leg| (leg.currency, sign * leg.amount));
            amounts.filter(|(_, amount)| *amount > 0).collect::<Vec<(u32, i64)>>()
        };
        let (mut giving, mut receiving) = (side(1), side(-1));
        let (mut i, mut j) = (0, 0);
        while i < giving.len() && j < receiving.len() {
            let ((from, mut given), (to, mut received)) = (giving[i], receiving[j]);
            let (given_value, received_value) = (i128::from(given) * worth(from), i128::from(received) * worth(to));
            let part = |value: i128, of: i64, currency: u32| {
                i64::try_from(value / worth(currency)).map_or(of, |amount| amount.min(of))
            };
            let (last_given, last_received) = (i + 1 == giving.len(), j + 1 == receiving.len());
            if last_given && last_received {
                (i, j) = (i + 1, j + 1);
            } else if last_received || (given_value <= received_value && !last_given) {
                received = part(given_value, received, to);
                receiving[j].1 -= received;
                i += 1;
            } else {
                given = part(received_value, given, from);
                giving[i].1 -= given;
                j += 1;
            }
            exchanges.push(Exchange { party: own[0].party, from, given, to, received });
        }
    }
    exchanges
}
