//! Gridlock resolution, policy `free-subset`: which queued items settle when the head of a queue may be passed over.
//!
//! The same problem as [`gridlock`](crate::gridlock) without its prefix rule for the accounts that opted in. To settle the
//! most is then NP-hard, so an answer comes with an upper bound and a proof of that bound:
//!
//! - up to [`EXACT_ITEMS_MAX`] items branch and bound finds the optimum; the proof is the search tree, each leaf with the
//!   prices that close it;
//! - above, the fractional relaxation, a min-cost flow, gives the bound, and the selection comes from diving into it: round
//!   what is large against the liquidity of its accounts, solve again, repair, add back, improve;
//! - with consent to *split*, a basic optimum of the flow has fewer slices than the network has nodes and reaches the bound.
//!
//! [`check`] proves feasibility and bound from the problem and the prices alone, sharing no code with the solver. The
//! mathematics is in `docs/clearing/free-choice.md`. Deliberately absent: clocks and chance (budgets are steps), booking.

mod book;
mod check;
mod dive;
mod relax;
mod search;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::at;
use crate::gridlock::{self, NO_GROUP, Problem};

pub use check::{Flaw, check};

/// Most items that are searched for the optimum.
pub const EXACT_ITEMS_MAX: usize = 40;

/// Largest weight of one unit in [`Goal::Weighted`].
pub const WEIGHT_MAX: u32 = 1 << 20;

/// Largest sum of all amounts in minor units.
pub const TOTAL_MAX: i64 = 1 << 58;

/// Steps that suffice for about a hundred thousand items within a second; see [`Terms::steps_max`].
pub const STEPS_DEFAULT: u64 = 80_000_000;

/// What to maximise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Goal<'a> {
    /// The settled amount in minor units. Currencies are added one to one: give weights to compare them otherwise.
    #[default]
    Value,
    /// The number of items settled whole.
    Count,
    /// The sum of settled amount times the weight of one unit of the item (its age, its urgency, its currency's rate): one
    /// weight for each item, at most [`WEIGHT_MAX`].
    Weighted(&'a [u32]),
}

/// Consent to settle a part of an item now and to leave the rest in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Split<'a> {
    /// Smallest slice, and smallest rest, in minor units; above zero.
    pub slice_min: i64,
    /// Consent item by item; `None`: all of them. Items of a PvP group and of accounts that did not opt in are never split.
    pub consent: Option<&'a [bool]>,
}

/// How the choice is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms<'a> {
    /// What to maximise.
    pub goal: Goal<'a>,
    /// Account by account: may the head of its queue be passed over? `None`: all opted in. The others keep a prefix.
    pub opted_in: Option<&'a [bool]>,
    /// Consent to split; `None` (the default): every item settles whole or not at all. Without effect on [`Goal::Count`].
    pub split: Option<Split<'a>>,
    /// Work permitted. A step is one arc priced, one item looked at or a comparable constant amount of work; the count does
    /// not depend on the machine. The bound is computed whatever it costs.
    pub steps_max: u64,
}

impl Default for Terms<'_> {
    fn default() -> Self {
        Self { goal: Goal::Value, opted_in: None, split: None, steps_max: STEPS_DEFAULT }
    }
}

/// A choice with its bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// For each item the minor units that settle: 0, its amount, or with consent a slice.
    pub settled: Vec<i64>,
    /// What the goal counts for `settled`.
    pub value: i128,
    /// No choice of items exceeds this, nor, when splitting was asked for, any choice of slices.
    pub bound: i128,
    /// Why not.
    pub proof: Proof,
    /// Steps taken.
    pub steps: u64,
}

impl Answer {
    /// How far the choice may be from the best; 0 proves that it is a best one.
    #[must_use]
    pub fn gap(&self) -> i128 {
        self.bound - self.value
    }
}

/// One price for each node of the stated network: accounts in order, then the pool, then the gross ports, then the pair ports.
///
/// A gross port exists for each account with a gross limit, in order of accounts; a pair port for each pair of accounts with
/// a bilateral limit in either direction, in order of (smaller, larger) account. See `docs/clearing/free-choice.md`.
pub type Prices = Vec<i64>;

/// The proof of a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Prices whose bound on the stated network is the bound.
    Prices(Prices),
    /// A search tree in preorder; the bound is the largest bound among its leaves, or the value where that is larger.
    Search(Vec<Step>),
}

/// A node of the search tree. Fixing an item fixes its PvP group, and in accounts that did not opt in what stands
/// before it (if it settles) or behind it (if it does not).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Two subtrees follow: first `item` settles (`up_first`) or not, then the contrary.
    Branch {
        /// Index into the problem's items; not fixed yet.
        item: u32,
        /// Which subtree stands first.
        up_first: bool,
    },
    /// A leaf: with these prices nothing that agrees with what is fixed exceeds their bound.
    Bound(Prices),
    /// A leaf: with these prices even worthless items cannot flow, so nothing agrees with what is fixed.
    Empty(Prices),
    /// A leaf: what is fixed breaks a limit whatever becomes of the rest.
    Broken,
}

