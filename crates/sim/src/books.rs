//! A bank clerk's own books: balances added up from what was told, and nothing else.
//!
//! If the ledger's balances ever differ from the sum of the postings it announced, money was moved in silence or told twice.
//! Absent on purpose: rules. The clerk does not judge, he adds.

use std::collections::{BTreeMap, BTreeSet};

use comity_ledger::State;
use comity_ledger::event::Event;
use comity_ledger::ids::{AccountId, CurrencyId, PaymentId};

use crate::model::{Broken, broken};

/// The clerk's books.
#[derive(Debug, Default)]
pub struct Books {
    balances: BTreeMap<AccountId, i128>,
    settled: BTreeSet<PaymentId>,
}

impl Books {
    /// Enters what was told.
    ///
    /// # Errors
    /// When a payment settles for the second time.
    pub fn enter(&mut self, state: &State, event: &Event) -> Result<(), Broken> {
        match event {
            Event::Settled { payment, .. } => {
                if !self.settled.insert(*payment) {
                    return Err(broken("a payment settles once", format!("payment {} settled twice", payment.0)));
                }
                let settled = state.payment(*payment);
                self.post(settled.debtor, settled.creditor, settled.amount);
            }
            Event::Funded { account, amount, .. } => {
                if let Some(currency) = currency_of(state, *account) {
                    self.post(state.currencies[currency.at()].outside, *account, *amount);
                }
            }
            Event::HoldPosted { account, creditor, amount, .. } => self.post(*account, *creditor, *amount),
            Event::Remainder { currency, from, amount } => {
                self.post(*from, state.currencies[currency.at()].remainder, *amount);
            }
            _ => {}
        }
        Ok(())
    }

    fn post(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        *self.balances.entry(debtor).or_default() -= i128::from(amount);
        *self.balances.entry(creditor).or_default() += i128::from(amount);
    }

    /// Compares with the ledger's balances.
    ///
    /// # Errors
    /// The first account that differs, or a currency whose accounts do not sum to zero.
    pub fn compare(&self, state: &State) -> Result<(), Broken> {
        let mut sums = vec![0_i128; state.currencies.len()];
        for (at, account) in state.accounts.iter().enumerate() {
            let id = AccountId(at as u32);
            let told = self.balances.get(&id).copied().unwrap_or(0);
            if told != i128::from(account.balance) {
                let what = format!("account {at} has {}, the postings told add up to {told}", account.balance);
                return Err(broken("balances are the sum of what was told", what));
            }
            sums[account.currency.at()] += i128::from(account.balance);
        }
        match sums.iter().position(|sum| *sum != 0) {
            Some(at) => Err(broken("money is conserved", format!("currency {at} sums to {}", sums[at]))),
            None => Ok(()),
        }
    }
}

fn currency_of(state: &State, account: AccountId) -> Option<CurrencyId> {
    state.account(account).map(|account| account.currency)
}
