//! Sending as much as fits along edges of reduced cost 0, with search trees that are kept.
//!
//! One forest grows from every excess along the flow, one from every deficit against it. Where they touch, flow is sent along both
//! branches; a node whose edge to its parent is full then, looks for another parent in its own forest, and leaves it if there is none.
//! So a unit sent costs the repair of one path instead of two new searches. The forests stay valid when
//! potentials change: all nodes of one move together, so its edges keep the reduced cost 0.
//!
//! This is the method of Boykov and Kolmogorov (2004) for largest flows, kept going from one price to the next.
//!
//! Deterministic: nodes are tried in the order they came, edges in the order they were added.

use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

use super::residual::{BACKWARD, FORWARD, Residual};
use crate::{at, index};

/// By side: in this forest.
const TREES: [u8; 2] = [0, 1];
/// In neither forest.
const FREE: u8 = 2;
/// In place of the edge to a parent: this node is out of balance.
const ROOT: u32 = u32::MAX;
/// In place of the edge to a parent: it has none at the moment.
const ORPHAN: u32 = u32::MAX - 1;

/// What the forests know of a node.
#[derive(Clone, Copy)]
struct Knot {
    /// Place of the edge to its parent.
    parent: u32,
    /// When its depth was last known to be right.
    stamp: u32,
    depth: u32,
    tree: u8,
    /// Waits to be grown from.
    active: bool,
}

/// A node's list of edges of reduced cost 0.
#[derive(Clone, Copy, Default)]
struct List {
    end: u32,
    /// When it was made.
    stamp: u32,
}

/// The forests and their scratch.
pub(super) struct Forest {
    knots: Vec<Knot>,
    /// The list of node v begins at its first edge's place.
    places: Vec<u32>,
    lists: Vec<List>,
    /// Potentials changed so often.
    now: u32,
    /// Flow was sent so often.
    time: u32,
    active: VecDeque<u32>,
    orphans: VecDeque<u32>,
    /// Nodes with excess, and with a deficit.
    starts: [Vec<u32>; 2],
}

impl Forest {
    pub(super) fn new(residual: &Residual) -> Self {
        let nodes = residual.excess.len();
        let knot = |units: &i64| {
            let (parent, tree) = match units.signum() {
                1 => (ROOT, TREES[FORWARD]),
                -1 => (ROOT, TREES[BACKWARD]),
                _ => (ORPHAN, FREE),
            };
            Knot { parent, stamp: 0, depth: 0, tree, active: false }
        };
        let starts = |sign: i64| {
            let out = (0u32..).zip(&residual.excess).filter(|(_, units)| **units * sign > 0);
            out.map(|(node, _)| node).collect()
        };
        Self {
            knots: residual.excess.iter().map(knot).collect(),
            places: vec![0; residual.edges.len()],
            lists: vec![List::default(); nodes],
            now: 0,
            time: 0,
            active: VecDeque::new(),
            orphans: VecDeque::new(),
            starts: [starts(1), starts(-1)],
        }
    }

    /// Nodes with excess ([`FORWARD`]) or a deficit ([`BACKWARD`]), as of the last sending.
    pub(super) fn starts(&self, side: usize) -> &[u32] {
        &self.starts[side]
    }

    /// Sends as much as fits at new potentials. Returns the units that arrived.
    pub(super) fn send(&mut self, residual: &mut Residual, potential: &[i32]) -> i64 {
        self.now += 1;
        for (node, knot) in (0u32..).zip(&mut self.knots) {
            if knot.tree != FREE {
                knot.active = true;
                self.active.push_back(node);
            }
        }
        let mut sent = 0;
        while let Some(node) = self.active.pop_front() {
            self.knots[at(node)].active = false;
            sent += match self.knots[at(node)].tree {
                tree if tree == TREES[FORWARD] => self.grow::<FORWARD>(node, residual, potential),
                tree if tree == TREES[BACKWARD] => self.grow::<BACKWARD>(node, residual, potential),
                _ => 0,
            };
        }
        for (side, sign) in [(FORWARD, 1), (BACKWARD, -1)] {
            self.starts[side].retain(|node| residual.excess[at(*node)] * sign > 0);
        }
        sent
    }

    /// Places of a node's list.
    fn list(&mut self, node: u32, residual: &Residual, potential: &[i32]) -> core::ops::Range<usize> {
        let range = residual.edges_of(node);
        let list = &mut self.lists[at(node)];
        if list.stamp != self.now {
            let own = potential[at(node)];
            let mut end = range.start;
            for place in range.clone() {
                if own - potential[at(residual.edges[place].head)] == i32::from(residual.costs[place]) {
                    self.places[end] = index(place);
                    end += 1;
                }
            }
            *list = List { end: index(end), stamp: self.now };
        }
        range.start..at(list.end)
    }

