//! The queues of currencies that offset on every change, with what could settle together kept current.
//!
//! A full run looks at everything that waits; after one arrival that is far too much. [`Standing`] of the clearing library
//! looks only at what a change can reach, and gives the same set. It is derived from the state and rebuilt whenever
//! something rare happens, so it is neither journalled nor in any snapshot. Absent on purpose: decisions; what is found
//! here is booked by [`crate::offset`] like the answer of any run.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::ops::Bound;

use comity_clearing::gridlock::NO_GROUP;
use comity_clearing::gridlock::standing::{Entry, Refusal, Standing};

use crate::account::{HAS_RESERVE, IS_INTERNAL, STOPPED_OUT};
use crate::command::{Command, OnChange, Priority};
use crate::ids::{AccountId, CurrencyId, GroupId, PaymentId};
use crate::state::State;

/// Not watched.
const NONE: u32 = u32::MAX;

/// The watched queues. Stale until it is first needed, and again after whatever changes more than queues and balances.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    standing: Option<Standing>,
    /// Index of each account here.
    local: Vec<u32>,
    accounts: Vec<AccountId>,
    /// Whether the account's queue is watched; others only receive.
    pays: Vec<bool>,
    /// Handle of each waiting payment.
    entry: BTreeMap<PaymentId, u32>,
    /// Payment of each handle.
    payments: Vec<PaymentId>,
    /// Index and legs present of each group here.
    groups: BTreeMap<GroupId, (u32, u32)>,
    /// Accounts whose money or limits changed for a reason that was not found here.
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    /// Pairs with a bilateral limit whose net changed likewise.
    pairs: BTreeSet<(AccountId, AccountId)>,
    /// What was found here is being booked: the watch knows already.
    booking: bool,
    /// Value that waits, by currency.
    waiting: BTreeMap<CurrencyId, i128>,
}

/// Whether a command changes queues and balances alone.
pub(crate) const fn keeps_watch(command: &Command) -> bool {
    matches!(
        command,
        Command::Pay(_)
            | Command::PayGroup(_)
            | Command::Convert(_)
            | Command::Return(_)
            | Command::Cancel(_)
            | Command::Reprioritise(_)
            | Command::Reorder(_)
            | Command::Park(_)
            | Command::Activate(_)
            | Command::Recall(_)
            | Command::AnswerRecall(_)
            | Command::PlaceHold(_)
            | Command::PostHold(_)
            | Command::VoidHold(_)
            | Command::FundIn(_)
            | Command::Defund(_)
            | Command::Tick
            | Command::Offset(_)
            | Command::SettlePlan(_)
            // Positions are a register beside the money.
            | Command::SetUnion(_)
            | Command::SetUnitRate(_)
            | Command::ReleaseUnitRate(_)
            | Command::CloseUnion(_)
            | Command::SettleResidual(_)
            | Command::AnswerProof(_)
            | Command::CrossResiduals(_)
            | Command::UseClaim(_)
            | Command::Lend(_)
            | Command::LeaveUnion(_)
            | Command::RequestQuote(_)
            | Command::AcceptQuote(_)
            | Command::PayQuoted(_)
            | Command::PlaceOrder(_)
            | Command::WithdrawOrder(_)
            | Command::RunAuction(_)
            | Command::Propose(_)
            // What is approved is looked at when it is performed.
            | Command::Approve(_)
            | Command::Decline(_)
            | Command::RegisterCommitment(_)
            | Command::AnswerCommitment(_)
            | Command::ChangeCommitment(_)
            | Command::WithdrawCommitment(_)
    )
}

impl Watch {
    /// Forgets everything; it is built again when it is needed.
    pub(crate) fn forget(&mut self) {
        if self.standing.is_some() {
            *self = Self::default();
        }
    }

    /// Notes that an account's money, credit, holds or limits changed.
    #[inline]
    pub(crate) fn touch(&mut self, account: AccountId) {
        if self.standing.is_none() || self.booking {
            return;
        }
        let local = self.local.get(account.at()).copied().unwrap_or(NONE);
        if local != NONE && !core::mem::replace(&mut self.is_touched[local as usize], true) {
            self.touched.push(local);
        }
    }

    /// Notes that the net of a pair with a bilateral limit changed.
    pub(crate) fn touch_pair(&mut self, from: AccountId, to: AccountId) {
        if self.standing.is_some() && !self.booking {
            self.pairs.insert((from, to));
        }
    }

