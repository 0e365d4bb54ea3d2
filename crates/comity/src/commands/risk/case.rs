//! A case: members, currencies, positions and dealings, from JSON or from CSV; names become indices.
//!
//! Absent on purpose: any rule. Every mistake names its place, its value and what would help.

use std::path::Path;

use comity_union::risk::drill::{Dealing, Market, Table};
use comity_union::risk::three::{Limits, Terms};
use comity_union::risk::waterfall::Bound;
use comity_union::{Ratio, Share};
use serde::Deserialize;

use super::number::{self, Number};
use crate::exit::{Exit, Failure};

/// Most rows of any list.
const ROW_COUNT_MAX: usize = 1_000_000;

/// A currency of a case.
#[derive(Debug, Clone)]
pub(super) struct Currency {
    pub(super) code: String,
    pub(super) decimals: u8,
    /// Base minor units for one minor unit.
    pub(super) price: Ratio,
    pub(super) haircut: Option<Share>,
    pub(super) cost: Share,
    pub(super) limit: Option<i64>,
}

/// A member of a case; amounts in base minor units.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) collateral: i64,
    pub(super) fund: i64,
    pub(super) key: i64,
}

/// A case in indices.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) base: String,
    pub(super) decimals: u8,
    pub(super) currencies: Vec<Currency>,
    pub(super) members: Vec<Member>,
    pub(super) aggregate: Option<i64>,
    /// `[member][currency]`.
    pub(super) positions: Vec<Vec<i64>>,
    pub(super) dealings: Vec<Dealing>,
    pub(super) brought: Vec<Vec<i64>>,
    pub(super) bound: Bound,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    base: String,
    #[serde(default = "two")]
    decimals: u8,
    currencies: Vec<CurrencyRow>,
    #[serde(default)]
    members: Vec<MemberRow>,
    aggregate_limit: Option<Number>,
    #[serde(default)]
    positions: Vec<PositionRow>,
    #[serde(default)]
    dealings: Vec<DealingRow>,
    bound: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CurrencyRow {
    currency: String,
    rate: Number,
    haircut: Option<String>,
    cost: Option<String>,
    limit: Option<Number>,
    decimals: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberRow {
    member: String,
    collateral: Option<Number>,
    fund: Option<Number>,
    key: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PositionRow {
    member: String,
    currency: String,
    amount: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DealingRow {
    from: String,
    to: String,
    currency: String,
    amount: Number,
    settled: bool,
}

fn two() -> u8 {
    2
}

/// Most decimals of a currency.
const DECIMALS_MAX: u8 = 4;

/// Reads a case from JSON.
pub(super) fn json(path: &Path) -> Result<Case, Failure> {
    let file: File = parse(path)?;
    let refused = |mistake: String| Failure::refused(format!("{}: {mistake}", path.display()));
    resolve(file).map_err(refused)
}

/// Reads JSON into rows.
pub(super) fn parse<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", path.display())))?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failure::refused(format!("{}: {error}", path.display())))
}

fn resolve(file: File) -> Result<Case, String> {
    let bound = match file.bound.as_deref() {
        None | Some("none") => Bound::None,
        Some("sum") => Bound::Sum,
        Some(other) => return Err(format!("bound: {other:?} is neither \"none\" nor \"sum\"")),
    };
    decimals("decimals", file.decimals)?;
    let mut case = Case {
        base: file.base,
        decimals: file.decimals,
        currencies: Vec::new(),
        members: Vec::new(),
        aggregate: None,
        positions: Vec::new(),
        dealings: Vec::new(),
        brought: Vec::new(),
        bound,
    };
    bounded("positions", file.positions.len())?;
    bounded("dealings", file.dealings.len())?;
    case.currencies = currencies(file.currencies, case.decimals)?;
    let aggregate = file.aggregate_limit.map(|limit| number::size("aggregate_limit", &limit.0, case.decimals));
    case.aggregate = aggregate.transpose()?;
    let open = file.members.is_empty();
    case.members = members(file.members, case.decimals)?;
    if open {
        let named = file.positions.iter().map(|row| &row.member);
        let named = named.chain(file.dealings.iter().flat_map(|row| [&row.from, &row.to]));
        case.join(named.map(String::as_str));
    }
    case.take_positions(&file.positions)?;
    for (at, row) in file.dealings.iter().enumerate() {
        let place = format!("dealings[{at}]");
        let (from, to) = (case.member(&place, &row.from)?, case.member(&place, &row.to)?);
        let currency = case.currency(&place, &row.currency)?;
        let decimals = case.currencies[currency as usize].decimals;
        let amount = number::amount(&format!("{place}.amount"), &row.amount.0, decimals)?;
        if from == to {
            return Err(format!("{place}: {} would pay itself", row.from));
        }
        if amount <= 0 {
            return Err(format!(
                "{place}.amount: {} is not above 0; a payment the other way swaps from and to",
                row.amount.0
            ));
        }
        case.dealings.push(Dealing { from, to, currency, amount, settled: row.settled });
    }
    Ok(case)
}

/// Reads positions and rates from CSV.
pub(super) fn csv(positions: &Path, rates: &Path, base: &str, aggregate: Option<&str>) -> Result<Case, Failure> {
    let aggregate = aggregate.map(|text| number::size("--aggregate", text, 2)).transpose().map_err(Failure::refused)?;
    let mut case = Case {
        base: base.into(),
        decimals: 2,
        currencies: rate_table(rates, 2)?,
        members: Vec::new(),
        aggregate,
        positions: Vec::new(),
        dealings: Vec::new(),
        brought: Vec::new(),
        bound: Bound::None,
    };
    let rows: Vec<PositionRow> = rows(positions)?;
    if rows.is_empty() {
        return Err(Failure::refused(format!(
            "{}: no positions; columns member, currency, amount",
            positions.display()
        )));
    }
    case.join(rows.iter().map(|row| row.member.as_str()));
    case.take_positions(&rows).map_err(|mistake| Failure::refused(format!("{}: {mistake}", positions.display())))?;
    Ok(case)
}

/// Reads a table of rates.
pub(super) fn rate_table(path: &Path, base_decimals: u8) -> Result<Vec<Currency>, Failure> {
    let rows: Vec<CurrencyRow> = rows(path)?;
    currencies(rows, base_decimals).map_err(|mistake| Failure::refused(format!("{}: {mistake}", path.display())))
}

/// Reads a table of members.
pub(super) fn member_table(path: &Path, decimals: u8) -> Result<Vec<Member>, Failure> {
    let rows: Vec<MemberRow> = rows(path)?;
    members(rows, decimals).map_err(|mistake| Failure::refused(format!("{}: {mistake}", path.display())))
}

/// Rows of a CSV file; an empty cell is a cell that is not there.
fn rows<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, Failure> {
    let shown = path.display();
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|error| Failure::new(Exit::Usage, format!("{shown}: {error}")))?;
    let refused = |error: csv::Error| Failure::refused(format!("{shown}: {error}"));
    let header = crate::heading::names(&shown.to_string(), reader.headers().map_err(refused)?)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(refused)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = header.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        let cells = cells.map(|(name, cell)| (name.clone(), cell.into()));
        let row = serde_json::from_value(serde_json::Value::Object(cells.collect()));
        rows.push(row.map_err(|error| Failure::refused(format!("{shown}:{line}: {error}")))?);
        bounded("rows", rows.len()).map_err(|mistake| Failure::refused(format!("{shown}: {mistake}")))?;
    }
    Ok(rows)
}

