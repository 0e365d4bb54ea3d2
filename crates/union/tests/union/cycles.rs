//! Cycles closed: the decomposition, unwinding, crossing zero, and what is refused.

use comity_union::Refusal;
use comity_union::cycle::{Carry, Closed, Decomposition, Terms, Unwound, close};
use comity_union::position::{Balance, Flow, Positions, balances, disjoint, nets};

use crate::{quota, schedule};

fn cycle(preset: &str, quotas: &[i64], prior: &[i64], flows: &[(u32, u32, i64)]) -> Result<Closed, Refusal> {
    let schedule = schedule(preset);
    let terms: Vec<Terms<'_>> = quotas.iter().map(|q| Terms { quota: quota(*q), schedule: &schedule }).collect();
    let flows: Vec<Flow> = flows.iter().map(|&(from, to, amount)| Flow { from, to, amount }).collect();
    let members = u32::try_from(prior.len()).expect("few");
    close(Carry::Positions(&terms), prior, &balances(members, &flows)?)
}

#[test]
fn a_circle_leaves_nothing() {
    let closed = cycle("epu-1950", &[100; 3], &[0; 3], &[(0, 1, 70), (1, 2, 70), (2, 0, 70)]).expect("closes");
    assert_eq!(closed.parts, Decomposition { gross: 420, multilateral: 420, ..Decomposition::default() });
    assert_eq!(closed.carried, [0; 3]);
}

#[test]
fn going_away_from_zero_pays_and_credits() {
    let closed = cycle("epu-1950", &[100; 2], &[0; 2], &[(0, 1, 50)]).expect("closes");
    // The debtor paid 8, the creditor received 15: the union advanced 7.
    assert_eq!(closed.lines[0].change.asset, -8);
    assert_eq!(closed.lines[1].change.asset, 15);
    assert_eq!(closed.union_asset, -7);
    let parts = Decomposition { gross: 100, asset: 23, credit: 77, ..Decomposition::default() };
    assert_eq!(closed.parts, parts);
    assert_eq!(closed.carried, [-50, 50]);
}

#[test]
fn going_back_is_through_time_and_gives_back() {
    let closed = cycle("epu-1950", &[100; 2], &[-50, 50], &[(1, 0, 30)]).expect("closes");
    assert_eq!(closed.parts, Decomposition { gross: 60, through_time: 60, ..Decomposition::default() });
    assert_eq!(closed.unwound, Unwound { asset: 23, credit: 37, special: 0 });
    assert_eq!(closed.lines[0].change.asset, 8);
    assert_eq!(closed.carried, [-20, 20]);
}

#[test]
fn crossing_zero_unwinds_first() {
    let closed = cycle("epu-1950", &[100; 2], &[-50, 50], &[(1, 0, 80)]).expect("closes");
    let line = closed.lines[0];
    assert_eq!((line.before, line.after), (-50, 30));
    assert_eq!(
        line.parts,
        Decomposition { gross: 80, through_time: 50, asset: 5, credit: 25, ..Decomposition::default() }
    );
    assert_eq!(line.unwound, Unwound { asset: 8, credit: 42, special: 0 });
    // Received back 8 as debtor, received 5 as creditor.
    assert_eq!(line.change.asset, 13);
}

#[test]
fn beyond_the_quota_by_special_arrangement() {
    let closed = cycle("epu-1950", &[1000, 100], &[0, 0], &[(0, 1, 150)]).expect("closes");
    assert_eq!(closed.lines[1].parts.special, 50);
    assert_eq!(closed.parts.special, 50);
    assert!(closed.parts.holds());
}

#[test]
fn over_a_run_what_is_outstanding_is_told_too() {
    let mut parts = Decomposition::default();
    let mut unwound = Unwound::default();
    let mut prior = vec![0, 0];
    for flows in [[(0, 1, 50)], [(1, 0, 80)], [(0, 1, 10)]] {
        let closed = cycle("epu-1950", &[100; 2], &prior, &flows).expect("closes");
        parts.add(&closed.parts);
        unwound.add(&closed.unwound);
        prior = closed.carried;
    }
    assert!(parts.holds());
    let end = parts.outstanding(&unwound);
    assert!(end.holds());
    // Member 0 ends as creditor of 20, all of it credit; member 1 as debtor of 20, all of it credit.
    assert_eq!((end.asset, end.credit), (0, 40));
    assert_eq!(end.through_time, 280 - 40);
}

