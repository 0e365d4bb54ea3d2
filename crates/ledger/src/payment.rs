//! Recorded payments and the table that finds one by its UETR.
//!
//! A payment is recorded once, settled or not, and never removed: that is what makes "a UETR settles at most once" hold
//! for ever. Absent on purpose: texts of the message; the journal keeps the original document.

use alloc::vec;
use alloc::vec::Vec;

use crate::command::{PaymentKind, Priority};
use crate::ids::{AccountId, Day, GroupId, ParticipantId, PaymentId, Time, Uetr};
use crate::reject::Reason;
use crate::wire::{wire_enum, wire_struct};

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It waits.
    Waiting,
    /// It settled: final.
    Settled,
    /// It was refused when it arrived.
    Refused,
    /// It waited and was ended without settlement.
    Cancelled,
}
wire_enum!(Standing { 0 => Waiting, 1 => Settled, 2 => Refused, 3 => Cancelled });

/// A recorded payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Unique reference. Both legs of a conversion carry the same one.
    pub uetr: Uetr,
    /// Minor units.
    pub amount: i64,
    /// Sequence number of the entry that brought it.
    pub seq: u64,
    /// When it was taken in.
    pub accepted: Time,
    /// When it settled or ended; not set while it waits.
    pub done: Time,
    /// Fingerprint of the message identifiers.
    pub message: u64,
    /// Where the original message is kept.
    pub document: u64,
    /// Line within it.
    pub line: u32,
    /// Account to debit.
    pub debtor: AccountId,
    /// Account to credit.
    pub creditor: AccountId,
    /// Sponsored participant behind the debtor account, or `NONE`.
    pub debtor_for: ParticipantId,
    /// Sponsored participant behind the creditor account, or `NONE`.
    pub creditor_for: ParticipantId,
    /// Settlement date.
    pub value_date: Day,
    /// Group it is decided with, or `NONE`.
    pub group: GroupId,
    /// For a return, the payment returned; for a payment, its return once one is under way or settled; else `NONE`.
    pub link: PaymentId,
    /// Where it stands.
    pub standing: Standing,
    /// Queue priority.
    pub priority: Priority,
    /// Kind.
    pub kind: PaymentKind,
    /// Why it was refused or ended, as tag of [`Reason`]; `None` otherwise.
    pub reason: Option<Reason>,
}
wire_struct!(Payment {
    uetr,
    amount,
    seq,
    accepted,
    done,
    message,
    document,
    line,
    debtor,
    creditor,
    debtor_for,
    creditor_for,
    value_date,
    group,
    link,
    standing,
    priority,
    kind,
    reason,
});

/// Finds payments by UETR: open addressing over 64-bit slots, half tag, half index.
///
/// A slot is looked at before the payment itself, so an unknown UETR costs one memory access. The table is derived and
/// not part of the state's bytes.
#[derive(Debug, Clone)]
pub struct UetrTable {
    slots: Vec<u64>,
    len: usize,
    seed: u64,
}

/// Smallest table.
const SLOTS_MIN: usize = 1024;

impl UetrTable {
    /// An empty table for about `expected` payments.
    #[must_use]
    pub fn new(seed: u64, expected: usize) -> Self {
        let slots = (expected + expected / 2).next_power_of_two().max(SLOTS_MIN);
        Self { slots: vec![0; slots], len: 0, seed }
    }

    /// Multiply-and-fold of the two halves with the arrangement's seed.
    #[inline]
    fn hash(&self, uetr: Uetr) -> u64 {
        let low = uetr.0 as u64 ^ self.seed;
        let high = (uetr.0 >> 64) as u64 ^ 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(low) * u128::from(high | 1);
        let folded = (product as u64) ^ (product >> 64) as u64;
        let again = u128::from(folded) * u128::from(0xd6e8_feb8_6659_fd93_u64 ^ self.seed.rotate_left(32));
        (again as u64) ^ (again >> 64) as u64
    }

    /// Reads the slot where the search would begin, so that it is in the cache when the payment is applied.
    #[inline]
    #[must_use]
    pub fn peek(&self, uetr: Uetr) -> u64 {
        self.slots[self.hash(uetr) as usize & (self.slots.len() - 1)]
    }

    /// The payment with this UETR, if any.
    #[inline]
    #[must_use]
    pub fn find(&self, uetr: Uetr, payments: &[Payment]) -> Option<PaymentId> {
        let hash = self.hash(uetr);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            if slot >> 32 == hash >> 32 {
                let id = PaymentId((slot as u32) - 1);
                if payments[id.at()].uetr == uetr {
                    return Some(id);
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a payment that is not in the table. Payments are added in the order they are recorded; second legs of
    /// conversions, which share the UETR of the first, are left out.
    #[inline]
    pub fn insert(&mut self, id: PaymentId, payments: &[Payment]) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            self.grow(&payments[..id.at()]);
        }
        self.place(id, payments[id.at()].uetr);
        self.len += 1;
    }

    #[inline]
    fn place(&mut self, id: PaymentId, uetr: Uetr) {
        let hash = self.hash(uetr);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = (hash >> 32) << 32 | u64::from(id.0 + 1);
    }

    /// Doubles the table. Going through the payments in their order reads memory in a row, which going through the old
    /// slots would not.
    fn grow(&mut self, payments: &[Payment]) {
        self.slots = vec![0; self.slots.len() * 2];
        for (id, payment) in (0..).map(PaymentId).zip(payments) {
            if payment.kind != PaymentKind::ConversionTarget {
                self.place(id, payment.uetr);
            }
        }
    }
}
