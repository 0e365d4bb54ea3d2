//! The three tests of an account: published vectors, edges, and whole numbers beside fractions.

use comity_union::risk::three::{Limits, Terms, test};
use comity_union::{Ratio, Refusal};
use proptest::prelude::*;

use crate::{percent, plain, ratio, shared};

/// RUB, CNY and KZT at .011, .14 and .002, haircut 10 %; limits RUB 50 m, KZT 100 m, aggregate 500,000.
fn published() -> (Vec<Terms>, Limits) {
    let terms = [ratio(11, 1000), ratio(14, 100), ratio(2, 1000)].map(|price| Terms { price, haircut: percent(10) });
    let limits = Limits { short: vec![Some(50_000_000_00), None, Some(100_000_000_00)], aggregate: Some(500_000_00) };
    (terms.into(), limits)
}

#[test]
fn the_vectors_of_the_rules() {
    let (terms, limits) = published();
    let rows = [
        ([-20_000_000_00, 2_000_000_00, 0], 10_000_00, 242_000_00, [true, true, true]),
        ([-20_000_000_00, 1_700_000_00, 0], -27_800_00, 242_000_00, [false, true, true]),
        ([-60_000_000_00, 9_000_000_00, 0], 408_000_00, 726_000_00, [true, false, false]),
        ([-45_000_000_00, 6_000_000_00, -1_000_000_00], 209_300_00, 546_700_00, [true, true, false]),
    ];
    for (positions, value, aggregate, tests) in rows {
        let found = test(&terms, &limits, &positions, 0).expect("within range");
        assert_eq!((found.value, found.aggregate), (Ratio::whole(value), Ratio::whole(aggregate)));
        assert_eq!([found.covered, found.over.is_empty(), found.within], tests);
        assert_eq!(found.pass(), tests == [true; 3]);
    }
}

#[test]
fn the_published_vectors() {
    let Some(path) = shared("oracles/unions.json") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rows = all["cls"].as_array().expect("a list");
    assert_eq!(rows.len(), 4);
    let (terms, limits) = published();
    let whole = |value: &serde_json::Value| value.as_str().expect("text").parse::<i128>().expect("a number") * 100;
    for row in rows {
        let account = &row["account"];
        let positions = ["RUB", "CNY", "KZT"].map(|code| account[code].as_i64().expect("a number") * 100);
        let found = test(&terms, &limits, &positions, 0).expect("within range");
        assert_eq!(found.value, Ratio::whole(whole(&row["account_value"])));
        assert_eq!(found.aggregate, Ratio::whole(whole(&row["aggregate_short"])));
        assert_eq!(Some(found.covered), row["positive_account_value"].as_bool());
        assert_eq!(Some(found.over.is_empty()), row["short_position_limits"].as_bool());
        assert_eq!(Some(found.within), row["aggregate_short_position"].as_bool());
    }
}

#[test]
fn a_limit_is_met_exactly_and_passed_by_one() {
    let (terms, limits) = published();
    let edge = test(&terms, &limits, &[-50_000_000_00, 100_000_000_00, 0], 0).expect("within range");
    assert!(edge.over.is_empty());
    let over = test(&terms, &limits, &[-50_000_000_01, 100_000_000_00, 0], 0).expect("within range");
    assert_eq!(over.over.len(), 1);
    assert_eq!((over.over[0].currency, over.over[0].short, over.over[0].limit), (0, 50_000_000_01, 50_000_000_00));
    // Collateral makes good exactly what is missing.
    let short = [-20_000_000_00, 1_700_000_00, 0];
    assert!(test(&terms, &limits, &short, 27_800_00).expect("within range").covered);
    assert!(!test(&terms, &limits, &short, 27_799_99).expect("within range").covered);
}

#[test]
fn bad_tables_are_refused() {
    let (mut terms, mut limits) = published();
    let count = Refusal::Count { field: "positions", count: 2, needed: 3 };
    assert_eq!(test(&terms, &limits, &[1, 2], 0), Err(count));
    assert_eq!(test(&terms, &limits, &[0; 3], -1), Err(Refusal::Amount { field: "collateral", index: 0, value: -1 }));
    limits.short[2] = Some(-7);
    assert_eq!(test(&terms, &limits, &[0; 3], 0), Err(Refusal::Amount { field: "short limit", index: 2, value: -7 }));
    limits.short[2] = None;
    terms[1].price = Ratio::ZERO;
    assert_eq!(test(&terms, &limits, &[0; 3], 0), Err(Refusal::Fixing { currency: 1 }));
}

proptest! {
    #[test]
    fn values_agree_with_whole_numbers(
        rows in proptest::collection::vec((-1_000_000i64..1_000_000, 1i64..10_000, 0u32..=100), 1..5),
        collateral in 0i64..1_000_000, limit in 0i64..1_000_000, aggregate in 0i64..10_000_000
    ) {
        let terms: Vec<Terms> = rows.iter().map(|(_, price, haircut)| Terms {
            price: ratio((*price).into(), 1000), haircut: percent(*haircut),
        }).collect();
        let positions: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let limits = Limits { short: vec![Some(limit); rows.len()], aggregate: Some(aggregate) };
        let found = test(&terms, &limits, &positions, collateral).expect("within range");
        let prices: Vec<i64> = rows.iter().map(|row| row.1).collect();
        let haircuts: Vec<i64> = rows.iter().map(|row| row.2.into()).collect();
        let (value, short) = plain::account(&positions, &prices, &haircuts, collateral);
        prop_assert_eq!(found.value, ratio(value, 1_000_000_000));
        prop_assert_eq!(found.aggregate, ratio(short, 1_000_000_000));
        prop_assert_eq!(found.covered, value >= 0);
        prop_assert_eq!(found.within, short <= i128::from(aggregate) * 1_000_000_000);
        prop_assert_eq!(found.over.len(), positions.iter().filter(|position| -**position > limit).count());
    }
}
