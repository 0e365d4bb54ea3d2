//! The payments behind a figure, and all rows as a table.
//!
//! Absent on purpose: choosing what a figure is made of; it says so itself.

use std::path::Path;

use comity_ledger::ids::{Day, Time, Uetr};
use comity_stats::pay::codes;
use comity_stats::pay::facts::{Facts, NONE, Row};
use comity_stats::pay::figures::find;
use comity_stats::pay::table::Part;
use serde_json::{Value, json};

use crate::cli::Format;
use crate::exit::{Exit, Failure};
use crate::output::{Align, Column, Output, bold, print, print_json, table};
use crate::tables::{Cell, Kind, create};

/// Lists what a figure's cells are made of.
pub(super) fn run(facts: &Facts, parts: &[Part], key: &str, of: &[String], output: Output) -> Result<(), Failure> {
    let mut about = Vec::new();
    for given in of {
        let (name, value) = given.split_once('=').ok_or_else(|| {
            Failure::new(
                Exit::Usage,
                format!("--of {given}: expected DIMENSION=VALUE, such as settlement_currency=CNY"),
            )
        })?;
        about.push((name.to_owned(), value.to_owned()));
    }
    let found = find(parts, key, &about);
    if found.is_empty() {
        let cells: Vec<String> = find(parts, key, &[]).iter().take(8).map(|told| words(&told.figure.of)).collect();
        let message = if cells.is_empty() {
            format!("--records {key}: no such figure here; `comity stats define pay` lists them")
        } else {
            format!("--records {key}: no cell is {}; there are: {}", of.join(", "), cells.join("; "))
        };
        return Err(Failure::new(Exit::Usage, message));
    }
    match output {
        Output::Json => {
            let cells: Vec<Value> = found
                .iter()
                .map(|told| {
                    let rows: Vec<Value> = told.members.iter().map(|at| as_json(facts, *at)).collect();
                    let of: serde_json::Map<String, Value> =
                        told.figure.of.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
                    let value = told.figure.value.to_string();
                    json!({ "figure": key, "of": of, "value": value, "unit": told.figure.unit, "records": rows })
                })
                .collect();
            print_json(&Value::Array(cells));
        }
        Output::Table => {
            for told in found {
                let value = super::show::shown(&told.figure.value);
                let heading = format!("{key}  {}  = {value} {}", words(&told.figure.of), told.figure.unit);
                print(&bold(&heading));
                let rows: Vec<Vec<String>> =
                    told.members.iter().map(|at| line(facts, &facts.rows[*at as usize])).collect();
                let columns = [
                    Column("journal", Align::Left),
                    Column("entry", Align::Right),
                    Column("UETR", Align::Left),
                    Column("from", Align::Left),
                    Column("to", Align::Left),
                    Column("ccy", Align::Left),
                    Column("amount", Align::Right),
                    Column("in unit", Align::Right),
                    Column("standing", Align::Left),
                ];
                print(&table(&columns, &rows));
                print(&format!("{} payments; comity explain DIR UETR tells the life of each\n", told.members.len()));
            }
        }
    }
    Ok(())
}

