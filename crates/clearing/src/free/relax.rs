//! The fractional relaxation as a network: what the bound is computed on and what the dive changes.
//!
//! Nodes: the accounts, a pool, a *gross port* per account with a gross limit, a *pair port* per pair with bilateral limits.
//! Arcs, in this order: one per item; per account pool -> account (available funds) and account -> pool; per gross port
//! account -> port; per pair port an arc in and one out on the *netted* side; at last an overdraft arc from the pool and a
//! drain to it per node, so dear that nothing uses them at the end. With these, everything settled is a circulation to
//! start from, and the simplex only has to take out what is too much: several times faster than filling up from nothing.
//!
//! Absent: groups and queue order, which the relaxation ignores; so does it the words "pays nothing, or".

use alloc::vec;
use alloc::vec::Vec;

use super::{Case, NONE, Prices, check};
use crate::at;
use crate::flow::simplex::Simplex;
use crate::flow::{Arc, Network};
use crate::gridlock::Problem;

/// Dearer than any path of items.
pub(super) const DEAR: i64 = 1 << 46;

/// Steps per arc for a copy of the relaxation: what a node of a search costs before its first pivot.
const COPY_STEPS: u64 = 8;

/// A relaxation at its optimum.
#[derive(Clone, Debug)]
pub(super) struct Relaxation {
    pub(super) simplex: Simplex,
    nodes: u32,
    /// Arcs priced so far: the measure of work.
    arcs: usize,
}

impl Relaxation {
    /// Builds and solves the relaxation.
    pub(super) fn new(case: &Case<'_>) -> Self {
        Self::with_reserve(case, 0)
    }

    /// The same with `reserve` hundredths of each account's available funds kept back.
    pub(super) fn with_reserve(case: &Case<'_>, reserve: i64) -> Self {
        let Build { nodes, arcs, flow, hooks, dear } = Build::new(case, reserve);
        let network = Network { nodes, arcs: &arcs };
        let Ok(mut simplex) = Simplex::new(&network) else { unreachable!("a valid problem makes a valid network") };
        for arc in dear.clone() {
            simplex.revalue(arc, -DEAR);
        }
        simplex.start_from(flow, pool(case.problem), &hooks);
        simplex.optimise(u64::MAX);
        for arc in dear {
            assert_eq!(simplex.freeze(arc), 0, "to settle nothing needs no overdraft");
        }
        Self { simplex, nodes, arcs: arcs.len() }
    }

    /// Prices of the stated network.
    pub(super) fn prices(&self) -> Prices {
        self.simplex.potential()[..at(self.nodes)].to_vec()
    }

    /// The bound that these prices prove.
    pub(super) fn bound(&self, case: &Case<'_>) -> i128 {
        check::bound_of(case.problem, &case.terms, &self.prices())
    }

    /// Steps taken so far: a pivot looks at a block of arcs and walks a part of the tree.
    pub(super) fn steps(&self) -> u64 {
        self.simplex.pivots().saturating_mul(self.block())
    }

    /// Steps that copying it counts for.
    pub(super) fn size(&self) -> u64 {
        u64::try_from(self.arcs).unwrap_or(u64::MAX).saturating_mul(COPY_STEPS)
    }

    fn block(&self) -> u64 {
        u64::try_from(self.arcs.isqrt()).unwrap_or(u64::MAX).max(1)
    }

    /// Pivots until the optimum, or until the steps are used up; feasible in any case.
    pub(super) fn optimise(&mut self, steps_max: u64) {
        let left = steps_max.saturating_sub(self.steps());
        self.simplex.optimise(left.div_ceil(self.block()));
    }
}

fn pool(problem: &Problem<'_>) -> u32 {
    u32::try_from(problem.accounts.len()).unwrap_or(NONE)
}

struct Build {
    nodes: u32,
    arcs: Vec<Arc>,
    flow: Vec<i64>,
    hooks: Vec<u32>,
    /// The overdraft and drain arcs.
    dear: core::ops::Range<usize>,
}

/// A pair port: items from and to the gross side pass it one by one, the netted side sees the difference.
#[derive(Clone, Copy)]
struct Port {
    netted: u32,
    gross: u32,
    node: u32,
    /// Headroom netted -> gross and back.
    there: i64,
    back: i64,
}

impl Build {
    fn new(case: &Case<'_>, reserve: i64) -> Self {
        let problem = case.problem;
        let pool = pool(problem);
        let mut nodes = pool + 1;
        let gross_ports: Vec<u32> = problem
            .accounts
            .iter()
            .map(|account| {
                account.gross_out.map_or(NONE, |_| {
                    nodes += 1;
                    nodes - 1
                })
            })
            .collect();
        let ports = ports(problem, &mut nodes);
        let mut arcs = Vec::with_capacity(problem.items.len() + 3 * at(nodes) + problem.accounts.len());
        let mut out = vec![0i64; problem.accounts.len()];
        let mut into = vec![0i64; problem.accounts.len()];
        for (index, item) in (0u32..).zip(problem.items) {
            out[at(item.debtor)] += item.amount;
            into[at(item.creditor)] += item.amount;
            let (from, to) = ends(case, &gross_ports, &ports, index);
            arcs.push(Arc { from, to, cap: item.amount, value: case.unit_value(index) });
        }
        for (node, account) in (0u32..).zip(problem.accounts) {
            let funds = account.available.min(account.multilateral.unwrap_or(i64::MAX)).clamp(0, out[at(node)]);
            let kept = i128::from(funds) * i128::from(reserve) / 100;
            let cap = funds - i64::try_from(kept).unwrap_or(0);
            arcs.push(Arc { from: pool, to: node, cap, value: 0 });
            arcs.push(Arc { from: node, to: pool, cap: into[at(node)] + 1, value: 0 });
        }
        for ((node, account), &port) in (0u32..).zip(problem.accounts).zip(&gross_ports) {
            if let Some(limit) = account.gross_out {
                arcs.push(Arc { from: node, to: port, cap: limit.clamp(0, out[at(node)]), value: 0 });
            }
        }
        for port in &ports {
            arcs.push(Arc { from: port.netted, to: port.node, cap: port.there, value: 0 });
            arcs.push(Arc { from: port.node, to: port.netted, cap: port.back, value: 0 });
        }
        Self::started(problem, arcs, nodes)
    }

