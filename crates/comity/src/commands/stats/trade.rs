//! `comity stats trade`: shares, imbalances, growth and concentration of trade.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use comity_stats::figure::Source;
use comity_stats::trade::sums::{By, Partners, Question, Sums, fold, sums};
use comity_stats::trade::table::{Row, Table};
use comity_stats::trade::tell::{Told, tell};

use super::picture;
use super::sheet::{Names, Sheet, chosen, periods, unit};
use super::show::{self, Files, Part};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Names of columns with values.
pub(super) const VALUES: [&str; 8] =
    ["amount", "value", "usd_million_fob", "usd_million", "usd_thousand", "usd_billion", "usd", "trade_value"];

/// Who trades how much with whom, in what, and how even that is.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity stats trade --data trade.csv --by member --group EAEU5\n  \
    comity stats trade --data trade.csv --by partner --group KAZ --partners outside --period 2019 --top 8\n  \
    comity stats trade --data products.csv --by section --pool --picture sections.svg\n  \
    comity stats trade --data products.csv --by pair --group EAEU5 --without-energy\n  \
    comity stats trade --data reports.csv --reporter CHN --by partner\n\n\
    Columns: a period (period, year, month or date), exporter, importer, a value (amount, value, or a name such as\n\
    usd_million_fob), and for sections and energy hs2. Or a table of reports: reporter, partner, flow (X or M), value.")]
