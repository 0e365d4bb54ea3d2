//! The generator as its users see it: the same from the same seed, and near its targets.

use comity_lab::traffic::{
    CountryCode, Flaw, FlawKind, Kind, Mix, Options, Planned, Priority, SelfCheck, Traffic, Unusable, demo_banks, plan,
};
use std::collections::{HashMap, HashSet};

fn options(payments: u64) -> Options {
    Options { payments, ..Options::default() }
}

fn planned(options: &Options) -> Vec<Planned> {
    plan(options).expect("the default options are usable")
}

#[test]
fn same_seed_same_lines_other_seed_other_lines() {
    let first = options(5_000);
    let second = Options { seed: 2, ..first.clone() };
    assert_eq!(planned(&first), planned(&first));
    assert_ne!(planned(&first), planned(&second));
}

#[test]
fn the_default_day_meets_its_targets() {
    let options = Options::default();
    let mut check = SelfCheck::new(&options);
    let mut lines = 0;
    for line in Traffic::new(&options).expect("usable") {
        check.count(&line);
        lines += 1;
    }
    assert_eq!(check.lines, lines);
    let second_legs = check.kinds[Kind::Pvp { group: 0 }.number()] / 2;
    assert_eq!(lines, options.payments + second_legs, "second legs come on top");
    let median = check.median_eur_cents() / 100;
    assert!((6_500..8_100).contains(&median), "median {median} EUR");
    let (small, large) = (check.small_per_mille(), check.large_per_mille());
    assert!((690..725).contains(&small), "{small} per mille below 50 k");
    assert!((75..95).contains(&large), "{large} per mille above 1 m");
    let urgent = check.urgent_per_mille();
    assert!((70..90).contains(&urgent), "{urgent} per mille urgent");
    for share in check.pair_shares() {
        let off = share.target_ppm.abs_diff(share.achieved_ppm);
        assert!(off < 8_000, "{share:?}");
    }
    let sum: u64 = check.pair_shares().iter().map(|share| share.count).sum();
    assert_eq!(sum, check.tickets, "every ticket belongs to a pair");
    let text = check.to_string();
    assert!(text.contains("median ticket") && text.contains("wrong-decimals"), "{text}");
}

#[test]
fn lines_are_in_order_of_time_and_inside_the_hours() {
    let options = options(10_000);
    let lines = planned(&options);
    assert!(lines.is_sorted_by_key(|line| line.at));
    for (number, line) in (0..).zip(&lines) {
        assert_eq!(line.sequence, number);
        assert!((options.opens..options.closes).contains(&line.at));
        assert_eq!(line.at % 1_000, 0, "whole milliseconds");
        for instant in [line.earliest, line.latest].into_iter().flatten() {
            assert!(line.at < instant && instant < options.closes);
        }
    }
}

#[test]
fn the_day_of_a_country_has_a_morning_and_an_afternoon_peak() {
    let mut options = options(40_000);
    options.flows.retain(|flow| flow.importer == CountryCode::new("IN"));
    options.mix.returned = 0;
    let mut hours = HashMap::new();
    for line in planned(&options) {
        *hours.entry((line.at - options.opens) / 3_600_000_000).or_insert(0) += 1;
    }
    // Opening is 07:30 in Delhi, so hour 2 begins at 09:30, hour 5 at 12:30, hour 8 at 15:30.
    let (early, morning, lunch, afternoon) = (hours[&0], hours[&2], hours[&5], hours[&8]);
    assert!(morning > lunch && afternoon > lunch, "{hours:?}");
    assert!(lunch > early, "{hours:?}");
}

#[test]
fn every_bad_kind_that_the_options_allow_occurs() {
    let mut options = options(5_000);
    options.banks[44].suspended = true;
    let mut seen: HashMap<FlawKind, u64> = HashMap::new();
    for line in planned(&options) {
        if let Some(flaw) = line.flaw {
            *seen.entry(flaw.kind).or_default() += 1;
        }
    }
    for kind in FlawKind::ALL {
        assert!(seen.contains_key(kind), "{kind:?} is missing of {seen:?}");
    }
    assert_eq!(seen.values().sum::<u64>(), options.flaws);
    let without = planned(&Options { flaws: 0, ..options });
    assert!(without.iter().all(|line| line.flaw.is_none()));
}

#[test]
fn impossible_flaws_are_left_out_and_the_others_go_on() {
    let mut options = options(2_000);
    options.rates.clear();
    let lines = planned(&options);
    let kinds: HashSet<_> = lines.iter().filter_map(|line| line.flaw).map(|flaw| flaw.kind).collect();
    assert!(!kinds.contains(&FlawKind::Suspended), "nobody is suspended");
    assert!(!kinds.contains(&FlawKind::RateMismatch), "there is no rate");
    assert_eq!(kinds.len(), FlawKind::ALL.len() - 2);
}

#[test]
fn good_payments_are_between_banks_with_accounts() {
    let mut options = options(20_000);
    options.banks[40].suspended = true;
    for line in planned(&options).iter().filter(|line| line.flaw.is_none()) {
        let code = options.currencies[line.money.currency.at()].code;
        let (from, to) = (&options.banks[line.from.at()], &options.banks[line.to.at()]);
        assert_ne!(from.country, to.country, "{line:?}");
        assert!(!from.suspended && !to.suspended, "{line:?}");
        assert!(to.currencies.contains(&code), "{line:?}");
        if let Kind::Conversion(conversion) = line.kind {
            let source = options.currencies[conversion.source.currency.at()].code;
            assert!(from.currencies.contains(&source), "{line:?}");
        } else {
            assert!(from.currencies.contains(&code), "{line:?}");
        }
    }
}

