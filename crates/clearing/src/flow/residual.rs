//! A residual network as both searches want it: the two directions of an arc each stand with the node they leave.
//!
//! Absent on purpose: potentials and everything else a search knows.

use alloc::vec;
use alloc::vec::Vec;

use crate::at;

/// One direction of an arc, beside the others that leave the same node.
#[derive(Clone, Copy, Default)]
pub(super) struct Edge {
    /// Units that may still go this way.
    pub(super) cap: i64,
    pub(super) head: u32,
    /// Place of the opposite direction; the highest bit says whether that has capacity left.
    mate: u32,
}

const OPEN: u32 = 1 << 31;

impl Edge {
    /// Place of the opposite direction.
    pub(super) fn mate(self) -> u32 {
        self.mate & !OPEN
    }

    /// Whether flow can pass: this way in the forward search, the opposite way in the backward one.
    pub(super) fn passes(self, side: usize) -> bool {
        if side == FORWARD { self.cap > 0 } else { self.mate & OPEN != 0 }
    }
}

/// The search that follows flow, from excess on.
pub(super) const FORWARD: usize = 0;
/// The search against flow, from deficits back.
pub(super) const BACKWARD: usize = 1;

/// A residual network, edges grouped by the node they leave.
pub(super) struct Residual {
    /// Edges of node v are `first[v]..first[v + 1]`.
    pub(super) first: Vec<u32>,
    pub(super) edges: Vec<Edge>,
    /// Cost of each edge; its opposite costs the negative.
    pub(super) costs: Vec<i8>,
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

    /// Places of the edges that leave a node.
    pub(super) fn edges_of(&self, node: u32) -> core::ops::Range<usize> {
        at(self.first[at(node)])..at(self.first[at(node) + 1])
    }

    /// Sends `units` along the edge at `place`.
    pub(super) fn push(&mut self, place: u32, units: i64) {
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
}
