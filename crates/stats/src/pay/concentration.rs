//! Concentration: how much of what settles is one currency, one participant, one pair.
//!
//! Absent on purpose: an alarm; a guard on positions is the ledger's.

use std::collections::HashMap;
use std::sync::Arc;

use super::facts::{Facts, Row};
use super::table::{Maker, Part};
use crate::figure::{Definition, Measure, Value, ratio};

static HHI: Definition = Definition {
    key: "pay.hhi",
    name: "HHI",
    measure: Measure::Ratio,
    says: "Herfindahl-Hirschman index of shares of value: 10,000 when all is one, near 0 when spread over many",
    formula: "10,000 x sum of squared shares of value in unit",
    after: "Herfindahl 1950, Hirschman 1945",
};
static ALIKE: Definition = Definition {
    key: "pay.hhi_alike",
    name: "as if alike",
    measure: Measure::Ratio,
    says: "how many equal shares would give the same index",
    formula: "10,000 / HHI",
    after: "ours, after Adelman 1969",
};
static LARGEST: Definition = Definition {
    key: "pay.largest",
    name: "largest %",
    measure: Measure::Percent,
    says: "the largest share of value in unit",
    formula: "100 x max share",
    after: "ours",
};
static HOLDERS: Definition = Definition {
    key: "pay.holders",
    name: "how many",
    measure: Measure::Count,
    says: "how many have a share above zero",
    formula: "number of shares above zero",
    after: "ours",
};
/// Definitions of this file.
pub(crate) static DEFINITIONS: &[&Definition] = &[&HHI, &ALIKE, &LARGEST, &HOLDERS];

/// What shares are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Settlement currencies.
    Currency,
    /// Banks; each payment counts half for the debtor, half for the creditor.
    Participant,
    /// Pairs of banks, either way.
    Pair,
}

impl Of {
    const ALL: [Self; 3] = [Self::Currency, Self::Participant, Self::Pair];

    const fn word(self) -> &'static str {
        match self {
            Self::Currency => "settlement currency",
            Self::Participant => "participant (half to each side)",
            Self::Pair => "pair of participants",
        }
    }
}

/// Value of each share holder, in half minor units of the unit, over the rows that `counts` lets through.
pub(crate) fn holders(facts: &Facts, of: Of, counts: impl Fn(&Row) -> bool) -> Vec<i128> {
    let mut sums: HashMap<(u32, u32), i128> = HashMap::new();
    for row in facts.rows.iter().filter(|row| row.settled() && counts(row)) {
        let Some(unit) = row.unit else { continue };
        let mut add = |key, value: i64| *sums.entry(key).or_default() += i128::from(value);
        match of {
            Of::Currency => add((row.settled_in, 0), unit),
            Of::Participant => {
                add((row.debtor, 0), unit);
                add((row.creditor, 0), unit);
            }
            Of::Pair => add((row.debtor.min(row.creditor), row.debtor.max(row.creditor)), unit),
        }
    }
    let mut sums: Vec<i128> = sums.into_values().filter(|sum| *sum > 0).collect();
    sums.sort_unstable_by(|a, b| b.cmp(a));
    sums
}

/// The index over shares; `None` when there is no value.
pub(crate) fn hhi(holders: &[i128]) -> Option<f64> {
    let whole: i128 = holders.iter().sum();
    holders
        .iter()
        .map(|held| ratio(*held, whole).map(|share| share * share))
        .sum::<Option<f64>>()
        .filter(|sum| *sum > 0.0)
        .map(|sum| 10_000.0 * sum)
}

/// The indices of all three.
pub(crate) fn indices(maker: &Maker<'_>) -> Part {
    let facts = maker.facts;
    let members = facts.rows.iter().enumerate().filter(|(_, row)| row.settled() && row.unit.is_some());
    let members: Arc<Vec<u32>> =
        Arc::new(members.map(|(at, _)| u32::try_from(at).expect("fewer than 2^32 rows")).collect());
    let mut told = Vec::new();
    for of in Of::ALL {
        let holders = holders(facts, of, |_| true);
        let about = [("shares_of", of.word().to_owned())];
        let whole: i128 = holders.iter().sum();
        let index = hhi(&holders);
        let real = |value: Option<f64>, decimals| {
            value.map_or(Value::Absent("no value in the unit"), |v| Value::real(v, decimals))
        };
        told.push(maker.tell(&HOLDERS, &about, Value::Count(holders.len() as i128), None, &members));
        told.push(maker.tell(&HHI, &about, real(index, 0), None, &members));
        told.push(maker.tell(&ALIKE, &about, real(index.map(|index| 10_000.0 / index), 1), None, &members));
        told.push(maker.tell(
            &LARGEST,
            &about,
            Value::percent(holders.first().copied().unwrap_or(0), whole),
            None,
            &members,
        ));
    }
    Part { name: "concentration", title: "Concentration of settled value".into(), told }
}
