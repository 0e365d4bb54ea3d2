//! Pictures of payment figures: currency shares, times, timeliness lights.
//!
//! Absent on purpose: figures; the pictures show those that the tables have.

use std::path::Path;

use clap::ValueEnum;
use comity_stats::figure::Value;
use comity_stats::pay::date;
use comity_stats::pay::facts::Facts;
use comity_stats::pay::figures::{self, timely};
use comity_stats::pay::table::{self, Dimension};
use comity_viz::{
    Amount, Bin, Head, Histogram, Light, LightRow, Lights, Picture, Segment, Share, ShareBar, Unit, Width,
};

use crate::exit::{Failure, at};

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Draw {
    /// Shares of currencies, 100 % a bar.
    Shares,
    /// How many payments took how long.
    Times,
    /// Timeliness of each participant, a light a week.
    Lights,
}

/// Writes the picture.
pub(super) fn write(path: &Path, draw: Draw, facts: &Facts, by: Dimension) -> Result<(), Failure> {
    let svg = match draw {
        Draw::Shares => shares(facts, by).svg(Width::Wide),
        Draw::Times => times(facts).svg(Width::Wide),
        Draw::Lights => lights(facts).svg(Width::Wide),
    };
    std::fs::write(path, svg).map_err(at(path))
}

fn source(facts: &Facts) -> String {
    let source = table::source_of(facts);
    format!("Source: {}, {}.", source.name, source.revision)
}

fn dimension<'a>(of: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
    of.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

fn shares(facts: &Facts, by: Dimension) -> Share {
    let unit = facts.unit.as_ref().map_or_else(Unit::default, |unit| Unit::new(unit.code.clone(), unit.exponent));
    let parts = figures::all(facts, &["currencies".to_owned()], by);
    let mut bars: Vec<ShareBar> = Vec::new();
    for part in &parts {
        for told in part.told.iter().filter(|told| told.figure.definition.key == "pay.unit_value") {
            let of = &told.figure.of;
            let Value::Amount { units, .. } = told.figure.value else { continue };
            let inner = of.last().map_or(("", ""), |(name, value)| (*name, value.as_str()));
            let label = if by == Dimension::All {
                format!("by {}", inner.0.replace('_', " "))
            } else {
                dimension(of, by.name()).unwrap_or("unknown").to_owned()
            };
            let segment = Segment { label: inner.1.to_owned(), value: Amount::new(units, unit.text(units)) };
            match bars.iter_mut().find(|bar| bar.label == label) {
                Some(bar) => bar.segments.push(segment),
                None => bars.push(ShareBar { label, segments: vec![segment] }),
            }
        }
    }
    gather_small(&mut bars, &unit);
    let about =
        format!("Value of settled payments in {}, at rates both authorities approved. {}", unit.code, source(facts));
    Share { head: Head::new("currency-shares", "Shares of currencies", about), unit, bars }
}

/// Largest first, as in the first bar; what is below one percent of every bar becomes `other`, so that each colour is
/// one currency.
fn gather_small(bars: &mut [ShareBar], unit: &Unit) {
    let whole = |bar: &ShareBar| bar.segments.iter().map(|segment| segment.value.minor).sum::<i128>();
    let mut large: Vec<(i128, String)> = Vec::new();
    for bar in bars.iter() {
        let all = whole(bar);
        for segment in &bar.segments {
            let known = large.iter().any(|(_, label)| *label == segment.label);
            if !known && segment.value.minor.saturating_mul(100) >= all && segment.value.minor > 0 {
                large.push((segment.value.minor, segment.label.clone()));
            }
        }
    }
    large.sort_by_key(|(minor, label)| (label == "unknown", std::cmp::Reverse(*minor), label.clone()));
    for bar in bars {
        let rest = whole(bar);
        let mut segments: Vec<Segment> = Vec::new();
        for (_, label) in &large {
            segments.extend(bar.segments.iter().find(|segment| segment.label == *label).cloned());
        }
        let rest = rest - segments.iter().map(|segment| segment.value.minor).sum::<i128>();
        if rest > 0 {
            segments.push(Segment { label: "other".into(), value: Amount::new(rest, unit.text(rest)) });
        }
        bar.segments = segments;
    }
}

fn times(facts: &Facts) -> Histogram {
    let parts = figures::all(facts, &["time".to_owned()], Dimension::All);
    let told = || parts.iter().flat_map(|part| &part.told);
    let count = |value: &Value| match value {
        Value::Count(count) => u64::try_from(*count).unwrap_or(0),
        _ => 0,
    };
    let bins = told()
        .filter(|told| told.figure.definition.key == "pay.time_bin")
        .map(|told| Bin {
            label: dimension(&told.figure.of, "bin").unwrap_or("").to_owned(),
            count: count(&told.figure.value),
        })
        .collect();
    let percentile = |key: &str| {
        let all =
            |told: &&table::Told| told.figure.definition.key == key && dimension(&told.figure.of, "all").is_some();
        told().find(all).and_then(|told| told.figure.value.number())
    };
    let shown = |seconds: Option<f64>| {
        seconds.map_or("-".to_owned(), |seconds| {
            if seconds < 60.0 { format!("{seconds:.1} s") } else { date::duration(seconds.round() as u64) }
        })
    };
    let marks = [("half within", "pay.time_p50"), ("90 % within", "pay.time_p90"), ("99 % within", "pay.time_p99")];
    let marks = marks.map(|(name, key)| (name.to_owned(), shown(percentile(key))));
    let about = format!("From entry in the journal to finality. {}", source(facts));
    Histogram {
        head: Head::new("time-to-settle", "How long payments took", about),
        of: "payments".into(),
        bins,
        marks: marks.to_vec(),
    }
}

/// Weeks drawn, the latest.
const WEEKS_MAX: usize = 26;

fn lights(facts: &Facts) -> Lights {
    let weeks = timely::weeks(facts);
    let mut mondays: Vec<u32> = weeks.values().flat_map(|weeks| weeks.keys().copied()).collect();
    mondays.sort_unstable();
    mondays.dedup();
    let drawn = &mondays[mondays.len().saturating_sub(WEEKS_MAX)..];
    let mut rows: Vec<LightRow> = Vec::new();
    for (bank, weeks) in &weeks {
        let counts: Vec<(u64, u64)> =
            weeks.values().map(|week| (week.due.len() as u64, week.timely.len() as u64)).collect();
        let lights = timely::lights(&counts);
        let light = |monday: &u32| {
            let place = weeks.keys().position(|known| known == monday)?;
            let (due, timely) = counts[place];
            let light = match lights[place] {
                timely::Light::Green => Light::Green,
                timely::Light::Orange => Light::Orange,
                timely::Light::Red => Light::Red,
            };
            Some((light, format!("{timely} of {due}")))
        };
        rows.push(LightRow { label: facts.bank_name(*bank), lights: drawn.iter().map(light).collect() });
    }
    rows.sort_by(|a, b| a.label.cmp(&b.label));
    let about = format!(
        "Green: at least 80 % of the week's payments settled within two joint business days of their value date; below, orange for twelve weeks, then red. {}",
        source(facts)
    );
    Lights {
        head: Head::new("timeliness", "Timeliness of each participant, by week", about),
        columns: drawn.iter().map(|monday| date::day_text(*monday)).collect(),
        rows,
    }
}
