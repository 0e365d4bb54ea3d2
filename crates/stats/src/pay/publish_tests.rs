//! The attacks, tried: two active banks of which one reads; two releases; two sets of terms.

use super::super::sample::{DAY, facts, row};
use super::*;

fn terms() -> Terms {
    Terms {
        by: Dimension::SettlementCurrency,
        period: Period::Day,
        epsilon: (1, 1),
        pair_payments: 10,
        pair_value: 1_000,
        banks_min: 0,
        dominance_percent: 100,
    }
}

/// A stand-in for a keyed hash: SplitMix64 from the label and a seed.
fn bits(seed: u64) -> impl FnMut(&str) -> Box<dyn FnMut() -> u64> {
    move |label| {
        let mut state =
            label.bytes().fold(seed, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Box::new(move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        })
    }
}

fn total(published: &Published) -> Option<(i128, i128)> {
    published.cells.last().and_then(|cell| cell.figures)
}

#[test]
fn noise_has_the_distribution_it_should() {
    let scale = Scale { top: 10, bottom: 1 };
    let mut of = bits(7);
    let mut draw = of("noise");
    let samples: Vec<i128> = (0..40_000).map(|_| scale.sample(&mut draw)).collect();
    // Of the two-sided geometric with ratio q = exp(-1/10): P(0) = (1 - q) / (1 + q), mean |x| = 2q / (1 - q^2).
    let zeros = samples.iter().filter(|sample| **sample == 0).count();
    assert!((1_900..2_100).contains(&zeros), "{zeros}");
    let spread = samples.iter().map(|sample| sample.abs()).sum::<i128>() * 100 / 40_000;
    assert!((970..1_030).contains(&spread), "{spread}");
    let mean = samples.iter().sum::<i128>() * 100 / 40_000;
    assert!((-30..30).contains(&mean), "{mean}");
}

#[test]
fn of_two_active_banks_neither_learns_the_volume_of_the_other() {
    // Banks 0 and 1 pay others; bank 0 knows what it paid and reads the total. Did bank 1 pay, or not?
    let own = row(0, 2, 900, DAY, 1);
    let with = facts(vec![own.clone(), row(1, 3, 1_000_000, DAY, 2)], DAY);
    let without = facts(vec![own], DAY);
    let guess = |facts: &Facts, seed| total(&publish(facts, &terms(), bits(seed))).expect("shown").1 - 900;
    let tries = 4_000;
    // The best test for two hypotheses compares with a threshold; epsilon of the values is 1/2.
    let mut worst = 0.0_f64;
    for threshold in [0, 1_000, 4_000, 8_000, 16_000] {
        let above = |facts: &Facts, from: u64| {
            (from..from + tries).filter(|seed| guess(facts, *seed) > threshold).count().max(1)
        };
        let (yes, no) = (above(&with, 0), above(&without, 1_000_000));
        worst = worst.max((yes as f64 / no as f64).ln());
    }
    assert!(
        worst <= 0.5 + 0.15,
        "the odds move by e^{worst}, more than epsilon allows with the chance of so many tries"
    );
    // And without noise the attack succeeds, so the test can fail.
    let bare = Terms { pair_value: 2_000_000, ..terms() };
    let exact = gather(&with, &bare, &with.rows.iter().collect::<Vec<_>>(), &BTreeSet::from([0, 1]));
    assert_eq!(exact[&0].value - 900, 1_000_000);
}

#[test]
fn a_bank_changes_the_sums_by_no_more_than_the_noise_is_made_for() {
    let mut rows = Vec::new();
    for number in 0..400_u32 {
        let (a, b) = (number % 5, (number / 5 + number % 5 + 1) % 5);
        let mut made = row(a, b, i64::from(number * 37 % 900 + 1), DAY, u128::from(number));
        made.settled_in = number % 2;
        if a != b {
            rows.push(made);
        }
    }
    let sums = |rows: &[Row]| {
        let facts = facts(rows.to_vec(), DAY);
        let cells = gather(&facts, &terms(), &facts.rows.iter().collect::<Vec<_>>(), &BTreeSet::from([0, 1]));
        cells.values().map(|cell| (cell.count, cell.value)).collect::<Vec<_>>()
    };
    let whole = sums(&rows);
    for bank in 0..5 {
        let others: Vec<Row> = rows.iter().filter(|row| row.debtor != bank && row.creditor != bank).cloned().collect();
        let rest = sums(&others);
        let change =
            |of: fn(&(i128, i128)) -> i128| whole.iter().zip(&rest).map(|(a, b)| (of(a) - of(b)).abs()).sum::<i128>();
        assert!(change(|sum| sum.0) <= 4 * 10 && change(|sum| sum.1) <= 4 * 1_000, "bank {bank}");
        assert!(change(|sum| sum.1) > 0, "the bank took part");
    }
}

