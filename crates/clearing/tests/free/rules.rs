//! The rules as small stories.

use comity_clearing::free::{
    Answer, Goal, Invalid, Proof, Split, TOTAL_MAX, Terms, WEIGHT_MAX, bound_without_fifo, check, solve,
};
use comity_clearing::gridlock::{self, Account, Bilateral, Item, NO_GROUP};

use crate::case::Case;

const ALFA: u32 = 0;
const BRAVO: u32 = 1;
const CHARLIE: u32 = 2;

fn pay(debtor: u32, creditor: u32, amount: i64) -> Item {
    Item { debtor, creditor, amount, group: NO_GROUP }
}

fn case(funds: &[i64], items: &[Item]) -> Case {
    Case {
        accounts: funds.iter().map(|funds| Account::funded(*funds)).collect(),
        items: items.to_vec(),
        ..Case::default()
    }
}

fn choose(case: &Case, terms: &Terms<'_>) -> Answer {
    let answer = solve(&case.problem(), terms).expect("well formed");
    assert_eq!(check(&case.problem(), terms, &answer), Ok(()));
    answer
}

#[test]
fn the_head_of_a_queue_may_be_passed_over() {
    let case = case(&[10, 0], &[pay(ALFA, BRAVO, 12), pay(ALFA, BRAVO, 6), pay(ALFA, BRAVO, 8)]);
    let answer = choose(&case, &Terms::default());
    assert_eq!((answer.settled, answer.value, answer.bound), (vec![0, 0, 8], 8, 8));
    assert_eq!(bound_without_fifo(&case.problem()), Ok(10));
}

#[test]
fn who_did_not_opt_in_keeps_a_prefix() {
    let case = case(&[10, 0], &[pay(ALFA, BRAVO, 6), pay(ALFA, BRAVO, 8), pay(BRAVO, ALFA, 5), pay(BRAVO, ALFA, 6)]);
    let opted_in = [false, true];
    let answer = choose(&case, &Terms { opted_in: Some(&opted_in), ..Terms::default() });
    assert_eq!(answer.settled, [6, 8, 5, 6]);
    let nobody = [false, false];
    let case = Case { accounts: vec![Account::funded(7), Account::funded(0)], ..case };
    let answer = choose(&case, &Terms { opted_in: Some(&nobody), ..Terms::default() });
    assert_eq!((answer.settled, answer.bound), (vec![6, 8, 5, 6], 25));
}

#[test]
fn goals_choose_differently() {
    let case = case(&[10, 0], &[pay(ALFA, BRAVO, 9), pay(ALFA, BRAVO, 3), pay(ALFA, BRAVO, 4)]);
    let chosen = |goal| choose(&case, &Terms { goal, ..Terms::default() }).settled;
    assert_eq!(chosen(Goal::Value), [9, 0, 0]);
    assert_eq!(chosen(Goal::Count), [0, 3, 4]);
    assert_eq!(chosen(Goal::Weighted(&[1, 1, 5])), [0, 3, 4]);
}

#[test]
fn a_slice_reaches_the_bound() {
    let case = case(&[10, 0], &[pay(ALFA, BRAVO, 6), pay(ALFA, BRAVO, 8)]);
    let split = |slice_min, consent| Terms { split: Some(Split { slice_min, consent }), ..Terms::default() };
    let answer = choose(&case, &split(1, None));
    assert_eq!((answer.value, answer.bound), (10, 10));
    let answer = choose(&case, &split(1, Some(&[true, false])));
    assert_eq!((answer.gap(), answer.settled), (0, vec![2, 8]));
    let answer = choose(&case, &split(3, Some(&[true, false])));
    assert_eq!((answer.gap(), answer.settled), (2, vec![0, 8]));
    let answer = choose(&case, &split(1, Some(&[false, false])));
    assert_eq!((answer.gap(), answer.settled), (2, vec![0, 8]));
}

#[test]
fn counting_ignores_slices() {
    let case = case(&[10, 0], &[pay(ALFA, BRAVO, 6), pay(ALFA, BRAVO, 8)]);
    let split = Some(Split { slice_min: 1, consent: None });
    let answer = choose(&case, &Terms { goal: Goal::Count, split, ..Terms::default() });
    assert_eq!((answer.settled.iter().filter(|units| **units > 0).count(), answer.value, answer.bound), (1, 1, 1));
}

#[test]
fn a_group_settles_whole_or_not_at_all() {
    let mut case = case(&[5, 5, 0], &[pay(ALFA, BRAVO, 5), pay(BRAVO, CHARLIE, 11), pay(ALFA, CHARLIE, 4)]);
    case.groups = 1;
    case.items[0].group = 0;
    case.items[1].group = 0;
    assert_eq!(choose(&case, &Terms::default()).settled, [0, 0, 4]);
    case.accounts[1].available = 6;
    assert_eq!(choose(&case, &Terms::default()).settled, [5, 11, 0]);
}

