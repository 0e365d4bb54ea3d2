//! A set of figures that can be shown to everybody: no bank's payments can be told from it, whoever else is in it.
//!
//! **What is protected.** Take any bank and everything it did in a period, sent and received: with it or without it, every
//! published set is almost as likely, by a factor of at most `e^epsilon` (differential privacy, Dwork and others 2006,
//! with a bank as the unit). That holds against a reader who knows all other banks' payments, so also when two banks are
//! active and one of them reads.
//!
//! **How.** The set is one grid: each closed period by the values of one dimension, a count and a value in each cell. Payments are gathered by
//! pair of banks and period; a pair's counts over all cells are scaled down so that they sum to at most
//! [`Terms::pair_payments`], its values to at most [`Terms::pair_value`]. A bank has at most `banks - 1` pairs, so with or
//! without it the counts of a period change by at most `(banks - 1) x pair_payments` in sum, the values likewise. Each cell gets discrete
//! Laplace noise for that change and half of epsilon, drawn exactly with integers (the algorithm of Canonne, Kamath and
//! Steinke 2020), so that no rounding of floating point gives it away (Mironov 2012).
//!
//! **Drawn once.** Only closed periods are published, each payment in the period it settled in, so a period does not
//! change. The noise of a cell comes from the secret seed and a label: the terms, the period, the cell, and a fingerprint of
//! the period's rows. The same set again has the same noise; other terms or other rows have noise that has nothing to do
//! with it, so that no difference cancels it, and each such set costs its epsilon anew.
//!
//! **Suppression.** A cell with fewer than [`Terms::banks_min`] banks, or of which one bank is part of more than
//! [`Terms::dominance_percent`] of the value, is not shown. If that leaves one cell of a period hidden, the smallest shown
//! one is hidden too, so that the total minus the shown does not show it; if there is none, the total is hidden. There are no totals over
//! periods, because the next period would be their difference. Suppression looks at the exact data, so that a cell is hidden tells that few
//! banks are in it; the guarantee above is about figures, not about this.
//!
//! Absent on purpose: the seed's bits, which the caller draws, and files.

use std::collections::{BTreeMap, BTreeSet};

use super::date;
use super::facts::{Facts, Row};
use super::table::Dimension;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A business date.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Period {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    fn of(self, day: u32) -> u32 {
        match self {
            Self::Day => day,
            Self::Week => date::week(day),
            Self::Month => date::month(day),
        }
    }

    fn last_day(self, period: u32) -> u32 {
        match self {
            Self::Day => period,
            Self::Week => period + 6,
            Self::Month => date::month_end(period),
        }
    }

    fn text(self, period: u32) -> String {
        match self {
            Self::Day => date::day_text(period),
            Self::Week => format!("week of {}", date::day_text(period)),
            Self::Month => date::month_text(period),
        }
    }
}

/// What is published, and how much of a bank may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What cells of a period are told apart by.
    pub by: Dimension,
    /// How long a period is.
    pub period: Period,
    /// Epsilon of a period, as a fraction; half goes to counts, half to values.
    pub epsilon: (u64, u64),
    /// Most payments of a pair of banks in a period that count.
    pub pair_payments: u64,
    /// Most value of a pair in a period that counts, minor units of the unit.
    pub pair_value: u64,
    /// Fewest banks of a cell that is shown.
    pub banks_min: usize,
    /// Most percent of a cell's value that one bank may be part of.
    pub dominance_percent: u8,
}

impl Terms {
    /// The terms in words: part of the label of each draw.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{} by {}, epsilon {}/{}, pairs up to {} payments and {} minor units, at least {} banks, dominance {} %",
            self.period.word(),
            self.by.name(),
            self.epsilon.0,
            self.epsilon.1,
            self.pair_payments,
            self.pair_value,
            self.banks_min,
            self.dominance_percent
        )
    }
}

/// A cell as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The period.
    pub period: String,
    /// The value of the dimension; `all` for the period's total.
    pub cell: String,
    /// Payments and value in minor units of the unit, both with noise (so they may be below zero); `None` when hidden.
    pub figures: Option<(i128, i128)>,
}

/// A published set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Cells, period by period, the total last.
    pub cells: Vec<Shown>,
    /// A fingerprint of each period's rows: the same as long as the period does not change.
    pub periods: BTreeMap<String, u64>,
    /// Banks that may have taken part.
    pub banks: usize,
    /// Scale of the noise of a count and of a value: its mean distance from zero, nearly.
    pub scales: (u128, u128),
    /// Settled payments without a value in the unit: counted, with value zero.
    pub unvalued: u64,
    /// Periods that are not over.
    pub open: Vec<String>,
}

