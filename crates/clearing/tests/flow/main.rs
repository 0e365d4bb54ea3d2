//! Circulations: every answer carries its proof, agrees with a plain method and with trying everything.

mod reduce;
mod simplex;

use comity_clearing::flow::{Arc, Flaw, Invalid, Network, VALUE_MAX, check, maximise, maximise_in_phases, plain};
use comity_clearing::sample;
use proptest::prelude::*;

fn arc(from: u32, to: u32, cap: i64, value: i64) -> Arc {
    Arc { from, to, cap, value }
}

/// Solves, proves, and returns the value.
fn proved(nodes: u32, arcs: &[Arc]) -> i128 {
    let network = Network { nodes, arcs };
    let best = maximise(&network).expect("a valid network");
    let proof = check(&network, &best.flow, &best.potential).expect("a circulation");
    assert_eq!((proof.value, proof.bound), (best.value, best.value), "the value is not proved");
    best.value
}

#[test]
fn a_circle_clears_up_to_its_smallest_debt() {
    assert_eq!(proved(3, &[arc(0, 1, 10, 1), arc(1, 2, 7, 1), arc(2, 0, 9, 1), arc(1, 0, 1, 1)]), 23);
}

#[test]
fn nothing_circulates_without_a_cycle() {
    assert_eq!(proved(0, &[]), 0);
    assert_eq!(proved(5, &[]), 0);
    assert_eq!(proved(4, &[arc(0, 1, 10, 1), arc(1, 2, 7, 1), arc(0, 3, 7, 1), arc(3, 2, 7, 1)]), 0);
    assert_eq!(proved(2, &[arc(0, 1, 10, 1), arc(1, 0, 0, 1)]), 0);
}

#[test]
fn parallel_arcs_circulate_one_beside_the_other() {
    assert_eq!(proved(2, &[arc(0, 1, 3, 1), arc(0, 1, 4, 1), arc(1, 0, 5, 1), arc(1, 0, 1, 0)]), 11);
}

#[test]
fn components_do_not_disturb_each_other() {
    let arcs = [arc(0, 1, 5, 1), arc(1, 0, 3, 1), arc(1, 2, 9, 1), arc(2, 3, 4, 1), arc(3, 2, 8, 1), arc(4, 0, 1, 1)];
    assert_eq!(proved(6, &arcs), 14);
}

#[test]
fn a_cost_is_borne_only_where_it_pays() {
    // The way back costs 1, the way there is worth 2 for five units and 1 for others.
    let arcs = [arc(0, 1, 5, 2), arc(0, 1, 9, 1), arc(1, 0, 100, -1)];
    assert_eq!(proved(2, &arcs), 5);
    assert_eq!(proved(2, &[arc(0, 1, 5, 2), arc(1, 0, 100, -3)]), 0);
}

#[test]
fn amounts_up_to_the_limit_are_exact() {
    let large = i64::MAX / 4 / 3;
    assert_eq!(proved(3, &[arc(0, 1, large, 1), arc(1, 2, large, 1), arc(2, 0, large, 1)]), 3 * i128::from(large));
    let arcs = [arc(0, 1, large, 64), arc(1, 2, large - 1, 0), arc(2, 0, large, -63)];
    assert_eq!(proved(3, &arcs), i128::from(large - 1));
}

#[test]
fn a_bad_network_is_refused_with_the_first_fault() {
    let refused = |nodes, arcs: &[Arc]| maximise(&Network { nodes, arcs }).expect_err("a bad network");
    let good = arc(0, 1, 1, 1);
    assert_eq!(refused(2, &[good, arc(0, 2, 1, 1)]), Invalid::Node { arc: 1, node: 2 });
    assert_eq!(refused(2, &[good, arc(1, 1, 1, 1)]), Invalid::Loop { arc: 1, node: 1 });
    assert_eq!(refused(2, &[good, arc(1, 0, -1, 1)]), Invalid::Cap { arc: 1, cap: -1 });
    assert_eq!(refused(2, &[arc(1, 0, 1, VALUE_MAX + 1)]), Invalid::Value { arc: 0, value: VALUE_MAX + 1 });
    assert_eq!(refused(2, &[good, arc(1, 0, i64::MAX / 4, 1)]), Invalid::Total);
    assert_eq!(refused(u32::MAX, &[good]), Invalid::TooMany { what: "nodes", count: 4_294_967_295 });
    assert_eq!(Invalid::Cap { arc: 1, cap: -1 }.to_string(), "capacity -1 of arc 1 is below 0");
}

#[test]
fn a_false_claim_is_found() {
    let arcs = [arc(0, 1, 5, 1), arc(1, 0, 3, 1)];
    let network = Network { nodes: 2, arcs: &arcs };
    assert_eq!(check(&network, &[6, 6], &[0, 0]), Err(Flaw::Flow { arc: 0, flow: 6, cap: 5 }));
    assert_eq!(check(&network, &[3, 2], &[0, 0]), Err(Flaw::Unbalanced { node: 0, surplus: -1 }));
    assert_eq!(check(&network, &[3], &[0, 0]), Err(Flaw::Shape { what: "flows", expected: 2, found: 1 }));
    assert_eq!(check(&network, &[3, 3], &[0]), Err(Flaw::Shape { what: "potentials", expected: 2, found: 1 }));
    let short = check(&network, &[2, 2], &[0, 1]).expect("a circulation");
    assert_eq!((short.value, short.bound), (4, 6), "less than the greatest value cannot reach the bound");
}

