//! Vectors kept outside the repository: exact where the crate is exact, and again in whole minor units.
//!
//! The file is optional; its rules stand beside it with small vectors of our own.

use comity_union::Ratio;
use comity_union::charge::{DayCount, Span, interest, owed, swap_limit};
use comity_union::cycle::{Carry, Terms, close};
use comity_union::position::{Flow, Positions, balances};
use comity_union::preset::preset;
use comity_union::{Rate, Share};
use serde_json::Value;

use crate::{quota, schedule, shared};

fn vectors() -> Option<Value> {
    let path = shared("oracles/unions.json")?;
    Some(serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON"))
}

/// `-11/2`, `5`, or a JSON number.
fn ratio(value: &Value) -> Ratio {
    let text = value.as_str().map_or_else(|| value.to_string(), String::from);
    let (num, den) = text.split_once('/').unwrap_or((&text, "1"));
    Ratio::new(num.parse().expect("whole"), den.parse().expect("whole")).expect("a number")
}

fn whole(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

fn epu(vector: &Value) -> comity_union::tranche::Schedule {
    schedule(match vector["schedule"].as_str() {
        Some("1950-07") => "epu-1950",
        Some("1952-07") => "epu-1952",
        Some("1954-07") => "epu-1954",
        Some("1955-08") => "epu-1955",
        other => panic!("no such schedule: {other:?}"),
    })
}

#[test]
fn payments_union_exactly() {
    let Some(vectors) = vectors() else { return };
    let mut rows = 0;
    for vector in list(&vectors["epu_vectors"]) {
        let (schedule, quota) = (epu(vector), quota(whole(&vector["quota"])));
        let (mut position, mut stock) = (0, Ratio::ZERO);
        for row in list(&vector["rows"]) {
            let flow = whole(&row["flow"]);
            position += flow;
            assert_eq!(position, whole(&row["cumulative"]));
            let gold = schedule.asset_exact(quota, position).expect("within the rules");
            let paid = gold.minus(stock).expect("small");
            let place = format!("{} {row}", vector["schedule"]);
            assert_eq!(gold, ratio(&row["gold_stock"]), "{place}");
            assert_eq!(paid, ratio(&row["gold_this_period"]), "{place}");
            let rest = |all: i64, gold: Ratio| Ratio::whole(all.into()).minus(gold).expect("small");
            assert_eq!(rest(position, gold), ratio(&row["credit_stock"]), "{place}");
            assert_eq!(rest(flow, paid), ratio(&row["credit_this_period"]), "{place}");
            stock = gold;
            rows += 1;
        }
    }
    assert_eq!(rows, 24);
}

#[test]
fn payments_union_in_minor_units() {
    let Some(vectors) = vectors() else { return };
    for vector in list(&vectors["epu_vectors"]) {
        let (schedule, quota) = (epu(vector), quota(100 * whole(&vector["quota"])));
        let mut position = 0;
        for row in list(&vector["rows"]) {
            let next = position + 100 * whole(&row["flow"]);
            let change = schedule.settle(quota, position, next).expect("within the rules");
            let stock = schedule.stock(quota, next).expect("within the rules");
            let cents = |name: &str| ratio(&row[name]).times(Ratio::whole(100)).expect("small");
            assert_eq!(Ratio::whole(change.asset.into()), cents("gold_this_period"));
            assert_eq!(Ratio::whole(change.credit.into()), cents("credit_this_period"));
            assert_eq!(Ratio::whole(stock.asset.into()), cents("gold_stock"));
            assert_eq!(Ratio::whole(stock.credit.into()), cents("credit_stock"));
            position = next;
        }
    }
}

#[test]
fn at_the_full_quota() {
    let Some(vectors) = vectors() else { return };
    for vector in list(&vectors["epu_full_quota"]) {
        let schedule = epu(vector);
        let stock = |position| schedule.stock(quota(100), position).expect("at the quota");
        let field = |name: &str| i64::try_from(ratio(&vector[name]).num()).expect("small");
        let (debtor, creditor) = (stock(-100), stock(100));
        assert_eq!(-debtor.asset, field("debtor_full_quota_gold"));
        assert_eq!(-debtor.credit, field("debtor_full_quota_credit"));
        assert_eq!(creditor.asset, field("creditor_full_quota_gold"));
        assert_eq!(creditor.credit, field("creditor_credit_granted"));
    }
}

#[test]
fn quotas_of_1950_are_quotas() {
    let Some(vectors) = vectors() else { return };
    let quotas = vectors["epu_quotas_1950"].as_object().expect("a table");
    let sum: i64 = quotas.values().map(|value| quota(whole(value)).value()).sum();
    assert_eq!((quotas.len(), sum), (15, 3950));
}

#[test]
fn the_worked_example() {
    let Some(vectors) = vectors() else { return };
    let vector = &vectors["epu_multilateral"];
    let member = |name: &str| u32::from(name.as_bytes()[0] - b'A');
    let by_member = |table: &Value| -> Vec<i64> { ["A", "B", "C", "D"].iter().map(|m| whole(&table[*m])).collect() };
    // A positive balance of A-B: B owes A.
    let flows: Vec<Flow> = vector["bilateral"]
        .as_object()
        .expect("a table")
        .iter()
        .map(|(pair, amount)| {
            let (one, other) = pair.split_once('-').expect("a pair");
            let (one, other, amount) = (member(one), member(other), whole(amount));
            let (from, to) = if amount > 0 { (other, one) } else { (one, other) };
            Flow { from, to, amount: amount.abs() }
        })
        .collect();
    let pairs = balances(4, &flows).expect("well formed");
    let prior = by_member(&vector["prior_cumulative"]);
    let schedule = schedule("epu-1950");
    let terms = [Terms { quota: quota(1000), schedule: &schedule }; 4];
    let closed = close(Carry::Positions(&terms), &prior, &pairs).expect("within the rules");
    let nets: Vec<i64> = closed.lines.iter().map(|line| line.net).collect();
    assert_eq!(nets, by_member(&vector["net"]));
    let parts = closed.parts;
    let field = |name: &str| i128::from(whole(&vector[name]));
    assert_eq!(parts.gross, field("gross_bilateral_surplus_plus_deficit"));
    assert_eq!(parts.gross - parts.multilateral, field("after_multilateral"));
    assert_eq!(parts.multilateral, field("compensated_multilaterally"));
    assert_eq!(parts.through_time, field("compensated_over_time"));
    assert_eq!(parts.asset + parts.credit + parts.special, field("to_settle_gold_credit"));
    assert!(parts.holds());
    let after = Positions::none(4).after(&pairs).expect("small");
    assert_eq!(after.union(), nets);
    assert_eq!(after.pairs(), pairs);
}

#[test]
fn symmetric_charges() {
    let Some(vectors) = vectors() else { return };
    let charge = preset("icu-1943").expect("exists").charge.expect("has a charge");
    for vector in list(&vectors["icu_charges"]) {
        let (quota, balance) = (quota(whole(&vector["quota"])), whole(&vector["avg_balance"]));
        assert_eq!(charge.yearly(quota, balance), Ok(ratio(&vector["annual_charge"])), "{vector}");
        assert_eq!(charge.yearly(quota, -balance), Ok(ratio(&vector["annual_charge"])), "{vector}");
    }
}

#[test]
fn interest_and_swap() {
    let Some(vectors) = vectors() else { return };
    let rate = |points| Some(Rate::basis_points(points));
    // The vector in units, here in hundredths of a unit.
    let spans = [
        Span { days: 30, balance: -100_000_000, rate: rate(500) },
        Span { days: 30, balance: -40_000_000, rate: rate(480) },
    ];
    let exact = interest(&spans, DayCount::Act360).expect("small");
    assert_eq!(exact, Ratio::new(-1_730_000, 3).expect("a number"));
    let text = vectors["acu_interest"]["interest"].as_str().expect("a text");
    assert!(text.starts_with("-5766.66"), "{text}");
    assert_eq!(owed(exact), Ok(-576_666));
    let vector = &vectors["acu_swap"];
    let gross: Vec<i64> = list(&vector["gross"]).iter().map(whole).collect();
    let limit = swap_limit(Share::percent(20), &gross).expect("payments");
    assert_eq!(Ratio::whole(limit.into()), ratio(&vector["entitlement"]));
}
