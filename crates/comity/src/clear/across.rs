//! Set-off across currencies: one vector of fixing rates, conversion capped by consent, and the table of what it adds.
//!
//! Absent on purpose: goals, lots, a fund and single consents, which speak of one currency; and where rates come from.

use std::path::Path;

use comity_clearing::currency::{Clearing, Consent, Problem, Rates, Ratio, Row, check, exchanges, solve, table};

use super::amount::{Decimal, text};
use super::book::{Book, Side};
use super::clock::{Clock, Took};
use super::json::Json;
use crate::cli::Clear;
use crate::exit::{Exit, Failure, at};
use crate::output::{Align, Column, Output, bold, print, table as lay_out};
use crate::tables::{Cell, Kind, create};

/// Basis points of a party's own turnover in the capped line of the table, if no cap is given.
const CAP_BP: u16 = 500;
/// Decimals of values in the unit of the rates, for people and JSON.
const DECIMALS: u8 = 2;

const CLEARED: &[(&str, Kind)] = &[
    ("row", Kind::Integer),
    ("debtor", Kind::Text),
    ("creditor", Kind::Text),
    ("currency", Kind::Text),
    ("amount", Kind::Text),
    ("cleared", Kind::Text),
    ("left", Kind::Text),
];

const CONVERSIONS: &[(&str, Kind)] = &[
    ("party", Kind::Text),
    ("gives", Kind::Text),
    ("gives_currency", Kind::Text),
    ("receives", Kind::Text),
    ("receives_currency", Kind::Text),
];

/// Rates as they are used, and how to say a value in the unit they are quoted in.
struct Quoted {
    rates: Rates,
    /// One unit of account is `num / den` of the rates' unit.
    num: i128,
    den: i128,
}

impl Quoted {
    /// A value in the unit of the rates, rounded down.
    fn text(&self, units: i128) -> String {
        let by = 10_i128.pow(u32::from(DECIMALS));
        let minor = units.checked_mul(self.num).and_then(|value| value.checked_mul(by));
        text(minor.map_or_else(|| units / self.den * self.num * by, |value| value / self.den), DECIMALS)
    }
}

/// Clears across currencies and prints.
pub(crate) fn run(arguments: &Clear, rates: &Path, book: &Book, output: Output) -> Result<(), Failure> {
    if book.sides.iter().any(|side| side.code.is_none()) {
        return Err(Failure::new(Exit::Usage, "--rates needs a column currency in the input"));
    }
    let quoted = read_rates(rates, &book.sides)?;
    let consent = match arguments.convert_cap.as_deref() {
        None | Some("unlimited") => Consent::Unlimited,
        Some(written) => Consent::Share(share(written)?),
    };
    let obligations = obligations(book);
    let problem = Problem {
        parties: u32::try_from(book.names.len()).expect("names are counted in 32 bits"),
        rates: &quoted.rates,
        obligations: &obligations,
        consent,
        party_consent: &[],
        currency_consent: &[],
        residue_limit: None,
    };
    let refused = |invalid: comity_clearing::currency::Invalid| Failure::refused(invalid.to_string());
    let clock = Clock::start();
    let clearing = solve(&problem).map_err(refused)?;
    let took = clock.took();
    check(&problem, &clearing).expect("a clearing by the solver is one");
    let cap = if let Consent::Share(share) = consent { share } else { CAP_BP };
    let lines = table(&problem, cap).map_err(refused)?;
    let lines = [("per currency", lines.per_currency), ("across currencies", lines.across), ("capped", lines.capped)];
    if let Some(dir) = &arguments.out {
        write(dir, arguments, book, &quoted, &clearing)?;
    }
    match output {
        Output::Json => print(&json(book, &quoted, &clearing, took, (&lines, cap)).pretty()),
        Output::Table => show(&quoted, &clearing, took, (&lines, cap)),
    }
    Ok(())
}

/// A share such as `5%` in basis points.
fn share(written: &str) -> Result<u16, Failure> {
    let wrong =
        || Failure::new(Exit::Usage, format!("--convert-cap: {written:?} is neither a share such as 5% nor unlimited"));
    let number = written.strip_suffix('%').ok_or_else(wrong)?;
    let points = Decimal::parse(number).and_then(|decimal| decimal.minor(2)).map_err(|_| wrong())?;
    u16::try_from(points).ok().filter(|points| *points <= 10_000).ok_or_else(wrong)
}

