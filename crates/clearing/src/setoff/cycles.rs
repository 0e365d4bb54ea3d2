//! A clearing as cycles: each a set-off notice that parties can sign.
//!
//! A circulation is a sum of cycles. Every cycle found takes all that its smallest arc has left, so there are at most as
//! many cycles as arcs. Order: circles of two first, then the shortest cycle through each node as long as the budget of
//! steps lasts, then cycles met on a walk that follows the first arc left at every node. Everything goes by index, so the
//! same circulation gives the same cycles; each is told from its lowest party on.
//!
//! Absent on purpose: the fewest or the shortest cycles overall (finding them is NP-hard, and no notice depends on it).

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::{Problem, Proof};
use crate::at;

/// Steps of the search for short cycles: this many per arc and at least [`SEARCH_STEPS_MIN`].
pub const SEARCH_STEPS_PER_ARC: usize = 256;
/// Least number of steps, so that small networks are searched to the end.
pub const SEARCH_STEPS_MIN: usize = 1 << 20;

/// `from` is relieved of `units` it owes `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Leg {
    /// Debtor.
    pub from: u32,
    /// Creditor.
    pub to: u32,
    /// Minor units, not negative.
    pub units: i64,
}

/// Cycles, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cycles {
    amounts: Vec<i64>,
    /// Where each cycle ends in `parties`.
    ends: Vec<usize>,
    parties: Vec<u32>,
}

/// Why legs are no circulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum NoCirculation {
    /// A leg names a node that does not exist, or goes from a node to itself.
    Leg { leg: usize },
    /// A leg has less than nothing.
    Units { leg: usize, units: i64 },
    /// More leaves a node than arrives, or less.
    Unbalanced { node: u32, surplus: i128 },
}

impl fmt::Display for NoCirculation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Leg { leg } => write!(f, "leg {leg} does not lead from one node to another"),
            Self::Units { leg, units } => write!(f, "{units} units of leg {leg} are below 0"),
            Self::Unbalanced { node, surplus } => write!(f, "node {node} receives {surplus} more than it pays"),
        }
    }
}

impl core::error::Error for NoCirculation {}

impl Cycles {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.amounts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.amounts.is_empty()
    }

    /// Each cycle: the amount, and the parties in order; each owes the next, the last owes the first.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &[u32])> {
        let begins = core::iter::once(0).chain(self.ends.iter().copied());
        self.amounts
            .iter()
            .zip(begins.zip(&self.ends))
            .map(|(amount, (begin, end))| (*amount, &self.parties[begin..*end]))
    }

    fn push(&mut self, amount: i64, nodes: impl Iterator<Item = u32>) {
        let begin = self.parties.len();
        self.parties.extend(nodes);
        let own = &mut self.parties[begin..];
        let lowest = (0..own.len()).min_by_key(|place| own[*place]).unwrap_or(0);
        own.rotate_left(lowest);
        self.amounts.push(amount);
        self.ends.push(self.parties.len());
    }
}

/// The legs of a clearing: one per pair of parties with something set off, and with a fund its loans and deposits as legs
/// of node [`Problem::parties`]. Together they are a circulation.
#[must_use]
pub fn legs(problem: &Problem<'_>, amounts: &[i64], proof: &Proof) -> Vec<Leg> {
    let mut legs: Vec<Leg> = problem
        .obligations
        .iter()
        .zip(amounts)
        .filter(|(_, amount)| **amount > 0)
        .map(|(owed, amount)| Leg { from: owed.debtor, to: owed.creditor, units: *amount })
        .collect();
    legs.sort_unstable_by_key(|leg| (leg.from, leg.to));
    legs.dedup_by(|leg, kept| {
        let same = (leg.from, leg.to) == (kept.from, kept.to);
        if same {
            kept.units += leg.units;
        }
        same
    });
    let fund = problem.parties;
    legs.extend(proof.deposits.iter().map(|own| Leg { from: own.party, to: fund, units: own.amount }));
    legs.extend(proof.draws.iter().map(|own| Leg { from: fund, to: own.party, units: own.amount }));
    legs
}

/// Takes a circulation apart.
///
/// # Errors
/// [`NoCirculation`] if the legs are none.
pub fn decompose(nodes: u32, legs: &[Leg]) -> Result<Cycles, NoCirculation> {
    let mut surplus = vec![0i128; at(nodes)];
    for (index, leg) in legs.iter().enumerate() {
        if leg.from >= nodes || leg.to >= nodes || leg.from == leg.to {
            return Err(NoCirculation::Leg { leg: index });
        }
        if leg.units < 0 {
            return Err(NoCirculation::Units { leg: index, units: leg.units });
        }
        surplus[at(leg.from)] -= i128::from(leg.units);
        surplus[at(leg.to)] += i128::from(leg.units);
    }
    if let Some((node, surplus)) = (0u32..).zip(surplus).find(|(_, surplus)| *surplus != 0) {
        return Err(NoCirculation::Unbalanced { node, surplus });
    }
    let mut net = Net::of(nodes, legs);
    net.take_pairs();
    net.take_short();
    net.take_rest();
    Ok(net.cycles)
}

