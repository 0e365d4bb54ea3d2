//! Limits and suspensions.

use crate::account::{HAS_BILATERAL, HAS_MULTILATERAL, HAS_RESERVE, IS_INTERNAL, STOPPED_IN, STOPPED_OUT, UNLIMITED};
use crate::book::CURRENCY_MAX;
use crate::command::{Direction, LimitKind, SetLimit, StopCurrency, Suspend};
use crate::event::{Event, Events};
use crate::ids::{AccountId, PaymentId};
use crate::queue::Kept;
use crate::reject::{Reason, Reject};
use crate::state::{BilateralLimit, State};

/// Sets, changes or removes a limit.
pub(crate) fn set(state: &mut State, order: &SetLimit) -> Result<(), Reject> {
    let account = state
        .account(order.account)
        .filter(|account| !account.is(IS_INTERNAL))
        .ok_or(Reject::refers(Reason::UnknownDebtor, u64::from(order.account.0)))?;
    if let Some(value) = order.value.filter(|value| !(0..=CURRENCY_MAX).contains(value)) {
        return Err(Reject::limit(Reason::OutOfRange, CURRENCY_MAX, value));
    }
    let at = order.account.at();
    let value = order.value.unwrap_or(UNLIMITED);
    match order.kind {
        LimitKind::PerPayment => state.accounts[at].payment_cap = value,
        LimitKind::PerDay => state.accounts[at].day_cap = value,
        LimitKind::Overnight => state.sides[at].overnight = value,
        LimitKind::Multilateral => {
            state.sides[at].multilateral = value;
            state.accounts[at].mark(HAS_MULTILATERAL, order.value.is_some());
        }
        LimitKind::Reserve => {
            let reserve = order.value.filter(|value| *value > 0);
            state.accounts[at].mark(HAS_RESERVE, reserve.is_some());
            match reserve {
                Some(value) => state.reserves.insert(order.account, value),
                None => state.reserves.remove(&order.account),
            };
        }
        LimitKind::NetDebit => {
            let credit = order.value.unwrap_or(0);
            let (used, before) = (account.held - account.balance, account.credit);
            let currency = account.currency;
            if credit < used {
                // B-1 must hold at once: credit in use cannot be taken away.
                return Err(Reject::limit(Reason::InsufficientFunds, used, credit));
            }
            let currency = &mut state.currencies[currency.at()];
            let total = i128::from(currency.credit) - i128::from(before) + i128::from(credit);
            if total > i128::from(CURRENCY_MAX) {
                return Err(Reject::limit(Reason::OutOfRange, CURRENCY_MAX, credit));
            }
            currency.credit = i64::try_from(total).expect("within the bound just checked");
            state.accounts[at].credit = credit;
        }
        LimitKind::Bilateral => set_bilateral(state, order)?,
    }
    state.credited.push_back(order.account);
    Ok(())
}

fn set_bilateral(state: &mut State, order: &SetLimit) -> Result<(), Reject> {
    let currency = state.accounts[order.account.at()].currency;
    let counterparty = state
        .account(order.counterparty)
        .filter(|account| !account.is(IS_INTERNAL))
        .ok_or(Reject::refers(Reason::UnknownCreditor, u64::from(order.counterparty.0)))?;
    if counterparty.currency != currency {
        return Err(Reject::because(Reason::WrongCurrency));
    }
    if order.counterparty == order.account {
        return Err(Reject::because(Reason::SameAccount));
    }
    let key = (order.account, order.counterparty);
    match order.value {
        Some(limit) => {
            // A new limit starts to count now; a changed one keeps what was counted.
            state.bilateral.entry(key).or_insert(BilateralLimit { limit, net: 0 }).limit = limit;
            for id in [order.account, order.counterparty] {
                state.accounts[id.at()].mark(HAS_BILATERAL, true);
            }
        }
        None => {
            state.bilateral.remove(&key);
        }
    }
    Ok(())
}

/// Suspends or reactivates a participant. What waits because of it is set aside, and comes back to its place.
pub(crate) fn suspend(state: &mut State, events: &mut Events, order: &Suspend) -> Result<(), Reject> {
    if state.participants.get(order.participant.at()).is_none() {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.participant.0)));
    }
    let (out, incoming) = match order.direction {
        Direction::Out => (true, false),
        Direction::In => (false, true),
        Direction::Both => (true, true),
    };
    let flags = if out { STOPPED_OUT } else { 0 } | if incoming { STOPPED_IN } else { 0 };
    let accounts: alloc::vec::Vec<AccountId> = state
        .account_of
        .range((order.participant, crate::ids::CurrencyId(0))..=(order.participant, crate::ids::CurrencyId::NONE))
        .filter(|((_, currency), _)| !order.currency.is_some() || *currency == order.currency)
        .map(|(_, account)| *account)
        .collect();
    let sponsored = state.participants[order.participant.at()].sponsor.is_some();
    if accounts.is_empty() && !sponsored {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.currency.0)));
    }
    if sponsored && order.currency.is_some() {
        // A sponsored participant has no accounts: it is stopped as a whole.
        return Err(Reject::refers(Reason::OutOfRange, u64::from(order.currency.0)));
    }
    for account in &accounts {
        state.accounts[account.at()].mark(flags, order.suspended);
    }
    if sponsored {
        let participant = &mut state.participants[order.participant.at()];
        if out {
            participant.stopped_out = order.suspended;
        }
        if incoming {
            participant.stopped_in = order.suspended;
        }
    }
    events.push(Event::Suspension {
        participant: order.participant,
        currency: order.currency,
        direction: order.direction,
        suspended: order.suspended,
    });
    set_blocked_aside(state, events);
    for account in accounts {
        state.credited.push_back(account);
    }
    Ok(())
}

/// Moves waiting payments in and out of consideration after a suspension changed; a group moves as one.
fn set_blocked_aside(state: &mut State, events: &mut Events) {
    let waiting: alloc::vec::Vec<(PaymentId, Kept)> =
        state.waiting.iter().map(|(id, waiting)| (*id, waiting.kept)).collect();
    for (id, kept) in waiting {
        let blocked = state.legs(id).any(|leg| state.is_blocked(&state.payments[leg.at()]));
        match (kept, blocked) {
            (Kept::Active, true) => state.set_kept(events, id, Kept::Blocked),
            (Kept::Blocked, false) => state.set_kept(events, id, Kept::Active),
            (Kept::Active | Kept::Parked | Kept::Scheduled, false)
            | (Kept::Blocked | Kept::Parked | Kept::Scheduled, true) => {}
        }
    }
}

/// An authority stops or starts its own currency.
pub(crate) fn stop_currency(state: &mut State, events: &mut Events, order: &StopCurrency) -> Result<(), Reject> {
    let currency = state.currencies.get_mut(order.currency.at()).ok_or(Reject::because(Reason::Unknown))?;
    currency.stopped = order.stopped;
    events.push(Event::CurrencyStopped { currency: order.currency, stopped: order.stopped });
    if !order.stopped {
        state.all_queues_may_go();
    }
    Ok(())
}
