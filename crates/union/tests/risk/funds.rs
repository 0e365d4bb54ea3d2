//! The guarantee fund and the waterfall.

use comity_union::Refusal;
use comity_union::risk::fund::{Size, contributions, size, stressed_loss};
use comity_union::risk::waterfall::{Bound, Standing, allocate};
use proptest::prelude::*;

use crate::{plain, ratio};

#[test]
fn a_fund_covers_the_one_or_two_that_lose_most_in_the_worst_scenario() {
    let losses = [vec![500, 40, 90, 0], vec![300, 280, 0, 290]];
    assert_eq!(size(&losses, 1), Ok(Size { amount: 500, scenario: 0, members: vec![0] }));
    // 500 + 90 = 590 = 300 + 290: the first scenario is told.
    assert_eq!(size(&losses, 2), Ok(Size { amount: 590, scenario: 0, members: vec![0, 2] }));
    assert_eq!(size(&losses, 3), Ok(Size { amount: 870, scenario: 1, members: vec![0, 3, 1] }));
    assert_eq!(contributions(590, &[50, 30, 20]), Ok(vec![295, 177, 118]));
    assert_eq!(size(&[], 1), Err(Refusal::NotPositive { field: "scenarios", value: 0 }));
    assert_eq!(size(&losses, 0), Err(Refusal::NotPositive { field: "members to cover", value: 0 }));
    assert_eq!(size(&[vec![1, -2]], 1), Err(Refusal::Amount { field: "stressed loss", index: 1, value: -2 }));
}

#[test]
fn a_stressed_loss_is_what_collateral_does_not_cover_rounded_up() {
    let prices = [ratio(1, 1), ratio(333, 1000)];
    // 10 - 100 x .333 = -23.3; collateral 20 leaves 3.3.
    assert_eq!(stressed_loss(&prices, &[10, -100], 20), Ok(4));
    assert_eq!(stressed_loss(&prices, &[10, -100], 24), Ok(0));
    assert_eq!(stressed_loss(&prices, &[10], 0), Err(Refusal::Count { field: "positions", count: 1, needed: 2 }));
}

fn standing<'a>(fund: &'a [i64], sums: &'a [i64], keys: &'a [i64], bound: Bound) -> Standing<'a> {
    Standing { defaulter: 0, collateral: 100, fund, sums, keys, bound }
}

#[test]
fn without_counterparties_all_pay_by_key() {
    let found = allocate(1_000, &standing(&[50, 0, 400], &[9, -5, 0], &[7, 1, 1], Bound::None)).expect("allocated");
    assert_eq!((found.collateral, found.own_fund, found.back), (100, 50, (0, 0)));
    assert_eq!((found.members[1].by_key, found.members[2].by_key), (425, 425));
    assert_eq!((found.members[2].from_fund, found.members[2].to_bring), (400, 25));
    assert_eq!(found.members[0].to_bring, 0);
}

#[test]
fn a_loss_nobody_can_be_given_is_refused() {
    let none = allocate(200, &standing(&[0, 0], &[0, 0], &[7, 0], Bound::None));
    assert_eq!(none, Err(Refusal::NoWeight { field: "keys of the rest" }));
    // Covered by the collateral: then nobody needs a key.
    assert!(allocate(100, &standing(&[0, 0], &[0, 0], &[7, 0], Bound::None)).is_ok());
    let member = Standing { defaulter: 2, ..standing(&[0, 0], &[0, 0], &[1, 1], Bound::None) };
    assert_eq!(allocate(1, &member), Err(Refusal::Member { flow: 0, member: 2, members: 2 }));
    let count = allocate(1, &standing(&[0], &[0, 0], &[1, 1], Bound::None));
    assert_eq!(count, Err(Refusal::Count { field: "contributions", count: 1, needed: 2 }));
    let key = allocate(1, &standing(&[0, 0], &[0, 0], &[1, -1], Bound::None));
    assert_eq!(key, Err(Refusal::Amount { field: "key", index: 1, value: -1 }));
}

proptest! {
    #[test]
    fn a_loss_is_borne_once_and_in_order(
        loss in 0i64..3_000, collateral in 0i64..800, bounded in any::<bool>(),
        rows in proptest::collection::vec((0i64..300, -400i64..400, 1i64..50), 2..6)
    ) {
        let fund: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let sums: Vec<i64> = rows.iter().map(|row| row.1).collect();
        let keys: Vec<i64> = rows.iter().map(|row| row.2).collect();
        let bound = if bounded { Bound::Sum } else { Bound::None };
        let standing = Standing { defaulter: 1, collateral, fund: &fund, sums: &sums, keys: &keys, bound };
        let found = allocate(loss, &standing).expect("allocated");
        let weights: Vec<i64> = (0..rows.len()).map(|i| if i == 1 { 0 } else { sums[i].max(0) }).collect();
        let all: i64 = weights.iter().sum();
        let room = match bound { Bound::None if all > 0 => i64::MAX, Bound::None => 0, Bound::Sum => all };
        let plain = plain::layers(loss, collateral, fund[1], room);
        prop_assert_eq!((found.collateral, found.own_fund), (plain.collateral, plain.own_fund));
        let mut left: Vec<i64> = keys.clone();
        left[1] = 0;
        let counterparties = plain::split(plain.counterparties, &weights);
        let rest = plain::split(plain.rest, &left);
        let mut borne = found.collateral + found.own_fund;
        for (member, one) in found.members.iter().enumerate() {
            prop_assert_eq!((one.as_counterparty, one.by_key), (counterparties[member], rest[member]));
            prop_assert_eq!(one.from_fund + one.to_bring, one.as_counterparty + one.by_key);
            prop_assert!(one.from_fund <= fund[member]);
            prop_assert!(!bounded || one.as_counterparty <= weights[member]);
            borne += one.from_fund + one.to_bring;
        }
        prop_assert_eq!(borne, loss);
        prop_assert_eq!(found.back, (collateral - found.collateral, fund[1] - found.own_fund));
    }
}
