//! The verifier: proves feasibility and greatestness of a solution from its removal trace.
//!
//! It shares no code or sums with the solver, only the definitions. It starts from everything selected and
//! replays the trace: each removal must be forced by a constraint that everything not yet removed violates.
//! By induction every feasible set stays inside what remains; if what remains at the end is itself feasible,
//! it is the greatest. Linear in accounts, items, limits, groups and trace.

use alloc::vec::Vec;
use core::fmt;

use super::{Cause, Invalid, NO_GROUP, Problem, Removal, Solution};
use crate::at;

/// No item or limit.
const NONE: u32 = u32::MAX;

/// What is wrong with a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// The problem itself is not well formed.
    Problem(Invalid),
    /// A slice of the solution has the wrong length.
    Length { what: &'static str, found: usize, expected: usize },
    /// The trace names an item that does not exist.
    Unknown { item: u32 },
    /// The trace removes an item twice.
    Repeated { item: u32 },
    /// The named cause did not force the removal at that point of the trace.
    Unforced { item: u32, cause: Cause },
    /// The selected flag of an item disagrees with the trace.
    Selection { item: u32 },
    /// A selected item stands behind one that is not selected.
    NotPrefix { item: u32 },
    /// A selected item belongs to a group of which another item is not selected.
    SplitGroup { item: u32, group: u32 },
    /// An account with selected outgoing items violates a constraint of its own.
    AccountViolated { account: u32, cause: Cause },
    /// A bilateral limit with selected items is violated.
    PairViolated { limit: u32 },
    /// The stated net outflow of an account is not that of its selected items.
    NetOut { account: u32, stated: i128, found: i128 },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Problem(ref invalid) => invalid.fmt(f),
            Self::Length { what, found, expected } => {
                write!(f, "{what} has {found} entries, expected {expected}")
            }
            Self::Unknown { item } => write!(f, "trace names item {item}, which does not exist"),
            Self::Repeated { item } => write!(f, "trace removes item {item} twice"),
            Self::Unforced { item, cause } => {
                write!(f, "removal of item {item} by {cause:?} was not forced at that point")
            }
            Self::Selection { item } => write!(f, "item {item} is selected against the trace"),
            Self::NotPrefix { item } => {
                write!(f, "item {item} is selected behind one that is not")
            }
            Self::SplitGroup { item, group } => {
                write!(f, "item {item} is selected but group {group} is not complete")
            }
            Self::AccountViolated { account, cause } => {
                write!(f, "account {account} violates its {cause:?} constraint")
            }
            Self::PairViolated { limit } => write!(f, "bilateral limit {limit} is violated"),
            Self::NetOut { account, stated, found } => {
                write!(f, "net outflow of account {account} is {found}, not {stated}")
            }
        }
    }
}

impl core::error::Error for Flaw {}

/// Proves that `solution` is the greatest feasible set of `problem`.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn check(problem: &Problem<'_>, solution: &Solution<'_>) -> Result<(), Flaw> {
    Checker::new().check(problem, solution)
}

/// Proves that a selection may settle (prefixes, groups, accounts, limits), not that it is the greatest.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn feasible(problem: &Problem<'_>, selected: &[bool]) -> Result<(), Flaw> {
    Checker::new().feasible(problem, selected)
}

/// Buffers of the verifier, for callers that check often.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    accounts: Vec<AccountSums>,
    limits: Vec<LimitSums>,
    /// Item indices queue by queue.
    queued: Vec<u32>,
    /// For each item: the limit debtor -> creditor, the limit creditor -> debtor, the previous item in the
    /// queue that uses the same limit. Empty without limits.
    links: Vec<Links>,
    /// For each account the limits between the account in hand and it, as (uses, relieves).
    marks: Vec<(u32, u32)>,
    removed: Vec<bool>,
    group_broken: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
