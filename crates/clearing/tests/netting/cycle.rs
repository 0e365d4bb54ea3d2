//! A net cycle: stages, instructions, and what stops it from becoming final.

use comity_clearing::netting::finality::{Account, Cycle, Instruction, Net, Posting, check};
use comity_clearing::netting::groups::{Group, Refused, by_group};
use comity_clearing::netting::instructions::{Basis, allot};
use comity_clearing::netting::net;
use comity_clearing::setoff::{self, Floors, Options, Problem};
use expect_test::expect;
use proptest::prelude::*;

use crate::owes;

#[test]
fn two_stages_need_more_than_one() {
    // Members 0, 1, 2 of a union against the partner 3: 0 owes 1 within, and is owed by the partner what 1 owes it.
    let owed = [owes(0, 1, 10), owes(1, 3, 10), owes(3, 0, 6), owes(2, 3, 1)];
    let found = by_group(4, &[0, 0, 0, 1], 2, &owed).expect("well formed");
    let union = Group { gross: 10, bilateral: 10, inner: 10, outer: 11, together: 5, net: -5 };
    assert_eq!(found.groups[0], union);
    assert_eq!(found.groups[1], Group { outer: 5, together: 5, net: 5, ..Group::default() });
    assert_eq!((found.between.gross, found.between.multilateral_total), (17, 5));
    assert_eq!(by_group(4, &[0, 0, 0], 2, &owed), Err(Refused::Length { found: 3, members: 4 }));
    let refused = by_group(4, &[0, 0, 2, 1], 2, &owed).expect_err("refused");
    assert_eq!(refused.to_string(), "member 2 belongs to group 2, which does not exist");
    assert!(by_group(2, &[0, 0], 1, &[owes(0, 1, 0)]).is_err());
}

#[test]
fn money_is_for_the_last_instructions() {
    let owed = [owes(0, 1, 10), owes(1, 0, 4), owes(0, 2, 5), owes(0, 1, 3)];
    let all = allot(3, &owed, Basis::Multilateral).expect("well formed");
    // 0 owes 18 and is owed 4: the first 4 of its debts are covered. 1 is owed 13 and owes 4.
    assert_eq!((all.paid, all.received), (vec![6, 0, 5, 3], vec![6, 0, 5, 3]));
    let pairs = allot(3, &owed, Basis::Bilateral).expect("well formed");
    assert_eq!(pairs.paid, [6, 0, 5, 3]);
    // In a common net the debtor may have paid what its creditor has used: 1 passes on what 0 pays.
    let chain = allot(3, &[owes(0, 1, 10), owes(1, 2, 10)], Basis::Multilateral).expect("well formed");
    assert_eq!((chain.paid, chain.received), (vec![10, 0], vec![0, 10]));
    assert!(allot(2, &[owes(0, 0, 1)], Basis::Bilateral).is_err());
}

#[test]
fn set_off_and_novation_are_told_apart() {
    // A chain of equal debts: no cycle to set off, but novation would let the first pay the last.
    let chain = [(0, 1), (1, 2), (2, 3)].map(|(debtor, creditor)| setoff::Obligation { debtor, creditor, amount: 10 });
    let problem = Problem::of(4, &chain);
    let cleared = setoff::solve(&problem, &Options::default()).expect("well formed");
    let floors = Floors { gross: 30, bilateral: 30, set_off: 30, novation: 10 };
    assert_eq!(Floors::of(&problem, &cleared.proof), floors);
}

proptest! {
    #[test]
    fn each_ground_leaves_at_most_what_the_one_before_left(
        rows in prop::collection::vec((0u32..6, 1u32..6, 1i64..1_000), 0..40),
        group_of in prop::collection::vec(0u32..3, 6),
    ) {
        let rows: Vec<_> = rows.into_iter().map(|(from, step, amount)| (from, (from + step) % 6, amount)).collect();
        let owed: Vec<_> = rows.iter().map(|row| owes(row.0, row.1, row.2)).collect();
        let debts: Vec<_> = rows
            .iter()
            .map(|&(debtor, creditor, amount)| setoff::Obligation { debtor, creditor, amount })
            .collect();
        let netting = net(6, &owed).expect("well formed");
        let problem = Problem::of(6, &debts);
        let floors = Floors::of(&problem, &setoff::solve(&problem, &Options::default()).expect("well formed").proof);
        prop_assert_eq!(i128::from(floors.bilateral), netting.bilateral_total);
        prop_assert_eq!(i128::from(floors.novation), netting.multilateral_total);
        prop_assert!(floors.novation <= floors.set_off && floors.set_off <= floors.bilateral && floors.bilateral <= floors.gross);

        for (basis, total) in [(Basis::Bilateral, netting.bilateral_total), (Basis::Multilateral, netting.multilateral_total)] {
            let money = allot(6, &owed, basis).expect("well formed");
            prop_assert_eq!(money.paid.iter().copied().map(i128::from).sum::<i128>(), total);
            prop_assert_eq!(money.received.iter().copied().map(i128::from).sum::<i128>(), total);
            for (place, one) in owed.iter().enumerate() {
                prop_assert!((0..=one.amount).contains(&money.paid[place]) && (0..=one.amount).contains(&money.received[place]));
            }
            if basis == Basis::Multilateral {
                for (member, position) in (0u32..).zip(&netting.positions) {
                    let sum = |list: &[i64], own: fn(&comity_clearing::netting::Obligation) -> u32| -> i128 {
                        owed.iter().zip(list).filter(|(one, _)| own(one) == member).map(|(_, part)| i128::from(*part)).sum()
                    };
                    prop_assert_eq!(sum(&money.paid, |one| one.from), (-position.net()).max(0));
                    prop_assert_eq!(sum(&money.received, |one| one.to), position.net().max(0));
                }
            }
        }

        let found = by_group(6, &group_of, 3, &owed).expect("well formed");
        for group in &found.groups {
            prop_assert!(group.together <= group.inner + group.outer);
            prop_assert!(group.inner <= group.bilateral && group.bilateral <= group.gross);
        }
        prop_assert_eq!(found.groups.iter().map(|group| group.net).sum::<i128>(), 0);
        prop_assert_eq!(found.groups.iter().map(|group| group.gross).sum::<i128>() + found.between.gross, netting.gross);
    }
}

