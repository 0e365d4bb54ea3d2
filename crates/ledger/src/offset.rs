//! Offsetting: settling payments of several queues together that none could settle alone.
//!
//! The decision is the greatest feasible set of the clearing library: exact, first in first out, all currencies and
//! payment-versus-payment groups at once. Here queues become a problem in indices, and the answer is booked as one step.
//! Absent on purpose: algorithms.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use comity_clearing::gridlock;

use crate::account::{Account, HAS_MULTILATERAL, HAS_RESERVE, STOPPED_OUT, UNLIMITED};
use crate::command::{OnChange, Priority};
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
    reserves: Vec<gridlock::Reserve>,
    groups: BTreeMap<GroupId, u32>,
    chosen: Vec<PaymentId>,
    /// Nobody asked for this run: it is told only when something settles.
    quiet: bool,
    /// Where an account's owner consents, what cannot be considered is passed over; otherwise it ends the queue.
    free: bool,
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
    scratch.take_queues(state, |account| !currency.is_some() || account.currency == currency);
    run(state, events, scratch, How::Multilateral);
}

/// What waits in a currency, as a problem in indices: what a solver needs to make a plan.
#[derive(Debug, Clone, Default)]
pub struct QueueProblem {
    /// The payment of each item.
    pub payments: Vec<PaymentId>,
    /// Accounts, by local index.
    pub accounts: Vec<gridlock::Account>,
    /// Payments, those of one account in the order of its queue.
    pub items: Vec<gridlock::Item>,
    /// Bilateral limits.
    pub bilateral: Vec<gridlock::Bilateral>,
    /// Money kept for urgent payments.
    pub reserves: Vec<gridlock::Reserve>,
    /// How many groups there are.
    pub groups: u32,
    /// For each account, whether its payments may settle out of order.
    pub may_bypass: Vec<bool>,
}

impl State {
    /// What an account may pay now, as the clearing library sees it.
    pub(crate) fn terms(&self, id: AccountId) -> gridlock::Account {
        let (account, side) = (&self.accounts[id.at()], &self.sides[id.at()]);
        gridlock::Account {
            available: account.available(),
            multilateral: account
                .is(HAS_MULTILATERAL)
                .then(|| side.multilateral.saturating_sub(side.day_base - account.balance)),
            gross_out: (account.day_cap != UNLIMITED).then(|| account.day_cap - account.sent_today),
        }
    }
}

impl QueueProblem {
    /// The same, borrowed, as the clearing library takes it.
    #[must_use]
    pub fn problem(&self) -> gridlock::Problem<'_> {
        gridlock::Problem {
            accounts: &self.accounts,
            items: &self.items,
            bilateral: &self.bilateral,
            reserves: &self.reserves,
            groups: self.groups,
        }
    }
}

impl State {
    /// Everything that waits in a currency and is under consideration.
    #[must_use]
    pub fn queue_problem(&self, currency: CurrencyId) -> QueueProblem {
        let mut scratch = Scratch { free: true, ..Scratch::default() };
        scratch.take_queues(self, |account| account.currency == currency);
        scratch.drop_incomplete_groups(self);
        scratch.take_limits(self);
        let may_bypass = scratch.account_ids.iter().map(|id| crate::plan::may_bypass(self, *id)).collect();
        QueueProblem {
            groups: scratch.problem().groups,
            payments: scratch.payments,
            accounts: scratch.accounts,
            items: scratch.items,
            bilateral: scratch.bilateral,
            reserves: scratch.reserves,
            may_bypass,
        }
    }
}

/// After something changed: all queues of the currencies that offset on every change.
pub(crate) fn on_change(state: &mut State, events: &mut Events) {
    let Some(found) = state.watched() else {
        return on_change_in_full(state, events);
    };
    if !found.chosen.is_empty() {
        state.watch.booking(true);
        book(state, events, &found.chosen, How::Multilateral);
        state.watch.booking(false);
        collect_remainders(state, events, &found.chosen);
        report(state, events, &found.chosen, found.looked, &found.before);
    }
}

