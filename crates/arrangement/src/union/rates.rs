//! `union-rates.csv`: what each member's currency is worth in the unit of account, who says so, and on which date.
//!
//! Absent on purpose: rates between currencies at which payments are converted; those are in `rates.csv`.

use std::collections::BTreeMap;

use comity_ledger::command::RateKind;
use comity_ledger::ids::{CurrencyId, Day};
use comity_ledger::rate::{RATE_SCALE_MAX, Rate};
use comity_ledger::union::order::UnitRule;

use super::{Union, UnitRateLine};
use crate::check::not_run;
use crate::lines::{Known, date};
use crate::load::ARRANGEMENT;
use crate::mistake::{Notes, Spot};
use crate::model::Arrangement;
use crate::read_csv::rows;
use crate::read_toml::Need;
use crate::sections::bounded_text;

/// Name of the file.
pub(crate) const RATES: &str = "union-rates.csv";
/// Longest name of a rate's source in bytes, as the ledger takes it.
const SOURCE_LEN_MAX: usize = 70;

impl Union {
    /// Currencies of its members that need a rate, in order.
    pub(crate) fn currencies<'a>(
        &'a self,
        arrangement: &'a [crate::model::Currency],
    ) -> impl Iterator<Item = CurrencyId> + 'a {
        arrangement.iter().enumerate().filter_map(|(at, currency)| {
            let id = CurrencyId(crate::directory::index(at));
            let own = matches!(&self.rules.unit, UnitRule::Currency(unit) if *unit == id);
            let member = self.rules.members.iter().any(|member| member.authority == currency.authority);
            (member && !own).then_some(id)
        })
    }
}

/// Reads the file, each line with where its rate stands.
pub(crate) fn rates(text: &str, unions: &[Union], at: Known<'_>) -> Vec<(UnitRateLine, Spot)> {
    const COLUMNS: [(&str, Need); 6] = [
        ("currency", Need::Must),
        ("rate", Need::Must),
        ("source", Need::Must),
        ("kind", Need::Must),
        ("release", Need::May),
        ("date", Need::May),
    ];
    let expected_source = format!("text of 1 to {SOURCE_LEN_MAX} bytes on one line");
    let expected_rate = format!("a rate more than zero, with at most {RATE_SCALE_MAX} digits after the point");
    let mut out = Vec::new();
    let mut seen: BTreeMap<(CurrencyId, Option<Day>), usize> = BTreeMap::new();
    for row in rows(RATES, text, &COLUMNS, at.notes) {
        let currency = at.currency(&row, "currency");
        let rate = row.text("rate", Need::Must, &expected_rate, Rate::parse);
        let source = row.text("source", Need::Must, &expected_source, |text| bounded_text(text, SOURCE_LEN_MAX));
        let kind = row.text("kind", Need::Must, "official, market or fixed", |text| match text {
            "official" => Some(RateKind::Official),
            "market" => Some(RateKind::Market),
            "fixed" => Some(RateKind::Fixed),
            _ => None,
        });
        let release = row.text("release", Need::May, "yes or no", |text| match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        });
        let date = date(&row);
        let (Some(currency), Some(rate), Some(source), Some(kind)) = (currency, rate, source, kind) else { continue };
        let of_union = unions.iter().any(|union| union.currencies(at.currencies).any(|known| known == currency.value));
        if !of_union && at.notes.lost(ARRANGEMENT, "union[") {
            continue;
        }
        if !of_union {
            let found = format!("{:?}", at.code(currency.value));
            let mistake = currency.spot.mistake(found, "a currency of a member of a union, other than its unit");
            at.notes.add(if unions.is_empty() { mistake.help("there is no [[union]]") } else { mistake });
            continue;
        }
        if let Some(first) = seen.insert((currency.value, date), currency.spot.line) {
            let mistake = currency.spot.mistake("the same currency and date again", "each once");
            at.notes.add(mistake.help(format!("the first is on line {first}")));
        }
        let line = UnitRateLine {
            currency: currency.value,
            rate: rate.value,
            source: source.value,
            kind: kind.value,
            release: release.is_some_and(|release| release.value),
            date,
        };
        out.push((line, rate.spot));
    }
    out
}

/// A rate the deviation gate will hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    /// Place of the line in the list.
    pub(super) place: usize,
    /// The business date.
    pub(super) day: Day,
    change_bps: u64,
    gate_bps: u32,
    /// Whether two people release it.
    pub(super) released: bool,
}

impl Arrangement {
    /// The rates in units of account that are set on a date, each with its place in the list: for a currency the line of the
    /// date, otherwise the one for every date.
    pub(super) fn unit_rates_on(&self, day: Day) -> Vec<(usize, &UnitRateLine)> {
        let mut standing: BTreeMap<CurrencyId, (usize, &UnitRateLine)> = BTreeMap::new();
        for (place, line) in self.unit_rates.iter().enumerate() {
            let better = match line.date {
                None => !standing.contains_key(&line.currency),
                Some(date) => date == day,
            };
            if better {
                standing.insert(line.currency, (place, line));
            }
        }
        standing.into_values().collect()
    }

    /// Every line the gate holds on the dates to be run: by the ledger's own rule, the change from the last rate not held.
    pub(super) fn held_unit_rates(&self) -> Vec<Held> {
        let mut last: BTreeMap<CurrencyId, Rate> = BTreeMap::new();
        let mut out = Vec::new();
        for day in self.dates() {
            for (place, line) in self.unit_rates_on(day) {
                let of = |union: &&Union| union.currencies(&self.currencies).any(|known| known == line.currency);
                let gate_bps = self.unions.iter().find(of).map_or(0, |union| union.rules.gate_bps);
                let change_bps = last.get(&line.currency).map_or(0, |before| line.rate.change_bps(*before));
                let held = change_bps > u64::from(gate_bps);
                if held {
                    out.push(Held { place, day, change_bps, gate_bps, released: line.release });
                }
                if !held || line.release {
                    last.insert(line.currency, line.rate);
                }
            }
        }
        out
    }
}

/// Currencies without a rate on a date on which their union closes, and rates that the gate will hold.
pub(super) fn missing(arrangement: &Arrangement, spots: &[Spot], notes: Notes<'_>) {
    let dates = arrangement.dates();
    for union in &arrangement.unions {
        for currency in union.currencies(&arrangement.currencies) {
            let code = arrangement.currencies.get(currency.at()).map_or("", |c| c.code.as_str());
            let open = dates.iter().filter(|day| union.closes_on(arrangement, **day));
            let without = open
                .copied()
                .find(|day| !arrangement.unit_rates_on(*day).iter().any(|(_, line)| line.currency == currency));
            if let Some(day) = without.filter(|_| !notes.lost(RATES, "")) {
                let spot = Spot { file: RATES, line: 0, field: code.to_owned() };
                let expected = format!("one in {}, as {} closes on that date", union.unit, union.rules.name);
                notes.wrong(&spot, format!("no rate on {day}"), expected);
            }
        }
    }
    for (line, spot) in arrangement.unit_rates.iter().zip(spots) {
        not_run(line.date, &dates, spot, notes);
    }
    for held in arrangement.held_unit_rates() {
        let Some(spot) = spots.get(held.place) else { continue };
        let what = if held.released { "released by two people" } else { "held until two people release it" };
        let found = format!("a change of {} basis points on {}", held.change_bps, held.day);
        notes.warn(spot, found, format!("at most {}; it will be {what}", held.gate_bps));
    }
}
