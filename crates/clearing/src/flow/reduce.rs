//! Making a network smaller before it is solved, so that its answer gives the answer of the whole, proof included.
//!
//! Two rules, applied until nothing changes or the work allowed is done:
//!
//! - *Clip*: an arc carries no more than can leave the node it enters, or can arrive at the node it leaves.
//! - *Merge*: a node with a single arc on one side, which can carry all that the arcs of the other side can, is the node at the
//!   other end of that arc: the others are attached there and gain the value of the single one.
//!
//! Each step is undone in the opposite order, and each time flow and potentials prove each other on the network as it was before:
//! no arc with a positive reduced value has room left, none with a negative one carries anything.
//!
//! - An arc clipped at the node it enters that is full now, though it was not before: all that leaves the node is full and nothing
//!   else enters it. So the potential of the node may rise, and it rises until the reduced value of the arc is 0. At the node it
//!   leaves: the same, mirrored.
//! - The single arc of a merged node carries the sum of the others, and the potential of the node gives it the reduced value 0.
//!   An arc that became a loop is full if it was worth something then.
//!
//! Deterministic: nodes in order of their number, then those whose surroundings changed in the order of the changes.

use alloc::vec;
use alloc::vec::Vec;

use super::unit::VALUE_SMALL;
use super::{Arc, Circulation, Network};
use crate::{at, index};

const NONE: u32 = u32::MAX;
/// Arcs that leave a node; the end of an arc it leaves.
const OUT: usize = 0;
/// Arcs that enter a node; the end of an arc it enters.
const IN: usize = 1;

/// Arcs looked at in all, for each arc of the network: capacities that creep down by one unit at a time are left at some point.
const WORK: usize = 16;

/// Arcs per node above which few nodes can be merged and the reduction costs more than it saves.
const DENSE: usize = 4;

/// Whether a network is thin enough for the reduction to be worth its time.
pub(super) fn pays(network: &Network<'_>) -> bool {
    network.arcs.len() < at(network.nodes).saturating_mul(DENSE)
}

/// An arc as it is now, in a list of each of its ends.
#[derive(Clone, Copy)]
struct Piece {
    cap: i64,
    value: i64,
    ends: [u32; 2],
    next: [u32; 2],
    previous: [u32; 2],
}

/// A node as it is now. By side: arcs, their number, their capacities together.
#[derive(Clone, Copy)]
struct Place {
    sum: [i64; 2],
    first: [u32; 2],
    degree: [u32; 2],
    queued: bool,
}

/// What was done, to be undone.
#[derive(Clone, Copy)]
enum Step {
    /// The arc was clipped to `cap`, at this of its ends.
    Clip { cap: i64, arc: u32, end: u8 },
    /// The node was merged by its only arc on `side`; `moved` others are the last of the moved ones.
    Merge { node: u32, arc: u32, moved: u32, side: u8 },
}

/// A smaller network and the way back.
pub(super) struct Reduced {
    pieces: Vec<Piece>,
    places: Vec<Place>,
    steps: Vec<Step>,
    moved: Vec<u32>,
    /// Nodes to look at next.
    queue: Vec<u32>,
    /// Number of each node in the smaller network; [`NONE`] when it is not there.
    numbers: Vec<u32>,
    /// The smaller network: nodes, arcs, and which arcs these were.
    nodes: u32,
    arcs: Vec<Arc>,
    origins: Vec<u32>,
}

