//! Flows put through rule sets: books, quotas, compensation, and a refusal that changes nothing.

use comity_union::position::Flow;
use comity_union::preset::{NAMES, preset};
use comity_union::run::{Run, Scope, spread};
use comity_union::{Ratio, Refusal, Side};

fn flows(list: &[(u32, u32, i64)]) -> Vec<Flow> {
    list.iter().map(|&(from, to, amount)| Flow { from, to, amount }).collect()
}

/// Three members and a hub, trading in a circle and with the hub.
const TRADE: [(u32, u32, i64); 8] =
    [(0, 1, 600), (1, 0, 100), (1, 2, 500), (2, 0, 450), (0, 3, 900), (3, 0, 300), (3, 1, 200), (2, 3, 100)];

fn run(name: &str) -> Run {
    let rules = preset(name).expect("exists");
    let hub = if name == "union-1+5" { Some(3) } else { None };
    let base = vec![flows(&TRADE); rules.quota.years.into()];
    Run::new(&rules, &["AA", "BB", "CC", "DD"], hub, &base).expect("well formed")
}

#[test]
fn what_each_form_of_compensation_leaves() {
    let left = |name| {
        let report = run(name).close(&flows(&TRADE)).expect("within the rules");
        (report.payments, report.bilateral, report.need)
    };
    // Pairs: 500 + 500 + 450 + 600 + 200 + 100. Nets: -650, 200, -50 + ..., all against all.
    assert_eq!(left("sml"), (3150, 2350, 2350));
    // Nets: A -500+450-600 = -650, B 500-500+200 = 200, C 500-450-100 = -50, D 600-200+100 = 500.
    assert_eq!(left("acu"), (3150, 2350, 700));
    // Inner nets: A -50, B 0, C 50. With the hub: -600, 200, -100, and the pool -500.
    assert_eq!(left("union-1+5"), (3150, 2350, 50 + 700));
}

#[test]
fn every_rule_set_adds_up() {
    for name in NAMES {
        let mut run = run(name);
        for cycle in 0..40 {
            let trade: Vec<Flow> = flows(&TRADE)
                .into_iter()
                .map(|flow| Flow { amount: 1 + flow.amount * (1 + i64::from(flow.to + cycle) % 3) / 40, ..flow })
                .collect();
            match run.close(&trade) {
                Ok(report) => assert!(report.parts.holds(), "{name}"),
                Err(Refusal::BeyondQuota { side, .. }) => {
                    assert_eq!((name, side), ("icu-1943", Side::Debtor));
                    break;
                }
                Err(other) => panic!("{name}: {other}"),
            }
        }
        let total = run.total();
        assert!(total.cycles > 0 && total.parts.holds());
        assert!(total.parts.outstanding(&total.unwound).holds());
        assert_eq!(total.parts.gross, 2 * total.bilateral, "{name}");
        let held: i128 = run.books().iter().flat_map(|book| &book.live.positions).map(|p| i128::from(*p)).sum();
        assert_eq!(held, 0, "{name}");
    }
}

#[test]
fn a_refused_cycle_changes_nothing() {
    let mut run = run("icu-1943");
    let big = flows(&[(0, 1, 1_000_000)]);
    let before = format!("{run:?}");
    let refused = run.close(&big).expect_err("beyond the quota").to_string();
    assert_eq!(refused, "member 0: position -1000000 is beyond the quota 1762: the rule debtor.beyond refuses it");
    assert_eq!(format!("{run:?}"), before);
    assert_eq!(run.close(&flows(&[(0, 9, 5)])).expect_err("refused").to_string(), "flow 0 names member 9, there are 4");
    assert_eq!(format!("{run:?}"), before);
}

#[test]
fn flows_of_nobody_are_refused_by_every_rule_set() {
    for name in NAMES {
        for (from, to) in [(0, 9), (9, 0), (9, 3), (3, 9), (8, 9)] {
            let refused = run(name).close(&flows(&[(from, to, 5)])).expect_err("refused");
            let member = if from < 4 { to } else { from };
            assert_eq!(refused, Refusal::Member { flow: 0, member, members: 4 }, "{name} {from} {to}");
        }
        let refused = run(name).close(&flows(&[(0, 1, 5), (2, 2, 5)])).err();
        assert_eq!(refused, Some(Refusal::ToSelf { flow: 1, member: 2 }), "{name}");
        let refused = run(name).close(&flows(&[(0, 1, 5), (2, 3, 0)])).err();
        assert_eq!(refused, Some(Refusal::Amount { field: "flow", index: 1, value: 0 }), "{name}");
    }
}

