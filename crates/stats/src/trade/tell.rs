//! Figures from sums: shares, balances, growth and what gave it, concentration.
//!
//! Deliberately absent: which periods and columns a reader wants; the caller picks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::definitions as is;
use super::sums::{By, Key, OTHERS, Sum, Sums};
use crate::figure::{Figure, Rows, Source, Value, ratio, real};

/// Figures of some periods.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// A row of figures for each part.
    pub parts: Vec<Figure>,
    /// Concentration of each whole.
    pub concentration: Vec<Figure>,
}

/// Makes figures of the periods `wanted` (indices into the sums' periods).
///
/// `decimals` are those of the table. A part of the period before that is not traded any more is told with zero, so that
/// contributions add up to the growth of the whole.
#[must_use]
pub fn tell(sums: &Sums, wanted: &[usize], decimals: u8, source: &Arc<Source>) -> Told {
    let mut told = Told::default();
    for &period in wanted {
        let Some(now) = sums.of.get(period) else { continue };
        let before = period.checked_sub(1).and_then(|before| sums.of.get(before));
        let (wholes, wholes_before) = (wholes(now), before.map(wholes));
        let keys: BTreeSet<&Key> = now.keys().chain(before.into_iter().flat_map(BTreeMap::keys)).collect();
        let mut order: Vec<&Key> = keys.into_iter().collect();
        let size = |key: &Key| now.get(key).map_or(0, Sum::turnover);
        order.sort_by_key(|key| (&key.0, key.1 == OTHERS, std::cmp::Reverse(size(key)), *key));
        let nothing = Sum::default();
        for key in order {
            let sum = now.get(key).unwrap_or(&nothing);
            let about = About { sums, period, key, decimals, source };
            about.figures(sum, wholes.get(&key.0).copied().unwrap_or(0), &mut told.parts);
            if let (Some(before), Some(wholes)) = (before, &wholes_before) {
                let last = before.get(key).map_or(0, Sum::turnover);
                about.growth(sum, last, wholes.get(&key.0).copied().unwrap_or(0), &mut told.parts);
            }
        }
        if sums.by != By::Period {
            concentration(sums, period, source, &mut told.concentration);
        }
    }
    told
}

/// Turnover of each whole.
fn wholes(of: &BTreeMap<Key, Sum>) -> BTreeMap<String, i128> {
    let mut wholes: BTreeMap<String, i128> = BTreeMap::new();
    for ((whole, _), sum) in of {
        *wholes.entry(whole.clone()).or_default() += sum.turnover();
    }
    wholes
}

/// The names of the dimensions of a question.
fn dimension(by: By) -> &'static str {
    match by {
        By::Member => "member",
        By::Partner => "partner",
        By::Pair => "pair",
        By::Region => "region",
        By::Section => "section",
        By::Chapter => "chapter",
        By::Period => "",
    }
}

struct About<'a> {
    sums: &'a Sums,
    period: usize,
    key: &'a Key,
    decimals: u8,
    source: &'a Arc<Source>,
}

