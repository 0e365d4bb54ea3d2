//! Rows of trade, with the names that their numbers stand for.
//!
//! Deliberately absent: files, and the exchange of one unit of value for another.

use std::fmt;
use std::sync::Arc;

use crate::figure::Source;

/// One flow of goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Index of the period, in order of time.
    pub period: usize,
    /// Index of who sold.
    pub exporter: usize,
    /// Index of who bought.
    pub importer: usize,
    /// Chapter of the Harmonized System, where the table has products.
    pub chapter: Option<u8>,
    /// Value in minor units of the table, not below zero.
    pub value: i64,
    /// The row's number in its source.
    pub row: u64,
}

/// A table of trade.
#[derive(Debug, Clone)]
pub struct Table {
    /// Names of periods, in order of time.
    pub periods: Vec<String>,
    /// Codes of countries.
    pub codes: Vec<String>,
    /// The flows.
    pub rows: Vec<Row>,
    /// How many digits of a value are decimals.
    pub decimals: u8,
    /// Where it is from.
    pub source: Arc<Source>,
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A value below zero.
    NegativeValue {
        /// The row.
        row: u64,
        /// The value, in minor units.
        value: i64,
    },
    /// Somebody trades with itself.
    Itself {
        /// The row.
        row: u64,
        /// Who.
        code: String,
    },
    /// Energy cannot be left out of a table without products.
    NoProducts,
}

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NegativeValue { row, value } => write!(to, "row {row}: value {value} is below zero"),
            Self::Itself { row, code } => write!(to, "row {row}: {code} trades with itself"),
            Self::NoProducts => {
                write!(to, "the table has no products, so energy and sections are not known; add a column hs2")
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl Table {
    /// Whether rows have products.
    #[must_use]
    pub fn has_products(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.chapter.is_some())
    }

    /// Checks every row.
    ///
    /// # Errors
    /// The first row with a value below zero, or of somebody with itself.
    pub fn check(&self) -> Result<(), Refusal> {
        for row in &self.rows {
            if row.value < 0 {
                return Err(Refusal::NegativeValue { row: row.row, value: row.value });
            }
            if row.exporter == row.importer {
                return Err(Refusal::Itself { row: row.row, code: self.codes[row.exporter].clone() });
            }
        }
        Ok(())
    }
}
