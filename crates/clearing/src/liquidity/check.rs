//! A day replayed with given money: does everything settle on entry, and are stated bounds the least?
//!
//! Nothing here is shared with the computation of the bounds but the definitions. Absent on purpose: waiting.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::{Bounds, Day, Invalid, NO_GROUP};
use crate::at;

/// The first payment that cannot settle when it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Short {
    /// The payment entered last.
    pub payment: u32,
    /// The account that falls below zero.
    pub account: u32,
    /// What it would fall to, minor units.
    pub balance: i128,
}

/// Why stated bounds are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// The day is refused.
    Invalid(Invalid),
    /// The answer has another number of accounts or currencies.
    Shape { what: &'static str, expected: usize, found: usize },
    /// With the entry bounds as money, something has to wait.
    Short(Short),
    /// At the stated peak the account has money left, or a bound above 0 has no peak.
    Slack { account: u32, left: i128 },
    /// A stated sum is not the one found.
    Sum { what: &'static str, index: usize, stated: i128, found: i128 },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Shape { what, expected, found } => write!(f, "{found} {what} given where {expected} are expected"),
            Self::Short(Short { payment, account, balance }) => {
                write!(f, "payment {payment} takes account {account} to {balance}")
            }
            Self::Slack { account, left } => write!(f, "account {account} has {left} left where its money is least"),
            Self::Sum { what, index, stated, found } => write!(f, "{what} {index} is {found}, {stated} is stated"),
        }
    }
}

impl core::error::Error for Flaw {}

/// Replays a day in which each account starts with some money and every payment settles on entry (a group with its last
/// one); calls `seen` with each entry and the balances after it.
fn replay(day: &Day<'_>, balances: &mut [i128], mut seen: impl FnMut(u32, &[i128])) -> Option<Short> {
    let mut missing = vec![0u32; at(day.groups)];
    let mut waiting: Vec<Vec<u32>> = vec![Vec::new(); at(day.groups)];
    for payment in day.payments.iter().filter(|payment| payment.group != NO_GROUP) {
        missing[at(payment.group)] += 1;
    }
    let mut settling: Vec<u32> = Vec::new();
    for (entered, payment) in (0u32..).zip(day.payments) {
        settling.clear();
        if payment.group == NO_GROUP {
            settling.push(entered);
        } else {
            let group = at(payment.group);
            waiting[group].push(entered);
            missing[group] -= 1;
            if missing[group] == 0 {
                settling = core::mem::take(&mut waiting[group]);
            }
        }
        for payment in settling.iter().map(|index| day.payments[at(*index)]) {
            balances[at(payment.debtor)] -= i128::from(payment.amount);
            balances[at(payment.creditor)] += i128::from(payment.amount);
        }
        let debtors = settling.iter().map(|index| day.payments[at(*index)].debtor);
        if let Some(account) = debtors.into_iter().find(|account| balances[at(*account)] < 0) {
            return Some(Short { payment: entered, account, balance: balances[at(account)] });
        }
        seen(entered, balances);
    }
    None
}

/// The first payment that would have to wait if each account started with this much money; `None`: everything settles
/// on entry.
///
/// # Errors
/// [`Flaw::Invalid`], [`Flaw::Shape`].
pub fn first_short(day: &Day<'_>, money: &[i128]) -> Result<Option<Short>, Flaw> {
    day.validate().map_err(Flaw::Invalid)?;
    shape("amounts of money", day.currency_of.len(), money.len())?;
    Ok(replay(day, &mut money.to_vec(), |_, _| ()))
}

/// Proves stated bounds by replaying the day once with the entry bounds as money: nothing waits, and at its peak each
/// account has nothing left, so none could do with less.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn check(day: &Day<'_>, bounds: &Bounds) -> Result<(), Flaw> {
    day.validate().map_err(Flaw::Invalid)?;
    shape("accounts", day.currency_of.len(), bounds.accounts.len())?;
    shape("currencies", at(day.currencies), bounds.systems.len())?;
    // Which accounts have their peak at which payment, without sorting: a list per payment.
    let mut next = vec![None; bounds.accounts.len()];
    let mut peaks: Vec<Option<u32>> = vec![None; day.payments.len()];
    let mut unproved = 0u32;
    for (account, need) in (0u32..).zip(&bounds.accounts) {
        let slack = Flaw::Slack { account, left: need.entry };
        match need.peak {
            Some(peak) if at(peak) >= day.payments.len() || need.entry <= 0 => return Err(slack),
            Some(peak) => {
                unproved += 1;
                next[at(account)] = peaks[at(peak)].replace(account);
            }
            None if need.entry != 0 => return Err(slack),
            None => (),
        }
    }
    let mut slack = None;
    let mut balances: Vec<i128> = bounds.accounts.iter().map(|need| need.entry).collect();
    let short = replay(day, &mut balances, |entered, balances| {
        let mut peak = peaks[at(entered)];
        while let Some(account) = peak {
            let left = balances[at(account)];
            if left != 0 && slack.is_none() {
                slack = Some(Flaw::Slack { account, left });
            }
            unproved -= 1;
            peak = next[at(account)];
        }
    });
    if let Some(short) = short {
        return Err(Flaw::Short(short));
    }
    if let Some(slack) = slack {
        return Err(slack);
    }
    assert_eq!(unproved, 0, "every peak is a payment of the day");
    sums(day, bounds, &balances)
}

/// Net and gross follow from the end of the day; systems are sums over accounts.
fn sums(day: &Day<'_>, bounds: &Bounds, balances: &[i128]) -> Result<(), Flaw> {
    let equal = |what, index, stated, found| {
        if stated == found { Ok(()) } else { Err(Flaw::Sum { what, index, stated, found }) }
    };
    let mut gross = vec![0i128; bounds.accounts.len()];
    let mut systems = vec![[0i128; 4]; bounds.systems.len()];
    for payment in day.payments {
        gross[at(payment.debtor)] += i128::from(payment.amount);
        systems[at(day.currency_of[at(payment.debtor)])][3] += 1;
    }
    for (account, need) in bounds.accounts.iter().enumerate() {
        let net = (need.entry - balances[account]).max(0);
        equal("net bound of account", account, need.net, net)?;
        equal("gross of account", account, need.gross, gross[account])?;
        let system = &mut systems[at(day.currency_of[account])];
        for (sum, part) in system.iter_mut().zip([net, need.entry, gross[account]]) {
            *sum += part;
        }
    }
    for (currency, (stated, [net, entry, gross, payments])) in bounds.systems.iter().zip(systems).enumerate() {
        equal("net bound of currency", currency, stated.net, net)?;
        equal("entry bound of currency", currency, stated.entry, entry)?;
        equal("gross of currency", currency, stated.gross, gross)?;
        equal("payments of currency", currency, stated.payments.into(), payments)?;
    }
    Ok(())
}

fn shape(what: &'static str, expected: usize, found: usize) -> Result<(), Flaw> {
    if expected == found { Ok(()) } else { Err(Flaw::Shape { what, expected, found }) }
}