    /// From here on postings are those of what was found here, or no longer.
    pub(crate) fn booking(&mut self, on: bool) {
        self.booking = on;
    }

    fn local(&self, account: AccountId) -> Option<u32> {
        self.local.get(account.at()).copied().filter(|local| *local != NONE)
    }

    /// Whether the queue of this account is watched.
    fn pays(&self, account: AccountId) -> bool {
        self.local(account).is_some_and(|local| self.pays[local as usize])
    }

    fn forget_entry(&mut self, id: PaymentId, group: GroupId, currency: CurrencyId, amount: i64) -> Option<u32> {
        let entry = self.entry.remove(&id)?;
        *self.waiting.entry(currency).or_insert(0) -= i128::from(amount);
        if let Some((_, present)) = self.groups.get_mut(&group) {
            *present -= 1;
            if *present == 0 {
                self.groups.remove(&group);
            }
        }
        Some(entry)
    }
}

impl State {
    /// Whether any currency offsets on every change.
    pub(crate) fn watches(&self) -> bool {
        self.offsetting.values().any(|rule| rule.on_change == OnChange::Every)
    }

    /// A payment took its place in a queue.
    pub(crate) fn watch_put(&mut self, id: PaymentId) {
        if self.watch.standing.is_some() && self.try_put(id).is_err() {
            // More waits than the watch can count: full runs take its place.
            self.watch.forget();
        }
    }

    fn try_put(&mut self, id: PaymentId) -> Result<(), Refusal> {
        let payment = &self.payments[id.at()];
        let (debtor, creditor, amount, group) = (payment.debtor, payment.creditor, payment.amount, payment.group);
        if !self.watch.pays(debtor) {
            return Ok(());
        }
        let spot = (payment.priority, self.waiting[&id].rank, id);
        let queue = self.queue(debtor).expect("it waits in a queue");
        let next = queue.active.range((Bound::Excluded(spot), Bound::Unbounded)).next().map(|spot| spot.2);
        let urgent = payment.priority == Priority::Urgent;
        let legs = if group.is_some() { self.groups[group.at()].legs } else { 0 };
        let currency = self.accounts[debtor.at()].currency;
        let watch = &mut self.watch;
        let both = (watch.local(debtor), watch.local(creditor));
        let (Some(from), Some(to), Some(standing)) = (both.0, both.1, watch.standing.as_mut()) else {
            unreachable!("both accounts of a payment are of one currency, and so is the watch")
        };
        let local_group = match watch.groups.get(&group) {
            _ if !group.is_some() => NO_GROUP,
            Some((known, _)) => *known,
            None => standing.open_group(legs)?,
        };
        let entry = Entry { debtor: from, creditor: to, amount, group: local_group, urgent };
        let handle = match next {
            Some(next) => standing.insert(&entry, watch.entry[&next])?,
            None => standing.push(&entry)?,
        };
        if group.is_some() {
            watch.groups.entry(group).or_insert((local_group, 0)).1 += 1;
        }
        if watch.payments.len() <= handle as usize {
            watch.payments.resize(handle as usize + 1, PaymentId::NONE);
        }
        watch.payments[handle as usize] = id;
        watch.entry.insert(id, handle);
        *watch.waiting.entry(currency).or_insert(0) += i128::from(amount);
        Ok(())
    }

    /// A payment left its queue.
    pub(crate) fn watch_take(&mut self, id: PaymentId) {
        if self.watch.standing.is_none() {
            return;
        }
        let payment = &self.payments[id.at()];
        let currency = self.accounts[payment.debtor.at()].currency;
        if let Some(entry) = self.watch.forget_entry(id, payment.group, currency, payment.amount)
            && let Some(standing) = &mut self.watch.standing
        {
            standing.remove(entry).expect("the watch knows what waits");
        }
    }