struct AccountSums {
    out: i128,
    into: i128,
    /// The queue is `queued[start..end]`; `end` moves down past removed items.
    start: usize,
    end: usize,
    first_removed: u32,
    /// First limits from and to this account.
    limit_from: u32,
    limit_to: u32,
    /// What only `queued[start..urgent_end]` may use.
    reserve: i64,
    urgent_end: usize,
    reserved: bool,
}

#[derive(Clone, Copy, Debug)]
struct LimitSums {
    flow: i128,
    /// Last item using the limit that is not removed, once `settle_last` has run.
    last: u32,
    next_from: u32,
    next_to: u32,
}

#[derive(Clone, Copy, Debug)]
struct Links {
    uses: u32,
    relieves: u32,
    previous: u32,
}

const NO_SUMS: AccountSums = AccountSums {
    out: 0,
    into: 0,
    start: 0,
    end: 0,
    first_removed: NONE,
    limit_from: NONE,
    limit_to: NONE,
    reserve: 0,
    urgent_end: 0,
    reserved: false,
};

const NO_LINKS: Links = Links { uses: NONE, relieves: NONE, previous: NONE };

impl Checker {
    /// An empty checker.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`check`], without allocating when the buffers suffice.
    ///
    /// # Errors
    /// The first [`Flaw`] found.
    pub fn check(&mut self, problem: &Problem<'_>, solution: &Solution<'_>) -> Result<(), Flaw> {
        self.start(problem, solution.selected)?;
        let (found, expected) = (solution.net_out.len(), problem.accounts.len());
        if found != expected {
            return Err(Flaw::Length { what: "net_out", found, expected });
        }
        for &Removal { item, cause } in solution.trace {
            match self.removed.get(at(item)) {
                None => return Err(Flaw::Unknown { item }),
                Some(true) => return Err(Flaw::Repeated { item }),
                Some(false) => {}
            }
            if !self.forced(problem, item, cause) {
                return Err(Flaw::Unforced { item, cause });
            }
            self.remove(problem, item);
        }
        for (item, (&selected, &removed)) in (0u32..).zip(solution.selected.iter().zip(&self.removed)) {
            if selected == removed {
                return Err(Flaw::Selection { item });
            }
        }
        self.holds(problem)?;
        for (account, (sums, &stated)) in (0u32..).zip(self.accounts.iter().zip(solution.net_out)) {
            let found = sums.out - sums.into;
            if found != stated {
                return Err(Flaw::NetOut { account, stated, found });
            }
        }
        Ok(())
    }

    /// As [`feasible`], without allocating when the buffers suffice.
    ///
    /// # Errors
    /// The first [`Flaw`] found.
    pub fn feasible(&mut self, problem: &Problem<'_>, selected: &[bool]) -> Result<(), Flaw> {
        self.start(problem, selected)?;
        for (item, &selected) in (0u32..).zip(selected) {
            if !selected {
                self.remove(problem, item);
            }
        }
        self.holds(problem)
    }

    /// Sums everything as selected.
    fn start(&mut self, problem: &Problem<'_>, selected: &[bool]) -> Result<(), Flaw> {
        problem.validate().map_err(Flaw::Problem)?;
        let (found, expected) = (selected.len(), problem.items.len());
        if found != expected {
            return Err(Flaw::Length { what: "selected", found, expected });
        }
        refill(&mut self.accounts, problem.accounts.len(), NO_SUMS);
        refill(&mut self.removed, problem.items.len(), false);
        refill(&mut self.group_broken, at(problem.groups), false);
        for item in problem.items {
            self.accounts[at(item.debtor)].out += i128::from(item.amount);
            self.accounts[at(item.debtor)].end += 1;
            self.accounts[at(item.creditor)].into += i128::from(item.amount);
        }
        let mut place = 0;
        for account in &mut self.accounts {
            account.start = place;
            place += account.end;
            account.end = account.start;
        }
        refill(&mut self.queued, problem.items.len(), NONE);
        for (index, item) in (0u32..).zip(problem.items) {
            let end = &mut self.accounts[at(item.debtor)].end;
            self.queued[*end] = index;
            *end += 1;
        }
        for reserve in problem.reserves {
            let account = &mut self.accounts[at(reserve.account)];
            if core::mem::replace(&mut account.reserved, true) {
                return Err(Flaw::Problem(Invalid::ReserveTwice { account: reserve.account }));
            }
            account.reserve = reserve.amount;
            account.urgent_end = account.end.min(account.start + at(reserve.urgent));
        }
        self.start_limits(problem)
    }

