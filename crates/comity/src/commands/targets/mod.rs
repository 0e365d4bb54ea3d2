//! `comity targets`: the roadmap of an arrangement, measured from its journals.
//!
//! Absent on purpose: measuring and judging, which are in `comity_stats::pay::target`, and a clock: the journals' last business
//! date is the date of judgement.

mod file;
mod history;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use comity_stats::pay::date;
use comity_stats::pay::target::{Every, Judged, Point, Status, Target, judge, measure};
use comity_viz::{Head, Picture, Road, RoadMark, Roadmap, Width};
use serde_json::{Value, json};

use super::stats::journal::{read, value};
use crate::exit::{Failure, at};
use crate::output::{Align, Column, Output, bold, hex, print, print_json, table};

/// What was agreed, what is measured, and whether the pace suffices: late items first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity targets comity-demo --targets targets.toml\n  \
    comity targets day1 day2 --targets targets.toml --every day --history progress.jsonl\n  \
    comity targets comity-demo --targets targets.toml --picture roadmap.svg --output json\n\n\
    Each DIR is the folder of a day or a journal folder. docs/targets.md has the measures and the file.")]
pub(crate) struct Targets {
    /// Folders of days, or journal folders.
    #[arg(required = true)]
    dirs: Vec<PathBuf>,
    /// What was agreed.
    #[arg(long, value_name = "FILE")]
    targets: PathBuf,
    /// How often is measured.
    #[arg(long, value_enum, default_value_t = Often::Month)]
    every: Often,
    /// Currency in which values of several currencies are added [default: the one most approved pairs lead to].
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// File of earlier measurements; this run's are added to it.
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// SVG of the roadmap.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Often {
    /// Each business date.
    Day,
    /// Each calendar month.
    Month,
}

struct Item {
    target: Target,
    points: Vec<Point>,
    judged: Judged,
}

pub(crate) fn run(arguments: &Targets, output: Output) -> Result<(), Failure> {
    let targets = file::read(&arguments.targets)?;
    let read::Gathered { mut facts, .. } = read::read(&arguments.dirs, read::Options { skip_originals: true })?;
    value(&mut facts, arguments.unit.as_deref())?;
    let every = match arguments.every {
        Often::Day => Every::Day,
        Often::Month => Every::Month,
    };
    let as_of = facts.last_day();
    let mut history = arguments.history.as_deref().map(history::History::read).transpose()?;
    let mut items = Vec::new();
    for target in targets {
        let mut points = measure(&facts, &target, every);
        if let Some(history) = &mut history {
            points = history.add(&facts, &target, every, &points)?;
        }
        let judged = judge(&target, &points, as_of);
        items.push(Item { target, points, judged });
    }
    let kept = match (&history, &arguments.history) {
        (Some(history), Some(path)) => Some(history.keep(path)?),
        _ => None,
    };
    // Late first; among alike, the nearest date first.
    items.sort_by_key(|item| (item.judged.status, item.target.by));
    let source = comity_stats::pay::table::source_of(&facts);
    if let Some(path) = &arguments.picture {
        let about = format!("As of {}. Source: {}, {}.", date::day_text(as_of), source.name, source.revision);
        std::fs::write(path, roadmap(&items, as_of, about).svg(Width::Wide)).map_err(at(path))?;
    }
    match output {
        Output::Json => {
            let journals: Vec<Value> = facts
                .sources
                .iter()
                .map(|source| json!({ "name": source.name, "entries": source.entries.1, "hash": hex(&source.hash) }))
                .collect();
            let unit = facts.unit.as_ref().map(|unit| unit.code.clone());
            let items: Vec<Value> = items.iter().map(|item| as_json(item, every)).collect();
            print_json(
                &json!({ "as_of": date::day_text(as_of), "unit": unit, "journals": journals, "targets": items }),
            );
        }
        Output::Table => {
            show(&items, as_of);
            print(&format!("\nSource: {}, revision {}; amounts in {}", source.name, source.revision, source.unit));
            if let (Some(kept), Some(path)) = (kept, &arguments.history) {
                print(&format!("{kept} measurements added to {}", path.display()));
            }
        }
    }
    Ok(())
}

fn show(items: &[Item], as_of: u32) {
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|Item { target, judged, .. }| {
            let now = judged.latest.map_or("-".to_owned(), |(value, _)| target.measure.shown(value));
            vec![
                format!("{} {}", judged.status.shape(), judged.status.word()),
                target.name.clone(),
                now,
                format!("{} {}", target.comparison.word(), target.measure.shown(target.value)),
                date::month_text(target.by),
                target.owner.clone(),
                judged.why.clone(),
            ]
        })
        .collect();
    let late = items.iter().filter(|item| item.judged.status == Status::Late).count();
    let reached = items.iter().filter(|item| item.judged.status == Status::Reached).count();
    let heading = format!("{} targets as of {}: {late} late, {reached} reached", items.len(), date::day_text(as_of));
    print(&bold(&heading));
    let columns = [
        Column("status", Align::Left),
        Column("target", Align::Left),
        Column("now", Align::Right),
        Column("agreed", Align::Left),
        Column("by", Align::Left),
        Column("owner", Align::Left),
        Column("why", Align::Left),
    ];
    print(&table(&columns, &rows));
}

fn as_json(item: &Item, every: Every) -> Value {
    let Item { target, points, judged } = item;
    let points: Vec<Value> = points
        .iter()
        .map(|point| match &point.value {
            Ok(value) => json!({ "period": every.text(point.until), "value": value }),
            Err(why) => json!({ "period": every.text(point.until), "value": null, "why": why }),
        })
        .collect();
    let milestones: Vec<Value> = target
        .milestones
        .iter()
        .map(|(month, value)| json!({ "by": date::month_text(*month), "value": value }))
        .collect();
    json!({
        "name": target.name, "status": judged.status.word(), "why": judged.why, "measure": target.measure.name(),
        "unit": target.measure.unit(), "comparison": target.comparison.word(), "value": target.value,
        "by": date::month_text(target.by), "owner": target.owner, "members": target.members,
        "currencies": target.currencies, "milestones": milestones, "now": judged.latest.map(|(value, _)| value),
        "needed_a_month": judged.needed, "actual_a_month": judged.actual, "measurements": points,
    })
}

fn roadmap(items: &[Item], as_of: u32, about: String) -> Roadmap {
    let roads = items
        .iter()
        .map(|Item { target, points, judged }| {
            let shown = |value| target.measure.shown(value);
            let mut marks: Vec<RoadMark> = target
                .milestones
                .iter()
                .map(|(month, value)| RoadMark { day: date::month_end(*month), value: *value, text: shown(*value) })
                .collect();
            marks.push(RoadMark {
                day: date::month_end(target.by),
                value: target.value,
                text: format!("{} by {}", shown(target.value), date::month_text(target.by)),
            });
            let measured = points
                .iter()
                .filter_map(|point| point.value.as_ref().ok().map(|value| (point.until.min(as_of), *value)))
                .map(|(day, value)| RoadMark { day, value, text: shown(value) })
                .collect();
            Road {
                label: target.name.clone(),
                owner: target.owner.clone(),
                status: format!("{} {}", judged.status.shape(), judged.status.word()),
                good: match judged.status {
                    Status::Reached | Status::OnCourse => Some(true),
                    Status::Late | Status::Behind => Some(false),
                    Status::NotMeasurable => None,
                },
                why: judged.why.clone(),
                marks,
                measured,
            }
        })
        .collect();
    Roadmap { head: Head::new("roadmap", "Roadmap", about), as_of, roads }
}
