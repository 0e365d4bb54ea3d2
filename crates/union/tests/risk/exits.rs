//! A member leaves with nothing open.

use comity_union::charge::DayCount;
use comity_union::position::{Balance, Flow, balances};
use comity_union::risk::exit::{Exit, Terms, exit};
use comity_union::schedule::RemainderIn;
use comity_union::{Rate, Refusal};
use proptest::prelude::*;

fn terms(due: Vec<i32>) -> Terms {
    Terms { rate: Rate::basis_points(300), count: DayCount::Act360, remainder: RemainderIn::Last, start: 0, due }
}

/// What each member has: its position and its claims.
fn wealth(positions: &[i64], pairs: &[Balance]) -> Vec<i64> {
    let mut wealth = positions.to_vec();
    for pair in pairs {
        wealth[pair.low as usize] += pair.claim;
        wealth[pair.high as usize] -= pair.claim;
    }
    wealth
}

fn flow(from: u32, to: u32, amount: i64) -> Flow {
    Flow { from, to, amount }
}

#[test]
fn claims_are_netted_and_the_rest_is_paid_by_key_in_instalments() {
    let items = [flow(2, 0, 70), flow(0, 2, 30), flow(1, 2, 25), flow(0, 1, 9)];
    let found = exit(&[60, 40, -100], &items, &[2, 1, 5], 2, &terms(vec![90, 180, 270])).expect("an exit");
    assert_eq!(found.positions, [-7, 7, 0]);
    let told: Vec<_> =
        found.settled.iter().map(|one| (one.member, one.bilateral, one.from_union, one.amount)).collect();
    // 100 by key 2 : 1 is 67 and 33; with member 0 the leaver also owes 70 and is owed 30.
    assert_eq!(told, [(0, -40, -67, -107), (1, 25, -33, -8)]);
    let principal: Vec<_> =
        found.settled[0].schedule.iter().map(|one| (one.due, one.principal, one.outstanding)).collect();
    assert_eq!(principal, [(90, 35, 72), (180, 35, 37), (270, 37, 0)]);
    assert_eq!(found.others, balances(3, &[flow(0, 1, 9)]).expect("balances"));
}

#[test]
fn who_cannot_leave() {
    let refused = |positions: &[i64], keys: &[i64], leaver, due| exit(positions, &[], keys, leaver, &terms(due));
    assert_eq!(refused(&[1, 1], &[1, 1], 0, vec![9]), Err(Refusal::Conservation { sum: 2 }));
    assert_eq!(refused(&[5, -5], &[1, 0], 0, vec![9]), Err(Refusal::NoWeight { field: "keys of the exit" }));
    assert_eq!(refused(&[5, -5], &[1], 0, vec![9]), Err(Refusal::Count { field: "keys", count: 1, needed: 2 }));
    assert_eq!(refused(&[5, -5], &[1, 1], 2, vec![9]), Err(Refusal::Member { flow: 0, member: 2, members: 2 }));
    let due = refused(&[5, -5], &[1, 1], 0, vec![9, 9]);
    assert_eq!(due, Err(Refusal::StepOrder { field: "due", index: 1 }));
    // Who owes nothing and is owed nothing just leaves.
    assert_eq!(
        refused(&[0, 0], &[0, 0], 1, vec![]),
        Ok(Exit { settled: vec![], positions: vec![0, 0], others: vec![] })
    );
}

proptest! {
    #[test]
    fn an_exit_ends_at_zero_and_takes_from_nobody(
        positions in proptest::collection::vec(-100_000i64..100_000, 2..7),
        flows in proptest::collection::vec((0u32..7, 0u32..7, 1i64..50_000), 0..40),
        keys in proptest::collection::vec(1i64..90, 7), leaver in 0u32..7, count in 1usize..14
    ) {
        let mut positions = positions;
        let members = u32::try_from(positions.len()).expect("few");
        let sum: i64 = positions.iter().sum();
        positions[0] -= sum;
        let items: Vec<Flow> = flows
            .iter()
            .map(|(from, to, amount)| flow(from % members, to % members, *amount))
            .filter(|item| item.from != item.to)
            .collect();
        let leaver = leaver % members;
        let due: Vec<i32> = (1..=i32::try_from(count).expect("few")).map(|n| n * 91).collect();
        let keys = &keys[..positions.len()];
        let pairs = balances(members, &items).expect("balances");
        let before = wealth(&positions, &pairs);
        let found = exit(&positions, &items, keys, leaver, &terms(due)).expect("an exit");
        // The union: the leaver has no position, the others' sum to zero.
        prop_assert_eq!(found.positions[leaver as usize], 0);
        prop_assert_eq!(found.positions.iter().sum::<i64>(), 0);
        prop_assert!(found.others.iter().all(|pair| pair.low != leaver && pair.high != leaver));
        // Pays everything down to zero, and what was paid is what was owed.
        let mut after = wealth(&found.positions, &found.others);
        for one in &found.settled {
            let paid: i64 = one.schedule.iter().map(|instalment| instalment.principal).sum();
            prop_assert_eq!(paid, one.amount.abs());
            prop_assert_eq!(one.schedule.last().map_or(0, |last| last.outstanding), 0);
            let cash = one.amount.signum() * paid;
            after[leaver as usize] += cash;
            after[one.member as usize] -= cash;
        }
        prop_assert_eq!(after, before);
        // A second, simple netting: item by item.
        for one in &found.settled {
            let simple: i64 = items.iter().map(|item| match (item.from, item.to) {
                (from, to) if from == one.member && to == leaver => item.amount,
                (from, to) if from == leaver && to == one.member => -item.amount,
                _ => 0,
            }).sum();
            prop_assert_eq!(one.bilateral, simple);
        }
    }
}
