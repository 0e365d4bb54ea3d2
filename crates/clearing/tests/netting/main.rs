//! Netting positions: small stories, laws on random sets, and the goods trade of real groups.

mod cycle;
mod trade;

use comity_clearing::netting::{BilateralNet, Obligation, Position, net, saved_bp};
use proptest::prelude::*;

pub(crate) fn owes(from: u32, to: u32, amount: i64) -> Obligation {
    Obligation { from, to, amount }
}

#[test]
fn a_triangle_saves_nothing_bilaterally_and_everything_multilaterally() {
    let triangle = [owes(0, 1, 100), owes(1, 2, 100), owes(2, 0, 100)];
    let netting = net(3, &triangle).expect("well formed");
    assert_eq!((netting.gross, netting.bilateral_total, netting.multilateral_total), (300, 300, 0));
    assert_eq!((netting.saved_bilateral_bp(), netting.saved_multilateral_bp()), (0, 10_000));
    assert_eq!(netting.positions, [Position { payable: 100, receivable: 100 }; 3]);
}

#[test]
fn a_hub_owed_by_all_its_spokes_saves_the_same_both_ways() {
    let hub = [owes(0, 1, 90), owes(1, 0, 100), owes(0, 2, 50), owes(2, 0, 20), owes(0, 2, 30), owes(2, 0, 61)];
    let netting = net(3, &hub).expect("well formed");
    let spokes =
        [BilateralNet { debtor: 1, creditor: 0, amount: 10 }, BilateralNet { debtor: 2, creditor: 0, amount: 1 }];
    assert_eq!(netting.bilateral, spokes);
    assert_eq!((netting.gross, netting.bilateral_total, netting.multilateral_total), (351, 11, 11));
    assert_eq!(netting.positions[0].net(), 11);
    // 340 of 351 is 96.866 %: rounded down.
    assert_eq!(netting.saved_bilateral_bp(), 9_686);
}

#[test]
fn a_hub_between_a_debtor_and_a_creditor_saves_more_multilaterally() {
    let netting = net(3, &[owes(1, 0, 10), owes(0, 2, 10)]).expect("well formed");
    assert_eq!((netting.bilateral_total, netting.multilateral_total), (20, 10));
}

#[test]
fn nothing_owed_saves_nothing() {
    let netting = net(2, &[]).expect("well formed");
    assert_eq!((netting.gross, netting.saved_bilateral_bp(), netting.saved_multilateral_bp()), (0, 0, 0));
    assert_eq!(net(0, &[]).expect("well formed").positions, []);
}

#[test]
fn shares_are_exact_at_the_ends_and_for_huge_sums() {
    assert_eq!(saved_bp(10_000, 9_999), 1);
    assert_eq!(saved_bp(10_001, 10_000), 0);
    assert_eq!(saved_bp(5, 7), 0);
    assert_eq!(saved_bp(-5, -7), 0);
    assert_eq!(saved_bp(5, 0), 10_000);
    assert_eq!(saved_bp(i128::MAX, 0), 10_000);
    assert_eq!(saved_bp(i128::MAX, i128::MAX / 2), 5_000);
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let netting = net(2, &[owes(0, 1, i64::MAX), owes(0, 1, i64::MAX), owes(1, 0, 1)]).expect("well formed");
    assert_eq!(netting.gross, 2 * i128::from(i64::MAX) + 1);
    assert_eq!(netting.bilateral_total, 2 * i128::from(i64::MAX) - 1);
}

/// Refusals in order of precedence.
#[test]
fn a_malformed_set_is_refused_with_the_place_and_the_value() {
    let refusals = [
        net(u32::MAX, &[]),
        net(2, &[owes(0, 1, 5), owes(0, 2, 5)]),
        net(2, &[owes(3, 0, 5)]),
        net(2, &[owes(1, 1, 5)]),
        net(2, &[owes(0, 1, 0)]),
        net(2, &[owes(0, 1, -4)]),
    ];
    let told: Vec<String> = refusals.map(|refusal| refusal.expect_err("refused").to_string()).into();
    expect_test::expect![[r#"
        4294967295 members exceed the limit of 16777216
        obligation 1 names member 2, which does not exist
        obligation 0 names member 3, which does not exist
        obligation 0 is owed by member 1 to itself
        amount 0 of obligation 0 is not above 0
        amount -4 of obligation 0 is not above 0
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

proptest! {
    #[test]
    fn laws_of_netting(
        obligations in prop::collection::vec((0..6u32, 1..6u32, 1i64..1_000), 0..60)
    ) {
        let obligations: Vec<Obligation> =
            obligations.into_iter().map(|(from, step, amount)| owes(from, (from + step) % 6, amount)).collect();
        let netting = net(6, &obligations).expect("well formed");
        // Each way of netting leaves at most what the way before it left.
        prop_assert!(netting.bilateral_total <= netting.gross);
        prop_assert!(netting.multilateral_total <= netting.bilateral_total);
        // No set of transfers can do with less than half the sum of absolute positions, and none of the
        // ways changes a position.
        let absolute: i128 = netting.positions.iter().map(|position| position.net().abs()).sum();
        prop_assert_eq!(2 * netting.multilateral_total, absolute);
        let mut nets = [0i128; 6];
        for pair in &netting.bilateral {
            prop_assert!(pair.amount > 0);
            nets[usize::try_from(pair.debtor).expect("small")] -= pair.amount;
            nets[usize::try_from(pair.creditor).expect("small")] += pair.amount;
        }
        let stated: Vec<i128> = netting.positions.iter().map(Position::net).collect();
        prop_assert_eq!(&nets[..], &stated[..]);
        prop_assert_eq!(stated.iter().sum::<i128>(), 0);
        // The order of obligations decides nothing.
        let reversed: Vec<Obligation> = obligations.iter().rev().copied().collect();
        prop_assert_eq!(net(6, &reversed).expect("well formed"), netting);
    }
}