/// The same by a run over everything, where more waits than can be watched.
fn on_change_in_full(state: &mut State, events: &mut Events) {
    let mut scratch = core::mem::take(&mut state.offset);
    scratch.clear();
    scratch.quiet = true;
    scratch.take_queues(state, |account| state.offsetting(account.currency).on_change == OnChange::Every);
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
    pub(crate) fn clear(&mut self) {
        self.accounts.clear();
        self.account_ids.clear();
        self.local.clear();
        self.items.clear();
        self.payments.clear();
        self.bilateral.clear();
        self.reserves.clear();
        self.groups.clear();
        self.chosen.clear();
        self.quiet = false;
        self.free = false;
    }

    /// Adds the queues of all accounts that are wanted.
    fn take_queues(&mut self, state: &State, wanted: impl Fn(&Account) -> bool) {
        for (at, account) in state.accounts.iter().enumerate() {
            let id = AccountId(u32::try_from(at).expect("fewer than 2^32 accounts"));
            if let Some(queue) = state.queue(id).filter(|_| wanted(account)) {
                self.take_queue(state, id, queue.active.iter().map(|spot| spot.2), |_| true);
            }
        }
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
        let pass = self.free && crate::plan::may_bypass(state, account);
        for id in queue {
            let payment = &state.payments[id.at()];
            let currency = state.accounts[account.at()].currency;
            let stopped = state.currencies[currency.at()].stopped || state.is_closed(currency);
            if stopped || !considered(id) || state.is_blocked(payment) {
                if pass {
                    continue;
                }
                return;
            }
            self.take_payment(state, id);
        }
    }

    /// Takes the payments of a plan, each queue's in its order, all of them chosen.
    pub(crate) fn take_plan(&mut self, state: &State, order: &[PaymentId]) {
        self.clear();
        for id in order {
            self.take_payment(state, *id);
        }
        self.take_limits(state);
        self.chosen.extend_from_slice(order);
    }

    fn take_payment(&mut self, state: &State, id: PaymentId) {
        let payment = &state.payments[id.at()];
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

    /// What was gathered, as a problem in indices.
    pub(crate) fn problem(&self) -> gridlock::Problem<'_> {
        gridlock::Problem {
            accounts: &self.accounts,
            items: &self.items,
            bilateral: &self.bilateral,
            reserves: &self.reserves,
            groups: u32::try_from(self.groups.len()).expect("fewer than 2^32 groups"),
        }
    }

    /// The payments of the problem's items.
    pub(crate) fn payments(&self) -> &[PaymentId] {
        &self.payments
    }

    fn local_of(&mut self, state: &State, id: AccountId) -> u32 {
        if let Some(local) = self.local.get(&id) {
            return *local;
        }
        let local = u32::try_from(self.accounts.len()).expect("fewer than 2^32 accounts");
        self.accounts.push(state.terms(id));
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
                let lost = incomplete(state.payments[self.payments[at].at()].group);
                let pass = self.free && crate::plan::may_bypass(state, self.account_ids[debtor]);
                cut[debtor] |= lost && !pass;
                if !cut[debtor] && !lost {
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

    /// Adds the bilateral limits and reserves of the accounts taken in. Their payments must be complete.
    fn take_limits(&mut self, state: &State) {
        for (local, id) in self.account_ids.iter().enumerate() {
            if state.accounts[id.at()].is(HAS_RESERVE) {
                let account = u32::try_from(local).expect("fewer than 2^32 accounts");
                self.reserves.push(gridlock::Reserve { account, amount: state.reserve(*id), urgent: 0 });
            }
            for ((_, to), limit) in state.bilateral.range((*id, AccountId(0))..=(*id, AccountId::NONE)) {
                if let Some(to) = self.local.get(to) {
                    let from = u32::try_from(local).expect("fewer than 2^32 accounts");
                    let headroom = limit.headroom();
                    self.bilateral.push(gridlock::Bilateral { from, to: *to, headroom });
                }
            }
        }
        if self.reserves.is_empty() {
            return;
        }
        for (item, id) in self.items.iter().zip(&self.payments) {
            let payment = &state.payments[id.at()];
            if payment.priority == Priority::Urgent && state.accounts[payment.debtor.at()].is(HAS_RESERVE) {
                let at = self.reserves.binary_search_by_key(&item.debtor, |reserve| reserve.account);
                self.reserves[at.expect("taken in order of accounts")].urgent += 1;
            }
        }
    }
}

/// Solves what was gathered and books the answer as one step.
fn run(state: &mut State, events: &mut Events, mut scratch: Scratch, how: How) {
    scratch.drop_incomplete_groups(state);
    scratch.take_limits(state);
    let mut workspace = core::mem::take(&mut scratch.workspace);
    let solution = workspace.solve(&scratch.problem()).expect("the ledger states valid problems");
    let selected = solution.selected.iter().zip(&scratch.payments).filter(|(selected, _)| **selected);
    scratch.chosen.extend(selected.map(|(_, id)| *id));
    scratch.workspace = workspace;
    scratch.book(state, events, how);
    scratch.clear();
    state.offset = scratch;
}

impl Scratch {
    /// Books what was chosen, and says what a run or plan did.
    pub(crate) fn book(&self, state: &mut State, events: &mut Events, how: How) {
        book(state, events, &self.chosen, how);
        collect_remainders(state, events, &self.chosen);
        let told = match how {
            How::Multilateral => !self.quiet || !self.chosen.is_empty(),
            How::Planned => true,
            How::Gross | How::Released | How::Bilateral => false,
        };
        if told {
            let looked = u32::try_from(self.payments.len()).expect("fewer than 2^32 payments a journal");
            report(state, events, &self.chosen, looked, &values(state, &self.payments));
        }
    }
}

/// Books payments as one step: in between, balances may be anything; after it, everything holds.
fn book(state: &mut State, events: &mut Events, chosen: &[PaymentId], how: How) {
    for id in chosen {
        state.stop_waiting(*id);
    }
    for id in chosen {
        state.settle(events, *id, how);
    }
    for id in chosen {
        let debtor = state.payments[id.at()].debtor;
        state.assert_account(debtor);
        state.credited.push_back(debtor);
    }
}

/// What rounding left with providers of conversions among them goes to its owner.
fn collect_remainders(state: &mut State, events: &mut Events, chosen: &[PaymentId]) {
    for id in chosen {
        let group = state.payments[id.at()].group;
        if group.is_some() && state.groups[group.at()].first == *id {
            state.collect_remainder(events, group);
        }
    }
}

/// Says what a run or plan did: how many of those looked at, and what waited in each currency before and after.
fn report(state: &State, events: &mut Events, chosen: &[PaymentId], looked: u32, before: &BTreeMap<CurrencyId, i128>) {
    let settled = u32::try_from(chosen.len()).expect("fewer than 2^32 payments a journal");
    events.push(Event::OffsetRun { looked, settled });
    for (currency, settled) in values(state, chosen) {
        let before = before[&currency];
        events.push(Event::Offset { currency, before, after: before - settled });
    }
}

/// Value of payments by currency, minor units.
fn values(state: &State, payments: &[PaymentId]) -> BTreeMap<CurrencyId, i128> {
    let mut values: BTreeMap<CurrencyId, i128> = BTreeMap::new();
    for id in payments {
        let payment = &state.payments[id.at()];
        *values.entry(state.accounts[payment.debtor.at()].currency).or_insert(0) += i128::from(payment.amount);
    }
    values
}