    /// Links items with limits, account by account: mark its limits on the counterparties, walk its queue.
    fn start_limits(&mut self, problem: &Problem<'_>) -> Result<(), Flaw> {
        self.links.clear();
        self.limits.clear();
        if problem.bilateral.is_empty() {
            return Ok(());
        }
        for (limit, terms) in (0u32..).zip(problem.bilateral) {
            let (from, to) = (at(terms.from), at(terms.to));
            let (next_from, next_to) = (self.accounts[from].limit_from, self.accounts[to].limit_to);
            self.limits.push(LimitSums { flow: 0, last: NONE, next_from, next_to });
            self.accounts[from].limit_from = limit;
            self.accounts[to].limit_to = limit;
        }
        refill(&mut self.links, problem.items.len(), NO_LINKS);
        refill(&mut self.marks, problem.accounts.len(), (NONE, NONE));
        for account in 0..self.accounts.len() {
            let AccountSums { start, end, limit_from, limit_to, .. } = self.accounts[account];
            let mut limit = limit_from;
            while limit != NONE {
                let terms = problem.bilateral[at(limit)];
                if core::mem::replace(&mut self.marks[at(terms.to)].0, limit) != NONE {
                    let (from, to) = (terms.from, terms.to);
                    return Err(Flaw::Problem(Invalid::BilateralTwice { from, to }));
                }
                limit = self.limits[at(limit)].next_from;
            }
            let mut limit = limit_to;
            while limit != NONE {
                self.marks[at(problem.bilateral[at(limit)].from)].1 = limit;
                limit = self.limits[at(limit)].next_to;
            }
            if limit_from != NONE || limit_to != NONE {
                self.link_queue(problem, start, end);
            }
            let mut limit = limit_from;
            while limit != NONE {
                self.marks[at(problem.bilateral[at(limit)].to)] = (NONE, NONE);
                limit = self.limits[at(limit)].next_from;
            }
            let mut limit = limit_to;
            while limit != NONE {
                self.marks[at(problem.bilateral[at(limit)].from)] = (NONE, NONE);
                limit = self.limits[at(limit)].next_to;
            }
        }
        Ok(())
    }

    fn link_queue(&mut self, problem: &Problem<'_>, start: usize, end: usize) {
        for &index in &self.queued[start..end] {
            let item = &problem.items[at(index)];
            let (uses, relieves) = self.marks[at(item.creditor)];
            let mut links = Links { uses, relieves, previous: NONE };
            if let Some(limit) = self.limits.get_mut(at(uses)) {
                limit.flow += i128::from(item.amount);
                links.previous = core::mem::replace(&mut limit.last, index);
            }
            if let Some(limit) = self.limits.get_mut(at(relieves)) {
                limit.flow -= i128::from(item.amount);
            }
            self.links[at(index)] = links;
        }
    }

    /// Is `item` outside every feasible subset of what remains, for the stated reason?
    fn forced(&mut self, problem: &Problem<'_>, item: u32, cause: Cause) -> bool {
        let entry = &problem.items[at(item)];
        match cause {
            Cause::Account | Cause::Multilateral | Cause::Gross | Cause::Reserve => {
                let sums = &mut self.accounts[at(entry.debtor)];
                sums.settle_end(&self.queued, &self.removed);
                let last = sums.end > sums.start && self.queued[sums.end - 1] == item;
                last && sums.violates(&problem.accounts[at(entry.debtor)], cause)
            }
            Cause::Pair => {
                let Some(links) = self.links.get(at(item)) else {
                    return false;
                };
                if links.uses == NONE {
                    return false;
                }
                let limit = &mut self.limits[at(links.uses)];
                limit.settle_last(&self.removed, &self.links);
                limit.last == item && limit.flow > i128::from(problem.bilateral[at(links.uses)].headroom)
            }
            Cause::Group => entry.group != NO_GROUP && self.group_broken[at(entry.group)],
            Cause::Behind => self.accounts[at(entry.debtor)].first_removed < item,
        }
    }

