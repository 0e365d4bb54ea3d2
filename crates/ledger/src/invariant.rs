//! Named invariants: some asserted after every entry at constant cost, all of them checked in full at intervals.
//!
//! | name | what must be true |
//! |---|---|
//! | L-1 | in every currency the sum over all accounts is zero |
//! | F-1 | money in the system never exceeds the outside cover |
//! | F-2 | the outside account mirrors the money in the system |
//! | B-1 | no balance is below its limit |
//! | B-2 | what is held is covered by balance and credit, and equals the holds |
//! | B-3 | the credit granted to all accounts of a currency is what the currency says |
//! | Q-1 | a payment waits if and only if it is recorded as waiting, once, where its record says |
//! | Q-2 | within an entry, whatever could be released was looked at |
//! | Q-3 | whatever happens by itself, at a time or on a date, happens to something that waits for it |
//! | Q-4 | what is watched is what waits, in the same order and on the same terms |
//! | S-1 | a payment settles at most once, a UETR names at most one payment |
//! | P-1 | the legs of a group stand at the same place: all waiting, all settled, or all ended |
//! | R-1 | a payment has at most one return under way or settled |
//! | R-2 | a commitment's dates ascend, and what is asked of it fits where it stands |
//! | C-1 | the nets of a cycle sum to zero in every currency |
//! | X-1 to X-5 | quotes, dealers and auctions: see `dealing/check.rs` |
//! | T-1 | journal time never goes back |
//! | U-1 | positions of a union, with what those who left took along, sum to zero |
//! | U-2 | what a position consists of is what its schedule says, whatever the way it came there |
//! | U-3 | residuals account for everything that ever fell due, and what settled them for every residual |
//! | U-4 | gross is multilateral, through time, asset, credit and special, for every member and closing and all of them |
//! | U-5 | what a union does on a date, it does to something that waits for that date |
//! | U-6 | a country is in one union at most |

use alloc::vec;

use crate::account::{IS_INTERNAL, NO_QUEUE};
use crate::command::PaymentKind;
use crate::dealing::QuoteStanding;
use crate::give_back::RecallStanding;
use crate::ids::{AccountId, CurrencyId, PaymentId};
use crate::payment::Standing;
use crate::queue::Kept;
use crate::state::{State, Timer};

/// An invariant that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// Its name.
    pub name: &'static str,
    /// The index of what it was found at: a currency, account, payment or cycle.
    pub at: u64,
}

impl core::fmt::Display for Broken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "invariant {} does not hold at index {}", self.name, self.at)
    }
}

/// Asserted after every entry: the currency touched last is looked at in turn, so every currency is looked at often.
#[inline]
pub(crate) fn assert_constant(state: &State) {
    if state.currencies.is_empty() {
        return;
    }
    let turn = state.seq as usize % state.currencies.len();
    let currency = &state.currencies[turn];
    assert!(
        0 <= currency.issued && currency.issued <= currency.cover,
        "F-1: money in the system never exceeds the outside cover"
    );
    assert!(
        state.accounts[currency.outside.at()].balance == -currency.issued,
        "F-2: the outside account mirrors the money in the system"
    );
    assert!(state.credited.is_empty(), "Q-2: whatever could be released was looked at");
}

/// Checks every invariant in full: linear in the state.
///
/// # Errors
/// The first that does not hold.
pub fn check(state: &State) -> Result<(), Broken> {
    let broken = |name, at: usize| Err(Broken { name, at: at as u64 });
    let mut sums = vec![0_i128; state.currencies.len()];
    let mut credit = vec![0_i128; state.currencies.len()];
    for account in &state.accounts {
        sums[account.currency.at()] += i128::from(account.balance);
        credit[account.currency.at()] += i128::from(account.credit);
    }
    for (at, currency) in state.currencies.iter().enumerate() {
        if sums[at] != 0 {
            return broken("L-1", at);
        }
        if currency.issued > currency.cover || currency.issued < 0 {
            return broken("F-1", at);
        }
        if state.accounts[currency.outside.at()].balance != -currency.issued {
            return broken("F-2", at);
        }
        if credit[at] != i128::from(currency.credit) {
            return broken("B-3", at);
        }
    }
    check_accounts(state)?;
    check_payments(state)?;
    check_waits(state)?;
    crate::dealing::check::check(state)?;
    if let Some(account) = state.watch_differs() {
        return broken("Q-4", account.at());
    }
    if let Some(at) = state.commitments.values().position(|commitment| !commitment.is_sound()) {
        return broken("R-2", at);
    }
    for (at, cycle) in state.cycles.iter().enumerate() {
        let mut sums = vec![0_i128; state.currencies.len()];
        for (account, net) in &cycle.nets {
            sums[state.accounts[account.at()].currency.at()] += i128::from(*net);
        }
        let follows = at == 0 || cycle.from == state.cycles[at - 1].to + 1;
        if sums.iter().any(|sum| *sum != 0) || !follows || cycle.to < cycle.from {
            return broken("C-1", at);
        }
    }
    crate::union::check::check(&state.unions).map_err(|(name, at)| Broken { name, at: at as u64 })
}

