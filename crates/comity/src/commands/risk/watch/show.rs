//! What a watch found, as tables and as JSON.

use comity_ledger::ids::AccountId;
use comity_union::Ratio;
use serde_json::{Value, json};

use super::{Moment, On, Report, Traded};
use crate::commands::risk::number::{grouped, percent_of, plain};
use crate::output::{Align, Column, bold, print, print_json, table as lay_out};

/// With more balances than this, a table has only those that reach their limit.
const NIGHTS_TOLD_MAX: usize = 40;

fn when(moment: Moment) -> [String; 2] {
    [moment.seq.to_string(), moment.at.to_string()]
}

fn bank(report: &Report, at: usize) -> String {
    report.state.participants.get(at).map_or_else(String::new, |participant| participant.bic().into())
}

fn code(report: &Report, at: usize) -> &str {
    report.state.currencies[at].code()
}

/// Owner and currency of an account, and the currency's decimals.
fn account(report: &Report, id: AccountId) -> (String, &str, u8) {
    let account = &report.state.accounts[id.at()];
    let currency = &report.state.currencies[account.currency.at()];
    (bank(report, account.participant.at()), currency.code(), currency.exponent)
}

fn on(report: &Report, on: On) -> (&'static str, String) {
    match on {
        On::Currency(at) => ("currency", code(report, at).into()),
        On::Participant(at) => ("participant", bank(report, at)),
        On::Pair(from, to) => ("pair", format!("{} and {}", bank(report, from), bank(report, to))),
    }
}

/// Times ten thousand, rounded down, as the index is usually told.
fn points(index: Ratio) -> String {
    index.times(Ratio::whole(10_000)).map_or(0, Ratio::floor).to_string()
}

pub(super) fn table(report: &Report) {
    let rates: Vec<String> = report.currencies.iter().flatten().map(|currency| currency.code.clone()).collect();
    print(&format!("amounts in {} unless a currency is named; valued: {}", report.base, rates.join(", ")));
    three(report);
    caps(report);
    nights(report);
    concentration(report);
}

fn three(report: &Report) {
    print(&bold("\nThe three tests: the worst moment of each participant"));
    let mut rows = Vec::new();
    for (at, seen) in report.seen.iter().enumerate() {
        if let Some(worst) = seen.value {
            let verdict = if worst.value < Ratio::ZERO { "FAIL" } else { "pass" };
            let value = grouped(worst.value.floor(), report.decimals);
            let [seq, time] = when(worst.when);
            rows.push(vec![
                bank(report, at),
                "1 value after haircuts".into(),
                value,
                String::new(),
                verdict.into(),
                seq,
                time,
            ]);
        }
        if let Some(worst) = seen.short {
            let (currency, short, limit) = worst.value;
            let decimals = report.state.currencies[currency].exponent;
            let told = |minor: i64| grouped(minor.into(), decimals);
            let verdict = if short > limit { "FAIL" } else { "pass" };
            let [seq, time] = when(worst.when);
            let what = format!("2 short of {}", code(report, currency));
            rows.push(vec![String::new(), what, told(short), told(limit), verdict.into(), seq, time]);
        }
        if let Some(worst) = seen.aggregate.filter(|worst| worst.value > Ratio::ZERO) {
            let limit = report.aggregate.map(|limit| Ratio::whole(limit.into()));
            let verdict = if limit.is_some_and(|limit| worst.value > limit) { "FAIL" } else { "pass" };
            let told = report.aggregate.map_or("none".into(), |limit| grouped(limit.into(), report.decimals));
            let [seq, time] = when(worst.when);
            let value = grouped(worst.value.ceil(), report.decimals);
            rows.push(vec![String::new(), "3 aggregate short".into(), value, told, verdict.into(), seq, time]);
        }
    }
    let columns = [
        Column("participant", Align::Left),
        Column("test", Align::Left),
        Column("worst", Align::Right),
        Column("limit", Align::Right),
        Column("", Align::Left),
        Column("entry", Align::Right),
        Column("time", Align::Left),
    ];
    print(&lay_out(&columns, &rows));
}

fn caps(report: &Report) {
    print(&bold("\nNet debit caps: the greatest use"));
    if report.peaks.is_empty() {
        print("no account has a net debit cap: everything is prefunded");
        return;
    }
    let rows: Vec<Vec<String>> = report
        .peaks
        .iter()
        .map(|peak| {
            let (bank, code, decimals) = account(report, peak.account);
            let told = |minor: i64| grouped(minor.into(), decimals);
            let share = Ratio::new(peak.used.into(), peak.cap.into()).unwrap_or(Ratio::ZERO);
            let [seq, time] = when(peak.when);
            vec![bank, code.into(), told(peak.used), told(peak.cap), percent_of(share), seq, time]
        })
        .collect();
    let columns = [
        Column("participant", Align::Left),
        Column("currency", Align::Left),
        Column("used", Align::Right),
        Column("cap", Align::Right),
        Column("share", Align::Right),
        Column("entry", Align::Right),
        Column("time", Align::Left),
    ];
    print(&lay_out(&columns, &rows));
}

