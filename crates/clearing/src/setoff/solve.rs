//! From a problem to a clearing with its proof: merge, one circulation, goals, single obligations, verify.
//!
//! What is exact: the greatest value under consent, caps of parties, exclusions, lots and a fund, and the goals oldest
//! and fairest. What is not: a minimum per obligation (nothing or at least so much makes the problem NP-hard). There the
//! circulation is computed without it; an obligation that would get too little takes what is missing from others of its
//! pair, or is left out and the run repeated. The bound stays that of the problem without the minimum, so the gap says
//! what the heuristic may have lost.

use alloc::vec;
use alloc::vec::Vec;

use super::allocate::{allocate, lift_to_minimum};
use super::goals::refine;
use super::network::Model;
use super::pairs::Pairs;
use super::verify::verify;
use super::{Cleared, Goal, Invalid, Options, Potentials, Problem, Statistics};
use crate::obligations::components;
use crate::{at, flow};

/// Clears the most that can be cleared, then pursues the goals, and proves it.
///
/// # Errors
/// [`Invalid`] when the problem or the goals are; nothing is computed then.
pub fn solve(problem: &Problem<'_>, options: &Options<'_>) -> Result<Cleared, Invalid> {
    problem.validate()?;
    problem.validate_goals(options)?;
    let mut excluded = Vec::new();
    let (mut run, statistics) = Run::new(problem, options, &excluded);
    if problem.minimum > problem.lot {
        let certificate = run.certificates.swap_remove(0);
        loop {
            let below = lift_to_minimum(problem, &run.pairs, &mut run.amounts);
            if below.is_empty() {
                break;
            }
            excluded.resize(problem.obligations.len(), false);
            for row in below {
                excluded[at(row)] = true;
            }
            run = Run::new(problem, options, &excluded).0;
        }
        // Certificates of goals speak of the clearings of greatest value; this one need not be among them.
        run.certificates = vec![certificate];
    }
    let goals = if run.certificates.len() > 1 { options.goals } else { &[] };
    let proof = verify(problem, &run.amounts, &run.certificates, goals).expect("a clearing by the solver is one");
    let touched = run.amounts.iter().filter(|amount| **amount > 0).count();
    let partly =
        run.amounts.iter().zip(problem.obligations).filter(|(amount, owed)| (1..owed.amount).contains(*amount)).count();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let statistics = Statistics { touched: count(touched), partly: count(partly), ..statistics };
    Ok(Cleared { amounts: run.amounts, proof, certificates: run.certificates, statistics })
}

/// One pass from obligations to amounts.
struct Run {
    pairs: Pairs,
    amounts: Vec<i64>,
    certificates: Vec<Potentials>,
}

impl Run {
    fn new(problem: &Problem<'_>, options: &Options<'_>, excluded: &[bool]) -> (Self, Statistics) {
        let pairs = Pairs::of(problem, excluded, false);
        let model = Model::of(problem, &pairs, false);
        let statistics = count(problem.parties, &pairs, &model);
        let best = flow::maximise(&model.network()).expect("the network of a valid problem is valid");
        let mut certificates = vec![model.potentials(&best.potential)];
        let (pairs, flow) = if options.goals.is_empty() {
            (pairs, best.flow)
        } else {
            refine(problem, options.goals, excluded, (pairs, &model, best.flow), &mut certificates)
        };
        let amounts = allocate(problem, &pairs, &flow, options.allocation);
        (Self { pairs, amounts, certificates }, statistics)
    }
}

fn count(parties: u32, pairs: &Pairs, model: &Model) -> Statistics {
    let components = components(&model.network());
    let mut members = vec![0u32; at(components.count)];
    let (mut seen, mut arcs_on_cycles) = (vec![false; at(parties)], 0);
    for (pair, arc) in pairs.arcs.iter().zip(&model.arcs) {
        seen[at(pair.debtor)] = true;
        seen[at(pair.creditor)] = true;
        arcs_on_cycles += u32::from(components.same(arc.from, arc.to));
    }
    for party in (0..parties).filter(|party| seen[at(*party)]) {
        members[at(components.of[at(party)])] += 1;
    }
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Statistics {
        parties: count(seen.iter().filter(|seen| **seen).count()),
        arcs: count(pairs.arcs.len()),
        components: count(members.iter().filter(|members| **members > 1).count()),
        arcs_on_cycles,
        ..Statistics::default()
    }
}

/// Whether a goal comes with a certificate.
pub(super) const fn is_exact(goal: Goal) -> bool {
    match goal {
        Goal::Oldest | Goal::Fairest => true,
        Goal::Fewest => false,
    }
}
