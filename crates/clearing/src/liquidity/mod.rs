//! Liquidity bounds of a day: the least and the most money its payments need, per account and per currency.
//!
//! For payments in order of entry: the *net* bound (what must leave an account over the whole day), the *entry* bound (the
//! largest running net outflow when each payment settles the moment it is entered) and the gross outflow. With the entry
//! bound on every account nobody ever waits, and with less on any account somebody does; with the net bound everything
//! settles at the close if the whole queue is tried as one set, and with less it never does. [`check`] proves an answer
//! by replaying the day. See `docs/clearing/liquidity.md`.
//!
//! Absent on purpose: queues and policies in between (`gridlock`), credit, limits, times, and the choice of an order.

mod check;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::at;

pub use check::{Flaw, Short, check, first_short};

/// The payment settles on its own.
pub const NO_GROUP: u32 = u32::MAX;

/// Most payments, accounts, currencies or groups.
pub const COUNT_MAX: usize = 1 << 30;

/// One payment, in the order of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Payment {
    /// Account it leaves.
    pub debtor: u32,
    /// Account it enters, of the same currency; must differ.
    pub creditor: u32,
    /// Minor units, above zero.
    pub amount: i64,
    /// The payments it settles together with, or [`NO_GROUP`]: all of them settle when the last one is entered.
    pub group: u32,
}

/// A day of payments, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Day<'a> {
    /// Currency of each account: an account is one participant in one currency.
    pub currency_of: &'a [u32],
    /// Currencies are `0..currencies`.
    pub currencies: u32,
    /// Payments in order of entry.
    pub payments: &'a [Payment],
    /// Groups are `0..groups`.
    pub groups: u32,
}

/// What one account needs, minor units; `net <= entry <= gross`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Need {
    /// What it pays less what it receives over the day, or 0: the least with which everything can settle at all.
    pub net: i128,
    /// The largest net outflow at any moment: the least with which nothing it pays ever waits.
    pub entry: i128,
    /// Everything it pays: enough even if nothing came in.
    pub gross: i128,
    /// The payment at whose entry the entry bound is reached, the first of several; none when the bound is 0.
    pub peak: Option<u32>,
}

/// The same for all accounts of a currency together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct System {
    /// Sum of the net bounds.
    pub net: i128,
    /// Sum of the entry bounds: the smallest funding with which everything settles on entry.
    pub entry: i128,
    /// Sum of all payments.
    pub gross: i128,
    /// Payments.
    pub payments: u32,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Per account.
    pub accounts: Vec<Need>,
    /// Per currency.
    pub systems: Vec<System>,
}

/// Why a day is refused; indices are positions in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// More than [`COUNT_MAX`].
    TooMany { what: &'static str, count: usize },
    /// An account has a currency that does not exist.
    Currency { account: usize, currency: u32 },
    /// A payment names an account that does not exist.
    Account { payment: u32, account: u32 },
    /// An account pays itself.
    ToSelf { payment: u32, account: u32 },
    /// A payment goes from one currency to another.
    TwoCurrencies { payment: u32, debtor: u32, creditor: u32 },
    /// An amount is zero or negative.
    Amount { payment: u32, amount: i64 },
    /// A payment names a group that does not exist.
    Group { payment: u32, group: u32 },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { what, count } => write!(f, "{count} {what} exceed the limit of {COUNT_MAX}"),
            Self::Currency { account, currency } => {
                write!(f, "account {account} has currency {currency}, which does not exist")
            }
            Self::Account { payment, account } => {
                write!(f, "payment {payment} names account {account}, which does not exist")
            }
            Self::ToSelf { payment, account } => write!(f, "payment {payment} goes from account {account} to itself"),
            Self::TwoCurrencies { payment, debtor, creditor } => {
                write!(f, "payment {payment} goes from currency {debtor} to currency {creditor}")
            }
            Self::Amount { payment, amount } => write!(f, "amount {amount} of payment {payment} is not above 0"),
            Self::Group { payment, group } => write!(f, "payment {payment} names group {group}, which does not exist"),
        }
    }
}

impl core::error::Error for Invalid {}

