//! Taking in a payment: repeated or new, refused, settled at once, or queued with the reason.
//!
//! The order of checks is the order of [`Reason`]. Absent on purpose: messages and BICs; the gateway resolved them.

use alloc::vec::Vec;

use crate::account::{Account, IS_INTERNAL, STOPPED_IN, STOPPED_OUT};
use crate::book::AMOUNT_MAX;
use crate::calendar::joint_business_day;
use crate::command::{Conversion, Instruction, OnChange, PaymentKind};
use crate::convert;
use crate::dealing::Deal;
use crate::event::{Event, Events, How};
use crate::group::{Group, LEGS};
use crate::ids::{AccountId, CurrencyId, GroupId, PaymentId, Time, Uetr};
use crate::payment::{Payment, Standing};
use crate::phase;
use crate::queue::Kept;
use crate::reject::{Reason, Reject, Wait, Why};
use crate::state::State;

/// One payment.
#[inline]
pub(crate) fn pay(state: &mut State, events: &mut Events, order: &Instruction, link: PaymentId) -> Result<(), Reject> {
    if already(state, events, order)? {
        return Ok(());
    }
    well_formed(order, link)?;
    let refusal = check(state, order, link.is_some());
    let id = record(state, order, GroupId::NONE, link);
    state.uetrs.insert(id, &state.payments);
    match refusal {
        Some(reject) => refuse(state, events, id, reject),
        None => place(state, events, id, order),
    }
    Ok(())
}

/// Several payments in one decision.
pub(crate) fn pay_group(state: &mut State, events: &mut Events, orders: &[Instruction]) -> Result<(), Reject> {
    if !LEGS.contains(&orders.len()) {
        return Err(Reject::limit(Reason::GroupSize, *LEGS.end() as i64, orders.len() as i64));
    }
    let sent: Vec<&Instruction> = orders.iter().collect();
    if already_together(state, events, &sent, orders.len())? {
        return Ok(());
    }
    for order in orders {
        well_formed(order, PaymentId::NONE)?;
    }
    let window = window(state, orders);
    let refusal = orders
        .iter()
        .filter_map(|order| check(state, order, false).map(|reject| (order.uetr, reject)))
        .chain(window.as_ref().err().map(|reject| (orders[0].uetr, *reject)))
        .min_by_key(|(_, reject)| reject.reason);
    let window = window.unwrap_or_else(|_| orders[0].clone());
    let group = open_group(state, events, orders.len(), AccountId::NONE, 0);
    for order in orders {
        let id = record(state, order, group, PaymentId::NONE);
        state.uetrs.insert(id, &state.payments);
    }
    place_group(state, events, group, &window, refusal);
    Ok(())
}

/// Whether these were taken in before: either every one of them, together and as they are, or none. `legs` is how many
/// payments they were recorded as when they were not refused.
pub(crate) fn already_together(
    state: &State,
    events: &mut Events,
    orders: &[&Instruction],
    legs: usize,
) -> Result<bool, Reject> {
    for (at, order) in orders.iter().enumerate() {
        if orders[..at].iter().any(|earlier| earlier.uetr == order.uetr) {
            return Err(Reject::refers(Reason::UetrReused, state.seq));
        }
    }
    let Some(known) = orders.iter().find_map(|order| state.find(order.uetr)) else {
        return Ok(false);
    };
    // Either every leg was taken in before, as it is, or this is another group.
    let group = state.payment(known).group;
    let same = orders.iter().all(|order| {
        let found = state.find(order.uetr).map(|id| state.payment(id));
        found.is_some_and(|payment| payment.group == group && is_same(payment, order))
    });
    let size = if group.is_some() { state.group(group).legs as usize } else { 1 };
    if !same || (size != legs && size != orders.len()) {
        return Err(Reject::refers(Reason::UetrReused, state.payment(known).seq));
    }
    for order in orders {
        already(state, events, order)?;
    }
    Ok(true)
}

/// Records orders that were refused together: one for its own reason, the others with it.
pub(crate) fn record_refused(
    state: &mut State,
    events: &mut Events,
    orders: &[&Instruction],
    at_fault: usize,
    reject: Reject,
) {
    let group =
        if orders.len() > 1 { open_group(state, events, orders.len(), AccountId::NONE, 0) } else { GroupId::NONE };
    for (at, order) in orders.iter().enumerate() {
        let id = record(state, order, group, PaymentId::NONE);
        state.uetrs.insert(id, &state.payments);
        refuse(state, events, id, if at == at_fault { reject } else { Reject::because(Reason::GroupFailed) });
    }
}

