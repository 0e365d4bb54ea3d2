//! Least imbalance: in which currency, and over which member, an order is paid so that positions cost least.
//!
//! Each member has a position per currency, in units of account, and each position a convex cost. [`Book`] decides orders
//! one by one as they arrive; [`hindsight`] says what the same orders would have cost at least had all been known before,
//! and [`check`] proves that from the orders alone. The difference is the regret. See `docs/clearing/imbalance.md`.
//!
//! Absent on purpose: rates (one unit of account), limits that forbid a position (a steep last tranche says it), time,
//! and the booking of what was decided.

mod book;
mod check;
mod hindsight;
mod schedule;

use core::fmt;

use crate::at;

pub use book::{Book, Choice, Route, Taken};
pub use check::{Flaw, check};
pub use hindsight::{Hindsight, hindsight};
pub use schedule::{Fault, RATE_MAX, Schedule, Side, TRANCHE_COUNT_MAX, Tranche};

/// Most currencies: an order names the allowed ones as bits of one word.
pub const CURRENCY_COUNT_MAX: u32 = 64;

/// Most members.
pub const MEMBER_COUNT_MAX: u32 = 1 << 20;

/// Largest amount of one order, units of account.
pub const AMOUNT_MAX: i64 = 1 << 48;

/// Largest absolute position, units of account; a route that would exceed it is none.
pub const POSITION_MAX: i64 = 1 << 60;

/// Members, currencies, what positions cost, and where they start.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    /// Members are `0..members`.
    pub members: u32,
    /// Currencies are `0..currencies`.
    pub currencies: u32,
    /// The schedules in use.
    pub schedules: &'a [Schedule],
    /// Which schedule a (member, currency) has: `members` rows of `currencies` entries.
    pub schedule_of: &'a [u32],
    /// Positions at the start, same shape: what a member has received less what it has paid.
    pub positions: &'a [i64],
    /// Per currency the member that exchanges it against others, if there is one: its central bank, say.
    pub homes: &'a [Option<u32>],
}

/// One order to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// Who pays.
    pub payer: u32,
    /// Who is paid; must differ from `payer`.
    pub payee: u32,
    /// Units of account, 1 to [`AMOUNT_MAX`].
    pub amount: i64,
    /// Bit `c` is set when currency `c` may be used.
    pub allowed: u64,
    /// Whether it may go over the home member of one of the currencies.
    pub via: bool,
    /// Over how many routes it may be split; 1 is the rule.
    pub pieces: u32,
}

/// Why a setup is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// More members or currencies than the limit, or none.
    Count { what: &'static str, count: u32, limit: u32 },
    /// A list has another length than members and currencies ask for.
    Shape { what: &'static str, expected: usize, found: usize },
    /// A (member, currency) names a schedule that does not exist.
    Schedule { member: u32, currency: u32, schedule: u32 },
    /// A position is beyond [`POSITION_MAX`].
    Position { member: u32, currency: u32, position: i64 },
    /// The home of a currency is no member.
    Home { currency: u32, member: u32 },
}

/// Why an order is refused; nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Refusal {
    /// It names a member that does not exist.
    Member { member: u32, members: u32 },
    /// It pays itself.
    ToSelf { member: u32 },
    /// Its amount is outside 1 to [`AMOUNT_MAX`].
    Amount { amount: i64 },
    /// It allows a currency that does not exist, or none.
    Allowed { allowed: u64, currencies: u32 },
    /// It may be split over no route at all.
    Pieces,
    /// Every route would take a position beyond [`POSITION_MAX`].
    NoRoute { amount: i64 },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count { what, count, limit } => write!(f, "{count} {what} are outside 1 to {limit}"),
            Self::Shape { what, expected, found } => write!(f, "{found} {what} given where {expected} are expected"),
            Self::Schedule { member, currency, schedule } => {
                write!(f, "member {member} in currency {currency} names schedule {schedule}, which does not exist")
            }
            Self::Position { member, currency, position } => {
                write!(f, "position {position} of member {member} in currency {currency} exceeds {POSITION_MAX}")
            }
            Self::Home { currency, member } => {
                write!(f, "home of currency {currency} is member {member}, which does not exist")
            }
        }
    }
}

