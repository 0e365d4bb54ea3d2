//! Bookings of the business day in order: what statements and reports are made of.
//!
//! A settled payment is one record of sixteen bytes for both its accounts; everything else that moves money is kept
//! aside. Absent on purpose: amounts of payments; the ledger has them.

use super::Moment;
use comity_ledger::State;
use comity_ledger::ids::{AccountId, PaymentId, Time};

/// Bookings since the last statements, and the balances they started from.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Balances before the first of the bookings; accounts not listed opened with zero.
    pub(super) opening: Vec<i64>,
    pub(super) bookings: Vec<Booking>,
    pub(super) asides: Vec<Aside>,
    /// When the last statements were made.
    pub(super) since: Option<Time>,
}

/// One booking: a payment, or something kept aside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Booking {
    pub(super) seq: u64,
    payment: u32,
    aside: u32,
}

/// What a booking is.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Payment(PaymentId),
    Aside(u32),
}

/// A booking that is no payment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aside {
    pub(super) account: AccountId,
    /// Minor units, signed as the account sees it.
    pub(super) amount: i64,
    pub(super) at: Time,
    pub(super) why: Why,
}

/// Why money moved without a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Issued or redeemed by the authority.
    Funding,
    /// Redeemed by the end-of-day rule.
    Sweep,
    /// Rounding remainders went to their owner.
    Remainder,
    /// Paid out of a hold; the other account.
    Hold(AccountId),
}

impl Booking {
    pub(super) fn what(self) -> What {
        if self.payment == u32::MAX { What::Aside(self.aside) } else { What::Payment(PaymentId(self.payment)) }
    }
}

impl Book {
    /// A book that begins with the balances of a state.
    pub(super) fn opened(state: &State) -> Self {
        Self { opening: state.accounts.iter().map(|account| account.balance).collect(), ..Self::default() }
    }

    pub(super) fn settled(&mut self, moment: Moment, payment: PaymentId) {
        self.bookings.push(Booking { seq: moment.seq, payment: payment.0, aside: u32::MAX });
    }

    pub(super) fn aside(&mut self, moment: Moment, account: AccountId, amount: i64, why: Why) -> u32 {
        let at = u32::try_from(self.asides.len()).expect("fewer than 2^32 bookings a day");
        self.asides.push(Aside { account, amount, at: moment.at, why });
        self.bookings.push(Booking { seq: moment.seq, payment: u32::MAX, aside: at });
        at
    }

    pub(super) fn opening(&self, account: AccountId) -> i64 {
        self.opening.get(account.at()).copied().unwrap_or_default()
    }

    /// What a booking changes: accounts and signed amounts.
    pub(super) fn changes(&self, state: &State, booking: Booking) -> [Option<(AccountId, i64)>; 2] {
        match booking.what() {
            What::Payment(payment) => {
                let payment = state.payment(payment);
                [Some((payment.debtor, -payment.amount)), Some((payment.creditor, payment.amount))]
            }
            What::Aside(at) => {
                let aside = self.asides.get(at as usize);
                [aside.map(|aside| (aside.account, aside.amount)), None]
            }
        }
    }
}
