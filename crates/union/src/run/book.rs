//! What a run keeps: one set of positions, and what each member's share in it came to.
//!
//! Deliberately absent: how any of it changes; [`super`] does that.

use alloc::vec::Vec;

use crate::action::Actions;
use crate::persist::{Loan, Return};
use crate::quota::Quota;
use crate::schedule::Instalment;
use crate::tranche::Stock;
use crate::{Rate, Ratio};

/// What a book is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All members.
    Union,
    /// Two members.
    Pair {
        /// The lower index.
        low: u32,
        /// The higher index.
        high: u32,
    },
    /// The members without the hub.
    Inner,
    /// Members with the hub.
    Outer,
}

/// One set of positions.
#[derive(Clone, Debug)]
pub struct Book {
    /// What it is for.
    pub scope: Scope,
    /// Its members, ascending; positions here and in all lists below.
    pub members: Vec<u32>,
    /// Their limits: quotas where positions are carried, swap limits where there is a facility, else none.
    pub limits: Vec<Option<Quota>>,
    /// What each may draw from a swap facility; zero without one.
    pub swap_limits: Vec<i64>,
    /// Nets of each cycle, by member.
    pub nets: Vec<Vec<i64>>,
    /// Credit at the end of each cycle, by member, where growth is limited.
    pub credits: Vec<Vec<i64>>,
    /// Action items; owners are positions in `members`.
    pub actions: Actions,
    /// What stands now.
    pub live: Live,
    /// Whether positions are carried.
    pub carries: bool,
}

/// What stands at the end of a cycle; lists are by member.
#[derive(Clone, Debug)]
pub struct Live {
    /// Positions that are carried.
    pub positions: Vec<i64>,
    /// What each position consists of; all zero where everything is paid.
    pub stocks: Vec<Stock>,
    /// Symmetric charges so far, exactly: on the credit that is carried, not on what has been paid.
    pub charges: Vec<Ratio>,
    /// What else a member's share came to.
    pub accounts: Vec<Account>,
    /// Loans that are not paid back.
    pub loans: Vec<Loan>,
    /// Uses that come back.
    pub returns: Vec<Return>,
    /// Used this year, by member and rule.
    pub used: Vec<Vec<i64>>,
    /// Cycles in a row beyond the band of the rising asset share.
    pub streaks: Vec<u32>,
    /// Shift of each member's stock now.
    pub shifts: Vec<crate::cycle::Shift>,
    /// Credit by the cycle in which it began, the oldest first; kept where interest depends on age.
    pub layers: Vec<Vec<(u32, i64)>>,
    /// Drawings of the swap facility: (cycle, amount), the oldest first.
    pub drawings: Vec<Vec<(u32, i64)>>,
    /// Refinanced settlements: instalments that are still due; `due` is a day counted from the beginning of the run.
    pub refinanced: Vec<Vec<Instalment>>,
}

impl Live {
    /// Nothing stands yet.
    pub(super) fn none(members: usize, uses: usize) -> Self {
        Self {
            positions: alloc::vec![0; members],
            stocks: alloc::vec![Stock::default(); members],
            charges: alloc::vec![Ratio::ZERO; members],
            accounts: alloc::vec![Account::default(); members],
            loans: Vec::new(),
            returns: Vec::new(),
            used: alloc::vec![alloc::vec![0; uses]; members],
            streaks: alloc::vec![0; members],
            shifts: alloc::vec![crate::cycle::Shift::default(); members],
            layers: alloc::vec![Vec::new(); members],
            drawings: alloc::vec![Vec::new(); members],
            refinanced: alloc::vec![Vec::new(); members],
        }
    }

    /// What a member owes on loans, and what is owed to it.
    #[must_use]
    pub fn lent(&self, member: u32) -> (i128, i128) {
        let sum = |is: fn(&Loan) -> u32| {
            self.loans.iter().filter(|loan| is(loan) == member).map(Loan::outstanding).sum::<i128>()
        };
        (sum(|loan| loan.debtor), sum(|loan| loan.creditor))
    }
}

/// What a member's share in a book came to so far; minor units. All are sums of sizes unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Interest on positions, exactly: below zero, it is paid.
    pub interest: Ratio,
    /// Cycles whose interest had no rate.
    pub interest_missing: u32,
    /// Lent out of its claim.
    pub lent: i128,
    /// Borrowed.
    pub borrowed: i128,
    /// Interest on loans received, less what was paid.
    pub loan_interest: i128,
    /// Served on loans in asset, outside of positions: below zero, it paid.
    pub served_in_asset: i128,
    /// Instalments it put off.
    pub put_off: u32,
    /// Its claim used, by kind.
    pub used: [i128; 4],
    /// Used on it, as a debtor.
    pub used_on: i128,
    /// Credit that a rule of time made asset; below zero, it went back.
    pub converted: i128,
    /// Cycles in which it grew faster than allowed.
    pub grew: u32,
    /// Settled by each method, and left open; the last one. Below zero, it paid.
    pub residual: [i128; 6],
    /// Now open.
    pub open: i64,
    /// Now rolled over.
    pub rolled: i64,
    /// Paid in the designated asset out of its own means, instalments and repayments included.
    pub paid: i128,
    /// Received in the designated asset.
    pub received: i128,
    /// Drawn on the swap facility.
    pub drawn: i128,
    /// Now drawn.
    pub swap: i64,
    /// The most that was drawn at a time.
    pub swap_most: i64,
    /// Put into instalments.
    pub refinanced: i128,
    /// Interest on drawings and instalments, exactly; it is paid.
    pub funding_interest: Ratio,
}

impl Default for Ratio {
    fn default() -> Self {
        Self::ZERO
    }
}

/// A cycle's time and rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// How many days it has.
    pub days: u32,
    /// The rate that debtors pay, where it is given.
    pub debtor: Option<Rate>,
    /// The rate that creditors receive, where it is given.
    pub creditor: Option<Rate>,
}
