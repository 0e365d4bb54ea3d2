//! `comity risk drill`: a member defaults on paper.
//!
//! Absent on purpose: the rule; see `comity_union::risk::drill`.

use comity_union::risk::drill::{Outcome, drill};
use comity_viz::{Fall, Head, Picture, Unit, Waterfall, Width};
use serde_json::{Value, json};

use super::arguments::Drill;
use super::case::{self, Case};
use super::number::{grouped, plain};
use crate::exit::{Exit, Failure, at};
use crate::output::{Align, Column, Output, bold, print, print_json, table};

pub(super) fn run(arguments: &Drill, output: Output) -> Result<(), Failure> {
    let folder = arguments.case.is_dir();
    let only_folder =
        [arguments.base.is_some(), arguments.entry.is_some(), arguments.rates.is_some(), arguments.members.is_some()];
    if !folder && only_folder.contains(&true) {
        let message = "--base, --entry, --rates and --members go with the folder of a day; a case has its own";
        return Err(Failure::new(Exit::Usage, message));
    }
    let case = if folder { super::replay::case(arguments)? } else { case::json(&arguments.case)? };
    let defaulter = case.find(&arguments.default)?;
    let outcome = drill(&case.table(), defaulter).map_err(|refusal| Failure::refused(refusal.to_string()))?;
    if let Some(path) = &arguments.picture {
        std::fs::write(path, picture(&case, defaulter, &outcome).svg(Width::Wide)).map_err(at(path))?;
    }
    match output {
        Output::Json => print_json(&as_json(&case, defaulter, &outcome)),
        Output::Table => show(&case, defaulter, &outcome),
    }
    Ok(())
}

/// With more members than this, a table has only those the default touches.
const MEMBERS_TOLD_MAX: usize = 12;

fn name(case: &Case, member: u32) -> &str {
    &case.members[member as usize].name
}

/// Members with any dealing or anything to bear; a day's folder has many that have none.
fn concerned(case: &Case, outcome: &Outcome) -> Vec<usize> {
    let busy = |row: &Vec<i64>| row.iter().any(|net| *net != 0);
    let any = |at: &usize| {
        busy(&outcome.before[*at]) || busy(&outcome.after[*at]) || outcome.allocation.members[*at] != Default::default()
    };
    (0..case.members.len()).filter(any).collect()
}

fn show(case: &Case, defaulter: u32, outcome: &Outcome) {
    let base = |minor: i64| grouped(minor.into(), case.decimals);
    let allocation = &outcome.allocation;
    print(&bold(&format!("{} fails", name(case, defaulter))));
    print(&format!("amounts in {} unless a currency is named\n", case.base));
    print(&format!("Nets of all dealings, and without the {} open ones of the defaulter", outcome.unwound));
    let mut rows = Vec::new();
    for member in concerned(case, outcome) {
        for (at, currency) in case.currencies.iter().enumerate() {
            let (before, after) = (outcome.before[member][at], outcome.after[member][at]);
            // Of many members only what the default changes is worth a line.
            let told = case.members.len() <= MEMBERS_TOLD_MAX || before != after || member == defaulter as usize;
            if told && (before != 0 || after != 0) {
                let told = |minor: i64| grouped(minor.into(), currency.decimals);
                rows.push(vec![
                    case.members[member].name.clone(),
                    currency.code.clone(),
                    told(before),
                    told(after),
                    told(after.saturating_sub(before)),
                ]);
            }
        }
    }
    let columns = [
        Column("member", Align::Left),
        Column("currency", Align::Left),
        Column("before", Align::Right),
        Column("after unwinding", Align::Right),
        Column("change", Align::Right),
    ];
    print(&table(&columns, &rows));
    print("\nThe defaulter, closed out");
    let rows: Vec<Vec<String>> = case
        .currencies
        .iter()
        .zip(&outcome.closed_out)
        .filter(|(_, closed)| closed.position != 0)
        .map(|(currency, closed)| {
            vec![
                currency.code.clone(),
                grouped(closed.position.into(), currency.decimals),
                format!("{}", currency.cost),
                base(closed.proceeds),
            ]
        })
        .collect();
    let columns = [
        Column("currency", Align::Left),
        Column("position", Align::Right),
        Column("cost", Align::Right),
        Column("brings", Align::Right),
    ];
    print(&table(&columns, &rows));
    print(&format!("together {}", base(outcome.result)));
    print("\nWho bears the loss");
    let rows: Vec<Vec<String>> = steps(case, defaulter, outcome)
        .into_iter()
        .map(|(label, amount, left)| vec![label, base(amount), base(left)])
        .collect();
    print(&table(&[Column("step", Align::Left), Column("bears", Align::Right), Column("left", Align::Right)], &rows));
    let back = allocation.back.0.saturating_add(allocation.back.1);
    if back > 0 {
        print(&format!("{} goes back to the defaulter's estate", base(back)));
    }
    let rows: Vec<Vec<String>> = concerned(case, outcome)
        .into_iter()
        .filter(|member| *member != defaulter as usize)
        .filter(|member| {
            let dealt = outcome.sums[*member] != 0 || allocation.members[*member] != Default::default();
            dealt || case.members.len() <= MEMBERS_TOLD_MAX
        })
        .map(|member| {
            let borne = &allocation.members[member];
            let parts = [outcome.sums[member], borne.as_counterparty, borne.by_key, borne.from_fund, borne.to_bring];
            std::iter::once(case.members[member].name.clone()).chain(parts.map(base)).collect()
        })
        .collect();
    let columns = [
        Column("member", Align::Left),
        Column("sum with the defaulter", Align::Right),
        Column("as counterparty", Align::Right),
        Column("by key", Align::Right),
        Column("from its fund", Align::Right),
        Column("to bring", Align::Right),
    ];
    if !rows.is_empty() {
        print("");
        print(&table(&columns, &rows));
    }
}

