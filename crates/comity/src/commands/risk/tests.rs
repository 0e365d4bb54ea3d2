//! `comity risk tests`: accounts against the three tests.
//!
//! Absent on purpose: the rule; see `comity_union::risk::three`.

use comity_union::risk::three::{Found, test};
use serde_json::{Value, json};

use super::arguments::Tests;
use super::case::{self, Case};
use super::number::{grouped, plain};
use crate::exit::{Exit, Failure};
use crate::output::{Align, Column, Output, print, print_json, table};

pub(super) fn run(arguments: &Tests, output: Output) -> Result<(), Failure> {
    let is_json = arguments.positions.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let case = match (&arguments.rates, is_json) {
        (None, true) if arguments.aggregate.is_none() => case::json(&arguments.positions)?,
        (_, true) => {
            let message = "a case in JSON has its own rates and limits; --rates and --aggregate go with positions";
            return Err(Failure::new(Exit::Usage, message));
        }
        (Some(rates), false) => {
            case::csv(&arguments.positions, rates, &arguments.base, arguments.aggregate.as_deref())?
        }
        (None, false) => return Err(Failure::new(Exit::Usage, "positions need --rates FILE")),
    };
    let (terms, limits) = case.terms();
    let found = case.members.iter().zip(&case.positions).map(|(member, positions)| {
        test(&terms, &limits, positions, member.collateral)
            .map_err(|refusal| Failure::refused(format!("{}: {refusal}", member.name)))
    });
    let found = found.collect::<Result<Vec<_>, _>>()?;
    match output {
        Output::Json => print_json(&as_json(&case, &found)),
        Output::Table => show(&case, &found),
    }
    Ok(())
}

fn word(holds: bool) -> &'static str {
    if holds { "pass" } else { "FAIL" }
}

fn show(case: &Case, found: &[Found]) {
    let limit = case.aggregate.map_or("none".into(), |limit| grouped(limit.into(), case.decimals));
    print(&format!("amounts in {}; limit of the aggregate short position: {limit}", case.base));
    let rows: Vec<Vec<String>> = case
        .members
        .iter()
        .zip(found)
        .map(|(member, found)| {
            let over = found.over.iter().map(|over| {
                let currency = &case.currencies[over.currency as usize];
                let (short, limit) =
                    (grouped(over.short, currency.decimals), grouped(over.limit.into(), currency.decimals));
                format!("{} short {short}, limit {limit}", currency.code)
            });
            vec![
                member.name.clone(),
                grouped(found.value.floor(), case.decimals),
                grouped(found.aggregate.ceil(), case.decimals),
                word(found.covered).into(),
                word(found.over.is_empty()).into(),
                word(found.within).into(),
                over.collect::<Vec<_>>().join("; "),
            ]
        })
        .collect();
    let columns = [
        Column("member", Align::Left),
        Column("value after haircuts", Align::Right),
        Column("aggregate short", Align::Right),
        Column("1 value", Align::Left),
        Column("2 each short", Align::Left),
        Column("3 aggregate", Align::Left),
        Column("over", Align::Left),
    ];
    print(&table(&columns, &rows));
    let failing = found.iter().filter(|found| !found.pass()).count();
    print(&format!("\n{failing} of {} accounts fail a test", found.len()));
}

fn as_json(case: &Case, found: &[Found]) -> Value {
    let accounts: Vec<Value> = case
        .members
        .iter()
        .zip(found)
        .map(|(member, found)| {
            let over: Vec<Value> = found
                .over
                .iter()
                .map(|over| {
                    let currency = &case.currencies[over.currency as usize];
                    json!({
                        "currency": currency.code, "short": plain(over.short, currency.decimals),
                        "limit": plain(over.limit.into(), currency.decimals),
                    })
                })
                .collect();
            json!({
                "member": member.name, "value": plain(found.value.floor(), case.decimals),
                "aggregate_short": plain(found.aggregate.ceil(), case.decimals), "positive_account_value": found.covered,
                "short_position_limits": found.over.is_empty(), "aggregate_short_position": found.within, "over": over,
                "pass": found.pass(),
            })
        })
        .collect();
    let aggregate = case.aggregate.map(|limit| plain(limit.into(), case.decimals));
    json!({ "base": case.base, "aggregate_limit": aggregate, "accounts": accounts })
}
