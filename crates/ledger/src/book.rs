//! Posting, and what stands in its way.
//!
//! The one place where balances change. Every posting has two sides of the same currency, so the sum over all accounts
//! of a currency stays zero. Absent on purpose: deciding; callers check first and post after.

use crate::account::{Account, HAS_BILATERAL, HAS_MULTILATERAL, HAS_RESERVE, STOPPED_IN, STOPPED_OUT};
use crate::command::Priority;
use crate::event::{Event, Events, How};
use crate::ids::{AccountId, ParticipantId, PaymentId};
use crate::payment::{Payment, Standing};
use crate::reject::{Wait, Why};
use crate::state::State;

/// No single amount may exceed this many minor units: 10^17, a decimal digit below what a currency may have issued.
pub const AMOUNT_MAX: i64 = 100_000_000_000_000_000;
/// Money in the system, and credit granted, per currency: at most this many minor units, so that no balance can leave
/// the range of `i64`.
pub const CURRENCY_MAX: i64 = 1_000_000_000_000_000_000;
/// How far funding and redemption together may move one account in a day or a cycle: beyond it the nets of the day and
/// of the cycle would leave the range of `i64`.
pub(crate) const BASE_MAX: i64 = 4 * CURRENCY_MAX;

impl Account {
    /// What the day limit says to sending this much more, if anything.
    #[inline]
    pub(crate) fn over_day_cap(&self, amount: i64) -> Option<Wait> {
        let sent = self.sent_today.saturating_add(amount);
        (sent > self.day_cap).then(|| Wait { why: Why::PerDay, limit: self.day_cap, value: sent - self.day_cap })
    }
}

impl State {
    /// Moves money between two accounts of one currency. Every limit has been checked.
    ///
    /// A set of payments settles as one step: half booked, a balance may be out of range by any amount. Wrapping
    /// arithmetic brings it back exactly, because the balance after the step has been checked.
    #[inline]
    pub(crate) fn post(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        let from = &mut self.accounts[debtor.at()];
        from.balance = from.balance.wrapping_sub(amount);
        from.sent_today = from.sent_today.saturating_add(amount);
        let tracked = from.is(HAS_BILATERAL);
        let to = &mut self.accounts[creditor.at()];
        to.balance = to.balance.wrapping_add(amount);
        if tracked && to.is(HAS_BILATERAL) {
            self.track_bilateral(debtor, creditor, amount);
        }
        self.watch.touch(debtor);
        self.watch.touch(creditor);
    }

    /// Moves money that is no payment (issuance, remainders): limits of the day do not count it.
    pub(crate) fn post_aside(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        self.accounts[debtor.at()].balance -= amount;
        self.accounts[creditor.at()].balance += amount;
        for (account, change) in [(debtor, -amount), (creditor, amount)] {
            let side = &mut self.sides[account.at()];
            side.day_base += change;
            side.cycle_base += change;
            self.watch.touch(account);
        }
    }

    fn track_bilateral(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        if let Some(limit) = self.bilateral.get_mut(&(debtor, creditor)) {
            limit.net += i128::from(amount);
            self.watch.touch_pair(debtor, creditor);
        }
        if let Some(limit) = self.bilateral.get_mut(&(creditor, debtor)) {
            limit.net -= i128::from(amount);
            self.watch.touch_pair(creditor, debtor);
        }
    }

    /// What keeps this amount from being paid now, if anything: money, then limits.
    #[inline]
    pub(crate) fn obstacle(
        &self,
        debtor: AccountId,
        creditor: AccountId,
        amount: i64,
        priority: Priority,
    ) -> Option<Wait> {
        let account = &self.accounts[debtor.at()];
        let available = account.available();
        if amount > available {
            return Some(Wait { why: Why::Funds, limit: account.credit, value: amount - available });
        }
        if account.is(HAS_BILATERAL | HAS_MULTILATERAL | HAS_RESERVE) {
            if priority == Priority::Normal
                && let Some(wait) = self.reserve_short(debtor, amount)
            {
                return Some(wait);
            }
            if let Some(wait) = self.net_limit(debtor, creditor, amount) {
                return Some(wait);
            }
        }
        account.over_day_cap(amount)
    }

    /// Money kept for urgent payments.
    pub(crate) fn reserve(&self, account: AccountId) -> i64 {
        if self.accounts[account.at()].is(HAS_RESERVE) { self.reserves[&account] } else { 0 }
    }

    /// What the reserve says to this net amount going out by payments that are not urgent.
    pub(crate) fn reserve_short(&self, debtor: AccountId, net: i64) -> Option<Wait> {
        let reserve = self.reserve(debtor);
        let free = self.accounts[debtor.at()].available() - reserve;
        (reserve > 0 && net > free).then(|| Wait { why: Why::Reserve, limit: reserve, value: net - free })
    }

    pub(crate) fn net_limit(&self, debtor: AccountId, creditor: AccountId, amount: i64) -> Option<Wait> {
        if let Some(bilateral) = self.bilateral.get(&(debtor, creditor)) {
            let over = bilateral.over(i128::from(amount));
            if over > 0 {
                return Some(Wait { why: Why::Bilateral, limit: bilateral.limit, value: over });
            }
        }
        let account = &self.accounts[debtor.at()];
        if account.is(HAS_MULTILATERAL) {
            let side = &self.sides[debtor.at()];
            let net = side.day_base - account.balance + amount;
            if net > side.multilateral {
                return Some(Wait { why: Why::Multilateral, limit: side.multilateral, value: net - side.multilateral });
            }
        }
        None
    }

    /// Whether either side of a payment may not take part at the moment.
    pub(crate) fn is_blocked(&self, payment: &Payment) -> bool {
        self.accounts[payment.debtor.at()].is(STOPPED_OUT)
            || self.accounts[payment.creditor.at()].is(STOPPED_IN)
            || self.participant_stopped(payment.debtor_for).0
            || self.participant_stopped(payment.creditor_for).1
    }

    /// Whether a sponsored participant is stopped (sending, receiving).
    pub(crate) fn participant_stopped(&self, id: ParticipantId) -> (bool, bool) {
        if id.is_some() {
            let participant = &self.participants[id.at()];
            (participant.stopped_out, participant.stopped_in)
        } else {
            (false, false)
        }
    }

    /// Settles one payment: posts it and records it as final. It has been checked.
    #[inline]
    pub(crate) fn settle(&mut self, events: &mut Events, id: PaymentId, how: How) {
        let payment = &self.payments[id.at()];
        assert!(payment.standing == Standing::Waiting, "S-1: a payment settles at most once");
        let (debtor, creditor, amount) = (payment.debtor, payment.creditor, payment.amount);
        self.post(debtor, creditor, amount);
        let at = self.at;
        let today = self.day.date;
        let payment = &mut self.payments[id.at()];
        // One carried over from an earlier day settles today: deadlines of its return count from here.
        payment.value_date = payment.value_date.max(today);
        payment.standing = Standing::Settled;
        payment.done = at;
        events.push(Event::Settled { payment: id, how });
        if self.accounts[creditor.at()].queue != crate::account::NO_QUEUE {
            self.credited.push_back(creditor);
        }
    }

    /// B-1 and B-2, asserted for an account whose money went out.
    #[inline]
    pub(crate) fn assert_account(&self, id: AccountId) {
        let account = &self.accounts[id.at()];
        assert!(account.balance >= -account.credit, "B-1: no balance below its limit");
        assert!(account.held <= account.balance + account.credit, "B-2: what is held is covered by balance and credit");
    }
}
