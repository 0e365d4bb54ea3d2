//! Pictures of figures: shares through time, balances, a bridge of price and quantity, two reports of one flow.
//!
//! Absent on purpose: any figure; sums and splits come from `comity_stats`.

use std::collections::BTreeSet;
use std::path::Path;

use comity_stats::mirror::reconcile::Factor;
use comity_stats::mirror::tell::Report;
use comity_stats::price::split::Split;
use comity_stats::trade::sums::{By, Sum, Sums};
use comity_viz::{
    BalanceRow, Balances, Bridge, Head, Picture, Point, Scatter, Segment, ShareBar, Stack, Step, Unit, Width,
};

use crate::exit::{Failure, at};

/// Most parts with a colour of their own; the theme has no more.
const PART_COUNT_MAX: usize = 8;
/// Most rows of balances.
const BALANCE_COUNT_MAX: usize = 24;
/// Most names written into a scatter.
const NAME_COUNT_MAX: usize = 12;

/// A unit such as `USD million` as USD, and by what minor units are multiplied for it.
struct Scale {
    unit: Unit,
    times: i128,
}

impl Scale {
    fn new(unit: &str, decimals: u8) -> Self {
        for (word, zeros) in [(" thousand", 3), (" million", 6), (" billion", 9)] {
            if let Some(code) = unit.strip_suffix(word) {
                let times = 10i128.pow(u32::from(zeros - zeros.min(decimals)));
                return Self { unit: Unit::new(code, decimals.saturating_sub(zeros)), times };
            }
        }
        Self { unit: Unit::new(if unit == "units of the file" { "" } else { unit }, decimals), times: 1 }
    }

    fn amount(&self, minor: i128) -> comity_viz::Amount {
        self.unit.amount(minor.saturating_mul(self.times))
    }
}

fn save(path: &Path, picture: &impl Picture) -> Result<(), Failure> {
    std::fs::write(path, picture.svg(Width::Wide)).map_err(at(path))
}

/// From one value to another, by price and quantity.
pub(super) fn bridge(path: &Path, title: &str, unit: &str, decimals: u8, split: &Split) -> Result<(), Failure> {
    let scale = Scale::new(unit, decimals);
    let step = |label: &str, value| Step { label: label.into(), value: scale.amount(value) };
    let steps = [
        ("price", split.price),
        ("exchange rate", split.currency),
        ("quantity", split.quantity),
        ("new items", split.new),
        ("gone items", split.gone),
        ("quantity unknown", split.unpriced),
    ];
    let kept = steps.into_iter().enumerate().filter(|(at, (_, value))| matches!(at, 0 | 2) || *value != 0);
    let steps = kept.map(|(_, (label, value))| step(label, value)).collect();
    let about = "Prices at mean quantities, quantities at mean prices. The steps add up exactly.";
    let (from, to) = (step("before", split.before), step("after", split.after));
    save(path, &Bridge { head: Head::new("bridge", title, about), unit: scale.unit, from, steps, to })
}

/// Shares of parts through time, or balances of the last period.
pub(super) fn trade(
    path: &Path,
    title: &str,
    sums: &Sums,
    wanted: &[usize],
    decimals: u8,
    unit: &str,
) -> Result<(), Failure> {
    match sums.by {
        By::Member | By::Pair => balances(path, title, sums, wanted, &Scale::new(unit, decimals)),
        By::Partner | By::Region | By::Section | By::Chapter | By::Period => {
            shares(path, title, sums, wanted, &Scale::new(unit, decimals))
        }
    }
}

fn shares(path: &Path, title: &str, sums: &Sums, wanted: &[usize], scale: &Scale) -> Result<(), Failure> {
    let wholes: BTreeSet<&str> =
        wanted.iter().flat_map(|period| sums.of[*period].keys()).map(|(whole, _)| whole.as_str()).collect();
    // The greatest parts of all periods have a colour; the rest is others.
    let mut sizes: std::collections::BTreeMap<&str, i128> = std::collections::BTreeMap::new();
    for ((_, part), sum) in wanted.iter().flat_map(|period| &sums.of[*period]) {
        *sizes.entry(part).or_default() += sum.turnover();
    }
    let mut order: Vec<(&str, i128)> = sizes.into_iter().filter(|(part, _)| *part != "others").collect();
    order.sort_by_key(|(part, size)| (std::cmp::Reverse(*size), *part));
    let kept: Vec<&str> = order.iter().take(PART_COUNT_MAX).map(|(part, _)| *part).collect();
    let mut columns = Vec::new();
    for &period in wanted {
        for whole in &wholes {
            let of = |wanted: &dyn Fn(&str) -> bool| -> i128 {
                let parts = sums.of[period].iter().filter(|((of, part), _)| of == whole && wanted(part));
                parts.map(|(_, sum)| sum.turnover()).sum()
            };
            let segment = |label: &str, value| Segment { label: label.into(), value: scale.amount(value) };
            let mut segments: Vec<Segment> = kept
                .iter()
                .map(|name| segment(if name.is_empty() { "all" } else { name }, of(&|part| part == *name)))
                .collect();
            let rest = of(&|part| !kept.contains(&part));
            if rest > 0 {
                segments.push(segment("others", rest));
            }
            let label = match (wanted.len(), wholes.len()) {
                (_, 1) => sums.periods[period].clone(),
                (1, _) => (*whole).to_owned(),
                _ => format!("{whole} {}", sums.periods[period]),
            };
            if segments.iter().any(|segment| segment.value.minor > 0) {
                columns.push(ShareBar { label, segments });
            }
        }
    }
    let about = "Shares of turnover. Each column is 100 %; nothing is said about its size.";
    save(path, &Stack { head: Head::new("shares", title, about), columns })
}

