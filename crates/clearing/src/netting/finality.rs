//! The checks before a net cycle is final: nothing that was computed elsewhere is believed.
//!
//! In order: accounts exist, belong to the settlement and have the currency; amounts are valid for their currency; the
//! nets of each currency sum to zero; each net is the sum of its instructions; postings bring each account by its net, with
//! the balance expected after every single one, never below the floor. Several currencies at once, all or nothing.
//!
//! Absent on purpose: the states of a cycle and who confirms it; the ledger has them.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::at;

/// An account as it stands before the cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Index of its currency.
    pub currency: u32,
    /// Whether it is of the type that settles nets.
    pub settles: bool,
    /// Minor units.
    pub balance: i64,
    /// Least balance permitted while nets are posted.
    pub floor: i64,
}

/// `debtor` pays `creditor`; indices of accounts of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Account that owes.
    pub debtor: u32,
    /// Account that is owed.
    pub creditor: u32,
    /// Minor units, above zero.
    pub amount: i64,
}

/// The net of an account: positive receives, negative pays. Accounts without one have a net of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    /// The account.
    pub account: u32,
    /// Minor units, not zero.
    pub amount: i64,
}

/// A posting and the balance expected after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: u32,
    /// Minor units; positive raises the balance.
    pub amount: i64,
    /// The balance after this posting.
    pub balance: i64,
}

/// A cycle as it is claimed.
#[derive(Clone, Copy, Debug)]
pub struct Cycle<'a> {
    /// Per currency, the smallest amount it settles in: every amount is a multiple of it.
    pub steps: &'a [i64],
    /// All accounts.
    pub accounts: &'a [Account],
    /// What the cycle nets.
    pub instructions: &'a [Instruction],
    /// Its nets, each account at most once.
    pub nets: &'a [Net],
    /// How they are booked, in order.
    pub postings: &'a [Posting],
}

/// Why a cycle must not become final, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// An account has a currency that does not exist, or a currency has no step.
    Currency { account: u32, currency: u32 },
    /// Something names an account that does not exist.
    Missing { what: &'static str, index: usize, account: u32 },
    /// An account of another type.
    Type { what: &'static str, index: usize, account: u32 },
    /// An instruction between accounts of two currencies, or from an account to itself.
    Pair { instruction: usize },
    /// An amount that is not above zero, is zero, or is no multiple of the currency's step.
    Amount { what: &'static str, index: usize, amount: i64, step: i64 },
    /// Nets of a currency that do not sum to zero.
    Sum { currency: u32, sum: i128 },
    /// An account has two nets.
    Twice { net: usize, account: u32 },
    /// A net that is not the sum of its instructions.
    Net { account: u32, claimed: i128, instructions: i128 },
    /// A balance after a posting that is not the one before plus the amount.
    Balance { posting: usize, expected: i128, claimed: i64 },
    /// A balance below the floor.
    Floor { posting: usize, balance: i64, floor: i64 },
    /// Postings that do not add up to the net.
    Posted { account: u32, posted: i128, net: i128 },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Currency { account, currency } => {
                write!(f, "account {account} has currency {currency}, which does not exist")
            }
            Self::Missing { what, index, account } => {
                write!(f, "{what} {index} names account {account}, which does not exist")
            }
            Self::Type { what, index, account } => {
                write!(f, "{what} {index} names account {account}, which does not settle nets")
            }
            Self::Pair { instruction } => {
                write!(f, "instruction {instruction} is not between two accounts of one currency")
            }
            Self::Amount { what, index, amount, step } => {
                write!(f, "amount {amount} of {what} {index} is not valid in steps of {step}")
            }
            Self::Sum { currency, sum } => write!(f, "nets of currency {currency} sum to {sum}, not to 0"),
            Self::Twice { net, account } => write!(f, "net {net} is the second of account {account}"),
            Self::Net { account, claimed, instructions } => {
                write!(f, "net {claimed} of account {account} is not the sum {instructions} of its instructions")
            }
            Self::Balance { posting, expected, claimed } => {
                write!(f, "posting {posting} claims a balance of {claimed}, expected is {expected}")
            }
            Self::Floor { posting, balance, floor } => {
                write!(f, "posting {posting} leaves a balance of {balance}, below the floor of {floor}")
            }
            Self::Posted { account, posted, net } => {
                write!(f, "{posted} is posted to account {account}, its net is {net}")
            }
        }
    }
}

impl core::error::Error for Flaw {}

