//! Rates of the day: in, gated, approved by both authorities. Silence blocks a pair, and that pair only.

use crate::command::{ApproveRate, PairRef, SetPair, SetRate};
use crate::event::{Event, Events};
use crate::ids::AuthorityId;
use crate::phase;
use crate::rate::Rate;
use crate::reject::{Reason, Reject};
use crate::state::{Pair, PairRate, State, Timer};

/// Longest name of a rate's source, bytes.
const SOURCE_MAX: usize = 70;

/// Allows conversion between two currencies.
pub(crate) fn set_pair(state: &mut State, order: &SetPair) -> Result<(), Reject> {
    let PairRef { base, quote } = order.pair;
    let known = |currency: crate::ids::CurrencyId| currency.at() < state.currencies.len();
    if !known(base) || !known(quote) || base == quote {
        return Err(Reject::because(Reason::UnknownPair));
    }
    if state.pairs.contains_key(&PairRef { base: quote, quote: base }) {
        return Err(Reject::because(Reason::Exists));
    }
    for currency in [base, quote] {
        if !state.account_of.contains_key(&(order.provider, currency)) {
            return Err(Reject::refers(Reason::Unknown, u64::from(order.provider.0)));
        }
    }
    let new = Pair { gate_bps: order.gate_bps, provider: order.provider, rate: None, previous: None };
    let pair = state.pairs.entry(order.pair).or_insert(new);
    pair.gate_bps = order.gate_bps;
    pair.provider = order.provider;
    Ok(())
}

/// A rate arrives; it replaces the one before and waits for approval.
pub(crate) fn set_rate(state: &mut State, events: &mut Events, order: &SetRate) -> Result<(), Reject> {
    if !state.allows(phase::RATES) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    let at = state.at;
    let pair = state.pairs.get_mut(&order.pair).ok_or(Reject::because(Reason::UnknownPair))?;
    if !order.rate.is_valid() || order.source.is_empty() || order.source.len() > SOURCE_MAX {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if order.until <= order.from || order.until <= at {
        return Err(Reject::because(Reason::TimeWindow));
    }
    let change = pair.previous.map_or(0, |previous| order.rate.change_bps(previous));
    let gated = change > u64::from(pair.gate_bps);
    let old = pair.rate.replace(PairRate {
        rate: order.rate,
        source: order.source.clone(),
        kind: order.kind,
        from: order.from,
        until: order.until,
        gated,
        base_approved: false,
        quote_approved: false,
    });
    if let Some(old) = old {
        state.timers.remove(&(old.until, Timer::Rate(order.pair)));
        events.push(Event::PairBlocked { pair: order.pair });
    }
    state.timers.insert((order.until, Timer::Rate(order.pair)));
    events.push(Event::RateSet { pair: order.pair, gated });
    Ok(())
}

/// Two people release a rate held by the gate.
pub(crate) fn release(state: &mut State, order: PairRef) -> Result<(), Reject> {
    let pair = state.pairs.get_mut(&order).ok_or(Reject::because(Reason::UnknownPair))?;
    match &mut pair.rate {
        Some(rate) if rate.gated => {
            rate.gated = false;
            Ok(())
        }
        Some(_) | None => Err(Reject::because(Reason::RateNotApproved)),
    }
}

/// One authority's word on the current rate.
pub(crate) fn approve(
    state: &mut State,
    events: &mut Events,
    authority: AuthorityId,
    order: &ApproveRate,
) -> Result<(), Reject> {
    if !state.allows(phase::APPROVE_RATES) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    let issuer = |currency: crate::ids::CurrencyId| state.currencies[currency.at()].authority;
    let pair = state.pairs.get(&order.pair).ok_or(Reject::because(Reason::UnknownPair))?;
    let (is_base, is_quote) = (issuer(order.pair.base) == authority, issuer(order.pair.quote) == authority);
    if !is_base && !is_quote {
        return Err(Reject::because(Reason::NotYours));
    }
    let current = pair.rate.as_ref().ok_or(Reject::because(Reason::RateNotApproved))?;
    if current.rate != order.rate {
        return Err(Reject::because(Reason::RateMismatch));
    }
    if current.gated && order.approve {
        let change = pair.previous.map_or(0, |previous| order.rate.change_bps(previous));
        let change = i64::try_from(change).unwrap_or(i64::MAX);
        return Err(Reject::limit(Reason::RateGate, i64::from(pair.gate_bps), change));
    }
    let pair = state.pairs.get_mut(&order.pair).expect("found above");
    let rate = pair.rate.as_mut().expect("found above");
    let was_open = rate.base_approved && rate.quote_approved;
    rate.base_approved = if is_base { order.approve } else { rate.base_approved };
    rate.quote_approved = if is_quote { order.approve } else { rate.quote_approved };
    let is_open = rate.base_approved && rate.quote_approved;
    if is_open && !was_open {
        pair.previous = Some(order.rate);
        events.push(Event::PairOpen { pair: order.pair });
        crate::dealing::compare(state, events, order.pair);
    } else if !order.approve {
        events.push(Event::PairBlocked { pair: order.pair });
    }
    Ok(())
}

/// A rate's validity has ended.
pub(crate) fn lapse(state: &mut State, events: &mut Events, pair: PairRef) {
    state.pairs.get_mut(&pair).expect("a timer names a pair that exists").rate = None;
    events.push(Event::PairBlocked { pair });
}

impl State {
    /// The pair's rate, if both authorities have approved it and it is valid now.
    #[must_use]
    pub fn approved_rate(&self, pair: PairRef) -> Option<Rate> {
        let rate = self.pairs.get(&pair)?.rate.as_ref()?;
        let open = rate.base_approved && rate.quote_approved && !rate.gated;
        let valid = rate.from <= self.at && self.at < rate.until;
        (open && valid).then_some(rate.rate)
    }
}
