//! Network simplex: circulations of greatest value for general integer values, as a *basic* solution.
//!
//! A spanning tree (with one artificial arc per node to a root) carries the arcs that may be strictly between 0 and their
//! capacity; all others rest at one of the two. So in the answer the arcs strictly between 0 and capacity form a forest:
//! at most nodes - 1 of them. Entering arcs are sought block by block in a fixed order (the best of a block), the
//! leaving arc is the last blocking one of the cycle seen from its top. That keeps every tree *strongly feasible* (from
//! each node something can still flow to the root), which rules out cycling: the method always ends. The artificial
//! arcs lead to the root and none leads away, so they never carry anything and need neither flow nor a large value.
//!
//! A solver stays usable after an optimum: [`Simplex::revalue`] and [`Simplex::freeze`] change one arc and the next
//! [`Simplex::optimise`] starts from the present tree. Absent on purpose: node numbers above 31 bits, real numbers, lower bounds.

use alloc::vec;
use alloc::vec::Vec;

use super::{Circulation, Invalid, Network};
use crate::at;

/// No arc or node.
const NONE: u32 = u32::MAX;

/// Fewest arcs looked at for an entering one.
const BLOCK_MIN: usize = 32;

/// Finds a circulation of greatest value whose arcs strictly between 0 and capacity form a forest.
///
/// # Errors
/// [`Invalid`] when the network is.
pub fn maximise(network: &Network<'_>) -> Result<Circulation, Invalid> {
    let mut simplex = Simplex::new(network)?;
    simplex.optimise(u64::MAX);
    let Simplex { flow, mut potential, .. } = simplex;
    potential.truncate(at(network.nodes));
    let value = network.arcs.iter().zip(&flow).map(|(arc, units)| i128::from(arc.value) * i128::from(*units)).sum();
    Ok(Circulation { flow, potential, value })
}

/// Where an arc outside the tree rests, as the sign its reduced value must have to enter. Tree and frozen arcs: 0.
type Rest = i8;
const EMPTY: Rest = 1;
const FULL: Rest = -1;
const INSIDE: Rest = 0;

/// A solver that can be changed and started again from its present tree.
#[derive(Clone, Debug, Default)]
pub struct Simplex {
    ends: Vec<(u32, u32)>,
    value: Vec<i64>,
    rest: Vec<Rest>,
    cap: Vec<i64>,
    flow: Vec<i64>,
    /// One per node and, last, 0 for the root.
    potential: Vec<i64>,
    tree: Vec<Branch>,
    next_arc: usize,
    block: usize,
    pivots: u64,
}

/// A node's place in the tree: the arc to its parent and the list of its children.
#[derive(Clone, Copy, Debug)]
struct Branch {
    parent: u32,
    /// Arc to the parent; [`NONE`] for the artificial one.
    arc: u32,
    /// The arc leads to the parent.
    upward: bool,
    depth: u32,
    first_child: u32,
    next: u32,
    previous: u32,
}

impl Simplex {
    /// The empty circulation of a network.
    ///
    /// # Errors
    /// [`Invalid`] when the network is.
    pub fn new(network: &Network<'_>) -> Result<Self, Invalid> {
        network.validate()?;
        let Network { nodes, arcs } = *network;
        let root = nodes;
        let mut tree: Vec<Branch> = (0..nodes)
            .map(|node| Branch {
                parent: root,
                arc: NONE,
                upward: true,
                depth: 1,
                first_child: NONE,
                next: if node + 1 < nodes { node + 1 } else { NONE },
                previous: node.checked_sub(1).unwrap_or(NONE),
            })
            .collect();
        let first_child = if nodes > 0 { 0 } else { NONE };
        tree.push(Branch { parent: NONE, arc: NONE, upward: true, depth: 0, first_child, next: NONE, previous: NONE });
        Ok(Self {
            ends: arcs.iter().map(|arc| (arc.from, arc.to)).collect(),
            value: arcs.iter().map(|arc| arc.value).collect(),
            rest: arcs.iter().map(|arc| if arc.cap == 0 { INSIDE } else { EMPTY }).collect(),
            cap: arcs.iter().map(|arc| arc.cap).collect(),
            flow: vec![0; arcs.len()],
            potential: vec![0; at(nodes) + 1],
            tree,
            next_arc: 0,
            block: arcs.len().isqrt().max(BLOCK_MIN),
            pivots: 0,
        })
    }

