//! `comity stats currencies`: published shares of currencies, side by side and never joined.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use comity_stats::currency::{Point, tell};
use comity_stats::figure::Source;

use super::picture;
use super::sheet::Sheet;
use super::show::{self, Files, Part};
use crate::exit::Failure;
use crate::output::Output;

/// Shares of currencies in settlement, as dated points that others have published.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity stats currencies --data shares.csv\n  \
    comity stats currencies --data shares.csv --area \"A and B\" --flow exports --picture shares.svg\n\n\
    Columns: period, area, flow, currency, share_pct, and optionally source. A period is text that sorts by time, such as\n\
    2023 or 2023-06. Points of different areas or flows are not joined: their methods differ.")]
pub(crate) struct Arguments {
    /// The table of shares, a CSV file.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Only this area.
    #[arg(long)]
    area: Option<String>,
    /// Only this flow.
    #[arg(long)]
    flow: Option<String>,
    /// Also draw the shares of one area and flow, an SVG file.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

/// A hundred percent, in ten-thousandths of one.
const WHOLE: i64 = 1_000_000;

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let sheet = Sheet::read(&arguments.data)?;
    let [period, area, flow, currency, share] =
        ["period", "area", "flow", "currency", "share_pct"].map(|name| sheet.need(&[name]));
    let (period, area, flow, currency, share) = (period?, area?, flow?, currency?, share?);
    let wanted =
        |asked: &Option<String>, text: &str| asked.as_ref().is_none_or(|asked| asked.eq_ignore_ascii_case(text));
    let mut points = Vec::new();
    let mut seen = BTreeSet::new();
    for line in sheet.lines() {
        let texts = [line.text(area)?, line.text(flow)?, line.text(currency)?, line.text(period)?];
        let value = line.number(share, 4)?.ok_or_else(|| line.wrong(share, "is empty"))?;
        if value > WHOLE {
            return Err(line.wrong(share, "is more than 100 percent"));
        }
        if !seen.insert(texts) {
            return Err(line.refuse("the same area, flow, currency and period were given before"));
        }
        if wanted(&arguments.area, texts[0]) && wanted(&arguments.flow, texts[1]) {
            let [area, flow, currency, period] = texts.map(String::from);
            points.push(Point { area, flow, currency, period, share: value, row: line.line });
        }
    }
    let lines: BTreeSet<(&str, &str)> = points.iter().map(|point| (point.area.as_str(), point.flow.as_str())).collect();
    if lines.is_empty() {
        return Err(Failure::refused(format!("{}: no share of this area and flow", sheet.name)));
    }
    if let Some(path) = &arguments.picture {
        let [(area, flow)] = lines.iter().collect::<Vec<_>>()[..] else {
            let known: Vec<String> = lines.iter().map(|(area, flow)| format!("{area}, {flow}")).collect();
            let message = format!("{}: a picture has one area and flow; there are {}", sheet.name, known.join("; "));
            return Err(Failure::refused(message));
        };
        let mut columns: BTreeMap<&str, Vec<(&str, i64)>> = BTreeMap::new();
        for point in &points {
            columns.entry(&point.period).or_default().push((&point.currency, point.share));
        }
        let told = |shares: &[(&str, i64)]| shares.iter().map(|(_, share)| share).sum::<i64>();
        if let Some((period, shares)) = columns.iter().find(|(_, shares)| told(shares) > WHOLE) {
            let names: Vec<&str> = shares.iter().map(|(name, _)| *name).collect();
            let message = format!(
                "{}: shares of {} in {period} overlap, together they are above 100 percent",
                sheet.name,
                names.join(", ")
            );
            return Err(Failure::refused(message));
        }
        picture::currencies(path, &format!("Currencies: {area}, {flow}"), columns)?;
    }
    let source = Source::new(&sheet.name, &sheet.revision, "").shared();
    let parts = [Part::new("Shares of currencies, as published", tell(&points, &source))];
    let notes = ["Areas, flows and methods differ: compare within one area and flow only.".to_owned()];
    show::tell(&parts, &notes, &arguments.files, output)
}
