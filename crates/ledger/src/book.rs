//! Posting, and what stands in its way.
//!
//! The one place where balances change. Every posting has two sides of the same currency, so the sum over all accounts
//! of a currency stays zero. Absent on purpose: deciding; callers check first and post after.

use crate::account::{HAS_BILATERAL, HAS_MULTILATERAL, STOPPED_IN, STOPPED_OUT};
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

impl State {
    /// Moves money between two accounts of one currency. Every limit has been checked.
    #[inline]
    pub(crate) fn post(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        let from = &mut self.accounts[debtor.at()];
        from.balance -= amount;
        from.sent_today = from.sent_today.saturating_add(amount);
        let tracked = from.is(HAS_BILATERAL);
        let to = &mut self.accounts[creditor.at()];
        to.balance += amount;
        if tracked && to.is(HAS_BILATERAL) {
            self.track_bilateral(debtor, creditor, amount);
        }
    }

    /// Moves money that is no payment (issuance, remainders): limits of the day do not count it.
    pub(crate) fn post_aside(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        self.accounts[debtor.at()].balance -= amount;
        self.accounts[creditor.at()].balance += amount;
        for (account, change) in [(debtor, -amount), (creditor, amount)] {
            let side = &mut self.sides[account.at()];
            side.day_base += change;
            side.cycle_base += change;
        }
    }

    fn track_bilateral(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        if let Some(limit) = self.bilateral.get_mut(&(debtor, creditor)) {
            limit.net = limit.net.saturating_add(amount);
        }
        if let Some(limit) = self.bilateral.get_mut(&(creditor, debtor)) {
            limit.net = limit.net.saturating_sub(amount);
        }
    }

    /// What keeps this amount from being paid now, if anything: money, then limits.
    #[inline]
    pub(crate) fn obstacle(
        &self,
        debtor: AccountId,
        creditor: AccountId,
        amount: i64,
    ) -> Option<Wait> {
        let account = &self.accounts[debtor.at()];
        let available = account.available();
        if amount > available {
            return Some(Wait {
                why: Why::Funds,
                limit: account.credit,
                value: amount - available,
            });
        }
        if account.is(HAS_BILATERAL | HAS_MULTILATERAL)
            && let Some(wait) = self.net_limit(debtor, creditor, amount)
        {
            return Some(wait);
        }
        let sent = account.sent_today.saturating_add(amount);
        if sent > account.day_cap {
            return Some(Wait {
                why: Why::PerDay,
                limit: account.day_cap,
                value: sent - account.day_cap,
            });
        }
        None
    }

    fn net_limit(&self, debtor: AccountId, creditor: AccountId, amount: i64) -> Option<Wait> {
        if let Some(bilateral) = self.bilateral.get(&(debtor, creditor)) {
            let net = bilateral.net.saturating_add(amount);
            if net > bilateral.limit {
                return Some(Wait {
                    why: Why::Bilateral,
                    limit: bilateral.limit,
                    value: net - bilateral.limit,
                });
            }
        }
        let account = &self.accounts[debtor.at()];
        if account.is(HAS_MULTILATERAL) {
            let side = &self.sides[debtor.at()];
            let net = side.day_base - account.balance + amount;
            if net > side.multilateral {
                return Some(Wait {
                    why: Why::Multilateral,
                    limit: side.multilateral,
                    value: net - side.multilateral,
                });
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
        assert!(
            payment.standing == Standing::Waiting,
            "S-1: a payment settles at most once"
        );
        let (debtor, creditor, amount) = (payment.debtor, payment.creditor, payment.amount);
        self.post(debtor, creditor, amount);
        let at = self.at;
        let payment = &mut self.payments[id.at()];
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
        assert!(
            account.balance >= -account.credit,
            "B-1: no balance below its limit"
        );
        assert!(
            account.held <= account.balance + account.credit,
            "B-2: what is held is covered by balance and credit"
        );
    }
}
