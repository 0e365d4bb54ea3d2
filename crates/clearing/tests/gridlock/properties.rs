//! The fast solver against brute force and against repeated scanning, on random small problems with
//! several currencies, limits, PvP groups and accounts that are already below their limit.

use crate::case::Case;
use comity_clearing::gridlock::{
    Account, Bilateral, Cause, Flaw, Item, NO_GROUP, Removal, Reserve, Solution, Workspace, check, feasible,
};
use proptest::prelude::*;

/// Two currencies: accounts 0..n hold the first, n..2n the second; items stay within one.
fn case(members: u32, items: usize) -> impl Strategy<Value = Case> {
    let account = (-8i64..20, prop::option::weighted(0.2, -5i64..20), prop::option::weighted(0.2, -3i64..30))
        .prop_map(|(available, multilateral, gross_out)| Account { available, multilateral, gross_out });
    let item = (0..2u32, 0..members, 1..members, 1i64..20, 0..9u32).prop_map(
        move |(currency, debtor, step, amount, group)| Item {
            debtor: currency * members + debtor,
            creditor: currency * members + (debtor + step) % members,
            amount,
            group: if group < 3 { group } else { NO_GROUP },
        },
    );
    let limit = (0..2u32, 0..members, 1..members, -6i64..15).prop_map(move |(currency, from, step, headroom)| {
        Bilateral { from: currency * members + from, to: currency * members + (from + step) % members, headroom }
    });
    (
        prop::collection::vec(account, at(2 * members)),
        prop::collection::vec(item, 0..=items),
        prop::collection::vec(limit, 0..4),
        prop::collection::vec((0..2 * members, 0i64..12, 0u32..4), 0..3),
    )
        .prop_map(|(accounts, items, mut bilateral, reserves)| {
            let mut reserves: Vec<Reserve> =
                reserves.into_iter().map(|(account, amount, urgent)| Reserve { account, amount, urgent }).collect();
            reserves.sort_by_key(|reserve| reserve.account);
            reserves.dedup_by_key(|reserve| reserve.account);
            bilateral.sort_by_key(|limit| (limit.from, limit.to));
            bilateral.dedup_by_key(|limit| (limit.from, limit.to));
            Case { accounts, items, bilateral, reserves, groups: 3 }
        })
}

fn at(index: u32) -> usize {
    usize::try_from(index).expect("small index")
}

