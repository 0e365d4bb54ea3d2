//! Set-off of obligations: how much of what parties owe each other can be cleared without money.
//!
//! If A owes B, B owes C and C owes A, all three debts can be set off up to the smallest. What is set off is a
//! *circulation*: every party is relieved of as much debt as it gives up in claims, so nobody's net position changes and
//! nobody gets a new counterparty. [`solve`] finds a circulation of greatest value and a certificate; [`verify`] proves
//! both from the obligations alone, in one pass, and shares only the definitions of this file with the solver.
//!
//! - [`Problem`] says what is owed and on which terms: consent, caps of parties, lots, a fund that lends.
//! - [`Options`] says what is wanted beyond the greatest value: [`Goal`]s in order, and how a pair's cleared total falls
//!   on its single debts ([`Allocation`]).
//! - [`cycles`] turns the result into set-off notices, [`liquidity`] draws the curve of cleared value per money lent.
//!
//! Absent on purpose: names, files, currencies (one unit of account per problem; see `currency`), and novation, which
//! replaces counterparties and so needs another legal basis ([`crate::netting`] has its floor).

mod allocate;
pub mod cycles;
mod floors;
mod forest;
mod goals;
mod invalid;
pub mod liquidity;
mod network;
mod pairs;
mod solve;
mod verify;

use alloc::vec::Vec;

pub use crate::obligations::Obligation;
pub use floors::Floors;
pub use invalid::Invalid;
pub use solve::solve;
pub use verify::{Flaw, GoalProof, POTENTIAL_MAX, Proof, verify};

/// Most parties: leaves room for a second node per party and the fund.
pub const PARTY_COUNT_MAX: usize = 1 << 28;
/// Most obligations.
pub const OBLIGATION_COUNT_MAX: usize = 1 << 30;
/// Most all amounts together, minor units: keeps every sum of the solver within 64 bits.
pub const TOTAL_MAX: i64 = i64::MAX / 16;
/// Widest span of due ranks when age is a goal.
pub const DUE_SPAN_MAX: i64 = 1 << 30;
/// Steps of [`Goal::Fairest`]: each counts a tenth of what a party owes.
pub const TRANCHES: i64 = 10;

/// What is owed, and on which terms it may be set off. Indices are positions in `obligations`.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// Parties are `0..parties`.
    pub parties: u32,
    /// All obligations; parallel ones between the same two parties are normal.
    pub obligations: &'a [Obligation],
    /// One rank per obligation, lower is older (a date as a number of days); empty: age is the order of input.
    pub due: &'a [i32],
    /// Most that may be set off of each obligation, 0 to its amount; 0 excludes it. Empty: all of each.
    pub consent: &'a [i64],
    /// Parties that let only so much of their debts be set off in total; each party at most once.
    pub party_caps: &'a [PartyCap],
    /// Money lent for the run; `None`: set-off alone.
    pub fund: Option<Fund<'a>>,
    /// Each obligation is set off in multiples of this many minor units; 1: no lots.
    pub lot: i64,
    /// Each obligation is set off by nothing or at least this much; 0: no minimum. Not exact, see [`solve`].
    pub minimum: i64,
}

/// `party` lets at most `cap` of what it owes be set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartyCap {
    /// Index below [`Problem::parties`].
    pub party: u32,
    /// Minor units, not negative.
    pub cap: i64,
}

/// A fund or bank that lends for the run. A party that pays more than it receives draws the difference; a party that
/// receives more than it pays keeps the difference as money at the fund. The fund lends as much as it takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fund<'a> {
    /// Most that may be drawn by all together, minor units, not negative.
    pub limit: i64,
    /// Who may draw and how much; empty: everybody, within `limit`. Each party at most once.
    pub lines: &'a [Line],
}

/// A credit line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// Index below [`Problem::parties`].
    pub party: u32,
    /// Minor units, not negative.
    pub limit: i64,
}

