//! Sums over rows by up to three dimensions, and figures that remember which payments they were made of.
//!
//! Every figure of this module is a sum over members, so listing the members again gives the sum again. Absent on
//! purpose: what is summed; each figure says so itself.

use std::collections::HashMap;
use std::sync::Arc;

use super::date;
use super::facts::{Facts, NONE, Row};
use crate::figure::{Definition, Figure, Measure, Rows, Source, Value};

/// Something payments are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// All together.
    All,
    /// Currency credited.
    SettlementCurrency,
    /// Currency debited.
    AccountCurrency,
    /// Currency instructed.
    InvoiceCurrency,
    /// What it is for.
    Flow,
    /// The two countries, in alphabetical order.
    Partner,
    /// Month of settlement or end.
    Month,
    /// Business date of settlement or end.
    Day,
    /// The paying bank.
    Participant,
    /// The paying country.
    Country,
    /// How it settled.
    How,
    /// What it first waited for.
    Waited,
}

impl Dimension {
    /// The name in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::SettlementCurrency => "settlement_currency",
            Self::AccountCurrency => "account_currency",
            Self::InvoiceCurrency => "invoice_currency",
            Self::Flow => "flow",
            Self::Partner => "partners",
            Self::Month => "month",
            Self::Day => "day",
            Self::Participant => "participant",
            Self::Country => "country",
            Self::How => "how",
            Self::Waited => "waited_for",
        }
    }

    /// Which value a row has.
    #[must_use]
    pub fn code(self, facts: &Facts, row: &Row) -> u32 {
        match self {
            Self::All => 0,
            Self::SettlementCurrency => row.settled_in,
            Self::AccountCurrency => row.debited_in,
            Self::InvoiceCurrency => row.invoiced_in,
            Self::Flow => row.flow as u32,
            Self::Partner => {
                let (a, b) = (facts.country_of(row.debtor), facts.country_of(row.creditor));
                if a == NONE || b == NONE {
                    return NONE;
                }
                let swap = facts.countries[a as usize] > facts.countries[b as usize];
                let (first, second) = if swap { (b, a) } else { (a, b) };
                first << 16 | second
            }
            Self::Month => date::month(row.day()),
            Self::Day => row.day(),
            Self::Participant => row.debtor,
            Self::Country => facts.country_of(row.debtor),
            Self::How => row.how as u32,
            Self::Waited => row.waited,
        }
    }

    /// How a value is written.
    #[must_use]
    pub fn label(self, facts: &Facts, code: u32) -> String {
        match self {
            Self::All => "all".into(),
            Self::SettlementCurrency | Self::AccountCurrency | Self::InvoiceCurrency => facts.currency_name(code),
            Self::Flow => super::codes::Flow::ALL.get(code as usize).map_or("unknown", |flow| flow.word()).into(),
            Self::Partner if code == NONE => "unknown".into(),
            Self::Partner => format!("{}-{}", facts.country_name(code >> 16), facts.country_name(code & 0xffff)),
            Self::Month => date::month_text(code),
            Self::Day => date::day_text(code),
            Self::Participant => facts.bank_name(code),
            Self::Country => facts.country_name(code),
            Self::How => super::facts::How::ALL.get(code as usize).map_or("unknown", |how| how.word()).into(),
            Self::Waited if code == NONE => "did not wait".into(),
            Self::Waited => facts.waits.get(code as usize).cloned().unwrap_or_else(|| "unknown".into()),
        }
    }
}

/// A figure and the payments behind it, by their place in [`Facts::rows`].
#[derive(Debug, Clone)]
pub struct Told {
    /// The figure.
    pub figure: Figure,
    /// Its members, rising.
    pub members: Arc<Vec<u32>>,
}

/// Figures that belong together.
#[derive(Debug, Clone)]
pub struct Part {
    /// Short name, by which it can be asked for.
    pub name: &'static str,
    /// Heading.
    pub title: String,
    /// The figures, in the order of their rows.
    pub told: Vec<Told>,
}

/// A sum over members.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// Minor units of whatever currency the key fixes.
    pub(crate) value: i128,
    /// Minor units of the unit.
    pub(crate) unit: i128,
    /// Members without a value in the unit.
    pub(crate) no_rate: u64,
    /// Who was summed.
    pub(crate) members: Vec<u32>,
}

/// A key of up to three codes.
pub(crate) type Key = [u32; 3];