fn check_accounts(state: &State) -> Result<(), Broken> {
    let mut held = vec![0_i128; state.accounts.len()];
    for hold in state.holds.values() {
        held[hold.account.at()] += i128::from(hold.left);
    }
    for (at, account) in state.accounts.iter().enumerate() {
        if account.is(IS_INTERNAL) {
            continue;
        }
        if account.balance < -account.credit {
            return Err(Broken { name: "B-1", at: at as u64 });
        }
        if account.held > account.balance + account.credit || i128::from(account.held) != held[at] {
            return Err(Broken { name: "B-2", at: at as u64 });
        }
    }
    Ok(())
}

/// Payments whose table slots are fetched ahead of looking them up.
const AHEAD: usize = 64;

fn check_payments(state: &State) -> Result<(), Broken> {
    for (at, payment) in state.payments.iter().enumerate() {
        if at % AHEAD == 0 {
            state.warm_uetrs(&state.payments[at..state.payments.len().min(at + AHEAD)]);
        }
        let id = PaymentId(u32::try_from(at).expect("payments are numbered in 32 bits"));
        let broken = |name| Err(Broken { name, at: at as u64 });
        if (payment.standing == Standing::Waiting) != state.waiting.contains_key(&id) {
            return broken("Q-1");
        }
        if payment.kind != PaymentKind::ConversionTarget && state.find(payment.uetr) != Some(id) {
            return broken("S-1");
        }
        let standing = |other: PaymentId| state.payments[other.at()].standing;
        if payment.group.is_some() && state.legs(id).any(|leg| standing(leg) != payment.standing) {
            return broken("P-1");
        }
        if payment.link.is_some() {
            // An original names its return and a return its original; a return that failed is no longer named.
            let names_back = state.payments[payment.link.at()].link == id;
            let failed = matches!(payment.standing, Standing::Refused | Standing::Cancelled);
            if !names_back && !failed {
                return broken("R-1");
            }
        }
    }
    let mut queued = 0_usize;
    for (at, account) in state.accounts.iter().enumerate() {
        if account.queue == NO_QUEUE {
            continue;
        }
        let queue = &state.queues[account.queue as usize];
        for (spot, active) in
            queue.active.iter().map(|spot| (spot, true)).chain(queue.parked.iter().map(|spot| (spot, false)))
        {
            let (priority, rank, id) = *spot;
            queued += 1;
            let payment = &state.payments[id.at()];
            let recorded = state.waiting.get(&id).is_some_and(|waiting| {
                waiting.rank == rank
                    && match waiting.kept {
                        Kept::Active => active,
                        Kept::Parked | Kept::Blocked => !active,
                        Kept::Scheduled => false,
                    }
            });
            let here = payment.debtor == AccountId(u32::try_from(at).expect("accounts are numbered in 32 bits"));
            if !recorded || !here || payment.priority != priority {
                return Err(Broken { name: "Q-1", at: u64::from(id.0) });
            }
        }
    }
    let expected = state.waiting.values().filter(|waiting| waiting.kept != Kept::Scheduled).count();
    if queued != expected {
        return Err(Broken { name: "Q-1", at: queued as u64 });
    }
    Ok(())
}

fn check_waits(state: &State) -> Result<(), Broken> {
    if !state.credited.is_empty() {
        return Err(Broken { name: "Q-2", at: u64::from(state.credited[0].0) });
    }
    for (due, timer) in &state.timers {
        let kept = match timer {
            Timer::Earliest(id) => state.waiting.get(id).is_some_and(|waiting| waiting.earliest == *due),
            Timer::Latest(id) => state.waiting.get(id).is_some_and(|waiting| waiting.latest == *due),
            Timer::Hold(key) => state.holds.get(key).is_some_and(|hold| hold.left > 0 && hold.expires == *due),
            Timer::Recall(key) => {
                state.recalls.get(key).is_some_and(|case| case.standing == RecallStanding::Open && case.expires == *due)
            }
            Timer::Proposal(number) => {
                state.proposals.get(number).is_some_and(|proposal| proposal.proposed.expires == *due)
            }
            Timer::Quote(key) => state.dealing.quotes.get(key).is_some_and(|quote| {
                matches!(quote.standing, QuoteStanding::Open | QuoteStanding::Accepted) && quote.until == *due
            }),
            Timer::Rate(pair) => {
                let rate = state.pairs.get(pair).and_then(|pair| pair.rate.as_ref());
                rate.is_some_and(|rate| rate.until == *due)
            }
        };
        if !kept {
            return Err(Broken { name: "Q-3", at: due.0 });
        }
    }
    for (day, id) in &state.value_dated {
        let scheduled = state.waiting.get(id).is_some_and(|waiting| waiting.kept == Kept::Scheduled);
        if !scheduled || state.payments[id.at()].value_date != *day {
            return Err(Broken { name: "Q-3", at: u64::from(id.0) });
        }
    }
    Ok(())
}

/// The sum over all accounts of a currency: zero, always.
#[must_use]
pub fn sum(state: &State, currency: CurrencyId) -> i128 {
    state
        .accounts
        .iter()
        .filter(|account| account.currency == currency)
        .map(|account| i128::from(account.balance))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Q-2 lives within an entry, so only from inside can it be broken.
    #[test]
    fn q_2_a_queue_nobody_looked_at_is_found() {
        let mut state = State::new(0);
        assert_eq!(check(&state), Ok(()));
        state.credited.push_back(AccountId(3));
        assert_eq!(check(&state), Err(Broken { name: "Q-2", at: 3 }));
    }
}
