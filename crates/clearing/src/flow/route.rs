//! Routing excess to deficits at least cost, where costs are small integers: primal-dual with distances in buckets.
//!
//! Each round searches from both ends, forward from every excess and backward from every deficit, always on the side with the
//! smaller frontier, until the two meet at least cost. Then it sends, from each arc where they met, as much as fits: the way
//! back to an excess and on to a deficit follows the order of the searches, so flow never runs in circles. Late rounds, with
//! few nodes out of balance, look at a small part of the network only; so do the changes of potentials.
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
}

const FAR: u32 = u32::MAX;

/// What the two searches know of a node.
#[derive(Clone, Copy)]
struct Node {
    /// An arc's reduced cost is its cost, less the potential of its tail, plus that of its head; never negative with capacity left.
    potential: i32,
    /// Reduced cost from the nearest excess (0) and to the nearest deficit (1); [`FAR`] when not reached.
    distance: [u32; 2],
    /// Position in the order of each search; [`FAR`] when not visited, or found to lead nowhere.
    rank: [u32; 2],
}

const FORWARD: usize = 0;
const BACKWARD: usize = 1;

/// One of the two searches.
#[derive(Default)]
struct Side {
    /// Nodes out of balance this search starts from; those balanced since are dropped at the next start.
    starts: Vec<u32>,
    /// Nodes reached, each once.
    reached: Vec<u32>,
    /// Nodes to visit next, and the nodes after these at the same distance.
    ring: Vec<u32>,
    next: Vec<u32>,
    /// Nodes to visit at each distance beyond `level`.
    levels: Vec<Vec<u32>>,
    level: u32,
    visited: u32,
    /// Next edge to try of each node, and the way found so far as places of edges.
    current: Vec<u32>,
    path: Vec<u32>,
}

/// The search and its scratch.
pub(super) struct Router {
    residual: Residual,
    nodes: Vec<Node>,
    sides: [Side; 2],
    /// Least cost at which the searches met, and the edges (in forward direction) where.
    least: u32,
    meetings: Vec<u32>,
}

impl Router {
    pub(super) fn new(residual: Residual) -> Self {
        let count = residual.excess.len();
        let nodes = vec![Node { potential: 0, distance: [FAR; 2], rank: [FAR; 2] }; count];
        let side = |sign: i64| Side {
            starts: (0u32..).zip(&residual.excess).filter(|(_, units)| **units * sign > 0).map(|(node, _)| node).collect(),
            current: vec![0; count],
            ..Side::default()
        };
        let sides = [side(1), side(-1)];
        Self { residual, nodes, sides, least: FAR, meetings: Vec::new() }
    }

    pub(super) fn residual(&self) -> &Residual {
        &self.residual
    }

