//! Routing excess to deficits at least cost, where costs are small integers: primal-dual, searching from both ends.
//!
//! Potentials keep every reduced cost at 0 or above. A phase sends as much as fits along edges of reduced cost 0
//! (in a thin network with [`super::forest`], in a dense one with [`super::admissible`]); when nothing fits any more, a search for least reduced cost says how far apart excess and deficits are
//! now, and the potentials change by that. It goes forward from every excess and backward from every deficit, always on
//! the side with less to look at, until the two meet. Late phases, with few nodes out of balance, look at a small part of the network
//! only; so do the changes of potentials.
//!
//! Deterministic: nodes are tried in order of their number, edges in the order they were added.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::admissible::Admissible;
use super::forest::Forest;
use super::residual::{BACKWARD, FORWARD, Residual};
use crate::at;

/// Units routed at one distance, that is at one price per unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// What one of these units cost.
    pub distance: i64,
    /// How many were routed at this price.
    pub units: i64,
}

const FAR: u32 = u32::MAX;

/// Arcs per node up to which kept search trees are faster than new searches: ways are long there, and a node has
/// few others to look at when it needs a new parent.
const THIN: usize = 8;

/// How flow is sent along edges of reduced cost 0.
enum Sender {
    Forest(Forest),
    Rounds(Box<Admissible>),
}

impl Sender {
    fn new(residual: &Residual) -> Self {
        // Every arc is two edges.
        if residual.edges.len() <= residual.excess.len().saturating_mul(2 * THIN) {
            Self::Forest(Forest::new(residual))
        } else {
            Self::Rounds(Box::new(Admissible::new(residual)))
        }
    }

    /// Sends as much as fits at these potentials, which are new. Returns the units that arrived.
    fn send(&mut self, residual: &mut Residual, potential: &[i32]) -> i64 {
        match self {
            Self::Forest(forest) => forest.send(residual, potential),
            Self::Rounds(rounds) => rounds.send(residual, potential),
        }
    }

    /// Nodes with excess ([`FORWARD`]) or a deficit ([`BACKWARD`]), as far as known.
    fn starts(&self, side: usize) -> &[u32] {
        match self {
            Self::Forest(forest) => forest.starts(side),
            Self::Rounds(rounds) => rounds.starts(side),
        }
    }
}

/// One of the two searches.
#[derive(Default)]
struct Side {
    /// Reduced cost from the nearest excess, or to the nearest deficit; [`FAR`] when not reached.
    distance: Vec<u32>,
    visited: Vec<bool>,
    /// Nodes reached, each once.
    reached: Vec<u32>,
    /// Nodes to visit at each distance.
    levels: Vec<Vec<u32>>,
    level: u32,
    /// Edges of the nodes to visit at `level`.
    work: usize,
}

/// The searches and their scratch.
pub(super) struct Router {
    residual: Residual,
    /// An edge's reduced cost is its cost, less the potential of its tail, plus that of its head.
    potential: Vec<i32>,
    sender: Sender,
    sides: [Side; 2],
    /// Least cost at which the searches met.
    least: u32,
}

impl Router {
    pub(super) fn new(residual: Residual) -> Self {
        let nodes = residual.excess.len();
        let side = || Side { distance: vec![FAR; nodes], visited: vec![false; nodes], ..Side::default() };
        let sender = Sender::new(&residual);
        Self { potential: vec![0; nodes], sender, sides: [side(), side()], least: FAR, residual }
    }

    pub(super) fn residual(&self) -> &Residual {
        &self.residual
    }

    /// Potential of each node.
    pub(super) fn potential(&self) -> &[i32] {
        &self.potential
    }

    /// Routes everything. The phases come by rising distance.
    pub(super) fn run(&mut self) -> Vec<Phase> {
        let mut phases: Vec<Phase> = Vec::new();
        let mut distance = 0;
        let mut left: i64 = self.residual.excess.iter().filter(|units| **units > 0).sum();
        while left > 0 {
            let units = self.sender.send(&mut self.residual, &self.potential);
            left -= units;
            if units > 0 {
                phases.push(Phase { distance, units });
            }
            if left > 0 {
                distance += i64::from(self.raise());
            }
        }
        phases
    }

    /// Changes the potentials so that every edge on a cheapest way from an excess to a deficit has reduced cost 0. Returns
    /// what the cheapest way costs now.
    fn raise(&mut self) -> u32 {
        self.begin();
        while self.least > self.sides[FORWARD].level + self.sides[BACKWARD].level {
            let backward = self.sides[BACKWARD].work < self.sides[FORWARD].work;
            if backward { self.visit::<BACKWARD>() } else { self.visit::<FORWARD>() }
        }
        // The last level visited may have shown that it was not needed: together the levels make up the cost, not more.
        let [forward, backward] = &mut self.sides;
        forward.level = self.least.saturating_sub(backward.level).min(forward.level);
        backward.level = self.least - forward.level;
        for (side, sign) in [(FORWARD, 1), (BACKWARD, -1)] {
            let Side { level, reached, distance, .. } = &self.sides[side];
            for node in reached {
                self.potential[at(*node)] += sign * level.saturating_sub(distance[at(*node)]).cast_signed();
            }
        }
        self.least
    }

    /// Forgets the last search.
    fn begin(&mut self) {
        self.least = FAR;
        for (side, scratch) in self.sides.iter_mut().enumerate() {
            for node in scratch.reached.drain(..) {
                scratch.distance[at(node)] = FAR;
                scratch.visited[at(node)] = false;
            }
            for level in &mut scratch.levels {
                level.clear();
            }
            scratch.level = 0;
            scratch.work = 0;
            for &node in self.sender.starts(side) {
                scratch.reach(node, 0);
                scratch.work += self.residual.edges_of(node).len();
            }
        }
    }

    /// Visits all nodes at the level of one side, and goes on to the next level.
    fn visit<const SIDE: usize>(&mut self) {
        let Self { residual, potential, sides, least, .. } = self;
        let [forward, backward] = sides;
        let (side, other) = if SIDE == FORWARD { (forward, backward) } else { (backward, forward) };
        let level = side.level;
        let mut next = 0;
        while let Some(&node) = side.levels.get(at(level)).and_then(|nodes| nodes.get(next)) {
            next += 1;
            if side.distance[at(node)] != level || core::mem::replace(&mut side.visited[at(node)], true) {
                continue;
            }
            let own = potential[at(node)];
            for place in residual.edges_of(node) {
                let edge = residual.edges[place];
                if !edge.passes(SIDE) {
                    continue;
                }
                let cost = i32::from(residual.costs[place]) - own + potential[at(edge.head)];
                let reach = level + (if SIDE == FORWARD { cost } else { -cost }).cast_unsigned();
                *least = (*least).min(reach.saturating_add(other.distance[at(edge.head)]));
                if reach < side.distance[at(edge.head)] {
                    side.reach(edge.head, reach);
                }
            }
        }
        side.level += 1;
        let nodes = side.levels.get(at(side.level)).map_or(&[][..], |nodes| nodes);
        side.work = nodes.iter().map(|node| residual.edges_of(*node).len()).sum();
        assert!(*least != FAR || at(side.level) < side.levels.len(), "every excess has a way to a deficit");
    }
}

impl Side {
    fn reach(&mut self, node: u32, distance: u32) {
        if core::mem::replace(&mut self.distance[at(node)], distance) == FAR {
            self.reached.push(node);
        }
        if self.levels.len() <= at(distance) {
            self.levels.resize_with(at(distance) + 1, Vec::new);
        }
        self.levels[at(distance)].push(node);
    }
}