#[test]
fn where_all_is_paid_nothing_is_carried() {
    let flows = [Flow { from: 0, to: 1, amount: 50 }, Flow { from: 1, to: 2, amount: 20 }];
    let pairs = balances(3, &flows).expect("well formed");
    let closed = close(Carry::Paid, &[0; 3], &pairs).expect("closes");
    let paid: Vec<i64> = closed.lines.iter().map(|line| line.change.asset).collect();
    assert_eq!(paid, [-50, 30, 20]);
    assert_eq!(closed.carried, [0; 3]);
    assert_eq!(closed.parts, Decomposition { gross: 140, multilateral: 40, asset: 100, ..Decomposition::default() });
    assert_eq!(closed.union_asset, 0);
}

#[test]
fn positions_are_kept_against_the_union_and_each_other() {
    let flows = [Flow { from: 0, to: 1, amount: 50 }, Flow { from: 2, to: 0, amount: 20 }];
    let pairs = balances(3, &flows).expect("well formed");
    let first = Positions::none(3).after(&pairs).expect("small");
    assert_eq!(first.union(), [-30, 50, -20]);
    assert_eq!(first.pairs(), [Balance { low: 0, high: 1, claim: -50 }, Balance { low: 0, high: 2, claim: 20 }]);
    let back = balances(3, &[Flow { from: 1, to: 0, amount: 50 }]).expect("well formed");
    let second = first.after(&back).expect("small");
    assert_eq!(second.union(), [20, 0, -20]);
    assert_eq!(second.pairs(), [Balance { low: 0, high: 2, claim: 20 }]);
}

#[test]
fn flows_that_are_refused() {
    let refused = |from, to, amount| {
        let good = Flow { from: 0, to: 1, amount: 1 };
        balances(2, &[good, Flow { from, to, amount }]).expect_err("refused").to_string()
    };
    assert_eq!(refused(0, 2, 1), "flow 1 names member 2, there are 2");
    assert_eq!(refused(1, 1, 1), "flow 1 is owed by member 1 to itself");
    assert_eq!(refused(0, 1, 0), "flow 1: amount 0 is not above 0");
    assert_eq!(refused(0, 1, -3), "flow 1: amount -3 is not above 0");
    assert_eq!(refused(0, 1, i64::MAX), "balance of a pair does not fit into 64 bits");
    assert_eq!(
        balances(1 << 25, &[]).expect_err("refused").to_string(),
        "members 33554432 exceeds the limit of 16777216"
    );
    let loose = [Balance { low: 1, high: 0, claim: 5 }];
    assert_eq!(nets(2, &loose), Err(Refusal::ToSelf { flow: 0, member: 1 }));
    let loose = [Balance { low: 0, high: 7, claim: 5 }];
    assert_eq!(nets(2, &loose), Err(Refusal::Member { flow: 0, member: 7, members: 2 }));
}

#[test]
fn a_member_is_in_one_union() {
    assert_eq!(disjoint(&[&[0, 1, 2], &[3, 4]]), Ok(()));
    let refused = |unions: &[&[u32]]| disjoint(unions).expect_err("refused").to_string();
    assert_eq!(refused(&[&[0, 1, 2], &[3, 1]]), "member 1 is named twice: it can be in one union only");
    assert_eq!(refused(&[&[0, 0]]), "member 0 is named twice: it can be in one union only");
}

#[test]
fn cycles_that_are_refused() {
    let refused = |quotas: &[i64], prior: &[i64], flows: &[(u32, u32, i64)]| {
        cycle("icu-1943", quotas, prior, flows).expect_err("refused").to_string()
    };
    assert_eq!(refused(&[100], &[0, 0], &[]), "1 quotas for 2 members");
    assert_eq!(refused(&[100; 2], &[0, 5], &[]), "positions sum to 5 instead of 0");
    assert_eq!(
        refused(&[100; 2], &[-90, 90], &[(0, 1, 11)]),
        "member 0: position -101 is beyond the quota 100: the rule debtor.beyond refuses it"
    );
    assert_eq!(refused(&[100; 2], &[i64::MAX, -i64::MAX], &[(1, 0, 1)]), "position does not fit into 64 bits");
}

#[test]
fn a_wrong_decomposition_does_not_hold() {
    let closed = cycle("epu-1950", &[100; 2], &[0; 2], &[(0, 1, 50)]).expect("closes");
    assert!(closed.parts.holds());
    for part in 0..6 {
        let mut wrong = closed.parts;
        let parts = &mut wrong;
        let fields = [
            &mut parts.gross,
            &mut parts.multilateral,
            &mut parts.through_time,
            &mut parts.asset,
            &mut parts.credit,
            &mut parts.special,
        ];
        *fields.into_iter().nth(part).expect("six fields") += 1;
        assert!(!wrong.holds(), "field {part}");
    }
}
