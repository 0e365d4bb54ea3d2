//! The verifier: feasibility and bound of an answer from the problem, the terms and the prices alone.
//!
//! It shares no code with the solver, only the definitions. The bound of a price vector is a sum with one term per arc of the
//! stated network, rebuilt here; a search tree is walked once and every leaf is proved by its own prices. Linear in problem
//! and proof, but for the sorting of bilateral limits.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::{Answer, COUNT_VALUE_MAX, Case, Goal, Invalid, Proof, Step, Terms};
use crate::at;
use crate::gridlock::{Cause, NO_GROUP, Problem};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// Problem or terms are not well formed.
    Invalid(Invalid),
    /// A part of the answer has the wrong length.
    Length { what: &'static str, found: usize, expected: usize },
    /// An item settles less than nothing, more than all, or a part it must not be split into.
    Slice { item: u32, units: i64 },
    /// An item of a group settles while another does not.
    SplitGroup { item: u32, group: u32 },
    /// An item settles before what stands ahead of it, in an account that keeps its order.
    NotPrefix { item: u32 },
    /// An account that pays violates a constraint of its own.
    AccountViolated { account: u32, cause: Cause },
    /// A bilateral limit in use is violated.
    PairViolated { limit: u32 },
    /// The stated value is not that of what settles.
    Value { stated: i128, found: i128 },
    /// The stated bound is not what the proof gives.
    Bound { stated: i128, found: i128 },
    /// A search tree cannot prove a bound on slices.
    Unfit,
    /// The search tree ends too early, goes on too long or fixes an item again.
    Tree { step: usize },
    /// A leaf does not prove what it says.
    Leaf { step: usize },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Invalid(ref invalid) => invalid.fmt(f),
            Self::Length { what, found, expected } => write!(f, "{what} has {found} entries, expected {expected}"),
            Self::Slice { item, units } => write!(f, "item {item} must not settle {units} units"),
            Self::SplitGroup { item, group } => write!(f, "item {item} settles but group {group} is not complete"),
            Self::NotPrefix { item } => write!(f, "item {item} settles behind one that does not"),
            Self::AccountViolated { account, cause } => {
                write!(f, "account {account} violates its {cause:?} constraint")
            }
            Self::PairViolated { limit } => write!(f, "bilateral limit {limit} is violated"),
            Self::Value { stated, found } => write!(f, "value is {found}, not {stated}"),
            Self::Bound { stated, found } => write!(f, "the proof gives a bound of {found}, not {stated}"),
            Self::Unfit => write!(f, "a search tree proves no bound on slices"),
            Self::Tree { step } => write!(f, "search tree is malformed at step {step}"),
            Self::Leaf { step } => write!(f, "leaf {step} of the search tree does not prove what it says"),
        }
    }
}

impl core::error::Error for Flaw {}

/// Proves that an answer may settle and that nothing exceeds its bound.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn check(problem: &Problem<'_>, terms: &Terms<'_>, answer: &Answer) -> Result<(), Flaw> {
    super::no_reserves(problem).and_then(|()| Case::new(problem, terms)).map_err(Flaw::Invalid)?;
    if answer.settled.len() != problem.items.len() {
        let (found, expected) = (answer.settled.len(), problem.items.len());
        return Err(Flaw::Length { what: "settled", found, expected });
    }
    slices(problem, terms, &answer.settled)?;
    together(problem, terms, &answer.settled)?;
    limits(problem, &answer.settled)?;
    let found = value(problem, terms, &answer.settled);
    if found != answer.value {
        return Err(Flaw::Value { stated: answer.value, found });
    }
    let stated = Stated::new(problem, terms);
    let found = match &answer.proof {
        Proof::Prices(prices) => stated.bound(stated.fits(prices)?, &stated.open(), true),
        Proof::Search(steps) => {
            if splits(terms).is_some() {
                return Err(Flaw::Unfit);
            }
            Walk::new(problem, terms, &stated).all(steps)?.max(found)
        }
    };
    if found == answer.bound { Ok(()) } else { Err(Flaw::Bound { stated: answer.bound, found }) }
}

