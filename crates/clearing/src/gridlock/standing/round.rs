//! Moving prefixes: one sweep over the rounds, each account and round at most once.
//!
//! A change in `P(t)` reaches only round t, which decides `P(t+1)`. Work therefore flows to higher rounds alone.

use super::{
    Broken, COUNTED, Cell, GROUPED, Hot, LINKED, LIVE, NO_ROW, NONE, NOT_MOVING, Node, RELIEVES, Standing, TRIGGER,
    Trigger, URGENT, USES, within,
};
use crate::at;

impl Standing {
    /// Brings rounds up to date: all of them if asked or if a prefix may shrink, else as far as any trigger gets. Tells
    /// whether one got through, or all was asked.
    pub(super) fn run_rounds(&mut self, all: bool) -> bool {
        let lazy = !core::mem::take(&mut self.eager) && !all;
        self.flag_triggers();
        for round in 0..self.rounds {
            if lazy && !self.any_trigger_in(round) {
                return false;
            }
            self.run_round(round);
        }
        all || self.any_trigger_in(self.rounds)
    }

    fn run_round(&mut self, round: usize) {
        // Broken limits and groups first: they push prefixes back, and what is pushed back does not fit again.
        let mut broken = core::mem::take(&mut self.broken[round]);
        for part in broken.drain(..) {
            self.mend(part, round);
        }
        self.broken[round] = broken;
        let mut dirty = core::mem::take(&mut self.dirty[round]);
        for account in dirty.drain(..) {
            let row = at(self.accounts[at(account)].row);
            if core::mem::take(&mut self.cells[round][row].carry) {
                self.carry(account, row, round + 1);
            }
            self.move_prefix(account, round);
        }
        self.dirty[round] = dirty;
    }

    /// Makes entries of all triggers and flags them.
    fn flag_triggers(&mut self) {
        for trigger in &mut self.triggers {
            let entry = match *trigger {
                Trigger::Entry(entry) => entry,
                Trigger::Head(account) => self.accounts[at(account)].head,
            };
            *trigger = Trigger::Entry(entry);
            if entry != NONE && self.nodes[at(entry)].flags & LIVE != 0 {
                self.nodes[at(entry)].flags |= TRIGGER;
            }
        }
    }

    /// Flags are taken back; the next change brings its own.
    pub(super) fn forget_triggers(&mut self) {
        for trigger in self.triggers.drain(..) {
            if let Trigger::Entry(entry) = trigger {
                self.nodes[at(entry)].flags &= !(TRIGGER | COUNTED);
            }
        }
    }

    fn any_trigger_in(&self, round: usize) -> bool {
        self.triggers.iter().any(|trigger| {
            matches!(*trigger, Trigger::Entry(entry) if {
                let node = &self.nodes[at(entry)];
                node.flags & TRIGGER != 0 && usize::from(node.level) >= round
            })
        })
    }

    /// Asks for a look at one round of an account.
    #[inline]
    pub(super) fn mark(&mut self, account: u32, row: usize, round: usize) {
        let cell = &mut self.cells[round][row];
        if !cell.dirty {
            cell.dirty = true;
            self.dirty[round].push(account);
        }
    }

    /// Asks for a look at this round of an account and all later ones.
    pub(super) fn carry(&mut self, account: u32, row: usize, round: usize) {
        if round < self.rounds {
            self.mark(account, row, round);
            self.cells[round][row].carry = true;
        }
    }

    /// Round `round` of an account whose entries or caps changed: looks if something may move.
    pub(super) fn mark_if_due(&mut self, account: u32, round: usize) {
        let Hot { cap, row, .. } = self.accounts[at(account)];
        let row = at(row);
        let cell = self.cells[round][row];
        if within(cell.need, cap) || self.is_over(account, &cell) {
            self.mark(account, row, round);
        }
    }

    /// Whether the prefix of a round is longer than the account itself permits.
    fn is_over(&self, account: u32, cell: &Cell) -> bool {
        let hot = &self.accounts[at(account)];
        let first = &self.nodes[at(cell.first)];
        let last = if cell.first == NONE { hot.tail } else { first.prev };
        if last == NONE {
            return false;
        }
        let cap = hot.cap_of(self.nodes[at(last)].flags);
        !within(cell.need.wrapping_sub(first.amount), cap) || (hot.has_gross && !within(cell.out, hot.gross))
    }

