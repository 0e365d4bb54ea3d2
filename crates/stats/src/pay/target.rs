//! Targets: what was agreed, what is measured, and whether the pace suffices.
//!
//! A measure is a figure of settled payments within a period; it is recomputed from rows each time. Whether a target is
//! late is judged by the date of the journal, never by a clock. Absent on purpose: files, and excuses.

use std::collections::BTreeSet;

use super::concentration::{Of, hhi, holders};
use super::date;
use super::facts::{Facts, Row, Standing};
use super::{netting, shares, timely, waits};
use crate::figure::{ratio, real};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Percent of value settled in a currency of either party's country.
    NationalShare,
    /// Percent of payments settled in a currency of either party's country.
    NationalPayments,
    /// Percent of value settled in the currencies named.
    CurrencyShare,
    /// Percent of the payments recorded that settled.
    SettledShare,
    /// Percent of the payments recorded that were refused or ended.
    FailedShare,
    /// Percent of the payments due that settled within two joint business days of their value date.
    TimelyShare,
    /// Percent of the settled payments that were set off.
    OffsetShare,
    /// Seconds that half of the payments did not exceed.
    TimeP50,
    /// Seconds that 90 % of the payments did not exceed.
    TimeP90,
    /// Seconds that 99 % of the payments did not exceed.
    TimeP99,
    /// Percent of the gross value that multilateral netting of each day saves, currencies weighted by value.
    NettingEfficiency,
    /// Concentration of value by settlement currency, 0 to 10,000.
    HhiCurrency,
    /// Concentration of value by participant.
    HhiParticipant,
    /// Concentration of value by pair of participants.
    HhiPair,
    /// Banks that paid or were paid.
    Participants,
    /// Payments settled.
    Payments,
    /// Value settled, whole units of the unit.
    Value,
}

/// Every measure by name, and how it reads.
pub const MEASURES: &[(&str, Measure, &str)] = &[
    ("national-currency-share", Measure::NationalShare, "%"),
    ("national-currency-payments", Measure::NationalPayments, "%"),
    ("currency-share", Measure::CurrencyShare, "%"),
    ("settled-share", Measure::SettledShare, "%"),
    ("failed-share", Measure::FailedShare, "%"),
    ("timely-share", Measure::TimelyShare, "%"),
    ("offset-share", Measure::OffsetShare, "%"),
    ("time-to-settle-p50", Measure::TimeP50, "s"),
    ("time-to-settle-p90", Measure::TimeP90, "s"),
    ("time-to-settle-p99", Measure::TimeP99, "s"),
    ("netting-efficiency", Measure::NettingEfficiency, "%"),
    ("hhi-currency", Measure::HhiCurrency, ""),
    ("hhi-participant", Measure::HhiParticipant, ""),
    ("hhi-pair", Measure::HhiPair, ""),
    ("participants", Measure::Participants, ""),
    ("payments", Measure::Payments, ""),
    ("value", Measure::Value, ""),
];

impl Measure {
    /// The measure of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        MEASURES.iter().find(|(known, _, _)| *known == name).map(|(_, measure, _)| *measure)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        MEASURES.iter().find(|(_, measure, _)| *measure == self).map_or("", |(name, _, _)| name)
    }

    /// `%`, `s`, or nothing.
    #[must_use]
    pub fn unit(self) -> &'static str {
        MEASURES.iter().find(|(_, measure, _)| *measure == self).map_or("", |(_, _, unit)| unit)
    }

    /// A value of it for people: `63.2 %`, `12.5 s`, `1,804`.
    #[must_use]
    pub fn shown(self, value: f64) -> String {
        match self.unit() {
            "" => format!("{value:.0}"),
            unit => format!("{value:.1} {unit}"),
        }
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The value or more.
    AtLeast,
    /// The value or less.
    AtMost,
}

impl Comparison {
    /// The words.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
        }
    }
}

/// What was agreed.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What is measured.
    pub measure: Measure,
    /// Which way is better.
    pub comparison: Comparison,
    /// The value, in the measure's unit.
    pub value: f64,
    /// The month by whose end it is to be reached.
    pub by: u32,
    /// Who answers for it.
    pub owner: String,
    /// Countries of which one must be a party's; empty for all payments.
    pub members: Vec<String>,
    /// Settlement currencies that count; for the measure `currency-share`, the ones whose share it is. Empty for all.
    pub currencies: Vec<String>,
    /// Values on the way, each by the end of a month, rising months.
    pub milestones: Vec<(u32, f64)>,
}

