//! `comity union compare --creditor-rules`: one rule set, and the same with one rule for persistent creditors added, on the same trade.
//!
//! Absent on purpose: a verdict, and rules in combination; a file can combine them.

use comity_union::variant::creditor_rules;
use comity_viz::{Amount, Head, Multiple, MultipleRow, Multiples, Picture, Unit, Width};
use serde_json::{Value, json};

use super::accounts::sums;
use super::show::{million, plain};
use super::study::{Study, adjust, named, study_of};
use crate::cli::{UnionCompare, UnionRun};
use crate::exit::{Exit, Failure, at};
use crate::output::{Align, Column, Output, print, print_json, table};

/// Where a member's net of all trade went: paid or received, held as credit, lent or borrowed, used, and charges beside it.
const SERIES: [&str; 5] =
    ["paid or received in asset", "held as credit", "term loans", "invested or advanced", "charges"];

struct Case {
    name: &'static str,
    says: &'static str,
    study: Study,
    /// A row a member: the series, in their order.
    rows: Vec<[i128; 5]>,
}

pub(super) fn run(arguments: &UnionCompare, output: Output) -> Result<(), Failure> {
    if arguments.hub.is_some() {
        return Err(Failure::new(Exit::Usage, "--hub: rules for creditors are compared in one union of all"));
    }
    let base = named(arguments.preset.as_deref(), arguments.rules.as_deref())?;
    let variants = creditor_rules(&base).map_err(|refusal| Failure::refused(refusal.to_string()))?;
    let mut cases = Vec::new();
    for variant in variants {
        let mut rules = variant.rules;
        adjust(&mut rules, arguments.quota.as_deref(), None)?;
        let study = study_of(
            &UnionRun {
                data: arguments.data.clone(),
                group: arguments.group.clone(),
                preset: None,
                rules: None,
                terms: arguments.terms.clone(),
                pairs: false,
                why: false,
                quota: None,
                cycle: None,
                base_year: arguments.base_year,
                hub: None,
                picture: None,
            },
            rules,
        )?;
        let rows = rows(&study);
        cases.push(Case { name: variant.name, says: variant.says, study, rows });
    }
    if let Some(path) = &arguments.picture {
        std::fs::write(path, drawn(&arguments.group, &base.name, &cases).svg(Width::Wide)).map_err(at(path))?;
    }
    match output {
        Output::Json => print_json(&Value::Array(cases.iter().map(as_json).collect())),
        Output::Table => show(&base.name, &cases),
    }
    Ok(())
}

/// What trade left each member with, and where that is at the end.
fn rows(study: &Study) -> Vec<[i128; 5]> {
    let of = |(sum, traded): (&super::accounts::Sum, &i128)| {
        let loans = sum.lends - sum.owes;
        let account = &sum.account;
        // What trade made, less what became positions and loans; interest on loans came on top of trade.
        let used = traded - sum.asset - sum.credit - loans + account.loan_interest - account.served_in_asset;
        [sum.asset, sum.credit, loans, used, -sum.charge.toward_zero()]
    };
    sums(study).iter().zip(&study.traded).map(of).collect()
}

fn show(base: &str, cases: &[Case]) {
    print(&format!("{base}, and the same with one rule for persistent creditors; amounts in millions, at the end"));
    print("Above zero: received, held, lent, used. Below zero: paid, owed, borrowed, received from a user.\n");
    let mut lines = Vec::new();
    for case in cases {
        for (place, (row, member)) in case.rows.iter().zip(&case.study.members).enumerate() {
            let mut line = vec![if place == 0 { case.name.into() } else { String::new() }, member.clone()];
            line.extend(row.map(million));
            lines.push(line);
        }
    }
    let mut columns = vec![Column("rule", Align::Left), Column("member", Align::Left)];
    columns.extend(SERIES.map(|name| Column(name, Align::Right)));
    print(&table(&columns, &lines));
    print("");
    let whole = |case: &Case, place: usize| case.rows.iter().map(|row| row[place].max(0)).sum::<i128>();
    let lines: Vec<Vec<String>> = cases
        .iter()
        .map(|case| {
            let mut line = vec![case.name.to_string()];
            line.extend((0..4).map(|place| million(whole(case, place))));
            let total = case.study.run.total();
            line.push(million(-total.union_asset_least));
            line.push(case.says.into());
            line
        })
        .collect();
    let columns = [
        Column("creditors together", Align::Left),
        Column("in asset", Align::Right),
        Column("as credit", Align::Right),
        Column("in loans", Align::Right),
        Column("used", Align::Right),
        Column("union advanced", Align::Right),
        Column("the rule", Align::Left),
    ];
    print(&table(&columns, &lines));
    for case in cases {
        if let Some(stopped) = &case.study.stopped {
            print(&format!("\n{}: the rules refuse {stopped}. Its figures end there.", case.name));
        }
    }
}

fn as_json(case: &Case) -> Value {
    let members: serde_json::Map<String, Value> = case
        .study
        .members
        .iter()
        .zip(&case.rows)
        .map(|(member, row)| {
            let cells: serde_json::Map<String, Value> =
                SERIES.iter().zip(row).map(|(name, cell)| ((*name).to_string(), json!(plain(*cell)))).collect();
            (member.clone(), Value::Object(cells))
        })
        .collect();
    let total = case.study.run.total();
    json!({
        "rule": case.name, "says": case.says, "members": members, "gross": plain(total.parts.gross),
        "union_advanced_most": plain(-total.union_asset_least), "stopped": case.study.stopped,
    })
}

fn drawn(group: &str, base: &str, cases: &[Case]) -> Multiples {
    // Thousandths of a million are millionths of a billion.
    let unit = Unit::new("billion", 6);
    let amount = |value: i128| Amount::new(value, million(value) + " million");
    let row =
        |(row, member): (&[i128; 5], &String)| MultipleRow { label: member.clone(), values: row.map(amount).into() };
    let panels = cases.iter().map(|case| Multiple {
        title: case.name.into(),
        note: case.says.into(),
        rows: case.rows.iter().zip(&case.study.members).map(row).collect(),
    });
    let about = "What became of each member's net of all trade. Right of zero: received, held, lent, invested. Left: paid, owed, borrowed.";
    Multiples {
        head: Head::new("creditors", format!("{group} under {base}: who pays, who holds"), about),
        unit,
        series: SERIES.map(String::from).into(),
        panels: panels.collect(),
    }
}
