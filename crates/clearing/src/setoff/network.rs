//! The network of a problem: arcs of pairs, the paying sides of capped parties, and the fund.
//!
//! Nodes: party p is node p. When caps or shares of parties matter, its paying side is node parties + p and what it pays
//! runs through arcs party -> paying side. The fund's taking side and lending side come last. A unit that flows along a
//! pair's arc is a lot set off; value 1 on pairs, 0 elsewhere.

use alloc::vec;
use alloc::vec::Vec;

use super::pairs::Pairs;
use super::{Potentials, Problem, TRANCHES};
use crate::at;
use crate::flow::{Arc, Network};

/// Arcs of a problem in a fixed order: pairs, then party sides, then the fund.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) nodes: u32,
    pub(super) parties: u32,
    pub(super) arcs: Vec<Arc>,
    /// How many arcs are pairs.
    pub(super) pairs: usize,
    /// Whether parties have a paying side of their own.
    pub(super) sides: bool,
    /// Arcs of a party's sides: 1, or [`TRANCHES`] when shares matter.
    pub(super) steps: usize,
    /// Where the fund's arcs begin: its limit, then a draw and a deposit per party.
    pub(super) fund: Option<usize>,
}

impl Model {
    pub(super) fn of(problem: &Problem<'_>, pairs: &Pairs, shares: bool) -> Self {
        let parties = problem.parties;
        let sides = shares || !problem.party_caps.is_empty();
        let mut model = Self {
            nodes: parties,
            parties,
            pairs: pairs.arcs.len(),
            sides,
            steps: if shares { usize::try_from(TRANCHES).unwrap_or(1) } else { 1 },
            ..Self::default()
        };
        let (mut pays, mut receives) = (vec![0i64; at(parties)], vec![0i64; at(parties)]);
        for pair in &pairs.arcs {
            let from = if sides { parties + pair.debtor } else { pair.debtor };
            model.arcs.push(Arc { from, to: pair.creditor, cap: pair.cap, value: 1 });
            pays[at(pair.debtor)] += pair.cap;
            receives[at(pair.creditor)] += pair.cap;
        }
        if sides {
            model.nodes += parties;
            model.add_sides(problem, &pays, shares);
        }
        if let Some(fund) = problem.fund {
            model.fund = Some(model.arcs.len());
            let (taking, lending) = (model.nodes, model.nodes + 1);
            model.nodes += 2;
            let limit = fund.limit / problem.lot;
            // What a party may draw does not depend on the limit, so one certificate bounds the value for every limit.
            let mut line = vec![if fund.lines.is_empty() { i64::MAX } else { 0 }; at(parties)];
            for credit in fund.lines {
                line[at(credit.party)] = credit.limit / problem.lot;
            }
            let all: i64 = pays.iter().sum();
            model.arcs.push(Arc { from: taking, to: lending, cap: limit.min(all), value: 0 });
            for party in 0..parties {
                let draw = line[at(party)].min(pays[at(party)]);
                model.arcs.push(Arc { from: lending, to: party, cap: draw, value: 0 });
                model.arcs.push(Arc { from: party, to: taking, cap: receives[at(party)], value: 0 });
            }
        }
        model
    }

    /// Party -> paying side: what it owes in equal steps, cut off at its cap.
    fn add_sides(&mut self, problem: &Problem<'_>, pays: &[i64], shares: bool) {
        let mut caps = pays.to_vec();
        for cap in problem.party_caps {
            let own = &mut caps[at(cap.party)];
            *own = (cap.cap / problem.lot).min(*own);
        }
        for (party, (&owed, &cap)) in (0u32..).zip(pays.iter().zip(&caps)) {
            for step in 0..self.steps {
                let cap = if shares { tranche(owed, cap, step) } else { cap };
                self.arcs.push(Arc { from: party, to: self.parties + party, cap, value: 0 });
            }
        }
    }

    pub(super) fn network(&self) -> Network<'_> {
        Network { nodes: self.nodes, arcs: &self.arcs }
    }

    /// Potentials by node as potentials by party.
    pub(super) fn potentials(&self, nodes: &[i64]) -> Potentials {
        let parties = at(self.parties);
        Potentials {
            party: nodes[..parties].to_vec(),
            paying: if self.sides { nodes[parties..2 * parties].to_vec() } else { Vec::new() },
            fund: if self.fund.is_some() { [nodes[nodes.len() - 2], nodes[nodes.len() - 1]] } else { [0, 0] },
        }
    }

    /// Potentials by party as potentials by node of this network, which may have sides the other had not.
    pub(super) fn nodes_of(&self, potentials: &Potentials) -> Vec<i64> {
        let mut nodes = potentials.party.clone();
        if self.sides {
            nodes.extend(if potentials.paying.is_empty() { &potentials.party } else { &potentials.paying });
        }
        if self.fund.is_some() {
            nodes.extend(potentials.fund);
        }
        nodes
    }
}

/// How much of the `step`-th tenth of `owed` lies below `cap`.
pub(super) fn tranche(owed: i64, cap: i64, step: usize) -> i64 {
    let upper = |step: usize| {
        let part = i128::from(owed) * i128::try_from(step).unwrap_or(i128::MAX) / i128::from(TRANCHES);
        i64::try_from(part).unwrap_or(owed).min(cap)
    };
    upper(step + 1) - upper(step)
}