const ACCOUNTS: [Account; 4] = [
    Account { currency: 0, settles: true, balance: 100, floor: 0 },
    Account { currency: 0, settles: true, balance: 0, floor: 0 },
    Account { currency: 1, settles: true, balance: 5, floor: 0 },
    Account { currency: 0, settles: false, balance: 0, floor: 0 },
];
const INSTRUCTIONS: [Instruction; 2] =
    [Instruction { debtor: 0, creditor: 1, amount: 50 }, Instruction { debtor: 1, creditor: 0, amount: 20 }];
const NETS: [Net; 2] = [Net { account: 0, amount: -30 }, Net { account: 1, amount: 30 }];
const POSTINGS: [Posting; 2] =
    [Posting { account: 0, amount: -30, balance: 70 }, Posting { account: 1, amount: 30, balance: 30 }];

fn cycle() -> Cycle<'static> {
    Cycle { steps: &[10, 1], accounts: &ACCOUNTS, instructions: &INSTRUCTIONS, nets: &NETS, postings: &POSTINGS }
}

#[test]
fn a_sound_cycle_may_become_final() {
    assert_eq!(check(&cycle()), Ok(vec![30, 0]));
    let empty = Cycle { instructions: &[], nets: &[], postings: &[], ..cycle() };
    assert_eq!(check(&empty), Ok(vec![0, 0]));
}

/// Each check is broken on purpose, in order of precedence.
#[test]
fn a_wrong_cycle_is_stopped_with_the_reason() {
    let net = |account, amount| Net { account, amount };
    let one = |debtor, creditor, amount| Instruction { debtor, creditor, amount };
    let posting = |account, amount, balance| Posting { account, amount, balance };
    let mut told = Vec::new();
    let mut stop = |cycle: Cycle<'_>| told.push(check(&cycle).expect_err("stopped").to_string());
    stop(Cycle { steps: &[10], ..cycle() });
    stop(Cycle { nets: &[net(9, 10)], ..cycle() });
    stop(Cycle { instructions: &[one(0, 3, 10)], ..cycle() });
    stop(Cycle { instructions: &[one(0, 2, 10)], ..cycle() });
    stop(Cycle { instructions: &[one(0, 1, 0)], ..cycle() });
    stop(Cycle { instructions: &[one(0, 1, 15)], ..cycle() });
    stop(Cycle { nets: &[net(0, -30), net(1, 20)], ..cycle() });
    stop(Cycle { nets: &[net(0, -30), net(1, 20), net(1, 10)], ..cycle() });
    stop(Cycle { nets: &[net(0, -40), net(1, 40)], ..cycle() });
    stop(Cycle { nets: &[], ..cycle() });
    stop(Cycle { postings: &[posting(0, -30, 80)], ..cycle() });
    let accounts = [Account { balance: 20, ..ACCOUNTS[0] }, ACCOUNTS[1], ACCOUNTS[2], ACCOUNTS[3]];
    stop(Cycle { accounts: &accounts, postings: &[posting(0, -30, -10)], ..cycle() });
    stop(Cycle { postings: &POSTINGS[..1], ..cycle() });
    expect![[r#"
        account 2 has currency 1, which does not exist
        net 0 names account 9, which does not exist
        instruction 0 names account 3, which does not settle nets
        instruction 0 is not between two accounts of one currency
        amount 0 of instruction 0 is not valid in steps of 10
        amount 15 of instruction 0 is not valid in steps of 10
        nets of currency 0 sum to -10, not to 0
        net 2 is the second of account 1
        net -40 of account 0 is not the sum -30 of its instructions
        net 0 of account 0 is not the sum -30 of its instructions
        posting 0 claims a balance of 80, expected is 70
        posting 0 leaves a balance of -10, below the floor of 0
        0 is posted to account 1, its net is 30
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}