impl Reduced {
    /// Reduces a valid network.
    pub(super) fn new(network: &Network<'_>) -> Self {
        let nodes = at(network.nodes);
        let place = Place { sum: [0; 2], first: [NONE; 2], degree: [0; 2], queued: false };
        let mut reduced = Self {
            pieces: Vec::with_capacity(network.arcs.len()),
            places: vec![place; nodes],
            steps: Vec::new(),
            moved: Vec::new(),
            queue: Vec::new(),
            numbers: vec![NONE; nodes],
            nodes: 0,
            arcs: Vec::new(),
            origins: Vec::new(),
        };
        for (arc, &Arc { from, to, cap, value }) in (0u32..).zip(network.arcs) {
            reduced.pieces.push(Piece { cap, value, ends: [from, to], next: [NONE; 2], previous: [NONE; 2] });
            if cap > 0 {
                reduced.link(arc, OUT);
                reduced.link(arc, IN);
            }
        }
        reduced.run();
        reduced.collect();
        reduced
    }

    /// The smaller network.
    pub(super) fn network(&self) -> Network<'_> {
        Network { nodes: self.nodes, arcs: &self.arcs }
    }

    /// Applies the rules.
    fn run(&mut self) {
        let mut work = self.pieces.len().saturating_mul(WORK);
        let mut now: Vec<u32> = (0..index(self.places.len())).collect();
        while !now.is_empty() {
            for &node in &now {
                self.places[at(node)].queued = false;
                let [leaving, entering] = self.places[at(node)].degree;
                let Some(left) = work.checked_sub(at(leaving) + at(entering)) else { return };
                work = left;
                if leaving + entering > 0 && !self.merge(node, IN) && !self.merge(node, OUT) {
                    self.clip(node, IN);
                    self.clip(node, OUT);
                }
            }
            now.clear();
            core::mem::swap(&mut now, &mut self.queue);
        }
    }

    /// Clips the arcs on one side of a node to what the other side can carry.
    fn clip(&mut self, node: u32, side: usize) {
        let cap = self.places[at(node)].sum[1 - side];
        if self.places[at(node)].sum[side] <= cap {
            return;
        }
        let mut arc = self.places[at(node)].first[side];
        while arc != NONE {
            let piece = self.pieces[at(arc)];
            if piece.cap > cap {
                self.steps.push(Step::Clip { cap, arc, end: if side == OUT { 0 } else { 1 } });
                self.pieces[at(arc)].cap = cap;
                for end in [OUT, IN] {
                    self.places[at(piece.ends[end])].sum[end] -= piece.cap - cap;
                }
                if cap == 0 {
                    self.unlink(arc, OUT);
                    self.unlink(arc, IN);
                }
                self.look_at(piece.ends[1 - side]);
            }
            arc = piece.next[side];
        }
    }

    /// Merges a node with the other end of its only arc on this side, if that can carry all of the other side. Says whether it
    /// did.
    fn merge(&mut self, node: u32, side: usize) -> bool {
        let Place { sum, first, degree, .. } = self.places[at(node)];
        let other = 1 - side;
        if degree[side] != 1 || degree[other] == 0 || sum[side] < sum[other] {
            return false;
        }
        let single = first[side];
        let Piece { value, ends, .. } = self.pieces[at(single)];
        let mut arc = first[other];
        while arc != NONE {
            let piece = self.pieces[at(arc)];
            if (piece.value + value).abs() > VALUE_SMALL {
                return false;
            }
            arc = piece.next[other];
        }
        let into = ends[other];
        self.unlink(single, OUT);
        self.unlink(single, IN);
        let mut arc = first[other];
        while arc != NONE {
            let next = self.pieces[at(arc)].next[other];
            self.unlink(arc, other);
            let piece = &mut self.pieces[at(arc)];
            piece.value += value;
            piece.ends[other] = into;
            if piece.ends[side] == into {
                self.unlink(arc, side);
            } else {
                self.link(arc, other);
            }
            self.moved.push(arc);
            arc = next;
        }
        let side = if side == OUT { 0 } else { 1 };
        self.steps.push(Step::Merge { node, arc: single, moved: degree[other], side });
        self.look_at(into);
        true
    }

    fn look_at(&mut self, node: u32) {
        if !core::mem::replace(&mut self.places[at(node)].queued, true) {
            self.queue.push(node);
        }
    }

    /// Adds an arc to the list of one of its ends.
    fn link(&mut self, arc: u32, end: usize) {
        let Piece { ends, cap, .. } = self.pieces[at(arc)];
        let place = &mut self.places[at(ends[end])];
        place.sum[end] += cap;
        place.degree[end] += 1;
        let next = core::mem::replace(&mut place.first[end], arc);
        self.pieces[at(arc)].next[end] = next;
        self.pieces[at(arc)].previous[end] = NONE;
        if next != NONE {
            self.pieces[at(next)].previous[end] = arc;
        }
    }

    /// Takes an arc off the list of one of its ends.
    fn unlink(&mut self, arc: u32, end: usize) {
        let Piece { ends, cap, next, previous, .. } = self.pieces[at(arc)];
        let place = &mut self.places[at(ends[end])];
        place.sum[end] -= cap;
        place.degree[end] -= 1;
        if previous[end] == NONE {
            place.first[end] = next[end];
        } else {
            self.pieces[at(previous[end])].next[end] = next[end];
        }
        if next[end] != NONE {
            self.pieces[at(next[end])].previous[end] = previous[end];
        }
    }

    /// Writes down what is left, arcs in the order given.
    fn collect(&mut self) {
        let mut there = vec![false; self.pieces.len()];
        for (node, place) in self.places.iter().enumerate() {
            if place.degree != [0, 0] {
                self.numbers[node] = self.nodes;
                self.nodes += 1;
            }
            let mut arc = place.first[OUT];
            while arc != NONE {
                there[at(arc)] = true;
                arc = self.pieces[at(arc)].next[OUT];
            }
        }
        for ((arc, piece), _) in (0u32..).zip(&self.pieces).zip(&there).filter(|(_, there)| **there) {
            let [from, to] = piece.ends.map(|node| self.numbers[at(node)]);
            self.arcs.push(Arc { from, to, cap: piece.cap, value: piece.value });
            self.origins.push(arc);
        }
    }

    /// Undoes every step: the circulation of the smaller network becomes one of the whole, `network`.
    pub(super) fn restore(mut self, network: &Network<'_>, answer: &Circulation) -> Circulation {
        let mut flow = vec![0i64; network.arcs.len()];
        for (&arc, &units) in self.origins.iter().zip(&answer.flow) {
            flow[at(arc)] = units;
        }
        let known = |number: &u32| answer.potential.get(at(*number)).copied().unwrap_or(0);
        let mut potential: Vec<i64> = self.numbers.iter().map(known).collect();
        for step in self.steps.iter().rev() {
            match *step {
                Step::Clip { cap, arc, end } => {
                    let Piece { value, ends: [from, to], .. } = self.pieces[at(arc)];
                    let reduced = value + potential[at(from)] - potential[at(to)];
                    if flow[at(arc)] == cap && reduced > 0 {
                        if usize::from(end) == IN {
                            potential[at(to)] += reduced;
                        } else {
                            potential[at(from)] -= reduced;
                        }
                    }
                }
                Step::Merge { node, arc: single, moved, side } => {
                    let other = 1 - usize::from(side);
                    let Piece { value, ends, .. } = self.pieces[at(single)];
                    for arc in self.moved.drain(self.moved.len() - at(moved)..) {
                        let piece = &mut self.pieces[at(arc)];
                        if piece.ends[OUT] == piece.ends[IN] {
                            flow[at(arc)] = if piece.value > 0 { piece.cap } else { 0 };
                        }
                        piece.ends[other] = node;
                        piece.value -= value;
                        flow[at(single)] += flow[at(arc)];
                    }
                    let near = potential[at(ends[other])];
                    potential[at(node)] = if usize::from(side) == IN { near + value } else { near - value };
                }
            }
        }
        let value = network.arcs.iter().zip(&flow).map(|(arc, units)| i128::from(arc.value) * i128::from(*units)).sum();
        Circulation { flow, potential, value }
    }
}