/// All rows in the order of the input, parties by their number in the book, currencies by side.
fn obligations(book: &Book) -> Vec<comity_clearing::currency::Obligation> {
    let row = |(place, own): (usize, usize)| {
        let side = &book.sides[place];
        let owed = &side.obligations[own];
        comity_clearing::currency::Obligation {
            debtor: side.number(owed.debtor),
            creditor: side.number(owed.creditor),
            currency: u32::try_from(place).expect("few currencies"),
            amount: owed.amount,
        }
    };
    book.in_order().map(row).collect()
}

/// Reads `currency,rate`: what one unit of each currency is worth in a common unit.
fn read_rates(path: &Path, sides: &[Side]) -> Result<Quoted, Failure> {
    let source = path.display().to_string();
    let refuse = |text: String| Failure::refused(format!("{source}: {text}"));
    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .from_path(path)
        .map_err(|error| Failure::new(Exit::Fault, format!("{source}: {error}")))?;
    let heading = reader.headers().map_err(|error| refuse(error.to_string()))?.clone();
    let column =
        |name: &str| heading.iter().position(|known| known.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let (Some(code), Some(rate)) = (column("currency"), column("rate")) else {
        return Err(refuse("expected the columns currency, rate".into()));
    };
    let mut found: Vec<Option<Ratio>> = vec![None; sides.len()];
    for (row, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| refuse(format!("row {row}: {error}")))?;
        let (code, written) = (record.get(code).unwrap_or_default(), record.get(rate).unwrap_or_default());
        let wrong = |text: &str| refuse(format!("row {row}: rate: {written:?} {text}"));
        // Rates of currencies that nobody owes are read as well, and not used.
        let Some(place) = sides.iter().position(|side| side.code.as_deref() == Some(code)) else { continue };
        if found[place].is_some() {
            return Err(refuse(format!(
                "row {row}: currency: {code:?} has a rate already: rates must be one consistent vector"
            )));
        }
        let (whole, part) = written.split_once('.').unwrap_or((written, ""));
        let digits = format!("{whole}{part}");
        if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("is not a decimal number above 0"));
        }
        let num: u128 = digits.parse().map_err(|_| wrong("has too many digits"))?;
        let exponent = u32::try_from(part.len()).unwrap_or(u32::MAX).saturating_add(u32::from(sides[place].exponent));
        let den = 10_u128.checked_pow(exponent).ok_or_else(|| wrong("has too many digits"))?;
        if num == 0 {
            return Err(wrong("is not a decimal number above 0"));
        }
        let common = gcd(num, den);
        let part = |value: u128| u64::try_from(value / common).map_err(|_| wrong("has too many digits"));
        found[place] = Some(Ratio { num: part(num)?, den: part(den)? });
    }
    let missing = sides.iter().zip(&found).find(|(_, ratio)| ratio.is_none());
    if let Some((side, _)) = missing {
        return Err(refuse(format!("no rate for {}, which the input owes", side.label())));
    }
    let ratios: Vec<Ratio> = found.into_iter().flatten().collect();
    let rates = Rates::exact(&ratios).map_err(|fault| refuse(fault.to_string()))?;
    let (num, den) = match (ratios.first(), rates.worth().first()) {
        (Some(ratio), Some(worth)) => (i128::from(ratio.num), i128::from(*worth) * i128::from(ratio.den)),
        _ => (1, 1),
    };
    Ok(Quoted { rates, num, den })
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A share as a number from 0 to 1, rounded down.
fn part(value: i128, gross: i128) -> String {
    let millionths = if gross > 0 { value / (gross / 1_000_000).max(1) } else { 0 };
    let exact = value.checked_mul(1_000_000).filter(|_| gross > 0).map_or(millionths, |value| value / gross);
    text(exact, 6)
}

