//! Taking in a payment: repeated or new, refused, settled at once, or queued with the reason.
//!
//! The order of checks is the order of [`Reason`]. Absent on purpose: messages and BICs; the gateway resolved them.

use crate::account::{IS_INTERNAL, STOPPED_IN, STOPPED_OUT};
use crate::book::AMOUNT_MAX;
use crate::command::{Conversion, Instruction, PaymentKind};
use crate::convert;
use crate::event::{Event, Events, How};
use crate::group::{Group, LEGS};
use crate::ids::{AccountId, GroupId, PaymentId, Time, Uetr};
use crate::payment::{Payment, Standing};
use crate::phase;
use crate::queue::Kept;
use crate::reject::{Reason, Reject, Wait, Why};
use crate::state::State;

/// One payment.
#[inline]
pub(crate) fn pay(
    state: &mut State,
    events: &mut Events,
    order: &Instruction,
    link: PaymentId,
) -> Result<(), Reject> {
    if already(state, events, order)? {
        return Ok(());
    }
    let refusal = check(state, order);
    let id = record(state, order, GroupId::NONE, link);
    state.uetrs.insert(id, &state.payments);
    match refusal {
        Some(reject) => refuse(state, events, id, reject),
        None => place(state, events, id, order),
    }
    Ok(())
}

/// Several payments in one decision.
pub(crate) fn pay_group(
    state: &mut State,
    events: &mut Events,
    orders: &[Instruction],
) -> Result<(), Reject> {
    if !LEGS.contains(&orders.len()) {
        return Err(Reject::limit(
            Reason::GroupSize,
            *LEGS.end() as i64,
            orders.len() as i64,
        ));
    }
    for (at, order) in orders.iter().enumerate() {
        if orders[..at]
            .iter()
            .any(|earlier| earlier.uetr == order.uetr)
        {
            return Err(Reject::refers(Reason::UetrReused, state.seq));
        }
    }
    let known = orders
        .iter()
        .filter(|order| state.find(order.uetr).is_some())
        .count();
    if known > 0 {
        for order in orders {
            if !already(state, events, order)? {
                // Some legs are known and this one is not: it is not the same group.
                return Err(Reject::refers(Reason::UetrReused, state.seq));
            }
        }
        return Ok(());
    }
    let refusal = orders
        .iter()
        .find_map(|order| check(state, order).map(|reject| (order.uetr, reject)));
    let group = open_group(state, events, orders.len(), AccountId::NONE, 0);
    for order in orders {
        let id = record(state, order, group, PaymentId::NONE);
        state.uetrs.insert(id, &state.payments);
    }
    place_group(state, events, group, &orders[0], refusal);
    Ok(())
}

/// A payment that debits one currency and credits another, at the approved rate.
pub(crate) fn pay_converted(
    state: &mut State,
    events: &mut Events,
    order: &Conversion,
    link: PaymentId,
) -> Result<(), Reject> {
    let instruction = &order.instruction;
    if already(state, events, instruction)? {
        return Ok(());
    }
    let legs = check_parties(state, instruction).map_or_else(|| convert::legs(state, order), Err);
    let legs = match legs {
        Ok(legs) => legs,
        Err(reject) => {
            let id = record(state, instruction, GroupId::NONE, link);
            state.uetrs.insert(id, &state.payments);
            refuse(state, events, id, reject);
            return Ok(());
        }
    };
    let refusal = check(state, &legs.source).or_else(|| check(state, &legs.target));
    let group = open_group(state, events, 2, legs.provider, legs.remainder);
    let id = record(state, &legs.source, group, link);
    state.uetrs.insert(id, &state.payments);
    record(state, &legs.target, group, PaymentId::NONE);
    place_group(
        state,
        events,
        group,
        &legs.source,
        refusal.map(|reject| (instruction.uetr, reject)),
    );
    Ok(())
}

