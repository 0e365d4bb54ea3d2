//! Settlement accounts: one per participant and currency, plus two per currency that belong to its authority.
//!
//! The part looked at for every payment is one cache line; what is rarely needed lies beside it. Absent on purpose:
//! posting; only [`crate::book`] moves money.

use crate::ids::{CurrencyId, ParticipantId, Time};
use crate::wire::wire_struct;

/// No limit.
pub const UNLIMITED: i64 = i64::MAX;

/// The part of an account that every payment reads. All amounts are minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
#[repr(align(64))]
pub struct Account {
    /// Money on the account; negative when credit is used.
    pub balance: i64,
    /// Part of it set aside in holds.
    pub held: i64,
    /// How far the balance may go below zero (net debit cap).
    pub credit: i64,
    /// Gross amount sent in the business day.
    pub sent_today: i64,
    /// Largest gross amount sent in a business day.
    pub day_cap: i64,
    /// Largest single payment.
    pub payment_cap: i64,
    /// Its currency.
    pub currency: CurrencyId,
    /// Its owner; `NONE` for the authority's own accounts.
    pub participant: ParticipantId,
    /// Index of its queue; `u32::MAX` when it never had one.
    pub queue: u32,
    /// Bits below.
    pub flags: u32,
}
wire_struct!(Account { balance, held, credit, sent_today, day_cap, payment_cap, currency, participant, queue, flags });

/// The account may not send.
pub const STOPPED_OUT: u32 = 1;
/// The account may not receive.
pub const STOPPED_IN: u32 = 1 << 1;
/// Some bilateral limit names this account.
pub const HAS_BILATERAL: u32 = 1 << 2;
/// The account has a multilateral limit.
pub const HAS_MULTILATERAL: u32 = 1 << 3;
/// The account mirrors money outside the system: its balance is minus what was issued.
pub const IS_OUTSIDE: u32 = 1 << 4;
/// The account owns rounding remainders.
pub const IS_REMAINDER: u32 = 1 << 5;
/// The owner consents that the queue is settled out of order.
pub const MAY_BYPASS: u32 = 1 << 6;
/// Part of the money is for urgent payments only.
pub const HAS_RESERVE: u32 = 1 << 7;
/// Belongs to the currency's authority, not to a participant.
pub const IS_INTERNAL: u32 = IS_OUTSIDE | IS_REMAINDER;

/// No queue yet.
pub const NO_QUEUE: u32 = u32::MAX;

impl Account {
    /// An empty account without credit and without limits.
    #[must_use]
    pub fn new(participant: ParticipantId, currency: CurrencyId, flags: u32) -> Self {
        Self {
            balance: 0,
            held: 0,
            credit: 0,
            sent_today: 0,
            day_cap: UNLIMITED,
            payment_cap: UNLIMITED,
            currency,
            participant,
            queue: NO_QUEUE,
            flags,
        }
    }

    /// What may be spent now: balance plus credit less holds.
    #[inline]
    #[must_use]
    pub const fn available(&self) -> i64 {
        self.balance + self.credit - self.held
    }

    /// Whether any of the flags is set.
    #[inline]
    #[must_use]
    pub const fn is(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }

    /// Sets or clears flags.
    pub(crate) fn mark(&mut self, flags: u32, on: bool) {
        if on {
            self.flags |= flags;
        } else {
            self.flags &= !flags;
        }
    }
}

/// The part of an account that is rarely needed. All amounts are minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSide {
    /// What the balance would be had no payment moved today: opening balance plus funding less redemption.
    pub day_base: i64,
    /// The same since the last cycle was cut.
    pub cycle_base: i64,
    /// Largest net amount sent to all others in a day, if [`HAS_MULTILATERAL`].
    pub multilateral: i64,
    /// Largest balance kept overnight.
    pub overnight: i64,
    /// Rounding remainders this account, as a conversion provider, still owes to their owner: parts of
    /// [`crate::rate::FRACTION`] of a minor unit.
    pub remainder: u128,
    /// When it was opened.
    pub opened: Time,
}
wire_struct!(AccountSide { day_base, cycle_base, multilateral, overnight, remainder, opened });

impl AccountSide {
    /// The side of a new account.
    #[must_use]
    pub const fn new(opened: Time) -> Self {
        Self { day_base: 0, cycle_base: 0, multilateral: UNLIMITED, overnight: UNLIMITED, remainder: 0, opened }
    }
}