    /// Sets the end of `P(round + 1)` of an account to where it belongs.
    fn move_prefix(&mut self, account: u32, round: usize) {
        let hot = self.accounts[at(account)];
        let row = at(hot.row);
        self.cells[round][row].dirty = false;
        while self.is_over(account, &self.cells[round][row]) {
            self.retreat(account, round);
        }
        loop {
            let cell = self.cells[round][row];
            let entry = cell.first;
            let node = self.nodes[at(entry)];
            if !within(cell.need, hot.cap_of(node.flags)) {
                return;
            }
            if hot.has_gross && !within(cell.out.wrapping_add(node.amount), hot.gross) {
                return;
            }
            if node.flags & (GROUPED | USES) != 0 && !self.links_hold(entry, node.amount, round) {
                return;
            }
            let need = cell.need.wrapping_add(self.nodes[at(node.next)].amount);
            let out = cell.out.wrapping_add(node.amount);
            self.cells[round][row] = Cell { need, out, first: node.next, dirty: false, carry: false };
            self.nodes[at(entry)].level = level(round + 1);
            self.steps += 1;
            self.enter(entry, round + 1);
        }
    }

    /// Whether the group of an entry is whole in `P(round)` and its limit holds with it.
    fn links_hold(&self, entry: u32, amount: i64, round: usize) -> bool {
        let links = &self.links[at(entry)];
        let stride = self.rounds + 1;
        if links.group != NO_ROW {
            let group = at(links.group);
            if self.counts[group * stride + round] != self.groups[group].legs {
                return false;
            }
        }
        if links.uses != NO_ROW {
            let limit = at(links.uses);
            let flow = self.flows[limit * stride + round];
            let used = flow.used.wrapping_add(amount);
            return within(used.wrapping_sub(flow.relief), self.limits[limit].cap);
        }
        true
    }

    /// An entry came into `P(level)`; its flag already says so.
    #[inline]
    fn enter(&mut self, entry: u32, level: usize) {
        let node = self.nodes[at(entry)];
        if node.flags & LINKED != 0 {
            self.enter_links(entry, level);
        }
        let Hot { cap, row, .. } = self.accounts[at(node.creditor)];
        let row = at(row);
        let cell = &mut self.cells[level][row];
        cell.need = cell.need.wrapping_sub(node.amount);
        if level == self.rounds {
            let debtor = &mut self.accounts[at(node.debtor)];
            if !core::mem::replace(&mut debtor.listed, true) {
                self.through.push(node.debtor);
            }
        } else if within(cell.need, cap) && !cell.dirty {
            self.mark(node.creditor, row, level);
        }
    }

    fn enter_links(&mut self, entry: u32, level: usize) {
        let Node { amount, flags, .. } = self.nodes[at(entry)];
        let links = self.links[at(entry)];
        let stride = self.rounds + 1;
        if flags & USES != 0 {
            let used = &mut self.flows[at(links.uses) * stride + level - 1].used;
            *used = used.wrapping_add(amount);
        }
        if flags & RELIEVES != 0 {
            let relief = &mut self.flows[at(links.relieves) * stride + level].relief;
            *relief = relief.wrapping_add(amount);
        }
        if flags & GROUPED != 0 {
            self.count_in(links.group, level);
        }
    }

    /// One more member of a group is in `P(level)`.
    pub(super) fn count_in(&mut self, group: u32, level: usize) {
        let count = &mut self.counts[at(group) * (self.rounds + 1) + level];
        *count += 1;
        if *count == self.groups[at(group)].legs && level < self.rounds {
            let mut member = self.groups[at(group)].first;
            while member != NONE {
                let debtor = self.nodes[at(member)].debtor;
                self.mark(debtor, at(self.accounts[at(debtor)].row), level);
                member = self.links[at(member)].sibling;
            }
        }
    }

