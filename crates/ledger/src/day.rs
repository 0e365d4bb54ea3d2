//! The business day: phases in order, cut-offs that move with them, and what happens when a phase begins.
//!
//! The business date is given when the day starts and never derived from a clock. Absent on purpose: time zones; the
//! arrangement turns local times into instants.

use alloc::vec::Vec;

use crate::account::IS_INTERNAL;
use crate::command::{Advance, ExtendPhase, PaymentKind, PhaseRule, StartDay, Unsettled};
use crate::event::{Event, Events};
use crate::ids::{AccountId, CurrencyId, Day, PaymentId, Time};
use crate::phase;
use crate::queue::Kept;
use crate::reject::{Reason, Reject};
use crate::state::State;
use crate::wire::wire_struct;

/// The business day, running or last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayState {
    /// The business date.
    pub date: Day,
    /// When the first phase began, as planned.
    pub opens: Time,
    /// Whether the day is running.
    pub open: bool,
    /// Index of the current phase.
    pub phase: u32,
    /// What the current phase allows; nothing when no day is running.
    pub allows: u32,
    /// Extension of each phase, seconds.
    pub extended: Vec<u32>,
    /// Cut-off of each currency; not set where there is none.
    pub cutoffs: Vec<Time>,
    /// Currencies whose calendar is closed on this date: nothing settles in them.
    pub closed: Vec<bool>,
}
wire_struct!(DayState { date, opens, open, phase, allows, extended, cutoffs, closed });

impl DayState {
    /// Whether the currency's calendar is closed on this date.
    #[inline]
    #[must_use]
    pub fn is_closed(&self, currency: CurrencyId) -> bool {
        self.closed.get(currency.at()).copied().unwrap_or(false)
    }

    /// The currency's cut-off; not set when there is none.
    #[inline]
    #[must_use]
    pub fn cutoff(&self, currency: CurrencyId) -> Time {
        self.cutoffs.get(currency.at()).copied().unwrap_or_default()
    }
}

/// Longest extension of a phase, in one step or together.
const EXTENSION_MAX_S: u32 = 12 * 3600;
/// Most phases of a day.
pub const PHASES_MAX: usize = 32;
/// Longest phase.
const PHASE_MAX_S: u32 = 7 * 86_400;