    /// What can settle together now, and what waited before: number of payments, and value by currency. `None` when the
    /// queues cannot be watched.
    pub(crate) fn watched(&mut self) -> Option<Found> {
        if self.watch.standing.is_none() {
            self.rebuild_watch().ok()?;
        }
        self.catch_up();
        let watch = &mut self.watch;
        let standing = watch.standing.as_mut()?;
        let looked = standing.len();
        let chosen: Vec<PaymentId> = standing.settle().iter().map(|entry| watch.payments[*entry as usize]).collect();
        let before = if chosen.is_empty() { BTreeMap::new() } else { watch.waiting.clone() };
        for id in &chosen {
            let payment = &self.payments[id.at()];
            let currency = self.accounts[payment.debtor.at()].currency;
            self.watch.forget_entry(*id, payment.group, currency, payment.amount).expect("it was found here");
        }
        Some(Found { chosen, looked, before })
    }

    /// Tells the watch what happened to money and limits elsewhere.
    fn catch_up(&mut self) {
        while let Some(local) = self.watch.touched.pop() {
            self.watch.is_touched[local as usize] = false;
            let terms = self.terms(self.watch.accounts[local as usize]);
            let standing = self.watch.standing.as_mut().expect("somebody watches");
            if standing.account(local) != Some(terms) {
                standing.set_account(local, terms).expect("an account of the watch");
            }
        }
        for (from, to) in core::mem::take(&mut self.watch.pairs) {
            let headroom = self.bilateral.get(&(from, to)).map(|limit| limit.room());
            if let (Some(from), Some(to)) = (self.watch.local(from), self.watch.local(to)) {
                let standing = self.watch.standing.as_mut().expect("somebody watches");
                standing.set_limit(from, to, headroom).expect("accounts of the watch");
            }
        }
    }

    /// what is watched is what waits, in the same order and on the same terms. The account where it is not.
    pub(crate) fn watch_differs(&self) -> Option<AccountId> {
        let watch = &self.watch;
        let standing = watch.standing.as_ref()?;
        let differs = |(local, id): (u32, &AccountId)| {
            let queue = self.queue(*id).filter(|_| watch.pays[local as usize]);
            let waits = queue.into_iter().flat_map(|queue| queue.active.iter().map(|spot| spot.2));
            let watched = standing.queue(local).map(|entry| watch.payments[entry as usize]);
            let terms = watch.is_touched[local as usize] || standing.account(local) == Some(self.terms(*id));
            !terms || !waits.eq(watched)
        };
        (0..).zip(&watch.accounts).find(|pair| differs(*pair)).map(|(_, id)| *id)
    }

    /// Begins the watch anew from the state as it is.
    fn rebuild_watch(&mut self) -> Result<(), Refusal> {
        let mut watch = Watch { local: alloc::vec![NONE; self.accounts.len()], ..Watch::default() };
        let mut standing = Standing::new();
        for (at, account) in self.accounts.iter().enumerate() {
            let every = self.offsetting(account.currency).on_change == OnChange::Every;
            if !every || account.is(IS_INTERNAL) {
                continue;
            }
            let id = AccountId(u32::try_from(at).expect("fewer than 2^32 accounts"));
            let local = standing.add_account(self.terms(id))?;
            if account.is(HAS_RESERVE) {
                standing.set_reserve(local, self.reserve(id))?;
            }
            let stopped = self.currencies[account.currency.at()].stopped || self.is_closed(account.currency);
            watch.local[at] = local;
            watch.accounts.push(id);
            watch.pays.push(!stopped && !account.is(STOPPED_OUT));
            watch.is_touched.push(false);
        }
        for ((from, to), limit) in &self.bilateral {
            if let (Some(from), Some(to)) = (watch.local(*from), watch.local(*to)) {
                standing.set_limit(from, to, Some(limit.room()))?;
            }
        }
        watch.standing = Some(standing);
        self.watch = watch;
        for at in 0..self.watch.accounts.len() {
            let id = self.watch.accounts[at];
            let waiting = self.queue(id).map(|queue| queue.active.iter().map(|spot| spot.2).collect::<Vec<_>>());
            // From the back, so that each finds its successor in place.
            for payment in waiting.unwrap_or_default().into_iter().rev() {
                if let Err(refusal) = self.try_put(payment) {
                    self.watch.forget();
                    return Err(refusal);
                }
            }
        }
        Ok(())
    }
}

/// What the watch found.
pub(crate) struct Found {
    /// Payments that settle together.
    pub(crate) chosen: Vec<PaymentId>,
    /// How many waited.
    pub(crate) looked: u32,
    /// What waited before, by currency; empty when nothing settles.
    pub(crate) before: BTreeMap<CurrencyId, i128>,
}
