//! `comity new`: begin a folder from a preset arrangement.

use serde_json::json;

use crate::cli::New;
use crate::exit::{Exit, Failure, at};
use crate::output::{Align, Column, Output, print, print_json, table};
use crate::{day, keys};

pub(crate) fn run(arguments: &New, output: Output) -> Result<(), Failure> {
    if arguments.list {
        list(output);
        return Ok(());
    }
    let (Some(dir), Some(preset)) = (&arguments.dir, &arguments.preset) else {
        return Err(Failure::new(Exit::Usage, "a folder and a preset are needed; see: comity new --help"));
    };
    comity_arrangement::write_preset(dir, preset).map_err(|error| Failure::refused(error.to_string()))?;
    let arrangement = comity_arrangement::load(dir).map_err(|mistakes| Failure::refused(mistakes.to_string()))?;
    keys::make_missing(dir, &arrangement, keys::random_secret)?;
    let inbox = dir.join(day::INBOX);
    std::fs::create_dir_all(&inbox).map_err(at(&inbox))?;
    match output {
        Output::Json => print_json(&json!({ "dir": dir, "preset": preset, "arrangement": arrangement.name })),
        Output::Table => {
            let dir = dir.display();
            print(&format!("{dir} holds the arrangement \"{}\".", arrangement.name));
            print("");
            print(&format!(
                "1. read and change  {dir}/arrangement.toml, participants.csv, limits.csv, funding.csv, rates.csv"
            ));
            if arrangement.unions.is_empty() {
                print(&format!("2. put messages in  {dir}/inbox/   (.xml: ISO 20022; .csv: docs/csv.md)"));
            } else {
                print(&format!(
                    "2. the inbox has    {dir}/inbox/   payments of an example; put your own there (docs/csv.md)"
                ));
                print("   and a union     union-rates.csv, union-orders.csv (docs/union-day.md)");
            }
            print(&format!("3. run the day      comity day {dir}"));
            if !arrangement.unions.is_empty() {
                print(&format!("4. see the union    comity union show {dir}"));
            }
            print("");
            print(&format!(
                "Signing keys of the authorities are in {dir}/keys/. Give each to its authority and keep them apart in earnest."
            ));
        }
    }
    Ok(())
}

fn list(output: Output) {
    let presets = comity_arrangement::presets();
    match output {
        Output::Json => {
            let list: Vec<_> = presets
                .iter()
                .map(|preset| json!({ "name": preset.name, "description": preset.description }))
                .collect();
            print_json(&json!(list));
        }
        Output::Table => {
            let rows: Vec<Vec<String>> =
                presets.iter().map(|preset| vec![preset.name.into(), preset.description.into()]).collect();
            print(&table(&[Column("preset", Align::Left), Column("what it is", Align::Left)], &rows));
        }
    }
}