/// What is left of the circulation, by the node that pays.
struct Net {
    nodes: u32,
    legs: Vec<Leg>,
    /// Where each node's legs begin; one more at the end.
    first: Vec<usize>,
    /// The first leg of each node that may have something left.
    next: Vec<usize>,
    cycles: Cycles,
}

impl Net {
    fn of(nodes: u32, legs: &[Leg]) -> Self {
        let mut legs: Vec<Leg> = legs.iter().copied().filter(|leg| leg.units > 0).collect();
        legs.sort_by_key(|leg| (leg.from, leg.to));
        let mut first = Vec::with_capacity(at(nodes) + 1);
        let mut place = 0;
        for node in 0..=nodes {
            while legs.get(place).is_some_and(|leg| leg.from < node) {
                place += 1;
            }
            first.push(place);
        }
        Self { nodes, legs, next: first.clone(), first, cycles: Cycles::default() }
    }

    fn of_node(&self, node: u32) -> core::ops::Range<usize> {
        self.next[at(node)]..self.first[at(node) + 1]
    }

    /// Takes the smallest of these legs from all of them.
    fn take(&mut self, cycle: &[usize]) {
        let units = cycle.iter().map(|leg| self.legs[*leg].units).min().unwrap_or(0);
        for leg in cycle {
            self.legs[*leg].units -= units;
        }
        self.cycles.push(units, cycle.iter().map(|leg| self.legs[*leg].from));
    }

    /// Circles of two.
    fn take_pairs(&mut self) {
        for leg in 0..self.legs.len() {
            let Leg { from, to, .. } = self.legs[leg];
            let back = self.of_node(to);
            let mut other = back.start + self.legs[back.clone()].partition_point(|leg| leg.to < from);
            while from < to && other < back.end && self.legs[other].to == from && self.legs[leg].units > 0 {
                if self.legs[other].units > 0 {
                    self.take(&[leg, other]);
                }
                other += 1;
            }
        }
    }

    /// The shortest cycle through each node, again and again, while the budget lasts.
    fn take_short(&mut self) {
        let mut budget = SEARCH_STEPS_MIN.max(self.legs.len().saturating_mul(SEARCH_STEPS_PER_ARC));
        let mut seen: Vec<u32> = vec![0; at(self.nodes)];
        let mut by: Vec<usize> = vec![0; at(self.nodes)];
        let (mut round, mut queue) = (0u32, Vec::new());
        for node in 0..self.nodes {
            while self.skip_empty(node).is_some() {
                round += 1;
                queue.clear();
                queue.push(node);
                let Some(last) = self.search(node, (&mut seen, round), &mut by, (&mut queue, &mut budget)) else {
                    return;
                };
                let mut cycle = vec![last];
                let mut back = self.legs[last].from;
                while back != node {
                    cycle.push(by[at(back)]);
                    back = self.legs[by[at(back)]].from;
                }
                cycle.reverse();
                self.take(&cycle);
            }
        }
    }

    /// Breadth first from `node` until a leg comes back to it; `None` when the budget is used up.
    fn search(
        &self,
        node: u32,
        (seen, round): (&mut [u32], u32),
        by: &mut [usize],
        (queue, budget): (&mut Vec<u32>, &mut usize),
    ) -> Option<usize> {
        let mut place = 0;
        while let Some(&from) = queue.get(place) {
            place += 1;
            for leg in self.of_node(from) {
                *budget = budget.checked_sub(1)?;
                let Leg { to, units, .. } = self.legs[leg];
                if units == 0 {
                    continue;
                }
                if to == node {
                    return Some(leg);
                }
                if seen[at(to)] != round {
                    seen[at(to)] = round;
                    by[at(to)] = leg;
                    queue.push(to);
                }
            }
        }
        unreachable!("in a circulation every leg lies on a cycle")
    }

    /// The first leg of the node with something left.
    fn skip_empty(&mut self, node: u32) -> Option<usize> {
        while self.next[at(node)] < self.first[at(node) + 1] {
            let leg = self.next[at(node)];
            if self.legs[leg].units > 0 {
                return Some(leg);
            }
            self.next[at(node)] += 1;
        }
        None
    }

    /// Whatever is left, by walking until a node is met again.
    fn take_rest(&mut self) {
        let mut place: Vec<Option<usize>> = vec![None; at(self.nodes)];
        let mut walk: Vec<usize> = Vec::new();
        for start in 0..self.nodes {
            let mut node = start;
            while let Some(leg) = self.skip_empty(node) {
                place[at(node)] = Some(walk.len());
                walk.push(leg);
                node = self.legs[leg].to;
                let Some(begin) = place[at(node)] else { continue };
                let cycle = walk.split_off(begin);
                self.take(&cycle);
                // Go on from the first leg that is used up; what came before it is still a walk.
                let kept = cycle.iter().position(|leg| self.legs[*leg].units == 0).unwrap_or(0);
                for leg in &cycle[kept..] {
                    place[at(self.legs[*leg].from)] = None;
                }
                walk.extend_from_slice(&cycle[..kept]);
                node = self.legs[cycle[kept]].from;
            }
            // A walk ends only where it began: a node that was entered can be left.
            assert!(walk.is_empty(), "in a circulation every walk comes back");
            place[at(node)] = None;
        }
    }
}