    /// Starts from a given circulation instead of the empty one: every arc at 0 or at its capacity except the `hooks`, one arc
    /// for each node but `centre` that joins it to `centre`. A hook that leads from the node must not be full, one that leads
    /// to it not empty: what comes to the node can flow on to the centre. Panics on other lengths; the caller vouches for the rest.
    pub fn start_from(&mut self, flow: Vec<i64>, centre: u32, hooks: &[u32]) {
        assert_eq!(flow.len(), self.ends.len(), "one flow per arc");
        assert_eq!(hooks.len() + 2, self.tree.len(), "one hook per node except the centre");
        self.flow = flow;
        for (arc, rest) in self.rest.iter_mut().enumerate() {
            *rest = match (self.cap[arc], self.flow[arc]) {
                (0, _) => INSIDE,
                (_, 0) => EMPTY,
                (_, _) => FULL,
            };
        }
        let nodes = (0..).filter(|node| *node != centre);
        for (node, &hook) in nodes.zip(hooks) {
            self.detach(node);
            self.attach(node, centre, hook, self.ends[at(hook)].0 == node);
            self.rest[at(hook)] = INSIDE;
            self.shift(at(hook), node);
        }
    }

    /// Units on each arc; a frozen arc shows 0.
    #[must_use]
    pub fn flow(&self) -> &[i64] {
        &self.flow
    }