impl Target {
    /// Whether a measured value is good enough for `goal`.
    #[must_use]
    pub fn meets(&self, value: f64, goal: f64) -> bool {
        match self.comparison {
            Comparison::AtLeast => value >= goal,
            Comparison::AtMost => value <= goal,
        }
    }
}

/// A measurement of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Last day of the period.
    pub until: u32,
    /// The value, or why there is none.
    pub value: Result<f64, String>,
}

/// How often is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Each business date.
    Day,
    /// Each calendar month.
    Month,
}

impl Every {
    /// The last day of the period a day lies in.
    #[must_use]
    pub fn end(self, day: u32) -> u32 {
        match self {
            Self::Day => day,
            Self::Month => date::month_end(date::month(day)),
        }
    }

    /// The period that ends on a day, written.
    #[must_use]
    pub fn text(self, until: u32) -> String {
        match self {
            Self::Day => date::day_text(until),
            Self::Month => date::month_text(date::month(until)),
        }
    }
}

/// Measures a target in each period in which the journals have payments.
#[must_use]
pub fn measure(facts: &Facts, target: &Target, every: Every) -> Vec<Point> {
    let ends: BTreeSet<u32> = facts.rows.iter().map(|row| every.end(row.day())).collect();
    let value = |until| within(facts, target, |row| every.end(row.day()) == until);
    ends.into_iter().map(|until| Point { until, value: value(until) }).collect()
}

fn within(facts: &Facts, target: &Target, period: impl Fn(&Row) -> bool) -> Result<f64, String> {
    let named = |list: &[String], name: String| list.is_empty() || list.contains(&name);
    let member = |bank| target.members.contains(&facts.country_name(facts.country_of(bank)));
    let of_members = |row: &Row| target.members.is_empty() || member(row.debtor) || member(row.creditor);
    let in_currency = |row: &Row| {
        target.measure == Measure::CurrencyShare || named(&target.currencies, facts.currency_name(row.settled_in))
    };
    let counts = |row: &Row| period(row) && of_members(row) && in_currency(row);
    let rows: Vec<&Row> = facts.rows.iter().filter(|row| counts(row)).collect();
    let settled: Vec<&Row> = rows.iter().copied().filter(|row| row.settled()).collect();
    let share = |part: i128, whole: i128, why: &str| {
        ratio(part, whole).map(|ratio| 100.0 * ratio).ok_or_else(|| why.to_owned())
    };
    let count = |rows: usize| rows as i128;
    let value = |rows: &mut dyn Iterator<Item = &&Row>| rows.filter_map(|row| row.unit).map(i128::from).sum::<i128>();
    let no_value = "no settled payment has a value in the unit";
    let nothing = "no payment settled";
    match target.measure {
        Measure::NationalShare | Measure::NationalPayments => {
            let told = |row: &&&Row| shares::is_national(facts, row).is_some();
            let national = |row: &&&Row| shares::is_national(facts, row) == Some(true);
            if target.measure == Measure::NationalPayments {
                let (part, whole) = (settled.iter().filter(national).count(), settled.iter().filter(told).count());
                return share(count(part), count(whole), nothing);
            }
            let (part, whole) = (value(&mut settled.iter().filter(national)), value(&mut settled.iter().filter(told)));
            share(part, whole, no_value)
        }
        Measure::CurrencyShare => {
            let ours = |row: &&&Row| target.currencies.contains(&facts.currency_name(row.settled_in));
            share(value(&mut settled.iter().filter(ours)), value(&mut settled.iter()), no_value)
        }
        Measure::SettledShare => share(count(settled.len()), count(rows.len()), "no payment was recorded"),
        Measure::FailedShare => {
            let failed = rows.iter().filter(|row| matches!(row.standing, Standing::Refused | Standing::Ended)).count();
            share(count(failed), count(rows.len()), "no payment was recorded")
        }
        Measure::TimelyShare => {
            let told: Vec<bool> =
                rows.iter().filter_map(|row| timely::is_timely(facts, row, timely::until(facts, row))).collect();
            let part = told.iter().filter(|timely| **timely).count();
            share(count(part), count(told.len()), "no payment was due")
        }
        Measure::OffsetShare => {
            let (part, whole) = waits::offset_share(&settled);
            share(count(part), count(whole), nothing)
        }
        Measure::TimeP50 => waits::percentile(&settled, 50).ok_or_else(|| nothing.to_owned()),
        Measure::TimeP90 => waits::percentile(&settled, 90).ok_or_else(|| nothing.to_owned()),
        Measure::TimeP99 => waits::percentile(&settled, 99).ok_or_else(|| nothing.to_owned()),
        Measure::NettingEfficiency => {
            let found = netting::per_currency(facts, counts);
            let (mut saved, mut whole) = (0.0, 0.0);
            for (per, members) in found.values() {
                let weight =
                    members.iter().filter_map(|at| facts.rows[*at as usize].unit).map(i128::from).sum::<i128>();
                let efficiency = ratio(per.gross - per.multilateral, per.gross).unwrap_or(0.0);
                saved += efficiency * real(weight);
                whole += real(weight);
            }
            if whole > 0.0 { Ok(100.0 * saved / whole) } else { Err(no_value.to_owned()) }
        }
        Measure::HhiCurrency => hhi(&holders(facts, Of::Currency, counts)).ok_or_else(|| no_value.to_owned()),
        Measure::HhiParticipant => hhi(&holders(facts, Of::Participant, counts)).ok_or_else(|| no_value.to_owned()),
        Measure::HhiPair => hhi(&holders(facts, Of::Pair, counts)).ok_or_else(|| no_value.to_owned()),
        Measure::Participants => {
            let banks: BTreeSet<u32> = settled.iter().flat_map(|row| [row.debtor, row.creditor]).collect();
            Ok(real(count(banks.len())))
        }
        Measure::Payments => Ok(real(count(settled.len()))),
        Measure::Value => {
            let unit = facts.unit.as_ref().ok_or_else(|| no_value.to_owned())?;
            Ok(real(value(&mut settled.iter())) / 10_f64.powi(i32::from(unit.exponent)))
        }
    }
}

