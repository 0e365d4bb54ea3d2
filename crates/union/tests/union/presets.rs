//! Rule sets as data: all are there, well formed, and say what the table of their source says.

use comity_union::dates::{Due, Length};
use comity_union::preset::{Compensation, Excess, NAMES, Settlement, Source, preset};
use comity_union::{Refusal, Share, Side};

use crate::quota;

#[test]
fn every_name_is_a_rule_set() {
    for name in NAMES {
        let rules = preset(name).expect("exists");
        assert_eq!(rules.name, name);
        assert!(!rules.facts.is_empty(), "{name} says nothing about itself");
    }
    assert_eq!(preset("epu-1951").expect_err("refused").to_string(), "no rule set has this name");
}

#[test]
fn what_is_paid_at_the_full_quota() {
    let mut told = Vec::new();
    for name in NAMES {
        if let Settlement::Tranches(schedule) = preset(name).expect("exists").settlement {
            let paid = |position| schedule.stock(quota(100), position).expect("at the quota").asset;
            told.push((name, -paid(-100), paid(100)));
        }
    }
    let expected = [
        ("epu-1950", 40, 40),
        ("epu-1952", 40, 45),
        ("epu-1954", 50, 50),
        ("epu-1955", 75, 75),
        ("icu-1943", 0, 0),
        ("bilateral-1+1", 25, 25),
        ("union-1+5", 50, 50),
        ("framework-2+1", 0, 0),
        ("multilateral", 40, 40),
    ];
    assert_eq!(told, expected);
}

#[test]
fn some_settle_all_in_gold() {
    let rules = preset("epu-1954").expect("exists");
    let paid = |country| {
        let schedule = rules.schedule_of(country).expect("carries positions");
        schedule.stock(quota(100), -80).expect("within the quota").asset
    };
    assert_eq!((paid("GRC"), paid("TUR"), paid("NOR")), (-80, -80, -40));
    assert_eq!(preset("acu").expect("exists").schedule_of("IND"), None);
}

#[test]
fn cycles_dates_and_facilities() {
    let told = |name| {
        let rules = preset(name).expect("exists");
        (
            rules.cycle,
            rules.compensation,
            rules.due,
            rules.swap.map(|rule| rule.share),
            rules.refinancing.map_or(0, |rule| rule.instalments),
        )
    };
    let (union, pairs) = (Compensation::Union, Compensation::Pairs);
    assert_eq!(told("acu"), (Length::TwoMonthly, union, Due::BusinessDays(4), Some(Share::percent(20)), 0));
    assert_eq!(told("aladi"), (Length::FourMonthly, union, Due::DaysThenOpen(8), None, 4));
    assert_eq!(told("sml"), (Length::Daily, pairs, Due::BusinessDays(1), None, 0));
    assert_eq!(preset("aladi").expect("exists").interest[0].notice_days, 5);
}

#[test]
fn keynes_asks_creditors_too() {
    let rules = preset("icu-1943").expect("exists");
    assert!(rules.actions.iter().any(|rule| rule.side == Side::Creditor));
    assert_eq!(rules.growth.map(|rule| (rule.share, rule.excess)), Some((Share::percent(25), Excess::Report)));
    assert_eq!((rules.quota.share, rules.quota.years), (Share::percent(75), 3));
    assert!(rules.facts.iter().filter(|fact| fact.rule != "cycle").all(|fact| fact.source == Source::Remembered));
    assert_eq!(preset("").err(), Some(Refusal::Preset));
}
