//! `comity stats mirror`: two reports of the same trade, how far they agree, and one value of both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use comity_stats::figure::Source;
use comity_stats::mirror::reconcile::{Factor, Method, REPORT_MAX};
use comity_stats::mirror::tell::{Report, every, reconciled, reporters, spread, worst};

use super::picture;
use super::sheet::{Line, Sheet, chosen, minor, periods, unit};
use super::show::{Files, Part, tell};
use super::trade::{VALUES, members};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Where two sides report the same trade: how far they agree, and one value of both.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity stats mirror --data reports.csv\n  \
    comity stats mirror --data trade.csv --group EAEU5 --period 2019 --floor 50 --picture mirror.svg\n  \
    comity stats mirror --data reports.csv --method importer --factor 1.1 --out tables --format parquet\n\n\
    Columns: a period, and either reporter, partner, flow (X exports, M imports) and a value; or exporter, importer,\n\
    export_report and import_report_cif. Exports are free on board, imports with cost, insurance and freight. A table of\n\
    factors has the columns exporter, importer, factor. With --out, every flow is written.")]
pub(crate) struct Arguments {
    /// The table of reports, a CSV file.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Only flows between members: a named group, or codes separated by commas.
    #[arg(long)]
    group: Option<String>,
    /// One period, FROM..TO, or all.
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Imports over exports to be expected from freight and insurance.
    #[arg(long, default_value = "1.06", allow_hyphen_values = true)]
    factor: String,
    /// Factors of single pairs, a CSV file.
    #[arg(long, value_name = "FILE")]
    factors: Option<PathBuf>,
    /// How two reports become one value.
    #[arg(long, value_enum, default_value_t = Asked::Geometric)]
    method: Asked,
    /// Compare only flows of which the exporter says at least so much, in the unit of the table; small flows scatter most.
    #[arg(long, value_name = "AMOUNT")]
    floor: Option<String>,
    /// How many of the flows that differ most to tell.
    #[arg(long, default_value_t = 10)]
    top: usize,
    /// The unit of values [default: by the column's name].
    #[arg(long)]
    unit: Option<String>,
    /// Also draw exports against imports, an SVG file.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Asked {
    /// Root of export x import without freight.
    Geometric,
    /// Mean of export and import without freight.
    Mean,
    /// The exporter's.
    Exporter,
    /// The importer's, without freight.
    Importer,
    /// The greater of both.
    Greater,
}

impl Asked {
    fn method(self) -> Method {
        match self {
            Self::Geometric => Method::Geometric,
            Self::Mean => Method::Mean,
            Self::Exporter => Method::Exporter,
            Self::Importer => Method::Importer,
            Self::Greater => Method::Greater,
        }
    }
}

type Pair = (String, String);

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let factor = |text: &str| Factor::parse(text).map_err(|refused| refused.to_string());
    let usual =
        factor(&arguments.factor).map_err(|refused| Failure::new(Exit::Usage, format!("--factor {refused}")))?;
    let own = arguments.factors.as_deref().map(factors).transpose()?.unwrap_or_default();
    let Reports { reports, decimals, source, itself } = read(arguments, usual, &own)?;
    let method = arguments.method.method();
    let floor = match arguments.floor.as_deref() {
        None => 0,
        Some(text) => minor(text, usize::from(decimals)).ok_or_else(|| {
            Failure::new(Exit::Usage, format!("--floor {text:?} is no number from 0 with up to {decimals} decimals"))
        })?,
    };
    let compared: Vec<Report> = reports.iter().filter(|report| report.export.unwrap_or(0) >= floor).cloned().collect();
    if let Some(path) = &arguments.picture {
        let title = match &arguments.group {
            Some(group) => format!("What two sides report of the same trade, {group}"),
            None => "What two sides report of the same trade".to_owned(),
        };
        picture::mirror(path, &title, &source.unit, decimals, &compared, usual)?;
    }
    let of = format!("amounts in {}", source.unit);
    let mut parts = vec![
        Part::new("Import over export, where both sides reported", spread(&compared, &source)),
        Part::new(
            format!("Reconciled by {}, by whose value it is, {of}", method.word()),
            reconciled(&reports, method, decimals, &source),
        ),
        Part::new("Median ratio by reporter", reporters(&compared, &source)),
        Part::new(format!("Furthest apart, {of}"), worst(&reports, arguments.top, method, decimals, &source)),
    ];
    if arguments.files.out.is_some() {
        parts.push(Part::for_files("Every flow", every(&reports, method, decimals, &source)));
    }
    let mut notes = vec![format!("Freight and insurance: imports are expected at {usual} times exports.")];
    if itself > 0 {
        notes.push(format!("{itself} rows of a reporter with itself (goods that came back) are left out."));
    }
    if let Some(floor) = &arguments.floor {
        notes.push(format!("Compared are flows of which the exporter says at least {floor}; reconciled are all."));
    }
    if !own.is_empty() {
        notes.push(format!("{} pairs have a factor of their own.", own.len()));
    }
    tell(&parts, &notes, &arguments.files, output)
}

