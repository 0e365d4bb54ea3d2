//! Offsetting: settling payments of several queues together that none could settle alone.
//!
//! The decision is the greatest feasible set of the clearing library: exact, first in first out, all currencies and
//! payment-versus-payment groups at once. Here queues become a problem in indices, and the answer is booked as one step.
//! Absent on purpose: algorithms.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use comity_clearing::gridlock;

use crate::account::{HAS_MULTILATERAL, STOPPED_OUT, UNLIMITED};
use crate::event::{Event, Events, How};
use crate::ids::{AccountId, CurrencyId, GroupId, PaymentId};
use crate::state::State;

/// Buffers kept between runs so that a run does not allocate.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    workspace: gridlock::Workspace,
    accounts: Vec<gridlock::Account>,
    account_ids: Vec<AccountId>,
    local: BTreeMap<AccountId, u32>,
    items: Vec<gridlock::Item>,
    payments: Vec<PaymentId>,
    bilateral: Vec<gridlock::Bilateral>,
    groups: BTreeMap<GroupId, u32>,
    chosen: Vec<PaymentId>,
}

impl Clone for Scratch {
    /// Buffers are empty between entries: a copy of a state starts with none.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Most payments of one queue looked at when a payment arrives.
const ON_ARRIVAL_MAX: usize = 64;

/// A run over all queues of one currency, or of all (`NONE`).
pub(crate) fn multilateral(state: &mut State, events: &mut Events, currency: CurrencyId) {
    let mut scratch = core::mem::take(&mut state.offset);
    scratch.clear();
    for at in 0..state.accounts.len() {
        let account = &state.accounts[at];
        if currency.is_some() && account.currency != currency {
            continue;
        }
        let id = AccountId(u32::try_from(at).expect("fewer than 2^32 accounts"));
        if let Some(queue) = state.queue(id) {
            scratch.take_queue(state, id, queue.active.iter().map(|spot| spot.2), |_| true);
        }
    }
    run(state, events, scratch, How::Multilateral);
}

/// On arrival: the new payment against payments the other way between the same two accounts.
pub(crate) fn bilateral(state: &mut State, events: &mut Events, new: PaymentId) {
    let (debtor, creditor) = {
        let payment = &state.payments[new.at()];
        (payment.debtor, payment.creditor)
    };
    let Some(back) = state.queue(creditor).and_then(|queue| queue.active.first()) else {
        return;
    };
    let first_back = &state.payments[back.2.at()];
    if first_back.creditor != debtor || first_back.group.is_some() {
        return;
    }
    let mut scratch = core::mem::take(&mut state.offset);
    scratch.clear();
    for (from, to) in [(debtor, creditor), (creditor, debtor)] {
        let queue = state.queue(from).expect("both have a queue");
        let spots = queue.active.iter().map(|spot| spot.2).take(ON_ARRIVAL_MAX);
        scratch.take_queue(state, from, spots, |id| {
            let payment = &state.payments[id.at()];
            payment.creditor == to && !payment.group.is_some()
        });
    }
    if scratch.payments.contains(&new) {
        run(state, events, scratch, How::Bilateral);
    } else {
        state.offset = scratch;
    }
}

impl Scratch {
    fn clear(&mut self) {
        self.accounts.clear();
        self.account_ids.clear();
        self.local.clear();
        self.items.clear();
        self.payments.clear();
        self.bilateral.clear();
        self.groups.clear();
        self.chosen.clear();
    }

    /// Adds the front of one account's queue: everything up to the first payment that may not be considered.
    fn take_queue(
        &mut self,
        state: &State,
        account: AccountId,
        queue: impl Iterator<Item = PaymentId>,
        considered: impl Fn(PaymentId) -> bool,
    ) {
        if state.accounts[account.at()].is(STOPPED_OUT) {
            return;
        }
        for id in queue {
            let payment = &state.payments[id.at()];
            let currency = state.accounts[account.at()].currency;
            let stopped = state.currencies[currency.at()].stopped || state.is_closed(currency);
            if stopped || !considered(id) || state.is_blocked(payment) {
                return;
            }
            let group = if payment.group.is_some() {
                let next = u32::try_from(self.groups.len()).expect("fewer than 2^32 groups");
                *self.groups.entry(payment.group).or_insert(next)
            } else {
                gridlock::NO_GROUP
            };
            let debtor = self.local_of(state, payment.debtor);
            let creditor = self.local_of(state, payment.creditor);
            self.items.push(gridlock::Item { debtor, creditor, amount: payment.amount, group });
            self.payments.push(id);
        }
    }

