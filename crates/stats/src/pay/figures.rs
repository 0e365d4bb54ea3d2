//! All figures of a set of rows, part by part, and the payments behind any of them.
//!
//! Absent on purpose: printing.

pub use super::concentration::Of;
use super::facts::Facts;
use super::table::{Dimension, Maker, Part, Told};
pub use super::timely;
use super::{balance, concentration, failure, netting, shares, waits};
use crate::figure::Definition;

/// Every definition of payments, in the order of the documentation.
#[must_use]
pub fn definitions() -> Vec<&'static Definition> {
    [
        shares::DEFINITIONS,
        balance::DEFINITIONS,
        netting::DEFINITIONS,
        waits::DEFINITIONS,
        timely::DEFINITIONS,
        failure::DEFINITIONS,
        concentration::DEFINITIONS,
    ]
    .concat()
}

/// Names of the parts, in order.
pub const PARTS: [&str; 10] = [
    "currencies",
    "flows",
    "months",
    "national",
    "imbalance",
    "imbalance-currency",
    "netting",
    "time",
    "timeliness",
    "failures",
];

/// The last part; apart, because it is about all of them.
pub const CONCENTRATION: &str = "concentration";

/// Makes the parts that `wanted` names (all when it is empty), currency shares, national shares and times by `by`.
#[must_use]
pub fn all(facts: &Facts, wanted: &[String], by: Dimension) -> Vec<Part> {
    let maker = Maker::new(facts);
    let asked = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let mut parts = Vec::new();
    if asked("currencies") {
        parts.extend(shares::currencies(&maker, by));
    }
    if asked("flows") {
        parts.push(shares::by(&maker, "flows", "What payments were for", Dimension::Flow));
    }
    if asked("months") {
        parts.push(shares::by(&maker, "months", "Months", Dimension::Month));
    }
    if asked("national") {
        parts.push(shares::national(&maker, by));
    }
    if asked("imbalance") || asked("imbalance-currency") {
        parts.extend(balance::imbalance(&maker).into_iter().filter(|part| asked(part.name)));
    }
    if asked("netting") {
        parts.push(netting::efficiency(&maker));
    }
    if asked("time") {
        parts.extend(waits::times(&maker, by));
    }
    if asked("timeliness") {
        parts.push(timely::scores(&maker));
    }
    if asked("failures") {
        parts.extend(failure::causes(&maker));
    }
    if asked(CONCENTRATION) {
        parts.push(concentration::indices(&maker));
    }
    parts
}

/// Figures that go by this key and, for each named dimension, have this value.
#[must_use]
pub fn find<'a>(parts: &'a [Part], key: &str, of: &[(String, String)]) -> Vec<&'a Told> {
    let fits = |told: &&Told| {
        told.figure.definition.key == key
            && of.iter().all(|(name, value)| told.figure.of.iter().any(|(n, v)| n == name && v == value))
    };
    parts.iter().flat_map(|part| &part.told).filter(fits).collect()
}