/// The steps of the waterfall: what, how much, what is left of the loss afterwards.
fn steps(case: &Case, defaulter: u32, outcome: &Outcome) -> Vec<(String, i64, i64)> {
    let allocation = &outcome.allocation;
    let of = name(case, defaulter);
    let counterparties = allocation.members.iter().map(|one| one.as_counterparty).sum();
    let by_key = allocation.members.iter().map(|one| one.by_key).sum();
    let mut left = allocation.loss;
    [
        (format!("collateral of {of}"), allocation.collateral),
        (format!("fund share of {of}"), allocation.own_fund),
        ("counterparties".into(), counterparties),
        ("all others by key".into(), by_key),
    ]
    .into_iter()
    .map(|(label, amount)| {
        left -= amount;
        (label, amount, left)
    })
    .collect()
}

fn picture(case: &Case, defaulter: u32, outcome: &Outcome) -> Waterfall {
    let unit = Unit::new(&case.base, case.decimals);
    let allocation = &outcome.allocation;
    let mut falls = Vec::new();
    let mut fall = |label: String, what: &str, amount: i64| {
        if amount > 0 {
            falls.push(Fall { label, what: what.into(), amount: unit.amount(amount.into()) });
        }
    };
    fall("collateral".into(), "defaulter", allocation.collateral);
    fall("fund share".into(), "defaulter", allocation.own_fund);
    for (member, borne) in case.members.iter().zip(&allocation.members) {
        fall(member.name.clone(), "counterparty", borne.as_counterparty);
    }
    for (member, borne) in case.members.iter().zip(&allocation.members) {
        fall(member.name.clone(), "by key", borne.by_key);
    }
    let title = format!("Who bears the loss when {} fails", name(case, defaulter));
    Waterfall {
        head: Head::new("default", title, "Each bar takes its part of the loss and hands down what is left."),
        loss: unit.amount(allocation.loss.into()),
        unit,
        falls,
    }
}

fn as_json(case: &Case, defaulter: u32, outcome: &Outcome) -> Value {
    let base = |minor: i64| plain(minor.into(), case.decimals);
    let nets = |rows: &[Vec<i64>]| -> Value {
        let mut members = serde_json::Map::new();
        for (member, row) in case.members.iter().zip(rows) {
            let row: serde_json::Map<String, Value> = case
                .currencies
                .iter()
                .zip(row)
                .map(|(currency, net)| (currency.code.clone(), plain((*net).into(), currency.decimals).into()))
                .collect();
            members.insert(member.name.clone(), row.into());
        }
        members.into()
    };
    let closed: Vec<Value> = case
        .currencies
        .iter()
        .zip(&outcome.closed_out)
        .map(|(currency, closed)| {
            json!({
                "currency": currency.code, "position": plain(closed.position.into(), currency.decimals),
                "brings": base(closed.proceeds),
            })
        })
        .collect();
    let allocation = &outcome.allocation;
    let steps: Vec<Value> = steps(case, defaulter, outcome)
        .into_iter()
        .map(|(step, bears, left)| json!({ "step": step, "bears": base(bears), "left": base(left) }))
        .collect();
    let members: Vec<Value> = (0..case.members.len())
        .filter(|member| *member != defaulter as usize)
        .map(|member| {
            let borne = &allocation.members[member];
            json!({
                "member": case.members[member].name, "sum_with_defaulter": base(outcome.sums[member]),
                "as_counterparty": base(borne.as_counterparty), "by_key": base(borne.by_key),
                "from_fund": base(borne.from_fund), "to_bring": base(borne.to_bring),
            })
        })
        .collect();
    json!({
        "defaulter": name(case, defaulter), "base": case.base, "unwound": outcome.unwound,
        "before": nets(&outcome.before), "after": nets(&outcome.after), "closed_out": closed,
        "result": base(outcome.result), "loss": base(allocation.loss), "steps": steps, "members": members,
        "back": base(allocation.back.0.saturating_add(allocation.back.1)),
    })
}