fn bounded(what: &str, count: usize) -> Result<(), String> {
    if count <= ROW_COUNT_MAX { Ok(()) } else { Err(format!("more {what} than the limit of {ROW_COUNT_MAX}")) }
}

fn decimals(what: &str, value: u8) -> Result<(), String> {
    if value <= DECIMALS_MAX { Ok(()) } else { Err(format!("{what}: {value} exceeds the limit of {DECIMALS_MAX}")) }
}

fn currencies(rows: Vec<CurrencyRow>, base_decimals: u8) -> Result<Vec<Currency>, String> {
    let mut currencies: Vec<Currency> = Vec::new();
    for row in rows {
        let code = row.currency;
        if currencies.iter().any(|known| known.code == code) {
            return Err(format!("currency {code} is named twice"));
        }
        let places = match row.decimals {
            None => 2,
            Some(text) => text.0.parse().map_err(|_| format!("decimals of {code}: {:?} is no number", text.0))?,
        };
        decimals(&format!("decimals of {code}"), places)?;
        let share = |what: &str, text: Option<String>| {
            text.map(|text| number::percent(&format!("{what} of {code}"), &text)).transpose()
        };
        let limit = row.limit.map(|limit| number::size(&format!("limit of {code}"), &limit.0, places)).transpose()?;
        let price = number::rate(&format!("rate of {code}"), &row.rate.0)?;
        let price = number::per_minor(price, base_decimals, places);
        let price = price.ok_or_else(|| format!("rate of {code}: {} does not fit", row.rate.0))?;
        let (haircut, cost) = (share("haircut", row.haircut)?, share("cost", row.cost)?.unwrap_or(Share::ZERO));
        currencies.push(Currency { decimals: places, price, haircut, cost, limit, code });
    }
    if currencies.is_empty() { Err("no currency is given".into()) } else { Ok(currencies) }
}

