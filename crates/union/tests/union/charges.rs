//! Charges, interest, swaps, growth and action items.

use comity_union::action::{ActionRule, Actions, Status, growth};
use comity_union::charge::{AgedRates, DayCount, Span, Step, SymmetricCharge, interest, owed, swap_limit};
use comity_union::preset::preset;
use comity_union::{Rate, Ratio, Refusal, Share, Side};

use crate::quota;

#[test]
fn both_sides_are_charged_alike() {
    let charge = preset("icu-1943").expect("exists").charge.expect("has a charge");
    let hundredths = |balance| charge.yearly(quota(100), balance).expect("small").times(Ratio::whole(100));
    for (balance, expected) in [(25, 0), (30, 5), (50, 25), (60, 45), (75, 75), (100, 125)] {
        assert_eq!(hundredths(balance), Some(Ratio::whole(expected)));
        assert_eq!(hundredths(-balance), Some(Ratio::whole(expected)));
    }
    assert!(charge.yearly(quota(1), i64::MIN).is_ok());
}

#[test]
fn steps_of_a_charge_are_in_order() {
    let step = |above| Step { above: Share::percent(above), rate: Rate::basis_points(100) };
    let refused = SymmetricCharge::new(&[step(50), step(25)]).expect_err("refused");
    assert_eq!(refused.to_string(), "charge.steps[1] is not above the one before");
}

#[test]
fn interest_needs_its_rates() {
    let span = |rate| Span { days: 30, balance: -360_000, rate };
    let spans = [span(Some(Rate::basis_points(100))), span(None)];
    assert_eq!(interest(&spans, DayCount::Act360).expect_err("refused").to_string(), "interest: rate 1 is missing");
    assert_eq!(interest(&spans[..1], DayCount::Act360), Ok(Ratio::whole(-300)));
    assert_eq!(interest(&spans[..1], DayCount::Act365), Ok(Ratio::new(-21_600, 73).expect("a number")));
    assert_eq!(owed(Ratio::new(-21_600, 73).expect("a number")), Ok(-295));
    let most =
        Span { days: u32::MAX, balance: i64::MAX, rate: Some(Rate::new("rate", u32::MAX.into()).expect("fits")) };
    assert_eq!(interest(&[most, most, most], DayCount::Act360), Err(Refusal::Overflow { field: "interest" }));
}

#[test]
fn rates_by_age() {
    let rate = Rate::basis_points;
    let ages = AgedRates::new(&[(12, rate(200)), (24, rate(225))], rate(250)).expect("in order");
    let at: Vec<Rate> = [0, 11, 12, 23, 24, 100].into_iter().map(|months| ages.at(months)).collect();
    assert_eq!(at, [rate(200), rate(200), rate(225), rate(225), rate(250), rate(250)]);
    let refused = AgedRates::new(&[(12, rate(200)), (12, rate(225))], rate(250)).expect_err("refused");
    assert_eq!(refused.to_string(), "interest.ages[1] is not above the one before");
}

#[test]
fn swap_limits() {
    assert_eq!(swap_limit(Share::percent(20), &[900, 1000, 1100]), Ok(200));
    assert_eq!(swap_limit(Share::percent(20), &[]), Err(Refusal::BasePeriod { years: 0, needed: 1 }));
    assert_eq!(swap_limit(Share::percent(20), &[5, -1]), Err(Refusal::Turnover { year: 1, value: -1 }));
}

#[test]
fn growth_of_a_position_is_limited() {
    let quarter = Share::percent(25);
    assert_eq!(growth(quarter, quota(100), -10, -35), Ok(()));
    assert_eq!(
        growth(quarter, quota(100), -10, -36).expect_err("refused").to_string(),
        "position grew by 26 in a year, the rule growth_per_year allows 25"
    );
    assert_eq!(growth(quarter, quota(100), -90, -10), Ok(()));
    assert_eq!(growth(quarter, quota(100), 90, -26), Err(Refusal::Growth { grown: 26, limit: 25 }));
}

#[test]
fn action_items_open_become_late_and_close() {
    let rule = |side, from, cycles| ActionRule { side, from: Share::percent(from), action: "acts".into(), cycles };
    let rules = [rule(Side::Debtor, 25, 1), rule(Side::Debtor, 50, 9), rule(Side::Creditor, 50, 9)];
    let mut actions = Actions::default();
    let mut told = Vec::new();
    for (cycle, position) in (0..).zip([-24, -25, -30, -60, -20, -25]) {
        actions.close_cycle(&rules, &[quota(100); 2], &[position, -position], cycle).expect("two members");
        let live: Vec<(u32, usize, Status)> =
            actions.items().iter().map(|item| (item.owner, item.rule, item.status)).collect();
        told.push(live);
    }
    let closed = |cycle| Status::Closed { cycle };
    assert_eq!(told[0], []);
    assert_eq!(told[1], [(0, 0, Status::Open)]);
    assert_eq!(told[2], [(0, 0, Status::Open)]);
    assert_eq!(told[3], [(0, 0, Status::Late), (0, 1, Status::Open), (1, 2, Status::Open)]);
    assert_eq!(told[4], [(0, 0, closed(4)), (0, 1, closed(4)), (1, 2, closed(4))]);
    assert_eq!(told[5][3], (0, 0, Status::Open));
    assert_eq!(actions.items()[0].deadline, 2);
    let refused = actions.close_cycle(&rules, &[quota(100)], &[1, -1], 6);
    assert_eq!(refused, Err(Refusal::QuotaCount { quotas: 1, members: 2 }));
}