/// Whether this payment was taken in before: the identical one is answered again, another with its UETR is refused.
#[inline]
fn already(state: &State, events: &mut Events, order: &Instruction) -> Result<bool, Reject> {
    if order.uetr.0 == 0 {
        return Err(Reject::because(Reason::OutOfRange));
    }
    let Some(id) = state.find(order.uetr) else {
        return Ok(false);
    };
    let known = &state.payments[id.at()];
    // A conversion's amount may be on either side; its message fingerprint covers it.
    let same = known.message == order.message
        && known.debtor == order.debtor
        && (known.group.is_some()
            || (known.creditor == order.creditor && known.amount == order.amount));
    if !same {
        return Err(Reject::refers(Reason::UetrReused, known.seq));
    }
    events.push(Event::Repeated {
        original: known.seq,
        payment: id,
    });
    Ok(true)
}

/// The first reason to refuse, if any.
#[inline]
fn check(state: &State, order: &Instruction) -> Option<Reject> {
    if let Some(reject) = check_parties(state, order) {
        return Some(reject);
    }
    let debtor = &state.accounts[order.debtor.at()];
    let creditor = &state.accounts[order.creditor.at()];
    if debtor.currency != creditor.currency {
        return Some(Reject::because(Reason::WrongCurrency));
    }
    let currency = &state.currencies[debtor.currency.at()];
    if currency.stopped {
        return Some(Reject::because(Reason::CurrencyStopped));
    }
    if debtor.is(STOPPED_OUT) || state.participant_stopped(order.debtor_for).0 {
        return Some(Reject::because(Reason::DebtorSuspended));
    }
    if creditor.is(STOPPED_IN) || state.participant_stopped(order.creditor_for).1 {
        return Some(Reject::because(Reason::CreditorSuspended));
    }
    let needed = if order.kind == PaymentKind::Return {
        phase::RETURN
    } else {
        phase::ENTRY
    };
    if !state.allows(needed) {
        return Some(Reject::refers(
            Reason::PhaseClosed,
            u64::from(state.day.phase),
        ));
    }
    let cutoff = state.day.cutoff(debtor.currency);
    if cutoff.is_set() && state.at > cutoff {
        return Some(Reject::limit(
            Reason::CutoffPassed,
            time(cutoff),
            time(state.at),
        ));
    }
    if order.value_date.is_set() && order.value_date != state.day.date {
        let last = state.day.date.0 + state.options().value_days_max;
        if order.value_date < state.day.date
            || order.value_date.0 > last
            || !currency.calendar.is_open(order.value_date)
        {
            return Some(Reject::limit(
                Reason::ValueDate,
                i64::from(state.day.date.0),
                i64::from(order.value_date.0),
            ));
        }
    }
    if order.latest.is_set() && (order.latest <= order.earliest || order.latest <= state.at) {
        return Some(Reject::limit(
            Reason::TimeWindow,
            time(state.at),
            time(order.latest),
        ));
    }
    if order.amount > debtor.payment_cap {
        return Some(Reject::limit(
            Reason::PerPaymentLimit,
            debtor.payment_cap,
            order.amount,
        ));
    }
    None
}

/// The part of the checks that needs no common currency.
#[inline]
fn check_parties(state: &State, order: &Instruction) -> Option<Reject> {
    let Some(debtor) = state
        .account(order.debtor)
        .filter(|account| !account.is(IS_INTERNAL))
    else {
        return Some(Reject::refers(
            Reason::UnknownDebtor,
            u64::from(order.debtor.0),
        ));
    };
    if order.debtor_for.is_some() && !sponsored_by(state, order.debtor_for, debtor.participant) {
        return Some(Reject::refers(
            Reason::UnknownDebtor,
            u64::from(order.debtor_for.0),
        ));
    }
    let Some(creditor) = state
        .account(order.creditor)
        .filter(|account| !account.is(IS_INTERNAL))
    else {
        return Some(Reject::refers(
            Reason::UnknownCreditor,
            u64::from(order.creditor.0),
        ));
    };
    if order.creditor_for.is_some()
        && !sponsored_by(state, order.creditor_for, creditor.participant)
    {
        return Some(Reject::refers(
            Reason::UnknownCreditor,
            u64::from(order.creditor_for.0),
        ));
    }
    if order.debtor == order.creditor {
        return Some(Reject::because(Reason::SameAccount));
    }
    if order.amount <= 0 || order.amount > AMOUNT_MAX {
        return Some(Reject::limit(Reason::ZeroAmount, AMOUNT_MAX, order.amount));
    }
    None
}

