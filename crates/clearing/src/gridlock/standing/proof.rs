//! The rounds read as a removal trace, for the verifier.
//!
//! Entries outside `P(1)` go first, then those outside `P(2)`, and so on; within a queue from the tail. What came through
//! the last round adds the trace of the last step.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{Cell, GROUPED, NONE, Standing, URGENT, USES, within};
use crate::at;
use crate::gridlock::{Account, Bilateral, Cause, Item, NO_GROUP, Problem, Removal, Reserve, Solution};

/// The queues as a problem with its solution and trace, ready for [`check`](crate::gridlock::check).
///
/// An entry whose group has not all its legs waiting, and what stands behind it, is no part of the problem: such a
/// group cannot settle, and without its legs the verifier needs to know nothing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Terms of all accounts.
    pub accounts: Vec<Account>,
    /// Entries, account by account in queue order.
    pub items: Vec<Item>,
    /// The handle of each item.
    pub entries: Vec<u32>,
    /// Limits in force.
    pub bilateral: Vec<Bilateral>,
    /// Reserves in force.
    pub reserves: Vec<Reserve>,
    /// Number of groups.
    pub groups: u32,
    /// For each item: does it settle?
    pub selected: Vec<bool>,
    /// Every item that does not settle.
    pub trace: Vec<Removal>,
    /// Net outflow of each account.
    pub net_out: Vec<i128>,
}

impl Proof {
    /// The problem.
    #[must_use]
    pub fn problem(&self) -> Problem<'_> {
        Problem {
            accounts: &self.accounts,
            items: &self.items,
            bilateral: &self.bilateral,
            reserves: &self.reserves,
            groups: self.groups,
        }
    }

    /// The solution with its trace.
    #[must_use]
    pub fn solution(&self) -> Solution<'_> {
        Solution { selected: &self.selected, trace: &self.trace, net_out: &self.net_out }
    }
}

impl Standing {
    /// Finds the greatest set (without booking it) and proves it. Linear in entries times rounds; allocates.
    pub fn prove(&mut self) -> Proof {
        self.find_all();
        let mut proof = Proof::default();
        let item_of = self.list(&mut proof);
        self.trace_rounds(&item_of, &mut proof.trace);
        for &(entry, cause) in &self.top.trace {
            if let Some(&item) = item_of.get(&entry) {
                proof.trace.push(Removal { item, cause });
            }
        }
        proof.selected = alloc::vec![true; proof.items.len()];
        for removal in &proof.trace {
            proof.selected[at(removal.item)] = false;
        }
        proof.net_out = alloc::vec![0; proof.accounts.len()];
        for (item, _) in proof.items.iter().zip(&proof.selected).filter(|(_, selected)| **selected) {
            proof.net_out[at(item.debtor)] += i128::from(item.amount);
            proof.net_out[at(item.creditor)] -= i128::from(item.amount);
        }
        proof
    }

    /// States the problem; the item of each entry that is part of it.
    fn list(&self, proof: &mut Proof) -> BTreeMap<u32, u32> {
        let cut = self.cut_at_incomplete_groups();
        let mut item_of = BTreeMap::new();
        let mut group_of = BTreeMap::new();
        let small = |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
        for (account, terms) in (0u32..).zip(&self.terms) {
            proof.accounts.push(self.account(account).expect("an account of this list"));
            let mut urgent = 0;
            for entry in self.queue(account).take_while(|entry| *entry != cut[at(account)]) {
                let node = &self.nodes[at(entry)];
                let group = if node.flags & GROUPED != 0 {
                    let next = u32::try_from(group_of.len()).expect("fewer groups than entries");
                    *group_of.entry(self.links[at(entry)].group).or_insert(next)
                } else {
                    NO_GROUP
                };
                item_of.insert(entry, u32::try_from(proof.items.len()).expect("as many as entries"));
                proof.items.push(Item { debtor: account, creditor: node.creditor, amount: node.amount, group });
                proof.entries.push(entry);
                urgent += u32::from(node.flags & URGENT != 0);
            }
            if terms.reserve > 0 {
                proof.reserves.push(Reserve { account, amount: terms.reserve, urgent });
            }
        }
        proof.groups = u32::try_from(group_of.len()).expect("fewer groups than entries");
        for limit in self.limits.iter().filter(|limit| limit.headroom < i128::from(u64::MAX)) {
            let (from, to) = (limit.from, limit.to);
            proof.bilateral.push(Bilateral { from, to, headroom: small(limit.headroom) });
        }
        item_of
    }

