//! The pipeline: network, circulation of greatest value, whole minor units, allocation to single obligations.
//!
//! Absent on purpose: the search itself (`flow`) and the proof of the answer (`check`).

use alloc::vec;
use alloc::vec::Vec;

use super::network::{Desk, NONE, build};
use super::round::{Edge, round};
use super::{Certificate, Clearing, Hub, Invalid, Leg, Node, Problem, Residue};
use crate::at;
use crate::flow::{Circulation, Network, maximise};

/// Clears the most value that the consents allow, in whole minor units.
///
/// The circulation is optimal in units of account, and its potentials prove it; rounding may cost less than one minor
/// unit per arc, which [`Clearing::gap`] states. Ties are broken as [`maximise`] breaks them; among parallel obligations
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
    let mut clearing = Clearing { bound: best.value, ..Clearing::default() };
    clearing.certificate = certificate(&desk, &best);
    clearing.cleared = allocate(problem, &desk, &merged);
    let worth = problem.rates.worth();
    for (obligation, cleared) in problem.obligations.iter().zip(&clearing.cleared) {
        let worth = i128::from(worth[at(obligation.currency)]);
        clearing.gross += i128::from(obligation.amount) * worth;
        clearing.value += i128::from(*cleared) * worth;
    }
    for (party, own) in (0u32..problem.parties).zip(desk.first.windows(2)) {
        let mut value = 0;
        for (net, (_, currency)) in nets[at(own[0])..at(own[1])].iter().zip(&desk.nodes[at(own[0])..at(own[1])]) {
            let currency = *currency;
            value += net;
            if *net != 0 {
                clearing.legs.push(Leg { party, currency, amount: net / worth[at(currency)] });
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

/// Units of account cleared of each merged obligation, and given up by conversion at each node: all whole minor units.
fn whole(problem: &Problem<'_>, desk: &Desk, best: &Circulation) -> (Vec<i64>, Vec<i64>) {
    let worth = problem.rates.worth();
    let mut nets = vec![0i64; desk.nodes.len()];
    for (arc, &flow) in desk.arcs[..desk.merged].iter().zip(&best.flow) {
        nets[at(arc.to)] += flow;
        nets[at(arc.from)] -= flow;
    }
    // The common node of each currency comes after all others. Conversions first: walks through it are short.
    let common = u32::try_from(desk.nodes.len()).expect("at most 2^29 nodes");
    let conversions = (0u32..).zip(&desk.nodes).zip(&nets).map(|((node, (_, currency)), &flow)| {
        let worth = worth[at(*currency)];
        Edge { from: node, to: common + currency, worth, counts: false, flow }
    });
    let obligations = desk.arcs[..desk.merged].iter().zip(&best.flow).map(|(arc, &flow)| {
        let worth = worth[at(desk.nodes[at(arc.from)].1)];
        Edge { from: arc.from, to: arc.to, worth, counts: true, flow }
    });
    let mut edges: Vec<Edge> = conversions.chain(obligations).collect();
    round(desk.nodes.len() + problem.rates.count(), &mut edges);
    let mut flows = edges.iter().map(|edge| edge.flow);
    nets.iter_mut().zip(&mut flows).for_each(|(net, flow)| *net = flow);
    (flows.collect(), nets)
}

/// Divides what clears of parallel obligations among them, the earliest first.
fn allocate(problem: &Problem<'_>, desk: &Desk, merged: &[i64]) -> Vec<i64> {
    let mut cleared = vec![0i64; problem.obligations.len()];
    for (flow, members) in merged.iter().zip(desk.members.windows(2)) {
        let members = &desk.order[at(members[0])..at(members[1])];
        let currency = problem.obligations[at(members[0])].currency;
        let mut left = flow / problem.rates.worth()[at(currency)];
        for member in members {
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
    let hub = |(party, own): (usize, &[u32])| {
        if desk.enter[party] != NONE {
            let at_hub = |node: u32| best.potential[at(node)];
            return Hub { enter: at_hub(desk.enter[party]), leave: at_hub(desk.leave[party]) };
        }
        let own = nodes[at(own[0])..at(own[1])].iter().map(|node| node.potential);
        Hub { enter: own.clone().max().unwrap_or(0), leave: own.min().unwrap_or(0) }
    };
    let hubs = desk.first.windows(2).enumerate().map(hub).collect();
    Certificate { nodes, hubs }
}
