//! What a standing set refuses, in order of precedence; nothing has changed afterwards.

use comity_clearing::gridlock::standing::{Entry, Refusal, Standing, WAITING_MAX};
use comity_clearing::gridlock::{Account, NO_GROUP};
use expect_test::expect;

const ENTRY: Entry = Entry { debtor: 0, creditor: 1, amount: 5, group: NO_GROUP, urgent: false };

fn two() -> Standing {
    let mut standing = Standing::new();
    for _ in 0..2 {
        standing.add_account(Account::funded(0)).expect("few accounts");
    }
    standing
}

#[test]
fn every_refusal_names_the_place_and_the_value() {
    let mut standing = two();
    let first = standing.push(&ENTRY).expect("well formed");
    let back = standing.push(&Entry { debtor: 1, creditor: 0, ..ENTRY }).expect("well formed");
    let group = standing.open_group(1).expect("few groups");
    let grouped = standing.push(&Entry { debtor: 1, creditor: 0, group, ..ENTRY }).expect("well formed");
    let before = standing.clone().prove();
    let refusals: [Refusal; 13] = [
        standing.push(&Entry { debtor: 2, ..ENTRY }).expect_err("refused"),
        standing.push(&Entry { creditor: 9, ..ENTRY }).expect_err("refused"),
        standing.push(&Entry { creditor: 0, ..ENTRY }).expect_err("refused"),
        standing.push(&Entry { amount: 0, ..ENTRY }).expect_err("refused"),
        standing.push(&Entry { amount: -4, ..ENTRY }).expect_err("refused"),
        standing.set_reserve(0, -1).expect_err("refused"),
        standing.push(&Entry { group: 7, ..ENTRY }).expect_err("refused"),
        standing.push(&Entry { group, ..ENTRY }).expect_err("refused"),
        standing.remove(99).expect_err("refused"),
        standing.insert(&ENTRY, back).expect_err("refused"),
        standing.push(&Entry { urgent: true, ..ENTRY }).expect_err("refused"),
        standing.push(&Entry { amount: WAITING_MAX, ..ENTRY }).expect_err("refused"),
        standing.set_limit(1, 1, Some(3)).expect_err("refused"),
    ];
    let told: Vec<String> = refusals.iter().map(|refusal| format!("{refusal}\n")).collect();
    expect![[r#"
        account 2 does not exist
        account 9 does not exist
        account 0 pays itself
        amount 0 is not above 0
        amount -4 is not above 0
        reserve -1 of account 0 is below 0
        group 7 is not open
        group 0 has all its 1 legs
        entry 99 does not wait
        entry 2 is not in the queue of account 0
        beside entry 1 an urgent entry would stand behind a normal one
        amount 1152921504606846976 on top of 15 waiting exceeds the limit of 1152921504606846976
        account 1 pays itself
    "#]]
    .assert_eq(&told.concat());
    assert_eq!(standing.clone().prove(), before);
    standing.remove(first).expect("it waits");
    standing.remove(grouped).expect("it waits");
    assert_eq!(standing.remove(first), Err(Refusal::UnknownEntry { entry: first }), "once only");
    assert_eq!(
        standing.push(&Entry { group, ..ENTRY }),
        Err(Refusal::UnknownGroup { group }),
        "it closed with its last"
    );
}

/// Funds beyond what sums can hold are as good as endless, and exact again when they come back within.
#[test]
fn huge_funds_neither_overflow_nor_forget() {
    let mut standing = two();
    standing.set_account(0, Account::funded(i64::MAX)).expect("known");
    let all = Entry { amount: WAITING_MAX, ..ENTRY };
    for _ in 0..7 {
        standing.push(&all).expect("within the limit");
        assert_eq!(standing.settle().len(), 1);
    }
    let left = i64::MAX - 7 * WAITING_MAX;
    assert_eq!(standing.account(0), Some(Account::funded(left)));
    standing.push(&Entry { amount: left + 1, ..ENTRY }).expect("within the limit");
    assert!(standing.settle().is_empty(), "one unit is missing");
    standing.shift_available(0, 1).expect("known");
    assert_eq!(standing.settle().len(), 1);
    assert_eq!(standing.account(0), Some(Account::funded(0)));
}
