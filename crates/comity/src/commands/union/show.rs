//! Tables, JSON and pictures of runs. Amounts are the table's million with three decimals, exact.
//!
//! Absent on purpose: any figure that is not a sum or a share of the crate's.

use std::path::Path;

use comity_union::cycle::Decomposition;
use comity_union::preset::Settlement;
use comity_union::run::Total;
use comity_viz::{Amount, Head, Picture, Segment, Share, ShareBar, Unit, Width};
use serde_json::{Value, json};

use super::accounts;
use super::study::Study;
use crate::cli::UnionRun;
use crate::exit::{Failure, at};
use crate::output::{Align, Column, print, table};

pub(super) fn show(study: &Study, arguments: &UnionRun) {
    let rules = study.run.rules();
    let (first, last) = (study.years.first().map_or(0, |year| year.0), study.years.last().map_or(0, |year| year.0));
    print(&format!("{}: {}", rules.name, rules.title));
    print(&format!(
        "group {}, {} members, {first} to {last}, {} {} cycles; {}; amounts in millions",
        study.group,
        study.members.len(),
        study.run.total().cycles,
        rules.cycle.word(),
        limit_told(study)
    ));
    print("\nHow long each member can go on like this");
    print(&members_table(study));
    if let Some(stopped) = &study.stopped {
        print(&format!("\nThe rules refuse {stopped}. Nothing was run after that."));
    }
    print("\nWhat compensation saves: payments that need not be made");
    print(&savings_table(study));
    print("\nWhere bilateral surpluses and deficits went (each bilateral balance counts twice)");
    print(&parts_table(study));
    let least = -study.run.total().union_asset_least;
    if least > 0 {
        print(&format!("\nThe union had to advance up to {} in asset itself.", million(least)));
    }
    accounts::show(study, arguments);
}

/// Writes a bar of 100 % for each of `bars`: where gross amounts went.
pub(super) fn picture(path: &Path, title: &str, about: &str, bars: &[(String, Decomposition)]) -> Result<(), Failure> {
    let unit = Unit::new("million", 3);
    let bars = bars.iter().map(|(label, parts)| {
        let segments = [
            ("set off multilaterally", parts.multilateral),
            ("through time", parts.through_time),
            ("paid in asset", parts.asset),
            ("carried as credit", parts.credit),
            ("special", parts.special),
        ];
        let segment =
            |(label, value): (&str, i128)| Segment { label: label.into(), value: Amount::new(value, million(value)) };
        ShareBar { label: label.clone(), segments: segments.map(segment).into() }
    });
    let picture = Share { head: Head::new("union", title, about), unit, bars: bars.collect() };
    std::fs::write(path, picture.svg(Width::Wide)).map_err(at(path))
}

/// The picture of one run: a bar a year.
pub(super) fn picture_of(path: &Path, study: &Study) -> Result<(), Failure> {
    let rules = study.run.rules();
    let bars: Vec<(String, Decomposition)> =
        study.years.iter().map(|(year, sums)| (year.to_string(), sums.parts)).collect();
    let title = format!("{} under {}", study.group, rules.name);
    picture(path, &title, "Where each year's bilateral surpluses and deficits went.", &bars)
}

fn limit_told(study: &Study) -> String {
    let rules = study.run.rules();
    let years: Vec<String> = study.base.iter().map(i32::to_string).collect();
    match (&rules.settlement, rules.swap) {
        (Settlement::Tranches(_), _) => {
            let fixed = if rules.fixed_quotas.is_empty() { "" } else { ", or fixed" };
            format!("quota {} of the turnover of {}{fixed}", rules.quota.share, years.join(", "))
        }
        (Settlement::Paid, Some(share)) => {
            format!("all is paid each cycle; limit: a swap of {} of payments of {}", share.share, years.join(", "))
        }
        (Settlement::Paid, None) => "all is paid each cycle; no limit".into(),
    }
}

fn members_table(study: &Study) -> String {
    let charged = study.run.rules().charge.is_some();
    let acting = !study.run.rules().actions.is_empty();
    let mut columns = vec![
        Column("member", Align::Left),
        Column("book", Align::Left),
        Column("limit", Align::Right),
        Column("used up after", Align::Right),
        Column("years", Align::Right),
        Column("as", Align::Left),
        Column("months left", Align::Right),
        Column("net of all cycles", Align::Right),
        Column("of it credit", Align::Right),
    ];
    if charged {
        columns.push(Column("charges", Align::Right));
    }
    if acting {
        columns.push(Column("actions open, late", Align::Right));
    }
    let rows: Vec<Vec<String>> = study
        .lines
        .iter()
        .map(|line| {
            let mut row = vec![
                line.who.clone(),
                line.scope.into(),
                line.limit.map_or("none".into(), |limit| million(limit.into())),
                line.months.map_or("not reached".into(), |(months, _)| format!("{} months", decimal(months, 2))),
                line.months.map_or(String::new(), |(months, _)| decimal(months / 12, 2)),
                line.months.map_or(String::new(), |(_, side)| side.into()),
                line.ahead.map_or(String::new(), |(months, _)| decimal(months, 2)),
                million(line.net),
                million(line.credit),
            ];
            if charged {
                row.push(line.charge.map_or(String::new(), million));
            }
            if acting {
                row.push(format!("{}, {}", line.actions.0, line.actions.1));
            }
            row
        })
        .collect();
    table(&columns, &rows)
}

