//! Set-off notices: their sums are what was cleared, to the unit.

use std::collections::BTreeMap;

use comity_clearing::setoff::cycles::{Cycles, Leg, NoCirculation, decompose, legs};
use comity_clearing::setoff::{Fund, Obligation, Options, Problem, solve};
use proptest::prelude::*;

fn leg(from: u32, to: u32, units: i64) -> Leg {
    Leg { from, to, units }
}

fn told(cycles: &Cycles) -> Vec<(i64, Vec<u32>)> {
    cycles.iter().map(|(amount, parties)| (amount, parties.to_vec())).collect()
}

#[test]
fn short_circles_come_first_and_each_begins_with_its_lowest_party() {
    let legs = [leg(0, 1, 5), leg(1, 0, 2), leg(1, 2, 3), leg(2, 0, 3), leg(4, 3, 1), leg(3, 4, 1)];
    let cycles = decompose(5, &legs).expect("a circulation");
    assert_eq!(told(&cycles), [(2, vec![0, 1]), (1, vec![3, 4]), (3, vec![0, 1, 2])]);
    assert_eq!(cycles.len(), 3);
}

#[test]
fn what_is_no_circulation_is_refused() {
    assert_eq!(decompose(2, &[leg(0, 1, 5)]), Err(NoCirculation::Unbalanced { node: 0, surplus: -5 }));
    assert_eq!(decompose(2, &[leg(0, 2, 5)]), Err(NoCirculation::Leg { leg: 0 }));
    assert_eq!(decompose(2, &[leg(0, 0, 5)]), Err(NoCirculation::Leg { leg: 0 }));
    assert_eq!(decompose(2, &[leg(0, 1, -5)]), Err(NoCirculation::Units { leg: 0, units: -5 }));
    assert!(decompose(0, &[]).expect("nothing is a circulation").is_empty());
}

#[test]
fn money_lent_makes_chains_that_begin_and_end_at_the_fund() {
    let chain = [(0, 1), (1, 2)].map(|(debtor, creditor)| Obligation { debtor, creditor, amount: 10 });
    let problem = Problem { fund: Some(Fund { limit: 4, lines: &[] }), ..Problem::of(3, &chain) };
    let cleared = solve(&problem, &Options::default()).expect("valid");
    let cycles = decompose(4, &legs(&problem, &cleared.amounts, &cleared.proof)).expect("a circulation");
    assert_eq!(told(&cycles), [(4, vec![0, 1, 2, 3])]);
}

proptest! {
    #[test]
    fn notices_add_up_to_what_is_cleared(
        rows in prop::collection::vec((0u32..12, 1u32..12, 1i64..100), 0..60), lent in 0i64..200,
    ) {
        let owed: Vec<Obligation> = rows
            .iter()
            .map(|&(debtor, step, amount)| Obligation { debtor, creditor: (debtor + step) % 12, amount })
            .collect();
        let fund = Some(Fund { limit: lent, lines: &[] });
        for problem in [Problem::of(12, &owed), Problem { fund, ..Problem::of(12, &owed) }] {
            let cleared = solve(&problem, &Options::default()).expect("valid");
            let legs = legs(&problem, &cleared.amounts, &cleared.proof);
            let cycles = decompose(13, &legs).expect("a circulation");
            prop_assert!(cycles.len() <= legs.len());
            let mut sums: BTreeMap<(u32, u32), i64> = BTreeMap::new();
            for (amount, parties) in cycles.iter() {
                prop_assert!(amount > 0 && parties.len() >= 2);
                let distinct: std::collections::BTreeSet<&u32> = parties.iter().collect();
                prop_assert_eq!(distinct.len(), parties.len());
                for (place, party) in parties.iter().enumerate() {
                    *sums.entry((*party, parties[(place + 1) % parties.len()])).or_default() += amount;
                }
            }
            let expected: BTreeMap<(u32, u32), i64> = legs.iter().map(|leg| ((leg.from, leg.to), leg.units)).collect();
            prop_assert_eq!(sums, expected);
        }
    }

    #[test]
    fn large_circulations_are_taken_apart_by_walking_too(seed in 0u64..1000) {
        // Sums of random cycles on many nodes, until short search alone would not do.
        let mut state = seed;
        let mut next = |end: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from((state >> 33) % end).expect("small")
        };
        let mut sums: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for _ in 0..40 {
            let mut nodes: Vec<u32> = (0..30).map(|_| next(300)).collect();
            nodes.sort_unstable();
            nodes.dedup();
            for place in 0..nodes.len() {
                *sums.entry((nodes[place], nodes[(place + 1) % nodes.len()])).or_default() += 7;
            }
        }
        let legs: Vec<Leg> = sums.iter().map(|(&(from, to), &units)| leg(from, to, units)).collect();
        let cycles = decompose(300, &legs).expect("a circulation");
        let total: i64 = cycles.iter().map(|(amount, parties)| amount * i64::try_from(parties.len()).expect("small")).sum();
        prop_assert_eq!(total, legs.iter().map(|leg| leg.units).sum::<i64>());
    }
}
