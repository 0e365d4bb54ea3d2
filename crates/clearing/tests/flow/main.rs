//! Circulations: every answer carries its proof.

mod simplex;

use comity_clearing::flow::{Arc, Network, check, maximise};
use proptest::prelude::*;

fn arc(from: u32, to: u32, cap: i64, value: i64) -> Arc {
    Arc { from, to, cap, value }
}

#[test]
fn a_circle_clears_up_to_its_smallest_debt() {
    let arcs = [arc(0, 1, 10, 1), arc(1, 2, 7, 1), arc(2, 0, 9, 1), arc(1, 0, 1, 1)];
    let network = Network { nodes: 3, arcs: &arcs };
    let best = maximise(&network).expect("a valid network");
    let proof = check(&network, &best.flow, &best.potential).expect("a circulation");
    assert_eq!((best.value, proof.value, proof.bound), (23, 23, 23));
}

proptest! {
    #[test]
    fn every_answer_reaches_its_bound(
        raw in prop::collection::vec((0u32..7, 1u32..7, 0i64..50, -3i64..4), 0..30),
    ) {
        let arcs: Vec<Arc> = raw.iter().map(|&(from, step, cap, value)| arc(from, (from + step) % 7, cap, value)).collect();
        let network = Network { nodes: 7, arcs: &arcs };
        let best = maximise(&network).expect("a valid network");
        let proof = check(&network, &best.flow, &best.potential).expect("a circulation");
        prop_assert_eq!(proof.value, best.value);
        prop_assert_eq!(proof.value, proof.bound);
    }
}