/// The bound that prices prove on the stated network of a valid problem.
pub(super) fn bound_of(problem: &Problem<'_>, terms: &Terms<'_>, prices: &[i64]) -> i128 {
    let stated = Stated::new(problem, terms);
    stated.bound(prices, &stated.open(), true)
}

fn splits<'a>(terms: &Terms<'a>) -> Option<super::Split<'a>> {
    terms.split.filter(|_| terms.goal != Goal::Count)
}

fn ordered(terms: &Terms<'_>, account: u32) -> bool {
    terms.opted_in.is_some_and(|opted| !opted[at(account)])
}

fn slices(problem: &Problem<'_>, terms: &Terms<'_>, settled: &[i64]) -> Result<(), Flaw> {
    for ((index, item), &units) in (0u32..).zip(problem.items).zip(settled) {
        if units == 0 || units == item.amount {
            continue;
        }
        let permitted = splits(terms).is_some_and(|split| {
            (split.slice_min..=item.amount - split.slice_min).contains(&units)
                && split.consent.is_none_or(|consent| consent[at(index)])
                && item.group == NO_GROUP
                && !ordered(terms, item.debtor)
        });
        if !permitted {
            return Err(Flaw::Slice { item: index, units });
        }
    }
    Ok(())
}

/// Whole groups; whole prefixes where the order is kept.
fn together(problem: &Problem<'_>, terms: &Terms<'_>, settled: &[i64]) -> Result<(), Flaw> {
    let mut incomplete = vec![false; at(problem.groups)];
    let mut waiting = vec![false; problem.accounts.len()];
    for ((index, item), &units) in (0u32..).zip(problem.items).zip(settled) {
        if units == 0 && item.group != NO_GROUP {
            incomplete[at(item.group)] = true;
        }
        if ordered(terms, item.debtor) {
            if units > 0 && waiting[at(item.debtor)] {
                return Err(Flaw::NotPrefix { item: index });
            }
            waiting[at(item.debtor)] |= units == 0;
        }
    }
    let torn = |(_, (item, units)): &(u32, (&crate::gridlock::Item, &i64))| {
        **units > 0 && item.group != NO_GROUP && incomplete[at(item.group)]
    };
    match (0u32..).zip(problem.items.iter().zip(settled)).find(torn) {
        Some((index, (item, _))) => Err(Flaw::SplitGroup { item: index, group: item.group }),
        None => Ok(()),
    }
}

fn limits(problem: &Problem<'_>, settled: &[i64]) -> Result<(), Flaw> {
    let mut out = vec![0i128; problem.accounts.len()];
    let mut net = vec![0i128; problem.accounts.len()];
    let mut pairs: BTreeMap<(u32, u32), i128> = BTreeMap::new();
    for limit in problem.bilateral {
        pairs.extend([((limit.from, limit.to), 0), ((limit.to, limit.from), 0)]);
    }
    for (item, &units) in problem.items.iter().zip(settled) {
        let units = i128::from(units);
        out[at(item.debtor)] += units;
        net[at(item.debtor)] += units;
        net[at(item.creditor)] -= units;
        if let Some(flow) = pairs.get_mut(&(item.debtor, item.creditor)) {
            *flow += units;
        }
    }
    for ((index, account), (out, net)) in (0u32..).zip(problem.accounts).zip(out.into_iter().zip(net)) {
        let over = |limit: Option<i64>, used: i128| limit.is_some_and(|limit| used > i128::from(limit));
        let cause = if over(Some(account.available), net) {
            Cause::Account
        } else if over(account.multilateral, net) {
            Cause::Multilateral
        } else if over(account.gross_out, out) {
            Cause::Gross
        } else {
            continue;
        };
        if out > 0 {
            return Err(Flaw::AccountViolated { account: index, cause });
        }
    }
    for (index, limit) in (0u32..).zip(problem.bilateral) {
        let flow = |from, to| pairs.get(&(from, to)).copied().unwrap_or(0);
        let (there, back) = (flow(limit.from, limit.to), flow(limit.to, limit.from));
        if there > 0 && there - back > i128::from(limit.headroom) {
            return Err(Flaw::PairViolated { limit: index });
        }
    }
    Ok(())
}