/// Sets the phases of the business day.
pub(crate) fn set_phases(state: &mut State, phases: &[PhaseRule]) -> Result<(), Reject> {
    if state.day.open {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    if phases.len() < 2 || phases.len() > PHASES_MAX {
        return Err(Reject::limit(Reason::OutOfRange, PHASES_MAX as i64, phases.len() as i64));
    }
    let last = phases.len() - 1;
    for (at, rule) in phases.iter().enumerate() {
        let closes = rule.allows & phase::ON_CLOSE != 0;
        // Positions cut in a phase cannot be confirmed before what the same phase does when it begins.
        let both = phase::ON_CUT | phase::ON_SWEEP;
        let unconfirmed = state.options().require_confirmation && rule.allows & both == both;
        let unknown = rule.allows & !phase::KNOWN != 0;
        if unknown || unconfirmed || rule.seconds > PHASE_MAX_S || closes != (at == last) {
            return Err(Reject::refers(Reason::OutOfRange, at as u64));
        }
    }
    state.phases = phases.to_vec();
    Ok(())
}

/// Begins a business day.
pub(crate) fn start(state: &mut State, events: &mut Events, order: &StartDay) -> Result<(), Reject> {
    if order.date > Day::LAST {
        return Err(Reject::limit(Reason::OutOfRange, i64::from(Day::LAST.0), i64::from(order.date.0)));
    }
    let mut cutoffs = alloc::vec![Time(0); state.currencies.len()];
    for cutoff in &order.cutoffs {
        match cutoffs.get_mut(cutoff.currency.at()) {
            Some(at) => *at = cutoff.at,
            None => {
                return Err(Reject::refers(Reason::Unknown, u64::from(cutoff.currency.0)));
            }
        }
    }
    if order.date <= state.day.date {
        return Err(Reject::limit(Reason::ValueDate, i64::from(state.day.date.0), i64::from(order.date.0)));
    }
    if state.day.open {
        return Err(Reject::refers(Reason::TooEarly, u64::from(state.day.date.0)));
    }
    let closed = state.currencies.iter().map(|currency| !currency.calendar.is_open(order.date)).collect();
    for (account, side) in state.accounts.iter_mut().zip(&mut state.sides) {
        account.sent_today = 0;
        side.day_base = account.balance;
    }
    for limit in state.bilateral.values_mut() {
        limit.net = 0;
    }
    let phases = state.phases.len();
    state.day = DayState {
        date: order.date,
        opens: order.opens,
        open: true,
        phase: 0,
        allows: 0,
        extended: alloc::vec![0; phases],
        cutoffs,
        closed,
    };
    if !state.dealing.is_empty() {
        crate::dealing::new_day(state, events);
    }
    bring_in_value_dated(state);
    crate::union::residual::day_begins(state, events);
    begin(state, events, 0);
    Ok(())
}

/// Payments whose settlement date has come go to their place in the queue.
fn bring_in_value_dated(state: &mut State) {
    while let Some((day, id)) = state.value_dated.first().copied() {
        if day > state.day.date {
            return;
        }
        state.value_dated.remove(&(day, id));
        if state.waiting[&id].earliest <= state.at {
            state.join_queue(id);
        }
    }
}

/// Goes to the next phase. `approved` means two people decided it, so it may come before its time.
pub(crate) fn advance(state: &mut State, events: &mut Events, order: &Advance, approved: bool) -> Result<(), Reject> {
    if !state.day.open || order.phase != state.day.phase + 1 {
        return Err(Reject::refers(Reason::OutOfRange, u64::from(state.day.phase)));
    }
    let due = state.phase_end(state.day.phase);
    if state.at < due && !approved {
        let (due, at) = (i64::try_from(due.0), i64::try_from(state.at.0));
        return Err(Reject::limit(Reason::TooEarly, due.unwrap_or(i64::MAX), at.unwrap_or(i64::MAX)));
    }
    let rule = &state.phases[order.phase as usize];
    let cut = state.phases[..order.phase as usize].iter().any(|rule| rule.allows & phase::ON_CUT != 0);
    let unconfirmed = cut && state.options().require_confirmation && !state.positions_final();
    if rule.allows & phase::ON_SWEEP != 0 && unconfirmed {
        return Err(Reject::refers(Reason::Unconfirmed, state.cycles.len() as u64));
    }
    begin(state, events, order.phase);
    Ok(())
}

/// Extends a phase that has not ended; later phases and the cut-offs that lie in or after it move with it.
pub(crate) fn extend(state: &mut State, events: &mut Events, order: &ExtendPhase) -> Result<(), Reject> {
    let index = order.phase as usize;
    if !state.day.open || order.phase < state.day.phase || index >= state.phases.len() {
        return Err(Reject::refers(Reason::OutOfRange, u64::from(state.day.phase)));
    }
    let total = state.day.extended[index].saturating_add(order.seconds);
    if order.seconds == 0 || total > EXTENSION_MAX_S {
        return Err(Reject::limit(Reason::OutOfRange, i64::from(EXTENSION_MAX_S), i64::from(total)));
    }
    let begins = state.phase_begin(order.phase);
    state.day.extended[index] = total;
    for cutoff in &mut state.day.cutoffs {
        if cutoff.is_set() && *cutoff > begins {
            *cutoff = cutoff.plus_seconds(order.seconds);
        }
    }
    events.push(Event::PhaseExtended { phase: order.phase, seconds: order.seconds });
    Ok(())
}

fn begin(state: &mut State, events: &mut Events, index: u32) {
    let rule = &state.phases[index as usize];
    let allows = rule.allows;
    state.day.phase = index;
    state.day.allows = allows;
    events.push(Event::PhaseBegan { phase: index });
    if allows & phase::SETTLE != 0 {
        state.all_queues_may_go();
        crate::pay::release(state, events);
    }
    if allows & phase::ON_OFFSET != 0 {
        crate::offset::multilateral(state, events, CurrencyId::NONE);
    }
    if allows & phase::ON_UNSETTLED != 0 {
        end_unsettled(state, events);
        crate::dealing::end_orders(state, events);
    }
    // Whatever these released settles now: a cycle cut by this entry covers all of it.
    crate::pay::release(state, events);
    if allows & phase::ON_CUT != 0 {
        crate::cycle::cut(state, events);
    }
    if allows & phase::ON_CARRY != 0 {
        crate::union::close::close_due(state, events);
    }
    if allows & phase::ON_SWEEP != 0 {
        crate::fund::sweep(state, events);
    }
    if allows & phase::ON_CLOSE != 0 {
        state.day.open = false;
        state.day.allows = 0;
        events.push(Event::DayClosed);
    }
}

/// Each currency's rule for payments still waiting. Conversions never stay overnight: their rate was today's.
fn end_unsettled(state: &mut State, events: &mut Events) {
    let waiting: Vec<PaymentId> = state.waiting.keys().copied().collect();
    for id in waiting {
        let Some(waiting) = state.waiting.get(&id) else {
            continue;
        };
        let payment = &state.payments[id.at()];
        let future = waiting.kept == Kept::Scheduled && payment.value_date > state.day.date;
        if future {
            continue;
        }
        let rule = state
            .legs(id)
            .map(|leg| state.payments[leg.at()].debtor)
            .map(|debtor| state.currencies[state.accounts[debtor.at()].currency.at()].unsettled)
            .find(|rule| *rule != Unsettled::Carry)
            .unwrap_or(Unsettled::Carry);
        let conversion = matches!(payment.kind, PaymentKind::ConversionSource | PaymentKind::ConversionTarget);
        let reason = match rule {
            Unsettled::Carry if !conversion => continue,
            Unsettled::Carry | Unsettled::Reject => Reason::UnfundedAtClose,
            Unsettled::Cancel => Reason::CancelledAtClose,
        };
        let crate::payment::Payment { debtor, creditor, amount, priority, .. } = *payment;
        let short = state.obstacle(debtor, creditor, amount, priority).map_or(0, |wait| wait.value);
        state.end_waiting(events, id, Reject { reason, limit: 0, value: short, refers: 0 });
    }
}

impl State {
    /// Whether the current phase allows any of these.
    #[inline]
    #[must_use]
    pub const fn allows(&self, what: u32) -> bool {
        self.day.allows & what != 0
    }

    /// When a phase begins, as planned and extended.
    #[must_use]
    pub fn phase_begin(&self, index: u32) -> Time {
        let before = self.phases.iter().zip(&self.day.extended).take(index as usize);
        let seconds: u64 = before.map(|(rule, extra)| u64::from(rule.seconds) + u64::from(*extra)).sum();
        Time(self.day.opens.0.saturating_add(seconds * Time::SECOND))
    }

    /// When a phase ends, as planned and extended.
    #[must_use]
    pub fn phase_end(&self, index: u32) -> Time {
        self.phase_begin(index + 1)
    }

    /// Whether nothing settles in the currency today, because its calendar is closed.
    #[inline]
    pub(crate) fn is_closed(&self, currency: CurrencyId) -> bool {
        self.day.is_closed(currency)
    }

    /// Marks every queue as perhaps releasable.
    pub(crate) fn all_queues_may_go(&mut self) {
        for at in 0..self.accounts.len() {
            let id = AccountId(u32::try_from(at).expect("fewer than 2^32 accounts"));
            if !self.accounts[at].is(IS_INTERNAL) && self.head(id).is_some() {
                self.credited.push_back(id);
            }
        }
    }

    /// A scheduled payment's time has come: it takes its place in the queue.
    pub(crate) fn join_queue(&mut self, id: PaymentId) {
        let blocked = self.legs(id).any(|leg| self.is_blocked(&self.payments[leg.at()]));
        self.put_in_queue(id, if blocked { Kept::Blocked } else { Kept::Active });
        self.credited.push_back(self.payments[id.at()].debtor);
    }
}