#[test]
fn phases_tell_what_liquidity_would_bring() {
    // 0 owes 1 ten, 1 owes 2 four, 2 owes 0 one: one unit circulates, worth 3 of 15. Node 1 could use 3 more from outside
    // for the arc 1 -> 2 and so on: the curve is that of lending to nodes that are short.
    let arcs = [arc(0, 1, 10, 1), arc(1, 2, 4, 1), arc(2, 0, 1, 1)];
    let network = Network { nodes: 3, arcs: &arcs };
    let (best, phases) = maximise_in_phases(&network).expect("a valid network");
    assert_eq!(best.value, 3);
    let told: Vec<(i64, i64)> = phases.iter().map(|phase| (phase.distance, phase.units)).collect();
    assert_eq!(told, [(1, 6), (2, 3)]);
}

#[test]
fn the_same_input_gives_the_same_answer() {
    let trade = sample::trade(3, 20_000);
    let merged = comity_clearing::obligations::merge(trade.parties, &trade.obligations).expect("good rows");
    let once = maximise(&merged.network()).expect("a valid network");
    assert_eq!(once, maximise(&merged.network()).expect("a valid network"));
}

/// Every flow within the capacities, one after the other: the greatest value of a circulation.
fn by_trying(nodes: usize, arcs: &[Arc]) -> i64 {
    let mut best = 0;
    let mut flow = vec![0i64; arcs.len()];
    loop {
        let mut surplus = vec![0i64; nodes];
        for (arc, units) in arcs.iter().zip(&flow) {
            surplus[usize::try_from(arc.from).expect("fits")] -= units;
            surplus[usize::try_from(arc.to).expect("fits")] += units;
        }
        if surplus.iter().all(|units| *units == 0) {
            best = best.max(arcs.iter().zip(&flow).map(|(arc, units)| arc.value * units).sum());
        }
        let Some(next) = (0..arcs.len()).find(|arc| flow[*arc] < arcs[*arc].cap) else { return best };
        flow[next] += 1;
        flow[..next].fill(0);
    }
}

fn network(nodes: u32, arcs: usize, cap: i64, values: std::ops::Range<i64>) -> impl Strategy<Value = Vec<Arc>> {
    prop::collection::vec((0..nodes, 1..nodes, 0..=cap, values), 0..=arcs).prop_map(move |raw| {
        raw.iter().map(|&(from, step, cap, value)| arc(from, (from + step) % nodes, cap, value)).collect()
    })
}

proptest! {
    #[test]
    fn tiny_networks_agree_with_trying_everything(arcs in network(4, 7, 2, -2..3)) {
        prop_assert_eq!(proved(4, &arcs), i128::from(by_trying(4, &arcs)));
    }

    #[test]
    fn small_networks_agree_with_the_plain_method(arcs in network(9, 40, 60, -3..4)) {
        let plain = plain::maximise(&Network { nodes: 9, arcs: &arcs }).expect("a valid network").value;
        prop_assert_eq!(proved(9, &arcs), plain);
    }

    #[test]
    fn debts_agree_with_the_plain_method(arcs in network(20, 70, 1_000, 0..2)) {
        let plain = plain::maximise(&Network { nodes: 20, arcs: &arcs }).expect("a valid network").value;
        prop_assert_eq!(proved(20, &arcs), plain);
    }

    #[test]
    fn dense_networks_agree_with_the_plain_method(arcs in prop::collection::vec(network(6, 1, 300, -1..3), 120..200)) {
        let arcs = arcs.concat();
        let found = plain::maximise(&Network { nodes: 6, arcs: &arcs }).expect("a valid network");
        prop_assert_eq!(proved(6, &arcs), found.value);
    }

    #[test]
    fn large_values_are_proved_as_well(arcs in network(7, 30, 50, -1_000..1_000)) {
        proved(7, &arcs);
    }

    /// A lender who joins every node by arcs of value 0 and a total limit: the value with the limit is what the phases say.
    #[test]
    fn phases_are_the_curve_of_value_against_liquidity(arcs in network(7, 25, 30, 1..2), lent in 0i64..40) {
        let (best, phases) = maximise_in_phases(&Network { nodes: 7, arcs: &arcs }).expect("a valid network");
        let mut expected = best.value;
        let mut left = lent;
        for phase in phases.iter().rev() {
            expected += i128::from(phase.distance * phase.units.min(left));
            left -= phase.units.min(left);
        }
        let mut with_lender = arcs.clone();
        with_lender.push(arc(8, 7, lent, 0));
        for node in 0..7 {
            with_lender.push(arc(7, node, lent, 0));
            with_lender.push(arc(node, 8, lent, 0));
        }
        prop_assert_eq!(proved(9, &with_lender), expected);
    }

    #[test]
    fn samples_are_proved(seed in 0u64..1_000, debts in 2u32..2_000, kind in 0u32..3) {
        let drawn = [sample::bank, sample::firm, sample::trade][usize::try_from(kind).expect("fits")](seed, debts);
        let merged = comity_clearing::obligations::merge(drawn.parties, &drawn.obligations).expect("good rows");
        let whole = maximise_in_phases(&merged.network()).expect("a valid network").0.value;
        prop_assert_eq!(proved(merged.parties, &merged.arcs), whole);
    }
}