#[test]
fn limits_of_an_account_and_of_a_pair_bind() {
    let free = case(&[20, 20], &[pay(ALFA, BRAVO, 12), pay(ALFA, BRAVO, 7), pay(BRAVO, ALFA, 5)]);
    assert_eq!(choose(&free, &Terms::default()).value, 24);
    let mut gross = free.clone();
    gross.accounts[0].gross_out = Some(12);
    assert_eq!(choose(&gross, &Terms::default()).settled, [12, 0, 5]);
    let mut net = free.clone();
    net.accounts[0].multilateral = Some(6);
    assert_eq!(choose(&net, &Terms::default()).settled, [0, 7, 5]);
    let mut pair = free;
    pair.bilateral.push(Bilateral { from: ALFA, to: BRAVO, headroom: 7 });
    assert_eq!(choose(&pair, &Terms::default()).settled, [12, 0, 5]);
}

#[test]
fn an_account_below_its_limit_pays_only_what_repairs_it() {
    let items = [pay(ALFA, BRAVO, 3), pay(BRAVO, ALFA, 5), pay(BRAVO, ALFA, 4)];
    assert_eq!(choose(&case(&[-4, 9], &items), &Terms::default()).settled, [3, 5, 4]);
    assert_eq!(choose(&case(&[-7, 9], &items), &Terms::default()).settled, [0, 5, 4]);
}

#[test]
fn nothing_to_choose() {
    let answer = choose(&Case::default(), &Terms::default());
    assert_eq!((answer.value, answer.bound), (0, 0));
    let answer = choose(&case(&[0, 0], &[pay(ALFA, BRAVO, 1)]), &Terms::default());
    assert_eq!((answer.settled, answer.bound), (vec![0], 0));
}

#[test]
fn bad_input_is_refused() {
    let good = case(&[1, 1], &[pay(ALFA, BRAVO, 1)]);
    let refused = |case: &Case, terms: &Terms<'_>| {
        let invalid = solve(&case.problem(), terms).expect_err("refused");
        invalid.to_string()
    };
    let self_paid = case(&[1, 1], &[pay(ALFA, ALFA, 1)]);
    assert_eq!(refused(&self_paid, &Terms::default()), "item 0 pays from account 0 to itself");
    let nothing = case(&[1, 1], &[pay(ALFA, BRAVO, 0)]);
    assert_eq!(refused(&nothing, &Terms::default()), "amount 0 of item 0 is not above 0");
    let large = case(&[1, 1], &[pay(ALFA, BRAVO, TOTAL_MAX), pay(ALFA, BRAVO, 1)]);
    let total = i128::from(TOTAL_MAX) + 1;
    assert_eq!(solve(&large.problem(), &Terms::default()), Err(Invalid::Total { total }));
    assert!(refused(&large, &Terms::default()).starts_with("amounts of "));
    let mut twice = good.clone();
    twice.bilateral = vec![Bilateral { from: ALFA, to: BRAVO, headroom: 1 }; 2];
    let invalid = Invalid::Problem(gridlock::Invalid::BilateralTwice { from: ALFA, to: BRAVO });
    assert_eq!(solve(&twice.problem(), &Terms::default()), Err(invalid));
    assert_eq!(bound_without_fifo(&twice.problem()), Err(invalid));
    let opted = Terms { opted_in: Some(&[true]), ..Terms::default() };
    assert_eq!(refused(&good, &opted), "opted_in has 1 entries, expected 2");
    let weights = Terms { goal: Goal::Weighted(&[]), ..Terms::default() };
    assert_eq!(refused(&good, &weights), "weights has 0 entries, expected 1");
    let heavy = Terms { goal: Goal::Weighted(&[WEIGHT_MAX + 1]), ..Terms::default() };
    assert_eq!(refused(&good, &heavy), "weight 1048577 of item 0 exceeds the limit of 1048576");
    let split = |slice_min, consent| Terms { split: Some(Split { slice_min, consent }), ..Terms::default() };
    assert_eq!(refused(&good, &split(0, None)), "smallest slice 0 is not above 0");
    assert_eq!(refused(&good, &split(1, Some(&[]))), "consent has 0 entries, expected 1");
    let wide = Case { accounts: vec![Account::funded(0); 1 << 17], ..Case::default() };
    assert_eq!(refused(&wide, &Terms::default()), "262145 accounts and limits exceed the limit of 262144");
}

#[test]
fn extreme_amounts_do_not_overflow() {
    let half = TOTAL_MAX / 2;
    let mut case = case(&[i64::MAX, i64::MIN, i64::MAX], &[pay(ALFA, BRAVO, half), pay(BRAVO, CHARLIE, half)]);
    case.accounts[0].gross_out = Some(i64::MAX);
    case.accounts[2].multilateral = Some(i64::MIN);
    case.bilateral.push(Bilateral { from: ALFA, to: BRAVO, headroom: i64::MAX });
    case.bilateral.push(Bilateral { from: BRAVO, to: ALFA, headroom: i64::MIN });
    for goal in [Goal::Value, Goal::Count, Goal::Weighted(&[WEIGHT_MAX, 0])] {
        let answer = choose(&case, &Terms { goal, ..Terms::default() });
        assert_eq!((answer.settled, answer.proof == Proof::Search(Vec::new())), (vec![half, 0], false));
    }
}