    fn local_of(&mut self, state: &State, id: AccountId) -> u32 {
        if let Some(local) = self.local.get(&id) {
            return *local;
        }
        let account = &state.accounts[id.at()];
        let side = &state.sides[id.at()];
        let local = u32::try_from(self.accounts.len()).expect("fewer than 2^32 accounts");
        self.accounts.push(gridlock::Account {
            available: account.available(),
            multilateral: account
                .is(HAS_MULTILATERAL)
                .then(|| side.multilateral.saturating_sub(side.day_base - account.balance)),
            gross_out: (account.day_cap != UNLIMITED).then(|| account.day_cap - account.sent_today),
        });
        self.account_ids.push(id);
        self.local.insert(id, local);
        local
    }

    /// A group of which some leg was not taken in (another currency, or behind something not considered) cannot go:
    /// cut every queue before such a leg, until nothing changes.
    fn drop_incomplete_groups(&mut self, state: &State) {
        loop {
            let mut seen: BTreeMap<GroupId, u32> = BTreeMap::new();
            for id in &self.payments {
                let group = state.payments[id.at()].group;
                if group.is_some() {
                    *seen.entry(group).or_insert(0) += 1;
                }
            }
            let incomplete = |group: GroupId| group.is_some() && seen[&group] < state.groups[group.at()].legs;
            let mut cut = alloc::vec![false; self.accounts.len()];
            let mut kept = 0;
            for at in 0..self.items.len() {
                let debtor = self.items[at].debtor as usize;
                cut[debtor] |= incomplete(state.payments[self.payments[at].at()].group);
                if !cut[debtor] {
                    self.items[kept] = self.items[at];
                    self.payments[kept] = self.payments[at];
                    kept += 1;
                }
            }
            let done = kept == self.items.len();
            self.items.truncate(kept);
            self.payments.truncate(kept);
            if done {
                return;
            }
        }
    }

    fn take_bilateral_limits(&mut self, state: &State) {
        for (local, id) in self.account_ids.iter().enumerate() {
            for ((_, to), limit) in state.bilateral.range((*id, AccountId(0))..=(*id, AccountId::NONE)) {
                if let Some(to) = self.local.get(to) {
                    let from = u32::try_from(local).expect("fewer than 2^32 accounts");
                    let headroom = limit.headroom();
                    self.bilateral.push(gridlock::Bilateral { from, to: *to, headroom });
                }
            }
        }
    }
}

/// Solves what was gathered and books the answer as one step.
fn run(state: &mut State, events: &mut Events, mut scratch: Scratch, how: How) {
    scratch.drop_incomplete_groups(state);
    scratch.take_bilateral_limits(state);
    let looked = u32::try_from(scratch.items.len()).unwrap_or(u32::MAX);
    let problem = gridlock::Problem {
        accounts: &scratch.accounts,
        items: &scratch.items,
        bilateral: &scratch.bilateral,
        reserves: &[],
        groups: u32::try_from(scratch.groups.len()).expect("fewer than 2^32 groups"),
    };
    let solution = scratch.workspace.solve(&problem).expect("the ledger states valid problems");
    let selected = solution.selected.iter().zip(&scratch.payments).filter(|(selected, _)| **selected);
    scratch.chosen.extend(selected.map(|(_, id)| *id));
    for id in &scratch.chosen {
        state.stop_waiting(*id);
    }
    for id in &scratch.chosen {
        state.settle(events, *id, how);
    }
    for id in &scratch.chosen {
        let payment = &state.payments[id.at()];
        let (debtor, group) = (payment.debtor, payment.group);
        state.assert_account(debtor);
        state.credited.push_back(debtor);
        if group.is_some() && state.groups[group.at()].first == *id {
            state.collect_remainder(events, group);
        }
    }
    if how == How::Multilateral {
        let settled = u32::try_from(scratch.chosen.len()).unwrap_or(u32::MAX);
        events.push(Event::OffsetRun { looked, settled });
    }
    scratch.clear();
    state.offset = scratch;
}