impl core::error::Error for Invalid {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Member { member, members } => write!(f, "order names member {member}, there are {members}"),
            Self::ToSelf { member } => write!(f, "member {member} pays itself"),
            Self::Amount { amount } => write!(f, "amount {amount} is outside 1 to {AMOUNT_MAX}"),
            Self::Allowed { allowed: 0, .. } => write!(f, "order allows no currency"),
            Self::Allowed { allowed, currencies } => {
                write!(f, "order allows currencies {allowed:#b}, there are {currencies}")
            }
            Self::Pieces => write!(f, "order may be split over 0 routes"),
            Self::NoRoute { amount } => {
                write!(f, "no route takes {amount}: every position would exceed {POSITION_MAX}")
            }
        }
    }
}

impl core::error::Error for Refusal {}

impl Setup<'_> {
    /// Checks every shape and index.
    ///
    /// # Errors
    /// The first [`Invalid`] found.
    pub fn validate(&self) -> Result<(), Invalid> {
        let counts = [("members", self.members, MEMBER_COUNT_MAX), ("currencies", self.currencies, CURRENCY_COUNT_MAX)];
        for (what, count, limit) in counts {
            if !(1..=limit).contains(&count) {
                return Err(Invalid::Count { what, count, limit });
            }
        }
        let cells = at(self.members) * at(self.currencies);
        let shapes = [
            ("schedules", cells, self.schedule_of.len()),
            ("positions", cells, self.positions.len()),
            ("homes", at(self.currencies), self.homes.len()),
        ];
        for (what, expected, found) in shapes {
            if expected != found {
                return Err(Invalid::Shape { what, expected, found });
            }
        }
        for member in 0..self.members {
            for currency in 0..self.currencies {
                let cell = self.cell(member, currency);
                let (schedule, position) = (self.schedule_of[cell], self.positions[cell]);
                if at(schedule) >= self.schedules.len() {
                    return Err(Invalid::Schedule { member, currency, schedule });
                }
                if !(-POSITION_MAX..=POSITION_MAX).contains(&position) {
                    return Err(Invalid::Position { member, currency, position });
                }
            }
        }
        let homes = (0u32..).zip(self.homes).filter_map(|(currency, home)| home.map(|member| (currency, member)));
        match homes.into_iter().find(|(_, member)| *member >= self.members) {
            Some((currency, member)) => Err(Invalid::Home { currency, member }),
            None => Ok(()),
        }
    }

    /// Where a (member, currency) is in the lists.
    const fn cell(&self, member: u32, currency: u32) -> usize {
        at(member) * at(self.currencies) + at(currency)
    }

    fn schedule(&self, cell: usize) -> &Schedule {
        &self.schedules[at(self.schedule_of[cell])]
    }

    /// What positions cost together.
    #[must_use]
    pub fn cost(&self, positions: &[i64]) -> i128 {
        positions.iter().enumerate().map(|(cell, position)| self.schedule(cell).cost(*position)).sum()
    }
}

impl Order {
    /// Checks an order against a setup.
    ///
    /// # Errors
    /// The first [`Refusal`] found, except [`Refusal::NoRoute`].
    pub fn validate(&self, members: u32, currencies: u32) -> Result<(), Refusal> {
        if let Some(member) = [self.payer, self.payee].into_iter().find(|member| *member >= members) {
            return Err(Refusal::Member { member, members });
        }
        if self.payer == self.payee {
            return Err(Refusal::ToSelf { member: self.payer });
        }
        if !(1..=AMOUNT_MAX).contains(&self.amount) {
            return Err(Refusal::Amount { amount: self.amount });
        }
        if self.allowed == 0 || u64::BITS - self.allowed.leading_zeros() > currencies {
            return Err(Refusal::Allowed { allowed: self.allowed, currencies });
        }
        if self.pieces == 0 { Err(Refusal::Pieces) } else { Ok(()) }
    }

    /// The allowed currencies, the lowest first.
    fn currencies(&self) -> impl Iterator<Item = u32> + Clone {
        let allowed = self.allowed;
        (0..u64::BITS).filter(move |currency| allowed >> currency & 1 == 1)
    }
}
