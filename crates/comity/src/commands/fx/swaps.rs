//! `comity fx swaps`: in/out swaps that reduce what participants fund.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use comity_market::swap::{self, Goal, Plan, Problem, Refused, worth_of};
use comity_viz::{Amount, Funding, FundingRow, Head, Picture, Unit, Width};
use serde_json::{Value, json};

use super::money::{Currency, amount_of, rate_of, signed, usage};
use super::rows::{Row, Sheet};
use crate::day::{decimal, grouped};
use crate::exit::{Failure, at};
use crate::output::{Align, Column, Output, bold, print, print_json, table};

/// Swaps printed in a table; JSON has all.
const SHOWN_MAX: usize = 30;
/// Values are told in hundredths of the common unit; the rules count in parts of `10^-16`.
const CENT: i128 = 100_000_000_000_000;

/// Suggest pairs of swaps of equal value that cut the money participants bring, with nobody's position changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity fx swaps examples/fx/positions.csv --rates examples/fx/worth.csv\n  \
    comity fx swaps positions.csv --rates worth.csv --helpers     down to what nobody can save\n  \
    comity fx swaps trades.csv --rates worth.csv --goal largest --minimum 1000\n  \
    comity fx swaps positions.csv --rates worth.csv --limit 50000000 --picture funding.svg\n\n\
    The first file has either positions after netting (participant, currency, position; below zero is to be paid, each\n\
    currency sums to zero) or trades (debtor, creditor, currency, amount), which are netted here. The rates have the columns\n\
    currency, rate (units of a common unit for one) and optionally previous. Each plan is verified before it is printed.")]
pub(super) struct Arguments {
    /// Positions or trades, a CSV file.
    positions: PathBuf,
    /// What one unit of each currency is worth in a common unit, a CSV file.
    #[arg(long, value_name = "FILE")]
    rates: PathBuf,
    /// What is to become least.
    #[arg(long, value_enum, default_value_t = Wish::Total)]
    goal: Wish,
    /// Smallest swap, in the common unit.
    #[arg(long, value_name = "VALUE", default_value = "0", allow_hyphen_values = true)]
    minimum: String,
    /// Most that all swaps between the same two may be worth, in the common unit: their exposure by the out legs.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    limit: Option<String>,
    /// Also ask participants who gain nothing themselves but are long of what another needs.
    #[arg(long)]
    helpers: bool,
    /// Largest change of a rate against the column previous, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    gate: u32,
    /// SVG of funding before and after.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
}

/// What is to become least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wish {
    /// Funding of all together.
    Total,
    /// Funding of whoever funds most.
    Largest,
}

/// Positions by name.
struct Book {
    file: String,
    participants: Vec<String>,
    currencies: Vec<Currency>,
    worth: Vec<swap::Currency>,
    /// Rows by participant.
    positions: Vec<i64>,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let (currencies, worth) = rates(&arguments.rates, arguments.gate)?;
    let book = read(&arguments.positions, &arguments.rates, currencies, worth)?;
    let value = |name: &str, text: &str| {
        let common = Currency { code: String::new(), exponent: 2 };
        let cents = signed(text, &common).ok().filter(|value| *value >= 0);
        cents.map(|cents| i128::from(cents) * CENT).ok_or_else(|| {
            usage(name, format!("{text:?} is not a value such as 1000.00 of the common unit, from zero"))
        })
    };
    let problem = Problem {
        currencies: &book.worth,
        positions: &book.positions,
        minimum: value("--minimum", &arguments.minimum)?,
        limit: arguments.limit.as_deref().map(|text| value("--limit", text)).transpose()?,
        goal: if arguments.goal == Wish::Total { Goal::Total } else { Goal::Largest },
        helpers: arguments.helpers,
    };
    let plan = swap::plan(&problem).map_err(|refused| book.refusal(refused))?;
    swap::verify(&problem, &plan).expect("the plan keeps what its own verification demands");
    if let Some(path) = &arguments.picture {
        draw(path, &book, &plan)?;
    }
    match output {
        Output::Json => print_json(&book.json(&plan)),
        Output::Table => book.show(&plan),
    }
    Ok(())
}

