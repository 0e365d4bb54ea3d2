//! Fewest touched: cancel cycles among partly used arcs until they form a forest.
//!
//! Only free arcs are moved, so every stage before keeps its value. Around a cycle of partly used arcs flow can be moved
//! either way until an arc is empty or full; the way that empties more pairs is taken, and the walking direction when
//! both empty as many. Each move takes at least one arc out, so moves are at most as many as arcs. At the end partly used arcs have no cycle:
//! fewer than nodes are left.

use alloc::vec;
use alloc::vec::Vec;

use super::network::Model;
use crate::at;

/// A place on the walk: a node, and the arc it was entered by.
type Step = (u32, Option<usize>);

/// Changes `flow` on `free` arcs until those strictly between empty and full form a forest.
pub(super) fn cancel_to_forest(model: &Model, free: &[bool], flow: &mut [i64]) {
    let mut touching: Vec<Vec<usize>> = vec![Vec::new(); at(model.nodes)];
    let mut open = vec![false; flow.len()];
    for (index, arc) in model.arcs.iter().enumerate() {
        if free[index] && (1..arc.cap).contains(&flow[index]) {
            open[index] = true;
            touching[at(arc.from)].push(index);
            touching[at(arc.to)].push(index);
        }
    }
    let mut place: Vec<Option<usize>> = vec![None; at(model.nodes)];
    let mut walk: Vec<Step> = Vec::new();
    for start in 0..model.nodes {
        walk.push((start, None));
        place[at(start)] = Some(0);
        while let Some(&(node, entered)) = walk.last() {
            let Some(index) = next(&mut touching[at(node)], &open, entered) else {
                // No cycle is left through the arc that led here.
                if let Some(entered) = entered {
                    open[entered] = false;
                }
                place[at(node)] = None;
                walk.pop();
                continue;
            };
            let arc = &model.arcs[index];
            let other = if arc.from == node { arc.to } else { arc.from };
            let Some(begin) = place[at(other)] else {
                place[at(other)] = Some(walk.len());
                walk.push((other, Some(index)));
                continue;
            };
            let cycle: Vec<(usize, bool)> = cycle(model, &walk[begin..], index);
            rotate(model, &cycle, flow);
            let mut keep = walk.len();
            for (step, &(arc, _)) in cycle.iter().enumerate() {
                if flow[arc] == 0 || flow[arc] == model.arcs[arc].cap {
                    open[arc] = false;
                    keep = keep.min(begin + step + 1);
                }
            }
            for (node, _) in walk.drain(keep..) {
                place[at(node)] = None;
            }
        }
    }
}

/// The first open arc of a node other than the one it was entered by; closed ones are dropped on the way.
fn next(touching: &mut Vec<usize>, open: &[bool], entered: Option<usize>) -> Option<usize> {
    let mut look = 0;
    while let Some(&arc) = touching.get(look) {
        if !open[arc] {
            touching.swap_remove(look);
        } else if Some(arc) == entered {
            look += 1;
        } else {
            return Some(arc);
        }
    }
    None
}

/// The arcs of the walk from its first node on, closed by `last`; true where the walk goes along the arc.
fn cycle(model: &Model, walk: &[Step], last: usize) -> Vec<(usize, bool)> {
    let arcs = walk.iter().skip(1).filter_map(|step| step.1).chain([last]);
    walk.iter().zip(arcs).map(|((node, _), arc)| (arc, model.arcs[arc].from == *node)).collect()
}

/// Moves flow around the cycle until an arc is empty or full.
fn rotate(model: &Model, cycle: &[(usize, bool)], flow: &mut [i64]) {
    let room = |along: bool| {
        let one = |&(arc, forward): &(usize, bool)| {
            if forward == along { model.arcs[arc].cap - flow[arc] } else { flow[arc] }
        };
        cycle.iter().map(one).min().unwrap_or(0)
    };
    let (there, back) = (room(true), room(false));
    let emptied = |along: bool, units: i64| {
        cycle.iter().filter(|(arc, forward)| *arc < model.pairs && *forward != along && flow[*arc] == units).count()
    };
    let (along, units) = if emptied(false, back) > emptied(true, there) { (false, back) } else { (true, there) };
    for &(arc, forward) in cycle {
        flow[arc] += if forward == along { units } else { -units };
    }
}