fn sponsored_by(
    state: &State,
    who: crate::ids::ParticipantId,
    sponsor: crate::ids::ParticipantId,
) -> bool {
    state
        .participants
        .get(who.at())
        .is_some_and(|participant| participant.sponsor == sponsor)
}

fn time(at: Time) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

#[inline]
fn record(state: &mut State, order: &Instruction, group: GroupId, link: PaymentId) -> PaymentId {
    let id =
        PaymentId(u32::try_from(state.payments.len()).expect("fewer than 2^32 payments a journal"));
    state.payments.push(Payment {
        uetr: order.uetr,
        amount: order.amount,
        seq: state.seq,
        accepted: state.at,
        done: Time(0),
        message: order.message,
        document: order.document,
        line: order.line,
        debtor: order.debtor,
        creditor: order.creditor,
        debtor_for: order.debtor_for,
        creditor_for: order.creditor_for,
        value_date: if order.value_date.is_set() {
            order.value_date
        } else {
            state.day.date
        },
        group,
        link,
        standing: Standing::Waiting,
        priority: order.priority,
        kind: order.kind,
        reason: None,
    });
    id
}

fn refuse(state: &mut State, events: &mut Events, id: PaymentId, reject: Reject) {
    let at = state.at;
    let payment = &mut state.payments[id.at()];
    payment.standing = Standing::Refused;
    payment.done = at;
    payment.reason = Some(reject.reason);
    events.push(Event::PaymentRefused {
        payment: id,
        reject,
    });
}

/// Settles a new payment at once if it may, else puts it where it waits.
#[inline]
fn place(state: &mut State, events: &mut Events, id: PaymentId, order: &Instruction) {
    if let Some(wait) = scheduled(state, order) {
        state.keep_waiting(id, order.earliest, order.latest, Kept::Scheduled);
        if wait.why == Why::ValueDate {
            state.value_dated.insert((order.value_date, id));
        }
        events.push(Event::Queued { payment: id, wait });
        return;
    }
    let wait = if !state.allows(phase::SETTLE) {
        Some(Wait {
            why: Why::Phase,
            limit: 0,
            value: i64::from(state.day.phase),
        })
    } else if let Some(front) = state.in_front(order.debtor, order.priority) {
        Some(behind(state, front))
    } else {
        state.obstacle(order.debtor, order.creditor, order.amount)
    };
    match wait {
        None => {
            state.settle(events, id, How::Gross);
            state.assert_account(order.debtor);
        }
        Some(wait) => {
            state.keep_waiting(id, order.earliest, order.latest, Kept::Active);
            events.push(Event::Queued { payment: id, wait });
            if state.options().offset_on_arrival && state.allows(phase::SETTLE) {
                crate::offset::bilateral(state, events, id);
            }
        }
    }
}

fn behind(state: &State, front: PaymentId) -> Wait {
    let seq = state.payments[front.at()].seq;
    Wait {
        why: Why::Behind,
        limit: 0,
        value: i64::try_from(seq).unwrap_or(i64::MAX),
    }
}

/// Why a new payment is not yet put into its queue, if so.
#[inline]
fn scheduled(state: &State, order: &Instruction) -> Option<Wait> {
    if order.value_date > state.day.date {
        return Some(Wait {
            why: Why::ValueDate,
            limit: i64::from(order.value_date.0),
            value: 0,
        });
    }
    if order.earliest > state.at {
        return Some(Wait {
            why: Why::Earliest,
            limit: time(order.earliest),
            value: 0,
        });
    }
    None
}

fn open_group(
    state: &mut State,
    events: &mut Events,
    legs: usize,
    provider: AccountId,
    remainder: u128,
) -> GroupId {
    let id = GroupId(u32::try_from(state.groups.len()).expect("fewer groups than payments"));
    let first =
        PaymentId(u32::try_from(state.payments.len()).expect("fewer than 2^32 payments a journal"));
    let legs = u32::try_from(legs).expect("a group has few legs");
    state.groups.push(Group {
        first,
        legs,
        provider,
        remainder,
    });
    events.push(Event::Grouped {
        group: id,
        first,
        legs,
    });
    id
}

