//! From obligations and consents to a network: a node per (party, currency) that occurs, two per party that may convert.
//!
//! Flow is counted in units of account, in which every obligation is a whole number of times the worth of its minor
//! unit; or, when all obligations together exceed what a circulation counts in, in the least power of two of them. Without
//! any conversion each currency is a network for itself and flow is counted in its minor units. Parallel obligations are one
//! arc. Absent on purpose: solving and rounding.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::{Consent, FLOW_BITS, Problem, turnover};
use crate::at;
use crate::flow::Arc;

/// No hub of its own.
pub(super) const NONE: u32 = u32::MAX;

/// One unit of flow, in units of account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Unit {
    /// The worth of one minor unit of the arc's currency: nothing is converted.
    #[default]
    Minor,
    /// This power of two.
    Power(u32),
}

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
    /// What flow is counted in.
    pub(super) unit: Unit,
    /// Minor units of each merged obligation.
    pub(super) amounts: Vec<i64>,
    /// Obligations ordered by arc, then by position.
    pub(super) order: Vec<u32>,
    /// Where each arc's obligations begin in `order`; one more than `amounts`.
    pub(super) members: Vec<u32>,
    /// Per node whether its conversion has a limit of its own.
    pub(super) limited: Vec<bool>,
    /// Per node the most units of account that may leave by conversion: what it is owed, or the limit for this currency.
    pub(super) sell: Vec<i128>,
    /// Per node the most that may enter.
    pub(super) buy: Vec<i128>,
    /// Per party the most units of account it converts.
    pub(super) caps: Vec<i128>,
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
    let (payable, receivable) = desk.sides(problem);
    desk.place_hubs(problem, &payable, &receivable);
    if desk.enter.iter().any(|hub| *hub != NONE) {
        desk.unit = Unit::Power(super::shift(payable.iter().sum()));
    }
    desk.scale_obligations(problem);
    desk.add_conversions();
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
    /// The nodes of a party.
    pub(super) fn own(&self, party: usize) -> Range<usize> {
        at(self.first[party])..at(self.first[party + 1])
    }

    /// The first node of a party that is not before this currency; its node in it, if it has one.
    fn node(&self, party: u32, currency: u32) -> u32 {
        let place = self.nodes[self.own(at(party))].partition_point(|node| node.1 < currency);
        self.first[at(party)] + u32::try_from(place).expect("fewer nodes than 2^32")
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
            // The sum of everything fits, as the problem is valid.
            self.amounts.push(parallel.iter().map(|key| problem.obligations[at(key.2)].amount).sum());
            self.arcs.push(Arc { from: parallel[0].0, to: parallel[0].1, cap: 0, value: 1 });
        }
        self.members.push(u32::try_from(self.order.len()).expect("at most 2^28 obligations"));
    }

    /// What each node may convert; returns what it owes and is owed.
    fn sides(&mut self, problem: &Problem<'_>) -> (Vec<i128>, Vec<i128>) {
        let worth = problem.rates.worth();
        let (mut payable, mut receivable) = (vec![0i128; self.nodes.len()], vec![0i128; self.nodes.len()]);
        for (arc, amount) in self.arcs.iter().zip(&self.amounts) {
            let owed = i128::from(*amount) * i128::from(worth[at(self.nodes[at(arc.from)].1)]);
            payable[at(arc.from)] += owed;
            receivable[at(arc.to)] += owed;
        }
        (self.sell, self.buy) = (receivable.clone(), payable.clone());
        self.limited = vec![false; self.nodes.len()];
        for limit in problem.currency_consent {
            let node = at(self.node(limit.party, limit.currency));
            if self.nodes.get(node) == Some(&(limit.party, limit.currency)) {
                let cap = i128::from(limit.amount) * i128::from(worth[at(limit.currency)]);
                self.limited[node] = true;
                self.sell[node] = self.sell[node].min(cap);
                self.buy[node] = self.buy[node].min(cap);
            }
        }
        (payable, receivable)
    }

    /// Gives hubs to every party that consents and has a claim in one currency and a debt in another.
    fn place_hubs(&mut self, problem: &Problem<'_>, payable: &[i128], receivable: &[i128]) {
        let parties = at(problem.parties);
        let mut consents = vec![problem.consent; parties];
        for own in problem.party_consent {
            consents[at(own.party)] = own.consent;
        }
        (self.enter, self.leave) = (vec![NONE; parties], vec![NONE; parties]);
        self.node_count = u32::try_from(self.nodes.len()).expect("at most 2^29 nodes");
        self.caps = vec![0; parties];
        for (party, consent) in consents.into_iter().enumerate() {
            let own = self.own(party);
            let sum = |amounts: &[i128]| -> i128 { amounts[own.clone()].iter().sum() };
            let turnover = turnover(sum(payable), sum(receivable));
            let cap = consent.cap(turnover).min(sum(&self.sell)).min(sum(&self.buy));
            if own.len() < 2 || cap == 0 {
                continue;
            }
            self.caps[party] = cap;
            (self.enter[party], self.leave[party]) = (self.node_count, self.node_count);
            self.node_count += 1;
            if consent != Consent::Unlimited {
                self.leave[party] = self.node_count;
                self.node_count += 1;
            }
        }
    }

    fn scale_obligations(&mut self, problem: &Problem<'_>) {
        for (arc, &amount) in self.arcs.iter_mut().zip(&self.amounts) {
            arc.cap = match self.unit {
                Unit::Minor => amount,
                Unit::Power(shift) => {
                    let worth = problem.rates.worth()[at(self.nodes[at(arc.from)].1)];
                    scaled(i128::from(amount) * i128::from(worth), shift)
                }
            };
        }
    }

    fn add_conversions(&mut self) {
        let Unit::Power(shift) = self.unit else { return };
        for (party, &cap) in self.caps.iter().enumerate() {
            let (enter, leave) = (self.enter[party], self.leave[party]);
            if enter == NONE {
                continue;
            }
            if enter != leave {
                self.arcs.push(Arc { from: enter, to: leave, cap: scaled(cap, shift), value: 0 });
            }
            for node in self.first[party]..self.first[party + 1] {
                let (sell, buy) = (scaled(self.sell[at(node)], shift), scaled(self.buy[at(node)], shift));
                if sell > 0 {
                    self.arcs.push(Arc { from: node, to: enter, cap: sell, value: 0 });
                }
                if buy > 0 {
                    self.arcs.push(Arc { from: leave, to: node, cap: buy, value: 0 });
                }
            }
        }
    }
}

/// Units of flow that do not exceed these units of account.
fn scaled(units: i128, shift: u32) -> i64 {
    const { assert!(FLOW_BITS < 63) };
    i64::try_from(units >> shift).expect("no more than everything, which fits")
}