fn savings_table(study: &Study) -> String {
    let row = |name: String, total: &Total| {
        vec![
            name,
            million(total.payments),
            million(total.bilateral),
            saved(total.payments, total.bilateral),
            million(total.need),
            saved(total.payments, total.need),
        ]
    };
    let mut rows: Vec<Vec<String>> = study.years.iter().map(|(year, sums)| row(year.to_string(), sums)).collect();
    rows.push(row("all".into(), study.run.total()));
    let columns = [
        Column("year", Align::Left),
        Column("payments", Align::Right),
        Column("pairs netted", Align::Right),
        Column("saved", Align::Right),
        Column("left by the rules", Align::Right),
        Column("saved", Align::Right),
    ];
    table(&columns, &rows)
}

fn parts_table(study: &Study) -> String {
    let row = |name: &str, parts: &Decomposition| {
        let amounts = [parts.gross, parts.multilateral, parts.through_time, parts.asset, parts.credit, parts.special]
            .map(million);
        std::iter::once(name.to_string()).chain(amounts).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> =
        study.years.iter().map(|(year, sums)| row(&year.to_string(), &sums.parts)).collect();
    let total = study.run.total();
    rows.push(row("all cycles", &total.parts));
    rows.push(row("outstanding", &total.outstanding()));
    let columns = [
        Column("year", Align::Left),
        Column("gross", Align::Right),
        Column("multilateral", Align::Right),
        Column("through time", Align::Right),
        Column("asset", Align::Right),
        Column("credit", Align::Right),
        Column("special", Align::Right),
    ];
    table(&columns, &rows)
}

pub(super) fn as_json(study: &Study, arguments: &UnionRun) -> Value {
    let rules = study.run.rules();
    let members: Vec<Value> = study
        .lines
        .iter()
        .map(|line| {
            json!({
                "member": line.who, "book": line.scope,
                "limit": line.limit.map(|limit| plain(limit.into())),
                "used_up_after_months": line.months.map(|(months, _)| fixed(months, 2)),
                "months_left_at_last_years_pace": line.ahead.map(|(months, _)| fixed(months, 2)),
                "heading_for": line.ahead.map(|(_, side)| side),
                "as": line.months.map(|(_, side)| side),
                "net": plain(line.net), "credit": plain(line.credit),
                "charges": line.charge.map(plain),
                "actions_open": line.actions.0, "actions_late": line.actions.1,
            })
        })
        .collect();
    let parts = |parts: &Decomposition| {
        json!({
            "gross": plain(parts.gross), "multilateral": plain(parts.multilateral),
            "through_time": plain(parts.through_time), "asset": plain(parts.asset),
            "credit": plain(parts.credit), "special": plain(parts.special),
        })
    };
    let sums = |total: &Total| {
        json!({
            "payments": plain(total.payments), "pairs_netted": plain(total.bilateral),
            "left_by_the_rules": plain(total.need),
            "saved_in_pairs_percent": saved(total.payments, total.bilateral),
            "saved_by_the_rules_percent": saved(total.payments, total.need),
            "parts": parts(&total.parts),
        })
    };
    let years: Vec<Value> = study
        .years
        .iter()
        .map(|(year, total)| {
            let mut value = sums(total);
            value["year"] = json!(year);
            value
        })
        .collect();
    let total = study.run.total();
    let mut all = sums(total);
    all["outstanding"] = parts(&total.outstanding());
    let mut told = json!({
        "preset": rules.name, "group": study.group, "members": study.members, "cycle": rules.cycle.word(),
        "cycles": total.cycles, "limit": limit_told(study), "base_years": study.base, "carried": members,
        "years": years, "all": all, "union_asset": plain(total.union_asset),
        "union_advanced_most": plain(-total.union_asset_least), "stopped": study.stopped,
    });
    accounts::add_json(&mut told, study, arguments);
    told
}

/// The share of payments that need not be made, in percent with one decimal.
pub(super) fn saved(payments: i128, left: i128) -> String {
    if payments == 0 {
        return "0.0".into();
    }
    decimal(((payments - left) * 1000 + payments / 2).div_euclid(payments), 1)
}

/// Thousandths with their point and separated thousands.
pub(super) fn million(thousandths: i128) -> String {
    decimal(thousandths, 3)
}

/// Thousandths with their point.
pub(super) fn plain(thousandths: i128) -> String {
    fixed(thousandths, 3)
}

pub(super) fn fixed(value: i128, places: usize) -> String {
    let digits = format!("{:0width$}", value.unsigned_abs(), width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    format!("{}{whole}.{rest}", if value < 0 { "-" } else { "" })
}

fn decimal(value: i128, places: usize) -> String {
    let text = fixed(value, places);
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{rest}")
}