#[test]
fn uetrs_are_version_4_and_unique_except_on_purpose() {
    let mut seen = HashSet::new();
    for line in planned(&options(20_000)) {
        assert_eq!((line.uetr >> 76) & 0xf, 4);
        assert_eq!((line.uetr >> 62) & 0x3, 2);
        let reused = matches!(line.flaw, Some(Flaw { kind: FlawKind::UetrReused, .. }));
        assert_eq!(seen.insert(line.uetr), !reused, "{line:?}");
    }
}

#[test]
fn reactions_come_after_their_originals_and_once_each() {
    let lines = planned(&options(30_000));
    let mut reacted = HashSet::new();
    let mut count = 0;
    for line in lines.iter().filter(|line| line.flaw.is_none()) {
        let (Kind::Return(original) | Kind::Recall(original)) = line.kind else {
            continue;
        };
        count += 1;
        let first = &lines[usize::try_from(original.sequence).expect("fits")];
        assert_eq!((first.uetr, first.money), (original.uetr, original.money));
        assert!(first.flaw.is_none() && first.at < line.at);
        assert!(line.money.minor <= original.money.minor);
        assert!(reacted.insert(original.uetr), "second reaction to {original:?}");
    }
    assert!(count > 100, "{count} reactions");
}

#[test]
fn pvp_legs_come_in_pairs_of_two_currencies() {
    let lines = planned(&options(30_000));
    let mut pairs = 0;
    for pair in lines.windows(2) {
        if let (Kind::Pvp { group: first }, Kind::Pvp { group: second }) = (pair[0].kind, pair[1].kind)
            && first == second
        {
            pairs += 1;
            assert_eq!((pair[0].from, pair[0].to), (pair[1].to, pair[1].from));
            assert_eq!(pair[0].at, pair[1].at);
            assert_ne!(pair[0].money.currency, pair[1].money.currency);
        }
    }
    let legs = lines.iter().filter(|line| matches!(line.kind, Kind::Pvp { .. })).count();
    assert_eq!(legs, 2 * pairs);
    assert!(pairs > 20, "{pairs} pairs");
}

#[test]
fn a_mix_of_one_kind_gives_that_kind() {
    let mut options = options(500);
    options.flaws = 0;
    options.mix = Mix {
        institution: 1_000,
        pvp: 0,
        conversion: 0,
        initiation: 0,
        returned: 0,
        recall: 0,
        verification: 0,
        urgent: 1_000,
        future: 0,
        timed: 0,
    };
    for line in planned(&options) {
        assert_eq!(line.kind, Kind::Institution);
        assert_eq!(line.priority, Priority::Urgent);
    }
}

#[test]
fn unusable_options_are_refused() {
    let refused = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        Traffic::new(&options).expect_err("refused")
    };
    assert!(matches!(refused(|o| o.closes = o.opens), Unusable::Hours { .. }));
    assert_eq!(refused(|o| o.banks.clear()), Unusable::NoPair);
    let unlisted = refused(|o| o.countries.truncate(8));
    assert_eq!(unlisted.to_string(), "country IN of bank XXXXINB1 is not listed");
    assert!(matches!(refused(|o| o.currencies[0].micro_units_per_eur = 0), Unusable::List { .. }));
    assert_eq!(demo_banks().len(), 45);
}

#[test]
fn nothing_is_planned_after_a_currency_has_closed() {
    let mut options = options(10_000);
    let cut_off = options.opens + 5 * 3_600_000_000;
    for currency in &mut options.currencies {
        if ["CNY", "MNT"].contains(&currency.code.as_str()) {
            currency.cut_off = Some(cut_off);
        }
    }
    let mut late = 0;
    for line in planned(&options) {
        let mut moneys = vec![line.money];
        if let Kind::Conversion(conversion) = line.kind {
            moneys.push(conversion.source);
        }
        if matches!(line.kind, Kind::Verification) || line.flaw.is_some() {
            continue;
        }
        late += u64::from(line.at >= cut_off);
        for money in moneys {
            let currency = options.currencies[money.currency.at()];
            assert!(currency.cut_off.is_none_or(|cut_off| line.at < cut_off), "{line:?}");
        }
    }
    assert!(late > 1_000, "the others go on: {late}");
}

#[test]
fn turnovers_of_the_banks_add_up() {
    let options = options(5_000);
    let mut check = SelfCheck::new(&options);
    for line in planned(&options) {
        check.count(&line);
    }
    let mut paid = vec![0; options.currencies.len()];
    let mut received = paid.clone();
    for flow in check.bank_flows() {
        paid[flow.currency.at()] += flow.paid;
        received[flow.currency.at()] += flow.received;
    }
    let without_conversions = Options { mix: Mix { conversion: 0, ..options.mix }, flaws: 0, ..options.clone() };
    assert!(paid.iter().sum::<u128>() > 0 && paid != received, "conversions change currency");
    let mut check = SelfCheck::new(&without_conversions);
    for line in planned(&without_conversions) {
        check.count(&line);
    }
    for at in 0..options.currencies.len() {
        let of = |side: fn(&comity_lab::traffic::BankFlow) -> u128| -> u128 {
            check.bank_flows().iter().filter(|flow| flow.currency.at() == at).map(side).sum()
        };
        assert_eq!(of(|flow| flow.paid), of(|flow| flow.received));
    }
    let funding = check.suggested_funding(1_000);
    for flow in check.bank_flows() {
        let funded = funding
            .iter()
            .find(|(bank, money)| (*bank, money.currency) == (flow.bank, flow.currency))
            .map_or(0, |(_, money)| u128::from(money.minor));
        assert!(funded + flow.received >= flow.paid, "{flow:?} with {funded}");
    }
}
