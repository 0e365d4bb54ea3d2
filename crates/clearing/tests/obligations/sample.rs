//! Samples: the same on every machine, good rows only, and each kind has the feature it is named for.

use comity_clearing::flow::Arc;
use comity_clearing::obligations::{Merged, components, merge};
use comity_clearing::sample::{self, CURRENCIES, Sample};

fn merged(drawn: &Sample) -> Merged {
    merge(drawn.parties, &drawn.obligations).expect("samples are good rows")
}

/// Arcs that can lie on a cycle, per cent.
fn cyclic(merged: &Merged) -> usize {
    let found = components(&merged.network());
    merged.arcs.iter().filter(|Arc { from, to, .. }| found.same(*from, *to)).count() * 100 / merged.arcs.len()
}

#[test]
fn the_same_seed_draws_the_same_network() {
    assert_eq!(sample::firm(7, 1_000), sample::firm(7, 1_000));
    assert_ne!(sample::firm(7, 1_000), sample::firm(8, 1_000));
    let first = sample::bank(1, 10).obligations[0];
    assert_eq!((first.debtor, first.creditor, first.amount), (1, 227, 681_984));
}

#[test]
fn banks_owe_each_other_many_times() {
    let small = sample::bank(1, 10_000);
    assert!((300..=340).contains(&small.parties), "{} members", small.parties);
    let large = merged(&sample::bank(1, 1_000_000));
    assert!(large.parties >= 2_900, "{} members", large.parties);
    assert!((55_000..80_000).contains(&large.arcs.len()), "{} arcs", large.arcs.len());
}

#[test]
fn firms_are_few_large_and_many_small() {
    let drawn = sample::firm(1, 50_000);
    assert_eq!(drawn.parties, 5_000);
    let mut degree = vec![0u32; 5_000];
    for debt in &drawn.obligations {
        degree[usize::try_from(debt.debtor).expect("fits")] += 1;
    }
    degree.sort_unstable();
    assert!(degree[2_500] <= 8, "median {}", degree[2_500]);
    assert!(degree[4_999] >= 400, "largest {}", degree[4_999]);
}

#[test]
fn a_quarter_to_a_half_of_trade_debts_can_lie_on_a_cycle() {
    for debts in [10_000, 100_000] {
        let share = cyclic(&merged(&sample::trade(1, debts)));
        assert!((27..=54).contains(&share), "{share} % of {debts} debts");
    }
}

#[test]
fn conversion_samples_name_a_currency_for_each_debt() {
    let drawn = sample::convert(1, 10_000);
    assert_eq!(drawn.currencies.len(), drawn.obligations.len());
    let used: std::collections::BTreeSet<u32> = drawn.currencies.iter().copied().collect();
    assert_eq!(used, (0..CURRENCIES).collect());
}
