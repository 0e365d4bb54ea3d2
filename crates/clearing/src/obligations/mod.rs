//! Set-off of obligations: who owes whom, merged into one arc per ordered pair, and what can be cleared along cycles.
//!
//! A debt is cleared only against debts of the same parties, along a cycle: everybody on it owes less and is owed less by
//! the same amount, so no net position changes and no money moves. Clearing the most is a circulation of greatest value
//! ([`crate::flow`]). See `docs/clearing/obligations.md`.
//!
//! Absent on purpose: names of parties, currencies (one run is one unit of account), files, clocks.

mod merge;

use core::fmt;

pub use crate::flow::components::{Components, components};
pub use merge::{Merged, merge};

/// One debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Obligation {
    /// Who owes.
    pub debtor: u32,
    /// Who is owed; another party than the debtor.
    pub creditor: u32,
    /// Minor units, above 0.
    pub amount: i64,
}

/// Largest sum of all obligations of one run, in minor units.
pub const TOTAL_MAX: i64 = i64::MAX / 4;

/// Most obligations or parties of one run.
pub const COUNT_MAX: usize = crate::flow::INDEX_COUNT_MAX;

/// Why obligations are refused. Rows are positions in the input, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Refusal {
    /// More rows or parties than [`COUNT_MAX`].
    TooMany { what: &'static str, count: usize },
    /// A row names a party that does not exist.
    Party { row: u32, party: u32, parties: u32 },
    /// A party owes itself.
    Own { row: u32, party: u32 },
    /// An amount is zero or negative.
    Amount { row: u32, amount: i64 },
    /// With this row the sum exceeds [`TOTAL_MAX`].
    Total { row: u32 },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { what, count } => write!(f, "{count} {what} exceed the limit of {COUNT_MAX}"),
            Self::Party { row, party, parties } => {
                write!(f, "row {row} names party {party}, but there are {parties} parties from 0 on")
            }
            Self::Own { row, party } => write!(f, "row {row} is a debt of party {party} to itself"),
            Self::Amount { row, amount } => write!(f, "row {row} has amount {amount}, which is not above 0"),
            Self::Total { row } => write!(f, "with row {row} the sum of all amounts exceeds the limit of {TOTAL_MAX}"),
        }
    }
}

impl core::error::Error for Refusal {}