/// Checks a cycle; returns what moves per currency (the sum of positive nets).
///
/// # Errors
/// The first [`Flaw`] in order of precedence.
pub fn check(cycle: &Cycle<'_>) -> Result<Vec<i128>, Flaw> {
    check_references(cycle)?;
    check_amounts(cycle)?;
    let currency = |account: u32| at(cycle.accounts[at(account)].currency);
    let mut sums = vec![0i128; cycle.steps.len()];
    let mut moved = sums.clone();
    for net in cycle.nets {
        sums[currency(net.account)] += i128::from(net.amount);
        moved[currency(net.account)] += i128::from(net.amount).max(0);
    }
    if let Some((currency, &sum)) = (0u32..).zip(&sums).find(|(_, sum)| **sum != 0) {
        return Err(Flaw::Sum { currency, sum });
    }
    let mut nets = vec![0i128; cycle.accounts.len()];
    for (index, net) in cycle.nets.iter().enumerate() {
        if nets[at(net.account)] != 0 {
            return Err(Flaw::Twice { net: index, account: net.account });
        }
        nets[at(net.account)] = net.amount.into();
    }
    let mut owed = vec![0i128; cycle.accounts.len()];
    for one in cycle.instructions {
        owed[at(one.debtor)] -= i128::from(one.amount);
        owed[at(one.creditor)] += i128::from(one.amount);
    }
    for (account, (&claimed, &instructions)) in (0u32..).zip(nets.iter().zip(&owed)) {
        if claimed != instructions {
            return Err(Flaw::Net { account, claimed, instructions });
        }
    }
    check_postings(cycle, &nets)?;
    Ok(moved)
}

/// Every account named, with what names it.
fn named<'a>(cycle: &'a Cycle<'_>) -> impl Iterator<Item = (&'static str, usize, u32)> + 'a {
    let instructions =
        cycle.instructions.iter().enumerate().flat_map(|(index, one)| [(index, one.debtor), (index, one.creditor)]);
    let nets = cycle.nets.iter().enumerate().map(|(index, net)| (index, net.account));
    let postings = cycle.postings.iter().enumerate().map(|(index, posting)| (index, posting.account));
    instructions
        .map(|(index, account)| ("instruction", index, account))
        .chain(nets.map(|(index, account)| ("net", index, account)))
        .chain(postings.map(|(index, account)| ("posting", index, account)))
}

fn check_references(cycle: &Cycle<'_>) -> Result<(), Flaw> {
    for (account, own) in (0u32..).zip(cycle.accounts) {
        if cycle.steps.get(at(own.currency)).is_none_or(|step| *step < 1) {
            return Err(Flaw::Currency { account, currency: own.currency });
        }
    }
    for (what, index, account) in named(cycle) {
        match cycle.accounts.get(at(account)) {
            None => return Err(Flaw::Missing { what, index, account }),
            Some(own) if !own.settles => return Err(Flaw::Type { what, index, account }),
            Some(_) => {}
        }
    }
    let currency = |account: u32| cycle.accounts[at(account)].currency;
    let apart = |one: &Instruction| one.debtor == one.creditor || currency(one.debtor) != currency(one.creditor);
    match cycle.instructions.iter().position(apart) {
        Some(instruction) => Err(Flaw::Pair { instruction }),
        None => Ok(()),
    }
}

fn check_amounts(cycle: &Cycle<'_>) -> Result<(), Flaw> {
    let step = |account: u32| cycle.steps[at(cycle.accounts[at(account)].currency)];
    let amounts = |what, index, account, amount: i64, valid: bool| {
        let step = step(account);
        if valid && amount % step == 0 { Ok(()) } else { Err(Flaw::Amount { what, index, amount, step }) }
    };
    for (index, one) in cycle.instructions.iter().enumerate() {
        amounts("instruction", index, one.debtor, one.amount, one.amount > 0)?;
    }
    for (index, net) in cycle.nets.iter().enumerate() {
        amounts("net", index, net.account, net.amount, net.amount != 0)?;
    }
    for (index, posting) in cycle.postings.iter().enumerate() {
        amounts("posting", index, posting.account, posting.amount, posting.amount != 0)?;
    }
    Ok(())
}

fn check_postings(cycle: &Cycle<'_>, nets: &[i128]) -> Result<(), Flaw> {
    let mut posted = vec![0i128; cycle.accounts.len()];
    for (index, posting) in cycle.postings.iter().enumerate() {
        let own = &cycle.accounts[at(posting.account)];
        posted[at(posting.account)] += i128::from(posting.amount);
        let expected = i128::from(own.balance) + posted[at(posting.account)];
        if expected != i128::from(posting.balance) {
            return Err(Flaw::Balance { posting: index, expected, claimed: posting.balance });
        }
        if posting.balance < own.floor {
            return Err(Flaw::Floor { posting: index, balance: posting.balance, floor: own.floor });
        }
    }
    for (account, (&posted, &net)) in (0u32..).zip(posted.iter().zip(nets)) {
        if posted != net {
            return Err(Flaw::Posted { account, posted, net });
        }
    }
    Ok(())
}
