//! `comity risk exit`: a member leaves with nothing open.
//!
//! Absent on purpose: the rule; see `comity_union::risk::exit`.

use comity_arrangement::parse_day;
use comity_ledger::ids::Day;
use comity_union::Rate;
use comity_union::charge::DayCount;
use comity_union::position::Flow;
use comity_union::risk::exit::{Exit as Found, Terms, exit};
use comity_union::schedule::RemainderIn;
use serde::Deserialize;
use serde_json::{Value, json};

use super::arguments::Exit;
use super::case;
use super::number::{self, Number, grouped, plain};
use crate::exit::Failure;
use crate::output::{Align, Column, Output, bold, print, print_json, table};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: String,
    #[serde(default = "two")]
    decimals: u8,
    members: Vec<MemberRow>,
    #[serde(default)]
    claims: Vec<ClaimRow>,
    terms: TermsRow,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberRow {
    member: String,
    position: Number,
    key: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimRow {
    debtor: String,
    creditor: String,
    amount: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsRow {
    start: String,
    due: Vec<String>,
    rate: String,
    count: String,
    remainder: String,
}

fn two() -> u8 {
    2
}

/// An exit in indices.
struct Case {
    unit: String,
    decimals: u8,
    names: Vec<String>,
    positions: Vec<i64>,
    keys: Vec<i64>,
    items: Vec<Flow>,
    terms: Terms,
}

pub(super) fn run(arguments: &Exit, output: Output) -> Result<(), Failure> {
    let file: File = case::parse(&arguments.case)?;
    let refused = |mistake: String| Failure::refused(format!("{}: {mistake}", arguments.case.display()));
    let case = resolve(file).map_err(refused)?;
    let leaver = case::find(&arguments.member, case.names.iter().map(String::as_str))?;
    let found = exit(&case.positions, &case.items, &case.keys, leaver, &case.terms)
        .map_err(|refusal| refused(refusal.to_string()))?;
    match output {
        Output::Json => print_json(&as_json(&case, leaver, &found)),
        Output::Table => show(&case, leaver, &found),
    }
    Ok(())
}

fn resolve(file: File) -> Result<Case, String> {
    if file.decimals > 4 {
        return Err(format!("decimals: {} exceeds the limit of 4", file.decimals));
    }
    let mut case = Case {
        unit: file.unit,
        decimals: file.decimals,
        names: Vec::new(),
        positions: Vec::new(),
        keys: Vec::new(),
        items: Vec::new(),
        terms: terms(&file.terms)?,
    };
    for row in file.members {
        if case.names.contains(&row.member) {
            return Err(format!("member {} is named twice", row.member));
        }
        case.positions.push(number::amount(&format!("position of {}", row.member), &row.position.0, case.decimals)?);
        case.keys.push(number::size(&format!("key of {}", row.member), &row.key.0, 0)?);
        case.names.push(row.member);
    }
    for (at, row) in file.claims.iter().enumerate() {
        let place = |what: &str, name: &str| {
            let found = case.names.iter().position(|known| known == name).and_then(|at| u32::try_from(at).ok());
            found.ok_or_else(|| format!("claims[{at}].{what}: {name:?} is not among the members"))
        };
        let (from, to) = (place("debtor", &row.debtor)?, place("creditor", &row.creditor)?);
        let amount = number::amount(&format!("claims[{at}].amount"), &row.amount.0, case.decimals)?;
        case.items.push(Flow { from, to, amount });
    }
    Ok(case)
}

fn terms(row: &TermsRow) -> Result<Terms, String> {
    let day = |what: &str, text: &str| {
        parse_day(text)
            .and_then(|day| i32::try_from(day.0).ok())
            .ok_or_else(|| format!("{what}: {text:?} is no date such as 2026-12-31"))
    };
    let count = match row.count.as_str() {
        "act/360" => DayCount::Act360,
        "act/365" => DayCount::Act365,
        other => return Err(format!("terms.count: {other:?} is neither \"act/360\" nor \"act/365\"")),
    };
    let remainder = match row.remainder.as_str() {
        "first" => RemainderIn::First,
        "last" => RemainderIn::Last,
        other => return Err(format!("terms.remainder: {other:?} is neither \"first\" nor \"last\"")),
    };
    let yearly = number::percent("terms.rate", &row.rate)?;
    let billionths = i64::try_from(yearly.millionths() * 1000).unwrap_or(i64::MAX);
    let rate = Rate::new("terms.rate", billionths).map_err(|refusal| refusal.to_string())?;
    let due = row.due.iter().enumerate().map(|(at, text)| day(&format!("terms.due[{at}]"), text));
    Ok(Terms { rate, count, remainder, start: day("terms.start", &row.start)?, due: due.collect::<Result<_, _>>()? })
}

fn date(day: i32) -> String {
    Day(day.unsigned_abs()).to_string()
}

fn show(case: &Case, leaver: u32, found: &Found) {
    let told = |minor: i64| grouped(minor.into(), case.decimals);
    let leaving = &case.names[leaver as usize];
    print(&bold(&format!("{leaving} leaves")));
    print(&format!("amounts in {}; above zero: the other member owes {leaving}\n", case.unit));
    let mut rows: Vec<Vec<String>> = found
        .settled
        .iter()
        .map(|one| {
            let name = case.names[one.member as usize].clone();
            vec![name, told(one.bilateral), told(one.from_union), told(one.amount)]
        })
        .collect();
    let sum = |value: fn(&comity_union::risk::exit::Settled) -> i64| {
        grouped(found.settled.iter().map(|one| i128::from(value(one))).sum(), case.decimals)
    };
    rows.push(vec!["all".into(), sum(|one| one.bilateral), sum(|one| one.from_union), sum(|one| one.amount)]);
    let columns = [
        Column("with", Align::Left),
        Column("open claims, netted", Align::Right),
        Column("from the union, by key", Align::Right),
        Column("to settle", Align::Right),
    ];
    print(&table(&columns, &rows));
    print("\nPositions against the union");
    let rows: Vec<Vec<String>> = (0..case.names.len())
        .map(|at| vec![case.names[at].clone(), told(case.positions[at]), told(found.positions[at])])
        .collect();
    print(&table(
        &[Column("member", Align::Left), Column("before", Align::Right), Column("after", Align::Right)],
        &rows,
    ));
    print("\nInstalments");
    let mut rows = Vec::new();
    for one in &found.settled {
        let other = &case.names[one.member as usize];
        let (from, to) = if one.amount > 0 { (other, leaving) } else { (leaving, other) };
        for instalment in &one.schedule {
            rows.push(vec![
                date(instalment.due),
                from.clone(),
                to.clone(),
                told(instalment.principal),
                told(instalment.interest),
                told(instalment.outstanding),
            ]);
        }
    }
    rows.sort_by(|a, b| a[0].cmp(&b[0]));
    let columns = [
        Column("due", Align::Left),
        Column("from", Align::Left),
        Column("to", Align::Left),
        Column("principal", Align::Right),
        Column("interest", Align::Right),
        Column("left", Align::Right),
    ];
    print(&table(&columns, &rows));
    print(&format!("\nAfter the last instalment {leaving} owes nobody and is owed nothing."));
}

fn as_json(case: &Case, leaver: u32, found: &Found) -> Value {
    let told = |minor: i64| plain(minor.into(), case.decimals);
    let settled: Vec<Value> = found
        .settled
        .iter()
        .map(|one| {
            let schedule: Vec<Value> = one
                .schedule
                .iter()
                .map(|instalment| {
                    json!({
                        "due": date(instalment.due), "principal": told(instalment.principal),
                        "interest": told(instalment.interest), "left": told(instalment.outstanding),
                    })
                })
                .collect();
            json!({
                "with": case.names[one.member as usize], "open_claims": told(one.bilateral),
                "from_union": told(one.from_union), "to_settle": told(one.amount), "schedule": schedule,
            })
        })
        .collect();
    let positions: Vec<Value> = (0..case.names.len())
        .map(|at| {
            json!({ "member": case.names[at], "before": told(case.positions[at]), "after": told(found.positions[at]) })
        })
        .collect();
    json!({ "leaves": case.names[leaver as usize], "unit": case.unit, "settled": settled, "positions": positions })
}
