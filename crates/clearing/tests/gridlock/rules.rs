//! The rules of `fifo-prefix`, each as a short story with its answer inline.
//!
//! A story has lines `account NAME AVAILABLE [multilateral N] [gross N]`, `limit FROM TO HEADROOM` and
//! `pay ID FROM TO AMOUNT [group NAME]`; the answer says for each payment whether it settles or why it waits,
//! and for each account its net outflow.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comity_clearing::gridlock::{Account, Bilateral, Invalid, Item, NO_GROUP, Workspace, check};
use expect_test::{Expect, expect};

use crate::case::Case;

fn rule(story: &str, answer: Expect) {
    let (case, accounts, payments) = read(story);
    let mut workspace = Workspace::new();
    let solution = workspace.solve(&case.problem()).expect("well formed");
    assert_eq!(check(&case.problem(), &solution), Ok(()));
    let mut told = String::new();
    for (i, payment) in payments.iter().enumerate() {
        let removal = solution.trace.iter().find(|removal| usize::try_from(removal.item) == Ok(i));
        match removal {
            None => writeln!(told, "{payment} settles"),
            Some(removal) => writeln!(told, "{payment} waits: {:?}", removal.cause),
        }
        .expect("writing to memory");
    }
    let nets = accounts.iter().zip(solution.net_out).map(|(name, net)| format!("{name} {net}"));
    writeln!(told, "net out: {}", nets.collect::<Vec<_>>().join(", ")).expect("writing to memory");
    answer.assert_eq(&told);
}

fn read(story: &str) -> (Case, Vec<&str>, Vec<&str>) {
    let (mut case, mut accounts, mut payments) = (Case::default(), vec![], vec![]);
    let mut groups: BTreeMap<&str, u32> = BTreeMap::new();
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |word: &str| word.parse::<i64>().expect("a number");
        let after = |key: &str| words.iter().position(|word| *word == key).map(|i| words[i + 1]);
        let account = |accounts: &[&str], name: &str| -> u32 {
            let place = accounts.iter().position(|known| *known == name).expect("an account of the story");
            u32::try_from(place).expect("few accounts")
        };
        match words[0] {
            "account" => {
                accounts.push(words[1]);
                case.accounts.push(Account {
                    available: number(words[2]),
                    multilateral: after("multilateral").map(number),
                    gross_out: after("gross").map(number),
                });
            }
            "limit" => case.bilateral.push(Bilateral {
                from: account(&accounts, words[1]),
                to: account(&accounts, words[2]),
                headroom: number(words[3]),
            }),
            "pay" => {
                payments.push(words[1]);
                let next = u32::try_from(groups.len()).expect("few groups");
                case.items.push(Item {
                    debtor: account(&accounts, words[2]),
                    creditor: account(&accounts, words[3]),
                    amount: number(words[4]),
                    group: after("group").map_or(NO_GROUP, |name| *groups.entry(name).or_insert(next)),
                });
            }
            other => panic!("{other} is no word of a story"),
        }
    }
    case.groups = u32::try_from(groups.len()).expect("few groups");
    (case, accounts, payments)
}