/// Publishes every closed period. `draw` gives secret bits for a label: the same for the same label, unpredictable for
/// whoever does not know the seed.
pub fn publish<D: FnMut() -> u64>(facts: &Facts, terms: &Terms, mut draw: impl FnMut(&str) -> D) -> Published {
    let banks = facts.banks.len();
    let partners = (banks.max(2) - 1) as u128;
    let (up, down) = (u128::from(terms.epsilon.0.max(1)), u128::from(terms.epsilon.1.max(1)));
    // Half of epsilon each: sensitivity / (epsilon / 2), as a fraction.
    let count_scale = Scale { top: partners * u128::from(terms.pair_payments) * 2 * down, bottom: up };
    let value_scale = Scale { top: partners * u128::from(terms.pair_value) * 2 * down, bottom: up };
    let mut rows: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
    let mut open = BTreeSet::new();
    for row in facts.rows.iter().filter(|row| row.settled()) {
        let period = terms.period.of(row.done_day);
        if is_closed(facts, terms.period.last_day(period)) {
            rows.entry(period).or_default().push(row);
        } else {
            open.insert(terms.period.text(period));
        }
    }
    let codes = cells_of(facts, terms.by);
    let mut out = Published {
        cells: Vec::new(),
        periods: BTreeMap::new(),
        banks,
        scales: (count_scale.top / count_scale.bottom, value_scale.top / value_scale.bottom),
        unvalued: rows.values().flatten().filter(|row| row.unit.is_none()).count() as u64,
        open: open.into_iter().collect(),
    };
    for (period, rows) in rows {
        let name = terms.period.text(period);
        let print = fingerprint(&rows);
        let mut cells = gather(facts, terms, &rows, &codes);
        for (code, cell) in &mut cells {
            let label = terms.by.label(facts, *code);
            let mut noise = |what: &str, scale: &Scale| {
                let text = format!("{}; {what}; {name}; {label}; {print:016x}; {banks} banks", terms.text());
                scale.sample(&mut draw(&text))
            };
            cell.count += noise("count", &count_scale);
            cell.value += noise("value", &value_scale);
        }
        let total_hidden = hide(terms, &mut cells);
        let sum = |of: fn(&Cell) -> i128| cells.values().map(of).sum::<i128>();
        let total = (sum(|cell| cell.count), sum(|cell| cell.value));
        for (code, cell) in &cells {
            let figures = (!cell.hidden).then_some((cell.count, cell.value));
            out.cells.push(Shown { period: name.clone(), cell: terms.by.label(facts, *code), figures });
        }
        out.cells.push(Shown { period: name.clone(), cell: "all".into(), figures: (!total_hidden).then_some(total) });
        out.periods.insert(name, print);
    }
    out
}

/// Dimensions a set can be published by: those whose values are public whether anybody uses them or not.
pub const PUBLIC: [Dimension; 4] =
    [Dimension::SettlementCurrency, Dimension::Flow, Dimension::Country, Dimension::Partner];

/// Every value of a dimension is a cell of each period, used or not: that a cell is empty is not told either.
fn cells_of(facts: &Facts, by: Dimension) -> BTreeSet<u32> {
    let all = |len: usize| 0..u32::try_from(len).expect("fewer than 2^32");
    match by {
        Dimension::SettlementCurrency => all(facts.currencies.len()).collect(),
        Dimension::Flow => all(super::codes::Flow::ALL.len()).collect(),
        Dimension::Country => all(facts.countries.len()).collect(),
        Dimension::Partner => {
            let mut order: Vec<u32> = all(facts.countries.len()).collect();
            order.sort_by_key(|at| &facts.countries[*at as usize]);
            let pairs = order.iter().enumerate().flat_map(|(at, a)| order[at..].iter().map(move |b| a << 16 | b));
            pairs.collect()
        }
        // Not public: the cells are what the rows have, for those who know what they do.
        Dimension::All
        | Dimension::AccountCurrency
        | Dimension::InvoiceCurrency
        | Dimension::Month
        | Dimension::Day
        | Dimension::Participant
        | Dimension::How
        | Dimension::Waited => facts.rows.iter().filter(|row| row.settled()).map(|row| by.code(facts, row)).collect(),
    }
}

/// Whether every journal has gone past a day, or closed it.
fn is_closed(facts: &Facts, day: u32) -> bool {
    facts.sources.iter().all(|source| source.last_day > day || (source.last_day == day && source.closed))
}

