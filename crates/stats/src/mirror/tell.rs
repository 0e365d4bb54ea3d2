//! Figures of many pairs: how far reports agree, what was reconciled, who differs most.
//!
//! Deliberately absent: reasons. A ratio far from the factor is a question to two statistical offices.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definitions as is;
use super::reconcile::{Factor, Method, Whose, reconcile};
use crate::figure::{Figure, Rows, Source, Value, ratio};

/// What two sides reported of one flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The period.
    pub period: String,
    /// Who sold.
    pub exporter: String,
    /// Who bought.
    pub importer: String,
    /// What the exporter reported, FOB, in minor units.
    pub export: Option<i64>,
    /// What the importer reported, CIF, in minor units.
    pub import: Option<i64>,
    /// Freight and insurance of this pair.
    pub factor: Factor,
    /// Rows it was read from.
    pub rows: Vec<u64>,
}

impl Report {
    /// Both reports, where both are above zero.
    #[must_use]
    pub fn both(&self) -> Option<(i64, i64)> {
        Some((self.export.filter(|value| *value > 0)?, self.import.filter(|value| *value > 0)?))
    }

    /// Import over export, where both reported.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let (export, import) = self.both()?;
        ratio(import.into(), export.into())
    }

    /// What the importer reported without freight and insurance, less what the exporter reported.
    #[must_use]
    pub fn gap(&self) -> Option<i64> {
        let (export, import) = self.both()?;
        Some(self.factor.without(import) - export)
    }

    fn pair(&self) -> String {
        format!("{} to {}", self.exporter, self.importer)
    }
}

/// The value below which a share of the values lies, interpolated between neighbours; `values` rise.
///
/// ```
/// use comity_stats::mirror::tell::quantile;
///
/// assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.5), Some(3.0));
/// assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.1), Some(1.3));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
#[must_use]
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let last = u32::try_from(values.len().checked_sub(1)?).ok()?;
    let place = share.clamp(0.0, 1.0) * f64::from(last);
    let below = (0..=last).rev().find(|at| f64::from(*at) <= place)?;
    let (at, part) = (usize::try_from(below).ok()?, place - f64::from(below));
    let (low, high) = (values[at], values.get(at + 1).copied().unwrap_or(values[at]));
    Some(low + part * (high - low))
}

fn rows<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Rows {
    reports.into_iter().flat_map(|report| report.rows.iter().copied()).collect()
}

/// How ratios spread: in all, and in each period.
#[must_use]
pub fn spread(reports: &[Report], source: &Arc<Source>) -> Vec<Figure> {
    let mut groups: Vec<(String, Vec<&Report>)> = vec![("all".into(), reports.iter().collect())];
    let mut periods: BTreeMap<&str, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        periods.entry(&report.period).or_default().push(report);
    }
    if periods.len() > 1 {
        groups.extend(periods.into_iter().map(|(period, reports)| (period.to_owned(), reports)));
    }
    groups.iter().flat_map(|(name, group)| spread_of(group, source, "period", name)).collect()
}

/// How ratios spread for each reporter, as exporter and as importer, by the number of partners and the median.
#[must_use]
pub fn reporters(reports: &[Report], source: &Arc<Source>) -> Vec<Figure> {
    let mut of: BTreeMap<&str, [Vec<&Report>; 2]> = BTreeMap::new();
    for report in reports.iter().filter(|report| report.both().is_some()) {
        of.entry(&report.exporter).or_default()[0].push(report);
        of.entry(&report.importer).or_default()[1].push(report);
    }
    let mut out = Vec::new();
    for (code, sides) in of {
        for (definition, side) in [&is::AS_EXPORTER, &is::AS_IMPORTER].into_iter().zip(sides) {
            let median = quantile(&ratios(&side), 0.5);
            let value = median.map_or(Value::Absent("no pair with both reports"), |median| Value::real(median, 2));
            out.push(Figure::new(definition, source).of("reporter", code).value(value).rows(rows(side)));
        }
    }
    out
}

