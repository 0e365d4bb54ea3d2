//! Goals among clearings of greatest value: optimise on the optimal face, one goal after the other.
//!
//! An arc whose reduced value is not zero has the same flow in every best circulation; the others are free. So the next
//! goal is a circulation in the residual network of the free arcs alone, with other values, and its potentials fix
//! further arcs for the goal after it. Each stage is exact and keeps its certificate. The stages before stay proved.

use alloc::vec;
use alloc::vec::Vec;

use super::forest::cancel_to_forest;
use super::network::Model;
use super::pairs::Pairs;
use super::{Goal, Potentials, Problem, TRANCHES};
use crate::at;
use crate::flow::{Arc, Network, maximise};

/// Pursues `goals` from the flow of the greatest value; returns arcs fine enough for the goals, and their flow.
pub(super) fn refine(
    problem: &Problem<'_>,
    goals: &[Goal],
    excluded: &[bool],
    (coarse, coarse_model, coarse_flow): (Pairs, &Model, Vec<i64>),
    certificates: &mut Vec<Potentials>,
) -> (Pairs, Vec<i64>) {
    let shares = goals.contains(&Goal::Fairest);
    let pairs = if goals.contains(&Goal::Oldest) { Pairs::of(problem, excluded, true) } else { coarse.clone() };
    let model = Model::of(problem, &pairs, shares);
    let mut flow = spread(&coarse, coarse_model, &coarse_flow, &pairs, &model);
    let first = model.nodes_of(&certificates[0]);
    let mut free: Vec<bool> = model.arcs.iter().map(|arc| reduced(arc, arc.value, &first) == 0).collect();
    for goal in goals {
        let Some(values) = values(problem, *goal, &pairs, &model) else {
            cancel_to_forest(&model, &free, &mut flow);
            continue;
        };
        let nodes = improve(&model, &values, &free, &mut flow);
        for ((free, arc), value) in free.iter_mut().zip(&model.arcs).zip(&values) {
            *free &= reduced(arc, *value, &nodes) == 0;
        }
        certificates.push(model.potentials(&nodes));
    }
    (pairs, flow)
}

fn reduced(arc: &Arc, value: i64, nodes: &[i64]) -> i64 {
    value + nodes[at(arc.from)] - nodes[at(arc.to)]
}

/// Worth of a unit on each arc for a goal; `None` for a goal that has no such worth.
fn values(problem: &Problem<'_>, goal: Goal, pairs: &Pairs, model: &Model) -> Option<Vec<i64>> {
    let mut values = vec![0; model.arcs.len()];
    match goal {
        Goal::Oldest => {
            let youngest = problem.youngest();
            for (value, pair) in values.iter_mut().zip(&pairs.arcs) {
                *value = problem.age_of(at(pairs.rows[at(pair.start)]), youngest);
            }
        }
        Goal::Fairest => {
            let sides = values[model.pairs..].chunks_exact_mut(model.steps).take(at(model.parties));
            for step in sides.flat_map(|steps| steps.iter_mut().zip((1..=TRANCHES).rev())) {
                *step.0 = step.1;
            }
        }
        Goal::Fewest => return None,
    }
    Some(values)
}

/// The best circulation in the residual network of the free arcs; adds it to `flow` and returns its potentials.
fn improve(model: &Model, values: &[i64], free: &[bool], flow: &mut [i64]) -> Vec<i64> {
    let (mut arcs, mut of) = (Vec::new(), Vec::new());
    for (index, arc) in model.arcs.iter().enumerate().filter(|(index, _)| free[*index]) {
        let (units, value) = (flow[index], values[index]);
        if units < arc.cap {
            arcs.push(Arc { cap: arc.cap - units, value, ..*arc });
            of.push((index, 1));
        }
        if units > 0 {
            arcs.push(Arc { from: arc.to, to: arc.from, cap: units, value: -value });
            of.push((index, -1));
        }
    }
    let best = maximise(&Network { nodes: model.nodes, arcs: &arcs }).expect("values and capacities are within limits");
    for ((index, sign), units) in of.into_iter().zip(&best.flow) {
        flow[index] += sign * units;
    }
    best.potential
}

/// The flow of the coarse arcs on finer ones: oldest first, and a party's total in its steps from the first on.
fn spread(coarse: &Pairs, coarse_model: &Model, coarse_flow: &[i64], pairs: &Pairs, model: &Model) -> Vec<i64> {
    let mut flow = vec![0; model.arcs.len()];
    let mut fine = pairs.arcs.iter().zip(&mut flow).peekable();
    for (pair, &units) in coarse.arcs.iter().zip(coarse_flow) {
        let mut left = units;
        let same =
            |fine: &(&super::pairs::Pair, &mut i64)| (fine.0.debtor, fine.0.creditor) == (pair.debtor, pair.creditor);
        while let Some((part, units)) = fine.next_if(same) {
            *units = left.min(part.cap);
            left -= *units;
        }
    }
    if model.sides {
        let mut pays = vec![0i64; at(model.parties)];
        for (pair, units) in coarse.arcs.iter().zip(coarse_flow) {
            pays[at(pair.debtor)] += units;
        }
        let sides = model.pairs..model.pairs + at(model.parties) * model.steps;
        let steps = model.arcs[sides.clone()].chunks_exact(model.steps).zip(flow[sides].chunks_exact_mut(model.steps));
        for ((arcs, units), mut left) in steps.zip(pays) {
            for (arc, units) in arcs.iter().zip(units) {
                *units = left.min(arc.cap);
                left -= *units;
            }
        }
    }
    if let (Some(to), Some(from)) = (model.fund, coarse_model.fund) {
        flow[to..].copy_from_slice(&coarse_flow[from..]);
    }
    flow
}
