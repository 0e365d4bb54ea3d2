//! First entries that can go alone: settled without passing through the rounds.
//!
//! An entry that fits by itself is in the greatest set, and what remains of that set is the greatest set of what
//! remains. Most payments of a day settle this way, and in a constant time plus the rounds they had come through.

use super::{FRESH, GROUPED, Hot, NONE, Node, RELIEVES, Standing, Trigger, USES, within};
use crate::at;

impl Standing {
    /// Settles first entries that fit alone, beginning with what changed, into `direct`.
    pub(super) fn settle_heads(&mut self) {
        let mut credited = core::mem::take(&mut self.credited);
        for trigger in &self.triggers {
            credited.push(match *trigger {
                Trigger::Entry(entry) => self.nodes[at(entry)].debtor,
                Trigger::Head(account) => account,
            });
        }
        while let Some(account) = credited.pop() {
            let mut moved = false;
            loop {
                let head = self.accounts[at(account)].head;
                if head == NONE || !self.fits_alone(head) {
                    break;
                }
                credited.push(self.nodes[at(head)].creditor);
                self.settle_head(head);
                self.direct.push(head);
                moved = true;
            }
            if moved && self.accounts[at(account)].head != NONE {
                self.triggers.push(Trigger::Head(account));
            }
        }
        self.credited = credited;
    }

    fn fits_alone(&self, entry: u32) -> bool {
        let node = &self.nodes[at(entry)];
        let (hot, terms) = (&self.accounts[at(node.debtor)], &self.terms[at(node.debtor)]);
        if node.flags & GROUPED != 0 || !within(terms.net.wrapping_add(node.amount), hot.cap_of(node.flags)) {
            return false;
        }
        if hot.has_gross && !within(terms.sent.wrapping_add(node.amount), hot.gross) {
            return false;
        }
        if node.flags & USES == 0 {
            return true;
        }
        let limit = &self.limits[at(self.links[at(entry)].uses)];
        within(limit.sent.wrapping_sub(limit.back).wrapping_add(node.amount), limit.cap)
    }

    /// Takes the first entry of a queue out of the rounds it is in and books it on the terms. In those rounds nothing
    /// changes for anybody: the sums and the caps move together. Only higher rounds, where it was missing, are looked at.
    fn settle_head(&mut self, entry: u32) {
        let Node { amount, debtor, creditor, next, level, flags, .. } = self.nodes[at(entry)];
        let links = self.links[at(entry)];
        let level = usize::from(level);
        let payer = &mut self.accounts[at(debtor)];
        let row = at(payer.row);
        payer.head = next;
        if next == NONE {
            payer.tail = NONE;
        } else {
            self.nodes[at(next)].prev = NONE;
        }
        let Hot { row: payee_row, head: payee_head, .. } = self.accounts[at(creditor)];
        if flags & FRESH == 0 {
            self.take_out(entry);
        }
        if flags & USES != 0 {
            self.shift_limit(links.uses, -amount);
        }
        if flags & RELIEVES != 0 {
            self.shift_limit(links.relieves, amount);
        }
        self.shift_terms(debtor, amount, 0);
        self.shift_terms(creditor, 0, amount);
        if next != NONE {
            self.carry(debtor, row, level);
        }
        if payee_head != NONE {
            let missing = if flags & FRESH == 0 { level + 1 } else { 0 };
            self.carry(creditor, at(payee_row), missing);
            self.triggers.push(Trigger::Head(creditor));
        }
        self.free(entry);
    }

    /// Takes the first entry of a queue out of the sums of its rounds.
    fn take_out(&mut self, entry: u32) {
        let Node { amount, debtor, creditor, next, level, flags, .. } = self.nodes[at(entry)];
        let links = self.links[at(entry)];
        let level = usize::from(level);
        let row = at(self.accounts[at(debtor)].row);
        let behind = self.nodes[at(next)].amount;
        let (inside, outside) = self.cells[..self.rounds].split_at_mut(level);
        for cell in inside.iter_mut().map(|cells| &mut cells[row]) {
            cell.need = cell.need.wrapping_sub(amount);
            cell.out = cell.out.wrapping_sub(amount);
        }
        for cell in outside.iter_mut().map(|cells| &mut cells[row]) {
            cell.first = next;
            cell.need = cell.need.wrapping_sub(amount).wrapping_add(behind);
        }
        let payee = at(self.accounts[at(creditor)].row);
        for cell in self.cells[..=level].iter_mut().map(|cells| &mut cells[payee]) {
            cell.need = cell.need.wrapping_add(amount);
        }
        let stride = self.rounds + 1;
        if flags & USES != 0 {
            let flows = at(links.uses) * stride;
            self.flows[flows..flows + level].iter_mut().for_each(|flow| flow.used = flow.used.wrapping_sub(amount));
        }
        if flags & RELIEVES != 0 {
            let flows = at(links.relieves) * stride;
            let flows = &mut self.flows[flows..=flows + level];
            flows.iter_mut().for_each(|flow| flow.relief = flow.relief.wrapping_sub(amount));
        }
    }
}