/// Where a target stands. The order is that of a list: what needs somebody first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The date has passed and the value is not reached.
    Late,
    /// A milestone was missed, or the pace does not suffice.
    Behind,
    /// There is no value, or no pace yet.
    NotMeasurable,
    /// The pace suffices.
    OnCourse,
    /// The latest measurement meets the value.
    Reached,
}

impl Status {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Behind => "behind",
            Self::NotMeasurable => "not measurable",
            Self::OnCourse => "on course",
            Self::Reached => "reached",
        }
    }

    /// A shape that tells it without colour.
    #[must_use]
    pub const fn shape(self) -> char {
        match self {
            Self::Late => '\u{2716}',
            Self::Behind => '\u{25BC}',
            Self::NotMeasurable => '?',
            Self::OnCourse => '\u{25B6}',
            Self::Reached => '\u{2714}',
        }
    }
}

/// A target judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Where it stands.
    pub status: Status,
    /// The latest value, and the last day of its period.
    pub latest: Option<(f64, u32)>,
    /// Change a month that is needed from now on.
    pub needed: Option<f64>,
    /// Change a month since the first measurement.
    pub actual: Option<f64>,
    /// Why it stands there, in words.
    pub why: String,
}

/// A date as months, the days of a month counted as equal parts of it: from one month's end to the next is one.
fn in_months(day: u32) -> f64 {
    let month = date::month(day);
    let (_, _, of_month) = date::civil(day);
    let (_, _, days) = date::civil(date::month_end(month));
    f64::from(month) + f64::from(of_month) / f64::from(days)
}

/// Judges a target by its measurements, in order of time, as of a date.
#[must_use]
pub fn judge(target: &Target, points: &[Point], as_of: u32) -> Judged {
    let measured: Vec<(f64, u32)> =
        points.iter().filter_map(|point| point.value.as_ref().ok().map(|value| (*value, point.until))).collect();
    let deadline = date::month_end(target.by);
    let shown = |value| target.measure.shown(value);
    let Some(latest) = measured.last().copied() else {
        let why = points.last().and_then(|point| point.value.clone().err());
        let why = why.unwrap_or_else(|| "the journal has no payments".to_owned());
        let status = if as_of > deadline { Status::Late } else { Status::NotMeasurable };
        return Judged { status, latest: None, needed: None, actual: None, why };
    };
    let months = |from: u32, to: u32| in_months(to) - in_months(from);
    let first = measured[0];
    let actual = (latest.1 > first.1).then(|| (latest.0 - first.0) / months(first.1, latest.1));
    let left = months(as_of.min(deadline), deadline);
    let needed = (left > 0.0).then(|| (target.value - latest.0) / left);
    let told = |status, why| Judged { status, latest: Some(latest), needed, actual, why };
    if target.meets(latest.0, target.value) {
        return Judged {
            needed: None,
            ..told(
                Status::Reached,
                format!("{} is {} {}", shown(latest.0), target.comparison.word(), shown(target.value)),
            )
        };
    }
    if as_of > deadline {
        let why =
            format!("{} at the end of {}, and {}", shown(latest.0), date::month_text(target.by), target_words(target));
        return told(Status::Late, why);
    }
    let missed = target
        .milestones
        .iter()
        .rev()
        .find(|(month, goal)| date::month_end(*month) <= as_of && !target.meets(latest.0, *goal));
    if let Some((month, goal)) = missed {
        let why = format!("the milestone of {} for {} is still missed", shown(*goal), date::month_text(*month));
        return told(Status::Behind, why);
    }
    match (actual, needed) {
        (Some(actual), Some(needed)) => {
            let enough = match target.comparison {
                Comparison::AtLeast => actual >= needed,
                Comparison::AtMost => actual <= needed,
            };
            let pace = |value: f64| format!("{}{} a month", if value > 0.0 { "+" } else { "" }, shown(value));
            let why = format!("{} against {} needed", pace(actual), pace(needed));
            told(if enough { Status::OnCourse } else { Status::Behind }, why)
        }
        (Some(_), None) => told(Status::Behind, "the last day has come".to_owned()),
        (None, _) => told(Status::NotMeasurable, "one period is measured; a pace needs two".to_owned()),
    }
}

