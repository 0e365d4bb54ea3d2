//! Which rates of the files the deviation gate will hold, by the ledger's own rule: the change from the last rate of the
//! pair that both authorities approved.
//!
//! Absent on purpose: rates that people set, release or decline during the day; only the ledger knows those.

use std::collections::BTreeMap;

use comity_ledger::command::PairRef;
use comity_ledger::ids::Day;
use comity_ledger::rate::Rate;

use crate::model::{Arrangement, RateLine};

/// A rate over its gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// Place of the line in the list of rates.
    pub(crate) place: usize,
    /// The business date.
    pub(crate) day: Day,
    /// Change from the last approved rate, basis points.
    pub(crate) change_bps: u64,
    /// The pair's gate, basis points.
    pub(crate) gate_bps: u32,
    /// Whether two people release it.
    pub(crate) released: bool,
}

impl Arrangement {
    /// The rates set on a date, for pairs open on it, in order, each with its place in the list of rates.
    pub(crate) fn rates_on(&self, day: Day) -> Vec<(usize, &RateLine)> {
        let open = |pair: PairRef| self.open(day, pair.base) && self.open(day, pair.quote);
        self.rates
            .iter()
            .enumerate()
            .filter(|(_, line)| line.date.is_none_or(|date| date == day) && open(line.pair))
            .collect()
    }

    /// Of those, the last of each pair: the one that is approved.
    pub(crate) fn standing_on(&self, day: Day) -> Vec<(usize, &RateLine)> {
        let last: BTreeMap<PairRef, usize> =
            self.rates_on(day).into_iter().map(|(place, line)| (line.pair, place)).collect();
        self.rates_on(day).into_iter().filter(|(place, line)| last.get(&line.pair) == Some(place)).collect()
    }

    /// Every line the gate holds on the dates to be run.
    pub(crate) fn held_rates(&self) -> Vec<Held> {
        let gates: BTreeMap<PairRef, u32> = self.pairs.iter().map(|pair| (pair.pair, pair.gate_bps)).collect();
        let mut approved: BTreeMap<PairRef, Rate> = BTreeMap::new();
        let mut out: Vec<Held> = Vec::new();
        for day in self.dates() {
            for (place, line) in self.rates_on(day) {
                let Some((before, gate_bps)) = approved.get(&line.pair).zip(gates.get(&line.pair)) else {
                    continue;
                };
                let change_bps = line.rate.change_bps(*before);
                if change_bps > u64::from(*gate_bps) {
                    out.push(Held { place, day, change_bps, gate_bps: *gate_bps, released: line.release });
                }
            }
            for (place, line) in self.standing_on(day) {
                let blocked = out
                    .iter()
                    .rev()
                    .take_while(|held| held.day == day)
                    .any(|held| held.place == place && !held.released);
                if !blocked && line.approvals.len() == self.authorities_of(line.pair).len() {
                    approved.insert(line.pair, line.rate);
                }
            }
        }
        out
    }
}
