//! What comes through the last round: solved exactly when it changed, and booked.

use alloc::vec::Vec;

use super::{COUNTED, GROUPED, LIVE, NONE, RELIEVES, Standing, TRIGGER, Trigger, USES, within};
use crate::at;
use crate::gridlock::Cause;

/// Buffers of the last step. An entry of a buffer counts only when it carries the present epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Top {
    epoch: u64,
    queues: Vec<Queue>,
    /// For each entry the epoch in which it was removed.
    removed: Vec<u64>,
    limits: Vec<LimitState>,
    groups: Vec<u64>,
    work: Vec<Work>,
    /// Triggers still selected.
    triggers: u32,
    /// What came through and cannot settle, in an order in which each removal was forced.
    pub(super) trace: Vec<(u32, Cause)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Queue {
    epoch: u64,
    /// The first entry that is not selected.
    first: u32,
    waiting: bool,
    out: i64,
    /// Less in.
    into: i64,
}

#[derive(Clone, Copy, Debug, Default)]
struct LimitState {
    epoch: u64,
    used: i64,
    relief: i64,
}

#[derive(Clone, Copy, Debug)]
enum Work {
    Queue(u32),
    Limit(u32),
    Group(u32),
}

impl Standing {
    /// The greatest feasible set within `P(rounds)`, into `found`. Unless all is asked, it is known to contain a trigger
    /// or nothing, and the work ends with the last trigger.
    pub(super) fn solve_top(&mut self, all: bool) {
        self.load_top();
        self.top.triggers = if all { u32::MAX } else { self.count_triggers() };
        while let Some(work) = self.top.work.pop() {
            match work {
                Work::Queue(account) => self.top_mend_queue(account),
                Work::Limit(limit) => self.top_mend_limit(limit),
                Work::Group(group) => self.top_break_group(group),
            }
            if self.top.triggers == 0 {
                self.top.work.clear();
                return;
            }
        }
        for &account in &self.through {
            let first = self.top.queues[at(account)].first;
            let mut entry = self.accounts[at(account)].head;
            while entry != first {
                self.found.push(entry);
                entry = self.nodes[at(entry)].next;
            }
        }
    }

    /// Triggers that came through the last round, each once.
    fn count_triggers(&mut self) -> u32 {
        let mut count = 0;
        for trigger in &self.triggers {
            if let Trigger::Entry(entry) = *trigger {
                let node = &mut self.nodes[at(entry)];
                let through = usize::from(node.level) == self.rounds;
                // The flag stays on those that count.
                count += u32::from(through && node.flags & (TRIGGER | COUNTED) == TRIGGER);
                node.flags |= if through { COUNTED } else { 0 };
            }
        }
        count
    }

    /// Sums of all queues that came through.
    fn load_top(&mut self) {
        let last = self.rounds - 1;
        let (accounts, cells) = (&mut self.accounts, &self.cells);
        self.through.retain(|&account| {
            let hot = &mut accounts[at(account)];
            hot.listed = hot.head != NONE && cells[last][at(hot.row)].first != hot.head;
            hot.listed
        });
        // In the order of accounts, so that the answer does not tell in which order they came.
        self.through.sort_unstable();
        let top = &mut self.top;
        top.epoch += 1;
        top.trace.clear();
        top.queues.resize(self.accounts.len(), Queue::default());
        top.removed.resize(self.nodes.len(), 0);
        top.limits.resize(self.limits.len(), LimitState::default());
        top.groups.resize(self.groups.len(), 0);
        for &account in &self.through {
            let row = at(self.accounts[at(account)].row);
            let (cell, into) = (self.cells[last][row], self.cells[last + 1][row].need);
            top.queues[at(account)] =
                Queue { epoch: top.epoch, first: cell.first, waiting: false, out: cell.out, into };
        }
        for place in 0..self.through.len() {
            let account = self.through[place];
            if !self.limits.is_empty() || !self.groups.is_empty() {
                self.load_links(account);
            }
            self.top_look(account);
        }
    }

    /// Limits and groups of one queue: what of them does not hold within `P(rounds)`.
    fn load_links(&mut self, account: u32) {
        let stride = self.rounds + 1;
        let first = self.top.queues[at(account)].first;
        let mut entry = self.accounts[at(account)].head;
        while entry != first {
            let node = self.nodes[at(entry)];
            if node.flags & USES != 0 {
                self.top_look_limit(self.links[at(entry)].uses);
            }
            if node.flags & GROUPED != 0 {
                let group = self.links[at(entry)].group;
                if self.counts[at(group) * stride + self.rounds] != self.groups[at(group)].legs {
                    self.top_lose_group(group);
                }
            }
            entry = node.next;
        }
    }

    fn top_limit(&mut self, limit: u32) -> &mut LimitState {
        let epoch = self.top.epoch;
        let state = &mut self.top.limits[at(limit)];
        if state.epoch != epoch {
            let row = at(limit) * (self.rounds + 1) + self.rounds;
            *state = LimitState { epoch, used: self.flows[row - 1].used, relief: self.flows[row].relief };
        }
        state
    }

    fn top_exceeds(&mut self, limit: u32) -> bool {
        let LimitState { used, relief, .. } = *self.top_limit(limit);
        let terms = &self.limits[at(limit)];
        used != terms.sent && !within(used.wrapping_sub(relief), terms.cap)
    }

