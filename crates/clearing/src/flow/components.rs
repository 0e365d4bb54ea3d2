//! Strongly connected components: an arc between two of them lies on no cycle, so no circulation uses it.
//!
//! Tarjan's method with its own stack (no recursion, however long the chains). Deterministic: nodes are tried in order,
//! arcs in the order given. Linear in nodes and arcs.

use alloc::vec;
use alloc::vec::Vec;

use super::Network;
use crate::{at, index};

/// The strongly connected components of a network.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Components {
    /// Component of each node, `0..count`. Numbered against the arcs: an arc between two components leads to a smaller number.
    pub of: Vec<u32>,
    /// How many there are.
    pub count: u32,
    /// New numbers of the nodes: those of one component together, and neighbours mostly near each other.
    pub(super) place: Vec<u32>,
}

impl Components {
    /// All nodes as one, connected or not.
    pub(super) fn one(nodes: u32) -> Self {
        Self { of: vec![0; at(nodes)], count: nodes.min(1), place: (0..nodes).collect() }
    }

    /// Whether an arc between these nodes can lie on a cycle.
    #[must_use]
    pub fn same(&self, a: u32, b: u32) -> bool {
        self.of[at(a)] == self.of[at(b)]
    }
}

const UNSEEN: u32 = u32::MAX;

/// Finds the components. Arcs of capacity 0 are left out.
///
/// The network must be valid ([`Network::validate`]): every arc names nodes that exist.
#[must_use]
pub fn components(network: &Network<'_>) -> Components {
    let nodes = at(network.nodes);
    let (mut next, heads) = successors(network);
    let ends: Vec<u32> = next[1..].to_vec();
    let mut of = vec![UNSEEN; nodes];
    let mut count = 0;
    let (mut numbers, mut numbered) = (vec![0u32; nodes], 0u32);
    // `low` is the order of discovery, lowered to the earliest node of the same component that is known to be reachable.
    let mut low = vec![UNSEEN; nodes];
    let mut found = 0u32;
    let (mut path, mut open): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    let mut entered: Vec<u32> = Vec::new();
    for root in 0..network.nodes {
        if low[at(root)] != UNSEEN {
            continue;
        }
        let mut enter = Some(root);
        loop {
            if let Some(node) = enter.take() {
                low[at(node)] = found;
                path.push(node);
                entered.push(found);
                open.push(node);
                found += 1;
            }
            let Some(&node) = path.last() else { break };
            let place = next[at(node)];
            if place < ends[at(node)] {
                next[at(node)] += 1;
                let head = heads[at(place)];
                if low[at(head)] == UNSEEN {
                    enter = Some(head);
                } else if of[at(head)] == UNSEEN {
                    low[at(node)] = low[at(node)].min(low[at(head)]);
                }
                continue;
            }
            path.pop();
            let own = low[at(node)];
            if entered.pop() == Some(own) {
                while let Some(member) = open.pop() {
                    of[at(member)] = count;
                    numbers[at(member)] = numbered;
                    numbered += 1;
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
            if let Some(&parent) = path.last() {
                low[at(parent)] = low[at(parent)].min(own);
            }
        }
    }
    Components { of, count, place: numbers }
}

/// Heads of the arcs leaving each node, in order of the arcs: those of node v at `starts[v]..starts[v + 1]`.
fn successors(network: &Network<'_>) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; at(network.nodes) + 2];
    let live = || network.arcs.iter().filter(|arc| arc.cap > 0);
    for arc in live() {
        starts[at(arc.from) + 2] += 1;
    }
    for node in 2..starts.len() {
        starts[node] += starts[node - 1];
    }
    let mut heads = vec![0u32; at(*starts.last().unwrap_or(&0))];
    for arc in live() {
        let place = &mut starts[at(arc.from) + 1];
        heads[at(*place)] = arc.to;
        *place += 1;
    }
    starts.pop();
    debug_assert_eq!(starts.last().copied(), Some(index(heads.len())), "every arc has its place");
    (starts, heads)
}
