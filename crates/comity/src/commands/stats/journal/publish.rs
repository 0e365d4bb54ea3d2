//! `comity stats journal --publish`: a set with noise that hides each single bank, and a private register of what was drawn.
//!
//! The set goes into the folder; the register stands beside the seed and is as secret as the seed: it holds
//! fingerprints of exact rows. With it a period is published once, and a second set of the same period is refused unless
//! somebody says that the epsilon may be spent again. Absent on purpose: the noise itself, in `comity_stats::pay::publish`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use comity_stats::pay::facts::Facts;
use comity_stats::pay::publish::{Period, Published, Terms, publish};
use comity_stats::pay::table::Dimension;
use serde_json::{Value, json};

use crate::exit::{Exit, Failure, at};
use crate::output::{Align, Column, Output, count, hex, print, print_json, table};

/// A set for everybody.
#[derive(Debug, clap::Args)]
pub(crate) struct PublishArguments {
    /// Write a set with noise into this folder, in which no single bank's payments can be told.
    #[arg(long, value_name = "DIR", requires = "epsilon", requires = "seed_file", conflicts_with_all = ["out", "picture"])]
    publish: Option<PathBuf>,
    /// How much a period may tell of a bank, such as 1 or 0.5: the odds of any guess about it move by at most e^epsilon.
    #[arg(long, value_name = "NUMBER", value_parser = fraction, requires = "publish")]
    epsilon: Option<(u64, u64)>,
    /// File with the secret from which noise is drawn: at least 64 hexadecimal digits.
    #[arg(long, value_name = "FILE", requires = "publish")]
    seed_file: Option<PathBuf>,
    /// What cells are told apart by.
    #[arg(long, value_enum, default_value_t = Cells::Currency, requires = "publish")]
    cells: Cells,
    /// How long a period is; only periods that are over are published.
    #[arg(long, value_enum, default_value_t = Length::Month, requires = "publish")]
    period: Length,
    /// Most payments of a pair of banks in a period that count. Agreed beforehand, never chosen from the data.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1_000_000), requires = "publish")]
    pair_payments: u64,
    /// Most value of a pair in a period that counts, whole units of the unit. Agreed beforehand.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000), requires = "publish")]
    pair_value: u64,
    /// Fewest banks of a cell that is shown.
    #[arg(long, default_value_t = 3, requires = "publish")]
    banks_min: usize,
    /// Most percent of a cell's value that one bank may be part of.
    #[arg(long, default_value_t = 85, value_parser = clap::value_parser!(u8).range(1..=100), requires = "publish")]
    dominance: u8,
    /// Publish a period again although it was published on other terms or has changed: its epsilon is spent again.
    #[arg(long, requires = "publish")]
    spend_again: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Cells {
    /// Settlement currency.
    Currency,
    /// What payments are for.
    Flow,
    /// The paying country.
    Country,
    /// Pairs of countries.
    Partner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Length {
    /// Business dates.
    Day,
    /// Weeks from Monday.
    Week,
    /// Calendar months.
    Month,
}

impl PublishArguments {
    pub(super) fn asked(&self) -> bool {
        self.publish.is_some()
    }
}

/// Decimals of epsilon.
const EPSILON_DECIMALS_MAX: usize = 3;

/// A positive decimal as a fraction, up to 100.
fn fraction(written: &str) -> Result<(u64, u64), String> {
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sound =
        !whole.is_empty() && whole.len() <= 3 && part.len() <= EPSILON_DECIMALS_MAX && digits(whole) && digits(part);
    let bottom = 10_u64.pow(u32::try_from(part.len()).unwrap_or(0));
    let top = format!("{whole}{part}").parse::<u64>().ok().filter(|top| sound && *top > 0 && *top <= 100 * bottom);
    top.map(|top| (top, bottom)).ok_or_else(|| "expected a number above 0 up to 100, with up to 3 decimals".into())
}

pub(super) fn run(facts: &Facts, arguments: &PublishArguments, output: Output) -> Result<(), Failure> {
    let (Some(dir), Some(epsilon), Some(seed_file)) = (&arguments.publish, arguments.epsilon, &arguments.seed_file)
    else {
        return Err(Failure::new(Exit::Usage, "--publish needs --epsilon and --seed-file"));
    };
    let unit = facts.unit.as_ref().ok_or_else(|| Failure::refused("the journals have no currency to add values in"))?;
    let seed = seed(seed_file)?;
    let pair_value = arguments.pair_value.checked_mul(10_u64.pow(u32::from(unit.exponent)));
    let terms = Terms {
        by: match arguments.cells {
            Cells::Currency => Dimension::SettlementCurrency,
            Cells::Flow => Dimension::Flow,
            Cells::Country => Dimension::Country,
            Cells::Partner => Dimension::Partner,
        },
        period: match arguments.period {
            Length::Day => Period::Day,
            Length::Week => Period::Week,
            Length::Month => Period::Month,
        },
        epsilon,
        pair_payments: arguments.pair_payments,
        pair_value: pair_value.ok_or_else(|| Failure::new(Exit::Usage, "--pair-value is too large for the unit"))?,
        banks_min: arguments.banks_min,
        dominance_percent: arguments.dominance,
    };
    let made = publish(facts, &terms, |label: &str| {
        let text = format!("{label}; unit {}", unit.code);
        let mut reader = blake3::Hasher::new_keyed(&seed).update(text.as_bytes()).finalize_xof();
        move || {
            let mut bytes = [0; 8];
            reader.fill(&mut bytes);
            u64::from_le_bytes(bytes)
        }
    });
    if made.cells.is_empty() {
        let open = made.open.join(", ");
        let message =
            format!("no {} is over ({open} still runs): a period is published when it is closed", terms.period.word());
        return Err(Failure::refused(message));
    }
    let words = format!("{}, unit {}", terms.text(), unit.code);
    let cells = register(seed_file, &words, facts, &made, arguments.spend_again)?;
    std::fs::create_dir_all(dir).map_err(at(dir))?;
    let decimal = |minor: i128| crate::day::decimal(minor, unit.exponent);
    let mut csv = String::from("period,cell,payments,value\n");
    for cell in &cells {
        let figures = cell.figures.map_or(",".to_owned(), |(payments, value)| format!("{payments},{}", decimal(value)));
        csv.push_str(&format!("{},{},{figures}\n", cell.period, cell.cell));
    }
    let path = dir.join("published.csv");
    std::fs::write(&path, csv).map_err(at(&path))?;
    let about = json!({
        "terms": words,
        "unit": unit.code,
        "banks": made.banks,
        "noise_scale": { "payments": made.scales.0.to_string(), "value": decimal(i128::try_from(made.scales.1).unwrap_or(i128::MAX)) },
        "seed_commitment": hex(&blake3::derive_key("comity 2026-11 published set, commitment to the seed", &seed)),
        "says": "payments and value of settled payments, clipped by pair of banks, with discrete Laplace noise; empty is hidden; \
            the total of a period is the sum of its cells; values may be below zero",
    });
    let path = dir.join("published.json");
    std::fs::write(&path, serde_json::to_string_pretty(&about).expect("a JSON value is text") + "\n")
        .map_err(at(&path))?;
    match output {
        Output::Json => print_json(&about),
        Output::Table => {
            let rows: Vec<Vec<String>> = cells
                .iter()
                .map(|cell| {
                    let (payments, value) =
                        cell.figures.map_or(("hidden".into(), "hidden".into()), |(payments, value)| {
                            (payments.to_string(), decimal(value))
                        });
                    vec![cell.period.clone(), cell.cell.clone(), payments, value]
                })
                .collect();
            let columns = [
                Column("period", Align::Left),
                Column(terms.by.name(), Align::Left),
                Column("payments", Align::Right),
                Column("value", Align::Right),
            ];
            print(&table(&columns, &rows));
            print(&format!(
                "\n{words}; {} banks; noise of a cell is of the order of {} payments and {} {}",
                made.banks,
                count(u64::try_from(made.scales.0).unwrap_or(u64::MAX)),
                decimal(i128::try_from(made.scales.1).unwrap_or(i128::MAX)),
                unit.code
            ));
            if made.unvalued > 0 {
                print(&format!("for your eyes alone: {} payments without a rate count with value zero", made.unvalued));
            }
            print(&format!("written to {}; keep {} and its register secret", dir.display(), seed_file.display()));
        }
    }
    Ok(())
}

/// The secret: a key made of the file's hexadecimal digits.
fn seed(path: &Path) -> Result<[u8; 32], Failure> {
    let text = std::fs::read_to_string(path).map_err(at(path))?;
    let digits = text.trim();
    if digits.len() < 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = format!(
            "{}: {} characters that are not 64 or more hexadecimal digits; `openssl rand -hex 32` makes some",
            path.display(),
            digits.len()
        );
        return Err(Failure::refused(message));
    }
    Ok(blake3::derive_key("comity 2026-11 published set, noise", digits.to_ascii_lowercase().as_bytes()))
}

/// Looks a set up in the register and adds to it. Returns the cells to write: what was published stays as it was.
fn register(
    seed_file: &Path,
    terms: &str,
    facts: &Facts,
    made: &Published,
    spend_again: bool,
) -> Result<Vec<comity_stats::pay::publish::Shown>, Failure> {
    let mut name = seed_file.as_os_str().to_owned();
    name.push(".register.json");
    let path = PathBuf::from(name);
    let mut all: Value = if path.exists() {
        let text = std::fs::read_to_string(&path).map_err(at(&path))?;
        serde_json::from_str(&text).map_err(|error| Failure::refused(format!("{}: {error}", path.display())))?
    } else {
        json!([])
    };
    let broken = || Failure::refused(format!("{}: it is no register of published sets", path.display()));
    let known = all.as_array_mut().ok_or_else(broken)?;
    let journals: Vec<String> = facts.sources.iter().map(|source| hex(&source.begins)).collect();
    let mut kept = made.cells.clone();
    for (period, print) in &made.periods {
        let print = format!("{print:016x}");
        let touches = |entry: &Value| {
            let shares =
                |journal: &Value| journal.as_str().is_some_and(|named| journals.iter().any(|own| own == named));
            entry["period"] == period.as_str()
                && entry["journals"].as_array().is_some_and(|list| list.iter().any(shares))
        };
        let same = |entry: &&Value| touches(entry) && entry["terms"] == terms && entry["rows"] == print.as_str();
        if let Some(entry) = known.iter().find(same) {
            let cells = entry["cells"].as_array().ok_or_else(broken)?;
            let places: Vec<usize> = (0..kept.len()).filter(|at| kept[*at].period == *period).collect();
            for at in places {
                let found = cells.iter().find(|cell| cell[0] == kept[at].cell.as_str());
                let number = |value: &Value| value.as_str().and_then(|text| text.parse::<i128>().ok());
                kept[at].figures = found.and_then(|cell| number(&cell[1]).zip(number(&cell[2])));
            }
            continue;
        }
        if let Some(other) = known.iter().find(|entry| touches(entry))
            && !spend_again
        {
            let why =
                if other["terms"] == terms { "its rows have changed since" } else { "it was published on other terms" };
            let message = format!(
                "{period} was published before and {why} ({}); a second set spends its epsilon again, --spend-again allows it",
                other["terms"].as_str().unwrap_or("")
            );
            return Err(Failure::refused(message));
        }
        let cells: Vec<Value> = made
            .cells
            .iter()
            .filter(|cell| cell.period == *period)
            .map(|cell| match cell.figures {
                Some((payments, value)) => json!([cell.cell, payments.to_string(), value.to_string()]),
                None => json!([cell.cell, null, null]),
            })
            .collect();
        known.push(json!({ "terms": terms, "journals": journals, "period": period, "rows": print, "cells": cells }));
    }
    std::fs::write(&path, serde_json::to_string_pretty(&all).expect("a JSON value is text") + "\n")
        .map_err(at(&path))?;
    Ok(kept)
}
