//! Routing excess to deficits at least cost, where costs are small integers: primal-dual with distances in buckets.
//!
//! Each round searches backward from the deficits for the cheapest distance of every node, until the nearest excess is
//! found, then sends as much as fits along arcs that lie on cheapest ways. The search visits nodes in an order; flow only
//! goes from later to earlier, so it never runs in circles.
//!
//! Deterministic: nodes are tried in order of their number, arcs in the order they were added.

use alloc::vec;
use alloc::vec::Vec;

use crate::{at, index};

/// Units routed at one distance, that is at one price per unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// What one of these units cost.
    pub distance: i64,
    /// How many were routed at this price.
    pub units: i64,
}

/// One direction of an arc, beside the others that leave the same node.
#[derive(Clone, Copy, Default)]
struct Edge {
    /// Units that may still go this way.
    cap: i64,
    head: u32,
    /// Place of the opposite direction; the highest bit says whether that has capacity left.
    mate: u32,
}

const OPEN: u32 = 1 << 31;

impl Edge {
    fn mate(self) -> u32 {
        self.mate & !OPEN
    }
}

/// A residual network, edges grouped by the node they leave.
pub(super) struct Residual {
    /// Edges of node v are `first[v]..first[v + 1]`.
    first: Vec<u32>,
    edges: Vec<Edge>,
    /// Cost of each edge; its opposite costs the negative.
    costs: Vec<i8>,
    /// Units each node has too many (above 0) or too few (below 0); together 0.
    pub(super) excess: Vec<i64>,
    places: Places,
}

/// Where the edges of one arc after the other stand, for arcs told in the same order each time.
#[derive(Clone)]
pub(super) struct Places(Vec<u32>);

impl Places {
    /// Place of the edge from `tail`, and takes those of both ends.
    pub(super) fn next(&mut self, tail: u32, head: u32) -> u32 {
        let place = self.0[at(tail)];
        self.0[at(tail)] += 1;
        self.0[at(head)] += 1;
        place
    }
}

impl Residual {
    /// A residual network with room for these arcs, to be added by [`Self::join`] in the same order.
    pub(super) fn sized(nodes: usize, arcs: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut first = vec![0u32; nodes + 1];
        for (tail, head) in arcs {
            first[at(tail)] += 1;
            first[at(head)] += 1;
        }
        let mut sum = 0;
        for start in &mut first {
            sum += core::mem::replace(start, sum);
        }
        let edges = vec![Edge::default(); at(sum)];
        let places = Places(first.clone());
        Self { first, edges, costs: vec![0; at(sum)], excess: vec![0; nodes], places }
    }

    /// Adds an arc of `cap` units (above 0) at `cost` (not negative).
    pub(super) fn join(&mut self, tail: u32, head: u32, cap: i64, cost: i8) {
        let back = self.places.0[at(head)];
        let place = self.places.next(tail, head);
        self.edges[at(place)] = Edge { cap, head, mate: back };
        self.edges[at(back)] = Edge { cap: 0, head: tail, mate: place | OPEN };
        self.costs[at(place)] = cost;
        self.costs[at(back)] = -cost;
    }

    /// The places of the arcs, from the first arc on.
    pub(super) fn places(&self) -> Places {
        Places(self.first.clone())
    }

    /// Units that may still go along the edge at `place`.
    pub(super) fn left(&self, place: u32) -> i64 {
        self.edges[at(place)].cap
    }

    fn edges_of(&self, node: u32) -> core::ops::Range<usize> {
        at(self.first[at(node)])..at(self.first[at(node) + 1])
    }

    fn push(&mut self, place: u32, units: i64) {
        let edge = &mut self.edges[at(place)];
        edge.cap -= units;
        edge.mate |= OPEN;
        let (closed, mate) = (edge.cap == 0, edge.mate());
        let back = &mut self.edges[at(mate)];
        back.cap += units;
        if closed {
            back.mate &= !OPEN;
        }
    }

    /// The node that the edge at `place` leaves.
    fn tail(&self, place: u32) -> u32 {
        self.edges[at(self.edges[at(place)].mate())].head
    }
}

const FAR: u32 = u32::MAX;

/// The search and its scratch.
pub(super) struct Router {
    residual: Residual,
    /// Cost of the cheapest way from each node to a deficit, as far as known; never above the true one.
    potential: Vec<i32>,
    /// Distance found in this round, beyond the potentials.
    distance: Vec<u32>,
    /// Position in the order of the search; [`FAR`] when not visited or without a way on.
    rank: Vec<u32>,
    visited: Vec<u32>,
    /// Nodes to visit at each distance.
    levels: Vec<Vec<u32>>,
    /// Next edge to try of each node.
    current: Vec<u32>,
    path: Vec<u32>,
}

impl Router {
    pub(super) fn new(residual: Residual) -> Self {
        let nodes = residual.excess.len();
        Self {
            residual,
            potential: vec![0; nodes],
            distance: vec![FAR; nodes],
            rank: vec![FAR; nodes],
            visited: Vec::new(),
            levels: vec![Vec::new()],
            current: vec![0; nodes],
            path: Vec::new(),
        }
    }

