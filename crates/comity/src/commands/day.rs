//! `comity day`: run the business day of a folder.

use std::path::Path;

use serde_json::Value;

use crate::cli::Day;
use crate::day::{Wishes, run as run_day, summary_table};
use crate::exit::{Exit, Failure};
use crate::output::{Output, count, print, print_json};

pub(crate) fn run(arguments: &Day, output: Output) -> Result<(), Failure> {
    if !arguments.dir.is_dir() {
        let dir = arguments.dir.display();
        let message = format!("{dir} is not a folder; begin one with: comity new {dir} --preset multilateral");
        return Err(Failure::new(Exit::Usage, message));
    }
    let seed = super::demo::seed_of(&arguments.dir);
    let wishes = Wishes { report: !arguments.no_report, seed, quiet: false };
    let ran = run_day(&arguments.dir, &wishes)?;
    show(&arguments.dir, &ran.summary, wishes.report, output);
    Ok(())
}

/// Prints what a day came to.
pub(crate) fn show(dir: &Path, summary: &Value, report: bool, output: Output) {
    match output {
        Output::Json => print_json(summary),
        Output::Table => {
            let text = |key: &str| summary[key].as_str().unwrap_or("").to_string();
            let number = |key: &str| count(summary[key].as_u64().unwrap_or(0));
            print(&format!("{}, business date {}", text("arrangement"), text("business_date")));
            print("");
            print(&summary_table(summary));
            print("");
            print(&format!(
                "{} entries, {} payments, {} waiting at close, {} offsetting runs, {} payment-versus-payment groups, {} conversions",
                number("entries"),
                number("payments"),
                number("waiting_at_close"),
                number("offsetting_runs"),
                number("pvp_groups"),
                number("conversions"),
            ));
            print(&format!("final digest {}", text("digest")));
            let shown = dir.display();
            print("");
            let unions =
                summary["unions"].as_array().into_iter().flatten().map(|union| union["union"].as_str().unwrap_or(""));
            let unions: Vec<&str> = unions.collect();
            if !unions.is_empty() {
                print(&format!("unions    {}: comity union show {shown}", unions.join(", ")));
            }
            if report {
                print(&format!("look at   {shown}/report.html"));
            }
            print(&format!("prove it  comity verify {shown}"));
        }
    }
}