#[test]
fn a_circle_clears_without_money() {
    rule(
        "account ALFA 0
         account BRAVO 0
         account CHARLIE 0
         pay p1 ALFA BRAVO 70
         pay p2 BRAVO CHARLIE 70
         pay p3 CHARLIE ALFA 70",
        expect![[r#"
            p1 settles
            p2 settles
            p3 settles
            net out: ALFA 0, BRAVO 0, CHARLIE 0
        "#]],
    );
}

#[test]
fn what_stands_behind_a_blocked_head_waits() {
    rule(
        "account ALFA 10
         account BRAVO 0
         pay p1 ALFA BRAVO 50
         pay p2 ALFA BRAVO 5",
        expect![[r#"
            p1 waits: Account
            p2 waits: Account
            net out: ALFA 0, BRAVO 0
        "#]],
    );
}

#[test]
fn a_missing_unit_unwinds_the_chain_it_carried() {
    rule(
        "account ALFA 9
         account BRAVO 0
         account CHARLIE 0
         pay p1 ALFA BRAVO 10
         pay p2 BRAVO CHARLIE 10
         pay p3 CHARLIE BRAVO 1",
        expect![[r#"
            p1 waits: Account
            p2 waits: Account
            p3 waits: Account
            net out: ALFA 0, BRAVO 0, CHARLIE 0
        "#]],
    );
}

#[test]
fn a_multilateral_limit_binds_the_net_outflow() {
    rule(
        "account ALFA 100 multilateral 20
         account BRAVO 0
         account CHARLIE 0
         pay p1 ALFA BRAVO 30
         pay p2 ALFA CHARLIE 15
         pay p3 BRAVO ALFA 20",
        expect![[r#"
            p1 settles
            p2 waits: Multilateral
            p3 settles
            net out: ALFA 10, BRAVO -10, CHARLIE 0
        "#]],
    );
}

#[test]
fn a_gross_limit_counts_what_goes_out_whatever_comes_in() {
    rule(
        "account ALFA 100 gross 40
         account BRAVO 100
         pay p1 ALFA BRAVO 30
         pay p2 ALFA BRAVO 15
         pay p3 BRAVO ALFA 60",
        expect![[r#"
            p1 settles
            p2 waits: Gross
            p3 settles
            net out: ALFA -30, BRAVO 30
        "#]],
    );
}

#[test]
fn a_bilateral_limit_binds_the_net_flow_of_a_pair() {
    rule(
        "account ALFA 100
         account BRAVO 100
         limit ALFA BRAVO 10
         pay p1 ALFA BRAVO 25
         pay p2 BRAVO ALFA 20
         pay p3 ALFA BRAVO 6",
        expect![[r#"
            p1 settles
            p2 settles
            p3 waits: Pair
            net out: ALFA 5, BRAVO -5
        "#]],
    );
}

#[test]
fn a_full_pair_holds_up_the_whole_queue_behind_it() {
    rule(
        "account ALFA 100
         account BRAVO 0
         account CHARLIE 0
         limit ALFA BRAVO 10
         pay p1 ALFA BRAVO 11
         pay p2 ALFA CHARLIE 1",
        expect![[r#"
            p1 waits: Pair
            p2 waits: Behind
            net out: ALFA 0, BRAVO 0, CHARLIE 0
        "#]],
    );
}

#[test]
fn legs_of_a_group_settle_together_or_not_at_all() {
    rule(
        "account ALFA/CNY 100
         account BRAVO/CNY 0
         account ALFA/RUB 0
         account BRAVO/RUB 5
         pay p1 ALFA/CNY BRAVO/CNY 100 group g1
         pay p2 BRAVO/RUB ALFA/RUB 1000 group g1
         pay p3 ALFA/CNY BRAVO/CNY 1
         pay p4 BRAVO/RUB ALFA/RUB 5",
        expect![[r#"
            p1 waits: Group
            p2 waits: Account
            p3 waits: Behind
            p4 waits: Account
            net out: ALFA/CNY 0, BRAVO/CNY 0, ALFA/RUB 0, BRAVO/RUB 0
        "#]],
    );
}

#[test]
fn a_group_with_three_legs_in_three_currencies_settles_at_once() {
    rule(
        "account ALFA/CNY 10
         account BRAVO/CNY 0
         account BRAVO/RUB 130
         account CHARLIE/RUB 0
         account CHARLIE/KZT 700
         account ALFA/KZT 0
         pay p1 ALFA/CNY BRAVO/CNY 10 group g1
         pay p2 BRAVO/RUB CHARLIE/RUB 130 group g1
         pay p3 CHARLIE/KZT ALFA/KZT 700 group g1",
        expect![[r#"
            p1 settles
            p2 settles
            p3 settles
            net out: ALFA/CNY 10, BRAVO/CNY -10, BRAVO/RUB 130, CHARLIE/RUB -130, CHARLIE/KZT 700, ALFA/KZT -700
        "#]],
    );
}

#[test]
fn two_legs_in_one_queue_hold_what_stands_between_them() {
    rule(
        "account ALFA 10
         account BRAVO 0
         pay p1 ALFA BRAVO 4 group g1
         pay p2 ALFA BRAVO 3
         pay p3 ALFA BRAVO 4 group g1",
        expect![[r#"
            p1 waits: Group
            p2 waits: Behind
            p3 waits: Account
            net out: ALFA 0, BRAVO 0
        "#]],
    );
}

#[test]
fn an_account_below_its_limit_blocks_nobody_else() {
    rule(
        "account ALFA -50
         account BRAVO 10
         account CHARLIE 0
         pay p1 BRAVO ALFA 5
         pay p2 ALFA CHARLIE 1
         pay p3 BRAVO CHARLIE 5",
        expect![[r#"
            p1 settles
            p2 waits: Account
            p3 settles
            net out: ALFA -5, BRAVO 10, CHARLIE -5
        "#]],
    );
}

#[test]
fn an_account_below_its_limit_pays_once_incoming_repairs_it() {
    rule(
        "account ALFA -50
         account BRAVO 60
         pay p1 BRAVO ALFA 60
         pay p2 ALFA BRAVO 10",
        expect![[r#"
            p1 settles
            p2 settles
            net out: ALFA -50, BRAVO 50
        "#]],
    );
}

#[test]
fn a_pair_below_its_limit_stops_only_what_uses_it() {
    rule(
        "account ALFA 100
         account BRAVO 100
         account CHARLIE 0
         limit ALFA BRAVO -5
         pay p1 BRAVO ALFA 4
         pay p2 BRAVO CHARLIE 7
         pay p3 ALFA CHARLIE 9
         pay p4 ALFA BRAVO 1",
        expect![[r#"
            p1 settles
            p2 settles
            p3 settles
            p4 waits: Pair
            net out: ALFA 5, BRAVO 11, CHARLIE -16
        "#]],
    );
}

#[test]
fn where_several_constraints_bind_the_first_is_named() {
    rule(
        "account ALFA 5 multilateral 5 gross 5
         account BRAVO 9 multilateral 5 gross 5
         account CHARLIE 9 multilateral 9 gross 5
         account DELTA 0
         pay p1 ALFA DELTA 6
         pay p2 BRAVO DELTA 6
         pay p3 CHARLIE DELTA 6",
        expect![[r#"
            p1 waits: Account
            p2 waits: Multilateral
            p3 waits: Gross
            net out: ALFA 0, BRAVO 0, CHARLIE 0, DELTA 0
        "#]],
    );
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let amount = i64::MAX;
    rule(
        &format!(
            "account ALFA 0
             account BRAVO 0
             account CHARLIE {amount}
             pay p1 ALFA BRAVO {amount}
             pay p2 ALFA BRAVO {amount}
             pay p3 BRAVO ALFA {amount}
             pay p4 CHARLIE ALFA {amount}
             pay p5 CHARLIE ALFA 1"
        ),
        expect![[r#"
            p1 settles
            p2 settles
            p3 settles
            p4 settles
            p5 waits: Account
            net out: ALFA 0, BRAVO -9223372036854775807, CHARLIE 9223372036854775807
        "#]],
    );
}

#[test]
fn no_items_is_an_answer_too() {
    rule(
        "account ALFA -1",
        expect![[r#"
        net out: ALFA 0
    "#]],
    );
    rule(
        "",
        expect![[r#"
        net out: 
    "#]],
    );
}

/// Problems that are refused, in order of precedence.
#[test]
fn a_malformed_problem_is_refused_with_the_place_and_the_value() {
    let good = read(
        "account ALFA 0
         account BRAVO 0
         limit ALFA BRAVO 1
         pay p1 ALFA BRAVO 1 group g",
    )
    .0;
    let told = |change: fn(&mut Case)| {
        let mut case = good.clone();
        change(&mut case);
        let refusal = Workspace::new().solve(&case.problem()).expect_err("refused");
        let answer = comity_clearing::gridlock::feasible(&case.problem(), &[true]);
        assert_eq!(answer, Err(comity_clearing::gridlock::Flaw::Problem(refusal)));
        refusal.to_string()
    };
    let stories = [
        told(|case| case.groups = u32::MAX),
        told(|case| case.items[0].debtor = 2),
        told(|case| case.items[0].creditor = 7),
        told(|case| case.items[0].creditor = 0),
        told(|case| case.items[0].amount = 0),
        told(|case| case.items[0].amount = -3),
        told(|case| case.items[0].group = 1),
        told(|case| case.bilateral[0].from = 9),
        told(|case| case.bilateral[0].to = 2),
        told(|case| case.bilateral[0].to = 0),
        told(|case| case.bilateral.push(case.bilateral[0])),
    ];
    expect![[r#"
        4294967295 groups exceed the limit of 4294967294
        item 0 names account 2, which does not exist
        item 0 names account 7, which does not exist
        item 0 pays from account 0 to itself
        amount 0 of item 0 is not above 0
        amount -3 of item 0 is not above 0
        item 0 names group 1, which does not exist
        bilateral limit 0 names account 9, which does not exist
        bilateral limit 0 names account 2, which does not exist
        bilateral limit 0 goes from account 0 to itself
        more than one bilateral limit from account 0 to account 1
    "#]]
    .assert_eq(&(stories.join("\n") + "\n"));
    assert_eq!(
        Workspace::new().solve(&Case { groups: u32::MAX, ..good }.problem()),
        Err(Invalid::TooMany { what: "groups", count: 4_294_967_295 })
    );
}
