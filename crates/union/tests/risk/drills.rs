//! The default of docs/risk.md, cell by cell, and what must hold in any other.

use comity_union::Refusal;
use comity_union::risk::drill::{Dealing, Market, Table, drill};
use comity_union::risk::waterfall::Bound;
use proptest::prelude::*;

use crate::{percent, ratio};

const ALFA: u32 = 0;
const BRAVO: u32 = 1;
const CHARLIE: u32 = 2;
const DELTA: u32 = 3;
const CNY: u32 = 0;
const RUB: u32 = 1;
const KZT: u32 = 2;

/// The table of docs/risk.md; `hurry` is what it costs to buy roubles at once.
fn table(hurry: u32, bound: Bound) -> Table {
    let dealing =
        |from, to, currency, whole: i64, settled| Dealing { from, to, currency, amount: whole * 100, settled };
    Table {
        markets: vec![
            Market { price: ratio(1, 1), cost: percent(0) },
            Market { price: ratio(8, 100), cost: percent(hurry) },
            Market { price: ratio(15, 1000), cost: percent(5) },
        ],
        dealings: vec![
            dealing(DELTA, ALFA, RUB, 50_000, true),
            dealing(ALFA, DELTA, CNY, 1_000, true),
            dealing(DELTA, BRAVO, RUB, 30_000, true),
            dealing(BRAVO, DELTA, KZT, 100_000, true),
            dealing(CHARLIE, DELTA, CNY, 300, true),
            dealing(DELTA, CHARLIE, RUB, 2_500, true),
            dealing(ALFA, BRAVO, KZT, 20_000, true),
            dealing(DELTA, CHARLIE, CNY, 700, false),
            dealing(BRAVO, DELTA, RUB, 5_000, false),
            dealing(CHARLIE, ALFA, RUB, 1_000, false),
        ],
        brought: vec![],
        collateral: vec![800_00, 700_00, 60_00, 900_00],
        fund: vec![500_00, 400_00, 350_00, 250_00],
        keys: vec![50, 30, 20, 25],
        bound,
    }
}

#[test]
fn delta_fails() {
    let found = drill(&table(2, Bound::None), DELTA).expect("a table");
    assert_eq!(
        found.before,
        [
            [-1_000_00, 51_000_00, -20_000_00],
            [0, 25_000_00, -80_000_00],
            [400_00, 1_500_00, 0],
            [600_00, -77_500_00, 100_000_00],
        ]
    );
    assert_eq!(found.unwound, 2);
    assert_eq!(
        found.after,
        [
            [-1_000_00, 51_000_00, -20_000_00],
            [0, 30_000_00, -80_000_00],
            [-300_00, 1_500_00, 0],
            [1_300_00, -82_500_00, 100_000_00],
        ]
    );
    let proceeds: Vec<i64> = found.closed_out.iter().map(|one| one.proceeds).collect();
    assert_eq!(proceeds, [1_300_00, -6_732_00, 1_425_00]);
    assert_eq!(found.result, -4_007_00);
    assert_eq!(found.sums, [3_000_00, 900_00, -100_00, 0]);
    let allocation = &found.allocation;
    assert_eq!((allocation.loss, allocation.collateral, allocation.own_fund), (4_007_00, 900_00, 250_00));
    let told: Vec<_> =
        allocation.members.iter().map(|one| [one.as_counterparty, one.by_key, one.from_fund, one.to_bring]).collect();
    assert_eq!(told, [[2_197_69, 0, 500_00, 1_697_69], [659_31, 0, 400_00, 259_31], [0; 4], [0; 4]]);
    assert_eq!(allocation.back, (0, 0));
}

#[test]
fn delta_fails_on_a_worse_day_with_bounded_counterparties() {
    let found = drill(&table(40, Bound::Sum), DELTA).expect("a table");
    let proceeds: Vec<i64> = found.closed_out.iter().map(|one| one.proceeds).collect();
    assert_eq!(proceeds, [1_300_00, -9_240_00, 1_425_00]);
    assert_eq!((found.result, found.allocation.loss), (-6_515_00, 6_515_00));
    let told: Vec<_> = found
        .allocation
        .members
        .iter()
        .map(|one| [one.as_counterparty, one.by_key, one.from_fund, one.to_bring])
        .collect();
    let rows = [[3_000_00, 732_50, 500_00, 3_232_50], [900_00, 439_50, 400_00, 939_50], [0, 293_00, 293_00, 0], [0; 4]];
    assert_eq!(told, rows);
}

