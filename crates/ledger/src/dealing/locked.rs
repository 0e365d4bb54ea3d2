//! Money set aside for a quote or an order, and settling several legs at once from it.
//!
//! A deal does not wait in a queue: what it needs is there, or it is refused. The money set aside is an ordinary hold, so
//! everybody sees it where holds are shown; only the deal it belongs to can use it. Absent on purpose: prices.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::event::{Event, Events, How};
use crate::hold::{self, Hold};
use crate::ids::{AccountId, GroupId, Key, ParticipantId, Time};
use crate::payment::Payment;
use crate::reject::{Reason, Reject, Why};
use crate::state::State;

/// Money set aside that comes free in the same decision.
pub(crate) type Freed = BTreeMap<AccountId, i64>;

/// Sets money aside. It is there: the caller has checked.
pub(crate) fn lock(state: &mut State, events: &mut Events, key: Key, account: AccountId, amount: i64, until: Time) {
    let hold =
        Hold { account, left: amount, amount, purpose: "price".into(), beneficiary: AccountId::NONE, expires: until };
    state.accounts[account.at()].held += amount;
    state.watch.touch(account);
    state.holds.insert(key, hold);
    events.push(Event::HoldPlaced { hold: key, account, amount });
    state.assert_account(account);
}

/// Gives back what is left of it, if anything is.
pub(crate) fn unlock(state: &mut State, events: &mut Events, key: Key, expired: bool) {
    if state.holds.get(&key).is_some_and(|hold| hold.left > 0) {
        hold::release(state, events, key, expired);
    }
}

/// Takes part of it back for use in this very decision.
pub(crate) fn unlock_part(state: &mut State, events: &mut Events, key: Key, amount: i64) {
    let hold = state.holds.get_mut(&key).expect("the hold of an order");
    assert!(amount <= hold.left, "X-1: an order uses no more than was set aside for it");
    if amount == hold.left {
        hold::release(state, events, key, false);
        return;
    }
    hold.left -= amount;
    let account = hold.account;
    state.accounts[account.at()].held -= amount;
    state.watch.touch(account);
    events.push(Event::HoldReleased { hold: key, account, amount, expired: false });
}

/// Whether these legs can settle together now; queues are not looked at. `dealers` own the accounts whose lack of money is
/// the dealer's.
pub(crate) fn settles(state: &State, legs: &[Payment], freed: &Freed, dealers: &[ParticipantId]) -> Result<(), Reject> {
    if !state.allows(crate::phase::SETTLE) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    let Some((at, wait)) = state.legs_obstacle(legs, freed) else {
        return Ok(());
    };
    let account = &state.accounts[at.at()];
    let available = account.available().saturating_add(freed.get(&at).copied().unwrap_or(0));
    let needed = available.saturating_add(wait.value);
    Err(match wait.why {
        Why::Funds if dealers.contains(&account.participant) => {
            Reject { refers: u64::from(at.0), ..Reject::limit(Reason::DealerFunds, available, needed) }
        }
        Why::Funds => Reject { refers: u64::from(at.0), ..Reject::limit(Reason::InsufficientFunds, available, needed) },
        Why::Bilateral
        | Why::Multilateral
        | Why::PerDay
        | Why::Behind
        | Why::Group
        | Why::ValueDate
        | Why::Earliest
        | Why::Parked
        | Why::Phase
        | Why::Stopped
        | Why::Suspended
        | Why::Reserve => Reject {
            refers: u64::from(at.0),
            ..Reject::limit(Reason::DealWaits, wait.limit, wait.limit.saturating_add(wait.value))
        },
    })
}

/// Records these legs as one group and settles it. It has been checked, and money set aside for it is free again.
pub(crate) fn settle(state: &mut State, events: &mut Events, legs: Vec<Payment>) -> GroupId {
    let group = crate::pay::record_group(state, events, legs);
    state.settle_group(events, group, How::Gross);
    group
}