/// Refuses, settles or queues a recorded group as one. `window` gives the earliest and latest time and the date.
fn place_group(
    state: &mut State,
    events: &mut Events,
    group: GroupId,
    window: &Instruction,
    refusal: Option<(Uetr, Reject)>,
) {
    let first = state.groups[group.at()].first;
    if let Some((uetr, reject)) = refusal {
        for leg in state.legs(first) {
            let own = state.payments[leg.at()].uetr == uetr;
            refuse(
                state,
                events,
                leg,
                if own {
                    reject
                } else {
                    Reject::because(Reason::GroupFailed)
                },
            );
        }
        return;
    }
    let scheduled = scheduled(state, window);
    let kept = if scheduled.is_some() {
        Kept::Scheduled
    } else {
        Kept::Active
    };
    let in_front = state.legs(first).find_map(|leg| {
        state.in_front(
            state.payments[leg.at()].debtor,
            state.payments[leg.at()].priority,
        )
    });
    let wait = scheduled.or_else(|| {
        if !state.allows(phase::SETTLE) {
            Some(Wait {
                why: Why::Phase,
                limit: 0,
                value: i64::from(state.day.phase),
            })
        } else if let Some(front) = in_front {
            Some(behind(state, front))
        } else {
            state.group_obstacle(group)
        }
    });
    match wait {
        None => state.settle_group(events, group, How::Gross),
        Some(wait) => {
            for leg in state.legs(first) {
                state.keep_waiting(leg, window.earliest, window.latest, kept);
                if wait.why == Why::ValueDate {
                    state.value_dated.insert((window.value_date, leg));
                }
                events.push(Event::Queued { payment: leg, wait });
            }
        }
    }
}

/// Settles what has become releasable since the last decision: queues of credited accounts, first in, first out.
#[inline]
pub(crate) fn release(state: &mut State, events: &mut Events) {
    while let Some(account) = state.credited.pop_front() {
        if !state.allows(phase::SETTLE) {
            state.credited.clear();
            return;
        }
        while let Some(head) = state.head(account) {
            if !settle_head(state, events, head) {
                break;
            }
        }
    }
}

/// Settles the first payment of a queue, with its group, if it may.
fn settle_head(state: &mut State, events: &mut Events, head: PaymentId) -> bool {
    if state.obstacle_in_queue(head).is_some() {
        return false;
    }
    let group = state.payments[head.at()].group;
    for leg in state.legs(head) {
        state.stop_waiting(leg);
        // Whoever stood behind a leg in another account's queue may go now.
        if leg != head {
            state.credited.push_back(state.payments[leg.at()].debtor);
        }
    }
    if group.is_some() {
        state.settle_group(events, group, How::Released);
    } else {
        state.settle(events, head, How::Released);
        state.assert_account(state.payments[head.at()].debtor);
    }
    true
}

impl State {
    /// What keeps an active queued payment from settling now, if anything.
    pub(crate) fn obstacle_in_queue(&self, id: PaymentId) -> Option<Wait> {
        let payment = &self.payments[id.at()];
        let because = |why| {
            Some(Wait {
                why,
                limit: 0,
                value: 0,
            })
        };
        if !self.allows(phase::SETTLE) {
            return because(Why::Phase);
        }
        for leg in self.legs(id) {
            let leg = &self.payments[leg.at()];
            if self.currencies[self.accounts[leg.debtor.at()].currency.at()].stopped {
                return because(Why::Stopped);
            }
            if self.is_blocked(leg) {
                return because(Why::Suspended);
            }
        }
        if payment.group.is_some() {
            if let Some(front) = self.group_in_front(payment.group) {
                return Some(behind(self, front));
            }
            return self.group_obstacle(payment.group);
        }
        match self.head(payment.debtor) {
            Some(head) if head != id => Some(behind(self, head)),
            _ => self.obstacle(payment.debtor, payment.creditor, payment.amount),
        }
    }
}