fn value(problem: &Problem<'_>, terms: &Terms<'_>, settled: &[i64]) -> i128 {
    let counted = problem.items.iter().zip(settled).enumerate().map(|(index, (item, &units))| match terms.goal {
        Goal::Value => i128::from(units),
        Goal::Count => i128::from(units == item.amount),
        Goal::Weighted(weights) => i128::from(units) * i128::from(weights[index]),
    });
    counted.sum()
}

/// What a search has decided of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fix {
    Open,
    Up,
    Down,
}

/// The stated network, rebuilt from the problem.
pub(super) struct Stated {
    nodes: usize,
    items: Vec<StatedItem>,
    /// The other arcs as (from, to, capacity); nothing is won on them.
    arcs: Vec<(u32, u32, i64)>,
    scale: i128,
}

struct StatedItem {
    from: u32,
    to: u32,
    amount: i64,
    /// What the whole item counts, times the scale.
    worth: i128,
}

impl Stated {
    pub(super) fn new(problem: &Problem<'_>, terms: &Terms<'_>) -> Self {
        let pool = u32::try_from(problem.accounts.len()).unwrap_or(u32::MAX);
        let mut nodes = pool + 1;
        let mut sums = vec![(0i64, 0i64); problem.accounts.len()];
        for item in problem.items {
            sums[at(item.debtor)].0 += item.amount;
            sums[at(item.creditor)].1 += item.amount;
        }
        let mut arcs = Vec::new();
        let mut outlet: Vec<u32> = (0..pool).collect();
        for ((node, account), &(out, into)) in (0u32..).zip(problem.accounts).zip(&sums) {
            let funds = account.available.min(account.multilateral.unwrap_or(i64::MAX));
            arcs.extend([(pool, node, funds.clamp(0, out)), (node, pool, into)]);
            if let Some(limit) = account.gross_out {
                arcs.push((node, nodes, limit.clamp(0, out)));
                outlet[at(node)] = nodes;
                nodes += 1;
            }
        }
        // Per limited pair: headroom and sum low -> high, then high -> low; the node comes when all pairs are known.
        let mut pairs: BTreeMap<(u32, u32), [(i64, i64); 2]> = BTreeMap::new();
        let key = |from: u32, to: u32| ((from.min(to), from.max(to)), usize::from(from > to));
        for limit in problem.bilateral {
            let (pair, way) = key(limit.from, limit.to);
            pairs.entry(pair).or_insert([(i64::MAX, 0); 2])[way].0 = limit.headroom.max(0);
        }
        for item in problem.items {
            let (pair, way) = key(item.debtor, item.creditor);
            if let Some(entry) = pairs.get_mut(&pair) {
                entry[way].1 += item.amount;
            }
        }
        let gross = |account: u32| problem.accounts[at(account)].gross_out.is_some();
        let mut ports: BTreeMap<(u32, u32), (u32, u32)> = BTreeMap::new();
        for (&(low, high), &[up, down]) in &pairs {
            // The side whose gross limit must see every item is not the netted one.
            let ((netted, out), (_, back)) =
                if gross(low) && !gross(high) { ((high, down), (low, up)) } else { ((low, up), (high, down)) };
            arcs.extend([(netted, nodes, out.0.min(out.1)), (nodes, netted, back.0.min(back.1))]);
            ports.insert((low, high), (nodes, netted));
            nodes += 1;
        }
        let least = problem.items.iter().map(|item| item.amount).min().unwrap_or(1);
        let scale = if terms.goal == Goal::Count { i128::from(COUNT_VALUE_MAX) * i128::from(least) } else { 1 };
        let items = problem.items.iter().enumerate().map(|(index, item)| {
            let (from, to) = match ports.get(&key(item.debtor, item.creditor).0) {
                Some(&(port, netted)) if netted == item.debtor => (port, item.creditor),
                Some(&(port, _)) => (outlet[at(item.debtor)], port),
                None => (outlet[at(item.debtor)], item.creditor),
            };
            let worth = match terms.goal {
                Goal::Value => i128::from(item.amount),
                Goal::Count => scale,
                Goal::Weighted(weights) => i128::from(item.amount) * i128::from(weights[index]),
            };
            StatedItem { from, to, amount: item.amount, worth }
        });
        Self { nodes: at(nodes), items: items.collect(), arcs, scale }
    }