pub(crate) struct Arguments {
    /// The table of trade, a CSV file.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// What to add up by.
    #[arg(long, value_enum, default_value_t = Dimension::Year)]
    by: Dimension,
    /// A named group (comity union list), or codes separated by commas.
    #[arg(long)]
    group: Option<String>,
    /// Which trade of the group [default: inside; of a single country: outside].
    #[arg(long, value_enum, requires = "group")]
    partners: Option<Side>,
    /// Leave out chapter 27 of the Harmonized System.
    #[arg(long)]
    without_energy: bool,
    /// One period, FROM..TO, or all [default: all by year, else the last].
    #[arg(long, value_name = "PERIOD", conflicts_with = "pool")]
    period: Option<String>,
    /// Take all periods as one: for a table that has another year for each reporter.
    #[arg(long)]
    pool: bool,
    /// Tell the greatest parts, and the rest as others.
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// CSV `country,region`, instead of the regions of the United Nations.
    #[arg(long, value_name = "FILE")]
    regions: Option<PathBuf>,
    /// Whose reports to take from a table of reports.
    #[arg(long, value_name = "CODE")]
    reporter: Option<String>,
    /// The unit of values [default: by the column's name].
    #[arg(long)]
    unit: Option<String>,
    /// Also draw the shares, or with --by member or pair the balances, an SVG file.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dimension {
    /// Each member's exports, imports and balance.
    Member,
    /// Each member with each partner.
    Partner,
    /// Two countries, both directions.
    Pair,
    /// The region of the partner.
    Region,
    /// Sections of the Harmonized System.
    Section,
    /// Chapters of the Harmonized System.
    Chapter,
    /// Periods alone, years or months as the table has them.
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Side {
    /// With other members.
    Inside,
    /// With everybody else.
    Outside,
    /// With all.
    All,
}

impl Dimension {
    fn by(self) -> By {
        match self {
            Self::Member => By::Member,
            Self::Partner => By::Partner,
            Self::Pair => By::Pair,
            Self::Region => By::Region,
            Self::Section => By::Section,
            Self::Chapter => By::Chapter,
            Self::Year => By::Period,
        }
    }
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let (table, itself) = read(arguments)?;
    let question = question(arguments, &table)?;
    let counted = sums(&table, &question).map_err(|refusal| refused(&arguments.data, &refusal.to_string()))?;
    let wanted = chosen(arguments.period.as_deref(), &counted.periods, arguments.by == Dimension::Year)?;
    if wanted.iter().all(|period| counted.of[*period].is_empty()) {
        return Err(refused(&arguments.data, "no trade that was asked for in these periods"));
    }
    let last = wanted.last().copied().unwrap_or(0);
    let whole = tell(&counted, &wanted, table.decimals, &table.source);
    let (shown, kept): (Told, Sums) = match arguments.top {
        None => (whole.clone(), counted),
        Some(top) => {
            let folded = fold(counted, top, last);
            (tell(&folded, &wanted, table.decimals, &table.source), folded)
        }
    };
    if let Some(path) = &arguments.picture {
        picture::trade(path, &title(arguments), &kept, &wanted, table.decimals, &table.source.unit)?;
    }
    let parts = [
        Part::new(format!("{}, amounts in {}", title(arguments), table.source.unit), shown.parts),
        Part::new("Concentration of shares in turnover".to_owned(), whole.concentration),
    ];
    let mut notes = Vec::new();
    if matches!(arguments.by, Dimension::Partner | Dimension::Region | Dimension::Member) {
        notes.push("A flow between two of those counted is an export of one and an import of the other.".to_owned());
    }
    if itself > 0 {
        notes.push(format!("{itself} rows of the reporter with itself (goods that came back) are left out."));
    }
    if arguments.pool {
        notes.push(format!("All periods as one, {}; not every reporter need have the same.", kept.periods[0]));
    }
    show::tell(&parts, &notes, &arguments.files, output)
}

/// What is shown, as a heading.
fn title(arguments: &Arguments) -> String {
    let by = match arguments.by {
        Dimension::Member => "by member",
        Dimension::Partner => "by partner",
        Dimension::Pair => "by pair",
        Dimension::Region => "by region of the partner",
        Dimension::Section => "by section of the Harmonized System",
        Dimension::Chapter => "by chapter of the Harmonized System",
        Dimension::Year => "by period",
    };
    let mut title = format!("Trade {by}");
    if let Some(group) = arguments.group.as_ref().or(arguments.reporter.as_ref()) {
        title.push_str(&format!(", {group}"));
        title.push_str(match side(arguments) {
            Partners::Inside => " inside",
            Partners::Outside => " with others",
            Partners::All => " with all",
        });
    }
    if arguments.without_energy {
        title.push_str(", without energy");
    }
    title
}

fn side(arguments: &Arguments) -> Partners {
    let single = arguments.group.as_ref().is_some_and(|group| crate::trade::members(group).is_err());
    match arguments.partners {
        Some(Side::Inside) => Partners::Inside,
        Some(Side::Outside) => Partners::Outside,
        Some(Side::All) => Partners::All,
        None if arguments.reporter.is_some() => Partners::All,
        None if single => Partners::Outside,
        None if arguments.group.is_some() => Partners::Inside,
        None => Partners::All,
    }
}

fn question(arguments: &Arguments, table: &Table) -> Result<Question, Failure> {
    let members = match (&arguments.reporter, &arguments.group) {
        (Some(_), Some(_)) => {
            return Err(Failure::new(
                Exit::Usage,
                "--reporter and --group exclude each other: reports are of one side",
            ));
        }
        (Some(code), None) => Some(BTreeSet::from([code.trim().to_uppercase()])),
        (None, Some(group)) => Some(members(group)?.into_iter().collect::<BTreeSet<String>>()),
        (None, None) => None,
    };
    for code in members.iter().flatten() {
        if !table.codes.contains(code) {
            return Err(refused(&arguments.data, &format!("no trade of {code}")));
        }
    }
    let regions = arguments.regions.as_deref().map(regions).transpose()?;
    let (first, last) = (&table.periods[0], &table.periods[table.periods.len() - 1]);
    let span = if first == last { first.clone() } else { format!("{first} to {last}") };
    Ok(Question {
        by: arguments.by.by(),
        members,
        partners: side(arguments),
        without_energy: arguments.without_energy,
        pooled: arguments.pool.then_some(span),
        regions,
    })
}

/// The members of a group, or a single country.
pub(super) fn members(group: &str) -> Result<Vec<String>, Failure> {
    let code = group.trim();
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(vec![code.to_uppercase()]);
    }
    crate::trade::members(group)
}