/// Records drafted legs as one group that waits for nothing.
pub(crate) fn record_group(state: &mut State, events: &mut Events, legs: Vec<Payment>) -> GroupId {
    let group = open_group(state, events, legs.len(), AccountId::NONE, 0);
    for leg in legs {
        let id = PaymentId(u32::try_from(state.payments.len()).expect("fewer than 2^32 payments a journal"));
        let found = leg.kind != PaymentKind::ConversionTarget;
        state.payments.push(Payment { group, ..leg });
        if found {
            state.uetrs.insert(id, &state.payments);
        }
    }
    group
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
    well_formed(instruction, link)?;
    let is_return = link.is_some();
    let legs = check_parties(state, instruction).map_or_else(|| convert::legs(state, order), Err);
    let legs = match legs {
        Ok(legs) => legs,
        Err(reject) => {
            // Other reasons may come before this one.
            let earlier = check_conversion(state, instruction, is_return).filter(|other| other.reason < reject.reason);
            let id = record(state, instruction, GroupId::NONE, link);
            state.uetrs.insert(id, &state.payments);
            refuse(state, events, id, earlier.unwrap_or(reject));
            return Ok(());
        }
    };
    let refusal = [&legs.source, &legs.target]
        .into_iter()
        .filter_map(|leg| check(state, leg, is_return))
        .chain(check_conversion(state, instruction, is_return))
        .min_by_key(|reject| reject.reason);
    let group = open_group(state, events, 2, legs.provider, legs.remainder);
    let id = record(state, &legs.source, group, link);
    state.uetrs.insert(id, &state.payments);
    record(state, &legs.target, group, PaymentId::NONE);
    let deal = legs.deal.filter(|_| refusal.is_none());
    match &deal {
        // A dealer's price was taken because the deal settles now, past the dealer's own queue.
        Some(deal) if deal.dealer.is_some() => {
            let Deal { pair, dealer, way, debited, credited, .. } = **deal;
            crate::dealing::add_position(state, pair, dealer, way, debited, credited);
            state.settle_group(events, group, How::Gross);
        }
        Some(_) | None => {
            let refusal = refusal.map(|reject| (instruction.uetr, reject));
            place_group(state, events, group, &legs.source, refusal);
        }
    }
    if let Some(deal) = deal {
        state.note_deal(events, Deal { payment: id, ..*deal });
    }
    Ok(())
}

/// Whether this payment was taken in before: the identical one is answered again, another with its UETR is refused.
#[inline]
fn already(state: &State, events: &mut Events, order: &Instruction) -> Result<bool, Reject> {
    let Some(id) = state.find(order.uetr) else {
        return Ok(false);
    };
    let known = &state.payments[id.at()];
    if !is_same(known, order) {
        return Err(Reject::refers(Reason::UetrReused, known.seq));
    }
    events.push(Event::Repeated { original: known.seq, payment: id });
    Ok(true)
}

/// Whether the recorded payment came from this very order. A conversion's creditor and amount are those of its first
/// leg; there the fingerprint of the message speaks for the rest.
fn is_same(known: &Payment, order: &Instruction) -> bool {
    known.message == order.message
        && known.debtor == order.debtor
        && (known.kind == PaymentKind::ConversionSource
            || (known.creditor == order.creditor && known.amount == order.amount))
}

/// Whether the order can be recorded at all: it has a reference, and a kind that this command may bring.
#[inline]
pub(crate) fn well_formed(order: &Instruction, link: PaymentId) -> Result<(), Reject> {
    let kind = match order.kind {
        PaymentKind::Customer | PaymentKind::Institution => !link.is_some(),
        PaymentKind::Return => link.is_some(),
        PaymentKind::ConversionSource | PaymentKind::ConversionTarget => false,
    };
    if order.uetr.0 == 0 || !kind {
        return Err(Reject::because(Reason::OutOfRange));
    }
    Ok(())
}

