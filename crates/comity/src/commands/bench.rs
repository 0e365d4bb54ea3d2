//! `comity bench`: measure this machine. Every figure stands beside its reference, measured in the same run.

use serde_json::{Value, json};

use crate::bench;
use crate::cli::{Bench, Subject};
use crate::exit::{Failure, at};
use crate::output::{Align, Column, Output, print, print_json, table};

pub(crate) fn run(arguments: &Bench, output: Output) -> Result<(), Failure> {
    let dir = &arguments.dir;
    std::fs::create_dir_all(dir).map_err(at(dir))?;
    let wants = |subject| arguments.subject == Subject::All || arguments.subject == subject;
    let mut figures = Vec::new();
    if wants(Subject::Engine) {
        figures.extend(bench::engine::run(arguments.quick));
    }
    if wants(Subject::Memory) {
        figures.extend(bench::memory::run(arguments.quick));
    }
    if wants(Subject::Journal) {
        figures.extend(bench::journal::run(dir, arguments.quick)?);
    }
    if wants(Subject::Verify) {
        figures.extend(bench::verify::run(dir, arguments.quick)?);
    }
    if wants(Subject::Iso) {
        figures.extend(bench::iso::run(arguments.quick)?);
    }
    if wants(Subject::Clear) {
        figures.extend(bench::clear::run(dir, arguments.quick)?);
    }
    if wants(Subject::Offset) {
        figures.extend(bench::offset::run(arguments.quick));
    }
    if wants(Subject::Union) {
        figures.extend(bench::union::run(dir, arguments.quick)?);
    }
    if wants(Subject::Fx) {
        figures.extend(bench::fx::run(arguments.quick));
    }
    if wants(Subject::Day) {
        figures.extend(bench::day::run(dir, arguments.quick)?);
    }
    match output {
        Output::Json => {
            let list: Vec<Value> = figures
                .iter()
                .map(|figure| {
                    json!({
                        "name": figure.name, "unit": figure.unit, "median": figure.median, "min": figure.min,
                        "max": figure.max, "runs": figure.runs, "note": figure.note,
                    })
                })
                .collect();
            print_json(&json!({ "machine": bench::machine(), "version": env!("CARGO_PKG_VERSION"), "figures": list }));
        }
        Output::Table => {
            print(&bench::machine());
            print("");
            let rows: Vec<Vec<String>> = figures
                .iter()
                .map(|figure| {
                    vec![
                        figure.name.clone(),
                        bench::shown(figure.median),
                        figure.unit.to_string(),
                        format!("{} to {}", bench::shown(figure.min), bench::shown(figure.max)),
                        figure.runs.to_string(),
                        figure.note.clone(),
                    ]
                })
                .collect();
            let columns = [
                Column("figure", Align::Left),
                Column("median", Align::Right),
                Column("unit", Align::Left),
                Column("range", Align::Left),
                Column("runs", Align::Right),
                Column("note", Align::Left),
            ];
            print(&table(&columns, &rows));
        }
    }
    Ok(())
}
