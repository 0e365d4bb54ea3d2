//! Merging: one arc per ordered pair, nothing lost, and precise refusals.

use std::collections::BTreeMap;

use comity_clearing::flow::Arc;
use comity_clearing::obligations::{Obligation, Refusal, TOTAL_MAX, merge};
use proptest::prelude::*;

fn debt(debtor: u32, creditor: u32, amount: i64) -> Obligation {
    Obligation { debtor, creditor, amount }
}

#[test]
fn parallel_debts_become_one_arc_that_remembers_its_rows() {
    let rows = [debt(1, 0, 5), debt(0, 2, 7), debt(1, 0, 6), debt(0, 1, 1), debt(1, 0, 1)];
    let merged = merge(3, &rows).expect("good rows");
    let arc = |from, to, cap| Arc { from, to, cap, value: 1 };
    assert_eq!(merged.arcs, [arc(0, 1, 1), arc(0, 2, 7), arc(1, 0, 12)]);
    assert_eq!([merged.rows_of(0), merged.rows_of(1), merged.rows_of(2)], [&[3][..], &[1], &[0, 2, 4]]);
    assert_eq!(merged.gross, 20);
    assert_eq!(merge(0, &[]).expect("no rows").starts, [0]);
}

#[test]
fn a_bad_row_is_named() {
    let refused = |rows: &[Obligation]| merge(3, rows).expect_err("a bad row");
    let good = debt(0, 1, 5);
    assert_eq!(refused(&[good, debt(0, 3, 5)]), Refusal::Party { row: 1, party: 3, parties: 3 });
    assert_eq!(refused(&[good, debt(2, 2, 5)]), Refusal::Own { row: 1, party: 2 });
    assert_eq!(refused(&[good, good, debt(0, 2, 0)]), Refusal::Amount { row: 2, amount: 0 });
    assert_eq!(refused(&[good, debt(0, 2, -3)]), Refusal::Amount { row: 1, amount: -3 });
    assert_eq!(refused(&[debt(0, 2, TOTAL_MAX), debt(1, 2, 1)]), Refusal::Total { row: 1 });
    assert_eq!(refused(&[debt(0, 2, i64::MAX)]), Refusal::Total { row: 0 });
    assert_eq!(merge(u32::MAX, &[]), Err(Refusal::TooMany { what: "parties", count: 4_294_967_295 }));
    let text = Refusal::Party { row: 1, party: 3, parties: 3 }.to_string();
    assert_eq!(text, "row 1 names party 3, but there are 3 parties from 0 on");
}

proptest! {
    #[test]
    fn merging_agrees_with_an_ordered_map(raw in prop::collection::vec((0u32..6, 1u32..6, 1i64..100), 0..60)) {
        let rows: Vec<Obligation> = raw.iter().map(|&(from, step, amount)| debt(from, (from + step) % 6, amount)).collect();
        let mut map: BTreeMap<(u32, u32), (i64, Vec<u32>)> = BTreeMap::new();
        for (row, debt) in (0u32..).zip(&rows) {
            let entry = map.entry((debt.debtor, debt.creditor)).or_default();
            entry.0 += debt.amount;
            entry.1.push(row);
        }
        let merged = merge(6, &rows).expect("good rows");
        prop_assert_eq!(merged.arcs.len(), map.len());
        for (position, ((from, to), (cap, rows))) in map.into_iter().enumerate() {
            prop_assert_eq!(merged.arcs[position], Arc { from, to, cap, value: 1 });
            prop_assert_eq!(merged.rows_of(position), rows);
        }
    }
}