fn words(of: &[(&'static str, String)]) -> String {
    of.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", ")
}

fn decimal(facts: &Facts, currency: u32, minor: i64) -> String {
    let exponent = facts.currencies.get(currency as usize).map_or(0, |currency| currency.exponent);
    crate::day::decimal(i128::from(minor), exponent)
}

fn line(facts: &Facts, row: &Row) -> Vec<String> {
    vec![
        facts.sources[usize::from(row.journal)].name.clone(),
        row.entry.to_string(),
        Uetr(row.uetr).to_string(),
        facts.bank_name(row.debtor),
        facts.bank_name(row.creditor),
        facts.currency_name(row.settled_in),
        decimal(facts, row.settled_in, row.amount),
        row.unit
            .map_or("-".into(), |unit| facts.unit.as_ref().map_or(String::new(), |u| decimal(facts, u.currency, unit))),
        row.standing.word().into(),
    ]
}

fn as_json(facts: &Facts, at: u32) -> Value {
    let row = &facts.rows[at as usize];
    json!({
        "journal": facts.sources[usize::from(row.journal)].name,
        "entry": row.entry,
        "uetr": Uetr(row.uetr).to_string(),
        "debtor": facts.bank_name(row.debtor),
        "creditor": facts.bank_name(row.creditor),
        "settlement_currency": facts.currency_name(row.settled_in),
        "amount": decimal(facts, row.settled_in, row.amount),
        "amount_minor": row.amount.to_string(),
        "unit_minor": row.unit.map(|unit| unit.to_string()),
        "standing": row.standing.word(),
    })
}

const ROWS: &[(&str, Kind)] = &[
    ("journal", Kind::Text),
    ("entry", Kind::Integer),
    ("uetr", Kind::Text),
    ("kind", Kind::Text),
    ("flow", Kind::Text),
    ("purpose", Kind::Text),
    ("debtor", Kind::Text),
    ("debtor_country", Kind::Text),
    ("creditor", Kind::Text),
    ("creditor_country", Kind::Text),
    ("settlement_currency", Kind::Text),
    ("amount_minor", Kind::Integer),
    ("account_currency", Kind::Text),
    ("debited_minor", Kind::Integer),
    ("invoice_currency", Kind::Text),
    ("unit_minor", Kind::Integer),
    ("value_date", Kind::Text),
    ("entered_on", Kind::Text),
    ("done_on", Kind::Text),
    ("accepted_at", Kind::Text),
    ("done_at", Kind::Text),
    ("seconds", Kind::Real),
    ("standing", Kind::Text),
    ("how", Kind::Text),
    ("waited_for", Kind::Text),
    ("reason", Kind::Text),
    ("side", Kind::Text),
    ("price", Kind::Text),
    ("group", Kind::Integer),
];

/// Writes one row a payment: `payments` in the folder of figures.
pub(super) fn write_rows(dir: &Path, format: Format, facts: &Facts) -> Result<(), Failure> {
    let mut out = create(dir, "payments", format, ROWS)?;
    for row in &facts.rows {
        out.row(cells(facts, row))?;
    }
    out.finish().map(|_| ())
}

fn cells(facts: &Facts, row: &Row) -> Vec<Cell> {
    let known = |at: u32, text: String| if at == NONE { Cell::Absent } else { Cell::Text(text) };
    let day = |day: u32| if day == 0 { Cell::Absent } else { Cell::Text(Day(day).to_string()) };
    let country = |bank| {
        let at = facts.country_of(bank);
        known(at, facts.country_name(at))
    };
    let reason = facts.reasons.get(row.reason as usize).map(|(name, _)| name.clone());
    let price = facts.rates.get(row.price as usize).map(|rate| {
        let value = comity_ledger::rate::Rate { mantissa: rate.mantissa, scale: rate.scale };
        let (base, quote) = (facts.currency_name(rate.base), facts.currency_name(rate.quote));
        format!("official {base}/{quote} {value}, published by {}", rate.source)
    });
    let purpose = String::from_utf8_lossy(&row.purpose).trim().to_owned();
    vec![
        facts.sources[usize::from(row.journal)].name.clone().into(),
        row.entry.into(),
        Uetr(row.uetr).to_string().into(),
        format!("{:?}", row.kind).to_lowercase().into(),
        row.flow.word().into(),
        if purpose.is_empty() { Cell::Absent } else { purpose.into() },
        known(row.debtor, facts.bank_name(row.debtor)),
        country(row.debtor),
        known(row.creditor, facts.bank_name(row.creditor)),
        country(row.creditor),
        known(row.settled_in, facts.currency_name(row.settled_in)),
        row.amount.into(),
        known(row.debited_in, facts.currency_name(row.debited_in)),
        row.debited.into(),
        known(row.invoiced_in, facts.currency_name(row.invoiced_in)),
        row.unit.map_or(Cell::Absent, Cell::Integer),
        day(row.value_date),
        day(row.accepted_day),
        day(row.done_day),
        Time(row.accepted).to_string().into(),
        if row.done == 0 { Cell::Absent } else { Time(row.done).to_string().into() },
        if row.done == 0 { Cell::Absent } else { Cell::Real((row.done - row.accepted) as f64 / 1e6) },
        row.standing.word().into(),
        row.how.word().into(),
        known(row.waited, facts.waits.get(row.waited as usize).cloned().unwrap_or_default()),
        reason.clone().map_or(Cell::Absent, Cell::Text),
        reason.map_or(Cell::Absent, |name| codes::side(&name).word().into()),
        price.map_or(Cell::Absent, Cell::Text),
        if row.group == NONE { Cell::Absent } else { Cell::Integer(i64::from(row.group)) },
    ]
}
