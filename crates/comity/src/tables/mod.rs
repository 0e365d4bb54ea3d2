//! Tables with typed columns, written as CSV or Parquet by the same code.
//!
//! Absent on purpose: what the tables mean; see [`crate::commands::export`].

mod csv;
mod parquet;

use std::path::Path;

use crate::cli::Format;
use crate::exit::Failure;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UTF-8 text; may be absent.
    Text,
    /// 64-bit integer; may be absent.
    Integer,
    /// 64-bit floating point, never for money; may be absent.
    Real,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Integer(i64),
    Real(f64),
    Absent,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<u64> for Cell {
    fn from(integer: u64) -> Self {
        i64::try_from(integer).map_or(Self::Absent, Self::Integer)
    }
}

/// A table being written, row by row.
pub(crate) trait Table {
    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Failure>;
    fn finish(self: Box<Self>) -> Result<u64, Failure>;
}

/// Begins a table `name` in `dir`.
pub(crate) fn create(
    dir: &Path,
    name: &str,
    format: Format,
    columns: &[(&str, Kind)],
) -> Result<Box<dyn Table>, Failure> {
    match format {
        Format::Csv => Ok(Box::new(csv::Csv::create(&dir.join(format!("{name}.csv")), columns)?)),
        Format::Parquet => Ok(Box::new(parquet::Parquet::create(&dir.join(format!("{name}.parquet")), columns)?)),
    }
}