/// The common window of a group: one settlement date, the latest of the earliest times, the earliest of the latest.
fn window(state: &State, orders: &[Instruction]) -> Result<Instruction, Reject> {
    let date = |order: &Instruction| if order.value_date.is_set() { order.value_date } else { state.day.date };
    let mut window = orders[0].clone();
    window.value_date = date(&window);
    for order in &orders[1..] {
        if date(order) != window.value_date {
            return Err(Reject::limit(Reason::ValueDate, i64::from(window.value_date.0), i64::from(date(order).0)));
        }
        window.earliest = window.earliest.max(order.earliest);
        if order.latest.is_set() && (!window.latest.is_set() || order.latest < window.latest) {
            window.latest = order.latest;
        }
    }
    if window.latest.is_set() && window.latest <= window.earliest {
        return Err(Reject::limit(Reason::TimeWindow, time(window.earliest), time(window.latest)));
    }
    Ok(window)
}

/// Reasons to refuse a conversion that do not depend on its rate: each side's own, and a later settlement date, since
/// the rate is today's.
pub(crate) fn check_conversion(state: &State, order: &Instruction, is_return: bool) -> Option<Reject> {
    let parties = check_parties(state, order);
    if parties.is_some() {
        return parties;
    }
    let (from, to) = (&state.accounts[order.debtor.at()], &state.accounts[order.creditor.at()]);
    let later = order.value_date.is_set() && order.value_date > state.day.date;
    let date =
        later.then(|| Reject::limit(Reason::ValueDate, i64::from(state.day.date.0), i64::from(order.value_date.0)));
    check_stopped(state, order, from, to)
        .into_iter()
        .chain(check_day(state, order, from.currency, is_return))
        .chain(check_day(state, order, to.currency, is_return))
        .chain(date)
        .min_by_key(|reject| reject.reason)
}

/// The first reason to refuse, if any.
#[inline]
pub(crate) fn check(state: &State, order: &Instruction, is_return: bool) -> Option<Reject> {
    if let Some(reject) = check_parties(state, order) {
        return Some(reject);
    }
    let debtor = &state.accounts[order.debtor.at()];
    let creditor = &state.accounts[order.creditor.at()];
    if debtor.currency != creditor.currency {
        return Some(Reject::because(Reason::WrongCurrency));
    }
    if let Some(reject) = check_stopped(state, order, debtor, creditor) {
        return Some(reject);
    }
    if let Some(reject) = check_day(state, order, debtor.currency, is_return) {
        return Some(reject);
    }
    if order.amount > debtor.payment_cap {
        return Some(Reject::limit(Reason::PerPaymentLimit, debtor.payment_cap, order.amount));
    }
    None
}

/// Stops and suspensions.
#[inline]
fn check_stopped(state: &State, order: &Instruction, debtor: &Account, creditor: &Account) -> Option<Reject> {
    let stopped = |account: &Account| state.currencies[account.currency.at()].stopped;
    if stopped(debtor) || (creditor.currency != debtor.currency && stopped(creditor)) {
        return Some(Reject::because(Reason::CurrencyStopped));
    }
    if debtor.is(STOPPED_OUT) || state.participant_stopped(order.debtor_for).0 {
        return Some(Reject::because(Reason::DebtorSuspended));
    }
    if creditor.is(STOPPED_IN) || state.participant_stopped(order.creditor_for).1 {
        return Some(Reject::because(Reason::CreditorSuspended));
    }
    None
}

