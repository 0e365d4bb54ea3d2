//! Shares of currencies as others publish them: dated points, each of an area and a flow.
//!
//! Points of different areas, flows or methods do not make one line, and are never joined here. Deliberately absent: shares
//! computed from payments, which have records behind them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::figure::{Definition, Figure, Measure, Rows, Source, Value, real};

/// Share of a currency in what an area settles.
pub static SHARE: Definition = Definition {
    key: "currency.share",
    name: "share",
    measure: Measure::Percent,
    says: "share of a currency as it was published for an area, a flow and a period",
    formula: "as published",
    after: "the row's own source; methods differ from area to area",
};

/// Change against the point before.
pub static CHANGE: Definition = Definition {
    key: "currency.change",
    name: "change",
    measure: Measure::Points,
    says: "change against the point before of the same area, flow and currency, whenever that was",
    formula: "share - share before",
    after: "ours",
};

/// How much of the whole was published.
pub static TOLD: Definition = Definition {
    key: "currency.told",
    name: "told",
    measure: Measure::Percent,
    says: "how much of the whole all published shares of the area, flow and period are together; above 100 where they overlap",
    formula: "sum of shares",
    after: "ours",
};

/// All of them.
pub static DEFINITIONS: &[&Definition] = &[&SHARE, &CHANGE, &TOLD];

/// A published share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What settles, for example two countries' trade.
    pub area: String,
    /// What is settled, for example exports.
    pub flow: String,
    /// The currency, or a group of them.
    pub currency: String,
    /// When: a year, a quarter or a month, as text that sorts by time.
    pub period: String,
    /// The share in ten-thousandths of a percent, from 0 to 1,000,000.
    pub share: i64,
    /// The row's number in its source.
    pub row: u64,
}

/// Figures of points: each share, its change, and how much was published together.
#[must_use]
pub fn tell(points: &[Point], source: &Arc<Source>) -> Vec<Figure> {
    let key = |point: &Point| (point.area.clone(), point.flow.clone(), point.currency.clone(), point.period.clone());
    let mut order: Vec<&Point> = points.iter().collect();
    order.sort_by_key(|point| (key(point), point.row));
    let mut told: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    for point in points {
        *told.entry((&point.area, &point.flow, &point.period)).or_default() += point.share;
    }
    let percent = |share: i64| real(share.into()) / 10_000.0;
    let mut out = Vec::new();
    for (at, point) in order.iter().enumerate() {
        let rows: Rows = [point.row].into_iter().collect();
        let say = |definition, value, rows: Rows| {
            let figure = Figure::new(definition, source).of("area", &point.area).of("flow", &point.flow);
            figure.of("currency", &point.currency).of("period", &point.period).value(value).rows(rows)
        };
        out.push(say(&SHARE, Value::real(percent(point.share), 1), rows.clone()));
        let same = |before: &&Point| {
            (&before.area, &before.flow, &before.currency) == (&point.area, &point.flow, &point.currency)
        };
        let before = at.checked_sub(1).map(|before| order[before]).filter(same);
        let change = before
            .map_or(Value::Absent("the first point"), |before| Value::real(percent(point.share - before.share), 1));
        out.push(say(&CHANGE, change, before.into_iter().map(|before| before.row).chain([point.row]).collect()));
        let whole = told[&(point.area.as_str(), point.flow.as_str(), point.period.as_str())];
        out.push(say(&TOLD, Value::real(percent(whole), 1), rows));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Point, tell};
    use crate::figure::Source;

    #[test]
    fn points_of_one_line_are_compared_and_others_are_not() {
        let point = |flow: &str, currency: &str, period: &str, share, row| Point {
            area: "A-B".into(),
            flow: flow.into(),
            currency: currency.into(),
            period: period.into(),
            share,
            row,
        };
        let points = [
            point("exports", "AAD", "2023", 625_000, 2),
            point("exports", "USD", "2023", 300_000, 3),
            point("exports", "AAD", "2019", 400_000, 4),
            point("imports", "AAD", "2020", 500_000, 5),
        ];
        let figures = tell(&points, &Source::new("made up", "1", "").shared());
        let shown: Vec<String> =
            figures.iter().map(|figure| format!("{} {}", figure.definition.key, figure.value)).collect();
        expect_test::expect![[r#"
            currency.share 40.0
            currency.change 
            currency.told 40.0
            currency.share 62.5
            currency.change 22.5
            currency.told 92.5
            currency.share 30.0
            currency.change 
            currency.told 92.5
            currency.share 50.0
            currency.change 
            currency.told 50.0"#]]
        .assert_eq(&shown.join("\n"));
        assert_eq!(figures[4].rows.to_string(), "2, 4");
    }
}
