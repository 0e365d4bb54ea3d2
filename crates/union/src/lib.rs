//! The rules by which members of a union carry what is left after netting.
//!
//! Read [`cycle`] first: it closes one cycle, from flows to what each member pays in the settlement asset and what it carries as
//! credit. [`tranche`] says how much of a position is paid, [`quota`] how large a position may be, [`charge`] what carrying it
//! costs, [`action`] who must do something about it, [`schedule`] and [`recycle`] how it is paid down or lent on, [`exhaustion`]
//! how long it can go on, [`risk`] what stands behind a member that cannot pay. [`preset`] has the rule sets of history and of today as data, and [`run`] puts flows through one.
//!
//! Everything is a pure function of its input over indices and integers: no clock, chance, I/O or floating point; what is not a
//! whole minor unit is an exact [`ratio::Ratio`]. Deliberately absent: accounts, journals and messages (the caller books what is
//! decided here), names of banks, and exchange between currencies.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod action;
pub mod apportion;
pub mod charge;
pub mod cycle;
pub mod dates;
pub mod exhaustion;
pub mod persist;
pub mod position;
pub mod preset;
pub mod quota;
pub mod ratio;
pub mod recycle;
pub mod refusal;
pub mod residual;
pub mod risk;
pub mod ruleset;
pub mod run;
pub mod schedule;
pub mod share;
pub mod tally;
pub mod tranche;
pub mod unit;
pub mod variant;

pub use ratio::Ratio;
pub use refusal::Refusal;
pub use share::{Rate, Share};

/// Which of two sides a position is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The member owes the others: its position is below zero.
    Debtor,
    /// The others owe the member: its position is above zero.
    Creditor,
}

impl Side {
    /// The side of a position; none for zero.
    #[must_use]
    pub const fn of(position: i64) -> Option<Self> {
        match position {
            i64::MIN..=-1 => Some(Self::Debtor),
            0 => None,
            1..=i64::MAX => Some(Self::Creditor),
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::Creditor => "creditor",
        }
    }
}

/// An index as a position in a slice.
#[expect(clippy::as_conversions, reason = "u32 always fits usize on the 32- and 64-bit targets we build for")]
const fn at(index: u32) -> usize {
    index as usize
}
