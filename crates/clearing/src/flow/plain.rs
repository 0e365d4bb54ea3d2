//! The plainest exact method: cancel residual cycles of positive value until there is none.
//!
//! Slow beyond a few hundred arcs; here as the second implementation that tests compare others with.

use alloc::vec;
use alloc::vec::Vec;

use super::{Circulation, Invalid, Network};
use crate::at;

/// Finds a circulation of greatest value, with potentials that prove it.
///
/// # Errors
/// [`Invalid`] when the network is.
pub fn maximise(network: &Network<'_>) -> Result<Circulation, Invalid> {
    network.validate()?;
    let mut flow = vec![0i64; network.arcs.len()];
    let potential = loop {
        match longest_walks(network, &flow) {
            Ok(potential) => break potential,
            Err(cycle) => {
                let room = |&(arc, forward): &(usize, bool)| {
                    if forward { network.arcs[arc].cap - flow[arc] } else { flow[arc] }
                };
                let units = cycle.iter().map(room).min().unwrap_or(0);
                for &(arc, forward) in &cycle {
                    flow[arc] += if forward { units } else { -units };
                }
            }
        }
    };
    let value = network.arcs.iter().zip(&flow).map(|(arc, units)| i128::from(arc.value) * i128::from(*units)).sum();
    Ok(Circulation { flow, potential, value })
}

/// Bellman-Ford on the residual network: potentials (largest value of a walk ending at each node), or a cycle of positive
/// value as (arc, forward) steps.
fn longest_walks(network: &Network<'_>, flow: &[i64]) -> Result<Vec<i64>, Vec<(usize, bool)>> {
    let nodes = at(network.nodes);
    let mut potential = vec![0i64; nodes];
    let mut parent: Vec<Option<(usize, bool)>> = vec![None; nodes];
    let ends = |arc: usize, forward: bool| {
        let (from, to) = (at(network.arcs[arc].from), at(network.arcs[arc].to));
        if forward { (from, to) } else { (to, from) }
    };
    for _ in 0..=nodes {
        let mut changed = None;
        for (arc, units) in flow.iter().enumerate() {
            let value = network.arcs[arc].value;
            for (open, forward, worth) in [(*units < network.arcs[arc].cap, true, value), (*units > 0, false, -value)] {
                let (from, to) = ends(arc, forward);
                if open && potential[from] + worth > potential[to] {
                    potential[to] = potential[from] + worth;
                    parent[to] = Some((arc, forward));
                    changed = Some(to);
                }
            }
        }
        let Some(mut node) = changed else { return Ok(potential) };
        // Walk back: if the parents close a circle it is a cycle of positive value.
        let mut seen = vec![false; nodes];
        while let Some((arc, forward)) = parent[node] {
            if seen[node] {
                let (start, mut cycle) = (node, Vec::new());
                loop {
                    let (arc, forward) = parent[node].expect("a node on a circle of parents has one");
                    cycle.push((arc, forward));
                    node = ends(arc, forward).0;
                    if node == start {
                        return Err(cycle);
                    }
                }
            }
            seen[node] = true;
            node = ends(arc, forward).0;
        }
    }
    unreachable!("a walk longer than all nodes has closed a circle of parents")
}