    pub(super) fn open(&self) -> Vec<Fix> {
        vec![Fix::Open; self.items.len()]
    }

    fn fits<'p>(&self, prices: &'p [i64]) -> Result<&'p [i64], Flaw> {
        if prices.len() == self.nodes {
            Ok(prices)
        } else {
            Err(Flaw::Length { what: "prices", found: prices.len(), expected: self.nodes })
        }
    }

    /// No circulation that agrees with what is fixed is worth more; without `worth` items count nothing, and a bound
    /// below 0 says that there is no such circulation.
    pub(super) fn bound(&self, prices: &[i64], fixed: &[Fix], worth: bool) -> i128 {
        let spread = |from: u32, to: u32| i128::from(prices[at(from)]) - i128::from(prices[at(to)]);
        let mut bound = 0i128;
        for (item, fix) in self.items.iter().zip(fixed) {
            let reduced = if worth { item.worth } else { 0 } + i128::from(item.amount) * spread(item.from, item.to);
            bound += match fix {
                Fix::Open => reduced.max(0),
                Fix::Up => reduced,
                Fix::Down => 0,
            };
        }
        for &(from, to, cap) in &self.arcs {
            bound += i128::from(cap) * spread(from, to).max(0);
        }
        bound.div_euclid(self.scale)
    }
}

/// A walk over a search tree.
struct Walk<'a> {
    problem: &'a Problem<'a>,
    stated: &'a Stated,
    fixed: Vec<Fix>,
    trail: Vec<u32>,
    /// Items that an item binds when it is fixed: its group's next leg (in a circle), and its neighbours in an ordered queue.
    leg: Vec<u32>,
    ahead: Vec<u32>,
    behind: Vec<u32>,
    clash: bool,
}

struct Frame {
    item: u32,
    up_first: bool,
    trail: usize,
    second: bool,
}

const NONE: u32 = u32::MAX;

impl<'a> Walk<'a> {
    fn new(problem: &'a Problem<'a>, terms: &Terms<'_>, stated: &'a Stated) -> Self {
        let count = problem.items.len();
        let (mut leg, mut ahead, mut behind) = (vec![NONE; count], vec![NONE; count], vec![NONE; count]);
        let mut last_of_queue = vec![NONE; problem.accounts.len()];
        let mut legs = vec![(NONE, NONE); at(problem.groups)];
        for (index, item) in (0u32..).zip(problem.items) {
            if ordered(terms, item.debtor) {
                let last = core::mem::replace(&mut last_of_queue[at(item.debtor)], index);
                ahead[at(index)] = last;
                if last != NONE {
                    behind[at(last)] = index;
                }
            }
            if item.group != NO_GROUP {
                let (first, last) = &mut legs[at(item.group)];
                if *first == NONE {
                    *first = index;
                } else {
                    leg[at(*last)] = index;
                }
                leg[at(index)] = *first;
                *last = index;
            }
        }
        Self { problem, stated, fixed: stated.open(), trail: Vec::new(), leg, ahead, behind, clash: false }
    }