fn rates(path: &Path, gate: u32) -> Result<(Vec<Currency>, Vec<swap::Currency>), Failure> {
    let mut sheet = Sheet::open(path, &["currency", "rate"], &["previous"])?;
    let mut known: Vec<Currency> = Vec::new();
    let mut worth: Vec<swap::Currency> = Vec::new();
    sheet.each(|row| {
        let currency = currency_of(row)?;
        if known.contains(&currency) {
            return Err(row.wrong("currency", format!("{} was given before", currency.code)));
        }
        if known.len() == swap::CURRENCY_COUNT_MAX {
            let what = format!("more currencies than the limit of {}", swap::CURRENCY_COUNT_MAX);
            return Err(row.wrong("currency", what));
        }
        let rate = rate_of(row, "rate")?;
        if row.given("previous").is_some() {
            let previous = rate_of(row, "previous")?;
            let change = rate.change_bps(previous);
            if change > u64::from(gate) * 100 {
                let what = super::offers::beyond(rate, previous, change, gate);
                return Err(row.wrong("rate", what));
            }
        }
        let given = swap::Currency { exponent: currency.exponent, rate };
        if worth_of(&given).is_none() {
            return Err(row.wrong("rate", format!("{rate} has more digits than values can hold")));
        }
        known.push(currency);
        worth.push(given);
        Ok(())
    })?;
    if known.is_empty() {
        return Err(Failure::refused(format!("{}: no rate", sheet.file)));
    }
    Ok((known, worth))
}

fn currency_of(row: &Row<'_>) -> Result<Currency, Failure> {
    Currency::parse(row.cell("currency")).map_err(|what| row.wrong("currency", what))
}

fn read(path: &Path, rates: &Path, currencies: Vec<Currency>, worth: Vec<swap::Currency>) -> Result<Book, Failure> {
    let columns = ["participant", "position", "debtor", "creditor", "amount"];
    let mut sheet = Sheet::open(path, &["currency"], &columns)?;
    let trades = !sheet.has("participant");
    let needed: &[&str] = if trades { &["debtor", "creditor", "amount"] } else { &["participant", "position"] };
    if let Some(name) = needed.iter().find(|name| !sheet.has(name)) {
        let message = format!(
            "{}:1: the heading lacks the column {name}; expected participant, currency, position, or debtor, creditor, \
             currency, amount",
            sheet.file
        );
        return Err(Failure::refused(message));
    }
    let mut sums: BTreeMap<(String, usize), i128> = BTreeMap::new();
    sheet.each(|row| {
        let currency = currency_of(row)?;
        let place = currencies
            .iter()
            .position(|known| *known == currency)
            .ok_or_else(|| row.wrong("currency", format!("{} has no rate in {}", currency.code, rates.display())))?;
        let name = |column: &str| row.given(column).map(String::from).ok_or_else(|| row.wrong(column, "is missing"));
        if trades {
            let amount = i128::from(amount_of(row, "amount", &currency)?);
            let (debtor, creditor) = (name("debtor")?, name("creditor")?);
            if debtor == creditor {
                return Err(row.wrong("creditor", format!("{creditor:?} is also the debtor")));
            }
            *sums.entry((debtor, place)).or_default() -= amount;
            *sums.entry((creditor, place)).or_default() += amount;
        } else {
            let position = signed(row.cell("position"), &currency).map_err(|what| row.wrong("position", what))?;
            let who = name("participant")?;
            if sums.insert((who.clone(), place), position.into()).is_some() {
                return Err(row.wrong("participant", format!("{who:?} has a position in {} already", currency.code)));
            }
        }
        Ok(())
    })?;
    let mut participants: Vec<String> = sums.keys().map(|(who, _)| who.clone()).collect();
    participants.dedup();
    let mut positions = vec![0_i64; participants.len() * currencies.len()];
    for ((who, currency), sum) in sums {
        let row = participants.binary_search(&who).expect("each is listed");
        positions[row * currencies.len() + currency] = i64::try_from(sum)
            .map_err(|_| Failure::refused(format!("{}: the position of {who} leaves the range", sheet.file)))?;
    }
    Ok(Book { file: sheet.file, participants, currencies, worth, positions })
}

/// A value with two decimals: rounded up, so that no need is understated.
fn cents(value: i128) -> i128 {
    value.div_euclid(CENT) + i128::from(value.rem_euclid(CENT) > 0)
}

fn told(value: i128) -> String {
    grouped(cents(value), 2)
}

/// The part of `before` that is saved, in percent with one decimal, rounded down.
fn saved(before: i128, after: i128) -> String {
    if before <= 0 {
        return "0.0".into();
    }
    // Thousandths of two sums that fit twice into 128 bits; their quotient by parts does not overflow.
    let permille = (before - after) / (before / 1_000).max(1);
    decimal(permille.min(1_000), 1)
}

