//! Concentration, and what is kept overnight.

use comity_union::risk::concentration::guard;
use comity_union::risk::overnight::{Held, Holding, held};
use comity_union::{Ratio, Refusal};
use proptest::prelude::*;

use crate::{percent, ratio};

#[test]
fn a_share_above_the_set_one_is_an_alarm() {
    let found = guard(&[9_500, 300, 200], percent(40)).expect("values");
    assert_eq!(found.total, 10_000);
    assert_eq!(found.shares, [ratio(95, 100), ratio(3, 100), ratio(2, 100)]);
    // .9025 + .0009 + .0004.
    assert_eq!(found.index, ratio(9_038, 10_000));
    assert_eq!(found.alarms.iter().map(|alarm| (alarm.index, alarm.share)).collect::<Vec<_>>(), [(0, ratio(95, 100))]);
    // Exactly at the share is no alarm.
    assert!(guard(&[40, 30, 30], percent(40)).expect("values").alarms.is_empty());
    assert_eq!(guard(&[], percent(40)).expect("nothing").index, Ratio::ZERO);
    assert_eq!(guard(&[0, 0], percent(0)).expect("nothing").alarms, []);
    assert_eq!(guard(&[1, -1], percent(40)), Err(Refusal::Amount { field: "settled value", index: 1, value: -1 }));
    assert_eq!(guard(&[i128::MAX], percent(40)), Err(Refusal::Overflow { field: "concentration" }));
}

#[test]
fn what_is_kept_overnight_is_held_against_its_limit() {
    let holdings = [(500, Some(300)), (300, Some(300)), (-40, Some(0)), (7, None)];
    let found = held(&holdings.map(|(balance, limit)| Holding { balance, limit })).expect("limits");
    let rows = [
        Held { kept: 500, above: 200, room: Some(0) },
        Held { kept: 300, above: 0, room: Some(0) },
        Held { kept: 0, above: 0, room: Some(0) },
        Held { kept: 7, above: 0, room: None },
    ];
    assert_eq!(found, rows);
    let refused = held(&[Holding { balance: 1, limit: Some(-1) }]);
    assert_eq!(refused, Err(Refusal::Amount { field: "overnight limit", index: 0, value: -1 }));
}

proptest! {
    #[test]
    fn the_index_is_between_even_and_alone(values in proptest::collection::vec(0i128..10_000, 1..9)) {
        let found = guard(&values, percent(100)).expect("values");
        let total: i128 = values.iter().sum();
        prop_assume!(total > 0);
        let shares = found.shares.iter().try_fold(Ratio::ZERO, |sum, share| sum.plus(*share));
        prop_assert_eq!(shares, Some(Ratio::ONE));
        prop_assert!(found.index <= Ratio::ONE);
        prop_assert!(found.index >= ratio(1, i128::try_from(values.len()).expect("few")));
        // Another way to the same number: all of the whole squared but the products of different ones.
        let mut pairs = 0;
        for (at, a) in values.iter().enumerate() {
            for (other, b) in values.iter().enumerate() {
                pairs += if at == other { 0 } else { a * b };
            }
        }
        prop_assert_eq!(found.index, ratio(total * total - pairs, total * total));
        prop_assert_eq!(found.alarms, []);
    }
}