fn nights(report: &Report) {
    print(&bold("\nOvernight holdings against their limits"));
    if report.nights.is_empty() {
        print("no account has an overnight limit");
        return;
    }
    let all = report.nights.len();
    let kept = report.nights.iter().filter(|night| night.held.kept > 0);
    let full = kept.clone().filter(|night| night.held.room == Some(0));
    let many = kept.clone().count() > NIGHTS_TOLD_MAX;
    let told: Vec<_> = if many { full.clone().collect() } else { kept.clone().collect() };
    let rows: Vec<Vec<String>> = told
        .into_iter()
        .map(|night| {
            let (bank, code, decimals) = account(report, night.account);
            let told = |minor: i64| grouped(minor.into(), decimals);
            let above = if night.held.above > 0 { told(night.held.above) } else { String::new() };
            vec![night.day.to_string(), bank, code.into(), told(night.held.kept), told(night.limit), above]
        })
        .collect();
    let columns = [
        Column("day", Align::Left),
        Column("participant", Align::Left),
        Column("currency", Align::Left),
        Column("kept", Align::Right),
        Column("limit", Align::Right),
        Column("above", Align::Right),
    ];
    if !rows.is_empty() {
        print(&lay_out(&columns, &rows));
    }
    let above = report.nights.iter().filter(|night| night.held.above > 0).count();
    let only = if many { "; the table has those that reach it" } else { "" };
    let (kept, full) = (kept.count(), full.count());
    print(&format!(
        "{all} balances have a limit at a close: {kept} keep something, {full} reach the limit, {above} are above{only}"
    ));
}

fn concentration(report: &Report) {
    print(&bold(&format!("\nConcentration of settlement, alarm above {}", report.alarm)));
    let hhi = |day: &Traded| [&day.currencies, &day.participants, &day.pairs].map(|found| points(found.index));
    let rows: Vec<Vec<String>> = report
        .days
        .iter()
        .map(|day| {
            let settled = grouped(day.currencies.total, report.decimals);
            [day.day.to_string(), settled].into_iter().chain(hhi(day)).collect()
        })
        .collect();
    let columns = [
        Column("day", Align::Left),
        Column("settled", Align::Right),
        Column("HHI of currencies", Align::Right),
        Column("of participants", Align::Right),
        Column("of pairs", Align::Right),
    ];
    print(&lay_out(&columns, &rows));
    let mut rows = Vec::new();
    for day in &report.days {
        for (what, share, moment) in &day.alarms {
            let (kind, name) = on(report, *what);
            let [seq, time] = when(*moment);
            rows.push(vec![day.day.to_string(), kind.into(), name, percent_of(*share), seq, time]);
        }
    }
    if rows.is_empty() {
        print("no alarm");
        return;
    }
    print("");
    let columns = [
        Column("alarm of", Align::Left),
        Column("what", Align::Left),
        Column("which", Align::Left),
        Column("share", Align::Right),
        Column("above since entry", Align::Right),
        Column("time", Align::Left),
    ];
    print(&lay_out(&columns, &rows));
}

pub(super) fn json(report: &Report) {
    let moment = |moment: Moment| json!({ "entry": moment.seq, "time": moment.at.to_string() });
    let tests: Vec<Value> = report
        .seen
        .iter()
        .enumerate()
        .filter(|(_, seen)| seen.value.is_some())
        .map(|(at, seen)| {
            let value = seen.value.map(|worst| {
                json!({
                    "worst": plain(worst.value.floor(), report.decimals), "holds": worst.value >= Ratio::ZERO,
                    "when": moment(worst.when),
                })
            });
            let short = seen.short.map(|worst| {
                let (currency, short, limit) = worst.value;
                let decimals = report.state.currencies[currency].exponent;
                json!({
                    "currency": code(report, currency), "worst": plain(short.into(), decimals),
                    "limit": plain(limit.into(), decimals), "holds": short <= limit, "when": moment(worst.when),
                })
            });
            let aggregate = seen.aggregate.map(|worst| {
                let holds = report.aggregate.is_none_or(|limit| worst.value <= Ratio::whole(limit.into()));
                json!({
                    "worst": plain(worst.value.ceil(), report.decimals),
                    "limit": report.aggregate.map(|limit| plain(limit.into(), report.decimals)), "holds": holds,
                    "when": moment(worst.when),
                })
            });
            json!({ "participant": bank(report, at), "value": value, "short": short, "aggregate": aggregate })
        })
        .collect();
    let caps: Vec<Value> = report
        .peaks
        .iter()
        .map(|peak| {
            let (bank, code, decimals) = account(report, peak.account);
            json!({
                "participant": bank, "currency": code, "used": plain(peak.used.into(), decimals),
                "cap": plain(peak.cap.into(), decimals), "when": moment(peak.when),
            })
        })
        .collect();
    let nights: Vec<Value> = report
        .nights
        .iter()
        .map(|night| {
            let (bank, code, decimals) = account(report, night.account);
            let told = |minor: i64| plain(minor.into(), decimals);
            json!({
                "day": night.day.to_string(), "participant": bank, "currency": code, "kept": told(night.held.kept),
                "limit": told(night.limit), "above": told(night.held.above),
            })
        })
        .collect();
    let days: Vec<Value> = report
        .days
        .iter()
        .map(|day| {
            let alarms: Vec<Value> = day
                .alarms
                .iter()
                .map(|(what, share, since)| {
                    let (kind, name) = on(report, *what);
                    json!({ "what": kind, "which": name, "share": percent_of(*share), "above_since": moment(*since) })
                })
                .collect();
            json!({
                "day": day.day.to_string(), "settled": plain(day.currencies.total, report.decimals),
                "hhi_currencies": points(day.currencies.index), "hhi_participants": points(day.participants.index),
                "hhi_pairs": points(day.pairs.index), "alarms": alarms,
            })
        })
        .collect();
    print_json(&json!({
        "base": report.base, "tests": tests, "net_debit_caps": caps, "overnight": nights,
        "alarm": report.alarm.to_string(), "concentration": days,
    }));
}
