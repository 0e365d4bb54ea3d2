//! Accounts, limits and groups: their terms, and what a change of terms asks of the rounds.

use super::{
    Cell, Flow, Group, Hot, Limit, NO_ROW, NONE, RELIEVES, Refusal, Standing, Terms, Trigger, USES, WAITING_MAX, within,
};
use crate::at;
use crate::gridlock::Account;

/// A limit that was lifted: beyond anything that can flow.
const LIFTED: i128 = 1 << 100;

impl Standing {
    /// Adds an account without a reserve; accounts are numbered from 0.
    ///
    /// # Errors
    /// [`Refusal::TooMany`].
    pub fn add_account(&mut self, account: Account) -> Result<u32, Refusal> {
        let index = new_index(self.accounts.len(), "accounts")?;
        self.accounts.push(Hot {
            cap: 0,
            normal_cap: 0,
            gross: 0,
            head: NONE,
            tail: NONE,
            row: NO_ROW,
            has_gross: false,
            listed: false,
            has_limits: false,
        });
        self.terms.push(Terms {
            available: i128::from(account.available),
            multilateral: account.multilateral.map(i128::from),
            gross_out: account.gross_out.map(i128::from),
            reserve: 0,
            net: 0,
            sent: 0,
            cut: false,
        });
        self.refresh(index);
        Ok(index)
    }

    /// Gives an account new terms: balance, credit or limits changed for a reason that is not booked here.
    ///
    /// # Errors
    /// [`Refusal::UnknownAccount`].
    pub fn set_account(&mut self, account: u32, terms: Account) -> Result<(), Refusal> {
        self.known(account)?;
        let kept = &mut self.terms[at(account)];
        kept.available = i128::from(terms.available);
        kept.multilateral = terms.multilateral.map(i128::from);
        kept.gross_out = terms.gross_out.map(i128::from);
        self.look_again(account);
        Ok(())
    }

    /// Adds to (or, below zero, takes from) what an account has available: a payment outside the queues.
    ///
    /// # Errors
    /// [`Refusal::UnknownAccount`].
    pub fn shift_available(&mut self, account: u32, amount: i64) -> Result<(), Refusal> {
        self.known(account)?;
        self.terms[at(account)].available += i128::from(amount);
        self.look_again(account);
        Ok(())
    }

    /// Keeps part of what an account has available for its urgent entries.
    ///
    /// # Errors
    /// [`Refusal::UnknownAccount`], [`Refusal::Reserve`].
    pub fn set_reserve(&mut self, account: u32, reserve: i64) -> Result<(), Refusal> {
        self.known(account)?;
        if reserve < 0 {
            return Err(Refusal::Reserve { account, reserve });
        }
        self.terms[at(account)].reserve = reserve;
        self.look_again(account);
        Ok(())
    }

    /// Sets the headroom of the net flow `from` -> `to`, or lifts the limit. The first limit of a pair walks both
    /// queues once.
    ///
    /// # Errors
    /// [`Refusal::UnknownAccount`], [`Refusal::SameAccount`], [`Refusal::TooMany`].
    pub fn set_limit(&mut self, from: u32, to: u32, headroom: Option<i128>) -> Result<(), Refusal> {
        self.known(from)?;
        self.known(to)?;
        if from == to {
            return Err(Refusal::SameAccount { account: from });
        }
        let limit = match self.limit_of.get(&(from, to)) {
            Some(limit) => *limit,
            None if headroom.is_none() => return Ok(()),
            None => self.add_limit(from, to)?,
        };
        self.limits[at(limit)].headroom = headroom.map_or(LIFTED, |headroom| headroom.min(LIFTED));
        self.refresh_limit(limit);
        self.eager = true;
        for round in 0..self.rounds {
            self.note_if_exceeded(limit, round);
        }
        self.look_again(from);
        Ok(())
    }

    fn add_limit(&mut self, from: u32, to: u32) -> Result<u32, Refusal> {
        let limit = new_index(self.limits.len(), "limits")?;
        self.lay_fresh();
        let row = self.flows.len();
        self.flows.resize(row + self.rounds + 1, Flow { used: 0, relief: 0 });
        self.limits.push(Limit { from, to, headroom: 0, cap: 0, sent: 0, back: 0 });
        self.limit_of.insert((from, to), limit);
        for (debtor, creditor, flag) in [(from, to, USES), (to, from, RELIEVES)] {
            let account = &mut self.accounts[at(debtor)];
            account.has_limits = true;
            let mut entry = account.head;
            while entry != NONE {
                let node = &mut self.nodes[at(entry)];
                if node.creditor == creditor {
                    node.flags |= flag;
                    let level = usize::from(node.level);
                    let links = &mut self.links[at(entry)];
                    if flag == USES {
                        links.uses = limit;
                        self.flows[row..row + level].iter_mut().for_each(|flow| flow.used += node.amount);
                    } else {
                        links.relieves = limit;
                        self.flows[row..=row + level].iter_mut().for_each(|flow| flow.relief += node.amount);
                    }
                }
                entry = node.next;
            }
        }
        Ok(limit)
    }