#[test]
fn a_later_release_repeats_what_was_published_and_draws_nothing_again() {
    let first = facts(vec![row(0, 2, 900, DAY, 1), row(1, 3, 500, DAY, 2)], DAY);
    let mut rows = first.rows.clone();
    rows.push(row(1, 2, 400, DAY + 1, 3));
    let later = facts(rows, DAY + 1);
    let (one, two) = (publish(&first, &terms(), bits(3)), publish(&later, &terms(), bits(3)));
    assert_eq!(one.cells[..], two.cells[..one.cells.len()]);
    assert!(two.cells.iter().all(|cell| cell.period != "all"), "no totals over periods");
    // While a day is open nothing of it is published.
    let mut running = first.clone();
    running.sources[0].closed = false;
    let none = publish(&running, &terms(), bits(3));
    assert_eq!((none.cells.len(), none.open.len()), (0, 1));
}

#[test]
fn a_difference_of_two_sets_does_not_cancel_the_noise() {
    let facts = facts(vec![row(0, 2, 900, DAY, 1), row(1, 3, 500, DAY, 2)], DAY);
    let other = Terms { epsilon: (2, 1), ..terms() };
    // Were both draws the same uniform number, the noise at epsilon 1 would be twice the noise at 2, and 2b - a exact.
    let exact = 900 + 500;
    let solved = (0..200)
        .filter(|seed| {
            let a = total(&publish(&facts, &terms(), bits(*seed))).expect("shown").1;
            let b = total(&publish(&facts, &other, bits(*seed))).expect("shown").1;
            (2 * b - a - exact).abs() <= 2
        })
        .count();
    assert!(solved <= 3, "{solved} of 200 were solved");
    // A period that changed gets other noise: the change does not show by difference.
    let mut more = facts.clone();
    more.rows.push(row(1, 3, 1, DAY, 3));
    let same = (0..200)
        .filter(|seed| {
            let before = total(&publish(&facts, &terms(), bits(*seed))).expect("shown").1;
            let after = total(&publish(&more, &terms(), bits(*seed))).expect("shown").1;
            after - before == 1
        })
        .count();
    assert!(same <= 3, "{same} of 200 showed the change");
}

#[test]
fn few_and_dominant_banks_are_hidden_and_the_total_does_not_show_them() {
    let mut rows = vec![row(0, 1, 900, DAY, 1)];
    for number in 0..12_u32 {
        let mut made = row(number % 5, (number + 1) % 5, 100, DAY, u128::from(number) + 10);
        made.settled_in = 1;
        rows.push(made);
    }
    let strict = Terms { banks_min: 3, dominance_percent: 80, ..terms() };
    let published = publish(&facts(rows.clone(), DAY), &strict, bits(1));
    let hidden: Vec<bool> = published.cells.iter().map(|cell| cell.figures.is_none()).collect();
    // XBA has two banks; XBB alone beside it would show it by difference, so it is hidden too, and the total stays.
    assert_eq!(hidden, [true, true, false]);
    let mut alone = facts(rows[..1].to_vec(), DAY);
    alone.currencies.truncate(1);
    let published = publish(&alone, &strict, bits(1));
    assert!(published.cells.iter().all(|cell| cell.figures.is_none()), "one cell: the total is the cell");
    let mut dominated = alone;
    dominated.rows = vec![row(0, 1, 10_000, DAY, 1), row(0, 2, 9_000, DAY, 2), row(3, 4, 10, DAY, 3)];
    let published = publish(&dominated, &strict, bits(1));
    assert!(published.cells.iter().all(|cell| cell.figures.is_none()), "bank 0 is part of almost everything");
    // All cells have as many banks as they need: nothing is hidden, and the cells sum to the total.
    let spread: Vec<Row> = rows.into_iter().skip(1).collect();
    let open = publish(&facts(spread, DAY), &Terms { banks_min: 0, ..strict }, bits(1));
    let sum = open.cells[..2].iter().map(|cell| cell.figures.expect("shown").0).sum::<i128>();
    assert_eq!(open.cells[2].figures.expect("shown").0, sum);
}
