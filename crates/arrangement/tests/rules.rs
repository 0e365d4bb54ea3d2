//! Rule-set files: every preset written and read is the same rule set, and every mistake has a line and a field.

use comity_arrangement::rules::{in_two_unions, parse_rules, write_rules};
use comity_union::Share;
use comity_union::charge::DayCount;
use comity_union::preset::{
    Excess, GrowthRule, Key, NAMES, RecyclingRule, Rising, RuleSet, SwapRule, Text, Unable, Use, UseRule, preset,
};
use comity_union::residual::{Kind, Method};
use comity_union::schedule::RemainderIn;
use expect_test::expect;

const FILE: &str = "my-rules.toml";

#[test]
fn every_preset_written_and_read_is_the_same_rule_set() {
    for name in NAMES {
        let rules = preset(name).expect("exists");
        let text = write_rules(&rules);
        match parse_rules(FILE, &text) {
            Ok(read) => assert_eq!(read, rules, "{name}"),
            Err(mistakes) => panic!("{name}: {mistakes}\n{text}"),
        }
    }
}

/// A preset with everything in it that presets leave out.
fn full() -> RuleSet {
    let mut rules = preset("epu-1950").expect("exists");
    let percent = |millionths| Share::new("share", millionths).expect("a share");
    rules.title = Text::Borrowed("a \"title\" with \\ and é");
    rules.members = ["AAA".into(), "BBB".into()].into();
    rules.basket = [("CNY".into(), percent(333_333)), ("RUB".into(), percent(666_667))].into();
    rules.fixed_quotas = [("AAA".into(), 1_000_500), ("BBB".into(), 7)].into();
    rules.growth = Some(GrowthRule { share: percent(250_000), excess: Excess::Asset });
    rules.swap = Some(SwapRule { share: percent(200_000), cycles: 3 });
    rules.rising =
        Some(Rising { side: None, above: percent(1), after: 0, step: percent(50_000), most: percent(1_000_000) });
    rules.recycling = Some(RecyclingRule {
        above: percent(500_000),
        share: percent(250_000),
        key: Key::Even,
        instalments: 24,
        rate: comity_union::Rate::new("rate", 31_234_567).expect("a rate"),
        count: DayCount::Act365,
        remainder: RemainderIn::First,
        unable: Unable::Restore,
    });
    let limit = Some(percent(100_000));
    rules.uses =
        [UseRule { kind: Use::TradeAdvance, above: percent(0), share: percent(10), limit, returns_after: 6 }].into();
    rules.residual = Kind::ALL.map(|kind| Method { kind, share: percent(500_000), limit }).into();
    rules
}

#[test]
fn everything_that_can_be_said_is_written_and_read() {
    let rules = full();
    let text = write_rules(&rules);
    assert_eq!(parse_rules(FILE, &text).map_err(|mistakes| format!("{mistakes}\n{text}")), Ok(rules));
}

/// What is said of a full file with one thing changed.
fn told(from: &str, to: &str) -> String {
    let text = write_rules(&full());
    assert!(text.contains(from), "{from:?} is not in the file");
    match parse_rules(FILE, &text.replacen(from, to, 1)) {
        Ok(_) => format!("{from} -> {to}: no mistake\n"),
        Err(mistakes) => format!("{mistakes}\n"),
    }
}

