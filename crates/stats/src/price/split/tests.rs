//! Parts add up to the change, item by item and in sum, whatever the values.

use proptest::prelude::*;

use super::{Rates, Split, half_even, items, whole};
use crate::price::panel::{Panel, Refusal, Row};

fn row(period: usize, item: usize, value: i64, quantity: Option<i64>) -> Row {
    Row { period, item, value, quantity, row: 0 }
}

/// Oil 10 at 60 becomes 12 at 45; grain 100 at 2 becomes 90 at 3; by hand.
#[test]
fn a_change_by_hand() {
    let rows =
        [row(0, 0, 600, Some(10)), row(1, 0, 540, Some(12)), row(0, 1, 200, Some(100)), row(1, 1, 270, Some(90))];
    let panel = Panel::new(2, 2, rows).expect("sound");
    let [oil, grain] = items(&panel, 0, 1, None).expect("sound")[..] else { panic!("two items") };
    // Oil: a = 10 x 45 = 450, b = 12 x 60 = 720.
    assert_eq!((oil.price_base, oil.quantity_base, oil.interaction), (450 - 600, 720 - 600, -30));
    // Mean quantity 11, mean price 52.5: -15 x 11 = -165, 2 x 52.5 = 105.
    assert_eq!((oil.price, oil.quantity), (-165, 105));
    // Grain: a = 300, b = 180. Mean quantity 95, mean price 2.5: 95 and -25.
    assert_eq!((grain.price_base, grain.quantity_base, grain.interaction), (100, -20, -10));
    assert_eq!((grain.price, grain.quantity), (95, -25));
    let all = oil + grain;
    assert_eq!(all.change(), 10);
    assert_eq!(all.price_base + all.quantity_base + all.interaction, 10);
    assert_eq!(all.price + all.quantity, 10);
}

/// The other currency halves from 50 to 100 for one of the value's; there the price doubles. Nothing moved but the rate:
/// 100 are 5,000, and 100 are 10,000. Then the price stays there, and the rate takes half the value.
#[test]
fn an_exchange_rate_is_a_part_of_its_own() {
    let rates = Rates { before: 50_000_000, after: 100_000_000 };
    let of = |after, quantity| {
        let rows = [row(0, 0, 100, Some(10)), row(1, 0, after, Some(quantity))];
        whole_with(&Panel::new(2, 1, rows).expect("sound"), rates)
    };
    // w 5000 and 10000; e 0.02 and 0.01: rate -0.01 x 7500, price 5000 x 0.015.
    let same = of(100, 10);
    assert_eq!((same.currency, same.price, same.quantity), (-75, 75, 0));
    let fell = of(50, 10);
    assert_eq!((fell.currency, fell.price, fell.quantity), (-50, 0, 0));
    // Twice the quantity at the old price there: w 5000 and 10000 again, but all of it quantity.
    let more = of(100, 20);
    assert_eq!((more.currency, more.price, more.quantity), (-75, 0, 75));
}

fn whole_with(panel: &Panel, rates: Rates) -> Split {
    items(panel, 0, 1, Some(rates)).expect("sound").into_iter().sum()
}

#[test]
fn what_appears_disappears_or_has_no_quantity_is_a_part_of_its_own() {
    let rows = [
        row(0, 0, 50, Some(5)),
        row(1, 1, 70, Some(7)),
        row(0, 2, 30, None),
        row(1, 2, 45, Some(3)),
        row(0, 3, 10, Some(2)),
        row(1, 3, 12, Some(2)),
    ];
    let all = whole(&Panel::new(2, 4, rows).expect("sound"), 0, 1).expect("sound");
    assert_eq!((all.gone, all.new, all.unpriced, all.price, all.quantity), (-50, 70, 15, 2, 0));
    assert_eq!((all.change(), all.volume(), all.matched), (37, 20, 1));
}

#[test]
fn bad_rows_are_refused_and_named() {
    let refused = |value, quantity| {
        let row = Row { period: 0, item: 0, value, quantity, row: 7 };
        Panel::new(1, 1, [row]).expect_err("refused").to_string()
    };
    assert_eq!(refused(-1, None), "row 7: value -1 is below zero");
    assert_eq!(refused(1, Some(-2)), "row 7: quantity -2 is below zero");
    assert_eq!(
        refused(1, Some(0)),
        "row 7: value 1 at quantity 0 has no price; leave the quantity empty if it is unknown"
    );
    assert_eq!(refused(0, Some(3)), "row 7: quantity 3 at value 0: a price of zero cannot be compared");
    let twice = [row(0, 0, i64::MAX, Some(1)), row(0, 0, 1, Some(1))];
    assert_eq!(Panel::new(1, 1, twice), Err(Refusal::TooMuch { row: 0 }));
    assert_eq!(Panel::new(1, 1, [row(1, 0, 1, None)]), Err(Refusal::Unknown { row: 0 }));
    let jump = [row(0, 0, 1, Some(i64::MAX)), row(1, 0, i64::MAX, Some(1))];
    assert_eq!(whole(&Panel::new(2, 1, jump).expect("sound"), 0, 1), Err(Refusal::PriceJump { item: 0 }));
}

#[test]
fn halves_go_to_the_even_side() {
    assert_eq!([-3, -1, 1, 3, 5].map(|number| half_even(number, 2)), [-2, 0, 0, 2, 2]);
    assert_eq!([-2, -1, 1, 2].map(|number| half_even(number, 3)), [-1, 0, 0, 1]);
}

proptest! {
    #[test]
    fn parts_add_up(cells in prop::collection::vec((0usize..2, 0usize..6, 0i64..1_000_000_000, prop::option::weighted(0.9, 1i64..1_000_000)), 0..24)) {
        let rows = cells.into_iter().filter(|(.., value, _)| *value > 0);
        let rows: Vec<Row> = rows.map(|(period, item, value, quantity)| row(period, item, value, quantity)).collect();
        let before: i128 = rows.iter().filter(|row| row.period == 0).map(|row| i128::from(row.value)).sum();
        let after: i128 = rows.iter().filter(|row| row.period == 1).map(|row| i128::from(row.value)).sum();
        let panel = Panel::new(2, 6, rows).expect("sound");
        let parts = items(&panel, 0, 1, None).expect("sound");
        for part in parts.iter().copied().chain([parts.iter().copied().sum::<Split>()]) {
            prop_assert_eq!(part.price + part.volume() + part.unpriced, part.change());
            let three = part.price_base + part.quantity_base + part.interaction;
            prop_assert_eq!(three + part.new + part.gone + part.unpriced, part.change());
        }
        let all: Split = parts.into_iter().sum();
        prop_assert_eq!((all.before, all.after), (before, after));
        let apart = whole_with(&panel, Rates { before: 63_000_000, after: 72_500_000 });
        prop_assert_eq!(apart.price + apart.currency + apart.volume() + apart.unpriced, apart.change());
        // The other way round every part changes its sign, but for the rounding of a half in each item.
        let back = whole(&panel, 1, 0).expect("sound");
        prop_assert!((back.price + all.price).abs() <= 6 && back.change() == -all.change());
    }
}