fn solve(case: &Case) -> (Vec<bool>, Vec<Removal>, Vec<i128>) {
    let mut workspace = Workspace::new();
    let solution = workspace.solve(&case.problem()).expect("well formed");
    assert_eq!(check(&case.problem(), &solution), Ok(()));
    (solution.selected.to_vec(), solution.trace.to_vec(), solution.net_out.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn equals_brute_force_and_contains_every_feasible_set(case in case(3, 9)) {
        let (selected, _, _) = solve(&case);
        let all = case.all_feasible();
        prop_assert!(all.contains(&selected));
        for other in &all {
            prop_assert!(other.iter().zip(&selected).all(|(other, greatest)| !other || *greatest));
        }
    }

    #[test]
    fn feasible_sets_are_closed_under_union(case in case(3, 7)) {
        let all = case.all_feasible();
        for a in all.iter().take(30) {
            for b in all.iter().rev().take(30) {
                let union: Vec<bool> = a.iter().zip(b).map(|(a, b)| a | b).collect();
                prop_assert!(case.feasible(&union));
            }
        }
    }

    #[test]
    fn equals_repeated_scanning(case in case(5, 40)) {
        let (selected, trace, net_out) = solve(&case);
        prop_assert_eq!(&selected, &case.by_scanning());
        prop_assert_eq!(trace.len(), selected.iter().filter(|chosen| !**chosen).count());
        for (account, net) in (0u32..).zip(net_out) {
            let of = |key: fn(&Item) -> u32| -> i128 {
                let chosen = case.items.iter().zip(&selected).filter(|(_, chosen)| **chosen);
                chosen.filter(|(item, _)| key(item) == account).map(|(item, _)| i128::from(item.amount)).sum()
            };
            prop_assert_eq!(net, of(|item| item.debtor) - of(|item| item.creditor));
        }
    }

    /// Names of accounts, interleaving of queues, order of limits and names of groups decide nothing.
    #[test]
    fn the_order_of_work_decides_nothing(
        case in case(5, 40),
        names in Just((0u32..10).collect::<Vec<_>>()).prop_shuffle(),
        ranks in prop::collection::vec(any::<u32>(), 40),
    ) {
        let (selected, _, _) = solve(&case);
        let mut other = case.clone();
        for (old, &new) in names.iter().enumerate() {
            other.accounts[at(new)] = case.accounts[old];
        }
        for limit in &mut other.bilateral {
            (limit.from, limit.to) = (names[at(limit.from)], names[at(limit.to)]);
        }
        for reserve in &mut other.reserves {
            reserve.account = names[at(reserve.account)];
        }
        other.bilateral.reverse();
        other.reserves.reverse();
        // A stable sort by a rank per debtor moves whole queues past each other; taking one item per round
        // from each queue interleaves them. Both keep the order within a queue.
        let mut order: Vec<usize> = (0..case.items.len()).collect();
        let place = |i: usize| (0..i).filter(|&j| case.items[j].debtor == case.items[i].debtor).count();
        if ranks[0] % 2 == 0 {
            order.sort_by_key(|&i| ranks[at(case.items[i].debtor)]);
        } else {
            order.sort_by_key(|&i| (place(i), ranks[at(case.items[i].debtor)]));
        }
        other.items = order.iter().map(|&i| {
            let item = case.items[i];
            let group = if item.group == NO_GROUP { NO_GROUP } else { 2 - item.group };
            Item { debtor: names[at(item.debtor)], creditor: names[at(item.creditor)], group, ..item }
        }).collect();
        let (permuted, _, _) = solve(&other);
        for (place, &i) in order.iter().enumerate() {
            prop_assert_eq!(permuted[place], selected[i]);
        }
    }

    #[test]
    fn a_reused_workspace_answers_as_a_new_one(cases in prop::collection::vec(case(4, 20), 1..6)) {
        let mut workspace = Workspace::new();
        for case in &cases {
            let (selected, trace, net_out) = solve(case);
            let again = workspace.solve(&case.problem()).expect("well formed");
            prop_assert_eq!(again, Solution { selected: &selected, trace: &trace, net_out: &net_out });
        }
    }

    /// The verifier accepts a claim exactly when it is the greatest set: no smaller feasible set, no larger
    /// infeasible one, whatever causes are claimed for the removals.
    #[test]
    fn no_other_set_can_be_certified(
        case in case(3, 8),
        flips in prop::collection::vec(any::<bool>(), 8),
        causes in prop::collection::vec(0usize..7, 8),
    ) {
        const CAUSES: [Cause; 7] = [
            Cause::Account,
            Cause::Multilateral,
            Cause::Gross,
            Cause::Reserve,
            Cause::Pair,
            Cause::Group,
            Cause::Behind,
        ];
        let (greatest, trace, _) = solve(&case);
        let claimed: Vec<bool> = greatest.iter().zip(&flips).map(|(chosen, flip)| chosen ^ flip).collect();
        prop_assume!(claimed != greatest);
        let kept = trace.iter().copied().filter(|removal| !claimed[at(removal.item)]);
        let added = (0u32..).zip(&claimed).filter(|(i, chosen)| !**chosen && greatest[at(*i)]);
        let mut claimed_trace: Vec<Removal> = kept.collect();
        claimed_trace.extend(added.map(|(item, _)| Removal { item, cause: CAUSES[causes[at(item)]] }));
        let mut net_out = vec![0; case.accounts.len()];
        for (item, _) in case.items.iter().zip(&claimed).filter(|(_, chosen)| **chosen) {
            net_out[at(item.debtor)] += i128::from(item.amount);
            net_out[at(item.creditor)] -= i128::from(item.amount);
        }
        let claim = Solution { selected: &claimed, trace: &claimed_trace, net_out: &net_out };
        prop_assert!(check(&case.problem(), &claim).is_err());
        prop_assert_eq!(feasible(&case.problem(), &claimed).is_ok(), case.feasible(&claimed));
    }

    /// A removal stated before what forced it, or with a cause that did not hold, is no proof.
    #[test]
    fn a_shuffled_trace_proves_the_same_set_or_nothing(
        case in case(3, 12),
        order in Just((0usize..12).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (selected, trace, net_out) = solve(&case);
        let shuffled: Vec<Removal> = order.iter().filter_map(|&i| trace.get(i).copied()).collect();
        let claim = Solution { selected: &selected, trace: &shuffled, net_out: &net_out };
        match check(&case.problem(), &claim) {
            Ok(()) | Err(Flaw::Unforced { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