fn json(
    book: &Book,
    quoted: &Quoted,
    clearing: &Clearing,
    took: Took,
    (lines, cap): (&[(&'static str, Row)], u16),
) -> Json {
    let value = |units: i128| Json::raw(quoted.text(units));
    let each = lines.iter().map(|(name, row)| {
        Json::Object(vec![
            ("terms", Json::text(*name)),
            ("gross", value(row.gross)),
            ("cleared", value(row.value)),
            ("share", Json::raw(part(row.value, row.gross))),
            ("bound", value(row.bound)),
            ("converted", value(row.converted)),
        ])
    });
    Json::Object(vec![
        ("gross", value(clearing.gross)),
        ("cleared", value(clearing.value)),
        ("share", Json::raw(part(clearing.value, clearing.gross))),
        ("residual", value(clearing.gross - clearing.value)),
        ("bound", value(clearing.bound)),
        ("certificate_checked", Json::raw(true)),
        ("seconds", Json::raw(format!("{:.6}", took.time.as_secs_f64()))),
        ("seconds_are", Json::text(if took.is_cpu { "processor time" } else { "wall time" })),
        ("gap", value(clearing.gap())),
        ("parties", Json::raw(book.names.len())),
        ("obligations", Json::raw(book.rows)),
        ("amounts_are", Json::text("in the unit of the rates, rounded down to hundredths")),
        ("capped_at_basis_points", Json::raw(cap)),
        ("table", Json::List(each.collect())),
    ])
}

fn show(quoted: &Quoted, clearing: &Clearing, took: Took, (lines, cap): (&[(&'static str, Row)], u16)) {
    let columns = [
        Column("", Align::Left),
        Column("gross", Align::Right),
        Column("cleared", Align::Right),
        Column("share", Align::Right),
        Column("converted", Align::Right),
        Column("gap", Align::Right),
    ];
    let rows = lines.iter().map(|(name, row)| {
        let name =
            if *name == "capped" { format!("at most {} % each", text(cap.into(), 2)) } else { (*name).to_owned() };
        let share = format!("{} %", text(i128::from(row.share_bp()), 2));
        let gap = quoted.text(row.bound - row.value);
        vec![name, quoted.text(row.gross), quoted.text(row.value), share, quoted.text(row.converted), gap]
    });
    print(&lay_out(&columns, &rows.collect::<Vec<_>>()));
    print("");
    print(&format!(
        "This run cleared {} of {} in the unit of the rates; at most {} could be.",
        quoted.text(clearing.value),
        quoted.text(clearing.gross),
        quoted.text(clearing.bound),
    ));
    if clearing.gap() == 0 {
        print(&bold("Proved: within the consents nothing more can be set off; per currency conversions sum to zero."));
    }
    let kind = if took.is_cpu { "processor time" } else { "wall time" };
    print(&format!("solved in {:.3} s ({kind})", took.time.as_secs_f64()));
}

/// Cleared amounts and conversions.
fn write(dir: &Path, arguments: &Clear, book: &Book, quoted: &Quoted, clearing: &Clearing) -> Result<(), Failure> {
    super::write::whole(dir, |folder| {
        let mut cleared = create(folder, "cleared", arguments.format, CLEARED)?;
        for (row, (place, own)) in (1_u64..).zip(book.in_order()) {
            let (side, owed) = (&book.sides[place], book.sides[place].obligations[own]);
            let amount = clearing.cleared[usize::try_from(row - 1).expect("rows fit memory")];
            cleared.row(vec![
                row.into(),
                side.name(book, owed.debtor).into(),
                side.name(book, owed.creditor).into(),
                side.label().into(),
                side.text(owed.amount).into(),
                side.text(amount).into(),
                side.text(owed.amount - amount).into(),
            ])?;
        }
        cleared.finish()?;
        let mut conversions = create(folder, "conversions", arguments.format, CONVERSIONS)?;
        let side = |currency: u32| &book.sides[super::names::index(currency)];
        for one in exchanges(&quoted.rates, &clearing.legs) {
            conversions.row(vec![
                Cell::from(book.names.of(one.party)),
                side(one.from).text(one.given).into(),
                side(one.from).label().into(),
                side(one.to).text(one.received).into(),
                side(one.to).label().into(),
            ])?;
        }
        conversions.finish()?;
        let path = folder.join("result.json");
        let figures = Json::Object(vec![
            ("gross", Json::raw(quoted.text(clearing.gross))),
            ("cleared", Json::raw(quoted.text(clearing.value))),
            ("bound", Json::raw(quoted.text(clearing.bound))),
        ]);
        std::fs::write(&path, figures.pretty() + "\n").map_err(at(&path))
    })
}
