//! The edges of reduced cost 0, and sending as much as fits along them: a largest flow, by searches from both ends.
//!
//! Each round searches breadth first, forward from every excess and backward from every deficit, on the side with less to look at,
//! until they meet. From each edge where they met, the way back to an excess and on to a deficit follows the order of the
//! searches, so flow never runs in circles, and a node without a way on is not tried again in the round. Each node
//! keeps a list of its edges of reduced cost 0, made when it is first looked at after potentials have changed: most edges are not
//! on it, and no reduced cost is computed twice.

use alloc::vec;
use alloc::vec::Vec;

use super::residual::{BACKWARD, FORWARD, Residual};
use crate::{at, index};

/// Not reached.
const FAR: u32 = u32::MAX;
/// Reached but not visited; after that, the position in the order of the search.
const REACHED: u32 = u32::MAX - 1;

/// A node's list of edges of reduced cost 0.
#[derive(Clone, Copy, Default)]
struct List {
    end: u32,
    /// When it was made.
    stamp: u32,
}

/// One of the two searches.
#[derive(Default)]
struct Side {
    /// Nodes out of balance this search starts from; those balanced since are dropped at the next start.
    starts: Vec<u32>,
    /// Nodes reached, each once.
    reached: Vec<u32>,
    /// Nodes to visit next, and the nodes after these.
    ring: Vec<u32>,
    next: Vec<u32>,
    /// Edges of the nodes in `ring`, and in `next`.
    work: usize,
    work_next: usize,
    visited: u32,
    /// Next edge of its list to try, for each node.
    current: Vec<u32>,
    /// The way found so far, as places of edges.
    path: Vec<u32>,
}

/// The lists, the searches and their scratch.
pub(super) struct Admissible {
    /// The list of node v begins at its first edge's place.
    places: Vec<u32>,
    lists: Vec<List>,
    now: u32,
    sides: [Side; 2],
    /// What each search knows of each node: [`FAR`], [`REACHED`] or its position in the order.
    ranks: Vec<[u32; 2]>,
    /// Edges, in the direction of flow, where the searches met.
    meetings: Vec<u32>,
}

impl Admissible {
    pub(super) fn new(residual: &Residual) -> Self {
        let nodes = residual.excess.len();
        let side = |sign: i64| Side {
            starts: (0u32..)
                .zip(&residual.excess)
                .filter(|(_, units)| **units * sign > 0)
                .map(|(node, _)| node)
                .collect(),
            current: vec![0; nodes],
            ..Side::default()
        };
        Self {
            places: vec![0; residual.edges.len()],
            lists: vec![List::default(); nodes],
            now: 0,
            sides: [side(1), side(-1)],
            ranks: vec![[FAR; 2]; nodes],
            meetings: Vec::new(),
        }
    }

    /// Nodes with excess ([`FORWARD`]) or a deficit ([`BACKWARD`]), as of the last search.
    pub(super) fn starts(&self, side: usize) -> &[u32] {
        &self.sides[side].starts
    }

    /// Sends as much as fits at new potentials. Returns the units that arrived.
    pub(super) fn send(&mut self, residual: &mut Residual, potential: &[i32]) -> i64 {
        self.now += 1;
        let mut sent = 0;
        while self.meet(residual, potential) {
            for meeting in 0..self.meetings.len() {
                sent += self.send_through(self.meetings[meeting], residual, potential);
            }
        }
        sent
    }

    /// Searches from both ends until they meet; says whether they did.
    fn meet(&mut self, residual: &Residual, potential: &[i32]) -> bool {
        self.meetings.clear();
        for (side, scratch) in self.sides.iter_mut().enumerate() {
            scratch.begin(side, &mut self.ranks, residual);
        }
        while self.meetings.is_empty() && self.sides.iter().all(|side| !side.ring.is_empty()) {
            let backward = self.sides[BACKWARD].work < self.sides[FORWARD].work;
            if backward {
                self.visit::<BACKWARD>(residual, potential);
            } else {
                self.visit::<FORWARD>(residual, potential);
            }
        }
        !self.meetings.is_empty()
    }

    /// Visits all nodes of the ring of one side.
    fn visit<const SIDE: usize>(&mut self, residual: &Residual, potential: &[i32]) {
        let Self { places, lists, now, sides, ranks, meetings } = self;
        let side = &mut sides[SIDE];
        for &node in &side.ring {
            ranks[at(node)][SIDE] = side.visited;
            side.visited += 1;
            let list = &mut lists[at(node)];
            if list.stamp != *now {
                *list = List { end: make_list(node, places, residual, potential), stamp: *now };
            }
            for &place in &places[at(residual.first[at(node)])..at(list.end)] {
                let edge = residual.edges[at(place)];
                if !edge.passes(SIDE) {
                    continue;
                }
                let rank = &mut ranks[at(edge.head)];
                if rank[1 - SIDE] != FAR {
                    meetings.push(if SIDE == FORWARD { place } else { edge.mate() });
                }
                if rank[SIDE] == FAR {
                    rank[SIDE] = REACHED;
                    side.current[at(edge.head)] = residual.first[at(edge.head)];
                    side.reached.push(edge.head);
                    side.next.push(edge.head);
                    side.work_next += residual.edges_of(edge.head).len();
                }
            }
        }
        side.ring.clear();
        core::mem::swap(&mut side.ring, &mut side.next);
        side.work = core::mem::take(&mut side.work_next);
    }

