//! Issuance and redemption: the only ways money enters and leaves, by the currency's authority alone.
//!
//! The outside account of a currency mirrors the money in the system; the cover is the outside money behind it.
//! F-1: in-system money never exceeds the outside cover.

use crate::account::IS_INTERNAL;
use crate::book::{AMOUNT_MAX, BASE_MAX, CURRENCY_MAX};
use crate::command::{AdjustCover, Funding, Issue};
use crate::event::{Event, Events};
use crate::ids::{AccountId, CurrencyId, Key};
use crate::phase;
use crate::reject::{Reason, Reject};
use crate::state::State;

/// Outside money arrived: cover and account grow together.
pub(crate) fn fund_in(state: &mut State, events: &mut Events, order: &Funding) -> Result<(), Reject> {
    let currency = check(state, order, phase::FUND)?;
    let issued = state.currencies[currency.at()].issued;
    if order.amount > CURRENCY_MAX - issued || order.amount > CURRENCY_MAX - state.currencies[currency.at()].cover {
        return Err(Reject::limit(Reason::OutOfRange, CURRENCY_MAX, order.amount));
    }
    room(state, order.account, order.amount)?;
    state.outside_refs.insert((currency, order.outside_ref));
    state.currencies[currency.at()].cover += order.amount;
    issue_now(state, events, order.account, order.amount, false);
    Ok(())
}

/// Money leaves to the outside: account and cover shrink together.
pub(crate) fn defund(state: &mut State, events: &mut Events, order: &Funding) -> Result<(), Reject> {
    let currency = check(state, order, phase::DEFUND)?;
    let account = &state.accounts[order.account.at()];
    // Credit is for payments inside: only money that is there may leave.
    let free = account.balance.min(account.available());
    if order.amount > free {
        return Err(Reject::limit(Reason::InsufficientFunds, free, order.amount));
    }
    // Where credit is used, accounts hold more than ever came in: only what came in can leave.
    let issued = state.currencies[currency.at()].issued;
    if order.amount > issued {
        return Err(Reject::limit(Reason::CoverExceeded, issued, order.amount));
    }
    room(state, order.account, -order.amount)?;
    state.outside_refs.insert((currency, order.outside_ref));
    redeem_now(state, events, order.account, order.amount, false);
    Ok(())
}

/// The outside cover changed without an account.
pub(crate) fn adjust_cover(state: &mut State, order: &AdjustCover) -> Result<(), Reject> {
    let currency = state.currencies.get(order.currency.at()).ok_or(Reject::because(Reason::Unknown))?;
    fresh_ref(state, order.currency, order.outside_ref)?;
    let cover = currency.cover.saturating_add(order.change);
    if cover < currency.issued {
        return Err(Reject::limit(Reason::CoverExceeded, currency.issued, cover));
    }
    if cover > CURRENCY_MAX {
        return Err(Reject::limit(Reason::OutOfRange, CURRENCY_MAX, cover));
    }
    state.outside_refs.insert((order.currency, order.outside_ref));
    state.currencies[order.currency.at()].cover = cover;
    Ok(())
}

/// Issues against cover already there.
pub(crate) fn issue(state: &mut State, events: &mut Events, order: &Issue) -> Result<(), Reject> {
    let currency = settlement_account(state, order.account)?;
    amount(order.amount)?;
    if !state.allows(phase::FUND) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    room(state, order.account, order.amount)?;
    let currency = &state.currencies[currency.at()];
    if order.amount > currency.cover - currency.issued {
        return Err(Reject::limit(Reason::CoverExceeded, currency.cover - currency.issued, order.amount));
    }
    issue_now(state, events, order.account, order.amount, false);
    Ok(())
}

/// End-of-day rule: what exceeds an account's overnight limit is redeemed, as far as it is free.
pub(crate) fn sweep(state: &mut State, events: &mut Events) {
    for at in 0..state.accounts.len() {
        let account = &state.accounts[at];
        let excess = account
            .balance
            .saturating_sub(state.sides[at].overnight)
            .min(account.balance - account.held)
            .min(state.currencies[account.currency.at()].issued)
            .min(BASE_MAX.saturating_add(state.sides[at].cycle_base.min(state.sides[at].day_base)));
        if !account.is(IS_INTERNAL) && excess > 0 {
            let id = AccountId(u32::try_from(at).expect("fewer than 2^32 accounts"));
            redeem_now(state, events, id, excess, true);
        }
    }
}

fn check(state: &State, order: &Funding, needed: u32) -> Result<CurrencyId, Reject> {
    let currency = settlement_account(state, order.account)?;
    fresh_ref(state, currency, order.outside_ref)?;
    amount(order.amount)?;
    if !state.allows(needed) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    Ok(currency)
}

fn settlement_account(state: &State, id: AccountId) -> Result<CurrencyId, Reject> {
    match state.account(id) {
        Some(account) if !account.is(IS_INTERNAL) => Ok(account.currency),
        _ => Err(Reject::refers(Reason::UnknownDebtor, u64::from(id.0))),
    }
}

/// Whether the account's opening positions of the day and of the cycle may be moved by this much.
fn room(state: &State, account: AccountId, change: i64) -> Result<(), Reject> {
    let side = &state.sides[account.at()];
    for base in [side.day_base, side.cycle_base] {
        let moved = base.saturating_add(change);
        if moved.saturating_abs() > BASE_MAX {
            return Err(Reject::limit(Reason::OutOfRange, BASE_MAX, moved));
        }
    }
    Ok(())
}

fn amount(amount: i64) -> Result<(), Reject> {
    if amount <= 0 || amount > AMOUNT_MAX {
        return Err(Reject::limit(Reason::ZeroAmount, AMOUNT_MAX, amount));
    }
    Ok(())
}

fn fresh_ref(state: &State, currency: CurrencyId, outside_ref: Key) -> Result<(), Reject> {
    if state.outside_refs.contains(&(currency, outside_ref)) {
        return Err(Reject::because(Reason::Exists));
    }
    Ok(())
}

fn issue_now(state: &mut State, events: &mut Events, account: AccountId, amount: i64, sweep: bool) {
    let currency = &mut state.currencies[state.accounts[account.at()].currency.at()];
    currency.issued += amount;
    let outside = currency.outside;
    state.post_aside(outside, account, amount);
    events.push(Event::Funded { account, amount, sweep });
    state.credited.push_back(account);
}

fn redeem_now(state: &mut State, events: &mut Events, account: AccountId, amount: i64, sweep: bool) {
    let currency = &mut state.currencies[state.accounts[account.at()].currency.at()];
    currency.issued -= amount;
    currency.cover -= amount;
    let outside = currency.outside;
    state.post_aside(account, outside, amount);
    state.assert_account(account);
    events.push(Event::Funded { account, amount: -amount, sweep });
}
