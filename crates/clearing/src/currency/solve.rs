//! The pipeline: network, circulation of greatest value, whole minor units, allocation to single obligations.
//!
//! Absent on purpose: the search itself (`flow`) and the proof of the answer (`check`).

use alloc::vec;
use alloc::vec::Vec;

use super::network::{Desk, NONE, Unit, build};
use super::round::{Edge, round};
use super::{Certificate, Clearing, Hub, Invalid, Leg, Node, Problem, Residue};
use crate::at;
use crate::flow::{Arc, Circulation, Network, maximise};

/// Clears the most value that the consents allow, in whole minor units.
///
/// The circulation is optimal in what it counts in, and its potentials prove a bound in units of account; whole minor
/// units cost less than one of them per arc, which [`Clearing::gap`] states. Ties are broken as [`maximise`] breaks them; among parallel obligations
/// the earlier clears first.
///
/// # Errors
/// [`Invalid`] when the problem is, or when rounding needs more than the residue account may carry.
pub fn solve(problem: &Problem<'_>) -> Result<Clearing, Invalid> {
    problem.validate()?;
    let desk = build(problem);
    let network = Network { nodes: desk.node_count, arcs: &desk.arcs };
    let best = maximise(&network).expect("a valid problem makes a valid network");
    let (merged, nets) = whole(problem, &desk, &best);
    let mut clearing = Clearing {
        cleared: allocate(problem, &desk, &merged),
        certificate: certificate(&desk, &best),
        ..Clearing::default()
    };
    let worth = |currency: u32| i128::from(problem.rates.worth()[at(currency)]);
    for (obligation, cleared) in problem.obligations.iter().zip(&clearing.cleared) {
        clearing.gross += i128::from(obligation.amount) * worth(obligation.currency);
        clearing.value += i128::from(*cleared) * worth(obligation.currency);
    }
    clearing.bound = bound(problem, &desk, &clearing.certificate);
    for party in 0..problem.parties {
        let mut value = 0;
        for node in desk.own(at(party)) {
            let (currency, amount) = (desk.nodes[node].1, nets[node]);
            value += i128::from(amount) * worth(currency);
            if amount != 0 {
                clearing.legs.push(Leg { party, currency, amount });
            }
        }
        if value != 0 {
            clearing.residues.push(Residue { party, value });
        }
    }
    match problem.residue_limit {
        Some(limit) if clearing.residue() > i128::from(limit) => {
            Err(Invalid::Residue { residue: clearing.residue(), limit })
        }
        Some(_) | None => Ok(clearing),
    }
}

/// Minor units cleared of each merged obligation, and given up by conversion at each node.
fn whole(problem: &Problem<'_>, desk: &Desk, best: &Circulation) -> (Vec<i64>, Vec<i64>) {
    let worth = |node: u32| problem.rates.worth()[at(desk.nodes[at(node)].1)];
    let merged = desk.arcs.iter().zip(&desk.amounts).zip(&best.flow);
    let flows: Vec<i128> =
        merged.map(|((arc, amount), flow)| units(desk, best, arc, *amount, *flow, worth(arc.from))).collect();
    let mut nets = vec![0i128; desk.nodes.len()];
    for (arc, flow) in desk.arcs.iter().zip(&flows) {
        nets[at(arc.to)] += flow;
        nets[at(arc.from)] -= flow;
    }
    // The common node of each currency comes after all others. Conversions first: walks through it are short.
    let common = u32::try_from(desk.nodes.len()).expect("at most 2^29 nodes");
    let conversions = (0u32..).zip(&desk.nodes).zip(&nets);
    let conversions = conversions
        .map(|((node, (_, currency)), flow)| Edge::new((node, common + currency), worth(node), false, *flow));
    let obligations = desk.arcs.iter().zip(&flows);
    let obligations = obligations.map(|(arc, flow)| Edge::new((arc.from, arc.to), worth(arc.from), true, *flow));
    let mut edges: Vec<Edge> = conversions.chain(obligations).collect();
    round(desk.nodes.len() + problem.rates.count(), &mut edges);
    let (nets, merged) = edges.split_at(desk.nodes.len());
    let whole = |edges: &[Edge]| edges.iter().map(|edge| edge.whole).collect();
    (whole(merged), whole(nets))
}

/// Units of account that flow on a merged obligation. Where flow is counted in several units, a full arc whose value the
/// bound counts is filled to the last one, unless that would convert what nobody consented to.
fn units(desk: &Desk, best: &Circulation, arc: &Arc, amount: i64, flow: i64, worth: i64) -> i128 {
    let Unit::Power(shift) = desk.unit else { return i128::from(flow) * i128::from(worth) };
    let reduced = arc.value + best.potential[at(arc.from)] - best.potential[at(arc.to)];
    let free = |node: u32| !desk.limited[at(node)] && desk.enter[at(desk.nodes[at(node)].0)] != NONE;
    if flow == arc.cap && reduced > 0 && free(arc.from) && free(arc.to) {
        return i128::from(amount) * i128::from(worth);
    }
    i128::from(flow) << shift
}

/// Divides what clears of parallel obligations among them, the earliest first.
fn allocate(problem: &Problem<'_>, desk: &Desk, merged: &[i64]) -> Vec<i64> {
    let mut cleared = vec![0i64; problem.obligations.len()];
    for (whole, members) in merged.iter().zip(desk.members.windows(2)) {
        let mut left = *whole;
        for member in &desk.order[at(members[0])..at(members[1])] {
            let own = left.min(problem.obligations[at(*member)].amount);
            cleared[at(*member)] = own;
            left -= own;
        }
    }
    cleared
}

/// Potentials by party. A party without hubs gets the ones that add nothing to the bound.
fn certificate(desk: &Desk, best: &Circulation) -> Certificate {
    let nodes: Vec<Node> = desk
        .nodes
        .iter()
        .zip(&best.potential)
        .map(|(&(party, currency), &potential)| Node { party, currency, potential })
        .collect();
    let hub = |party: usize| {
        if desk.enter[party] != NONE {
            let at_hub = |node: u32| best.potential[at(node)];
            return Hub { enter: at_hub(desk.enter[party]), leave: at_hub(desk.leave[party]) };
        }
        let own = nodes[desk.own(party)].iter().map(|node| node.potential);
        Hub { enter: own.clone().max().unwrap_or(0), leave: own.min().unwrap_or(0) }
    };
    let hubs = (0..desk.enter.len()).map(hub).collect();
    Certificate { nodes, hubs }
}

/// What the potentials bound every set-off by: full amounts and consents times what each unit is at most worth.
fn bound(problem: &Problem<'_>, desk: &Desk, certificate: &Certificate) -> i128 {
    let potential = |node: u32| i128::from(certificate.nodes[at(node)].potential);
    let mut bound = 0;
    for (arc, amount) in desk.arcs.iter().zip(&desk.amounts) {
        let worth = problem.rates.worth()[at(desk.nodes[at(arc.from)].1)];
        let reduced = 1 + potential(arc.from) - potential(arc.to);
        bound += i128::from(*amount) * i128::from(worth) * reduced.max(0);
    }
    for (party, hub) in certificate.hubs.iter().enumerate() {
        let (enter, leave) = (i128::from(hub.enter), i128::from(hub.leave));
        bound += desk.caps[party] * (enter - leave).max(0);
        for node in desk.own(party) {
            let potential = i128::from(certificate.nodes[node].potential);
            bound += desk.sell[node] * (potential - enter).max(0) + desk.buy[node] * (leave - potential).max(0);
        }
    }
    bound
}
