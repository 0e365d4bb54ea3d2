//! `comity stats journal`: figures of payments, from one or several journals.
//!
//! Absent on purpose: arithmetic, which is in `comity_stats::pay`.

mod originals;
mod picture;
mod publish;
pub(crate) mod read;
mod records;
mod revision;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use comity_stats::pay::facts::Facts;
use comity_stats::pay::figures::{self, CONCENTRATION, PARTS};
use comity_stats::pay::table::{self, Dimension};

use super::show::{self, Files, Part};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Figures of payments: shares of currencies, flows, imbalances, netting, times, timeliness, failures, concentration.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity stats journal comity-demo\n  \
    comity stats journal comity-demo --part national,currencies --by flow\n  \
    comity stats journal day1 day2 --unit CNY --out figures --format parquet\n  \
    comity stats journal comity-demo --records pay.value --of settlement_currency=CNY\n  \
    comity stats journal comity-demo --picture lights.svg --draw lights\n  \
    comity stats journal comity-demo --publish public --epsilon 1 --seed-file seed.key --period day\n\n\
    Each DIR is the folder of a day or a journal folder. Values of several currencies are added in one unit, at rates both\n\
    authorities approved. docs/statistics.md defines every figure.")]
pub(crate) struct Arguments {
    /// Folders of days, or journal folders.
    #[arg(required = true)]
    dirs: Vec<PathBuf>,
    /// Tell currencies, national shares and times apart by this.
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Only these parts: currencies, flows, months, national, imbalance, imbalance-currency, netting, time, timeliness,
    /// failures, concentration.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    part: Vec<String>,
    /// Currency in which values of several currencies are added [default: the one most approved pairs lead to].
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Do not open original messages: faster; purposes and instructed currencies are then unknown.
    #[arg(long)]
    skip_originals: bool,
    /// List the payments behind a figure, by its key (comity stats define pay).
    #[arg(long, value_name = "FIGURE", conflicts_with_all = ["out", "picture", "publish"])]
    records: Option<String>,
    /// Which cells of that figure, such as settlement_currency=CNY; may be repeated.
    #[arg(long, value_name = "DIMENSION=VALUE", requires = "records")]
    of: Vec<String>,
    #[command(flatten)]
    files: Files,
    /// SVG to write.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
    /// What the picture shows.
    #[arg(long, value_enum, default_value_t = picture::Draw::Shares, requires = "picture")]
    draw: picture::Draw,
    #[command(flatten)]
    publish: publish::PublishArguments,
}

/// What figures can be told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Settlement currency.
    Currency,
    /// What the payment is for.
    Flow,
    /// The two countries.
    Partner,
    /// Month of settlement or end.
    Month,
    /// Business date of settlement or end.
    Day,
    /// The paying bank.
    Participant,
    /// The paying country.
    Country,
}

impl By {
    fn dimension(self) -> Dimension {
        match self {
            Self::Currency => Dimension::SettlementCurrency,
            Self::Flow => Dimension::Flow,
            Self::Partner => Dimension::Partner,
            Self::Month => Dimension::Month,
            Self::Day => Dimension::Day,
            Self::Participant => Dimension::Participant,
            Self::Country => Dimension::Country,
        }
    }
}

/// Gives rows their value in the unit asked for, or in the usual one.
///
/// # Errors
/// When the currency is not of the arrangement.
pub(crate) fn value(facts: &mut Facts, unit: Option<&str>) -> Result<(), Failure> {
    let chosen = match unit {
        None => facts.usual_unit(),
        Some(code) => Some(facts.currency(&code.to_ascii_uppercase()).ok_or_else(|| {
            let known: Vec<&str> = facts.currencies.iter().map(|currency| currency.code.as_str()).collect();
            Failure::refused(format!("--unit {code}: the journals have {}", known.join(", ")))
        })?),
    };
    if let Some(unit) = chosen {
        facts.value(unit);
    }
    Ok(())
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let known = |name: &String| PARTS.contains(&name.as_str()) || name == CONCENTRATION;
    if let Some(unknown) = arguments.part.iter().find(|name| !known(name)) {
        let message = format!("--part {unknown}: there are {}, {CONCENTRATION}", PARTS.join(", "));
        return Err(Failure::new(Exit::Usage, message));
    }
    let options = read::Options { skip_originals: arguments.skip_originals };
    let read::Gathered { mut facts, frames } = read::read(&arguments.dirs, options)?;
    value(&mut facts, arguments.unit.as_deref())?;
    if arguments.publish.asked() {
        return publish::run(&facts, &arguments.publish, output);
    }
    let by = arguments.by.map_or(Dimension::All, By::dimension);
    let wanted: &[String] = if arguments.records.is_some() { &[] } else { &arguments.part };
    let parts = figures::all(&facts, wanted, by);
    if let Some(key) = &arguments.records {
        return records::run(&facts, &parts, key, &arguments.of, output);
    }
    if let Some(path) = &arguments.picture {
        picture::write(path, arguments.draw, &facts, by)?;
    }
    let mut notes = notes(&facts);
    if let Some(dir) = &arguments.files.out {
        notes.extend(revision::keep(dir, &facts, &frames, &parts)?);
        records::write_rows(dir, arguments.files.format, &facts)?;
    }
    let shown: Vec<Part> = parts.iter().map(shown).collect();
    show::tell(&shown, &notes, &arguments.files, output)
}

fn shown(part: &table::Part) -> Part {
    Part::new(part.title.clone(), part.told.iter().map(|told| told.figure.clone()).collect())
}

/// What a reader has to know about all tables.
fn notes(facts: &Facts) -> Vec<String> {
    let mut notes = Vec::new();
    let unknown = facts.rows.iter().filter(|row| row.invoiced_in == comity_stats::pay::facts::NONE).count();
    notes.push(format!(
        "{} payments recorded; of {unknown} the message states no instructed currency of the arrangement, which is a row of its own",
        facts.rows.len()
    ));
    if let Some(unit) = &facts.unit {
        notes.push(format!("Values are added in {} at rates both authorities approved:", unit.code));
        notes.extend(facts.unit_notes.iter().map(|note| format!("  {note}")));
    }
    if facts.sources.len() > 1 {
        notes.push("Record numbers run on over the journals, in the order given.".into());
    }
    notes
}
