//! From units of account back to whole minor units: cancelling what is fractional along cycles.
//!
//! The circulation moves units of account; money moves in minor units, each worth `w` of them. Per currency the flows of
//! the obligations and the net conversion of each party (an arc to one common node) form a circulation, so a node that
//! touches one arc with a fractional number of minor units touches another: fractional arcs lie on cycles of fractional
//! arcs. Moving a little around such a cycle makes at least one arc whole and takes none past its neighbouring whole
//! numbers. In the end every arc is whole, and each differs from what the optimum said by less than one minor unit.
//! Of the two directions around a cycle the one that raises the cleared value is taken as long as earlier cycles have
//! lowered it by more, else the other: so the value never exceeds the proved bound, and ends a cycle or two below it.
//! Absent on purpose: obligations, parties and consents; this file knows arcs and worths only.

use alloc::vec;
use alloc::vec::Vec;

use crate::at;

/// An arc to be made whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// Node it leaves.
    pub(super) from: u32,
    /// Node it enters.
    pub(super) to: u32,
    /// Worth of one minor unit.
    pub(super) worth: i64,
    /// Whether it counts as cleared value.
    pub(super) counts: bool,
    /// Whole minor units, rounded down; may be negative for a net.
    pub(super) whole: i64,
    /// Units of account above them, less than the worth.
    pub(super) above: i64,
}

impl Edge {
    /// An edge with this flow in units of account.
    pub(super) fn new(ends: (u32, u32), worth: i64, counts: bool, flow: i128) -> Self {
        let whole = i64::try_from(flow.div_euclid(worth.into())).expect("no more than all amounts");
        let above = i64::try_from(flow.rem_euclid(worth.into())).expect("less than the worth");
        Self { from: ends.0, to: ends.1, worth, counts, whole, above }
    }
}

const OFF_PATH: u32 = u32::MAX;

/// Makes every edge whole; see the head of this file.
///
/// At every node flows must balance and all worths must be equal. Edges listed first are preferred on a walk.
pub(super) fn round(nodes: usize, edges: &mut [Edge]) {
    let mut walk = Walk::new(nodes, edges);
    // What the cycles cancelled so far have lowered the value by, altogether.
    let mut lost = 0;
    for start in 0..nodes {
        walk.clear_from(u32::try_from(start).expect("fewer nodes than 2^32"), edges, &mut lost);
    }
    assert!(edges.iter().all(|edge| edge.above == 0), "what balances has no single fraction at a node");
}

/// A walk along fractional edges until it meets itself.
struct Walk {
    /// Fractional edges at each node: `lists[first[n]..end[n]]`.
    lists: Vec<u32>,
    first: Vec<u32>,
    end: Vec<u32>,
    /// Step of the path at which a node was left, or [`OFF_PATH`].
    step_at: Vec<u32>,
    /// Edges walked, and whether forwards.
    path: Vec<(u32, bool)>,
}

impl Walk {
    fn new(nodes: usize, edges: &[Edge]) -> Self {
        let mut first = vec![0u32; nodes + 1];
        for edge in edges.iter().filter(|edge| edge.above != 0) {
            first[at(edge.from) + 1] += 1;
            first[at(edge.to) + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut end = first[..nodes].to_vec();
        let mut lists = vec![0u32; at(first[nodes])];
        for (index, edge) in (0u32..).zip(edges).filter(|(_, edge)| edge.above != 0) {
            for node in [edge.from, edge.to] {
                lists[at(end[at(node)])] = index;
                end[at(node)] += 1;
            }
        }
        Self { lists, first, end, step_at: vec![OFF_PATH; nodes], path: Vec::new() }
    }

    /// A fractional edge at `node` other than `except`, if there is one.
    fn next(&mut self, node: u32, except: Option<u32>, edges: &[Edge]) -> Option<u32> {
        let (node, mut place) = (at(node), at(self.first[at(node)]));
        while place < at(self.end[node]) {
            let edge = self.lists[place];
            if edges[at(edge)].above == 0 {
                // Whole for good: the last of the list takes its place.
                self.end[node] -= 1;
                self.lists[place] = self.lists[at(self.end[node])];
            } else if Some(edge) == except {
                place += 1;
            } else {
                return Some(edge);
            }
        }
        None
    }

    /// Walks and cancels until no fractional edge is left at `start`.
    fn clear_from(&mut self, start: u32, edges: &mut [Edge], lost: &mut i128) {
        let mut node = start;
        loop {
            let last = self.path.last().map(|step| step.0);
            let Some(edge) = self.next(node, last, edges) else {
                assert!(self.path.is_empty(), "a fractional edge that enters a node has a fellow there");
                return;
            };
            let forward = edges[at(edge)].from == node;
            self.step_at[at(node)] = u32::try_from(self.path.len()).expect("no longer than the nodes");
            self.path.push((edge, forward));
            node = if forward { edges[at(edge)].to } else { edges[at(edge)].from };
            let met = self.step_at[at(node)];
            if met != OFF_PATH {
                cancel(&self.path[at(met)..], edges, lost);
                for (edge, forward) in self.path.drain(at(met)..) {
                    let edge = edges[at(edge)];
                    self.step_at[at(if forward { edge.from } else { edge.to })] = OFF_PATH;
                }
            }
        }
    }
}

/// Moves as much as keeps every edge between its neighbouring whole numbers: in the direction that raises the value if no
/// more than what was lost before, else in the other.
fn cancel(cycle: &[(u32, bool)], edges: &mut [Edge], lost: &mut i128) {
    let gain: i128 = cycle
        .iter()
        .filter(|(edge, _)| edges[at(*edge)].counts)
        .map(|(_, forward)| if *forward { 1 } else { -1 })
        .sum();
    let most = |ahead: bool| {
        let room = |&(edge, forward): &(u32, bool)| {
            let edge = &edges[at(edge)];
            if forward == ahead { edge.worth - edge.above } else { edge.above }
        };
        cycle.iter().map(room).min().unwrap_or(0)
    };
    // Ahead: edges walked forwards grow.
    let raising = gain >= 0;
    let raised = gain.abs() * i128::from(most(raising));
    let ahead = if raised <= *lost { raising } else { !raising };
    let units = most(ahead);
    *lost += gain.abs() * i128::from(units) * if ahead == raising { -1 } else { 1 };
    for &(edge, forward) in cycle {
        let edge = &mut edges[at(edge)];
        edge.above += if forward == ahead { units } else { -units };
        if edge.above == edge.worth {
            (edge.whole, edge.above) = (edge.whole + 1, 0);
        }
    }
}
