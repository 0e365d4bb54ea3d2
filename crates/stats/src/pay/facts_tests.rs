//! Values in a unit, and joint business days.

use super::super::sample::{DAY, facts, row};
use super::*;

#[test]
fn values_follow_the_latest_approved_rate_and_chains_of_pairs() {
    let mut foreign = row(0, 1, 10_00, DAY, 1);
    foreign.settled_in = 1;
    let mut facts = facts(vec![row(0, 1, 5_00, DAY, 2), foreign.clone(), foreign], DAY);
    facts.rows[2].done_day = DAY + 1;
    let third = Currency { code: "XBC".into(), exponent: 0, calendar: Calendar::default(), country: 0 };
    facts.currencies.push(third);
    let rate = |day, base, quote, mantissa, scale| Rate {
        journal: 0,
        entry: 1,
        day,
        base,
        quote,
        mantissa,
        scale,
        source: "made up".into(),
    };
    // 1 XBB = 2.5 XBC, 1 XBA = 5 XBC: 10.00 XBB are 25 XBC are 5.00 XBA; the next day 1 XBB = 3 XBC.
    facts.rates = vec![rate(DAY, 1, 2, 25, 1), rate(DAY, 0, 2, 5, 0), rate(DAY + 1, 1, 2, 3, 0)];
    assert_eq!(facts.usual_unit(), Some(2));
    facts.value(0);
    let units: Vec<Option<i64>> = facts.rows.iter().map(|row| row.unit).collect();
    assert_eq!(units, [Some(5_00), Some(5_00), Some(6_00)]);
    assert!(facts.unit_notes.iter().any(|note| note.contains("XBB/XBC") && note.contains("published by made up")));
    facts.rates.clear();
    facts.value(0);
    assert_eq!(facts.rows[1].unit, None);
    assert!(
        facts.unit_notes[0].starts_with("no approved rates lead from XBB to XBA on 2 of the dates"),
        "{:?}",
        facts.unit_notes
    );
}

#[test]
fn joint_days_skip_what_either_calendar_closes() {
    let mut facts = facts(Vec::new(), DAY);
    facts.currencies[0].calendar.weekend = 0b110_0000;
    facts.currencies[1].calendar.exceptions.insert(DAY + 1, false);
    assert_eq!(facts.joint_day(0, 0, DAY, 2).map(|day| day - DAY), Some(2));
    assert_eq!(facts.joint_day(0, 1, DAY, 2).map(|day| day - DAY), Some(5), "a holiday and a weekend between");
    facts.currencies[1].calendar.weekend = 0b111_1111;
    assert_eq!(facts.joint_day(0, 1, DAY, 2), None);
}
