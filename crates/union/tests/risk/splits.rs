//! The largest remainder: exact parts, and who is given what is left.

use comity_union::Refusal;
use comity_union::risk::split::split;
use proptest::prelude::*;

use crate::plain;

#[test]
fn the_largest_remainder_gets_what_is_left_and_ties_go_to_the_first() {
    assert_eq!(split("key", 100, &[1, 1, 1]), Ok(vec![34, 33, 33]));
    assert_eq!(split("key", 285_700, &[3_000, 900]), Ok(vec![219_769, 65_931]));
    assert_eq!(split("key", 2, &[1, 1, 1, 0]), Ok(vec![1, 1, 0, 0]));
    assert_eq!(split("key", 0, &[0, 0]), Ok(vec![0, 0]));
    assert_eq!(split("key", i64::MAX, &[i64::MAX, i64::MAX]), Ok(vec![i64::MAX / 2 + 1, i64::MAX / 2]));
}

#[test]
fn what_cannot_be_divided_is_refused() {
    assert_eq!(split("key", 1, &[0, 0]), Err(Refusal::NoWeight { field: "key" }));
    assert_eq!(split("key", 1, &[]), Err(Refusal::NoWeight { field: "key" }));
    assert_eq!(split("key", 1, &[1, -1]), Err(Refusal::Amount { field: "key", index: 1, value: -1 }));
    assert_eq!(split("key", -5, &[1]), Err(Refusal::Amount { field: "key", index: 0, value: -5 }));
    let said = split("keys of the fund", 1, &[0]).expect_err("no weight").to_string();
    assert_eq!(said, "keys of the fund are all 0 and something is to be divided by them");
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole_and_miss_their_share_by_less_than_one(
        total in 0i64..5_000, weights in proptest::collection::vec(0i64..60, 1..8)
    ) {
        prop_assume!(weights.iter().sum::<i64>() > 0);
        let parts = split("key", total, &weights).expect("divides");
        prop_assert_eq!(parts.iter().sum::<i64>(), total);
        let all: i64 = weights.iter().sum();
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!((part * all - total * weight).abs() < all);
        }
        prop_assert_eq!(parts, plain::split(total, &weights));
    }
}
