//! Ladders and quotas: what is paid, what is carried, and what is refused.

use comity_union::quota::{Quota, TurnoverRule};
use comity_union::tranche::{Beyond, Ladder, Rounding, Schedule, Stock, Tranche};
use comity_union::{Ratio, Refusal, Share, Side};

use crate::{quota, schedule};

fn tranche(from: u32, to: u32, asset: u32) -> Tranche {
    Tranche { from: Share::percent(from), to: Share::percent(to), asset: Share::percent(asset) }
}

fn refused(tranches: &[Tranche]) -> String {
    Ladder::new(Side::Debtor, tranches, Beyond::Asset).expect_err("refused").to_string()
}

#[test]
fn a_debtor_of_1950() {
    let schedule = schedule("epu-1950");
    let paid = |position| schedule.stock(quota(100), position).expect("no refusal").asset;
    let steps: Vec<i64> = [-10, -20, -40, -60, -80, -100, -150].into_iter().map(paid).collect();
    assert_eq!(steps, [0, 0, -4, -12, -24, -40, -90]);
}

#[test]
fn a_creditor_beyond_its_quota_is_special() {
    let stock = schedule("epu-1950").stock(quota(100), 130).expect("no refusal");
    assert_eq!(stock, Stock { asset: 40, credit: 60, special_asset: 15, special_credit: 15 });
    assert_eq!(stock.total(), 130);
    assert_eq!(stock.paid(), 55);
}

#[test]
fn a_later_surplus_unwinds_the_last_tranche_first() {
    let schedule = schedule("epu-1950");
    let settle = |old, new| schedule.settle(quota(100), old, new).expect("no refusal");
    assert_eq!(settle(-80, -100).asset, -16);
    assert_eq!(settle(-100, -80).asset, 16);
    assert_eq!(settle(-100, -80).credit, 4);
}

#[test]
fn fractions_have_an_owner() {
    let third = [Tranche { from: Share::ZERO, to: Share::ONE, asset: Share::new("asset", 333_333).expect("a share") }];
    let ladder = |side| Ladder::new(side, &third, Beyond::Asset).expect("well formed");
    let make = |rounding| Schedule::new(ladder(Side::Debtor), ladder(Side::Creditor), rounding);
    let (credit, asset) = (make(Rounding::CreditCarries), make(Rounding::AssetCarries));
    let parts = |schedule: &Schedule, position| {
        let stock = schedule.stock(quota(100), position).expect("no refusal");
        (stock.asset, stock.credit)
    };
    assert_eq!(parts(&credit, -10), (-3, -7));
    assert_eq!(parts(&asset, -10), (-4, -6));
    assert_eq!(parts(&credit, 10), (3, 7));
    assert_eq!(parts(&asset, 10), (4, 6));
    assert_eq!(credit.asset_exact(quota(100), -10), Ok(Ratio::new(-333_333, 100_000).expect("a number")));
    // Ten steps of one settle what one step of ten does.
    let in_steps: i64 = (0..10).map(|at| credit.settle(quota(100), -at, -at - 1).expect("no refusal").asset).sum();
    assert_eq!(in_steps, -3);
}

#[test]
fn ladders_that_are_refused() {
    assert_eq!(refused(&[]), "debtor.tranches: none");
    assert_eq!(
        refused(&[tranche(0, 50, 0), tranche(40, 100, 50)]),
        "debtor.tranches[1].from: 40 % overlaps the tranche before, which ends at 50 %"
    );
    assert_eq!(
        refused(&[tranche(50, 100, 0), tranche(0, 50, 50)]),
        "debtor.tranches[0].from: 50 % leaves a gap after 0 %"
    );
    assert_eq!(
        refused(&[tranche(0, 50, 0), tranche(60, 100, 50)]),
        "debtor.tranches[1].from: 60 % leaves a gap after 50 %"
    );
    assert_eq!(
        refused(&[tranche(0, 50, 0), tranche(50, 50, 0), tranche(50, 100, 50)]),
        "debtor.tranches[1].to: 50 % is not above its beginning 50 %"
    );
    assert_eq!(refused(&[tranche(0, 50, 0)]), "debtor.tranches: the last ends at 50 %, not at the full quota");
    assert_eq!(refused(&[tranche(0, 100, 0); 101]), "tranches of a ladder 101 exceeds the limit of 100");
}

#[test]
fn shares_and_rates_outside_their_range_are_refused() {
    let text = |millionths| Share::new("tranche.asset", millionths).expect_err("refused").to_string();
    assert_eq!(text(-1), "tranche.asset: share of -0.0001 % is not from 0 % to 100 %");
    assert_eq!(text(1_000_001), "tranche.asset: share of 100.0001 % is not from 0 % to 100 %");
    let rate = comity_union::Rate::new("interest.rate", -1).expect_err("refused").to_string();
    assert_eq!(rate, "interest.rate: rate of -1 billionths a year is not from 0 to 4294967295");
    assert_eq!(Share::percent(15).to_string(), "15 %");
    assert_eq!(Share::new("x", 125_000).expect("a share").to_string(), "12.5 %");
    assert_eq!(comity_union::Rate::basis_points(480).to_string(), "4.8 %");
    assert_eq!(comity_union::Rate::basis_points(5).to_string(), "0.05 %");
}

#[test]
fn a_rule_may_refuse_what_is_beyond() {
    let schedule = schedule("icu-1943");
    assert_eq!(schedule.stock(quota(100), -100).expect("at the quota").credit, -100);
    assert_eq!(
        schedule.stock(quota(100), -101).expect_err("beyond").to_string(),
        "position -101 is beyond the quota 100: the rule debtor.beyond refuses it"
    );
    assert_eq!(schedule.stock(quota(100), 250).expect("creditors have no limit").credit, 250);
}

#[test]
fn the_largest_position_is_computed_and_the_one_beyond_refused() {
    let schedule = schedule("epu-1950");
    let stock = schedule.stock(quota(i64::MAX), i64::MAX).expect("fits");
    assert_eq!(stock.total(), i64::MAX.into());
    assert_eq!(schedule.stock(quota(1), i64::MIN), Err(Refusal::Overflow { field: "position" }));
    let far = self::schedule("epu-1955").settle(quota(1), i64::MAX, -i64::MAX);
    assert_eq!(far, Err(Refusal::Overflow { field: "change of a position" }));
}

#[test]
fn quotas() {
    assert_eq!(Quota::fixed(0).expect_err("refused").to_string(), "quota 0 is not above 0");
    assert_eq!(Quota::fixed(-5).expect_err("refused").to_string(), "quota -5 is not above 0");
    let rule = TurnoverRule { share: Share::percent(75), years: 3 };
    assert_eq!(Quota::of_turnover(rule, &[100, 200, 303]).map(Quota::value), Ok(150));
    assert_eq!(
        Quota::of_turnover(rule, &[100, 200]).expect_err("refused").to_string(),
        "quota base period has 2 years, the rule averages over 3"
    );
    assert_eq!(
        Quota::of_turnover(rule, &[100, -200, 1]).expect_err("refused").to_string(),
        "turnover -200 of year 1 is below 0"
    );
    assert_eq!(Quota::of_turnover(rule, &[0, 0, 1]), Err(Refusal::Quota { value: 0 }));
    let none = TurnoverRule { share: Share::percent(75), years: 0 };
    assert_eq!(Quota::of_turnover(none, &[]), Err(Refusal::BasePeriod { years: 0, needed: 0 }));
}