/// FNV-1a over what fixes the rows of a period: tells a period that changed from one that did not; no secret, no proof.
fn fingerprint(rows: &[&Row]) -> u64 {
    let mut print = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |value: u128| {
        for byte in value.to_le_bytes() {
            print = (print ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for row in rows {
        mix(row.uetr);
        mix(u128::from(row.amount.unsigned_abs()));
        mix(u128::from(row.unit.unwrap_or(-1).unsigned_abs()));
    }
    print
}

#[derive(Debug, Default)]
struct Cell {
    /// Clipped sums, then with noise.
    count: i128,
    value: i128,
    hidden: bool,
    /// Exact, for suppression alone: value each bank is part of, and all of it.
    banks: BTreeMap<u32, u128>,
    whole: u128,
}

/// Clipped sums of each cell of a period.
fn gather(facts: &Facts, terms: &Terms, rows: &[&Row], codes: &BTreeSet<u32>) -> BTreeMap<u32, Cell> {
    let mut cells: BTreeMap<u32, Cell> = codes.iter().map(|code| (*code, Cell::default())).collect();
    let mut pairs: BTreeMap<(u32, u32), BTreeMap<u32, (u128, u128)>> = BTreeMap::new();
    for row in rows {
        let code = terms.by.code(facts, row);
        let value = u128::from(row.unit.unwrap_or(0).unsigned_abs());
        let pair = (row.debtor.min(row.creditor), row.debtor.max(row.creditor));
        let sum = pairs.entry(pair).or_default().entry(code).or_default();
        sum.0 += 1;
        sum.1 += value;
        let cell = cells.get_mut(&code).expect("every code has a cell");
        *cell.banks.entry(pair.0).or_default() += value;
        if pair.1 != pair.0 {
            *cell.banks.entry(pair.1).or_default() += value;
        }
        cell.whole += value;
    }
    for sums in pairs.values() {
        let (payments, value) = sums.values().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        for (code, part) in sums {
            let cell = cells.get_mut(code).expect("every code has a cell");
            cell.count += clip(part.0, payments, u128::from(terms.pair_payments));
            cell.value += clip(part.1, value, u128::from(terms.pair_value));
        }
    }
    cells
}

/// A part scaled down so that the whole is at most the cap, rounded down.
fn clip(part: u128, whole: u128, cap: u128) -> i128 {
    let clipped = if whole <= cap { part } else { part.saturating_mul(cap) / whole };
    i128::try_from(clipped).unwrap_or(i128::MAX)
}

/// Hides cells of few or dominant banks, and a second one where one alone would show by difference. Returns whether the
/// total must be hidden too.
fn hide(terms: &Terms, cells: &mut BTreeMap<u32, Cell>) -> bool {
    for cell in cells.values_mut() {
        let largest = cell.banks.values().max().copied().unwrap_or(0);
        let few = cell.banks.len() < terms.banks_min;
        // With two banks each is part of everything, so dominance only says something beyond.
        let dominant = cell.banks.len() > 2 && largest * 100 > cell.whole * u128::from(terms.dominance_percent);
        cell.hidden = few || dominant;
    }
    if cells.values().filter(|cell| cell.hidden).count() != 1 {
        return false;
    }
    match cells.values_mut().filter(|cell| !cell.hidden).min_by_key(|cell| cell.count) {
        Some(smallest) => {
            smallest.hidden = true;
            false
        }
        None => true,
    }
}

/// The scale of discrete Laplace noise: `P(x)` in proportion to `exp(-|x| x bottom / top)`.
#[derive(Debug, Clone, Copy)]
struct Scale {
    top: u128,
    bottom: u128,
}

impl Scale {
    /// One sample, exact given uniform bits.
    fn sample(&self, bits: &mut impl FnMut() -> u64) -> i128 {
        if self.top == 0 {
            return 0;
        }
        loop {
            let rest = below(self.top, bits);
            if !exp_minus(rest, self.top, bits) {
                continue;
            }
            let mut rounds = 0_u128;
            while exp_minus(1, 1, bits) {
                rounds += 1;
            }
            let size = rest.saturating_add(self.top.saturating_mul(rounds)) / self.bottom;
            let negative = bits() & 1 == 1;
            if negative && size == 0 {
                continue;
            }
            let size = i128::try_from(size).unwrap_or(i128::MAX);
            return if negative { -size } else { size };
        }
    }
}

/// A uniform number below `bound`, which is more than zero.
fn below(bound: u128, bits: &mut impl FnMut() -> u64) -> u128 {
    let spare = 128 - bound.leading_zeros();
    loop {
        let drawn = (u128::from(bits()) << 64) | u128::from(bits());
        let drawn = if spare >= 128 { drawn } else { drawn & ((1 << spare) - 1) };
        if drawn < bound {
            return drawn;
        }
    }
}

/// True with probability `exp(-top / bottom)`, for a fraction of at most one.
fn exp_minus(top: u128, bottom: u128, bits: &mut impl FnMut() -> u64) -> bool {
    let mut round = 1_u128;
    // Ends: the chance of going on falls faster than a factorial.
    while below(bottom.saturating_mul(round), bits) < top {
        round += 1;
    }
    round % 2 == 1
}

#[cfg(test)]
#[path = "publish_tests.rs"]
mod tests;