/// Phase, cut-off, settlement date and times.
#[inline]
fn check_day(state: &State, order: &Instruction, currency: CurrencyId, is_return: bool) -> Option<Reject> {
    let needed = if is_return { phase::RETURN } else { phase::ENTRY };
    if !state.allows(needed) {
        return Some(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    let cutoff = state.day.cutoff(currency);
    if cutoff.is_set() && state.at > cutoff {
        return Some(Reject::limit(Reason::CutoffPassed, time(cutoff), time(state.at)));
    }
    let today = state.day.date;
    if order.value_date.is_set() && order.value_date != today {
        let last = today.0.saturating_add(state.options().value_days_max);
        if order.value_date < today
            || order.value_date.0 > last
            || !state.currencies[currency.at()].calendar.is_open(order.value_date)
        {
            return Some(Reject::limit(Reason::ValueDate, i64::from(today.0), i64::from(order.value_date.0)));
        }
    } else if state.is_closed(currency) {
        return Some(Reject::limit(Reason::ValueDate, i64::from(today.0), i64::from(today.0)));
    }
    if order.latest.is_set() && (order.latest <= order.earliest || order.latest <= state.at) {
        return Some(Reject::limit(Reason::TimeWindow, time(state.at), time(order.latest)));
    }
    None
}

/// The part of the checks that needs no common currency.
#[inline]
fn check_parties(state: &State, order: &Instruction) -> Option<Reject> {
    let Some(debtor) = state.account(order.debtor).filter(|account| !account.is(IS_INTERNAL)) else {
        return Some(Reject::refers(Reason::UnknownDebtor, u64::from(order.debtor.0)));
    };
    if order.debtor_for.is_some() && !sponsored_by(state, order.debtor_for, debtor.participant) {
        return Some(Reject::refers(Reason::UnknownDebtor, u64::from(order.debtor_for.0)));
    }
    let Some(creditor) = state.account(order.creditor).filter(|account| !account.is(IS_INTERNAL)) else {
        return Some(Reject::refers(Reason::UnknownCreditor, u64::from(order.creditor.0)));
    };
    if order.creditor_for.is_some() && !sponsored_by(state, order.creditor_for, creditor.participant) {
        return Some(Reject::refers(Reason::UnknownCreditor, u64::from(order.creditor_for.0)));
    }
    if order.debtor == order.creditor {
        return Some(Reject::because(Reason::SameAccount));
    }
    if order.amount <= 0 || order.amount > AMOUNT_MAX {
        return Some(Reject::limit(Reason::ZeroAmount, AMOUNT_MAX, order.amount));
    }
    None
}

fn sponsored_by(state: &State, who: crate::ids::ParticipantId, sponsor: crate::ids::ParticipantId) -> bool {
    state.participants.get(who.at()).is_some_and(|participant| participant.sponsor == sponsor)
}

fn time(at: Time) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

#[inline]
fn record(state: &mut State, order: &Instruction, group: GroupId, link: PaymentId) -> PaymentId {
    let id = PaymentId(u32::try_from(state.payments.len()).expect("fewer than 2^32 payments a journal"));
    let payment = Payment { group, link, ..draft(state, order) };
    state.payments.push(payment);
    id
}

/// What would be recorded of an order, on its own.
#[inline]
pub(crate) fn draft(state: &State, order: &Instruction) -> Payment {
    Payment {
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
        value_date: if order.value_date.is_set() { order.value_date } else { state.day.date },
        group: GroupId::NONE,
        link: PaymentId::NONE,
        standing: Standing::Waiting,
        priority: order.priority,
        kind: order.kind,
        reason: None,
    }
}

fn refuse(state: &mut State, events: &mut Events, id: PaymentId, reject: Reject) {
    let at = state.at;
    let payment = &mut state.payments[id.at()];
    payment.standing = Standing::Refused;
    payment.done = at;
    payment.reason = Some(reject.reason);
    events.push(Event::PaymentRefused { payment: id, reject });
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
        Some(Wait { why: Why::Phase, limit: 0, value: i64::from(state.day.phase) })
    } else if let Some(front) = state.in_front(order.debtor, order.priority) {
        Some(behind(state, front))
    } else {
        state.obstacle(order.debtor, order.creditor, order.amount, order.priority)
    };
    match wait {
        None => {
            state.settle(events, id, How::Gross);
            state.assert_account(order.debtor);
        }
        Some(wait) => {
            state.keep_waiting(id, order.earliest, order.latest, Kept::Active);
            events.push(Event::Queued { payment: id, wait });
            let currency = state.accounts[order.debtor.at()].currency;
            if state.offsetting(currency).on_change == OnChange::Pair && state.allows(phase::SETTLE) {
                crate::offset::bilateral(state, events, id);
            }
        }
    }
}

fn behind(state: &State, front: PaymentId) -> Wait {
    let seq = state.payments[front.at()].seq;
    Wait { why: Why::Behind, limit: 0, value: i64::try_from(seq).unwrap_or(i64::MAX) }
}

/// Why a new payment is not yet put into its queue, if so.
#[inline]
pub(crate) fn scheduled(state: &State, order: &Instruction) -> Option<Wait> {
    if order.value_date > state.day.date {
        return Some(Wait { why: Why::ValueDate, limit: i64::from(order.value_date.0), value: 0 });
    }
    if order.earliest > state.at {
        return Some(Wait { why: Why::Earliest, limit: time(order.earliest), value: 0 });
    }
    None
}

fn open_group(state: &mut State, events: &mut Events, legs: usize, provider: AccountId, remainder: u128) -> GroupId {
    let id = GroupId(u32::try_from(state.groups.len()).expect("fewer groups than payments"));
    let first = PaymentId(u32::try_from(state.payments.len()).expect("fewer than 2^32 payments a journal"));
    let legs = u32::try_from(legs).expect("a group has few legs");
    state.groups.push(Group { first, legs, provider, remainder });
    events.push(Event::Grouped { group: id, first, legs });
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
            refuse(state, events, leg, if own { reject } else { Reject::because(Reason::GroupFailed) });
        }
        return;
    }
    let scheduled = scheduled(state, window);
    let kept = if scheduled.is_some() { Kept::Scheduled } else { Kept::Active };
    let in_front = state.legs(first).find_map(|leg| {
        let Payment { debtor, priority, .. } = state.payments[leg.at()];
        state.in_front(debtor, priority).map(|front| (debtor, behind(state, front)))
    });
    let phase =
        (!state.allows(phase::SETTLE)).then(|| Wait { why: Why::Phase, limit: 0, value: i64::from(state.day.phase) });
    // What keeps every leg, or what keeps one and with it the others.
    let every = scheduled.or(phase);
    let one = if every.is_none() { in_front.or_else(|| state.group_obstacle(group)) } else { None };
    if every.is_none() && one.is_none() {
        state.settle_group(events, group, How::Gross);
        return;
    }
    for leg in state.legs(first) {
        state.keep_waiting(leg, window.earliest, window.latest, kept);
        let own = one.map(|(at, wait)| state.wait_of_leg(leg, at, wait));
        let wait = every.or(own).expect("one of the two is there");
        if wait.why == Why::ValueDate {
            state.value_dated.insert((window.value_date, leg));
        }
        events.push(Event::Queued { payment: leg, wait });
    }
}