    fn top_look_limit(&mut self, limit: u32) {
        if self.top_exceeds(limit) {
            self.top.work.push(Work::Limit(limit));
        }
    }

    fn top_lose_group(&mut self, group: u32) {
        let epoch = self.top.epoch;
        if core::mem::replace(&mut self.top.groups[at(group)], epoch) != epoch {
            self.top.work.push(Work::Group(group));
        }
    }

    /// The last selected entry of an account.
    fn top_last(&self, account: u32) -> u32 {
        let first = self.top.queues[at(account)].first;
        if first == NONE { self.accounts[at(account)].tail } else { self.nodes[at(first)].prev }
    }

    fn top_look(&mut self, account: u32) {
        let queue = &self.top.queues[at(account)];
        if queue.epoch == self.top.epoch && !queue.waiting && self.top_violated(account).is_some() {
            self.top.queues[at(account)].waiting = true;
            self.top.work.push(Work::Queue(account));
        }
    }

    /// The last selected entry and why it cannot stay, if the account itself forbids it.
    fn top_violated(&self, account: u32) -> Option<(u32, Cause)> {
        let last = self.top_last(account);
        if last == NONE {
            return None;
        }
        let queue = &self.top.queues[at(account)];
        let (net, out) = (queue.out.wrapping_add(queue.into), queue.out);
        self.account_cause(account, last, net, out).map(|cause| (last, cause))
    }

    fn top_mend_queue(&mut self, account: u32) {
        self.top.queues[at(account)].waiting = false;
        while let Some((last, cause)) = self.top_violated(account) {
            self.top_remove(last, cause);
        }
    }

    fn top_mend_limit(&mut self, limit: u32) {
        let from = self.limits[at(limit)].from;
        while self.top_exceeds(limit) {
            let mut entry = self.top_last(from);
            while self.nodes[at(entry)].flags & USES == 0 || self.links[at(entry)].uses != limit {
                entry = self.nodes[at(entry)].prev;
            }
            self.top_cut(entry, Cause::Pair);
        }
    }

    fn top_break_group(&mut self, group: u32) {
        let mut member = self.groups[at(group)].first;
        while member != NONE {
            let through = usize::from(self.nodes[at(member)].level) == self.rounds;
            if through && self.top.removed[at(member)] != self.top.epoch {
                self.top_cut(member, Cause::Group);
            }
            member = self.links[at(member)].sibling;
        }
    }

    /// Removes an entry and what stands behind it; the entry itself is told first.
    fn top_cut(&mut self, entry: u32, cause: Cause) {
        let debtor = self.nodes[at(entry)].debtor;
        self.top.trace.push((entry, cause));
        let told = self.top.trace.len();
        while self.top_last(debtor) != entry {
            self.top_remove(self.top_last(debtor), Cause::Behind);
        }
        self.top_remove(entry, cause);
        // It was told already.
        debug_assert!(self.top.trace.len() > told);
        self.top.trace.pop();
    }

    /// Removes the last selected entry of its queue.
    fn top_remove(&mut self, entry: u32, cause: Cause) {
        let node = self.nodes[at(entry)];
        debug_assert!(node.flags & LIVE != 0);
        self.top.trace.push((entry, cause));
        self.top.removed[at(entry)] = self.top.epoch;
        self.top.triggers -= u32::from(node.flags & TRIGGER != 0);
        let queue = &mut self.top.queues[at(node.debtor)];
        queue.first = entry;
        queue.out = queue.out.wrapping_sub(node.amount);
        let payee = &mut self.top.queues[at(node.creditor)];
        payee.into = payee.into.wrapping_add(node.amount);
        self.top_look(node.creditor);
        if node.flags & USES != 0 {
            let state = self.top_limit(self.links[at(entry)].uses);
            state.used = state.used.wrapping_sub(node.amount);
        }
        if node.flags & RELIEVES != 0 {
            let limit = self.links[at(entry)].relieves;
            let state = self.top_limit(limit);
            state.relief = state.relief.wrapping_sub(node.amount);
            self.top_look_limit(limit);
        }
        if node.flags & GROUPED != 0 {
            self.top_lose_group(self.links[at(entry)].group);
        }
    }

    /// Books `found`: terms move, rounds do not.
    pub(super) fn book_found(&mut self) {
        if core::mem::replace(&mut self.booked, true) {
            return;
        }
        self.unbooked = false;
        for place in 0..self.found.len() {
            let entry = self.found[place];
            let node = self.nodes[at(entry)];
            self.move_terms(node.debtor, node.amount, 0);
            self.move_terms(node.creditor, 0, node.amount);
            let payer = &mut self.accounts[at(node.debtor)];
            payer.head = node.next;
            if node.next == NONE {
                payer.tail = NONE;
            } else {
                self.nodes[at(node.next)].prev = NONE;
            }
            let links = self.links[at(entry)];
            if node.flags & USES != 0 {
                self.move_limit(links.uses, node.amount, 0);
            }
            if node.flags & RELIEVES != 0 {
                self.move_limit(links.relieves, 0, node.amount);
            }
            if node.flags & GROUPED != 0 {
                self.leave_group(links.group, entry);
            }
            self.free(entry);
        }
    }
}