fn factors(path: &Path) -> Result<BTreeMap<Pair, Factor>, Failure> {
    let sheet = Sheet::read(path)?;
    let (exporter, importer) = (sheet.need(&["exporter"])?, sheet.need(&["importer"])?);
    let factor = sheet.need(&["factor"])?;
    let mut factors = BTreeMap::new();
    for line in sheet.lines() {
        let pair = (line.text(exporter)?.to_owned(), line.text(importer)?.to_owned());
        let own = Factor::parse(line.text(factor)?)
            .map_err(|_| line.wrong(factor, "is no factor from 0.5 to 2 with up to 4 decimals, such as 1.06"))?;
        if factors.insert(pair, own).is_some() {
            return Err(line.refuse("the pair was given before"));
        }
    }
    Ok(factors)
}

/// What was read.
struct Reports {
    reports: Vec<Report>,
    decimals: u8,
    source: Arc<Source>,
    /// Rows of a reporter with itself, which were left out.
    itself: usize,
}

/// A flow while its two reports are gathered: export, import, rows.
type Gathered = (Option<i64>, Option<i64>, Vec<u64>);

fn read(arguments: &Arguments, usual: Factor, own: &BTreeMap<Pair, Factor>) -> Result<Reports, Failure> {
    let sheet = Sheet::read(&arguments.data)?;
    let period = sheet.need(&["period", "year", "month", "date"])?;
    let all = periods(&sheet, period)?;
    let wanted: Vec<&String> =
        chosen(arguments.period.as_deref(), &all, true)?.into_iter().map(|at| &all[at]).collect();
    let members = arguments.group.as_deref().map(members).transpose()?;
    let inside = |code: &str| members.as_ref().is_none_or(|members| members.iter().any(|member| member == code));
    let mut flows: BTreeMap<(String, String, String), Gathered> = BTreeMap::new();
    let mut put = |line: Line, [exporter, importer]: [&str; 2], export: Option<i64>, import: Option<i64>| {
        let of = line.text(period)?;
        if exporter == importer {
            return Err(line.refuse("exporter and importer are the same"));
        }
        if let Some(value) = [export, import].into_iter().flatten().find(|value| *value > REPORT_MAX) {
            return Err(line.refuse(&format!("value of {value} minor units exceeds the limit of {REPORT_MAX}")));
        }
        if !wanted.iter().any(|period| period.as_str() == of) || !inside(exporter) || !inside(importer) {
            return Ok(());
        }
        let flow = flows.entry((of.to_owned(), exporter.to_owned(), importer.to_owned())).or_default();
        for (held, new) in [(&mut flow.0, export), (&mut flow.1, import)] {
            if held.is_some() && new.is_some() {
                return Err(line.refuse(&format!("{exporter} to {importer} in {of} was reported by this side before")));
            }
            *held = held.or(new);
        }
        flow.2.push(line.line);
        Ok(())
    };
    let mut itself = 0;
    let (decimals, value) = match sheet.column(&["reporter"]) {
        Some(reporter) => {
            let (partner, flow, value) = (sheet.need(&["partner"])?, sheet.need(&["flow"])?, sheet.need(&VALUES)?);
            let decimals = sheet.decimals(&[value])?;
            for line in sheet.lines() {
                let (own, other) = (line.text(reporter)?, line.text(partner)?);
                if own == other {
                    // Goods that came back; there is no other side to compare with.
                    itself += 1;
                    continue;
                }
                let amount = line.number(value, decimals)?;
                match line.cell(flow) {
                    "X" => put(line, [own, other], amount, None)?,
                    "M" => put(line, [other, own], None, amount)?,
                    _ => return Err(line.wrong(flow, "is neither X nor M")),
                }
            }
            (decimals, value)
        }
        None => {
            let (exporter, importer) = (sheet.need(&["exporter"])?, sheet.need(&["importer"])?);
            let export = sheet.need(&["export_report", "export", "export_fob"])?;
            let import = sheet.need(&["import_report_cif", "import", "import_cif"])?;
            let decimals = sheet.decimals(&[export, import])?;
            for line in sheet.lines() {
                let sides = [line.text(exporter)?, line.text(importer)?];
                put(line, sides, line.number(export, decimals)?, line.number(import, decimals)?)?;
            }
            // The unit is told by the column of the reconciled value, where there is one.
            (decimals, sheet.column(&VALUES).unwrap_or(export))
        }
    };
    let unit = arguments.unit.clone().unwrap_or_else(|| unit(sheet.heading(value)));
    let reports: Vec<Report> = flows
        .into_iter()
        .map(|((period, exporter, importer), (export, import, rows))| {
            let factor = own.get(&(exporter.clone(), importer.clone())).copied().unwrap_or(usual);
            Report { period, exporter, importer, export, import, factor, rows }
        })
        .collect();
    if reports.is_empty() {
        return Err(Failure::refused(format!("{}: no flow that was asked for", sheet.name)));
    }
    let source = Source::new(&sheet.name, &sheet.revision, unit).shared();
    Ok(Reports { reports, decimals, source, itself })
}
