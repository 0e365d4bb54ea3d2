//! Small problems: the optimum by branch and bound, with the tree as its proof.
//!
//! Depth first; each node starts from its parent's basis. A node is closed by the bound of the relaxation with what is fixed,
//! by emptiness (what is fixed cannot flow), or because what is fixed breaks one of the rules the relaxation does not
//! know. Branching is on a fractional item, the one with the most money between the ends; where the relaxation is whole
//! but breaks a rule, on the largest open item. When the steps run out the open nodes stay in the tree as leaves, and the
//! bound is honest. Absent: slices.

use alloc::vec::Vec;

use super::book::Book;
use super::check::{Fix, Stated};
use super::dive::FORCE;
use super::relax::Relaxation;
use super::{Answer, Case, NONE, Proof, Step};
use crate::at;
use crate::gridlock::NO_GROUP;

/// Most prices kept in a proof.
const PRICES_MAX: usize = 1 << 22;

/// Improves on `start` as far as the steps permit.
pub(super) fn solve(case: &Case<'_>, relaxation: &Relaxation, start: &Answer) -> Answer {
    let mut search = Search {
        case,
        stated: Stated::new(case.problem, &case.terms),
        fixed: alloc::vec![Fix::Open; case.items()],
        trail: Vec::new(),
        settled: start.settled.clone(),
        value: start.value,
        bound: i128::MIN,
        tree: Vec::new(),
        prices: 0,
        steps: start.steps,
    };
    search.expand(relaxation);
    let Search { settled, value, bound, tree, steps, .. } = search;
    Answer { settled, value, bound: bound.max(value), proof: Proof::Search(tree), steps }
}

struct Search<'a> {
    case: &'a Case<'a>,
    stated: Stated,
    fixed: Vec<Fix>,
    trail: Vec<u32>,
    settled: Vec<i64>,
    value: i128,
    /// Largest bound of a closed leaf.
    bound: i128,
    tree: Vec<Step>,
    /// Prices kept in the tree.
    prices: usize,
    steps: u64,
}