/// Why a problem or its terms are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// The problem itself is not well formed.
    Problem(gridlock::Invalid),
    /// A slice of the terms has the wrong length.
    Length { what: &'static str, found: usize, expected: usize },
    /// A weight is too large.
    Weight { item: u32, weight: u32 },
    /// The smallest slice is zero or negative.
    Slice { slice_min: i64 },
    /// The amounts together exceed what the solver counts in.
    Total { total: i128 },
    /// Too many accounts and limits for the network.
    TooMany { nodes: usize },
    /// Accounts have reserves for urgent items.
    Reserves { count: usize },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Problem(ref invalid) => invalid.fmt(f),
            Self::Length { what, found, expected } => write!(f, "{what} has {found} entries, expected {expected}"),
            Self::Weight { item, weight } => {
                write!(f, "weight {weight} of item {item} exceeds the limit of {WEIGHT_MAX}")
            }
            Self::Slice { slice_min } => write!(f, "smallest slice {slice_min} is not above 0"),
            Self::Total { total } => write!(f, "amounts of {total} together exceed the limit of {TOTAL_MAX}"),
            Self::Reserves { count } => write!(
                f,
                "{count} accounts have a reserve for urgent items, which a free choice does not know; take it off what is available"
            ),
            Self::TooMany { nodes } => write!(f, "{nodes} accounts and limits exceed the limit of {NODES_MAX}"),
        }
    }
}

impl core::error::Error for Invalid {}

/// Most nodes of the network: keeps prices far from overflow.
pub const NODES_MAX: usize = 1 << 18;

/// Chooses items of a problem, and proves how good the choice is.
///
/// Deterministic: the same problem and terms give the same answer everywhere.
///
/// # Errors
/// [`Invalid`] when problem or terms are not well formed; nothing is computed then.
pub fn solve(problem: &Problem<'_>, terms: &Terms<'_>) -> Result<Answer, Invalid> {
    no_reserves(problem)?;
    let case = Case::new(problem, terms)?;
    // Nothing below this line can refuse.
    let splitting = case.terms.split.is_some();
    let (mut answer, relaxation) = dive::solve(&case);
    if answer.gap() == 0 || case.items() > EXACT_ITEMS_MAX {
        return Ok(answer);
    }
    let found = search::solve(&case, &relaxation, &answer);
    if !splitting {
        return Ok(found);
    }
    // A search knows whole items only: its choice counts, its bound does not.
    answer.steps = found.steps;
    if found.value > answer.value {
        (answer.settled, answer.value) = (found.settled, found.value);
    }
    Ok(answer)
}

/// Reserves depend on which items of a queue are urgent; a choice across a queue has no last item to ask.
fn no_reserves(problem: &Problem<'_>) -> Result<(), Invalid> {
    let count = problem.reserves.len();
    if count == 0 { Ok(()) } else { Err(Invalid::Reserves { count }) }
}

/// An upper bound on the value of every feasible selection, prefix or not: what it shows above the value under `fifo-prefix`
/// is the most that the order of the queues can cost. Reserves are left out of account, which can only raise it.
///
/// # Errors
/// [`Invalid`] when the problem is not well formed.
pub fn bound_without_fifo(problem: &Problem<'_>) -> Result<i128, Invalid> {
    let case = Case::new(problem, &Terms::default())?;
    Ok(relax::Relaxation::new(&case).bound(&case))
}

/// A valid problem with its terms, and what both halves of the solver look up.
#[derive(Debug)]
struct Case<'a> {
    problem: &'a Problem<'a>,
    terms: Terms<'a>,
    /// Per item the limit it uses and the limit it relieves; empty without limits.
    links: Vec<(u32, u32)>,
    /// Items by debtor in queue order, and where each account's begin; likewise by group.
    queues: Lists,
    groups: Lists,
    /// Smallest amount: the scale of [`Goal::Count`].
    least: i64,
}

/// No index.
const NONE: u32 = u32::MAX;

/// Values of one unit under [`Goal::Count`] are at most this.
const COUNT_VALUE_MAX: i64 = 1 << 26;

/// Lists of items, one after the other.
#[derive(Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// Sorts items into `count` lists, keeping their order; [`NONE`] belongs to none.
    fn new(count: usize, keys: impl Iterator<Item = u32> + Clone) -> Self {
        let mut starts = vec![0u32; count + 1];
        for key in keys.clone().filter(|key| *key != NONE) {
            starts[at(key) + 1] += 1;
        }
        for list in 0..count {
            starts[list + 1] += starts[list];
        }
        let mut items = vec![0; at(starts[count])];
        let mut ends = starts.clone();
        for (item, key) in (0u32..).zip(keys).filter(|(_, key)| *key != NONE) {
            let end = &mut ends[at(key)];
            items[at(*end)] = item;
            *end += 1;
        }
        Self { starts, items }
    }

    fn of(&self, list: u32) -> &[u32] {
        &self.items[at(self.starts[at(list)])..at(self.starts[at(list) + 1])]
    }
}