/// A wish among clearings of the greatest value. Each goal is met within what the goals before it leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goal {
    /// Oldest first: the greatest sum of amount x age, where age is the distance of an obligation's due rank from the
    /// youngest one's. Needs [`Problem::due`]. Exact, with a certificate of its own.
    Oldest,
    /// Fairest: cleared shares as even as they can be. A unit cleared of the first tenth of what a party owes counts
    /// [`TRANCHES`], of the second tenth one less, and so on; the sum is greatest. (The largest smallest share says
    /// nothing where some party is on no cycle: its share is 0 in every clearing.) Exact, with a certificate.
    Fairest,
    /// Fewest touched: cancels cycles among partly cleared pairs until they form a forest, so at most parties - 1 pairs
    /// stay partly cleared. A heuristic without a bound (the least number is NP-hard); it must be the last goal.
    Fewest,
}

/// How a pair's cleared total falls on its single obligations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Allocation {
    /// Lowest due rank first, ties by order of input.
    #[default]
    Oldest,
    /// In proportion to what each may clear; whole units left over go to the largest remainders, ties to the oldest.
    ProRata,
}

/// What is wanted beyond the greatest value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Goals in order, each at most once.
    pub goals: &'a [Goal],
    /// How single obligations share.
    pub allocation: Allocation,
}

/// Integer potentials: the certificate of one objective. Any integers give a valid bound; the solver's reach it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Potentials {
    /// One per party.
    pub party: Vec<i64>,
    /// One per party for its paying side, when caps or shares of parties matter; empty: the same as `party`.
    pub paying: Vec<i64>,
    /// The fund's taking and lending side; zeros without a fund.
    pub fund: [i64; 2],
}

/// An amount of a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Share {
    /// The party.
    pub party: u32,
    /// Minor units, above zero.
    pub amount: i64,
}

/// A clearing and its proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// What is set off of each obligation, minor units.
    pub amounts: Vec<i64>,
    /// What [`verify`] found: gross, cleared, residual, bound, gap, draws.
    pub proof: Proof,
    /// Certificates: the first for the value, then one for each exact goal in order.
    pub certificates: Vec<Potentials>,
    /// Counts, for people.
    pub statistics: Statistics,
}

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Parties that owe or are owed something that may be cleared.
    pub parties: u32,
    /// Arcs after merging parallel obligations.
    pub arcs: u32,
    /// Strongly connected components of at least two parties.
    pub components: u32,
    /// Arcs inside a component: only these can lie on a cycle.
    pub arcs_on_cycles: u32,
    /// Obligations that are set off at least in part.
    pub touched: u32,
    /// Obligations that are set off in part.
    pub partly: u32,
}

impl<'a> Problem<'a> {
    /// All obligations among `parties` parties, without caps, lots or a fund.
    #[must_use]
    pub const fn of(parties: u32, obligations: &'a [Obligation]) -> Self {
        Self { parties, obligations, due: &[], consent: &[], party_caps: &[], fund: None, lot: 1, minimum: 0 }
    }

    /// Most that may be set off of an obligation by consent, before lots and the minimum.
    #[must_use]
    pub fn consent_of(&self, obligation: usize) -> i64 {
        self.consent.get(obligation).copied().unwrap_or_else(|| self.obligations[obligation].amount)
    }

    /// The least an obligation is set off by, if at all: the smallest multiple of the lot not below the minimum.
    #[must_use]
    pub fn least(&self) -> i64 {
        let lots = self.minimum / self.lot + i64::from(self.minimum % self.lot != 0);
        lots.saturating_mul(self.lot).max(self.lot)
    }

    /// Lots that may be set off of an obligation; 0 where consent does not reach the least.
    #[must_use]
    pub fn lots_of(&self, obligation: usize) -> i64 {
        let consent = self.consent_of(obligation);
        // Divisions are dear where every row is looked at.
        if self.lot == 1 && self.minimum <= 1 {
            return consent;
        }
        if consent < self.least() { 0 } else { consent / self.lot }
    }

    /// Whole lots in an amount.
    const fn in_lots(&self, amount: i64) -> i64 {
        if self.lot == 1 { amount } else { amount / self.lot }
    }

    /// Age of an obligation for [`Goal::Oldest`]: how far its due rank lies before `youngest`.
    fn age_of(&self, obligation: usize, youngest: i32) -> i64 {
        self.due.get(obligation).map_or(0, |due| i64::from(youngest) - i64::from(*due))
    }

    /// The youngest due rank; 0 without any.
    fn youngest(&self) -> i32 {
        self.due.iter().copied().max().unwrap_or(0)
    }
}
