//! Interest rates and exchange rates of a run, from files.
//!
//! Absent on purpose: rates of our own. What no file and no rule set gives is said to be missing, and nothing is computed with it.

use std::collections::BTreeMap;
use std::path::Path;

use comity_union::dates::{Day, day};
use comity_union::{Rate, Ratio, Share};

use crate::exit::{Exit, Failure};
use crate::trade::percent;

/// Most rows of a file.
const ROW_COUNT_MAX: usize = 100_000;

/// What debtors and creditors pay and receive from a day on.
pub(super) type Interest = BTreeMap<Day, (Rate, Rate)>;

/// `--interest`.
pub(super) fn flat(text: &str) -> Result<Rate, Failure> {
    let wrong = || Failure::new(Exit::Usage, format!("--interest {text:?} is no rate from 0% to 400%, such as 3%"));
    yearly(text).ok_or_else(wrong)
}

/// A rate in percent, with up to four decimals.
fn yearly(text: &str) -> Option<Rate> {
    // Millionths as billionths.
    let billionths = percent(text)?.checked_mul(1000)?;
    Rate::new("rate", billionths).ok().filter(|rate| rate.billionths() <= 4 * Rate::SCALE)
}

/// `--rates`: month, debtor, creditor.
pub(super) fn interest(path: &Path) -> Result<Interest, Failure> {
    let mut rates = Interest::new();
    rows(path, &["month", "debtor", "creditor"], |wrong, cells| {
        let from =
            first_of(cells[0]).ok_or_else(|| wrong(format!("month {:?} is no month such as 2010-01", cells[0])))?;
        let rate = |name: &str, text: &str| {
            let expected = format!("{name} {text:?} is no rate from 0 to 400 percent, such as 2.25");
            yearly(text).ok_or_else(|| wrong(expected))
        };
        let both = (rate("debtor", cells[1])?, rate("creditor", cells[2])?);
        if rates.insert(from, both).is_some() {
            return Err(wrong(format!("month {} was given before", cells[0])));
        }
        Ok(())
    })?;
    Ok(rates)
}

/// What a currency was worth, by day.
pub(super) struct Exchange {
    shown: String,
    /// By day, in the order of `codes`.
    days: BTreeMap<Day, Vec<Option<Ratio>>>,
}

impl Exchange {
    /// Reads the columns of `codes`; the measure itself is worth one.
    pub(super) fn read(path: &Path, codes: &[String], measure: &str) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let mut days = BTreeMap::new();
        let columns: Vec<&str> =
            std::iter::once("date").chain(codes.iter().map(String::as_str).filter(|code| *code != measure)).collect();
        rows(path, &columns, |wrong, cells| {
            let text = cells[0];
            let of = parse_day(text).ok_or_else(|| wrong(format!("date {text:?} is no date such as 2010-01-31")))?;
            let mut at = 1;
            let mut worth = Vec::with_capacity(codes.len());
            for code in codes {
                if code == measure {
                    worth.push(Some(Ratio::ONE));
                    continue;
                }
                let cell = cells[at];
                at += 1;
                worth.push(if cell.is_empty() {
                    None
                } else {
                    let rate = decimal(cell).filter(|rate| *rate > Ratio::ZERO);
                    Some(
                        rate.ok_or_else(|| wrong(format!("{code} {cell:?} is no rate above 0 with up to 9 decimals")))?,
                    )
                });
            }
            if days.insert(of, worth).is_some() {
                return Err(wrong(format!("date {text} was given before")));
            }
            Ok(())
        })?;
        Ok(Self { shown, days })
    }

    /// What currency `code` (an index) was worth on `day`: the last rate not after it.
    pub(super) fn worth(&self, code: usize, name: &str, day: Day) -> Result<Ratio, Failure> {
        let found = self.days.range(..=day).rev().find_map(|(_, worth)| worth.get(code).copied().flatten());
        found.ok_or_else(|| Failure::refused(format!("{}: no rate of {name} on or before {}", self.shown, told(day))))
    }
}