    /// Sends what it can through one edge where the searches met. Returns the units that arrived.
    fn send_through(&mut self, middle: u32, residual: &mut Residual, potential: &[i32]) -> i64 {
        let mut sent = 0;
        let edge = residual.edges[at(middle)];
        let tail = residual.edges[at(edge.mate())].head;
        for side in &mut self.sides {
            side.path.clear();
        }
        while residual.left(middle) > 0 {
            let Some(source) = self.follow::<FORWARD>(tail, residual, potential) else { break };
            let Some(target) = self.follow::<BACKWARD>(edge.head, residual, potential) else { break };
            let units = residual.excess[at(source)].min(-residual.excess[at(target)]).min(residual.left(middle));
            let units = self.sides[BACKWARD].path.iter().map(|place| residual.left(*place)).fold(units, i64::min);
            let back = self.sides[FORWARD].path.iter().map(|place| residual.edges[at(*place)].mate());
            let units = back.map(|place| residual.left(place)).fold(units, i64::min);
            residual.push(middle, units);
            self.sides[FORWARD].fill::<FORWARD>(units, residual);
            self.sides[BACKWARD].fill::<BACKWARD>(units, residual);
            residual.excess[at(source)] -= units;
            residual.excess[at(target)] += units;
            sent += units;
        }
        sent
    }

    /// Completes the path of one side, which begins at `start`: to an excess along edges that enter, or to a deficit along
    /// edges that leave. Returns where it ends.
    fn follow<const SIDE: usize>(&mut self, start: u32, residual: &Residual, potential: &[i32]) -> Option<u32> {
        let Self { places, lists, now, sides, ranks, .. } = self;
        let side = &mut sides[SIDE];
        let mut node = side.path.last().map_or(start, |place| residual.edges[at(*place)].head);
        loop {
            let excess = residual.excess[at(node)];
            if (SIDE == FORWARD && excess > 0) || (SIDE == BACKWARD && excess < 0) {
                return Some(node);
            }
            let list = &mut lists[at(node)];
            if list.stamp != *now {
                *list = List { end: make_list(node, places, residual, potential), stamp: *now };
            }
            let rank = ranks[at(node)][SIDE];
            // The path runs against the search: what passes forward there, passes backward here.
            let found = (side.current[at(node)]..list.end).find(|position| {
                let edge = residual.edges[at(places[at(*position)])];
                ranks[at(edge.head)][SIDE] < rank && edge.passes(1 - SIDE)
            });
            side.current[at(node)] = found.unwrap_or(list.end);
            if let Some(position) = found {
                let place = places[at(position)];
                side.path.push(place);
                node = residual.edges[at(place)].head;
                continue;
            }
            // No way on from here: no other path shall try it.
            ranks[at(node)][SIDE] = REACHED;
            side.path.pop()?;
            node = side.path.last().map_or(start, |place| residual.edges[at(*place)].head);
        }
    }
}

impl Side {
    /// Forgets the last search and starts from what is still out of balance.
    fn begin(&mut self, side: usize, ranks: &mut [[u32; 2]], residual: &Residual) {
        for node in self.reached.drain(..) {
            ranks[at(node)][side] = FAR;
        }
        let sign = if side == FORWARD { 1 } else { -1 };
        self.starts.retain(|node| residual.excess[at(*node)] * sign > 0);
        self.ring.clear();
        self.next.clear();
        self.ring.extend_from_slice(&self.starts);
        self.reached.extend_from_slice(&self.starts);
        (self.work, self.work_next, self.visited) = (0, 0, 0);
        for &node in &self.starts {
            ranks[at(node)][side] = REACHED;
            self.current[at(node)] = residual.first[at(node)];
            self.work += residual.edges_of(node).len();
        }
    }

    /// Sends `units` along the path and cuts it before its first edge that is now full.
    fn fill<const SIDE: usize>(&mut self, units: i64, residual: &mut Residual) {
        let mut keep = self.path.len();
        for (step, place) in self.path.iter().enumerate().rev() {
            let place = if SIDE == FORWARD { residual.edges[at(*place)].mate() } else { *place };
            residual.push(place, units);
            if residual.left(place) == 0 {
                keep = step;
            }
        }
        self.path.truncate(keep);
    }
}

/// Makes the list of a node; returns where it ends.
fn make_list(node: u32, places: &mut [u32], residual: &Residual, potential: &[i32]) -> u32 {
    let range = residual.edges_of(node);
    let own = potential[at(node)];
    let mut end = range.start;
    for place in range {
        if own - potential[at(residual.edges[place].head)] == i32::from(residual.costs[place]) {
            places[end] = index(place);
            end += 1;
        }
    }
    index(end)
}
