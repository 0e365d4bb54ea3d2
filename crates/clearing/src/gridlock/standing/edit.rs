//! Entries come and go.

use super::change::new_index;
use super::{
    BEYOND, Broken, Entry, FRESH, GROUPED, LIVE, Links, NO_LINKS, NO_ROW, NONE, Node, RELIEVES, Refusal, SENTINEL,
    Standing, Trigger, URGENT, USES, WAITING_MAX,
};
use crate::at;
use crate::gridlock::NO_GROUP;

impl Standing {
    /// Puts an entry at the end of its debtor's queue; returns its handle.
    ///
    /// # Errors
    /// A [`Refusal`]; nothing has changed then.
    pub fn push(&mut self, entry: &Entry) -> Result<u32, Refusal> {
        self.place(entry, NONE)
    }

    /// Puts an entry right before a waiting one of the same debtor; returns its handle.
    ///
    /// # Errors
    /// A [`Refusal`]; nothing has changed then.
    pub fn insert(&mut self, entry: &Entry, before: u32) -> Result<u32, Refusal> {
        let debtor = self.live(before)?.debtor;
        if debtor != entry.debtor {
            return Err(Refusal::OtherQueue { entry: before, account: entry.debtor });
        }
        self.place(entry, before)
    }

    fn place(&mut self, entry: &Entry, before: u32) -> Result<u32, Refusal> {
        let prev = self.check(entry, before)?;
        self.need_row(entry.debtor)?;
        self.need_row(entry.creditor)?;
        self.lay(self.accounts[at(entry.debtor)].head);
        let place = match self.free_nodes.last() {
            Some(place) => *place,
            None => new_index(self.nodes.len(), "entries")?,
        };
        // Nothing below this line can refuse.
        if self.free_nodes.pop().is_none() {
            self.nodes.push(SENTINEL);
            self.links.push(NO_LINKS);
        }
        let level = self.nodes[at(before)].level;
        let flags = self.link(place, entry);
        let Entry { debtor, creditor, amount, .. } = *entry;
        self.nodes[at(place)] = Node { amount, debtor, creditor, next: before, prev, level, flags, ..SENTINEL };
        self.chain(place, prev, before);
        self.waiting += amount;
        self.count += 1;
        if prev == NONE && before == NONE && flags & GROUPED == 0 {
            self.nodes[at(place)].flags |= FRESH;
            self.fresh.push(place);
        } else {
            self.take_place(place);
            self.eager |= level > 0;
        }
        self.triggers.push(Trigger::Entry(place));
        Ok(place)
    }

    /// Brings entries that did not go at once into the rounds.
    pub(super) fn lay_fresh(&mut self) {
        while let Some(entry) = self.fresh.pop() {
            self.lay(entry);
        }
    }

    fn lay(&mut self, entry: u32) {
        let flags = &mut self.nodes[at(entry)].flags;
        if *flags & FRESH != 0 {
            *flags &= !FRESH;
            self.take_place(entry);
        }
    }

    /// Checks an entry and its place; the entry it would stand behind.
    fn check(&self, entry: &Entry, before: u32) -> Result<u32, Refusal> {
        let Entry { debtor, creditor, amount, group, urgent } = *entry;
        self.known(debtor)?;
        self.known(creditor)?;
        if debtor == creditor {
            return Err(Refusal::SameAccount { account: debtor });
        }
        if amount <= 0 {
            return Err(Refusal::Amount { amount });
        }
        if group != NO_GROUP {
            let state = self.groups.get(at(group)).filter(|state| state.open);
            let state = state.ok_or(Refusal::UnknownGroup { group })?;
            if state.present == state.legs {
                return Err(Refusal::GroupFull { group, legs: state.legs });
            }
        }
        let prev = if before == NONE { self.accounts[at(debtor)].tail } else { self.nodes[at(before)].prev };
        if urgent && prev != NONE && self.nodes[at(prev)].flags & URGENT == 0 {
            return Err(Refusal::Order { entry: prev });
        }
        if !urgent && self.nodes[at(before)].flags & URGENT != 0 {
            return Err(Refusal::Order { entry: before });
        }
        if amount > WAITING_MAX - self.waiting {
            return Err(Refusal::TooMuch { amount, waiting: self.waiting });
        }
        Ok(prev)
    }

    /// Finds the group and limits of a new entry; returns its flags.
    fn link(&mut self, place: u32, entry: &Entry) -> u8 {
        let mut flags = if entry.urgent { LIVE | URGENT } else { LIVE };
        let limited = self.accounts[at(entry.debtor)].has_limits;
        if entry.group == NO_GROUP && !limited {
            return flags;
        }
        let mut links = Links { group: entry.group, ..NO_LINKS };
        if entry.group != NO_GROUP {
            flags |= GROUPED;
            let group = &mut self.groups[at(entry.group)];
            group.present += 1;
            links.sibling = core::mem::replace(&mut group.first, place);
        }
        if let Some(limit) = self.limit_of.get(&(entry.debtor, entry.creditor)) {
            flags |= USES;
            links.uses = *limit;
        }
        if let Some(limit) = self.limit_of.get(&(entry.creditor, entry.debtor)) {
            flags |= RELIEVES;
            links.relieves = *limit;
        }
        self.links[at(place)] = links;
        flags
    }

    fn chain(&mut self, place: u32, prev: u32, next: u32) {
        let account = &mut self.accounts[at(self.nodes[at(place)].debtor)];
        if prev == NONE {
            account.head = place;
        } else {
            self.nodes[at(prev)].next = place;
        }
        if next == NONE {
            account.tail = place;
        } else {
            self.nodes[at(next)].prev = place;
        }
    }