/// Sums by key.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    cells: HashMap<Key, Cell>,
}

impl Tally {
    /// Adds a row to the sum of a key: its value, and its value in the unit.
    pub(crate) fn add(&mut self, key: Key, at: usize, value: i64, unit: Option<i64>) {
        let cell = self.cells.entry(key).or_default();
        cell.value += i128::from(value);
        match unit {
            Some(unit) => cell.unit += i128::from(unit),
            None => cell.no_rate += 1,
        }
        cell.members.push(u32::try_from(at).expect("fewer than 2^32 rows"));
    }

    /// Every sum, ordered by the labels of its key.
    pub(crate) fn sorted(self, facts: &Facts, dimensions: [Dimension; 3]) -> Vec<(Key, Cell)> {
        let label = |key: &Key| -> [(bool, String); 3] {
            std::array::from_fn(|at| {
                let text = dimensions[at].label(facts, key[at]);
                // What is not known comes last; classes keep their own order.
                match dimensions[at] {
                    Dimension::Flow | Dimension::How => (false, format!("{:03}", key[at])),
                    Dimension::All
                    | Dimension::SettlementCurrency
                    | Dimension::AccountCurrency
                    | Dimension::InvoiceCurrency
                    | Dimension::Partner
                    | Dimension::Month
                    | Dimension::Day
                    | Dimension::Participant
                    | Dimension::Country
                    | Dimension::Waited => (key[at] == NONE, text),
                }
            })
        };
        let mut cells: Vec<(Key, Cell)> = self.cells.into_iter().collect();
        cells.sort_by_cached_key(|(key, _)| label(key));
        cells
    }
}

/// What a figure needs besides its value.
pub(crate) struct Maker<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) source: Arc<Source>,
    /// Entries of earlier journals, to be added to a journal's own numbers.
    offsets: Vec<u64>,
}

impl<'a> Maker<'a> {
    pub(crate) fn new(facts: &'a Facts) -> Self {
        let mut offsets = Vec::new();
        let mut before = 0;
        for source in &facts.sources {
            offsets.push(before);
            before += source.entries.1;
        }
        Self { facts, source: source_of(facts).shared(), offsets }
    }

    /// A figure about `of`, made of `members`.
    pub(crate) fn tell(
        &self,
        definition: &'static Definition,
        of: &[(&'static str, String)],
        value: Value,
        unit: Option<&str>,
        members: &Arc<Vec<u32>>,
    ) -> Told {
        let mut rows = Rows::default();
        for at in members.iter() {
            let row = &self.facts.rows[*at as usize];
            rows.push(self.offsets[usize::from(row.journal)] + row.entry);
        }
        let mut figure = Figure::new(definition, &self.source).value(value).rows(rows);
        figure.of = of.to_vec();
        if let Some(unit) = unit {
            figure = figure.unit(unit);
        } else if definition.measure == Measure::Amount {
            figure = figure.unit(self.unit_code());
        }
        Told { figure, members: Arc::clone(members) }
    }

    pub(crate) fn unit_code(&self) -> &str {
        self.facts.unit.as_ref().map_or("no unit", |unit| unit.code.as_str())
    }

    /// An amount in the unit; absent when there is no unit, or a member has no rate.
    pub(crate) fn unit_value(&self, cell: &Cell) -> Value {
        match &self.facts.unit {
            None => Value::Absent("no unit"),
            Some(_) if cell.no_rate as usize == cell.members.len() => Value::Absent("no approved rate"),
            Some(unit) => Value::amount(cell.unit, unit.exponent),
        }
    }

    pub(crate) fn exponent(&self, currency: u32) -> u8 {
        self.facts.currencies.get(currency as usize).map_or(0, |currency| currency.exponent)
    }
}

/// Names, ranges and hashes of all journals. With several, entries are numbered on: those of the second follow the last of
/// the first.
#[must_use]
pub fn source_of(facts: &Facts) -> Source {
    let names: Vec<&str> = facts.sources.iter().map(|source| source.name.as_str()).collect();
    let revisions: Vec<String> = facts
        .sources
        .iter()
        .map(|source| {
            let hash: String = source.hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!("entries {}-{}, hash {hash}", source.entries.0, source.entries.1)
        })
        .collect();
    let unit = facts.unit.as_ref().map_or(String::new(), |unit| unit.code.clone());
    Source::new(names.join(" + "), revisions.join(" + "), unit)
}