    /// Takes the last entry of `P(round + 1)` out of it.
    fn retreat(&mut self, account: u32, round: usize) {
        let hot = self.accounts[at(account)];
        let cell = &mut self.cells[round][at(hot.row)];
        let first = &self.nodes[at(cell.first)];
        let last = if cell.first == NONE { hot.tail } else { first.prev };
        cell.need = cell.need.wrapping_sub(first.amount);
        let node = &mut self.nodes[at(last)];
        cell.out = cell.out.wrapping_sub(node.amount);
        cell.first = last;
        // While a sweep takes an entry out of several rounds, `level` tells the highest it is still in.
        node.lowest = node.lowest.min(level(round));
        node.latest = level(round);
        if node.level == level(round + 1) {
            node.level = core::mem::replace(&mut node.lowest, NOT_MOVING);
            node.latest = NOT_MOVING;
        }
        self.steps += 1;
        self.leave(last, round + 1);
    }

    /// An entry left `P(level)`; `P(level)` of its account no longer has it.
    fn leave(&mut self, entry: u32, level: usize) {
        let node = self.nodes[at(entry)];
        if node.flags & USES != 0 {
            let used = &mut self.flows[at(self.links[at(entry)].uses) * (self.rounds + 1) + level - 1].used;
            *used = used.wrapping_sub(node.amount);
        }
        self.withdraw(entry, level);
    }

    /// What `P(level)` no longer brings to others: incoming, relief of a limit, a member of a group.
    pub(super) fn withdraw(&mut self, entry: u32, level: usize) {
        let node = self.nodes[at(entry)];
        let row = at(self.accounts[at(node.creditor)].row);
        let cell = &mut self.cells[level][row];
        cell.need = cell.need.wrapping_add(node.amount);
        if level < self.rounds {
            self.mark_if_due(node.creditor, level);
        }
        if node.flags & RELIEVES != 0 {
            let limit = self.links[at(entry)].relieves;
            let relief = &mut self.flows[at(limit) * (self.rounds + 1) + level].relief;
            *relief = relief.wrapping_sub(node.amount);
            self.note_if_exceeded(limit, level);
        }
        if node.flags & GROUPED != 0 {
            self.count_out(self.links[at(entry)].group, level);
        }
    }

    /// Notes a limit that no longer holds in a round.
    pub(super) fn note_if_exceeded(&mut self, limit: u32, round: usize) {
        if round < self.rounds && self.exceeds(limit, round) {
            self.broken[round].push(Broken::Limit(limit));
        }
    }

    fn exceeds(&self, limit: u32, round: usize) -> bool {
        let flow = self.flows[at(limit) * (self.rounds + 1) + round];
        let limit = &self.limits[at(limit)];
        flow.used != limit.sent && !within(flow.used.wrapping_sub(flow.relief), limit.cap)
    }

    /// One member of a group fewer is in `P(level)`: the others may not stay in `P(level + 1)`.
    pub(super) fn count_out(&mut self, group: u32, level: usize) {
        let count = &mut self.counts[at(group) * (self.rounds + 1) + level];
        let was_whole = *count == self.groups[at(group)].legs;
        *count -= 1;
        if was_whole && level < self.rounds {
            let mut member = self.groups[at(group)].first;
            while member != NONE {
                self.broken[level].push(Broken::Entry(member));
                member = self.links[at(member)].sibling;
            }
        }
    }

    /// Pushes a prefix back until a limit holds again or an entry is out.
    fn mend(&mut self, part: Broken, round: usize) {
        match part {
            Broken::Limit(limit) => {
                let from = self.limits[at(limit)].from;
                while self.exceeds(limit, round) {
                    self.retreat(from, round);
                }
            }
            Broken::Entry(entry) => {
                let node = self.nodes[at(entry)];
                if node.flags & GROUPED == 0 {
                    return;
                }
                let group = at(self.links[at(entry)].group);
                // Since it was noted, the missing member may have come back or the entry may have left.
                if self.counts[group * (self.rounds + 1) + round] == self.groups[group].legs {
                    return;
                }
                let is_in = |node: &Node| usize::from(node.level) > round && usize::from(node.latest) != round;
                while is_in(&self.nodes[at(entry)]) {
                    self.retreat(node.debtor, round);
                }
            }
        }
    }
}

impl Hot {
    /// The cap that an entry with these flags must keep within.
    #[inline]
    pub(super) const fn cap_of(&self, flags: u8) -> i64 {
        if flags & URGENT != 0 { self.cap } else { self.normal_cap }
    }
}

/// A round as the level of an entry.
pub(super) fn level(round: usize) -> u8 {
    u8::try_from(round).expect("at most 250 rounds")
}
