//! A CSV file as rows of text with line numbers, and its revision: the hash of its bytes.
//!
//! Absent on purpose: what columns mean.

use std::path::Path;

use csv::StringRecord;

use crate::exit::{Exit, Failure};
use crate::output::hex;

/// Most bytes of a file.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Most rows of a file.
const ROW_COUNT_MAX: usize = 10_000_000;
/// Most decimals of a number.
const DECIMALS_MAX: usize = 6;

/// A file that was read.
pub(super) struct Sheet {
    /// The file's name.
    pub(super) name: String,
    /// The first 16 digits of its BLAKE3 hash.
    pub(super) revision: String,
    header: Vec<String>,
    rows: Vec<(u64, StringRecord)>,
}

/// A row of a sheet.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    sheet: &'a Sheet,
    /// Its line in the file.
    pub(super) line: u64,
    record: &'a StringRecord,
}

impl Sheet {
    /// Reads a file with a heading line.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let usage = |error: std::io::Error| Failure::new(Exit::Usage, format!("{name}: {error}"));
        let size = std::fs::metadata(path).map_err(usage)?.len();
        if size > FILE_BYTES_MAX {
            return Err(Failure::refused(format!("{name}: {size} bytes exceed the limit of {FILE_BYTES_MAX}")));
        }
        let bytes = std::fs::read(path).map_err(usage)?;
        let revision = hex(blake3::hash(&bytes).as_bytes())[..16].to_owned();
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let refused = |error: csv::Error| Failure::refused(format!("{name}: {error}"));
        let header = reader.headers().map_err(refused)?.iter().map(str::to_lowercase).collect();
        let header = crate::heading::names(&name, &header)?;
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(refused)?;
            if rows.len() == ROW_COUNT_MAX {
                return Err(Failure::refused(format!("{name}: more rows than the limit of {ROW_COUNT_MAX}")));
            }
            rows.push((row.position().map_or(0, csv::Position::line), row));
        }
        if rows.is_empty() {
            return Err(Failure::refused(format!("{name}: no rows")));
        }
        Ok(Self { name, revision, header, rows })
    }

    /// The place of the first of some names that the heading has.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.header.iter().position(|column| column == name))
    }

    /// The same, refused when there is none.
    pub(super) fn need(&self, names: &[&str]) -> Result<usize, Failure> {
        let missing = || Failure::refused(format!("{}: no column {}", self.name, names.join(" or ")));
        self.column(names).ok_or_else(missing)
    }

    /// The name of a column.
    pub(super) fn heading(&self, column: usize) -> &str {
        &self.header[column]
    }

    /// Every row.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(line, record)| Line { sheet: self, line: *line, record })
    }

    /// The most decimals any number of some columns has.
    pub(super) fn decimals(&self, columns: &[usize]) -> Result<u8, Failure> {
        let mut most = 0;
        for line in self.lines() {
            for column in columns {
                let decimals = line.cell(*column).split_once('.').map_or(0, |(_, decimals)| decimals.len());
                if decimals > DECIMALS_MAX {
                    return Err(line.wrong(*column, &format!("has more than {DECIMALS_MAX} decimals")));
                }
                most = most.max(decimals);
            }
        }
        Ok(u8::try_from(most).unwrap_or(u8::MAX))
    }
}

impl<'a> Line<'a> {
    /// The text of a cell, without spaces around it.
    pub(super) fn cell(&self, column: usize) -> &'a str {
        self.record.get(column).unwrap_or("").trim()
    }

    /// The text of a cell that must not be empty.
    pub(super) fn text(&self, column: usize) -> Result<&'a str, Failure> {
        match self.cell(column) {
            "" => Err(self.wrong(column, "is empty")),
            text => Ok(text),
        }
    }

    /// A number from zero with up to so many decimals, in units of the last of them; none where the cell is empty.
    pub(super) fn number(&self, column: usize, decimals: u8) -> Result<Option<i64>, Failure> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || self.wrong(column, &format!("is no number from 0 with up to {decimals} decimals"));
        minor(text, usize::from(decimals)).map(Some).ok_or_else(wrong)
    }

    /// A mistake in a cell: file, line, column, text.
    pub(super) fn wrong(&self, column: usize, what: &str) -> Failure {
        let heading = self.sheet.heading(column);
        Failure::refused(format!("{}:{}: {heading} {:?} {what}", self.sheet.name, self.line, self.cell(column)))
    }

    /// A mistake of the row.
    pub(super) fn refuse(&self, what: &str) -> Failure {
        Failure::refused(format!("{}:{}: {what}", self.sheet.name, self.line))
    }
}

/// `12.5` with three decimals as 12,500.
pub(super) fn minor(text: &str, places: usize) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > places || !digits(whole) || !digits(decimals) {
        return None;
    }
    format!("{whole}{decimals:0<places$}").parse().ok()
}

/// Names in the order they came, with numbers.
#[derive(Default)]
pub(super) struct Names {
    names: Vec<String>,
    places: std::collections::HashMap<String, usize>,
}

impl Names {
    /// The number of a name, a new one if it has none.
    pub(super) fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// All names.
    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }
}

/// Distinct values of a column, in order of time: ISO dates, years and numbers sort as they are written.
pub(super) fn periods(sheet: &Sheet, column: usize) -> Result<Vec<String>, Failure> {
    let mut periods = std::collections::BTreeSet::new();
    for line in sheet.lines() {
        periods.insert(line.text(column)?.to_owned());
    }
    Ok(periods.into_iter().collect())
}

/// The unit of a column of values, by its name: `usd_million_fob` is USD million.
pub(super) fn unit(heading: &str) -> String {
    let mut words = heading.split('_');
    match (words.next(), words.next()) {
        (Some(currency), Some(size @ ("million" | "thousand" | "billion"))) if currency.len() == 3 => {
            format!("{} {size}", currency.to_uppercase())
        }
        _ => "units of the file".into(),
    }
}

/// Which of some periods are asked: one, `2015..2019`, or `all`.
pub(super) fn chosen(asked: Option<&str>, periods: &[String], usual_all: bool) -> Result<Vec<usize>, Failure> {
    let last = periods.len() - 1;
    let place = |name: &str| {
        let unknown = || {
            let message =
                format!("--period {name:?} is not in the table, which has {} to {}", periods[0], periods[last]);
            Failure::new(Exit::Usage, message)
        };
        periods.iter().position(|period| period == name.trim()).ok_or_else(unknown)
    };
    match asked {
        None if usual_all => Ok((0..=last).collect()),
        None => Ok(vec![last]),
        Some("all") => Ok((0..=last).collect()),
        Some(asked) => match asked.split_once("..") {
            None => Ok(vec![place(asked)?]),
            Some((from, to)) => {
                let (from, to) = (place(from)?, place(to)?);
                if from > to {
                    return Err(Failure::new(Exit::Usage, format!("--period {asked:?} ends before it begins")));
                }
                Ok((from..=to).collect())
            }
        },
    }
}