#[test]
fn quotas_come_from_the_base_period() {
    let run = run("epu-1950");
    let quotas: Vec<Option<i64>> =
        run.books()[0].limits.iter().map(|limit| limit.map(comity_union::quota::Quota::value)).collect();
    // Turnovers 2350, 1400, 1050, 1500.
    assert_eq!(quotas, [Some(352), Some(210), Some(157), Some(225)]);
    let rules = preset("epu-1950").expect("exists");
    let refused = Run::new(&rules, &["AA", "BB"], None, &[Vec::new()]).err().map(|refusal| refusal.to_string());
    assert_eq!(refused.as_deref(), Some("member 0: quota 0 is not above 0"));
    let refused = Run::new(&rules, &["AA", "BB"], None, &[flows(&[(0, 1, 9), (0, 2, 9)])]).err();
    assert_eq!(refused, Some(Refusal::Member { flow: 1, member: 2, members: 2 }));
    let refused = Run::new(&rules, &["AA", "BB"], None, &[]).err().map(|refusal| refusal.to_string());
    assert_eq!(refused.as_deref(), Some("member 0: quota base period has 0 years, the rule averages over 1"));
}

#[test]
fn a_pair_without_trade_has_no_line() {
    let rules = preset("bilateral-1+1").expect("exists");
    let base = [flows(&[(0, 1, 1000)])];
    let mut run = Run::new(&rules, &["AA", "BB", "CC"], None, &base).expect("well formed");
    let scopes: Vec<Scope> = run.books().iter().map(|book| book.scope).collect();
    let pair = |low, high| Scope::Pair { low, high };
    assert_eq!(scopes, [pair(0, 1), pair(0, 2), pair(1, 2)]);
    let report = run.close(&flows(&[(0, 1, 60), (2, 1, 40)])).expect("closes");
    // 60 of the pair's swing of 150 is all credit; 40 without a line is all asset.
    assert_eq!((report.parts.credit, report.parts.asset), (120, 80));
    assert_eq!(run.books()[2].live.positions, [0, 0]);
}

#[test]
fn hubs_are_there_where_they_are_needed() {
    let new = |name, hub| {
        let rules = preset(name).expect("exists");
        Run::new(&rules, &["AA", "BB"], hub, &[flows(&[(0, 1, 100)])]).err().map(|refusal| refusal.to_string())
    };
    assert_eq!(new("union-1+5", None).as_deref(), Some("the rule set needs a hub, a member of the group"));
    assert_eq!(new("union-1+5", Some(2)).as_deref(), Some("the rule set needs a hub, a member of the group"));
    assert_eq!(new("acu", Some(1)).as_deref(), Some("the rule set has no hub"));
}

#[test]
fn exhaustion_charges_and_actions_from_actual_flows() {
    let mut run = run("multilateral");
    for _ in 0..3 {
        run.close(&flows(&[(0, 1, 100)])).expect("closes");
    }
    let book = &run.books()[0];
    // Quotas 352 and 210.
    assert_eq!(run.exhausted(book, 0), Ok(None));
    let exhausted = run.exhausted(book, 1).expect("small").expect("300 are more than 210");
    assert_eq!((exhausted.cycles, exhausted.side), (Ratio::new(21, 10).expect("a number"), Side::Creditor));
    // Credit of 86, 124, 126 and on average 43, 105, 125 of a quota of 210: above a quarter 0, 52.5, 72.5, above a half 0, 0, 20.
    assert_eq!(book.live.stocks[1].credit, 126);
    assert_eq!(book.live.charges[1], Ratio::new(145, 600).expect("a number"));
    assert_eq!(book.live.charges[2], Ratio::ZERO);
}

#[test]
fn a_swap_is_for_debtors() {
    let mut run = run("acu");
    for _ in 0..3 {
        run.close(&flows(&[(0, 1, 100)])).expect("closes");
    }
    let book = &run.books()[0];
    // 20 % of 1500 paid by member 0.
    let exhausted = run.exhausted(book, 0).expect("small").expect("300 are 300");
    assert_eq!((exhausted.cycles, exhausted.side), (Ratio::whole(3), Side::Debtor));
    assert_eq!(run.exhausted(book, 1), Ok(None));
}

#[test]
fn a_year_is_spread_without_loss() {
    for count in [1, 3, 6, 12, 365] {
        for amount in [0, 1, 11, 100, -7, i64::MAX, i64::MIN] {
            let parts: i128 = (0..count).map(|index| i128::from(spread(amount, index, count))).sum();
            assert_eq!(parts, amount.into());
        }
    }
    assert_eq!([0, 1, 2].map(|index| spread(100, index, 3)), [33, 33, 34]);
}