fn balances(path: &Path, title: &str, sums: &Sums, wanted: &[usize], scale: &Scale) -> Result<(), Failure> {
    let last = wanted.last().copied().unwrap_or(0);
    let mut parts: Vec<(&str, &Sum)> = sums.of[last].iter().map(|((_, part), sum)| (part.as_str(), sum)).collect();
    parts.sort_by_key(|(name, sum)| (std::cmp::Reverse(sum.balance().abs()), *name));
    parts.truncate(BALANCE_COUNT_MAX);
    let rows = parts.into_iter().map(|(name, sum)| BalanceRow {
        label: name.to_owned(),
        all: scale.amount(sum.balance()),
        without: sums.energy.then(|| scale.amount(sum.balance_without_energy())),
    });
    let about = "Surpluses to the right, deficits to the left.";
    let title = format!("{title}: balances of {}", sums.periods[last]);
    let head = Head::new("balances", title, about);
    save(path, &Balances { head, unit: scale.unit.clone(), left_out: "energy".into(), rows: rows.collect() })
}

/// Exports against imports of the same flows.
pub(super) fn mirror(
    path: &Path,
    title: &str,
    unit: &str,
    decimals: u8,
    reports: &[Report],
    factor: Factor,
) -> Result<(), Failure> {
    let scale = Scale::new(unit, decimals);
    let mut gaps: Vec<(u64, usize)> = reports
        .iter()
        .enumerate()
        .filter_map(|(at, report)| report.gap().map(|gap| (gap.unsigned_abs(), at)))
        .collect();
    gaps.sort_by_key(|(gap, at)| (std::cmp::Reverse(*gap), *at));
    // One name for each pair, at its widest gap.
    let mut pairs = BTreeSet::new();
    let widest = gaps.into_iter().filter(|(_, at)| pairs.insert((&reports[*at].exporter, &reports[*at].importer)));
    let named: BTreeSet<usize> = widest.take(NAME_COUNT_MAX).map(|(_, at)| at).collect();
    let several = reports.iter().any(|report| report.period != reports[0].period);
    let points = reports.iter().enumerate().filter_map(|(at, report)| {
        let (export, import) = report.both()?;
        let period = if several { format!(" {}", report.period) } else { String::new() };
        Some(Point {
            label: format!("{}-{}{period}", report.exporter, report.importer),
            across: scale.amount(export.into()),
            up: scale.amount(import.into()),
            named: named.contains(&at),
        })
    });
    let line = format!("import is {factor} times export");
    let about = "A point is a flow: what the exporter says, and what the importer says. Both axes are logarithmic.";
    let picture = Scatter {
        head: Head::new("mirror", title, about),
        unit: scale.unit.clone(),
        axes: ("exporter says,".into(), "importer says,".into()),
        factor: u32::try_from(factor.ten_thousandths()).unwrap_or(10_000),
        line,
        points: points.collect(),
    };
    save(path, &picture)
}

/// Shares of currencies by period; what was not published is told as such.
pub(super) fn currencies(
    path: &Path,
    title: &str,
    periods: std::collections::BTreeMap<&str, Vec<(&str, i64)>>,
) -> Result<(), Failure> {
    let unit = Unit::new("%", 4);
    let columns = periods.into_iter().map(|(period, shares)| {
        let told: i64 = shares.iter().map(|(_, share)| share).sum();
        let rest = ("not told", (1_000_000 - told).max(0));
        let shares = shares.into_iter().chain((rest.1 > 0).then_some(rest));
        let segments = shares.map(|(label, share)| Segment { label: label.into(), value: unit.amount(share.into()) });
        ShareBar { label: period.to_owned(), segments: segments.collect() }
    });
    let about = "Dated points as published; the distance between columns is not the distance in time.";
    save(path, &Stack { head: Head::new("currencies", title, about), columns: columns.collect() })
}