    /// Takes in the free neighbours of a node, and sends flow where the forests touch. Returns the units that arrived.
    fn grow<const SIDE: usize>(&mut self, node: u32, residual: &mut Residual, potential: &[i32]) -> i64 {
        let mut sent = 0;
        for position in self.list(node, residual, potential) {
            let place = self.places[position];
            loop {
                let edge = residual.edges[at(place)];
                if !edge.passes(SIDE) {
                    break;
                }
                let Knot { stamp, depth, .. } = self.knots[at(node)];
                let head = &mut self.knots[at(edge.head)];
                if head.tree == FREE {
                    (head.tree, head.parent) = (TREES[SIDE], edge.mate());
                    (head.stamp, head.depth) = (stamp, depth + 1);
                    self.activate(edge.head);
                    break;
                }
                if head.tree == TREES[SIDE] {
                    if head.parent != ROOT && head.stamp <= stamp && head.depth > depth + 1 {
                        (head.parent, head.stamp, head.depth) = (edge.mate(), stamp, depth + 1);
                    }
                    break;
                }
                sent += self.send_through(if SIDE == FORWARD { place } else { edge.mate() }, residual);
                while let Some(orphan) = self.orphans.pop_front() {
                    if self.knots[at(orphan)].tree == TREES[FORWARD] {
                        self.adopt::<FORWARD>(orphan, residual, potential);
                    } else {
                        self.adopt::<BACKWARD>(orphan, residual, potential);
                    }
                }
                if self.knots[at(node)].tree != TREES[SIDE] {
                    return sent;
                }
            }
        }
        sent
    }

    fn activate(&mut self, node: u32) {
        if !core::mem::replace(&mut self.knots[at(node)].active, true) {
            self.active.push_back(node);
        }
    }

    /// Sends what it can from root to root through the edge where they touch. Returns how much.
    fn send_through(&mut self, middle: u32, residual: &mut Residual) -> i64 {
        let edge = residual.edges[at(middle)];
        let ends = [residual.edges[at(edge.mate())].head, edge.head];
        let mut units = residual.left(middle);
        for (side, end) in ends.into_iter().enumerate() {
            let mut node = end;
            while self.knots[at(node)].parent != ROOT {
                let up = residual.edges[at(self.knots[at(node)].parent)];
                units = units.min(if side == FORWARD { residual.left(up.mate()) } else { up.cap });
                node = up.head;
            }
            units = units.min(residual.excess[at(node)].abs());
        }
        residual.push(middle, units);
        self.time += 1;
        for (side, end) in ends.into_iter().enumerate() {
            let mut node = end;
            while self.knots[at(node)].parent != ROOT {
                let parent = self.knots[at(node)].parent;
                let up = residual.edges[at(parent)];
                let place = if side == FORWARD { up.mate() } else { parent };
                residual.push(place, units);
                if residual.left(place) == 0 {
                    self.knots[at(node)].parent = ORPHAN;
                    self.orphans.push_front(node);
                }
                node = up.head;
            }
            residual.excess[at(node)] -= if side == FORWARD { units } else { -units };
            if residual.excess[at(node)] == 0 {
                self.knots[at(node)].parent = ORPHAN;
                self.orphans.push_front(node);
            }
        }
        units
    }

    /// Finds the nearest parent for a node that has lost its own, or sets it free.
    fn adopt<const SIDE: usize>(&mut self, node: u32, residual: &Residual, potential: &[i32]) {
        let list = self.list(node, residual, potential);
        let (mut best, mut parent) = (u32::MAX, ORPHAN);
        for position in list.clone() {
            let place = self.places[position];
            let edge = residual.edges[at(place)];
            if self.knots[at(edge.head)].tree == TREES[SIDE]
                && edge.passes(1 - SIDE)
                && let Some(depth) = self.depth(edge.head, residual)
                && depth < best
            {
                (best, parent) = (depth, place);
            }
        }
        if parent != ORPHAN {
            let knot = &mut self.knots[at(node)];
            (knot.parent, knot.stamp, knot.depth) = (parent, self.time, best + 1);
            return;
        }
        self.knots[at(node)].tree = FREE;
        for position in list {
            let edge = residual.edges[at(self.places[position])];
            let head = self.knots[at(edge.head)];
            if head.tree != TREES[SIDE] {
                continue;
            }
            if edge.passes(1 - SIDE) {
                self.activate(edge.head);
            }
            if head.parent == edge.mate() {
                self.knots[at(edge.head)].parent = ORPHAN;
                self.orphans.push_back(edge.head);
            }
        }
    }

    /// Steps from a node to its root, if it still hangs from one. Notes the depths on the way.
    fn depth(&mut self, start: u32, residual: &Residual) -> Option<u32> {
        let (mut node, mut steps) = (start, 0);
        let found = loop {
            let Knot { parent, stamp, depth, .. } = self.knots[at(node)];
            match parent {
                ORPHAN => return None,
                ROOT => break steps,
                _ if stamp == self.time => break steps + depth,
                _ => node = residual.edges[at(parent)].head,
            }
            steps += 1;
        };
        node = start;
        for depth in (found - steps + 1..=found).rev() {
            let knot = &mut self.knots[at(node)];
            (knot.stamp, knot.depth) = (self.time, depth);
            node = residual.edges[at(knot.parent)].head;
        }
        Some(found)
    }
}