fn ratios(reports: &[&Report]) -> Vec<f64> {
    let mut ratios: Vec<f64> = reports.iter().filter_map(|report| report.ratio()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios
}

fn spread_of(reports: &[&Report], source: &Arc<Source>, dimension: &'static str, name: &str) -> Vec<Figure> {
    let both: Vec<&Report> = reports.iter().copied().filter(|report| report.both().is_some()).collect();
    let ratios = ratios(&both);
    let made_of = rows(both.iter().copied());
    let say =
        |definition, value| Figure::new(definition, source).of(dimension, name).value(value).rows(made_of.clone());
    let none = Value::Absent("no pair with both reports");
    let at = |share| quantile(&ratios, share).map_or(none.clone(), |ratio| Value::real(ratio, 2));
    let (exports, imports) = both
        .iter()
        .filter_map(|report| report.both())
        .fold((0, 0), |(exports, imports), (x, m)| (exports + i128::from(x), imports + i128::from(m)));
    let overall = ratio(imports, exports).map_or(none.clone(), |ratio| Value::real(ratio, 3));
    let count = |count: usize| Value::Count(i128::try_from(count).unwrap_or(i128::MAX));
    vec![
        say(&is::PAIRS, count(both.len())),
        say(&is::P10, at(0.1)),
        say(&is::MEDIAN, at(0.5)),
        say(&is::P90, at(0.9)),
        say(&is::OVERALL, overall),
    ]
}

/// What was reconciled, by whose value it is: how many flows, how much, and its share.
#[must_use]
pub fn reconciled(reports: &[Report], method: Method, decimals: u8, source: &Arc<Source>) -> Vec<Figure> {
    let mut sums: BTreeMap<Whose, (i128, i128, Vec<&Report>)> = BTreeMap::new();
    for report in reports {
        if let Some((value, whose)) = reconcile(report.export, report.import, report.factor, method) {
            let sum = sums.entry(whose).or_default();
            sum.0 += 1;
            sum.1 += i128::from(value);
            sum.2.push(report);
        }
    }
    let whole: i128 = sums.values().map(|(_, value, _)| value).sum();
    let mut out = Vec::new();
    for (whose, (count, value, of)) in &sums {
        let made_of = rows(of.iter().copied());
        let say = |definition, value| {
            Figure::new(definition, source).of("whose", whose.word()).value(value).rows(made_of.clone())
        };
        out.push(say(&is::FLOWS, Value::Count(*count)));
        out.push(say(&is::RECONCILED, Value::amount(*value, decimals)));
        out.push(say(&is::SHARE, Value::percent(*value, whole)));
    }
    out
}

/// The flows whose reports are furthest apart in value.
#[must_use]
pub fn worst(reports: &[Report], top: usize, method: Method, decimals: u8, source: &Arc<Source>) -> Vec<Figure> {
    let mut order: Vec<(&Report, i64)> = reports.iter().filter_map(|report| Some((report, report.gap()?))).collect();
    let name = |report: &Report| (report.period.clone(), report.exporter.clone(), report.importer.clone());
    order.sort_by_key(|(report, gap)| (std::cmp::Reverse(gap.unsigned_abs()), name(report)));
    order.into_iter().take(top).flat_map(|(report, _)| one(report, method, decimals, source)).collect()
}

/// Every flow with both reports, its ratio, its gap and its reconciled value, in the order of the reports.
#[must_use]
pub fn every(reports: &[Report], method: Method, decimals: u8, source: &Arc<Source>) -> Vec<Figure> {
    reports.iter().flat_map(|report| one(report, method, decimals, source)).collect()
}

fn one(report: &Report, method: Method, decimals: u8, source: &Arc<Source>) -> Vec<Figure> {
    let made_of: Rows = report.rows.iter().copied().collect();
    let say = |definition, value| {
        let figure = Figure::new(definition, source).of("period", &report.period).of("flow", report.pair());
        figure.value(value).rows(made_of.clone())
    };
    let amount =
        |value: Option<i64>| value.map_or(Value::Absent("not reported"), |value| Value::amount(value.into(), decimals));
    let ratio = report.ratio().map_or(Value::Absent("one report only"), |ratio| Value::real(ratio, 2));
    let reconciled = reconcile(report.export, report.import, report.factor, method);
    vec![
        say(&is::EXPORT, amount(report.export)),
        say(&is::IMPORT, amount(report.import)),
        say(&is::RATIO, ratio),
        say(&is::GAP, amount(report.gap())),
        say(&is::RECONCILED, amount(reconciled.map(|(value, _)| value))),
        say(&is::WHOSE, reconciled.map_or(Value::Absent("not reported"), |(_, whose)| Value::Word(whose.word()))),
    ]
}
