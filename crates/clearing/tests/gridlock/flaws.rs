//! The verifier must refuse: every flaw once, in the order in which they are declared.

use comity_clearing::gridlock::{
    Account, Bilateral, Cause, Flaw, Invalid, Item, NO_GROUP, Removal, Solution, Workspace, check, feasible,
};

use crate::case::Case;

/// ALFA cannot pay p0, p1 stands behind it; p2 and p3 settle under a limit and as a group.
fn story() -> Case {
    let item = |debtor, creditor, amount, group| Item { debtor, creditor, amount, group };
    Case {
        accounts: vec![Account::funded(3), Account::funded(9), Account::funded(0)],
        items: vec![item(0, 1, 5, NO_GROUP), item(0, 2, 1, NO_GROUP), item(1, 2, 4, 0), item(2, 1, 2, 0)],
        bilateral: vec![Bilateral { from: 1, to: 2, headroom: 2 }],
        groups: 1,
        ..Case::default()
    }
}

const TRACE: [Removal; 2] = [Removal { item: 0, cause: Cause::Account }, Removal { item: 1, cause: Cause::Behind }];
const SELECTED: [bool; 4] = [false, false, true, true];
const NET_OUT: [i128; 3] = [0, 2, -2];

fn claim(trace: &[Removal], selected: &[bool], net_out: &[i128]) -> Result<(), Flaw> {
    check(&story().problem(), &Solution { selected, trace, net_out })
}

#[test]
fn the_true_claim_is_proved() {
    // The last item of the queue goes first; only then is the head seen to be unpayable.
    let trace = [Removal { item: 1, cause: Cause::Account }, Removal { item: 0, cause: Cause::Account }];
    assert_eq!(claim(&trace, &SELECTED, &NET_OUT), Ok(()));
    let case = story();
    let mut workspace = Workspace::new();
    let solution = workspace.solve(&case.problem()).expect("well formed");
    assert_eq!((solution.selected, solution.net_out), (&SELECTED[..], &NET_OUT[..]));
    assert_eq!(check(&case.problem(), &solution), Ok(()));
}

#[test]
fn a_malformed_problem_proves_nothing() {
    let mut case = story();
    case.items[0].amount = 0;
    let claim = Solution { selected: &SELECTED, trace: &TRACE, net_out: &NET_OUT };
    let invalid = Invalid::ItemAmount { item: 0, amount: 0 };
    assert_eq!(check(&case.problem(), &claim), Err(Flaw::Problem(invalid)));
}

#[test]
fn slices_must_have_the_length_of_the_problem() {
    let flaw = |what, found, expected| Err(Flaw::Length { what, found, expected });
    assert_eq!(claim(&TRACE, &SELECTED[..3], &NET_OUT), flaw("selected", 3, 4));
    assert_eq!(claim(&TRACE, &SELECTED, &NET_OUT[..2]), flaw("net_out", 2, 3));
}

#[test]
fn the_trace_names_existing_items_once() {
    let twice = [Removal { item: 1, cause: Cause::Account }, Removal { item: 1, cause: Cause::Account }];
    let unknown = [Removal { item: 4, cause: Cause::Account }];
    assert_eq!(claim(&unknown, &SELECTED, &NET_OUT), Err(Flaw::Unknown { item: 4 }));
    assert_eq!(claim(&twice, &SELECTED, &NET_OUT), Err(Flaw::Repeated { item: 1 }));
}

#[test]
fn every_removal_must_be_forced_when_it_is_made() {
    let all = [Cause::Account, Cause::Multilateral, Cause::Gross, Cause::Pair, Cause::Group, Cause::Behind];
    for item in [2, 3] {
        for cause in all {
            let claimed = claim(&[Removal { item, cause }], &SELECTED, &NET_OUT);
            assert_eq!(claimed, Err(Flaw::Unforced { item, cause }));
        }
    }
    // Not the last of its queue: the queue might still settle up to an item before it.
    assert_eq!(claim(&TRACE, &SELECTED, &NET_OUT), Err(Flaw::Unforced { item: 0, cause: Cause::Account }));
}

#[test]
fn flags_agree_with_the_trace() {
    let trace = [Removal { item: 1, cause: Cause::Account }, Removal { item: 0, cause: Cause::Account }];
    let selected = [true, false, true, true];
    assert_eq!(claim(&trace, &selected, &NET_OUT), Err(Flaw::Selection { item: 0 }));
    assert_eq!(claim(&trace[..1], &SELECTED, &NET_OUT), Err(Flaw::Selection { item: 0 }));
}

#[test]
fn what_settles_is_feasible() {
    let told = |change: fn(&mut Case), selected: [bool; 4]| {
        let mut case = story();
        change(&mut case);
        feasible(&case.problem(), &selected)
    };
    assert_eq!(told(|_| {}, SELECTED), Ok(()));
    assert_eq!(told(|_| {}, [false; 4]), Ok(()));
    assert_eq!(told(|_| {}, [false, true, true, true]), Err(Flaw::NotPrefix { item: 1 }));
    let split = [false, false, true, false];
    assert_eq!(told(|_| {}, split), Err(Flaw::SplitGroup { item: 2, group: 0 }));
    let violated = |cause| Err(Flaw::AccountViolated { account: 0, cause });
    assert_eq!(told(|_| {}, [true; 4]), violated(Cause::Account));
    assert_eq!(
        told(
            |case| {
                case.accounts[0] = Account { available: 9, multilateral: Some(5), gross_out: Some(6) };
            },
            [true; 4]
        ),
        violated(Cause::Multilateral)
    );
    assert_eq!(
        told(
            |case| {
                case.accounts[0] = Account { available: 9, multilateral: Some(6), gross_out: Some(5) };
            },
            [true; 4]
        ),
        violated(Cause::Gross)
    );
    assert_eq!(told(|case| case.bilateral[0].headroom = 1, SELECTED), Err(Flaw::PairViolated { limit: 0 }));
}

#[test]
fn an_unfinished_trace_is_no_proof() {
    let claimed = claim(&[], &[true; 4], &[6, -3, -3]);
    assert_eq!(claimed, Err(Flaw::AccountViolated { account: 0, cause: Cause::Account }));
}

#[test]
fn closing_positions_are_those_of_what_settles() {
    let trace = [Removal { item: 1, cause: Cause::Account }, Removal { item: 0, cause: Cause::Account }];
    let flaw = Flaw::NetOut { account: 1, stated: 3, found: 2 };
    assert_eq!(claim(&trace, &SELECTED, &[0, 3, -3]), Err(flaw));
}

#[test]
fn a_full_pair_forces_only_the_last_item_that_uses_it() {
    let item = |amount| Item { debtor: 0, creditor: 1, amount, group: NO_GROUP };
    let case = Case {
        accounts: vec![Account::funded(100), Account::funded(0)],
        items: vec![item(5), item(6)],
        bilateral: vec![Bilateral { from: 0, to: 1, headroom: 5 }],
        ..Case::default()
    };
    let cause = Cause::Pair;
    let settle_nothing = Solution {
        selected: &[false, false],
        trace: &[Removal { item: 0, cause }, Removal { item: 1, cause: Cause::Behind }],
        net_out: &[0, 0],
    };
    let claimed = check(&case.problem(), &settle_nothing);
    assert_eq!(claimed, Err(Flaw::Unforced { item: 0, cause }));
    let greatest = Solution { selected: &[true, false], trace: &[Removal { item: 1, cause }], net_out: &[5, -5] };
    assert_eq!(check(&case.problem(), &greatest), Ok(()));
}