    /// Everything settles, ports carry nothing, the overdrafts and drains make up for it.
    fn started(problem: &Problem<'_>, mut arcs: Vec<Arc>, nodes: u32) -> Self {
        let pool = pool(problem);
        let items = problem.items.len();
        let mut flow: Vec<i64> = arcs[..items].iter().map(|arc| arc.cap).collect();
        let mut need = vec![0i64; at(nodes)];
        let mut through = vec![0i64; at(nodes)];
        for arc in &arcs[..items] {
            need[at(arc.from)] += arc.cap;
            need[at(arc.to)] -= arc.cap;
            through[at(arc.from)] += arc.cap;
            through[at(arc.to)] += arc.cap;
        }
        flow.resize(arcs.len(), 0);
        let first_dear = arcs.len();
        let mut hooks = Vec::with_capacity(at(nodes) - 1);
        for node in (0..nodes).filter(|node| *node != pool) {
            let cap = through[at(node)] + 1;
            let overdraft = arcs.len();
            arcs.push(Arc { from: pool, to: node, cap, value: 0 });
            arcs.push(Arc { from: node, to: pool, cap, value: 0 });
            flow.extend([0, 0]);
            let need = need[at(node)];
            let hook = if at(node) < problem.accounts.len() {
                let funds = items + 2 * at(node);
                if need <= 0 {
                    funds + 1
                } else if need <= arcs[funds].cap {
                    funds
                } else {
                    flow[funds] = arcs[funds].cap;
                    overdraft
                }
            } else if need <= 0 {
                overdraft + 1
            } else {
                overdraft
            };
            flow[hook] = if hook == overdraft && at(node) < problem.accounts.len() {
                need - flow[items + 2 * at(node)]
            } else {
                need.abs()
            };
            hooks.push(u32::try_from(hook).unwrap_or(NONE));
        }
        let dear = first_dear..arcs.len();
        Self { nodes, arcs, flow, hooks, dear }
    }
}

/// One port per limited pair, in order of (smaller, larger) account.
fn ports(problem: &Problem<'_>, nodes: &mut u32) -> Vec<Port> {
    let mut pairs: Vec<(u32, u32)> =
        problem.bilateral.iter().map(|limit| (limit.from.min(limit.to), limit.from.max(limit.to))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut ports: Vec<Port> = pairs
        .iter()
        .map(|&(low, high)| {
            // Gross limits count what leaves on the gross side, so an account that has one should be there.
            let swap = problem.accounts[at(low)].gross_out.is_some() && problem.accounts[at(high)].gross_out.is_none();
            let (netted, gross) = if swap { (high, low) } else { (low, high) };
            let node = *nodes;
            *nodes += 1;
            Port { netted, gross, node, there: 0, back: 0 }
        })
        .collect();
    let place = |from: u32, to: u32| pairs.binary_search(&(from.min(to), from.max(to)));
    for item in problem.items {
        if let Ok(index) = place(item.debtor, item.creditor) {
            let port = &mut ports[index];
            *(if item.debtor == port.netted { &mut port.there } else { &mut port.back }) += item.amount;
        }
    }
    for limit in problem.bilateral {
        if let Ok(index) = place(limit.from, limit.to) {
            let port = &mut ports[index];
            let cap = if limit.from == port.netted { &mut port.there } else { &mut port.back };
            *cap = limit.headroom.clamp(0, *cap);
        }
    }
    ports
}

/// The nodes an item's arc joins.
fn ends(case: &Case<'_>, gross_ports: &[u32], ports: &[Port], index: u32) -> (u32, u32) {
    let item = &case.problem.items[at(index)];
    let (debtor, creditor) = (item.debtor, item.creditor);
    let source = if gross_ports[at(debtor)] == NONE { debtor } else { gross_ports[at(debtor)] };
    let limited = case.links.get(at(index)).is_some_and(|&(uses, relieves)| uses != NONE || relieves != NONE);
    if !limited {
        return (source, creditor);
    }
    let pair = (debtor.min(creditor), debtor.max(creditor));
    let key = |port: &Port| (port.netted.min(port.gross), port.netted.max(port.gross));
    match ports.binary_search_by_key(&pair, key) {
        Ok(place) if debtor == ports[place].netted => (ports[place].node, creditor),
        Ok(place) => (source, ports[place].node),
        Err(_) => (source, creditor),
    }
}