    fn remove(&mut self, problem: &Problem<'_>, item: u32) {
        let entry = &problem.items[at(item)];
        let amount = i128::from(entry.amount);
        self.removed[at(item)] = true;
        let debtor = &mut self.accounts[at(entry.debtor)];
        debtor.out -= amount;
        debtor.first_removed = debtor.first_removed.min(item);
        self.accounts[at(entry.creditor)].into -= amount;
        if entry.group != NO_GROUP {
            self.group_broken[at(entry.group)] = true;
        }
        if let Some(links) = self.links.get(at(item)) {
            if let Some(limit) = self.limits.get_mut(at(links.uses)) {
                limit.flow -= amount;
            }
            if let Some(limit) = self.limits.get_mut(at(links.relieves)) {
                limit.flow += amount;
            }
        }
    }

    /// Is what remains feasible?
    fn holds(&mut self, problem: &Problem<'_>) -> Result<(), Flaw> {
        for (item, (entry, &removed)) in (0u32..).zip(problem.items.iter().zip(&self.removed)) {
            if removed {
                continue;
            }
            if self.accounts[at(entry.debtor)].first_removed < item {
                return Err(Flaw::NotPrefix { item });
            }
            if entry.group != NO_GROUP && self.group_broken[at(entry.group)] {
                return Err(Flaw::SplitGroup { item, group: entry.group });
            }
        }
        for (account, (limits, sums)) in (0u32..).zip(problem.accounts.iter().zip(&mut self.accounts)) {
            sums.settle_end(&self.queued, &self.removed);
            for cause in [Cause::Account, Cause::Multilateral, Cause::Gross, Cause::Reserve] {
                // Amounts are positive, so nothing goes out exactly when the sum is zero.
                if sums.out != 0 && sums.violates(limits, cause) {
                    return Err(Flaw::AccountViolated { account, cause });
                }
            }
        }
        for (limit, (sums, terms)) in (0u32..).zip(self.limits.iter_mut().zip(problem.bilateral)) {
            sums.settle_last(&self.removed, &self.links);
            if sums.last != NONE && sums.flow > i128::from(terms.headroom) {
                return Err(Flaw::PairViolated { limit });
            }
        }
        Ok(())
    }
}

impl AccountSums {
    /// Moves the end of the queue past removed items.
    fn settle_end(&mut self, queued: &[u32], removed: &[bool]) {
        while self.end > self.start && removed[at(queued[self.end - 1])] {
            self.end -= 1;
        }
    }

    /// Whether a constraint of the account is violated; the end must be settled.
    fn violates(&self, limits: &super::Account, cause: Cause) -> bool {
        let net = self.out - self.into;
        match cause {
            Cause::Account => net > i128::from(limits.available),
            Cause::Reserve => {
                self.end > self.urgent_end && net > i128::from(limits.available) - i128::from(self.reserve)
            }
            Cause::Multilateral => limits.multilateral.is_some_and(|cap| net > i128::from(cap)),
            Cause::Gross => limits.gross_out.is_some_and(|cap| self.out > i128::from(cap)),
            Cause::Pair | Cause::Group | Cause::Behind => false,
        }
    }
}

impl LimitSums {
    fn settle_last(&mut self, removed: &[bool], links: &[Links]) {
        while self.last != NONE && removed[at(self.last)] {
            self.last = links[at(self.last)].previous;
        }
    }
}

fn refill<T: Copy>(buffer: &mut Vec<T>, len: usize, value: T) {
    buffer.clear();
    buffer.resize(len, value);
}