fn members(rows: Vec<MemberRow>, decimals: u8) -> Result<Vec<Member>, String> {
    let mut members: Vec<Member> = Vec::new();
    for row in rows {
        let name = row.member;
        if members.iter().any(|known| known.name == name) {
            return Err(format!("member {name} is named twice"));
        }
        let size = |what: &str, text: Option<Number>, decimals, absent| {
            text.map_or(Ok(absent), |text| number::size(&format!("{what} of {name}"), &text.0, decimals))
        };
        let (collateral, fund) =
            (size("collateral", row.collateral, decimals, 0)?, size("fund", row.fund, decimals, 0)?);
        let key = size("key", row.key, 0, 1)?;
        members.push(Member { collateral, fund, key, name });
    }
    Ok(members)
}

impl Case {
    /// Adds members by first mention.
    fn join<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        for name in names {
            if !self.members.iter().any(|known| known.name == name) {
                self.members.push(Member { name: name.into(), collateral: 0, fund: 0, key: 1 });
            }
        }
    }

    fn take_positions(&mut self, rows: &[PositionRow]) -> Result<(), String> {
        self.positions = vec![vec![0; self.currencies.len()]; self.members.len()];
        let mut given = std::collections::BTreeSet::new();
        for (at, row) in rows.iter().enumerate() {
            let place = format!("positions[{at}]");
            let member = self.member(&place, &row.member)?;
            let currency = self.currency(&place, &row.currency)?;
            let decimals = self.currencies[currency as usize].decimals;
            let amount = number::amount(&format!("{place}.amount"), &row.amount.0, decimals)?;
            if !given.insert((member, currency)) {
                return Err(format!("{place}: the position of {} in {} was given before", row.member, row.currency));
            }
            self.positions[member as usize][currency as usize] = amount;
        }
        Ok(())
    }

    fn member(&self, place: &str, name: &str) -> Result<u32, String> {
        let found = self.members.iter().position(|member| member.name == name);
        let found = found.and_then(|at| u32::try_from(at).ok());
        found.ok_or_else(|| format!("{place}: {name:?} is not among the members"))
    }

    pub(super) fn currency(&self, place: &str, code: &str) -> Result<u32, String> {
        let found = self.currencies.iter().position(|currency| currency.code == code);
        let found = found.and_then(|at| u32::try_from(at).ok());
        found.ok_or_else(|| format!("{place}: {code:?} is not among the currencies"))
    }

    /// The member meant by a name or the beginning of one.
    pub(super) fn find(&self, wanted: &str) -> Result<u32, Failure> {
        find(wanted, self.members.iter().map(|member| member.name.as_str()))
    }

    /// What the three tests need.
    pub(super) fn terms(&self) -> (Vec<Terms>, Limits) {
        let terms =
            |currency: &Currency| Terms { price: currency.price, haircut: currency.haircut.unwrap_or(Share::ZERO) };
        let short = self.currencies.iter().map(|currency| currency.limit).collect();
        (self.currencies.iter().map(terms).collect(), Limits { short, aggregate: self.aggregate })
    }

    /// What a drill needs.
    pub(super) fn table(&self) -> Table {
        let list = |value: fn(&Member) -> i64| self.members.iter().map(value).collect();
        Table {
            markets: self.currencies.iter().map(|one| Market { price: one.price, cost: one.cost }).collect(),
            dealings: self.dealings.clone(),
            brought: self.brought.clone(),
            collateral: list(|member| member.collateral),
            fund: list(|member| member.fund),
            keys: list(|member| member.key),
            bound: self.bound,
        }
    }
}

/// The place of a name, or of the only one that begins so.
pub(super) fn find<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> Result<u32, Failure> {
    let upper = wanted.to_uppercase();
    let exact = names.clone().position(|name| name == wanted);
    let mut beginning = names.clone().enumerate().filter(|(_, name)| name.to_uppercase().starts_with(&upper));
    let found = match (exact, beginning.next(), beginning.next()) {
        (Some(at), ..) | (None, Some((at, _)), None) => Some(at),
        (None, _, _) => None,
    };
    found.and_then(|at| u32::try_from(at).ok()).ok_or_else(|| {
        let names: Vec<&str> = names.take(40).collect();
        Failure::refused(format!("no one member is meant by {wanted:?}; members are {}", names.join(", ")))
    })
}