fn regions(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let sheet = Sheet::read(path)?;
    let (country, region) = (sheet.need(&["country", "code"])?, sheet.need(&["region"])?);
    let mut regions = BTreeMap::new();
    for line in sheet.lines() {
        if regions.insert(line.text(country)?.to_uppercase(), line.text(region)?.to_owned()).is_some() {
            return Err(line.wrong(country, "was given before"));
        }
    }
    Ok(regions)
}

/// The table, and how many rows of a reporter with itself were left out.
fn read(arguments: &Arguments) -> Result<(Table, usize), Failure> {
    let sheet = Sheet::read(&arguments.data)?;
    let period = sheet.need(&["period", "year", "month", "date"])?;
    let value = sheet.need(&VALUES)?;
    let chapter = sheet.column(&["hs2", "chapter"]);
    let reports = match (&arguments.reporter, sheet.column(&["reporter"])) {
        (Some(code), Some(reporter)) => {
            Some((code.trim().to_uppercase(), reporter, sheet.need(&["partner"])?, sheet.need(&["flow"])?))
        }
        (Some(_), None) => return Err(Failure::refused(format!("{}: no column reporter", sheet.name))),
        (None, Some(_)) if sheet.column(&["exporter"]).is_none() => {
            let message = "is a table of reports, two for each flow: choose one side with --reporter, or reconcile both \
                with comity stats mirror";
            return Err(refused(&arguments.data, message));
        }
        (None, Some(_) | None) => None,
    };
    let sides = match reports {
        Some(_) => None,
        None => Some((sheet.need(&["exporter"])?, sheet.need(&["importer"])?)),
    };
    let periods = periods(&sheet, period)?;
    let decimals = sheet.decimals(&[value])?;
    let mut names = Names::default();
    let mut rows = Vec::new();
    let mut itself = 0;
    for line in sheet.lines() {
        let (exporter, importer) = match (&reports, sides) {
            (Some((code, reporter, partner, flow)), _) => {
                if line.cell(*reporter) != code {
                    continue;
                }
                let partner = line.text(*partner)?;
                if partner == code {
                    // Goods that came back: no trade with anybody.
                    itself += 1;
                    continue;
                }
                match line.cell(*flow) {
                    "X" => (code.as_str(), partner),
                    "M" => (partner, code.as_str()),
                    _ => return Err(line.wrong(*flow, "is neither X nor M")),
                }
            }
            (None, Some((exporter, importer))) => (line.text(exporter)?, line.text(importer)?),
            (None, None) => unreachable!("a table has reporters or exporters"),
        };
        let amount = line.number(value, decimals)?.ok_or_else(|| line.wrong(value, "is empty"))?;
        let chapter = match chapter {
            None => None,
            Some(column) => {
                let number: u8 =
                    line.text(column)?.parse().map_err(|_| line.wrong(column, "is no chapter from 01 to 99"))?;
                if !(1..=99).contains(&number) {
                    return Err(line.wrong(column, "is no chapter from 01 to 99"));
                }
                Some(number)
            }
        };
        let at = periods.binary_search_by(|name| name.as_str().cmp(line.cell(period))).unwrap_or(0);
        let (exporter, importer) = (names.place(exporter), names.place(importer));
        if exporter == importer {
            return Err(line.refuse("exporter and importer are the same"));
        }
        rows.push(Row { period: at, exporter, importer, chapter, value: amount, row: line.line });
    }
    if rows.is_empty() {
        return Err(refused(&arguments.data, "no reports of this reporter"));
    }
    let unit = arguments.unit.clone().unwrap_or_else(|| unit(sheet.heading(value)));
    let source = Source::new(&sheet.name, &sheet.revision, unit).shared();
    Ok((Table { periods, codes: names.into_names(), rows, decimals, source }, itself))
}

fn refused(path: &Path, what: &str) -> Failure {
    Failure::refused(format!("{}: {what}", path.display()))
}
