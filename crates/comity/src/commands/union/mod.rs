//! `comity union`: real trade through the rules of a payments union.
//!
//! Reads a table, asks `comity_union::run`, and prints what it answers. Absent on purpose: any rule.

mod accounts;
mod compare;
mod creditors;
mod rates;
mod show;
mod state;
mod study;

pub(crate) use state::Show;

use std::path::PathBuf;

use comity_arrangement::rules::{in_two_unions, write_rules};
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
                Output::Json => print_json(&show::as_json(&study, arguments)),
                Output::Table => show::show(&study, arguments),
            }
            Ok(())
        }
        UnionAsk::Compare(arguments) if arguments.creditor_rules => creditors::run(arguments, output),
        UnionAsk::Compare(arguments) => compare::run(arguments, output),
        UnionAsk::Rules { preset } => {
            let rules = study::named(Some(preset), None)?;
            let text = write_rules(&rules);
            match output {
                Output::Json => print_json(&json!({ "name": rules.name, "toml": text })),
                Output::Table => print(text.trim_end()),
            }
            Ok(())
        }
        UnionAsk::Check { files } => check(files, output),
        UnionAsk::Show(arguments) => state::run(arguments, output),
    }
}

/// Reads every file, and says all that is wrong with them.
fn check(files: &[PathBuf], output: Output) -> Result<(), Failure> {
    let (mut unions, mut wrong) = (Vec::new(), Vec::new());
    for file in files {
        match study::read_rules(file) {
            Ok(rules) => unions.push((file.display().to_string(), rules)),
            Err(failure) => wrong.push(failure.to_string()),
        }
    }
    wrong.extend(in_two_unions(&unions));
    if !wrong.is_empty() {
        return Err(Failure::refused(wrong.join("\n")));
    }
    match output {
        Output::Json => {
            let read =
                unions.iter().map(|(file, rules)| json!({ "file": file, "name": rules.name, "title": rules.title }));
            print_json(&Value::Array(read.collect()));
        }
        Output::Table => {
            for (file, rules) in &unions {
                print(&format!("{file}: {}, {}", rules.name, rules.title));
            }
        }
    }
    Ok(())
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