    /// Potential of each node.
    pub(super) fn potential(&self, node: u32) -> i64 {
        i64::from(self.nodes[at(node)].potential)
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

    /// Searches from both ends until they meet at least cost, which is returned, and changes the potentials so that every
    /// edge on a cheapest way has reduced cost 0.
    fn search(&mut self) -> u32 {
        self.begin();
        while self.least > self.sides[FORWARD].level + self.sides[BACKWARD].level {
            for side in 0..2 {
                self.refill(side);
            }
            if self.least <= self.sides[FORWARD].level + self.sides[BACKWARD].level {
                break;
            }
            let backward = self.sides[BACKWARD].ring.len() < self.sides[FORWARD].ring.len();
            if backward { self.visit::<BACKWARD>() } else { self.visit::<FORWARD>() }
        }
        for (side, sign) in [(FORWARD, 1), (BACKWARD, -1)] {
            let level = self.sides[side].level;
            for node in &self.sides[side].reached {
                let node = &mut self.nodes[at(*node)];
                node.potential += sign * level.saturating_sub(node.distance[side]).cast_signed();
            }
        }
        self.least
    }

    /// Forgets the last round.
    fn begin(&mut self) {
        self.least = FAR;
        self.meetings.clear();
        for (side, scratch) in self.sides.iter_mut().enumerate() {
            for node in scratch.reached.drain(..) {
                self.nodes[at(node)].distance[side] = FAR;
                self.nodes[at(node)].rank[side] = FAR;
            }
            let sign = if side == FORWARD { 1 } else { -1 };
            scratch.starts.retain(|node| self.residual.excess[at(*node)] * sign > 0);
            for level in &mut scratch.levels {
                level.clear();
            }
            (scratch.level, scratch.visited) = (0, 0);
            scratch.next.clear();
            scratch.ring.clear();
            for &node in &scratch.starts {
                self.nodes[at(node)].distance[side] = 0;
                scratch.current[at(node)] = self.residual.first[at(node)];
                scratch.reached.push(node);
                scratch.ring.push(node);
            }
        }
    }

    /// If a side has nothing more to visit at its level, takes the next one.
    fn refill(&mut self, side: usize) {
        let scratch = &mut self.sides[side];
        while scratch.ring.is_empty() {
            scratch.level += 1;
            assert!(at(scratch.level) < scratch.levels.len() + 1, "every excess has a way to a deficit");
            let Some(level) = scratch.levels.get_mut(at(scratch.level)) else { continue };
            core::mem::swap(&mut scratch.ring, level);
            let (now, nodes) = (scratch.level, &self.nodes);
            scratch.ring.retain(|node| nodes[at(*node)].distance[side] == now && nodes[at(*node)].rank[side] == FAR);
        }
    }

    /// Visits all nodes of the ring of one side.
    fn visit<const SIDE: usize>(&mut self) {
        let Self { residual, nodes, sides, least, meetings } = self;
        let side = &mut sides[SIDE];
        for &node in &side.ring {
            let own = &mut nodes[at(node)];
            if own.rank[SIDE] != FAR {
                continue;
            }
            own.rank[SIDE] = side.visited;
            side.visited += 1;
            let potential = own.potential;
            for place in residual.edges_of(node) {
                let edge = residual.edges[place];
                if (SIDE == FORWARD && edge.cap == 0) || (SIDE == BACKWARD && edge.mate & OPEN == 0) {
                    continue;
                }
                let head = &mut nodes[at(edge.head)];
                let cost = i32::from(residual.costs[place]) - potential + head.potential;
                let reduced = if SIDE == FORWARD { cost } else { -cost };
                let reach = side.level + reduced.cast_unsigned();
                let other = head.distance[1 - SIDE];
                if other != FAR && reach + other <= *least {
                    if reach + other < *least {
                        *least = reach + other;
                        meetings.clear();
                    }
                    meetings.push(if SIDE == FORWARD { index(place) } else { edge.mate() });
                }
                if reach < head.distance[SIDE] {
                    if head.distance[SIDE] == FAR {
                        side.reached.push(edge.head);
                        side.current[at(edge.head)] = residual.first[at(edge.head)];
                    }
                    head.distance[SIDE] = reach;
                    if reach == side.level {
                        side.next.push(edge.head);
                    } else {
                        if side.levels.len() <= at(reach) {
                            side.levels.resize_with(at(reach) + 1, Vec::new);
                        }
                        side.levels[at(reach)].push(edge.head);
                    }
                }
            }
        }
        side.ring.clear();
        core::mem::swap(&mut side.ring, &mut side.next);
    }

    /// Sends what it can through each edge where the searches met. Returns the units that arrived.
    fn send(&mut self) -> i64 {
        let mut sent = 0;
        for meeting in 0..self.meetings.len() {
            let place = self.meetings[meeting];
            let edge = self.residual.edges[at(place)];
            let tail = self.residual.edges[at(edge.mate())].head;
            for side in &mut self.sides {
                side.path.clear();
            }
            while self.residual.edges[at(place)].cap > 0 {
                let Some(source) = self.follow::<FORWARD>(tail) else { break };
                let Some(target) = self.follow::<BACKWARD>(edge.head) else { break };
                sent += self.augment(source, place, target);
            }
        }
        sent
    }

    /// Completes the path of one side, which begins at `start`: to an excess along edges that enter, or to a deficit along
    /// edges that leave. Returns where it ends.
    fn follow<const SIDE: usize>(&mut self, start: u32) -> Option<u32> {
        let Self { residual, nodes, sides, .. } = self;
        let side = &mut sides[SIDE];
        let mut node = side.path.last().map_or(start, |place| residual.edges[at(*place)].head);
        loop {
            let excess = residual.excess[at(node)];
            if (SIDE == FORWARD && excess > 0) || (SIDE == BACKWARD && excess < 0) {
                return Some(node);
            }
            let Node { potential, rank, .. } = nodes[at(node)];
            let end = residual.first[at(node) + 1];
            let found = (side.current[at(node)]..end).find(|place| {
                let edge = residual.edges[at(*place)];
                let open = if SIDE == FORWARD { edge.mate & OPEN != 0 } else { edge.cap > 0 };
                let head = &nodes[at(edge.head)];
                open && head.rank[SIDE] < rank[SIDE]
                    && potential - head.potential == i32::from(residual.costs[at(*place)])
            });
            side.current[at(node)] = found.unwrap_or(end);
            if let Some(place) = found {
                side.path.push(place);
                node = residual.edges[at(place)].head;
                continue;
            }
            // No way on from here: no other path shall try it.
            nodes[at(node)].rank[SIDE] = FAR;
            side.path.pop()?;
            node = side.path.last().map_or(start, |place| residual.edges[at(*place)].head);
        }
    }

    fn augment(&mut self, source: u32, middle: u32, target: u32) -> i64 {
        let Self { residual, sides: [before, after], .. } = self;
        let mut units = residual.excess[at(source)].min(-residual.excess[at(target)]).min(residual.left(middle));
        for place in &before.path {
            units = units.min(residual.left(residual.edges[at(*place)].mate()));
        }
        for place in &after.path {
            units = units.min(residual.left(*place));
        }
        residual.push(middle, units);
        // Each path goes on from before its first edge that is now full.
        let mut full = before.path.len();
        for (step, place) in before.path.iter().enumerate().rev() {
            let forward = residual.edges[at(*place)].mate();
            residual.push(forward, units);
            if residual.left(forward) == 0 {
                full = step;
            }
        }
        before.path.truncate(full);
        let mut full = after.path.len();
        for (step, place) in after.path.iter().enumerate().rev() {
            residual.push(*place, units);
            if residual.left(*place) == 0 {
                full = step;
            }
        }
        after.path.truncate(full);
        residual.excess[at(source)] -= units;
        residual.excess[at(target)] += units;
        units
    }
}