impl Search<'_> {
    /// Closes a node or opens its two children. The depth is at most the number of items.
    fn expand(&mut self, relaxation: &Relaxation) {
        let prices = relaxation.prices();
        self.prices += prices.len();
        let bound = self.stated.bound(&prices, &self.fixed, true);
        let flow = self.flow(relaxation);
        if bound > self.value {
            self.consider(&flow);
        }
        let spent = self.steps >= self.case.terms.steps_max || self.prices >= PRICES_MAX;
        let open = if bound <= self.value || spent { None } else { self.choose(&flow) };
        let Some(item) = open else {
            self.bound = self.bound.max(bound);
            self.tree.push(Step::Bound(prices));
            return;
        };
        let up_first = flow[at(item)] >= self.case.amount(item) - flow[at(item)];
        self.tree.push(Step::Branch { item, up_first });
        for up in [up_first, !up_first] {
            let mark = self.trail.len();
            if self.fix(item, up) && !self.broken() {
                let mut child = relaxation.clone();
                let before = child.steps();
                match self.follow(&mut child, mark) {
                    Ok(()) => self.expand(&child),
                    Err(prices) => {
                        self.prices += prices.len();
                        self.tree.push(Step::Empty(prices));
                    }
                }
                self.steps += child.steps() - before + child.size();
            } else {
                self.tree.push(Step::Broken);
            }
            for item in self.trail.drain(mark..) {
                self.fixed[at(item)] = Fix::Open;
            }
        }
    }

    fn flow(&self, relaxation: &Relaxation) -> Vec<i64> {
        let flow = relaxation.simplex.flow();
        let units = (0u32..).zip(&self.fixed).map(|(item, fix)| match fix {
            Fix::Open => flow[at(item)],
            Fix::Up => self.case.amount(item),
            Fix::Down => 0,
        });
        units.collect()
    }

    /// Takes over the relaxation's flow if it happens to settle, and what its repair settles.
    fn consider(&mut self, flow: &[i64]) {
        let mut book = Book::proposed(self.case, flow);
        if !book.feasible() {
            book.repair();
        }
        self.steps += book.steps();
        if book.value() > self.value && book.feasible() {
            (self.value, self.settled) = (book.value(), book.units().to_vec());
        }
    }

    /// The open item to branch on: of those between the ends the one with the most money there, else the largest.
    fn choose(&self, flow: &[i64]) -> Option<u32> {
        let open = (0u32..).zip(&self.fixed).filter(|(_, fix)| **fix == Fix::Open).map(|(item, _)| item);
        open.max_by_key(|&item| {
            let (units, amount) = (flow[at(item)], self.case.amount(item));
            (units.min(amount - units), amount, core::cmp::Reverse(item))
        })
    }

    /// Fixes an item and what it binds; false if that contradicts what was fixed before.
    fn fix(&mut self, item: u32, up: bool) -> bool {
        let case = self.case;
        let wish = if up { Fix::Up } else { Fix::Down };
        let mut work = alloc::vec![item];
        while let Some(item) = work.pop() {
            match self.fixed[at(item)] {
                fix if fix == wish => continue,
                Fix::Open => {}
                Fix::Up | Fix::Down => return false,
            }
            self.fixed[at(item)] = wish;
            self.trail.push(item);
            let entry = &case.problem.items[at(item)];
            if entry.group != NO_GROUP {
                work.extend(case.groups.of(entry.group));
            }
            if case.keeps_order(entry.debtor) {
                let queue = case.queues.of(entry.debtor);
                let place = queue.partition_point(|&other| other < item);
                work.extend(if up { &queue[..place] } else { &queue[place + 1..] });
            }
        }
        true
    }

    /// Does what is fixed break a rule whatever becomes of the rest? Sees the real limits, negative ones too.
    fn broken(&self) -> bool {
        let case = self.case;
        let mut sums = alloc::vec![(0i128, 0i128); case.problem.accounts.len()];
        let mut pairs = alloc::vec![(0i128, 0i128); case.problem.bilateral.len()];
        for ((index, item), fix) in (0u32..).zip(case.problem.items).zip(&self.fixed) {
            let amount = i128::from(item.amount);
            let (sure, possible) = match fix {
                Fix::Up => (amount, amount),
                Fix::Open => (0, amount),
                Fix::Down => continue,
            };
            sums[at(item.debtor)].0 += sure;
            sums[at(item.creditor)].1 += possible;
            if let Some(&(uses, relieves)) = case.links.get(at(index)) {
                if uses != NONE {
                    pairs[at(uses)].0 += sure;
                }
                if relieves != NONE {
                    pairs[at(relieves)].1 += possible;
                }
            }
        }
        let account = |(account, &(out, into)): (&crate::gridlock::Account, &(i128, i128))| {
            let funds = account.available.min(account.multilateral.unwrap_or(i64::MAX));
            let gross = account.gross_out.unwrap_or(i64::MAX);
            out > 0 && (out - into > i128::from(funds) || out > i128::from(gross))
        };
        case.problem.accounts.iter().zip(&sums).any(account)
            || case
                .problem
                .bilateral
                .iter()
                .zip(&pairs)
                .any(|(limit, &(there, back))| there > 0 && there - back > i128::from(limit.headroom))
    }

    /// Holds the newly fixed items in the relaxation. Where one cannot be: prices that prove it.
    fn follow(&self, child: &mut Relaxation, mark: usize) -> Result<(), Vec<i64>> {
        for place in mark..self.trail.len() {
            let item = self.trail[place];
            let up = self.fixed[at(item)] == Fix::Up;
            let simplex = &mut child.simplex;
            simplex.revalue(at(item), if up { FORCE } else { -FORCE });
            simplex.optimise(u64::MAX);
            if simplex.flow()[at(item)] == if up { self.case.amount(item) } else { 0 } {
                simplex.freeze(at(item));
                continue;
            }
            // Nothing but this item counts: the optimum says how far it can be pulled, its prices why no further.
            let held = &self.trail[..place];
            for other in (0u32..).take(self.case.items()).filter(|other| *other != item && !held.contains(other)) {
                simplex.revalue(at(other), 0);
            }
            simplex.revalue(at(item), if up { 1 } else { -1 });
            simplex.optimise(u64::MAX);
            return Err(child.prices());
        }
        child.simplex.optimise(u64::MAX);
        Ok(())
    }
}