    /// Adds a new entry to the sums of all rounds that the entry behind it is in, and marks what that moves.
    fn take_place(&mut self, place: u32) {
        let Node { amount, debtor, next, level, flags, .. } = self.nodes[at(place)];
        let links = self.links[at(place)];
        let level = usize::from(level);
        let stride = self.rounds + 1;
        let row = at(self.accounts[at(debtor)].row);
        for cell in self.cells[..level].iter_mut().map(|cells| &mut cells[row]) {
            cell.need = cell.need.wrapping_add(amount);
            cell.out = cell.out.wrapping_add(amount);
        }
        if flags & USES != 0 {
            let flows = at(links.uses) * stride;
            self.flows[flows..flows + level].iter_mut().for_each(|flow| flow.used = flow.used.wrapping_add(amount));
        }
        let behind = self.nodes[at(next)].amount;
        let mut ends = level;
        let outside = self.cells[level..self.rounds].iter_mut().map(|cells| &mut cells[row]);
        for cell in outside.take_while(|cell| cell.first == next) {
            cell.first = place;
            cell.need = cell.need.wrapping_add(amount).wrapping_sub(behind);
            ends += 1;
        }
        for round in 0..=level {
            self.bring(place, round);
        }
        for round in 0..level {
            if flags & USES != 0 {
                self.note_if_exceeded(links.uses, round);
            }
            if flags & GROUPED != 0
                && self.counts[at(links.group) * stride + round] != self.groups[at(links.group)].legs
            {
                self.broken[round].push(Broken::Entry(place));
            }
        }
        for round in 0..ends {
            self.mark_if_due(debtor, round);
        }
    }

    /// What `P(level)` newly brings to others: incoming, relief of a limit, a member of a group.
    fn bring(&mut self, place: u32, level: usize) {
        let Node { amount, creditor, flags, .. } = self.nodes[at(place)];
        let links = self.links[at(place)];
        if flags & RELIEVES != 0 {
            let relief = &mut self.flows[at(links.relieves) * (self.rounds + 1) + level].relief;
            *relief = relief.wrapping_add(amount);
        }
        let row = at(self.accounts[at(creditor)].row);
        let cell = &mut self.cells[level][row];
        cell.need = cell.need.wrapping_sub(amount);
        if level < self.rounds {
            self.mark_if_due(creditor, level);
        }
        if flags & GROUPED != 0 {
            self.count_in(links.group, level);
        }
    }

    /// Takes a waiting entry out: cancelled, parked, or settled outside.
    ///
    /// # Errors
    /// [`Refusal::UnknownEntry`].
    pub fn remove(&mut self, entry: u32) -> Result<(), Refusal> {
        self.live(entry)?;
        self.lay(entry);
        let Node { amount, debtor, next, prev, level, flags, .. } = self.nodes[at(entry)];
        let links = self.links[at(entry)];
        let level = usize::from(level);
        let account = &mut self.accounts[at(debtor)];
        let row = at(account.row);
        if prev == NONE {
            account.head = next;
        } else {
            self.nodes[at(prev)].next = next;
        }
        if next == NONE {
            account.tail = prev;
        } else {
            self.nodes[at(next)].prev = prev;
        }
        for cell in self.cells[..level].iter_mut().map(|cells| &mut cells[row]) {
            cell.need = cell.need.wrapping_sub(amount);
            cell.out = cell.out.wrapping_sub(amount);
        }
        let behind = self.nodes[at(next)].amount;
        let mut ends = level;
        let outside = self.cells[level..self.rounds].iter_mut().map(|cells| &mut cells[row]);
        for cell in outside.take_while(|cell| cell.first == entry) {
            cell.first = next;
            cell.need = cell.need.wrapping_sub(amount).wrapping_add(behind);
            ends += 1;
        }
        if flags & USES != 0 {
            let flows = at(links.uses) * (self.rounds + 1);
            self.flows[flows..flows + level].iter_mut().for_each(|flow| flow.used = flow.used.wrapping_sub(amount));
        }
        for round in 0..=level {
            self.withdraw(entry, round);
        }
        for round in 0..ends {
            self.mark_if_due(debtor, round);
        }
        self.eager = true;
        self.triggers.push(Trigger::Head(debtor));
        if flags & GROUPED != 0 {
            self.leave_group(links.group, entry);
        }
        self.free(entry);
        Ok(())
    }

    /// Takes an entry out of its group's list; the group closes with its last.
    pub(super) fn leave_group(&mut self, group: u32, entry: u32) {
        let sibling = self.links[at(entry)].sibling;
        let state = &mut self.groups[at(group)];
        state.present -= 1;
        if state.first == entry {
            state.first = sibling;
        } else {
            let mut member = state.first;
            while self.links[at(member)].sibling != entry {
                member = self.links[at(member)].sibling;
            }
            self.links[at(member)].sibling = sibling;
        }
        let state = &mut self.groups[at(group)];
        if state.present == 0 {
            state.open = false;
            let row = at(group) * (self.rounds + 1);
            self.counts[row..=row + self.rounds].fill(0);
            self.free_groups.push(group);
        }
    }

    /// Frees the place of an entry that is in no queue any more.
    pub(super) fn free(&mut self, entry: u32) {
        let node = &mut self.nodes[at(entry)];
        self.waiting -= node.amount;
        self.count -= 1;
        *node = Node { amount: BEYOND, ..SENTINEL };
        self.links[at(entry)] = NO_LINKS;
        debug_assert!(self.links[at(entry)].group == NO_ROW);
        self.free_nodes.push(entry);
    }
}
