//! From obligations and consents to a network: a node per (party, currency) that occurs, two per party that may convert.
//!
//! Everything is counted in units of account, in which every obligation is a whole number of times the worth of its minor
//! unit. Parallel obligations are one arc. Absent on purpose: solving and rounding.

use alloc::vec;
use alloc::vec::Vec;

use super::{Consent, Problem, turnover};
use crate::at;
use crate::flow::Arc;

/// No hub of its own.
pub(super) const NONE: u32 = u32::MAX;

/// The network and how its parts belong to the problem.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// (party, currency) of each node, in order.
    pub(super) nodes: Vec<(u32, u32)>,
    /// Where each party's nodes begin; one more than parties.
    pub(super) first: Vec<u32>,
    /// Per party the node where claims enter the conversion, or [`NONE`].
    pub(super) enter: Vec<u32>,
    /// Per party the node where they leave it; the same where consent is unlimited.
    pub(super) leave: Vec<u32>,
    /// Nodes of the network, hubs included.
    pub(super) node_count: u32,
    /// Merged obligations first, then conversions.
    pub(super) arcs: Vec<Arc>,
    /// How many arcs are merged obligations.
    pub(super) merged: usize,
    /// Obligations ordered by arc, then by position.
    pub(super) order: Vec<u32>,
    /// Where each arc's obligations begin in `order`; one more than `merged`.
    pub(super) members: Vec<u32>,
}

/// Builds the network of a valid problem.
pub(super) fn build(problem: &Problem<'_>) -> Desk {
    let mut desk = Desk { nodes: nodes(problem), first: vec![0; at(problem.parties) + 1], ..Desk::default() };
    for (party, _) in &desk.nodes {
        desk.first[at(*party) + 1] += 1;
    }
    for party in 0..at(problem.parties) {
        desk.first[party + 1] += desk.first[party];
    }
    desk.merge(problem);
    desk.add_conversions(problem);
    desk
}

fn nodes(problem: &Problem<'_>) -> Vec<(u32, u32)> {
    let mut nodes: Vec<(u32, u32)> = Vec::with_capacity(2 * problem.obligations.len());
    for obligation in problem.obligations {
        nodes.push((obligation.debtor, obligation.currency));
        nodes.push((obligation.creditor, obligation.currency));
    }
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

impl Desk {
    /// The node of a party and a currency that occur together.
    fn node(&self, party: u32, currency: u32) -> u32 {
        let (start, end) = (self.first[at(party)], self.first[at(party) + 1]);
        let own = &self.nodes[at(start)..at(end)];
        // Every (party, currency) of an obligation is in the list, so the place found is the node itself.
        let place = own.partition_point(|node| node.1 < currency);
        start + u32::try_from(place).expect("fewer nodes than 2^32")
    }

    /// Parallel obligations become one arc.
    fn merge(&mut self, problem: &Problem<'_>) {
        let mut keys: Vec<(u32, u32, u32)> = (0u32..)
            .zip(problem.obligations)
            .map(|(index, obligation)| {
                let debtor = self.node(obligation.debtor, obligation.currency);
                (debtor, self.node(obligation.creditor, obligation.currency), index)
            })
            .collect();
        keys.sort_unstable();
        for parallel in keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            self.members.push(u32::try_from(self.order.len()).expect("at most 2^28 obligations"));
            self.order.extend(parallel.iter().map(|key| key.2));
            let worth = problem.rates.worth()[at(self.nodes[at(parallel[0].0)].1)];
            // The sum of everything fits, as the problem is valid.
            let cap = parallel.iter().map(|key| problem.obligations[at(key.2)].amount * worth).sum();
            self.arcs.push(Arc { from: parallel[0].0, to: parallel[0].1, cap, value: 1 });
        }
        self.members.push(u32::try_from(self.order.len()).expect("at most 2^28 obligations"));
        self.merged = self.arcs.len();
    }

    /// Hubs and conversions of every party that consents and has a claim in one currency and a debt in another.
    fn add_conversions(&mut self, problem: &Problem<'_>) {
        let parties = at(problem.parties);
        let (mut payable, mut receivable) = (vec![0i64; self.nodes.len()], vec![0i64; self.nodes.len()]);
        for arc in &self.arcs {
            payable[at(arc.from)] += arc.cap;
            receivable[at(arc.to)] += arc.cap;
        }
        // What may leave or enter a node by conversion: what it has, and the limit for this currency.
        let (mut sell, mut buy) = (receivable.clone(), payable.clone());
        for limit in problem.currency_consent {
            let node = self.node(limit.party, limit.currency);
            if node < self.first[at(limit.party) + 1] && self.nodes[at(node)].1 == limit.currency {
                let worth = problem.rates.worth()[at(limit.currency)];
                let cap = limit.amount.saturating_mul(worth);
                sell[at(node)] = sell[at(node)].min(cap);
                buy[at(node)] = buy[at(node)].min(cap);
            }
        }
        let mut consent = vec![problem.consent; parties];
        for own in problem.party_consent {
            consent[at(own.party)] = own.consent;
        }
        (self.enter, self.leave) = (vec![NONE; parties], vec![NONE; parties]);
        self.node_count = u32::try_from(self.nodes.len()).expect("at most 2^29 nodes");
        for (party, consent) in consent.into_iter().enumerate() {
            let own = at(self.first[party])..at(self.first[party + 1]);
            let sum = |amounts: &[i64]| -> i64 { amounts[own.clone()].iter().sum() };
            let turnover = turnover(sum(&payable).into(), sum(&receivable).into());
            let room = i128::from(sum(&sell).min(sum(&buy)));
            let cap = i64::try_from(consent.cap(turnover).min(room)).expect("no more than the room");
            if own.len() < 2 || cap == 0 {
                continue;
            }
            self.enter[party] = self.node_count;
            self.leave[party] = self.node_count;
            self.node_count += 1;
            if consent != Consent::Unlimited {
                self.leave[party] = self.node_count;
                self.node_count += 1;
                self.arcs.push(Arc { from: self.enter[party], to: self.leave[party], cap, value: 0 });
            }
            for (node, (&sell, &buy)) in (self.first[party]..).zip(sell[own.clone()].iter().zip(&buy[own.clone()])) {
                if sell > 0 {
                    self.arcs.push(Arc { from: node, to: self.enter[party], cap: sell, value: 0 });
                }
                if buy > 0 {
                    self.arcs.push(Arc { from: self.leave[party], to: node, cap: buy, value: 0 });
                }
            }
        }
    }
}