#[test]
fn others_fail_without_harm_to_anybody() {
    let charlie = drill(&table(2, Bound::None), CHARLIE).expect("a table").allocation;
    // Sells 2,500 roubles for 196.00, owes 300.00.
    assert_eq!((charlie.loss, charlie.collateral, charlie.own_fund, charlie.back), (104_00, 60_00, 44_00, (0, 306_00)));
    assert!(charlie.members.iter().all(|one| one.to_bring == 0 && one.from_fund == 0));
    let bravo = drill(&table(2, Bound::None), BRAVO).expect("a table");
    assert_eq!((bravo.result, bravo.allocation.loss), (1_092_00, 0));
    assert_eq!(drill(&table(2, Bound::None), ALFA).expect("a table").result, 3_920_00 - 1_000_00 - 315_00);
}

#[test]
fn what_a_member_brought_is_part_of_its_position() {
    let mut table = table(2, Bound::None);
    table.brought = vec![vec![0; 3], vec![0; 3], vec![0; 3], vec![0, 82_500_00, -100_000_00]];
    let found = drill(&table, DELTA).expect("a table");
    let told: Vec<_> = found.closed_out.iter().map(|one| (one.position, one.proceeds)).collect();
    assert_eq!(told, [(1_300_00, 1_300_00), (0, 0), (0, 0)]);
    assert_eq!(found.after[3], [1_300_00, -82_500_00, 100_000_00]);
    table.brought.pop();
    let count = Refusal::Count { field: "rows of money brought", count: 3, needed: 4 };
    assert_eq!(drill(&table, DELTA), Err(count));
}

#[test]
fn bad_tables_are_refused() {
    let refused = |change: fn(&mut Table)| {
        let mut table = table(2, Bound::None);
        change(&mut table);
        drill(&table, DELTA).expect_err("refused")
    };
    assert_eq!(refused(|table| table.dealings[1].to = 9), Refusal::Member { flow: 1, member: 9, members: 4 });
    assert_eq!(refused(|table| table.dealings[1].to = ALFA), Refusal::ToSelf { flow: 1, member: ALFA });
    assert_eq!(refused(|table| table.dealings[2].currency = 3), Refusal::FixingMissing { currency: 3 });
    let amount = Refusal::Amount { field: "flow", index: 0, value: 0 };
    assert_eq!(refused(|table| table.dealings[0].amount = 0), amount);
    let count = Refusal::Count { field: "collateral", count: 0, needed: 4 };
    assert_eq!(refused(|table| table.collateral.clear()), count);
    let member = Refusal::Member { flow: 0, member: 4, members: 4 };
    assert_eq!(drill(&table(2, Bound::None), 4), Err(member));
}

proptest! {
    #[test]
    fn a_drill_keeps_every_unit(
        deals in proptest::collection::vec((0u32..4, 1u32..4, 0u32..3, 1i64..100_000, any::<bool>()), 0..30),
        defaulter in 0u32..4, bounded in any::<bool>(), costs in proptest::array::uniform3(0u32..60)
    ) {
        let mut table = table(2, if bounded { Bound::Sum } else { Bound::None });
        for (market, cost) in table.markets.iter_mut().zip(costs) {
            market.cost = percent(cost);
        }
        table.dealings = deals
            .iter()
            .map(|(from, step, currency, amount, settled)| Dealing {
                from: *from, to: (from + step) % 4, currency: *currency, amount: *amount, settled: *settled,
            })
            .collect();
        let found = drill(&table, defaulter).expect("a table");
        let mut simple = 0i64;
        for currency in 0..3usize {
            prop_assert_eq!(found.before.iter().map(|row| row[currency]).sum::<i64>(), 0);
            prop_assert_eq!(found.after.iter().map(|row| row[currency]).sum::<i64>(), 0);
            // The defaulter keeps exactly its settled dealings.
            let settled: i64 = table.dealings.iter().filter(|d| d.settled && d.currency as usize == currency).map(|d| {
                if d.to == defaulter { d.amount } else if d.from == defaulter { -d.amount } else { 0 }
            }).sum();
            prop_assert_eq!(found.closed_out[currency].position, settled);
            let thousandths = [1000, 80, 15][currency];
            let factor = if settled < 0 { 100 + i64::from(costs[currency]) } else { 100 - i64::from(costs[currency]) };
            simple += (settled * thousandths * factor).div_euclid(100_000);
        }
        prop_assert_eq!(found.result, simple);
        let allocation = &found.allocation;
        prop_assert_eq!(allocation.loss, (-simple).max(0));
        let borne: i64 = allocation.members.iter().map(|one| one.from_fund + one.to_bring).sum();
        prop_assert_eq!(allocation.collateral + allocation.own_fund + borne, allocation.loss);
    }
}