    /// Opens a group: its entries settle together, and not before `legs` of them wait. It closes when they settle or
    /// when the last one is taken out.
    ///
    /// # Errors
    /// [`Refusal::TooMany`].
    pub fn open_group(&mut self, legs: u32) -> Result<u32, Refusal> {
        let state = Group { legs: legs.max(1), present: 0, first: NONE, open: true };
        if let Some(group) = self.free_groups.pop() {
            self.groups[at(group)] = state;
            return Ok(group);
        }
        let group = new_index(self.groups.len(), "groups")?;
        self.groups.push(state);
        self.counts.resize(self.groups.len() * (self.rounds + 1), 0);
        Ok(group)
    }

    /// The row of an account's cells; the first traffic of an account lays it out.
    pub(super) fn need_row(&mut self, account: u32) -> Result<(), Refusal> {
        if self.accounts[at(account)].row == NO_ROW {
            let row = new_index(self.cells[0].len(), "accounts")?;
            let empty = Cell { need: super::BEYOND, out: 0, first: NONE, dirty: false, carry: false };
            let (last, others) = self.cells.split_last_mut().expect("at least one round");
            others.iter_mut().for_each(|cells| cells.push(empty));
            last.push(Cell { need: 0, ..empty });
            self.accounts[at(account)].row = row;
        }
        Ok(())
    }

    /// After a change of terms: caps anew, and every round looked at.
    fn look_again(&mut self, account: u32) {
        let before = self.accounts[at(account)];
        self.refresh(account);
        let now = self.accounts[at(account)];
        let fell = |before: i64, now: i64| !within(before, now);
        self.eager |= fell(before.cap, now.cap)
            || fell(before.normal_cap, now.normal_cap)
            || (now.has_gross && (!before.has_gross || fell(before.gross, now.gross)));
        if now.head == NONE {
            return;
        }
        self.carry(account, at(now.row), 0);
        self.triggers.push(Trigger::Head(account));
    }

    /// Computes the caps of an account from its terms.
    fn refresh(&mut self, account: u32) {
        let terms = &mut self.terms[at(account)];
        let Terms { available, multilateral, gross_out, reserve, net, sent, .. } = *terms;
        let permitted = |funds: i128| funds.min(multilateral.unwrap_or(funds));
        let (cap, beyond_cap) = cut(permitted(available));
        let (normal, beyond_normal) = cut(permitted(available - i128::from(reserve)));
        let (gross, beyond_gross) = gross_out.map_or((WAITING_MAX, false), cut);
        terms.cut = beyond_cap || beyond_normal || beyond_gross;
        let hot = &mut self.accounts[at(account)];
        hot.cap = cap.wrapping_add(net);
        hot.normal_cap = normal.wrapping_add(net);
        hot.gross = gross.wrapping_add(sent);
        hot.has_gross = gross_out.is_some();
    }

    /// Books one settled amount on an account. Caps count settled amounts on both sides and stay, unless a value is
    /// so large that it had to be cut.
    #[inline]
    pub(super) fn move_terms(&mut self, account: u32, out: i64, into: i64) {
        let terms = &mut self.terms[at(account)];
        let net = out - into;
        terms.available -= i128::from(net);
        terms.net = terms.net.wrapping_add(net);
        terms.sent = terms.sent.wrapping_add(out);
        if let Some(multilateral) = &mut terms.multilateral {
            *multilateral -= i128::from(net);
        }
        if let Some(gross) = &mut terms.gross_out {
            *gross -= i128::from(out);
        }
        if terms.cut || beyond(terms.available) || terms.multilateral.is_some_and(beyond) {
            self.refresh(account);
        }
    }

    /// Moves the terms of an account for a payment that the rounds do not count.
    pub(super) fn shift_terms(&mut self, account: u32, out: i64, into: i64) {
        let terms = &mut self.terms[at(account)];
        let net = i128::from(out - into);
        terms.available -= net;
        terms.multilateral = terms.multilateral.map(|cap| cap - net);
        terms.gross_out = terms.gross_out.map(|cap| cap - i128::from(out));
        self.refresh(account);
    }

    /// Moves the headroom of a limit for a payment that the rounds do not count.
    pub(super) fn shift_limit(&mut self, limit: u32, amount: i64) {
        let terms = &mut self.limits[at(limit)];
        if terms.headroom != LIFTED {
            terms.headroom += i128::from(amount);
        }
        self.refresh_limit(limit);
    }

    /// Books one settled amount on a limit.
    pub(super) fn move_limit(&mut self, limit: u32, sent: i64, back: i64) {
        let terms = &mut self.limits[at(limit)];
        terms.sent = terms.sent.wrapping_add(sent);
        terms.back = terms.back.wrapping_add(back);
        if terms.headroom != LIFTED {
            terms.headroom -= i128::from(sent - back);
        }
        self.refresh_limit(limit);
    }

    fn refresh_limit(&mut self, limit: u32) {
        let terms = &mut self.limits[at(limit)];
        terms.cap = cut(terms.headroom).0.wrapping_add(terms.sent).wrapping_sub(terms.back);
    }
}

/// Less than all that may wait in one direction or the other decides as much as the exact value does.
fn cut(value: i128) -> (i64, bool) {
    let bound = i128::from(WAITING_MAX);
    let within = value.clamp(-bound, bound);
    (i64::try_from(within).expect("within 2^60"), within != value)
}

fn beyond(value: i128) -> bool {
    value.unsigned_abs() > WAITING_MAX.unsigned_abs().into()
}

/// The index of what is added next.
pub(super) fn new_index(len: usize, what: &'static str) -> Result<u32, Refusal> {
    u32::try_from(len).ok().filter(|index| *index < NO_ROW).ok_or(Refusal::TooMany { what })
}
