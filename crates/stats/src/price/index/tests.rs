//! The formulas by hand, and the tests of the theory.

use proptest::prelude::*;

use super::{Formula, Indices, between};
use crate::price::panel::{Panel, Row};

/// A panel of two periods from `(p0, q0, p1, q1)` of each item.
fn panel(items: &[(i64, i64, i64, i64)]) -> Panel {
    let rows = items.iter().enumerate().flat_map(|(item, (p0, q0, p1, q1))| {
        [(0, p0, q0), (1, p1, q1)].map(|(period, p, q)| Row { period, item, value: p * q, quantity: Some(*q), row: 0 })
    });
    Panel::new(2, items.len(), rows.collect::<Vec<_>>()).expect("sound")
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
}

/// Three goods, all sums written out.
///
/// ```text
///          p0  q0   p1  q1   p0q0   p1q0   p0q1   p1q1
/// bread     2  50    3  40    100    150     80    120
/// cloth    10   8    8  12     80     64    120     96
/// coal      5  20    6  20    100    120    100    120
/// sum                         280    334    300    336
/// ```
#[test]
fn three_goods_by_hand() {
    let goods = panel(&[(2, 50, 3, 40), (10, 8, 8, 12), (5, 20, 6, 20)]);
    let of = |formula| between(&goods, 0, 1, formula).expect("items in both");
    let laspeyres = of(Formula::Laspeyres);
    assert!(near(laspeyres.price, 334.0 / 280.0) && near(laspeyres.quantity, 300.0 / 280.0), "{laspeyres:?}");
    let paasche = of(Formula::Paasche);
    assert!(near(paasche.price, 336.0 / 300.0) && near(paasche.quantity, 336.0 / 334.0), "{paasche:?}");
    let fisher = of(Formula::Fisher);
    assert!(near(fisher.price, (334.0f64 / 280.0 * 336.0 / 300.0).sqrt()), "{fisher:?}");
    assert!(near(fisher.value, 1.2) && near(fisher.price * fisher.quantity, 1.2), "{fisher:?}");
    // Shares before 100, 80, 100 of 280; after 120, 96, 120 of 336: both 10/28, 8/28, 10/28.
    let tornqvist = of(Formula::Tornqvist);
    let by_hand = 1.5f64.powf(10.0 / 28.0) * 0.8f64.powf(8.0 / 28.0) * 1.2f64.powf(10.0 / 28.0);
    assert!(near(tornqvist.price, by_hand), "{tornqvist:?}");
}

#[test]
fn nothing_to_compare_is_no_index() {
    let rows = [
        Row { period: 0, item: 0, value: 5, quantity: Some(1), row: 0 },
        Row { period: 1, item: 1, value: 5, quantity: Some(1), row: 1 },
    ];
    assert_eq!(between(&Panel::new(2, 2, rows).expect("sound"), 0, 1, Formula::Fisher), None);
}

proptest! {
    #[test]
    fn the_tests_of_the_theory(items in prop::collection::vec((1i64..1000, 1i64..1000, 1i64..1000, 1i64..1000), 1..12)) {
        let there = panel(&items);
        let prices_only: Vec<_> = items.iter().map(|(p0, q0, p1, _)| (*p0, *q0, *p1, *q0)).collect();
        let tripled: Vec<_> = items.iter().map(|(p0, q0, _, q1)| (*p0, *q0, 3 * p0, *q1)).collect();
        for formula in Formula::ALL {
            let of = |panel: &Panel, from, to| between(panel, from, to, formula).expect("items in both");
            let Indices { price, quantity, value } = of(&there, 0, 1);
            // Identity: the same period changes nothing.
            let same = of(&there, 0, 0);
            prop_assert!(near(same.price, 1.0) && near(same.quantity, 1.0));
            // Proportionality: all prices times three is a price index of three.
            prop_assert!(near(of(&panel(&tripled), 0, 1).price, 3.0));
            // Mean value: no index leaves the range of its price ratios.
            let ratios = items.iter().map(|(p0, _, p1, _)| *p1 as f64 / *p0 as f64);
            prop_assert!(ratios.clone().any(|ratio| ratio <= price * (1.0 + 1e-9)));
            prop_assert!(ratios.clone().any(|ratio| ratio >= price * (1.0 - 1e-9)));
            let back = of(&there, 1, 0);
            match formula {
                // Factor reversal, exactly, and time reversal.
                Formula::Fisher => {
                    prop_assert!(near(price * quantity, value));
                    prop_assert!(near(price * back.price, 1.0));
                }
                Formula::Tornqvist => prop_assert!(near(price * back.price, 1.0)),
                // Each is the other's reverse; together they reverse factors.
                Formula::Laspeyres | Formula::Paasche => {
                    let other = if formula == Formula::Paasche { Formula::Laspeyres } else { Formula::Paasche };
                    let other = between(&there, 0, 1, other).expect("items in both");
                    prop_assert!(near(price * other.quantity, value));
                    let other = if formula == Formula::Paasche { Formula::Laspeyres } else { Formula::Paasche };
                    prop_assert!(near(price * between(&there, 1, 0, other).expect("items in both").price, 1.0));
                }
            }
            // With quantities unchanged, all of the value is price.
            let only = of(&panel(&prices_only), 0, 1);
            if formula != Formula::Tornqvist {
                prop_assert!(near(only.price, only.value) && near(only.quantity, 1.0));
            }
        }
    }
}
