//! Residual settlement: five methods in a list, each told with what it took and why.

use comity_union::Share;
use comity_union::apportion::apportion;
use comity_union::residual::{Kind, Method, Residual, Settled, Why, settle};
use proptest::prelude::*;

use crate::quota;

fn residual(amount: i64, rolled: i64) -> Residual {
    Residual { amount, quota: Some(quota(1000)), rolled }
}

fn method(kind: Kind, share: u32, limit: Option<u32>) -> Method {
    Method { kind, share: Share::percent(share), limit: limit.map(Share::percent) }
}

fn told(methods: &[Method], residuals: &[Residual]) -> Vec<(u32, &'static str, i64)> {
    let settled = settle(methods, residuals).expect("settles");
    settled.iter().map(|part| (part.member, part.kind.map_or("open", Kind::word), part.amount)).collect()
}

#[test]
fn an_auction_matches_the_smaller_side_and_the_asset_takes_the_rest() {
    let methods = [method(Kind::Auction, 100, None), method(Kind::DesignatedAsset, 100, None)];
    let residuals = [residual(-100, 0), residual(-50, 0), residual(90, 0), residual(0, 0)];
    assert_eq!(
        told(&methods, &residuals),
        [
            (0, "auction", -60),
            (1, "auction", -30),
            (2, "auction", 90),
            (0, "designated-asset", -40),
            (1, "designated-asset", -20)
        ]
    );
    let why = settle(&methods, &residuals).expect("settles")[0].why;
    assert_eq!(why, Why::Opposite { matched: 90 });
}

#[test]
fn an_auction_without_a_crossing_settles_nothing() {
    let residuals = [residual(-100, 0), residual(-50, 0)];
    assert_eq!(told(&[method(Kind::Auction, 100, None)], &residuals), [(0, "open", -100), (1, "open", -50)]);
}

#[test]
fn what_is_rolled_over_has_a_limit_and_goes_back_first() {
    let methods = [method(Kind::RollOver, 100, Some(10)), method(Kind::Basket, 50, None)];
    // Room for 100; 80 are rolled over already, so 20 more; half of what is left in the basket; the rest stays open.
    assert_eq!(told(&methods, &[residual(-120, -80)]), [(0, "roll-over", -20), (0, "basket", -50), (0, "open", -50)]);
    // The residual turns: 80 go back, and then there is room for 100 on the other side.
    assert_eq!(told(&methods, &[residual(120, -80)]), [(0, "roll-over", 80), (0, "roll-over", 40)]);
    let without = Residual { quota: None, ..residual(-5, 0) };
    assert_eq!(told(&methods[..1], &[without]), [(0, "open", -5)]);
}

#[test]
fn permitted_use_is_for_those_who_are_owed() {
    let methods = [method(Kind::PermittedUse, 50, Some(3)), method(Kind::DesignatedAsset, 100, None)];
    let residuals = [residual(-100, 0), residual(100, 0)];
    assert_eq!(
        told(&methods, &residuals),
        [(1, "permitted-use", 30), (0, "designated-asset", -100), (1, "designated-asset", 70)]
    );
    let settled = settle(&methods, &residuals).expect("settles");
    assert_eq!(settled[0].why, Why::Room { room: 30 });
    assert_eq!(settled[1].why, Why::ShareOf { share: Share::ONE });
    let open = Settled { member: 0, kind: None, amount: -7, why: Why::NoMethod };
    assert_eq!(settle(&[], &[residual(-7, 0)]).expect("settles"), [open]);
}

#[test]
fn too_many_methods_are_refused() {
    let methods = [method(Kind::Auction, 100, None); 21];
    let refused = settle(&methods, &[]).expect_err("refused").to_string();
    assert_eq!(refused, "residual methods 21 exceeds the limit of 20");
}

proptest! {
    #[test]
    fn the_parts_of_every_residual_sum_to_it(
        methods in prop::collection::vec((0usize..5, 0i64..=1_000_000, prop::option::of(0i64..=1_000_000)), 0..6),
        residuals in prop::collection::vec((-10_000i64..10_000, -500i64..500, prop::option::of(1i64..5_000)), 0..6),
    ) {
        let share = |millionths| Share::new("share", millionths).expect("a share");
        let methods: Vec<Method> = methods
            .into_iter()
            .map(|(kind, part, limit)| Method { kind: Kind::ALL[kind], share: share(part), limit: limit.map(share) })
            .collect();
        let residuals: Vec<Residual> = residuals
            .into_iter()
            .map(|(amount, rolled, of)| Residual { amount, rolled, quota: of.map(quota) })
            .collect();
        let settled = settle(&methods, &residuals).expect("settles");
        let (mut sums, mut auction) = (vec![0i64; residuals.len()], 0i64);
        for part in &settled {
            let member = usize::try_from(part.member).expect("few");
            sums[member] += part.amount;
            if part.kind == Some(Kind::Auction) {
                auction += part.amount;
            }
            // Only what was rolled over before can go against a residual.
            let sign = residuals[member].amount.signum();
            prop_assert!(part.amount.signum() == sign || part.kind == Some(Kind::RollOver));
        }
        prop_assert_eq!(sums, residuals.iter().map(|residual| residual.amount).collect::<Vec<_>>());
        prop_assert_eq!(auction, 0);
    }

    #[test]
    fn parts_sum_and_stay_below_their_keys(keys in prop::collection::vec(0i64..1000, 0..8), tenths in 0i64..=10) {
        let whole: i64 = keys.iter().sum();
        let amount = whole * tenths / 10;
        let parts = apportion(amount, &keys);
        prop_assert_eq!(parts.iter().sum::<i64>(), amount);
        prop_assert!(parts.iter().zip(&keys).all(|(part, key)| (0..=*key).contains(part)));
    }
}