impl Day<'_> {
    /// Checks every index and amount.
    ///
    /// # Errors
    /// The first [`Invalid`] found: counts, accounts in order, payments in order.
    pub fn validate(&self) -> Result<(), Invalid> {
        let counts = [
            ("accounts", self.currency_of.len()),
            ("payments", self.payments.len()),
            ("currencies", at(self.currencies)),
            ("groups", at(self.groups)),
        ];
        if let Some((what, count)) = counts.into_iter().find(|(_, count)| *count > COUNT_MAX) {
            return Err(Invalid::TooMany { what, count });
        }
        let unknown = self.currency_of.iter().enumerate().find(|(_, currency)| **currency >= self.currencies);
        if let Some((account, &currency)) = unknown {
            return Err(Invalid::Currency { account, currency });
        }
        for (payment, &Payment { debtor, creditor, amount, group }) in (0u32..).zip(self.payments) {
            for account in [debtor, creditor] {
                if at(account) >= self.currency_of.len() {
                    return Err(Invalid::Account { payment, account });
                }
            }
            if debtor == creditor {
                return Err(Invalid::ToSelf { payment, account: debtor });
            }
            let (from, to) = (self.currency_of[at(debtor)], self.currency_of[at(creditor)]);
            if from != to {
                return Err(Invalid::TwoCurrencies { payment, debtor: from, creditor: to });
            }
            if amount <= 0 {
                return Err(Invalid::Amount { payment, amount });
            }
            if group != NO_GROUP && group >= self.groups {
                return Err(Invalid::Group { payment, group });
            }
        }
        Ok(())
    }
}

/// Computes the bounds of a day, in one pass over its payments.
///
/// # Errors
/// [`Invalid`] when the day is.
pub fn bounds(day: &Day<'_>) -> Result<Bounds, Invalid> {
    day.validate()?;
    let mut accounts = vec![Need::default(); day.currency_of.len()];
    let mut systems = vec![System::default(); at(day.currencies)];
    let mut outflow = vec![0i128; day.currency_of.len()];
    let mut groups = Groups::new(day);
    for (entered, payment) in (0u32..).zip(day.payments) {
        let amount = i128::from(payment.amount);
        accounts[at(payment.debtor)].gross += amount;
        let system = &mut systems[at(day.currency_of[at(payment.debtor)])];
        system.gross += amount;
        system.payments += 1;
        let settled = groups.settled_by(entered, payment);
        for payment in settled.iter().map(|index| day.payments[at(*index)]) {
            outflow[at(payment.debtor)] += i128::from(payment.amount);
            outflow[at(payment.creditor)] -= i128::from(payment.amount);
        }
        for payment in settled.iter().map(|index| day.payments[at(*index)]) {
            let (need, outflow) = (&mut accounts[at(payment.debtor)], outflow[at(payment.debtor)]);
            if outflow > need.entry {
                (need.entry, need.peak) = (outflow, Some(entered));
            }
        }
    }
    for ((need, outflow), currency) in accounts.iter_mut().zip(outflow).zip(day.currency_of) {
        need.net = outflow.max(0);
        systems[at(*currency)].net += need.net;
        systems[at(*currency)].entry += need.entry;
    }
    Ok(Bounds { accounts, systems })
}

/// Which payments settle when one is entered.
struct Groups {
    /// Payments of each group in order of entry: `members[first[g]..first[g + 1]]`.
    members: Vec<u32>,
    first: Vec<u32>,
    /// A payment on its own.
    alone: [u32; 1],
}

impl Groups {
    fn new(day: &Day<'_>) -> Self {
        let mut first = vec![0u32; at(day.groups) + 1];
        let grouped = || (0u32..).zip(day.payments).filter(|(_, payment)| payment.group != NO_GROUP);
        for (_, payment) in grouped() {
            first[at(payment.group) + 1] += 1;
        }
        for group in 0..at(day.groups) {
            first[group + 1] += first[group];
        }
        let mut next = first.clone();
        let mut members = vec![0u32; at(first[at(day.groups)])];
        for (index, payment) in grouped() {
            members[at(next[at(payment.group)])] = index;
            next[at(payment.group)] += 1;
        }
        Self { members, first, alone: [0] }
    }

    /// The payments that settle with this entry: itself, its whole group, or none while the group is incomplete.
    fn settled_by(&mut self, entered: u32, payment: &Payment) -> &[u32] {
        if payment.group == NO_GROUP {
            self.alone = [entered];
            return &self.alone;
        }
        let group = at(payment.group);
        let members = &self.members[at(self.first[group])..at(self.first[group + 1])];
        if members.last() == Some(&entered) { members } else { &[] }
    }
}
