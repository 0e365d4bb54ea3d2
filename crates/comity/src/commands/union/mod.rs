//! `comity union`: real trade through the rules of a payments union.
//!
//! Reads a table, asks `comity_union::run`, and prints what it answers. Absent on purpose: any rule.

mod compare;
mod show;
mod study;

use comity_union::preset::{NAMES, RuleSet, preset};
use serde_json::{Value, json};

use crate::cli::{Union, UnionAsk};
use crate::exit::Failure;
use crate::output::{Align, Column, Output, print, print_json, table};
use crate::trade::GROUPS;

pub(crate) fn run(arguments: &Union, output: Output) -> Result<(), Failure> {
    match &arguments.ask {
        UnionAsk::List => list(output),
        UnionAsk::Run(arguments) => {
            let study = study::study(arguments)?;
            if let Some(path) = &arguments.picture {
                show::picture_of(path, &study)?;
            }
            match output {
                Output::Json => print_json(&show::as_json(&study)),
                Output::Table => show::show(&study),
            }
            Ok(())
        }
        UnionAsk::Compare(arguments) => compare::run(arguments, output),
    }
}

fn list(output: Output) -> Result<(), Failure> {
    let rules: Vec<RuleSet> =
        NAMES.iter().map(|name| preset(name)).collect::<Result<_, _>>().map_err(|r| Failure::refused(r.to_string()))?;
    match output {
        Output::Json => {
            let rule_sets: Vec<Value> = rules
                .iter()
                .map(|rules| {
                    let facts = rules.facts.iter();
                    let facts: Vec<Value> = facts
                        .map(|fact| json!({ "rule": fact.rule, "says": fact.says, "source": fact.source.word() }))
                        .collect();
                    json!({
                        "name": rules.name, "title": rules.title, "cycle": rules.cycle.word(), "facts": facts,
                    })
                })
                .collect();
            let groups: Vec<Value> = GROUPS
                .iter()
                .map(|(name, codes, what)| {
                    json!({ "name": name, "members": codes.split(' ').collect::<Vec<_>>(), "what": what })
                })
                .collect();
            print_json(&json!({ "presets": rule_sets, "groups": groups }));
        }
        Output::Table => {
            let rows: Vec<Vec<String>> = rules
                .iter()
                .map(|rules| vec![rules.name.to_string(), rules.cycle.word().into(), rules.title.to_string()])
                .collect();
            let columns = [Column("preset", Align::Left), Column("cycle", Align::Left), Column("what", Align::Left)];
            print(&table(&columns, &rows));
            print("");
            let rows: Vec<Vec<String>> = GROUPS
                .iter()
                .map(|(name, codes, what)| vec![(*name).into(), (*what).into(), (*codes).into()])
                .collect();
            let columns = [Column("group", Align::Left), Column("what", Align::Left), Column("members", Align::Left)];
            print(&table(&columns, &rows));
            print("\n`comity union list --output json` also says how each rule is known.");
        }
    }
    Ok(())
}