impl Book {
    fn refusal(&self, refused: Refused) -> Failure {
        Failure::refused(match refused {
            Refused::Unbalanced { currency, sum } => {
                let currency = &self.currencies[currency];
                format!(
                    "{}: position: positions in {} sum to {}, must be zero",
                    self.file,
                    currency.code,
                    grouped(sum, currency.exponent)
                )
            }
            Refused::TooMany { .. } | Refused::Shape | Refused::Currency { .. } | Refused::Terms | Refused::Range => {
                format!("{}: {refused}", self.file)
            }
        })
    }

    fn code(&self, currency: u32) -> &Currency {
        &self.currencies[usize::try_from(currency).expect("an index fits")]
    }

    fn name(&self, participant: u32) -> &str {
        &self.participants[usize::try_from(participant).expect("an index fits")]
    }

    fn show(&self, plan: &Plan) {
        let (before, after) = (plan.before(), plan.after());
        let title = format!(
            "{} swaps cut funding from {} to {}: {} % less",
            plan.swaps.len(),
            told(before),
            told(after),
            saved(before, after)
        );
        print(&bold(&title));
        print(&format!("values in the common unit; no swaps of equal value can go below {}", told(plan.bound)));
        print("");
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (who, need) in self.participants.iter().zip(&plan.needs) {
            rows.push(vec![
                who.clone(),
                told(need.before),
                told(need.after),
                format!("{} %", saved(need.before, need.after)),
                told(need.least),
            ]);
        }
        let columns = [
            Column("participant", Align::Left),
            Column("funds before", Align::Right),
            Column("after", Align::Right),
            Column("less", Align::Right),
            Column("at least", Align::Right),
        ];
        print(&table(&columns, &rows));
        if plan.swaps.is_empty() {
            print("\nno two participants have opposite positions in two currencies");
            return;
        }
        print("\nIn legs, settled inside; each out leg is the same amounts back, settled outside on the same day");
        let rows: Vec<Vec<String>> = plan
            .swaps
            .iter()
            .take(SHOWN_MAX)
            .map(|swap| {
                vec![
                    self.name(swap.one).into(),
                    self.code(swap.currency_in).told(swap.amount_in.into()),
                    self.code(swap.currency_out).told(swap.amount_out.into()),
                    self.name(swap.other).into(),
                ]
            })
            .collect();
        let columns = [
            Column("participant", Align::Left),
            Column("receives", Align::Right),
            Column("gives", Align::Right),
            Column("with", Align::Left),
        ];
        print(&table(&columns, &rows));
        if plan.swaps.len() > SHOWN_MAX {
            print(&format!("and {} more; --output json has all", plan.swaps.len() - SHOWN_MAX));
        }
    }

    fn json(&self, plan: &Plan) -> Value {
        let value = |value: i128| decimal(cents(value), 2);
        let needs: Vec<Value> = self
            .participants
            .iter()
            .zip(&plan.needs)
            .map(|(who, need)| {
                json!({
                    "participant": who, "before": value(need.before), "after": value(need.after),
                    "at_least": value(need.least), "rounding_inside": decimal(need.rounding, 16),
                })
            })
            .collect();
        let swaps: Vec<Value> = plan
            .swaps
            .iter()
            .map(|swap| {
                let (into, out) = (self.code(swap.currency_in), self.code(swap.currency_out));
                json!({
                    "participant": self.name(swap.one), "with": self.name(swap.other),
                    "receives": { "currency": into.code, "amount": decimal(swap.amount_in.into(), into.exponent) },
                    "gives": { "currency": out.code, "amount": decimal(swap.amount_out.into(), out.exponent) },
                })
            })
            .collect();
        json!({
            "before": value(plan.before()), "after": value(plan.after()), "at_least": value(plan.bound),
            "largest_after": value(plan.largest()), "saved_percent": saved(plan.before(), plan.after()),
            "participants": needs, "in_legs": swaps, "verified": true,
        })
    }
}

fn draw(path: &Path, book: &Book, plan: &Plan) -> Result<(), Failure> {
    let amount = |value: i128| Amount::new(cents(value), told(value));
    let rows = book.participants.iter().zip(&plan.needs).map(|(who, need)| FundingRow {
        label: who.clone(),
        before: amount(need.before),
        after: amount(need.after),
        least: amount(need.least),
    });
    let picture = Funding {
        head: Head::new(
            "funding",
            "Money to bring, before and after swaps",
            "Funding of each participant in a common unit.",
        ),
        unit: Unit::new("", 2),
        rows: rows.collect(),
        total: FundingRow {
            label: "all".into(),
            before: amount(plan.before()),
            after: amount(plan.after()),
            least: amount(plan.bound),
        },
    };
    std::fs::write(path, picture.svg(Width::Wide)).map_err(at(path))
}
