//! Holds: money set aside for a named purpose, with an expiry.
//!
//! A hold lowers what its account may spend and moves nothing; posting it pays, fully or partly; voiding or expiry gives
//! the rest back. A hold with a beneficiary can only be paid to it, and only the beneficiary can give it up early.

use alloc::string::String;

use crate::account::{Account, IS_INTERNAL};
use crate::command::{PlaceHold, PostHold};
use crate::event::{Event, Events};
use crate::ids::{AccountId, Key, Time};
use crate::reject::{Reason, Reject};
use crate::state::{State, Timer};
use crate::wire::wire_struct;

/// Money set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Whose money.
    pub account: AccountId,
    /// What is left of it, minor units; zero when the hold is over.
    pub left: i64,
    /// What was set aside at first.
    pub amount: i64,
    /// What for.
    pub purpose: String,
    /// The only account it may be paid to; `NONE` when open.
    pub beneficiary: AccountId,
    /// When the rest goes back.
    pub expires: Time,
}
wire_struct!(Hold { account, left, amount, purpose, beneficiary, expires });

/// Longest purpose, bytes.
const PURPOSE_MAX: usize = 140;

pub(crate) fn place(state: &mut State, events: &mut Events, order: &PlaceHold) -> Result<(), Reject> {
    if order.purpose.is_empty() || order.purpose.len() > PURPOSE_MAX {
        return Err(Reject::limit(Reason::OutOfRange, PURPOSE_MAX as i64, order.purpose.len() as i64));
    }
    if state.holds.contains_key(&order.hold) || state.dealing.owns_hold(order.hold) {
        return Err(Reject::because(Reason::Exists));
    }
    let account = settlement_account(state, order.account, Reason::UnknownDebtor)?;
    if order.beneficiary.is_some() {
        let beneficiary = settlement_account(state, order.beneficiary, Reason::UnknownCreditor)?;
        if order.beneficiary == order.account {
            return Err(Reject::because(Reason::SameAccount));
        }
        if beneficiary.currency != account.currency {
            return Err(Reject::because(Reason::WrongCurrency));
        }
    }
    if order.amount <= 0 {
        return Err(Reject::limit(Reason::ZeroAmount, 1, order.amount));
    }
    if order.expires <= state.at {
        return Err(Reject::because(Reason::TimeWindow));
    }
    // A hold is no way around the reserve for urgent payments.
    let available = account.available() - state.reserve(order.account);
    if order.amount > available {
        return Err(Reject::limit(Reason::InsufficientFunds, available, order.amount));
    }
    // Nothing below can refuse.
    state.accounts[order.account.at()].held += order.amount;
    state.watch.touch(order.account);
    state.timers.insert((order.expires, Timer::Hold(order.hold)));
    state.holds.insert(
        order.hold,
        Hold {
            account: order.account,
            left: order.amount,
            amount: order.amount,
            purpose: order.purpose.clone(),
            beneficiary: order.beneficiary,
            expires: order.expires,
        },
    );
    events.push(Event::HoldPlaced { hold: order.hold, account: order.account, amount: order.amount });
    Ok(())
}

pub(crate) fn post(state: &mut State, events: &mut Events, order: &PostHold) -> Result<(), Reject> {
    not_of_a_deal(state, order.hold)?;
    let hold = open(state, order.hold)?;
    let (account, left, beneficiary) = (hold.account, hold.left, hold.beneficiary);
    let creditor = settlement_account(state, order.creditor, Reason::UnknownCreditor)?;
    let debtor = &state.accounts[account.at()];
    if order.creditor == account {
        return Err(Reject::because(Reason::SameAccount));
    }
    if creditor.currency != debtor.currency {
        return Err(Reject::because(Reason::WrongCurrency));
    }
    if state.currencies[debtor.currency.at()].stopped {
        return Err(Reject::because(Reason::CurrencyStopped));
    }
    if debtor.is(crate::account::STOPPED_OUT) {
        return Err(Reject::because(Reason::DebtorSuspended));
    }
    if creditor.is(crate::account::STOPPED_IN) {
        return Err(Reject::because(Reason::CreditorSuspended));
    }
    if !state.allows(crate::phase::SETTLE) {
        return Err(Reject::because(Reason::PhaseClosed));
    }
    if state.is_closed(debtor.currency) {
        let today = i64::from(state.day.date.0);
        return Err(Reject::limit(Reason::ValueDate, today, today));
    }
    if order.amount > debtor.payment_cap {
        return Err(Reject::limit(Reason::PerPaymentLimit, debtor.payment_cap, order.amount));
    }
    if beneficiary.is_some() && beneficiary != order.creditor {
        return Err(Reject::refers(Reason::HoldUse, u64::from(beneficiary.0)));
    }
    if order.amount <= 0 || order.amount > left {
        return Err(Reject::limit(Reason::HoldUse, left, order.amount));
    }
    // The money was set aside for this, but it counts towards the limits like any payment, or a hold would be a way
    // around them.
    let wait = state.net_limit(account, order.creditor, order.amount).or_else(|| debtor.over_day_cap(order.amount));
    if let Some(wait) = wait {
        return Err(Reject::limit(Reason::HoldUse, wait.limit, wait.limit.saturating_add(wait.value)));
    }
    // Nothing below can refuse.
    state.accounts[account.at()].held -= order.amount;
    state.watch.touch(account);
    state.holds.get_mut(&order.hold).expect("the hold was found above").left -= order.amount;
    state.post(account, order.creditor, order.amount);
    state.assert_account(account);
    events.push(Event::HoldPosted { hold: order.hold, account, creditor: order.creditor, amount: order.amount });
    if !order.keep_rest || order.amount == left {
        release(state, events, order.hold, false);
    }
    state.credited.push_back(order.creditor);
    Ok(())
}

/// The owner of an open hold, or the beneficiary of a directed one, gives it up.
pub(crate) fn void(state: &mut State, events: &mut Events, key: Key) -> Result<(), Reject> {
    not_of_a_deal(state, key)?;
    open(state, key)?;
    release(state, events, key, false);
    Ok(())
}

/// Money set aside for a quote or an auction order is used by the deal alone.
fn not_of_a_deal(state: &State, key: Key) -> Result<(), Reject> {
    if state.dealing.owns_hold(key) { Err(Reject::because(Reason::HoldOfDeal)) } else { Ok(()) }
}

/// An account of a participant: the authority's own two take part in no hold.
fn settlement_account(state: &State, id: AccountId, unknown: Reason) -> Result<&Account, Reject> {
    state.account(id).filter(|account| !account.is(IS_INTERNAL)).ok_or(Reject::refers(unknown, u64::from(id.0)))
}

/// The hold, if it is not over.
fn open(state: &State, key: Key) -> Result<&Hold, Reject> {
    state.holds.get(&key).filter(|hold| hold.left > 0).ok_or(Reject::because(Reason::Unknown))
}

/// Gives what is left back to the account.
pub(crate) fn release(state: &mut State, events: &mut Events, key: Key, expired: bool) {
    let hold = state.holds.get_mut(&key).expect("a released hold exists");
    let (account, amount, expires) = (hold.account, hold.left, hold.expires);
    hold.left = 0;
    state.timers.remove(&(expires, Timer::Hold(key)));
    if amount > 0 {
        state.accounts[account.at()].held -= amount;
        state.watch.touch(account);
        events.push(Event::HoldReleased { hold: key, account, amount, expired });
        state.credited.push_back(account);
    }
}