    /// The largest bound among the leaves of the whole tree.
    fn all(&mut self, steps: &[Step]) -> Result<i128, Flaw> {
        let mut frames: Vec<Frame> = Vec::new();
        let mut bound = i128::MIN;
        for (index, step) in steps.iter().enumerate() {
            match step {
                &Step::Branch { item, up_first } => {
                    let open = self.fixed.get(at(item)).is_some_and(|fix| *fix == Fix::Open);
                    if !open || self.clash {
                        return Err(Flaw::Tree { step: index });
                    }
                    frames.push(Frame { item, up_first, trail: self.trail.len(), second: false });
                    self.fix(item, up_first);
                    continue;
                }
                Step::Bound(prices) => {
                    bound = bound.max(self.stated.bound(self.stated.fits(prices)?, &self.fixed, true));
                }
                Step::Empty(prices) => {
                    if self.stated.bound(self.stated.fits(prices)?, &self.fixed, false) >= 0 {
                        return Err(Flaw::Leaf { step: index });
                    }
                }
                Step::Broken => {
                    if !self.clash && !self.broken() {
                        return Err(Flaw::Leaf { step: index });
                    }
                }
            }
            if !self.turn(&mut frames) {
                let whole = index + 1 == steps.len();
                return if whole { Ok(bound) } else { Err(Flaw::Tree { step: index + 1 }) };
            }
        }
        Err(Flaw::Tree { step: steps.len() })
    }

    /// From a leaf to the next second subtree; false when the tree is done.
    fn turn(&mut self, frames: &mut Vec<Frame>) -> bool {
        self.clash = false;
        while let Some(frame) = frames.last_mut() {
            for item in self.trail.drain(frame.trail..) {
                self.fixed[at(item)] = Fix::Open;
            }
            if !frame.second {
                frame.second = true;
                let (item, up) = (frame.item, !frame.up_first);
                self.fix(item, up);
                return true;
            }
            frames.pop();
        }
        false
    }

    fn fix(&mut self, item: u32, up: bool) {
        let wish = if up { Fix::Up } else { Fix::Down };
        let mut work = vec![item];
        while let Some(item) = work.pop() {
            if item == NONE || self.fixed[at(item)] == wish {
                continue;
            }
            if self.fixed[at(item)] != Fix::Open {
                self.clash = true;
                return;
            }
            self.fixed[at(item)] = wish;
            self.trail.push(item);
            work.extend([self.leg[at(item)], if up { self.ahead[at(item)] } else { self.behind[at(item)] }]);
        }
    }

    /// Does what is fixed break a limit even if everything open turns out as it should?
    fn broken(&self) -> bool {
        let problem = self.problem;
        let mut out = vec![0i128; problem.accounts.len()];
        let mut into = vec![0i128; problem.accounts.len()];
        let mut pairs: BTreeMap<(u32, u32), (i128, i128)> = BTreeMap::new();
        for limit in problem.bilateral {
            pairs.extend([((limit.from, limit.to), (0, 0)), ((limit.to, limit.from), (0, 0))]);
        }
        for (item, fix) in problem.items.iter().zip(&self.fixed) {
            let sure = if *fix == Fix::Up { i128::from(item.amount) } else { 0 };
            let possible = if *fix == Fix::Down { 0 } else { i128::from(item.amount) };
            out[at(item.debtor)] += sure;
            into[at(item.creditor)] += possible;
            if let Some(pair) = pairs.get_mut(&(item.debtor, item.creditor)) {
                pair.0 += sure;
                pair.1 += possible;
            }
        }
        let account_broken = problem.accounts.iter().zip(out.iter().zip(&into)).any(|(account, (&out, &into))| {
            let net = account.available.min(account.multilateral.unwrap_or(i64::MAX));
            out > 0 && (out - into > i128::from(net) || account.gross_out.is_some_and(|limit| out > i128::from(limit)))
        });
        account_broken
            || problem.bilateral.iter().any(|limit| {
                let there = pairs.get(&(limit.from, limit.to)).map_or(0, |pair| pair.0);
                let back = pairs.get(&(limit.to, limit.from)).map_or(0, |pair| pair.1);
                there > 0 && there - back > i128::from(limit.headroom)
            })
    }
}