impl About<'_> {
    fn figure(&self, definition: &'static crate::figure::Definition, value: Value, rows: &[u64]) -> Figure {
        let mut figure = Figure::new(definition, self.source).of("period", &self.sums.periods[self.period]);
        if !self.key.0.is_empty() {
            figure = figure.of("member", &self.key.0);
        }
        if !self.key.1.is_empty() {
            figure = figure.of(dimension(self.sums.by), &self.key.1);
        }
        figure.value(value).rows(rows.iter().copied().collect::<Rows>())
    }

    fn figures(&self, sum: &Sum, whole: i128, out: &mut Vec<Figure>) {
        let amount = |units| Value::amount(units, self.decimals);
        let mut say = |definition, value| out.push(self.figure(definition, value, &sum.rows));
        let two = match self.sums.by {
            By::Member | By::Partner | By::Region => Some((&is::EXPORTS, &is::IMPORTS)),
            By::Pair => Some((&is::THERE, &is::BACK)),
            By::Section | By::Chapter | By::Period => None,
        };
        let energy = sum.energy_exports + sum.energy_imports;
        match two {
            Some((there, back)) => {
                say(there, amount(sum.exports));
                say(back, amount(sum.imports));
                say(&is::TURNOVER, amount(sum.turnover()));
                say(&is::SHARE, Value::percent(sum.turnover(), whole));
                say(&is::BALANCE, amount(sum.balance()));
                say(&is::IMBALANCE, Value::percent(sum.balance(), sum.turnover()));
                if self.sums.energy {
                    let rest = sum.turnover() - energy;
                    say(&is::BALANCE_NO_ENERGY, amount(sum.balance_without_energy()));
                    say(&is::IMBALANCE_NO_ENERGY, Value::percent(sum.balance_without_energy(), rest));
                    say(&is::ENERGY, Value::percent(energy, sum.turnover()));
                }
            }
            None => {
                say(&is::VALUE, amount(sum.turnover()));
                if self.sums.by != By::Period {
                    say(&is::SHARE, Value::percent(sum.turnover(), whole));
                }
                if self.sums.energy && self.sums.by == By::Period {
                    say(&is::ENERGY, Value::percent(energy, sum.turnover()));
                }
            }
        }
    }

    fn growth(&self, sum: &Sum, last: i128, whole: i128, out: &mut Vec<Figure>) {
        let growth = match last {
            0 => Value::Absent("nothing in the period before"),
            last => Value::percent(sum.turnover() - last, last),
        };
        out.push(self.figure(&is::GROWTH, growth, &sum.rows));
        if self.sums.by != By::Period {
            let given = ratio(sum.turnover() - last, whole);
            let given =
                given.map_or(Value::Absent("nothing in the period before"), |part| Value::real(100.0 * part, 2));
            out.push(self.figure(&is::CONTRIBUTION, given, &sum.rows));
        }
    }
}

/// Concentration of each whole of a period.
fn concentration(sums: &Sums, period: usize, source: &Arc<Source>, out: &mut Vec<Figure>) {
    let mut wholes: BTreeMap<&str, Vec<&Sum>> = BTreeMap::new();
    for ((whole, _), sum) in sums.of[period].iter().filter(|(_, sum)| sum.turnover() > 0) {
        wholes.entry(whole).or_default().push(sum);
    }
    for (whole, parts) in wholes {
        let rows: Rows = parts.iter().flat_map(|sum| sum.rows.iter().copied()).collect();
        let values: Vec<i128> = parts.iter().map(|sum| sum.turnover()).collect();
        let index = herfindahl(&values);
        let say = |definition, value| {
            let mut figure = Figure::new(definition, source).of("period", &sums.periods[period]);
            if !whole.is_empty() {
                figure = figure.of("member", whole);
            }
            figure.of("across", across(sums.by)).value(value).rows(rows.clone())
        };
        out.push(say(&is::PARTS, Value::Count(i128::try_from(values.len()).unwrap_or(i128::MAX))));
        let absent = Value::Absent("nothing was traded");
        out.push(say(&is::HHI, index.map_or(absent.clone(), |index| Value::real(index, 0))));
        out.push(say(&is::EQUIVALENT, index.map_or(absent, |index| Value::real(10_000.0 / index, 1))));
    }
}

fn across(by: By) -> &'static str {
    match by {
        By::Member => "members",
        By::Partner => "partners",
        By::Pair => "pairs",
        By::Region => "regions",
        By::Section => "sections",
        By::Chapter => "chapters",
        By::Period => "periods",
    }
}

/// The sum of squared shares in percent: 10,000 for a single part; none when there is nothing.
///
/// ```
/// // Shares of 50, 30 and 20 %: 2500 + 900 + 400.
/// assert_eq!(comity_stats::trade::tell::herfindahl(&[5, 3, 2]), Some(3800.0));
/// ```
#[must_use]
pub fn herfindahl(values: &[i128]) -> Option<f64> {
    let whole: i128 = values.iter().sum();
    (whole > 0).then(|| {
        let whole = real(whole);
        values.iter().map(|value| 100.0 * real(*value) / whole).map(|share| share * share).sum()
    })
}