    pub(super) fn residual(&self) -> &Residual {
        &self.residual
    }

    pub(super) fn potential(&self) -> &[i32] {
        &self.potential
    }

    /// Routes everything. The phases come by rising distance.
    pub(super) fn run(&mut self) -> Vec<Phase> {
        let mut phases: Vec<Phase> = Vec::new();
        let mut reached = 0;
        let mut left: i64 = self.residual.excess.iter().filter(|units| **units > 0).sum();
        while left > 0 {
            reached += i64::from(self.search());
            let units = self.send();
            left -= units;
            match phases.last_mut() {
                Some(phase) if phase.distance == reached => phase.units += units,
                Some(_) | None => phases.push(Phase { distance: reached, units }),
            }
        }
        phases
    }

    /// Finds distances from the deficits backward up to the nearest excess, which is returned, and adds them to the potentials.
    fn search(&mut self) -> u32 {
        self.distance.fill(FAR);
        self.rank.fill(FAR);
        self.visited.clear();
        for (node, excess) in (0u32..).zip(&self.residual.excess) {
            if *excess < 0 {
                self.distance[at(node)] = 0;
                self.levels[0].push(node);
            }
        }
        let mut level = 0;
        while !self.visit(level) {
            level += 1;
            assert!(at(level) < self.levels.len(), "every excess has a way to a deficit");
        }
        for nodes in &mut self.levels {
            nodes.clear();
        }
        for (potential, distance) in self.potential.iter_mut().zip(&self.distance) {
            *potential += (*distance).min(level).cast_signed();
        }
        level
    }

    /// Visits all nodes at distance `level`; says whether one of them has excess.
    fn visit(&mut self, level: u32) -> bool {
        let mut found = false;
        let mut next = 0;
        while let Some(&node) = self.levels[at(level)].get(next) {
            next += 1;
            if self.rank[at(node)] != FAR {
                continue;
            }
            self.rank[at(node)] = index(self.visited.len());
            self.visited.push(node);
            self.current[at(node)] = self.residual.first[at(node)];
            found |= self.residual.excess[at(node)] > 0;
            let own = self.potential[at(node)];
            for place in self.residual.edges_of(node) {
                let edge = self.residual.edges[place];
                if edge.mate & OPEN == 0 {
                    continue;
                }
                let reduced = own - self.potential[at(edge.head)] - i32::from(self.residual.costs[place]);
                let reach = level + reduced.cast_unsigned();
                if reach < self.distance[at(edge.head)] {
                    self.distance[at(edge.head)] = reach;
                    if self.levels.len() <= at(reach) {
                        self.levels.resize_with(at(reach) + 1, Vec::new);
                    }
                    self.levels[at(reach)].push(edge.head);
                }
            }
        }
        found
    }

    /// Sends what it can from each excess visited, nearest first, along cheapest ways. Returns the units that arrived.
    fn send(&mut self) -> i64 {
        let mut sent = 0;
        for visit in 0..self.visited.len() {
            let source = self.visited[visit];
            if self.residual.excess[at(source)] > 0 {
                sent += self.send_from(source);
            }
        }
        sent
    }

    fn send_from(&mut self, source: u32) -> i64 {
        let mut sent = 0;
        let mut node = source;
        self.path.clear();
        while self.residual.excess[at(source)] > 0 {
            if self.residual.excess[at(node)] < 0 {
                sent += self.augment(source, node);
                // Go on from before the first edge that is now full.
                let full = self.path.iter().position(|place| self.residual.left(*place) == 0);
                if let Some(full) = full {
                    node = self.residual.tail(self.path[full]);
                    self.path.truncate(full);
                }
                continue;
            }
            if let Some(place) = self.advance(node) {
                self.path.push(place);
                node = self.residual.edges[at(place)].head;
                continue;
            }
            self.rank[at(node)] = FAR;
            let Some(back) = self.path.pop() else { break };
            node = self.residual.tail(back);
        }
        sent
    }

    /// The next edge of `node` with capacity that lies on a cheapest way and leads to a node visited earlier.
    fn advance(&mut self, node: u32) -> Option<u32> {
        let (own, rank) = (self.potential[at(node)], self.rank[at(node)]);
        let end = self.residual.first[at(node) + 1];
        let begin = self.current[at(node)];
        let found = (begin..end).find(|place| {
            let edge = self.residual.edges[at(*place)];
            edge.cap > 0
                && self.rank[at(edge.head)] < rank
                && own - self.potential[at(edge.head)] == i32::from(self.residual.costs[at(*place)])
        });
        self.current[at(node)] = found.unwrap_or(end);
        found
    }

    fn augment(&mut self, source: u32, target: u32) -> i64 {
        let ends = self.residual.excess[at(source)].min(-self.residual.excess[at(target)]);
        let units = self.path.iter().map(|place| self.residual.left(*place)).fold(ends, i64::min);
        for step in 0..self.path.len() {
            self.residual.push(self.path[step], units);
        }
        self.residual.excess[at(source)] -= units;
        self.residual.excess[at(target)] += units;
        units
    }
}