fn target_words(target: &Target) -> String {
    format!("{} {} was agreed", target.comparison.word(), target.measure.shown(target.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target {
            name: "own currencies".into(),
            measure: Measure::NationalShare,
            comparison: Comparison::AtLeast,
            value: 90.0,
            by: date::parse_month("2027-12").expect("a month"),
            owner: "Council".into(),
            members: Vec::new(),
            currencies: Vec::new(),
            milestones: vec![(date::parse_month("2026-12").expect("a month"), 60.0)],
        }
    }

    fn points(values: &[(&str, f64)]) -> Vec<Point> {
        let until = |month: &str| date::month_end(date::parse_month(month).expect("a month"));
        values.iter().map(|(month, value)| Point { until: until(month), value: Ok(*value) }).collect()
    }

    fn status(values: &[(&str, f64)], as_of: &str) -> (Status, String) {
        let judged = judge(&target(), &points(values), date::parse_day(as_of).expect("a date"));
        (judged.status, judged.why)
    }

    #[test]
    fn each_status_has_its_reason() {
        use Status::{Behind, Late, NotMeasurable, OnCourse, Reached};
        let told = [
            (
                status(&[("2026-09", 50.0), ("2026-10", 53.0)], "2026-10-31"),
                OnCourse,
                "+3.0 % a month against +2.6 % a month needed",
            ),
            (
                status(&[("2026-09", 50.0), ("2026-10", 50.5)], "2026-10-31"),
                Behind,
                "+0.5 % a month against +2.8 % a month needed",
            ),
            (
                status(&[("2026-09", 50.0), ("2026-12", 59.0)], "2026-12-31"),
                Behind,
                "the milestone of 60.0 % for 2026-12 is still missed",
            ),
            (status(&[("2026-09", 50.0)], "2026-09-30"), NotMeasurable, "one period is measured; a pace needs two"),
            (status(&[], "2026-09-30"), NotMeasurable, "the journal has no payments"),
            (status(&[("2026-09", 91.0)], "2026-09-30"), Reached, "91.0 % is at least 90.0 %"),
            (
                status(&[("2027-12", 89.9)], "2028-01-03"),
                Late,
                "89.9 % at the end of 2027-12, and at least 90.0 % was agreed",
            ),
            (status(&[], "2028-01-03"), Late, "the journal has no payments"),
        ];
        for ((status, why), expected, reason) in told {
            assert_eq!((status, why.as_str()), (expected, reason));
        }
        assert!(Late < Behind && Behind < NotMeasurable && NotMeasurable < OnCourse && OnCourse < Reached);
    }

    #[test]
    fn less_can_be_better() {
        let slow = Target { comparison: Comparison::AtMost, measure: Measure::TimeP90, value: 60.0, ..target() };
        let slow = Target { milestones: Vec::new(), ..slow };
        let values = points(&[("2026-09", 300.0), ("2026-10", 250.0)]);
        let judged = judge(&slow, &values, date::parse_day("2026-10-31").expect("a date"));
        assert_eq!(judged.status, Status::OnCourse, "{}", judged.why);
        assert!(
            MEASURES.iter().all(|(name, measure, _)| Measure::parse(name) == Some(*measure) && measure.name() == *name)
        );
    }
}
