//! Unions of an arrangement: rules and members from `arrangement.toml`, rates in the unit from `union-rates.csv`, and what
//! authorities do about positions from `union-orders.csv`.
//!
//! Absent on purpose: positions. Those are the ledger's; a line says what is asked of it, and its answer is in the journal.

mod orders;
mod parts;
mod plan;
mod rates;
mod resolve;
mod rules;

use comity_ledger::command::RateKind;
use comity_ledger::ids::{AuthorityId, CurrencyId, Day, Key};
use comity_ledger::rate::Rate;
use comity_ledger::union::Origin;
use comity_ledger::union::order::{Method, SetUnion, TermRule};
use comity_union::dates::Length;

use crate::mistake::{Notes, Spot};
use crate::model::Arrangement;
use crate::time::LocalTime;

pub use plan::{Ask, By, UnionStep};

pub(crate) use orders::{ORDERS, orders};
pub(crate) use rates::{RATES, rates};
pub(crate) use rules::{RULES, read};

/// The files of unions, in the order they are hashed. One that is empty says nothing.
pub(crate) const FILES: [&str; 3] = [RULES, RATES, ORDERS];

/// A union, as the files found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Union {
    /// The rules, as the ledger takes them.
    pub rules: SetUnion,
    /// Code of the unit of account: of a currency, or the name of the basket.
    pub unit: String,
    /// The rule set it began with; none when everything is written out.
    pub preset: Option<String>,
    /// When it closes.
    pub closes: Closes,
    /// Terms of loans out of claims.
    pub lending: Option<TermRule>,
}

/// On which business dates a union closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closes {
    /// On the last business date of each of these cycles.
    Length(Length),
    /// On these dates.
    Dates(Vec<Day>),
    /// Whenever this many final cycles of net positions wait; the ledger counts them.
    Cycles(u32),
}

/// What a currency is worth in the unit of its union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRateLine {
    /// The currency.
    pub currency: CurrencyId,
    /// Units of account for one of it; with a basket, its worth in the measure of the base rates.
    pub rate: Rate,
    /// Who published it.
    pub source: String,
    /// What kind of rate.
    pub kind: RateKind,
    /// Whether two people release it when the deviation gate holds it.
    pub release: bool,
    /// The only business date it is for; none means every date.
    pub date: Option<Day>,
}

/// How much of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All that is open when the line is due.
    All,
    /// Minor units of the unit of account.
    Minor(i64),
}

/// What an authority does about its position or a residual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The payer reports a transfer made outside.
    Prove {
        /// Designated asset or basket.
        method: Method,
        /// How much of the residual.
        amount: Part,
        /// For a basket: minor units of each of its currencies, in the order of the rules.
        legs: Vec<i64>,
        /// Reference in the outside system.
        reference: Key,
    },
    /// The payee accepts or declines what was reported.
    Answer {
        /// Accepted, or declined.
        accept: bool,
    },
    /// The payer carries this much on as credit.
    RollOver {
        /// How much.
        amount: Part,
    },
    /// The payer pays in instalments.
    Instalments {
        /// How many.
        count: u16,
    },
    /// The payer draws on the swap facility.
    Swap {
        /// How much.
        amount: Part,
    },
    /// The payee uses what it is owed for a permitted purpose.
    Use {
        /// How much.
        amount: Part,
        /// Index in the list of purposes.
        purpose: u32,
        /// Reference of the contract.
        reference: Key,
    },
    /// A creditor pays another member with its claim, or uses it there for a permitted purpose.
    Pay {
        /// How much.
        amount: Part,
        /// Index in the list of purposes; none when it simply pays.
        purpose: Option<u32>,
        /// Reference.
        reference: Key,
    },
    /// A creditor offers a debtor a loan out of its claim.
    Offer {
        /// How much.
        amount: Part,
        /// On which terms.
        terms: TermRule,
    },
    /// A debtor takes the loan it was offered.
    Take,
    /// Either side turns the offer down.
    Withdraw,
    /// The operator sets opposite residuals against each other.
    Auction,
    /// The member leaves.
    Leave,
}

/// What a residual came from, as a line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The asset part of a position.
    Asset,
    /// A symmetric charge.
    Charge,
    /// Interest.
    Interest,
    /// An instalment of a loan.
    Instalment,
    /// What two members settle directly after an auction.
    Crossed,
    /// What a member is owed after its claim was used.
    Used,
    /// What a member that left owes or is owed.
    Leaving,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Asset, Self::Charge, Self::Interest, Self::Instalment, Self::Crossed, Self::Used, Self::Leaving];

    /// The word for it, in files and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Charge => "charge",
            Self::Interest => "interest",
            Self::Instalment => "instalment",
            Self::Crossed => "crossed",
            Self::Used => "used",
            Self::Leaving => "leaving",
        }
    }

    /// What a residual of the ledger came from.
    #[must_use]
    pub const fn of(origin: Origin) -> Self {
        match origin {
            Origin::Asset(_) | Origin::Rules => Self::Asset,
            Origin::Charge(_) => Self::Charge,
            Origin::Interest(_) => Self::Interest,
            Origin::Instalment(_) => Self::Instalment,
            Origin::Crossed(_) => Self::Crossed,
            Origin::Used(_) => Self::Used,
            Origin::Leaving => Self::Leaving,
        }
    }
}

/// A line of `union-orders.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnionOrder {
    /// On which business date.
    pub date: Day,
    /// Local time on the clock of the day; none means when the phase in which the union closes begins.
    pub at: Option<LocalTime>,
    /// Which union.
    pub union: u32,
    /// Whose people ask; none for the operator, who acts for the union itself.
    pub member: Option<AuthorityId>,
    /// The member on the other side, where there is one; none where it is the union itself.
    pub other: Option<AuthorityId>,
    /// Which kind of residual is meant; none means the one due first.
    pub of: Option<Kind>,
    /// What is asked.
    pub deed: Deed,
}

/// Rules about unions and several files at once: phases, dates, rates that closings need.
pub(crate) fn check(arrangement: &Arrangement, rates: &[Spot], orders: &[Spot], notes: Notes<'_>) {
    if arrangement.day.date.is_set() && !arrangement.currencies.is_empty() {
        rates::missing(arrangement, rates, notes);
        orders::dates(arrangement, orders, notes);
        plan::phases(arrangement, notes);
    }
}

/// Longest reference.
const REFERENCE_LEN_MAX: usize = 16;

/// A reference of up to 16 printable ASCII characters as a key that keeps its text.
#[must_use]
pub fn reference_key(text: &str) -> Option<Key> {
    let fits = !text.is_empty() && text.len() <= REFERENCE_LEN_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| Key(text.bytes().fold(0_u128, |key, byte| key << 8 | u128::from(byte))))
}

/// The text of such a key; of any other its hexadecimal digits.
#[must_use]
pub fn reference_text(key: Key) -> String {
    let bytes = key.0.to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let text = bytes.get(start..).unwrap_or_default();
    match core::str::from_utf8(text) {
        Ok(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => text.to_owned(),
        Ok(_) | Err(_) => format!("{:032x}", key.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_keeps_its_text() {
        for text in ["A", "EXAMPLE-1", "sixteen-letters!"] {
            assert_eq!(reference_key(text).map(reference_text), Some(text.to_owned()));
        }
        for bad in ["", "seventeen-letters", "with space", "é"] {
            assert_eq!(reference_key(bad), None, "{bad}");
        }
        assert_eq!(reference_text(Key(0)), "0".repeat(32));
        assert_eq!(reference_text(Key(7)), format!("{:032x}", 7));
    }
}