    /// For each account the first entry that waits for a leg that is not there, directly or behind another, or `NONE`.
    fn cut_at_incomplete_groups(&self) -> Vec<u32> {
        let mut cut = alloc::vec![NONE; self.accounts.len()];
        let mut lost: Vec<bool> = self.groups.iter().map(|group| group.open && group.present < group.legs).collect();
        loop {
            let mut moved = false;
            for (account, end) in (0u32..).zip(&mut cut) {
                let is_lost =
                    |entry: &u32| self.nodes[at(*entry)].flags & GROUPED != 0 && lost[at(self.links[at(*entry)].group)];
                let first = self.queue(account).take_while(|entry| entry != end).find(is_lost);
                if let Some(first) = first {
                    *end = first;
                    moved = true;
                    for entry in core::iter::once(first).chain(self.queue(account).skip_while(|entry| *entry != first))
                    {
                        if self.nodes[at(entry)].flags & GROUPED != 0 {
                            lost[at(self.links[at(entry)].group)] = true;
                        }
                    }
                }
            }
            if !moved {
                return cut;
            }
        }
    }

    /// The entries that each round takes out.
    fn trace_rounds(&self, item_of: &BTreeMap<u32, u32>, trace: &mut Vec<Removal>) {
        for round in 0..self.rounds {
            for (account, hot) in (0u32..).zip(&self.accounts).filter(|(_, hot)| hot.head != NONE) {
                let cell = self.cells[round][at(hot.row)];
                let end = if round == 0 { NONE } else { self.cells[round - 1][at(hot.row)].first };
                if cell.first != end {
                    self.trace_segment(account, round, end, |entry, cause| {
                        if let Some(&item) = item_of.get(&entry) {
                            trace.push(Removal { item, cause });
                        }
                    });
                }
            }
        }
    }

    /// The entries of one queue from the first that does not fit in a round up to (not including) `end`.
    fn trace_segment(&self, account: u32, round: usize, end: u32, mut tell: impl FnMut(u32, Cause)) {
        let hot = &self.accounts[at(account)];
        let cell = self.cells[round][at(hot.row)];
        let first = cell.first;
        let backwards = || {
            let last = if end == NONE { hot.tail } else { self.nodes[at(end)].prev };
            let before = move |entry: &u32| Some(self.nodes[at(*entry)].prev).filter(|_| *entry != first);
            core::iter::successors(Some(last), before)
        };
        let node = &self.nodes[at(first)];
        let out = cell.out.wrapping_add(node.amount);
        if self.account_cause(account, first, cell.need, out).is_some() {
            // What the account cannot bear up to the first, it cannot bear further back either.
            let (mut need, mut out) = self.sums_at(account, round, end);
            for entry in backwards() {
                let cause = self.account_cause(account, entry, need, out);
                tell(entry, cause.expect("more goes out than at the first that did not fit"));
                need = need.wrapping_sub(self.nodes[at(entry)].amount);
                out = out.wrapping_sub(self.nodes[at(entry)].amount);
            }
            return;
        }
        let links = &self.links[at(first)];
        let counted = |group: u32| self.counts[at(group) * (self.rounds + 1) + round] == self.groups[at(group)].legs;
        if node.flags & GROUPED != 0 && !counted(links.group) {
            tell(first, Cause::Group);
            backwards().filter(|entry| *entry != first).for_each(|entry| tell(entry, Cause::Behind));
            return;
        }
        let shares =
            |entry: &u32| self.nodes[at(*entry)].flags & USES != 0 && self.links[at(*entry)].uses == links.uses;
        backwards().filter(shares).for_each(|entry| tell(entry, Cause::Pair));
        backwards().filter(|entry| !shares(entry)).for_each(|entry| tell(entry, Cause::Behind));
    }

    /// Need and out of a round counted up to (not including) `end`.
    fn sums_at(&self, account: u32, round: usize, end: u32) -> (i64, i64) {
        let Cell { need, out, first, .. } = self.cells[round][at(self.accounts[at(account)].row)];
        let (mut need, mut out) = (need.wrapping_sub(self.nodes[at(first)].amount), out);
        let mut entry = first;
        while entry != end {
            let node = &self.nodes[at(entry)];
            need = need.wrapping_add(node.amount);
            out = out.wrapping_add(node.amount);
            entry = node.next;
        }
        (need, out)
    }

    /// Why the account itself does not permit `net` and `out`, both with settled amounts, up to `last`.
    pub(super) fn account_cause(&self, account: u32, last: u32, net: i64, out: i64) -> Option<Cause> {
        let hot = &self.accounts[at(account)];
        let flags = self.nodes[at(last)].flags;
        let gross_holds = !hot.has_gross || within(out, hot.gross);
        if within(net, hot.cap_of(flags)) && gross_holds {
            return None;
        }
        let terms = &self.terms[at(account)];
        let net = i128::from(net.wrapping_sub(terms.net));
        Some(if net > terms.available {
            Cause::Account
        } else if terms.multilateral.is_some_and(|cap| net > cap) {
            Cause::Multilateral
        } else if !gross_holds {
            Cause::Gross
        } else {
            Cause::Reserve
        })
    }
}
