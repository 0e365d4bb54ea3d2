//! Rates: one vector is consistent; a matrix has to prove it.

use comity_clearing::currency::{Fault, RATIO_PART_MAX, Rates, Ratio, WORTH_MAX};
use proptest::prelude::*;

fn ratio(num: u64, den: u64) -> Ratio {
    Ratio { num, den }
}

#[test]
fn ratios_become_the_smallest_whole_numbers() {
    // 1.00, 0.0112 and 1/3 per minor unit.
    let rates = Rates::exact(&[ratio(1, 1), ratio(112, 10_000), ratio(1, 3)]).expect("exact");
    assert_eq!(rates.worth(), [1_875, 21, 625]);
    assert_eq!(Rates::exact(&[ratio(6, 1), ratio(4, 1)]).expect("exact").worth(), [3, 2]);
    assert_eq!(Rates::exact(&[]).expect("exact").count(), 0);
}

#[test]
fn ratios_are_rounded_when_asked_for() {
    let rates = Rates::scaled(&[ratio(1, 1), ratio(112, 10_000), ratio(1, 3)], 1_000).expect("scaled");
    assert_eq!(rates.worth(), [1_000, 11, 333]);
}

#[test]
fn a_consistent_matrix_gives_its_vector_and_another_is_refused_with_the_triple() {
    let worth = [6u64, 4, 9];
    let mut cross: Vec<Vec<Ratio>> = worth.map(|i| worth.map(|j| ratio(i, j)).into()).into();
    assert_eq!(Rates::from_matrix(&cross, 1, 0).expect("consistent").worth(), [6, 4, 9]);
    cross[0][2] = ratio(6_001, 9_000);
    let fault = Rates::from_matrix(&cross, 1, 0).expect_err("refused");
    assert_eq!(fault, Fault::Inconsistent { base: 1, first: 0, second: 2, deviation_ppm: 167, limit_ppm: 0 });
    assert!(Rates::from_matrix(&cross, 1, 167).is_ok());
    // The diagonal is a chain too: a currency is worth itself.
    cross[0][2] = ratio(6, 9);
    cross[2][2] = ratio(2, 1);
    assert!(matches!(Rates::from_matrix(&cross, 1, 0), Err(Fault::Inconsistent { first: 2, second: 2, .. })));
}

/// Refusals in order of precedence.
#[test]
fn rates_that_cannot_be_used_are_refused() {
    let square = |n: usize| vec![vec![ratio(1, 1); n]; n];
    let mut ragged = square(2);
    ragged[1].push(ratio(1, 1));
    let mut zero = square(2);
    zero[1][0] = ratio(0, 1);
    let mut gain = square(2);
    gain[0][1] = ratio(2, 1);
    let primes = [1_000_003, 1_000_033, 1_000_037, 1_000_039].map(|prime| ratio(1, prime));
    let refusals = [
        Rates::new(vec![1; 4_097]),
        Rates::new(vec![1, 0]),
        Rates::new(vec![WORTH_MAX + 1]),
        Rates::exact(&[ratio(1, 1), ratio(0, 1)]),
        Rates::exact(&[ratio(1, RATIO_PART_MAX + 1)]),
        Rates::exact(&primes),
        Rates::exact(&[ratio(RATIO_PART_MAX, 1), ratio(1, 1_000)]),
        Rates::scaled(&[ratio(1, 10_000)], 1_000),
        Rates::scaled(&[ratio(RATIO_PART_MAX, 1)], u64::MAX),
        Rates::from_matrix(&square(2), 2, 0),
        Rates::from_matrix(&ragged, 0, 0),
        Rates::from_matrix(&zero, 0, 0),
        Rates::from_matrix(&gain, 0, 10),
    ];
    let told: Vec<String> = refusals.map(|refusal| refusal.expect_err("refused").to_string()).into();
    expect_test::expect![[r#"
        4097 currencies exceed the limit of 4096
        worth 0 of currency 1 is outside 1 to 1000000000000
        worth 1000000000001 of currency 0 is outside 1 to 1000000000000
        rate 0/1 of currency 1 has a part outside 1 to 10000000000
        rate 1/10000000001 of currency 0 has a part outside 1 to 10000000000
        rate of currency 0 has too many digits: no worth up to 1000000000000 is exact
        rate of currency 0 has too many digits: no worth up to 1000000000000 is exact
        rate of currency 0 is worth nothing at a scale of 1000
        worth 184467440737095516150000000000 of currency 0 is outside 1 to 1000000000000
        row 2 of the cross rates has 0 entries where 2 are expected
        row 1 of the cross rates has 3 entries where 2 are expected
        rate 0/1 of currency 1 in currency 0 has a part outside 1 to 10000000000
        cross rates of currencies 0, 0 and 1 contradict each other by 1000000 ppm, the limit is 10
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

proptest! {
    #[test]
    fn exact_rates_are_proportional_to_the_ratios(parts in prop::collection::vec((1u64..500, 1u64..60), 1..6)) {
        let ratios: Vec<Ratio> = parts.iter().map(|&(num, den)| ratio(num, den)).collect();
        let rates = Rates::exact(&ratios).expect("few digits");
        for (a, x) in ratios.iter().zip(rates.worth()) {
            for (b, y) in ratios.iter().zip(rates.worth()) {
                let left = i128::from(a.num) * i128::from(b.den) * i128::from(*y);
                prop_assert_eq!(left, i128::from(b.num) * i128::from(a.den) * i128::from(*x));
            }
        }
        let cross: Vec<Vec<Ratio>> =
            ratios.iter().map(|a| ratios.iter().map(|b| ratio(a.num * b.den, a.den * b.num)).collect()).collect();
        for base in 0..ratios.len() {
            prop_assert_eq!(&Rates::from_matrix(&cross, base, 0).expect("consistent"), &rates);
        }
    }
}