/// Settles what has become releasable since the last decision: queues of credited accounts, first in, first out; then,
/// in currencies that offset on every change, whatever can settle together.
#[inline]
pub(crate) fn release(state: &mut State, events: &mut Events) {
    loop {
        state.stirred |= !state.credited.is_empty();
        while let Some(account) = state.credited.pop_front() {
            if !state.allows(phase::SETTLE) {
                state.credited.clear();
                break;
            }
            while let Some(head) = state.head(account) {
                if !settle_head(state, events, head) {
                    break;
                }
            }
        }
        let stirred = core::mem::take(&mut state.stirred);
        if !stirred || !state.watches() || !state.allows(phase::SETTLE) {
            return;
        }
        crate::offset::on_change(state, events);
        if state.credited.is_empty() {
            return;
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
    /// The wait for the next date on which the currency's calendar is open.
    fn next_open_day(&self, currency: CurrencyId) -> Wait {
        let calendar = &self.currencies[currency.at()].calendar;
        let next = joint_business_day(calendar, calendar, self.day.date, 1).unwrap_or_default();
        Wait { why: Why::ValueDate, limit: i64::from(next.0), value: 0 }
    }

    /// What keeps an active queued payment from settling now, if anything.
    pub(crate) fn obstacle_in_queue(&self, id: PaymentId) -> Option<Wait> {
        let payment = &self.payments[id.at()];
        let because = |why| Some(Wait { why, limit: 0, value: 0 });
        if !self.allows(phase::SETTLE) {
            return because(Why::Phase);
        }
        for leg in self.legs(id) {
            let leg = &self.payments[leg.at()];
            let currency = self.accounts[leg.debtor.at()].currency;
            if self.currencies[currency.at()].stopped {
                return because(Why::Stopped);
            }
            if self.is_blocked(leg) {
                return because(Why::Suspended);
            }
            if self.is_closed(currency) {
                return Some(self.next_open_day(currency));
            }
        }
        if payment.group.is_some() {
            let front = self.group_in_front(payment.group).map(|(at, front)| (at, behind(self, front)));
            let (at, wait) = front.or_else(|| self.group_obstacle(payment.group))?;
            return Some(self.wait_of_leg(id, at, wait));
        }
        match self.head(payment.debtor) {
            Some(head) if head != id => Some(behind(self, head)),
            _ => self.obstacle(payment.debtor, payment.creditor, payment.amount, payment.priority),
        }
    }
}
