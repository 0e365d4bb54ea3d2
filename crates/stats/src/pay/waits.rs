//! How long payments took from entry to finality, how they settled, and what they waited for.
//!
//! Percentiles are of the sorted times: the smallest time that at least the given part of payments did not exceed
//! (nearest rank), so each is the time of a payment that can be named. Absent on purpose: means, which one long night
//! spoils.

use std::sync::Arc;

use super::facts::{How, Row};
use super::table::{Dimension, Maker, Part, Tally, Told};
use crate::figure::{Definition, Measure, Value};

macro_rules! seconds {
    ($name:ident, $key:literal, $title:literal, $says:literal, $formula:literal) => {
        static $name: Definition = Definition {
            key: $key,
            name: $title,
            measure: Measure::Seconds,
            says: $says,
            formula: $formula,
            after: "ours",
        };
    };
}
seconds!(LEAST, "pay.time_min", "least", "shortest time from entry to finality", "min(done - accepted)");
seconds!(P50, "pay.time_p50", "p50", "half of the payments took no longer", "time at rank ceil(0.50 n)");
seconds!(P90, "pay.time_p90", "p90", "nine in ten payments took no longer", "time at rank ceil(0.90 n)");
seconds!(P99, "pay.time_p99", "p99", "99 in a hundred payments took no longer", "time at rank ceil(0.99 n)");
seconds!(MOST, "pay.time_max", "most", "longest time from entry to finality", "max(done - accepted)");
static SETTLED: Definition = Definition {
    key: "pay.settled",
    name: "settled",
    measure: Measure::Count,
    says: "payments settled in the group",
    formula: "number of rows that settled",
    after: "ours",
};
static IN_BIN: Definition = Definition {
    key: "pay.time_bin",
    name: "payments in bin",
    measure: Measure::Count,
    says: "payments whose time from entry to finality lies in the bin (above the bound before, up to its own)",
    formula: "number of rows with bound before < done - accepted <= bound",
    after: "ours",
};
static BIN_SHARE: Definition = Definition {
    key: "pay.time_bin_share",
    name: "bin %",
    measure: Measure::Percent,
    says: "part of the settled payments in the bin",
    formula: "100 x payments in bin / payments settled",
    after: "ours",
};
/// Definitions of this file.
pub(crate) static DEFINITIONS: &[&Definition] = &[&SETTLED, &LEAST, &P50, &P90, &P99, &MOST, &IN_BIN, &BIN_SHARE];

/// Upper bounds of the bins, seconds, and how they read; what is longer is in the last.
pub(crate) const BINS: [(u64, &str); 9] = [
    (0, "at once"),
    (1, "to 1 s"),
    (10, "to 10 s"),
    (60, "to 1 min"),
    (600, "to 10 min"),
    (3_600, "to 1 h"),
    (14_400, "to 4 h"),
    (86_400, "to 1 day"),
    (u64::MAX, "over 1 day"),
];

/// Microseconds from entry to finality.
fn took(row: &Row) -> u64 {
    row.done.saturating_sub(row.accepted)
}

fn bin(micros: u64) -> usize {
    BINS.iter().position(|(bound, _)| micros <= bound.saturating_mul(1_000_000)).unwrap_or(BINS.len() - 1)
}

/// Times by a dimension, by how payments settled, by what they waited for; and the histogram of all.
pub(crate) fn times(maker: &Maker<'_>, by: Dimension) -> Vec<Part> {
    let part = |title: String, told| Part { name: "time", title, told };
    if by != Dimension::All {
        let title = format!("Time from entry to finality, by {}", by.name().replace('_', " "));
        return vec![part(title, percentiles(maker, by))];
    }
    vec![
        part("Time from entry to finality".into(), percentiles(maker, Dimension::All)),
        part("Time from entry to finality, by how payments settled".into(), percentiles(maker, Dimension::How)),
        part(
            "Time from entry to finality, by what they first waited for".into(),
            percentiles(maker, Dimension::Waited),
        ),
        part("How many took how long".into(), histogram(maker)),
    ]
}

fn percentiles(maker: &Maker<'_>, by: Dimension) -> Vec<Told> {
    let facts = maker.facts;
    let mut tally = Tally::default();
    for (at, row) in facts.rows.iter().enumerate().filter(|(_, row)| row.settled()) {
        tally.add([by.code(facts, row), 0, 0], at, 0, None);
    }
    let mut told = Vec::new();
    for (key, cell) in tally.sorted(facts, [by, Dimension::All, Dimension::All]) {
        let of = [(by.name(), by.label(facts, key[0]))];
        let mut times: Vec<u64> = cell.members.iter().map(|at| took(&facts.rows[*at as usize])).collect();
        times.sort_unstable();
        let members = Arc::new(cell.members);
        let count = Value::Count(times.len() as i128);
        told.push(maker.tell(&SETTLED, &of, count, None, &members));
        for (definition, percent) in [(&LEAST, 0), (&P50, 50), (&P90, 90), (&P99, 99), (&MOST, 100)] {
            told.push(maker.tell(definition, &of, shown(rank(&times, percent)), None, &members));
        }
    }
    told
}

/// The time at the rank of a percentage: nearest rank, from the first on.
fn rank(times: &[u64], percent: usize) -> u64 {
    let at = (times.len() * percent).div_ceil(100).max(1);
    times.get(at - 1).copied().unwrap_or(0)
}

/// Seconds that are no money: to the millisecond, as the journal's times are shown.
fn shown(micros: u64) -> Value {
    Value::real(crate::figure::real(i128::from(micros / 1_000)) / 1_000.0, 3)
}

/// The time that `percent` of the rows did not exceed, in seconds; `None` without rows.
pub(crate) fn percentile(rows: &[&Row], percent: usize) -> Option<f64> {
    let mut times: Vec<u64> = rows.iter().map(|row| took(row)).collect();
    times.sort_unstable();
    (!times.is_empty()).then(|| crate::figure::real(i128::from(rank(&times, percent))) / 1e6)
}

fn histogram(maker: &Maker<'_>) -> Vec<Told> {
    let mut bins: [Vec<u32>; BINS.len()] = std::array::from_fn(|_| Vec::new());
    for (at, row) in maker.facts.rows.iter().enumerate().filter(|(_, row)| row.settled()) {
        bins[bin(took(row))].push(u32::try_from(at).expect("fewer than 2^32 rows"));
    }
    let total: usize = bins.iter().map(Vec::len).sum();
    let mut told = Vec::new();
    for ((_, name), members) in BINS.iter().zip(bins) {
        let of = [("bin", (*name).to_owned())];
        let count = members.len() as i128;
        let members = Arc::new(members);
        told.push(maker.tell(&IN_BIN, &of, Value::Count(count), None, &members));
        told.push(maker.tell(&BIN_SHARE, &of, Value::percent(count, total as i128), None, &members));
    }
    told
}

/// How many of settled payments were set off, and how many there are.
pub(crate) fn offset_share(settled: &[&Row]) -> (usize, usize) {
    let offset = |row: &&&Row| matches!(row.how, How::Bilateral | How::Offset | How::Plan);
    (settled.iter().filter(offset).count(), settled.len())
}
