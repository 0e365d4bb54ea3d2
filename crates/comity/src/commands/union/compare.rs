//! `comity union compare`: the same trade through every rule set, side by side.
//!
//! Absent on purpose: a verdict. Which row is best depends on what a group can pay and is willing to carry.

use comity_union::preset::{Compensation, NAMES, preset};
use serde_json::{Value, json};

use super::show::{million, picture, plain, saved};
use super::study::{Study, study};
use crate::cli::{UnionCompare, UnionRun};
use crate::exit::Failure;
use crate::output::{Align, Column, Output, print, print_json, table};

pub(super) fn run(arguments: &UnionCompare, output: Output) -> Result<(), Failure> {
    let mut studies = Vec::new();
    for name in NAMES {
        let compensation = preset(name).map_err(|refusal| Failure::refused(refusal.to_string()))?.compensation;
        let hub = match (compensation, &arguments.hub) {
            (Compensation::Hub, None) => continue,
            (Compensation::Hub, Some(hub)) => Some(hub.clone()),
            (Compensation::Union | Compensation::Pairs, _) => None,
        };
        studies.push(study(&UnionRun {
            data: arguments.data.clone(),
            group: arguments.group.clone(),
            preset: Some(name.into()),
            rules: None,
            terms: arguments.terms.clone(),
            pairs: false,
            why: false,
            quota: arguments.quota.clone(),
            cycle: None,
            base_year: arguments.base_year,
            hub,
            picture: None,
        })?);
    }
    if let Some(path) = &arguments.picture {
        let bars: Vec<_> = studies
            .iter()
            .filter(|study| study.stopped.is_none())
            .map(|study| (study.run.rules().name.to_string(), study.run.total().parts))
            .collect();
        let title = format!("The same trade of {} under each rule set", arguments.group);
        picture(path, &title, "Where bilateral surpluses and deficits went, over all cycles.", &bars)?;
    }
    match output {
        Output::Json => print_json(&Value::Array(studies.iter().map(as_json).collect())),
        Output::Table => {
            let rows: Vec<Vec<String>> = studies.iter().map(row).collect();
            let columns = [
                Column("preset", Align::Left),
                Column("saved", Align::Right),
                Column("gross", Align::Right),
                Column("multilateral", Align::Right),
                Column("through time", Align::Right),
                Column("asset", Align::Right),
                Column("credit", Align::Right),
                Column("special", Align::Right),
                Column("at limit in a year", Align::Right),
            ];
            print(&table(&columns, &rows));
            for study in &studies {
                if let Some(stopped) = &study.stopped {
                    print(&format!("\n{} refuses {stopped}. Its row ends there.", study.run.rules().name));
                }
            }
        }
    }
    Ok(())
}

/// How many lines with a limit there are, and how many reached it within a year.
fn at_limit(study: &Study) -> (usize, usize) {
    let limited = study.lines.iter().filter(|line| line.limit.is_some());
    // Months are in hundredths.
    let early = limited.clone().filter(|line| line.months.is_some_and(|(months, _)| months < 1200));
    (early.count(), limited.count())
}

fn row(study: &Study) -> Vec<String> {
    let total = study.run.total();
    let parts = total.parts;
    let (early, limited) = at_limit(study);
    let mut row = vec![study.run.rules().name.to_string(), saved(total.payments, total.need)];
    let amounts = [parts.gross, parts.multilateral, parts.through_time, parts.asset, parts.credit, parts.special];
    row.extend(amounts.map(million));
    row.push(if limited == 0 { "no limit".into() } else { format!("{early} of {limited}") });
    row
}

fn as_json(study: &Study) -> Value {
    let total = study.run.total();
    let parts = total.parts;
    let (early, limited) = at_limit(study);
    json!({
        "preset": study.run.rules().name, "cycles": total.cycles, "saved_percent": saved(total.payments, total.need),
        "gross": plain(parts.gross), "multilateral": plain(parts.multilateral),
        "through_time": plain(parts.through_time), "asset": plain(parts.asset), "credit": plain(parts.credit),
        "special": plain(parts.special), "at_limit_within_a_year": early, "with_a_limit": limited,
        "union_advanced_most": plain(-total.union_asset_least), "stopped": study.stopped,
    })
}