/// `--unit`: codes and weights that sum to one.
pub(super) fn basket(text: &str) -> Result<Vec<(String, Share)>, Failure> {
    let wrong = |what: String| Failure::new(Exit::Usage, format!("--unit: {what}"));
    let mut parts: Vec<(String, Share)> = Vec::new();
    for part in text.split(',') {
        let (code, weight) =
            part.split_once('=').ok_or_else(|| wrong(format!("{part:?} is no weight such as CNY=40%")))?;
        let share = percent(weight).and_then(|weight| Share::new("weight", weight).ok()).filter(|w| *w > Share::ZERO);
        let share = share.ok_or_else(|| wrong(format!("{weight:?} is no weight above 0%, at most 100%")))?;
        let code = code.trim().to_uppercase();
        if parts.iter().any(|(known, _)| *known == code) {
            return Err(wrong(format!("{code} is named twice")));
        }
        parts.push((code, share));
    }
    Ok(parts)
}

/// Reads `columns` of every row.
fn rows(
    path: &Path,
    columns: &[&str],
    mut take: impl FnMut(&dyn Fn(String) -> Failure, &[&str]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let shown = path.display();
    let mut reader =
        csv::Reader::from_path(path).map_err(|error| Failure::new(Exit::Usage, format!("{shown}: {error}")))?;
    let header = reader.headers().map_err(|error| Failure::refused(format!("{shown}: {error}")))?;
    let header = crate::heading::names(&shown.to_string(), header)?;
    let place = |column: &&str| {
        let found = header.iter().position(|name| name == column);
        found.ok_or_else(|| Failure::refused(format!("{shown}: no column {column}")))
    };
    let places: Vec<usize> = columns.iter().map(place).collect::<Result<_, _>>()?;
    for (count, row) in reader.records().enumerate() {
        let row = row.map_err(|error| Failure::refused(format!("{shown}: {error}")))?;
        if count >= ROW_COUNT_MAX {
            return Err(Failure::refused(format!("{shown}: more rows than the limit of {ROW_COUNT_MAX}")));
        }
        let line = row.position().map_or(0, csv::Position::line);
        let cells: Vec<&str> = places.iter().map(|place| row.get(*place).unwrap_or("").trim()).collect();
        take(&|what| Failure::refused(format!("{shown}:{line}: {what}")), &cells)?;
    }
    Ok(())
}

fn first_of(month: &str) -> Option<Day> {
    let (year, month) = month.split_once('-')?;
    day(year.parse().ok()?, month.parse().ok()?, 1)
}

fn parse_day(text: &str) -> Option<Day> {
    let mut parts = text.split('-').map(|part| part.parse::<i32>().ok());
    let found = day(parts.next()??, parts.next()??, parts.next()??);
    found.filter(|_| parts.next().is_none())
}

/// A day as text.
fn told(of: Day) -> String {
    // The year by its length, then the month by trying.
    let year = (1..=9999).rev().find(|year| day(*year, 1, 1).is_some_and(|first| first <= of)).unwrap_or(1);
    let month = (1..=12).rev().find(|month| day(year, *month, 1).is_some_and(|first| first <= of)).unwrap_or(1);
    let first = day(year, month, 1).unwrap_or(of);
    format!("{year:04}-{month:02}-{:02}", of - first + 1)
}

/// An exact decimal number with up to nine decimals.
fn decimal(text: &str) -> Option<Ratio> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 9 || !digits(whole) || !digits(part) {
        return None;
    }
    Ratio::new(format!("{whole}{part:0<9}").parse().ok()?, 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_as_they_are_read() {
        for text in ["2010-01-01", "2012-02-29", "2020-12-31"] {
            assert_eq!(parse_day(text).map(told).as_deref(), Some(text));
        }
        assert_eq!((parse_day("2011-02-29"), parse_day("2011-02-01-1"), first_of("2011-13")), (None, None, None));
    }
}