impl<'a> Case<'a> {
    fn new(problem: &'a Problem<'a>, terms: &Terms<'a>) -> Result<Self, Invalid> {
        problem.validate().map_err(Invalid::Problem)?;
        let length = |what, found: Option<usize>, expected: usize| match found {
            Some(found) if found != expected => Err(Invalid::Length { what, found, expected }),
            Some(_) | None => Ok(()),
        };
        length("opted_in", terms.opted_in.map(<[bool]>::len), problem.accounts.len())?;
        if let Goal::Weighted(weights) = terms.goal {
            length("weights", Some(weights.len()), problem.items.len())?;
            if let Some((item, &weight)) = (0u32..).zip(weights).find(|(_, weight)| **weight > WEIGHT_MAX) {
                return Err(Invalid::Weight { item, weight });
            }
        }
        let mut terms = *terms;
        if let Some(Split { slice_min, consent }) = terms.split {
            length("consent", consent.map(<[bool]>::len), problem.items.len())?;
            if slice_min <= 0 {
                return Err(Invalid::Slice { slice_min });
            }
            if terms.goal == Goal::Count {
                terms.split = None;
            }
        }
        let total: i128 = problem.items.iter().map(|item| i128::from(item.amount)).sum();
        if total > i128::from(TOTAL_MAX) {
            return Err(Invalid::Total { total });
        }
        let nodes = 2 * problem.accounts.len() + 1 + problem.bilateral.len();
        if nodes > NODES_MAX {
            return Err(Invalid::TooMany { nodes });
        }
        let links = links(problem)?;
        let queues = Lists::new(problem.accounts.len(), problem.items.iter().map(|item| item.debtor));
        let legs = problem.items.iter().map(|item| if item.group == NO_GROUP { NONE } else { item.group });
        let groups = Lists::new(at(problem.groups), legs);
        let least = problem.items.iter().map(|item| item.amount).min().unwrap_or(1);
        Ok(Self { problem, terms, links, queues, groups, least })
    }

    fn items(&self) -> usize {
        self.problem.items.len()
    }

    fn amount(&self, item: u32) -> i64 {
        self.problem.items[at(item)].amount
    }

    /// Must the account keep a prefix of its queue?
    fn keeps_order(&self, account: u32) -> bool {
        self.terms.opted_in.is_some_and(|opted| !opted[at(account)])
    }

    /// The smallest slice of an item that may be split.
    fn slice_min(&self, item: u32) -> Option<i64> {
        let Split { slice_min, consent } = self.terms.split?;
        let entry = &self.problem.items[at(item)];
        let agreed = consent.is_none_or(|consent| consent[at(item)]);
        (agreed && entry.group == NO_GROUP && !self.keeps_order(entry.debtor)).then_some(slice_min)
    }

    /// May this part of an item settle?
    fn settles(&self, item: u32, units: i64) -> bool {
        let amount = self.amount(item);
        units == 0
            || units == amount
            || self.slice_min(item).is_some_and(|least| units >= least && amount - units >= least)
    }

    /// What the goal counts for units of an item.
    fn gain(&self, item: u32, units: i64) -> i128 {
        match self.terms.goal {
            Goal::Value => i128::from(units),
            Goal::Count => i128::from(units == self.amount(item)),
            Goal::Weighted(weights) => i128::from(units) * i128::from(weights[at(item)]),
        }
    }

    /// Units of the solver for one unit of the goal.
    fn scale(&self) -> i128 {
        match self.terms.goal {
            Goal::Value | Goal::Weighted(_) => 1,
            Goal::Count => i128::from(COUNT_VALUE_MAX) * i128::from(self.least),
        }
    }

    /// Worth of one unit of an item in units of the solver; under [`Goal::Count`] rounded, which costs the bound a trifle.
    fn unit_value(&self, item: u32) -> i64 {
        match self.terms.goal {
            Goal::Value => 1,
            Goal::Weighted(weights) => i64::from(weights[at(item)]),
            Goal::Count => i64::try_from(self.scale() / i128::from(self.amount(item))).unwrap_or(COUNT_VALUE_MAX),
        }
    }
}

/// Finds for each item the limits it counts in.
fn links(problem: &Problem<'_>) -> Result<Vec<(u32, u32)>, Invalid> {
    if problem.bilateral.is_empty() {
        return Ok(Vec::new());
    }
    let mut sorted: Vec<(u32, u32, u32)> =
        (0u32..).zip(problem.bilateral).map(|(index, limit)| (limit.from, limit.to, index)).collect();
    sorted.sort_unstable();
    if let Some(twice) = sorted.windows(2).find(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)) {
        let (from, to, _) = twice[0];
        return Err(Invalid::Problem(gridlock::Invalid::BilateralTwice { from, to }));
    }
    let find = |from: u32, to: u32| {
        let place = sorted.partition_point(|limit| (limit.0, limit.1) < (from, to));
        sorted.get(place).filter(|limit| (limit.0, limit.1) == (from, to)).map_or(NONE, |limit| limit.2)
    };
    Ok(problem.items.iter().map(|item| (find(item.debtor, item.creditor), find(item.creditor, item.debtor))).collect())
}
