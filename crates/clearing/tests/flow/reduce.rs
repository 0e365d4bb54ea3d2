//! Networks full of nodes that only pass on: reduced before they are solved, and proved on the whole.

use super::{arc, proved};
use comity_clearing::flow::{Arc, Network, plain};
use proptest::prelude::*;

#[test]
fn a_ring_of_two_arcs_per_node_becomes_nothing_and_comes_back() {
    let ring: Vec<Arc> =
        (0..500).map(|node| arc(node, (node + 1) % 500, 1_000 + i64::from(node * 7 % 500), 1)).collect();
    assert_eq!(proved(500, &ring), 500 * 1_000);
}

#[test]
fn a_merged_loop_is_full_only_if_it_pays() {
    assert_eq!(proved(3, &[arc(0, 1, 5, 1), arc(1, 2, 7, 1), arc(2, 0, 4, -1)]), 4);
    assert_eq!(proved(3, &[arc(0, 1, 5, 1), arc(1, 2, 7, 1), arc(2, 0, 4, -2)]), 0);
    assert_eq!(proved(3, &[arc(0, 1, 5, 1), arc(1, 2, 7, 1), arc(2, 0, 4, -3)]), 0);
}

#[test]
fn an_arc_clipped_at_either_end_is_proved_at_its_first_capacity() {
    // Far more enters node 1 than can leave it, and far more could leave node 3 than arrives.
    let arcs = [
        arc(0, 1, 900, 1),
        arc(2, 1, 800, 1),
        arc(1, 2, 3, 1),
        arc(1, 3, 4, 1),
        arc(3, 0, 700, 1),
        arc(3, 2, 600, 1),
        arc(2, 0, 2, 1),
        arc(0, 2, 5, 0),
    ];
    let found = plain::maximise(&Network { nodes: 4, arcs: &arcs }).expect("a valid network");
    assert_eq!(proved(4, &arcs), found.value);
}

#[test]
fn values_that_would_grow_too_large_are_not_merged() {
    let arcs: Vec<Arc> = (0..9).map(|node| arc(node, (node + 1) % 9, 10, if node == 8 { -64 } else { 60 })).collect();
    assert_eq!(proved(9, &arcs), 10 * (8 * 60 - 64));
}

/// A small core whose arcs are each cut into a chain, with arcs that lead nowhere hung on: (from, to, lengths and capacities
/// of the chain, value), capacity 0 and steps against each other included.
fn chains(core: u32, count: usize, values: std::ops::Range<i64>) -> impl Strategy<Value = (u32, Vec<Arc>)> {
    let chain = (0..core, 1..core, prop::collection::vec((0i64..30, values), 1..5), 0u32..8);
    prop::collection::vec(chain, 0..count).prop_map(move |chains| {
        let mut nodes = core;
        let mut arcs = Vec::new();
        for (from, step, links, kind) in chains {
            let (mut at, last) = (from, links.len() - 1);
            for (place, (cap, value)) in links.into_iter().enumerate() {
                // One chain in eight ends in a node of its own.
                let next = if place == last && kind > 0 { (from + step) % core } else { nodes };
                if next == nodes {
                    nodes += 1;
                }
                arcs.push(arc(at, next, cap, value));
                at = next;
            }
        }
        (nodes, arcs)
    })
}

proptest! {
    #[test]
    fn debts_passed_on_agree_with_the_plain_method((nodes, arcs) in chains(5, 12, 1..2)) {
        let found = plain::maximise(&Network { nodes, arcs: &arcs }).expect("a valid network");
        prop_assert_eq!(proved(nodes, &arcs), found.value);
    }

    #[test]
    fn chains_of_any_value_agree_with_the_plain_method((nodes, arcs) in chains(6, 14, -4..5)) {
        let found = plain::maximise(&Network { nodes, arcs: &arcs }).expect("a valid network");
        prop_assert_eq!(proved(nodes, &arcs), found.value);
    }

    #[test]
    fn chains_near_the_largest_small_value_agree_with_the_plain_method((nodes, arcs) in chains(4, 10, -64..65)) {
        let found = plain::maximise(&Network { nodes, arcs: &arcs }).expect("a valid network");
        prop_assert_eq!(proved(nodes, &arcs), found.value);
    }
}
