//! Collateral and the caps that follow from it.

use comity_union::risk::cap::{Cap, Wanted, caps, shortfall};
use comity_union::risk::collateral::{Asset, Pledge, worth};
use comity_union::risk::three::{Limits, Terms, test};
use comity_union::{Ratio, Refusal};
use proptest::prelude::*;

use crate::{percent, ratio};

fn assets() -> Vec<Asset> {
    vec![
        // A bond at 98.50 with a haircut of 4 %, at most half of the pool.
        Asset { price: ratio(98_50, 1), haircut: percent(4), limit: percent(50) },
        // Gold at 612.345 a gram with 15 %.
        Asset { price: ratio(612_345, 10), haircut: percent(15), limit: percent(100) },
    ]
}

#[test]
fn a_pool_counts_after_haircut_and_within_the_limit_of_each_asset() {
    let pledges =
        [Pledge { asset: 1, quantity: 3 }, Pledge { asset: 0, quantity: 90 }, Pledge { asset: 0, quantity: 10 }];
    let worth = worth(&assets(), &pledges).expect("eligible");
    // 100 x 98.50 = 9,850.00, less 4 % = 9,456.00; 3 x 612.345 = 1,837.035, less 15 % = 1,561.479...
    let told: Vec<_> = worth
        .lines
        .iter()
        .map(|line| (line.asset, line.quantity, line.market, line.after_haircut, line.counted))
        .collect();
    // Half of 9,456.00 + 1,561.47 is 5,508.735.
    assert_eq!(told, [(0, 100, 9_850_00, 9_456_00, 5_508_73), (1, 3, 1_837_03, 1_561_47, 1_561_47)]);
    assert_eq!(worth.total, 5_508_73 + 1_561_47);
}

#[test]
fn what_is_not_eligible_is_refused() {
    let pledge = |asset, quantity| worth(&assets(), &[Pledge { asset, quantity }]);
    assert_eq!(pledge(2, 1), Err(Refusal::NotEligible { asset: 2 }));
    assert_eq!(pledge(0, 0), Err(Refusal::Amount { field: "pledge", index: 0, value: 0 }));
    assert_eq!(pledge(0, i64::MAX), Err(Refusal::Overflow { field: "collateral" }));
    let free = Asset { price: Ratio::ZERO, haircut: percent(0), limit: percent(100) };
    assert_eq!(worth(&[free], &[]), Err(Refusal::Fixing { currency: 0 }));
}

#[test]
fn caps_follow_collateral_and_are_never_above_what_was_set() {
    let rub = Terms { price: ratio(8, 100), haircut: percent(10) };
    let cny = Terms { price: ratio(1, 1), haircut: percent(0) };
    let wanted =
        [Wanted { terms: cny, weight: 1, set: Some(400_00) }, Wanted { terms: rub, weight: 1, set: Some(20_000_00) }];
    let caps = caps(1_000_01, &wanted).expect("caps");
    // 500.01 and 500.00 behind; 500.00 / (0.08 x 1.1) = 5,681.8181...
    assert_eq!(caps[0], Cap { behind: 500_01, covered: 500_01, cap: 400_00 });
    assert_eq!(caps[1], Cap { behind: 500_00, covered: 5_681_81, cap: 5_681_81 });
    assert_eq!(shortfall(&caps, &[-400_00, -6_000_00]), Ok(vec![0, 318_19]));
    assert_eq!(shortfall(&caps, &[5, -5_681_81]), Ok(vec![0, 0]));
}

proptest! {
    /// All credit used in all currencies, the account still passes the first test: the collateral covers it.
    #[test]
    fn full_use_of_all_caps_is_covered(
        collateral in 0i64..1_000_000_000,
        rows in proptest::collection::vec((1i64..100_000, 0u32..=50, 0i64..10), 1..6)
    ) {
        prop_assume!(rows.iter().any(|row| row.2 > 0));
        let terms = |row: &(i64, u32, i64)| Terms { price: ratio(row.0.into(), 1000), haircut: percent(row.1) };
        let wanted: Vec<Wanted> =
            rows.iter().map(|row| Wanted { terms: terms(row), weight: row.2, set: None }).collect();
        let caps = caps(collateral, &wanted).expect("caps");
        let positions: Vec<i64> = caps.iter().map(|cap| -cap.cap).collect();
        let limits = Limits { short: vec![None; rows.len()], aggregate: Some(collateral) };
        let terms: Vec<Terms> = rows.iter().map(terms).collect();
        let found = test(&terms, &limits, &positions, collateral).expect("within range");
        prop_assert!(found.pass());
        // One more of any currency with a weight is more than its part covers.
        for (row, cap) in rows.iter().zip(&caps) {
            let one_more = ratio((i128::from(cap.cap) + 1) * i128::from(row.0) * (100 + i128::from(row.1)), 100_000);
            prop_assert!(one_more > Ratio::whole(cap.behind.into()));
        }
    }

    /// No asset counts for more than its share of the pool, none for more than it is worth.
    #[test]
    fn limits_of_assets_hold(
        rows in proptest::collection::vec((1i64..10_000, 0u32..=100, 0u32..=100, 1i64..1_000), 1..6)
    ) {
        let assets: Vec<Asset> = rows.iter().map(|row| Asset {
            price: ratio(row.0.into(), 7), haircut: percent(row.1), limit: percent(row.2),
        }).collect();
        let pledges: Vec<Pledge> =
            (0u32..).zip(&rows).map(|(asset, row)| Pledge { asset, quantity: row.3 }).collect();
        let worth = worth(&assets, &pledges).expect("eligible");
        let pool: i64 = worth.lines.iter().map(|line| line.after_haircut).sum();
        for (line, row) in worth.lines.iter().zip(&rows) {
            prop_assert_eq!(i128::from(line.after_haircut), i128::from(row.0 * row.3) * i128::from(100 - row.1) / 700);
            prop_assert_eq!(line.counted, line.after_haircut.min(pool * i64::from(row.2) / 100));
        }
        prop_assert_eq!(worth.total, worth.lines.iter().map(|line| line.counted).sum::<i64>());
    }
}