#[test]
fn mistakes_have_a_line_and_a_field() {
    let mut all = String::new();
    for (from, to) in [
        ("share = \"15 %\"", "share = \"0 %\""),
        ("share = \"15 %\"", "share = \"-15 %\""),
        ("AAA = \"1000.500\"", "AAA = \"0\""),
        ("AAA = \"1000.500\"", "AAA = \"-5\""),
        ("years = 1", "years = 0"),
        ("years = 1", ""),
        ("rate = \"2 %\"", "rate = \"-2 %\""),
        ("rate = \"3.1234567 %\"", "rate = \"\""),
        ("rate = \"3.1234567 %\"\n", ""),
        ("after = \"2.5 %\"\n", ""),
        ("months = 24", "months = 12"),
        ("members = [\"AAA\", \"BBB\"]", "members = [\"AAA\", \"AAA\"]"),
        ("from = \"20 %\", to = \"40 %\"", "from = \"10 %\", to = \"40 %\""),
        ("from = \"20 %\", to = \"40 %\"", "from = \"25 %\", to = \"40 %\""),
        ("from = \"20 %\", to = \"40 %\"", "from = \"20 %\", to = \"20 %\""),
        ("to = \"100 %\"", "to = \"90 %\""),
        ("asset = \"80 %\"", "asset = \"180 %\""),
        ("CNY = \"33.3333 %\"", "CNY = \"33.3332 %\""),
        ("CNY = \"33.3333 %\"", "CNY = \"0 %\""),
        ("method = \"auction\"", "method = \"lottery\""),
        ("kind = \"trade-advance\"", "kind = \"consumption\""),
        ("beyond = \"special\"", "beyond = \"all\""),
        ("special_asset = \"50 %\"\n", ""),
        ("cycle = \"monthly\"", "cycle = \"weekly\""),
        ("settlement = \"tranches\"", "settlement = \"paid\""),
        ("business_days = 10", "business_days = 10\ndays_then_open = 8"),
        ("business_days = 10", ""),
        ("instalments = 24", "instalments = 0"),
        ("unable = \"restore\"", "unabel = \"restore\""),
        ("[swap]", "[swaps]"),
        ("name = \"epu-1950\"", "name = "),
        ("cycles = 3", "cycles = \"three\""),
    ] {
        all.push_str(&told(from, to));
    }
    expect![[r#"
        my-rules.toml:14: quota.share: found "0 %", expected a share of yearly turnover above 0 %, at most 100 %, such as "15 %"
        my-rules.toml:14: quota.share: found "-15 %", expected a share of yearly turnover above 0 %, at most 100 %, such as "15 %"
        my-rules.toml:16: quota.fixed.AAA: found "0", expected a quota above 0 in millions with at most three decimals, such as "1000.5"
        my-rules.toml:16: quota.fixed.AAA: found "-5", expected a quota above 0 in millions with at most three decimals, such as "1000.5"
        my-rules.toml:15: quota.years: found 0, expected a whole number from 1 to 100
        my-rules.toml:13: quota.years: found nothing, expected a whole number from 1 to 100
        my-rules.toml:44: interest[1].ages[1].rate: found "-2 %", expected a yearly rate from 0 % to 400 % with at most seven decimals, such as "2.25 %"
        my-rules.toml:74: recycling.rate: found "", expected a yearly rate from 0 % to 400 % with at most seven decimals, such as "2.25 %"
        my-rules.toml:69: recycling.rate: found nothing, expected a yearly rate from 0 % to 400 % with at most seven decimals, such as "2.25 %"
        my-rules.toml:39: interest[1].after: found nothing, expected a yearly rate from 0 % to 400 % with at most seven decimals, such as "2.25 %"
        my-rules.toml:44: interest[1].ages[2].months: found 12, expected more months than the age before, 12
        my-rules.toml:6: members: found "AAA" again, expected a member of one union only, and named once
        my-rules.toml:25: debtor.tranche[2].from: found 10 %, which overlaps the tranche before, expected 20 %, where the tranche before ends
        my-rules.toml:25: debtor.tranche[2].from: found 25 %, which leaves a gap, expected 20 %, where the tranche before ends
        my-rules.toml:25: debtor.tranche[2].to: found 20 %, expected a share above its beginning, 20 %
        my-rules.toml:28: debtor.tranche[5].to: found 90 %, expected 100 %, as the last tranche ends at the full quota
        my-rules.toml:28: debtor.tranche[5].asset: found "180 %", expected a share from 0 % to 100 % with at most four decimals, such as "12.5 %"
        my-rules.toml:11: unit.basket: found weights that sum to 99.9999 %, expected weights that sum to 100 %
        my-rules.toml:11: unit.basket.CNY: found "0 %", expected a weight above 0 %, at most 100 %, such as "40 %"
        my-rules.toml:102: residual[4].method: found "lottery", expected one of designated-asset, roll-over, basket, auction, permitted-use
        my-rules.toml:80: use[1].kind: found "consumption", expected one of investment, trade-advance, third-country, third-member
        my-rules.toml:32: creditor.beyond: found "all", expected one of asset, credit, special, refuse
        my-rules.toml:31: creditor.special_asset: found nothing, expected the share of asset that beyond = "special" needs
        my-rules.toml:4: cycle: found "weekly", expected one of daily, monthly, two-monthly, four-monthly, yearly
        my-rules.toml:8: rounding: found a ladder beside settlement = "paid", expected nothing, as all is paid each cycle
        my-rules.toml:21: debtor: found a ladder beside settlement = "paid", expected nothing, as all is paid each cycle
        my-rules.toml:31: creditor: found a ladder beside settlement = "paid", expected nothing, as all is paid each cycle
        my-rules.toml:18: due: found both, expected business_days or days_then_open
        my-rules.toml:18: due: found neither, expected business_days or days_then_open
        my-rules.toml:73: recycling.instalments: found 0, expected a whole number from 1 to 1000
        my-rules.toml:69: recycling.unable: found nothing, expected one of asset, prolong, restore
        my-rules.toml:77: recycling.unabel: found an unknown key, expected one of above, share, key, instalments, rate, day_count, remainder, unable; did you mean unable
        my-rules.toml:58: swaps: found an unknown key, expected one of name, title, cycle, compensation, members, unit, quota, settlement, rounding, debtor, creditor, exception, charge, interest, action, due, growth, swap, refinancing, rising, recycling, use, residual, fact; did you mean swap
        my-rules.toml:2: found "name =", expected valid TOML; string values must be quoted, expected literal string
        my-rules.toml:2: name: found "", expected text of 1 to 400 bytes on one line
        my-rules.toml:60: swap.cycles: found "three", expected a whole number from 1 to 1000
    "#]].assert_eq(&all);
}

#[test]
fn a_charge_rises_and_a_file_is_bounded() {
    let text = write_rules(&preset("icu-1943").expect("exists")).replace("above = \"50 %\"", "above = \"25 %\"");
    let mistakes = parse_rules(FILE, &text).expect_err("refused").to_string();
    expect!["my-rules.toml:33: charge[2].above: found 25 %, expected a share above that of the step before, 25 %"]
        .assert_eq(&mistakes);
    let mistakes = parse_rules(FILE, &"#".repeat((1 << 20) + 1)).expect_err("refused").to_string();
    expect!["my-rules.toml: found 1048577 bytes, expected at most 1048576 bytes"].assert_eq(&mistakes);
    assert!(parse_rules(FILE, "").is_err_and(|mistakes| mistakes.0.len() >= 7));
}

#[test]
fn a_member_belongs_to_one_union() {
    let named = |name: &str, members: &[&'static str]| {
        let mut rules = preset("acu").expect("exists");
        rules.members = members.iter().map(|member| Text::Borrowed(*member)).collect();
        (name.to_owned(), rules)
    };
    let unions =
        [named("one.toml", &["AAA", "BBB"]), named("two.toml", &["CCC"]), named("three.toml", &["BBB", "DDD"])];
    let wrong = in_two_unions(&unions);
    assert_eq!(
        wrong,
        ["three.toml: members: found \"BBB\", expected a member of one union only; one.toml names it too"]
    );
}
