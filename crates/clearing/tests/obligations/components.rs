//! Components: two nodes are in one exactly if each reaches the other, and they are numbered against the arcs.

use comity_clearing::flow::{Arc, Network};
use comity_clearing::obligations::components;
use proptest::prelude::*;

fn arc(from: u32, to: u32) -> Arc {
    Arc { from, to, cap: 1, value: 1 }
}

#[test]
fn a_long_chain_does_not_exhaust_the_stack() {
    let arcs: Vec<Arc> = (0..300_000).map(|node| arc(node, node + 1)).collect();
    let found = components(&Network { nodes: 300_001, arcs: &arcs });
    assert_eq!(found.count, 300_001);
    assert_eq!((found.of[300_000], found.of[0]), (0, 300_000));
}

#[test]
fn an_empty_arc_joins_nothing() {
    let arcs = [arc(0, 1), Arc { cap: 0, ..arc(1, 0) }];
    assert_eq!(components(&Network { nodes: 2, arcs: &arcs }).count, 2);
}

proptest! {
    #[test]
    fn components_are_mutual_reach(raw in prop::collection::vec((0u32..9, 1u32..9), 0..30)) {
        let arcs: Vec<Arc> = raw.iter().map(|&(from, step)| arc(from, (from + step) % 9)).collect();
        let found = components(&Network { nodes: 9, arcs: &arcs });
        let mut reach: Vec<Vec<bool>> = (0..9).map(|a| (0..9).map(|b| a == b).collect()).collect();
        for _ in 0..9 {
            for arc in &arcs {
                let (from, to) = (usize::try_from(arc.from).expect("fits"), usize::try_from(arc.to).expect("fits"));
                for row in &mut reach {
                    row[to] |= row[from];
                }
            }
        }
        for (a, row) in reach.iter().enumerate() {
            for (b, reached) in row.iter().enumerate() {
                prop_assert_eq!(*reached && reach[b][a], found.of[a] == found.of[b]);
                prop_assert!(!reached || found.of[a] >= found.of[b], "an arc leads to a larger number");
            }
        }
        prop_assert_eq!(found.of.iter().max().map(|largest| largest + 1), Some(found.count));
    }
}