    /// Arcs strictly between 0 and capacity, in no particular but a fixed order.
    pub fn inside(&self) -> impl Iterator<Item = usize> + '_ {
        let between = |arc: &usize| 0 < self.flow[*arc] && self.flow[*arc] < self.cap[*arc];
        self.tree.iter().filter(|branch| branch.arc != NONE).map(|branch| at(branch.arc)).filter(between)
    }

    /// Potentials of the nodes and, last, of the root.
    #[must_use]
    pub fn potential(&self) -> &[i64] {
        &self.potential
    }

    /// Pivots made so far.
    #[must_use]
    pub fn pivots(&self) -> u64 {
        self.pivots
    }

    /// Pivots until the value is greatest (`true`) or `pivots_max` pivots were made (`false`). The circulation is feasible
    /// at any time.
    pub fn optimise(&mut self, pivots_max: u64) -> bool {
        let last = self.pivots.saturating_add(pivots_max);
        while let Some(entering) = self.entering() {
            if self.pivots == last {
                return false;
            }
            self.pivots += 1;
            self.pivot(entering);
        }
        true
    }

    /// The arc of greatest improvement per unit in the first block that has one; of equals the first.
    fn entering(&mut self) -> Option<usize> {
        let arcs = self.ends.len();
        let mut seen = 0;
        let mut start = self.next_arc;
        while seen < arcs {
            let end = (start + self.block).min(arcs);
            let (mut best, mut found) = (0, NONE);
            let block = self.ends[start..end].iter().zip(&self.value[start..end]).zip(&self.rest[start..end]);
            for (offset, ((&(from, to), &value), &rest)) in (0u32..).zip(block) {
                let gain = i64::from(rest) * (value + self.potential[at(from)] - self.potential[at(to)]);
                if gain > best {
                    (best, found) = (gain, offset);
                }
            }
            seen += end - start;
            let next = if end == arcs { 0 } else { end };
            if found != NONE {
                self.next_arc = next;
                return Some(start + at(found));
            }
            start = next;
        }
        None
    }

    /// Sends all it can around the cycle of the entering arc and exchanges it for the blocking one.
    fn pivot(&mut self, entering: usize) {
        let (from, to) = self.ends[entering];
        let filling = self.rest[entering] == EMPTY;
        // Flow goes tail -> head on the entering arc, head up to the top, top down to the tail.
        let (tail, head) = if filling { (from, to) } else { (to, from) };
        let (mut units, mut leaving, mut on_head_side) = (self.cap[entering], NONE, false);
        let (mut low, mut high) = (tail, head);
        // The last blocking arc seen from the top: on the head side the highest, then the entering arc itself, then on the
        // tail side the lowest.
        while low != high {
            if self.tree[at(low)].depth >= self.tree[at(high)].depth {
                let room = self.room(low, false);
                if room < units {
                    (units, leaving, on_head_side) = (room, low, false);
                }
                low = self.tree[at(low)].parent;
            } else {
                let room = self.room(high, true);
                if room <= units {
                    (units, leaving, on_head_side) = (room, high, true);
                }
                high = self.tree[at(high)].parent;
            }
        }
        if units > 0 {
            self.augment(entering, filling, (tail, head), low, units);
        }
        if leaving == NONE {
            self.rest[entering] = -self.rest[entering];
            return;
        }
        let out = self.tree[at(leaving)].arc;
        if out != NONE {
            self.rest[at(out)] = match (self.cap[at(out)], self.flow[at(out)]) {
                (0, _) => INSIDE,
                (_, 0) => EMPTY,
                (_, _) => FULL,
            };
        }
        self.rest[entering] = INSIDE;
        let (inner, outer) = if on_head_side { (head, tail) } else { (tail, head) };
        self.hang(entering, inner, outer, leaving);
        self.shift(entering, inner);
    }

    /// What the arc between a node and its parent still carries, towards the parent or away from it.
    #[inline]
    fn room(&self, node: u32, to_parent: bool) -> i64 {
        let Branch { arc, upward, .. } = self.tree[at(node)];
        match (arc, upward == to_parent) {
            (NONE, true) => i64::MAX,
            (NONE, false) => 0,
            (arc, true) => self.cap[at(arc)] - self.flow[at(arc)],
            (arc, false) => self.flow[at(arc)],
        }
    }

    fn augment(&mut self, entering: usize, filling: bool, (tail, head): (u32, u32), top: u32, units: i64) {
        self.flow[entering] += if filling { units } else { -units };
        for (end, to_parent) in [(tail, false), (head, true)] {
            let mut node = end;
            while node != top {
                let Branch { arc, upward, parent, .. } = self.tree[at(node)];
                // An artificial arc never blocks upwards, and downwards only with nothing to send.
                if arc != NONE {
                    self.flow[at(arc)] += if upward == to_parent { units } else { -units };
                }
                node = parent;
            }
        }
    }

    /// Turns the path inner .. `leaving` around and hangs it under `outer` by the entering arc.
    fn hang(&mut self, entering: usize, inner: u32, outer: u32, leaving: u32) {
        let (mut node, mut parent) = (inner, outer);
        let mut arc = u32::try_from(entering).unwrap_or(NONE);
        let mut upward = self.ends[entering].0 == inner;
        loop {
            let old = self.tree[at(node)];
            self.detach(node);
            self.attach(node, parent, arc, upward);
            if node == leaving {
                return;
            }
            (parent, node, arc, upward) = (node, old.parent, old.arc, !old.upward);
        }
    }

    fn detach(&mut self, node: u32) {
        let Branch { parent, next, previous, .. } = self.tree[at(node)];
        if previous == NONE {
            self.tree[at(parent)].first_child = next;
        } else {
            self.tree[at(previous)].next = next;
        }
        if next != NONE {
            self.tree[at(next)].previous = previous;
        }
    }

    fn attach(&mut self, node: u32, parent: u32, arc: u32, upward: bool) {
        let next = core::mem::replace(&mut self.tree[at(parent)].first_child, node);
        if next != NONE {
            self.tree[at(next)].previous = node;
        }
        let branch = &mut self.tree[at(node)];
        (branch.parent, branch.arc, branch.upward) = (parent, arc, upward);
        (branch.next, branch.previous) = (next, NONE);
    }

    /// Makes the reduced value of a tree arc 0 again by moving the potentials below it, and counts depths anew there.
    fn shift(&mut self, arc: usize, top: u32) {
        let (from, to) = self.ends[arc];
        let reduced = self.value[arc] + self.potential[at(from)] - self.potential[at(to)];
        self.walk(top, if from == top { -reduced } else { reduced });
    }

    /// Adds to all potentials of a subtree and counts its depths anew.
    fn walk(&mut self, top: u32, by: i64) {
        let mut node = top;
        loop {
            let parent = self.tree[at(node)].parent;
            self.tree[at(node)].depth = self.tree[at(parent)].depth + 1;
            self.potential[at(node)] += by;
            let mut next = self.tree[at(node)].first_child;
            while next == NONE {
                if node == top {
                    return;
                }
                next = self.tree[at(node)].next;
                if next == NONE {
                    node = self.tree[at(node)].parent;
                }
            }
            node = next;
        }
    }

    /// The node whose arc to its parent this is.
    fn below(&self, arc: usize) -> Option<u32> {
        let (from, to) = self.ends[arc];
        let hangs_by = |node: &u32| at(self.tree[at(*node)].arc) == arc;
        Some(from).filter(hangs_by).or(Some(to).filter(hangs_by))
    }

    /// Gives an arc another value per unit, at most [`VALUE_MAX`](super::VALUE_MAX) in size. Panics on an unknown arc.
    pub fn revalue(&mut self, arc: usize, value: i64) {
        self.value[arc] = value;
        if let Some(node) = self.below(arc) {
            self.shift(arc, node);
        }
    }

    /// Takes an arc out of play with the flow it has, which is returned: others route around it from now on, and [`Simplex::flow`]
    /// shows 0 for it. Panics on an unknown arc.
    ///
    /// A subtree that hung by it hangs from the root by its artificial arc, which leads to the root as strong
    /// feasibility asks; the potentials stay.
    pub fn freeze(&mut self, arc: usize) -> i64 {
        if let Some(node) = self.below(arc) {
            self.detach(node);
            let root = u32::try_from(self.tree.len() - 1).unwrap_or(NONE);
            self.attach(node, root, NONE, true);
            self.walk(node, 0);
        }
        self.rest[arc] = INSIDE;
        self.cap[arc] = 0;
        core::mem::take(&mut self.flow[arc])
    }
}
