//! Network simplex: as good as the plain method, proved, and a forest between the bounds.

use comity_clearing::flow::{Arc, Circulation, Network, VALUE_MAX, check, plain, simplex};
use proptest::prelude::*;

/// The arcs strictly between 0 and capacity close no circle.
fn is_forest(network: &Network<'_>, flow: &[i64]) -> bool {
    let mut leader: Vec<u32> = (0..network.nodes).collect();
    fn find(leader: &[u32], mut node: u32) -> u32 {
        while leader[node as usize] != node {
            node = leader[node as usize];
        }
        node
    }
    network.arcs.iter().zip(flow).filter(|(arc, units)| 0 < **units && **units < arc.cap).all(|(arc, _)| {
        let (from, to) = (find(&leader, arc.from), find(&leader, arc.to));
        leader[from as usize] = to;
        from != to
    })
}

fn proved(nodes: u32, arcs: &[Arc]) -> Circulation {
    let network = Network { nodes, arcs };
    let best = simplex::maximise(&network).expect("a valid network");
    let proof = check(&network, &best.flow, &best.potential).expect("a circulation");
    assert_eq!((proof.value, proof.bound), (best.value, best.value));
    assert!(is_forest(&network, &best.flow), "the fractional arcs close a circle");
    best
}

#[test]
fn nothing_to_do() {
    assert_eq!(proved(0, &[]).value, 0);
    assert_eq!(proved(3, &[]).value, 0);
    assert_eq!(proved(2, &[Arc { from: 0, to: 1, cap: 5, value: 9 }]).value, 0);
    assert_eq!(
        proved(2, &[Arc { from: 0, to: 1, cap: 0, value: 9 }, Arc { from: 1, to: 0, cap: 4, value: 9 }]).value,
        0
    );
}

#[test]
fn the_dearest_values_and_largest_capacities() {
    let cap = i64::MAX / 16;
    let arcs = [
        Arc { from: 0, to: 1, cap, value: VALUE_MAX },
        Arc { from: 1, to: 2, cap, value: -VALUE_MAX },
        Arc { from: 2, to: 0, cap, value: 1 },
    ];
    assert_eq!(proved(3, &arcs).value, i128::from(cap));
}

#[test]
fn a_large_network_of_many_ties_ends() {
    let mut chance = 7u64;
    let mut below = |bound: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % bound
    };
    let nodes = 300u32;
    let arcs: Vec<Arc> = (0..20_000)
        .map(|_| {
            let from = below(300) as u32;
            let to = (from + 1 + below(299) as u32) % nodes;
            Arc { from, to, cap: below(4) as i64, value: below(3) as i64 - 1 }
        })
        .collect();
    proved(nodes, &arcs);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn equals_the_plain_method(
        raw in prop::collection::vec((0u32..9, 1u32..9, 0i64..12, -4i64..5), 0..60),
    ) {
        let arcs: Vec<Arc> = raw.iter().map(|&(from, step, cap, value)| Arc { from, to: (from + step) % 9, cap, value }).collect();
        let best = proved(9, &arcs);
        let plain = plain::maximise(&Network { nodes: 9, arcs: &arcs }).expect("a valid network");
        prop_assert_eq!(best.value, plain.value);
    }

    #[test]
    fn equals_the_plain_method_for_wild_values(
        raw in prop::collection::vec((0u32..6, 1u32..6, 0i64..1 << 50, -VALUE_MAX..=VALUE_MAX), 0..25),
    ) {
        let arcs: Vec<Arc> = raw.iter().map(|&(from, step, cap, value)| Arc { from, to: (from + step) % 6, cap, value }).collect();
        let best = proved(6, &arcs);
        let plain = plain::maximise(&Network { nodes: 6, arcs: &arcs }).expect("a valid network");
        prop_assert_eq!(best.value, plain.value);
    }
}
