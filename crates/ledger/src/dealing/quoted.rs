//! Quotes: asked for, accepted, paid, lapsed.
//!
//! A quote promises both amounts for a while. Accepting it sets the dealer's money aside; a payment that names it must
//! match it exactly and settles at once, whole groups of them in one decision. An id names one quote for ever. Absent on
//! purpose: standing rates; a quote takes them as they are when it is asked for.

use alloc::vec::Vec;

use comity_market::dealer::compare;

use super::locked::{Freed, lock, settle, settles, unlock};
use super::price::{Exchange, able, choose, dealer_prices, through, why_none};
use super::{
    Choice, Deal, Dealing, Modes, PayQuoted, Position, PriceSource, Quote, QuoteStanding, QuotedLeg, RequestQuote, Way,
};
use crate::account::IS_INTERNAL;
use crate::command::{Fixed, Instruction};
use crate::event::{Event, Events};
use crate::group::LEGS;
use crate::ids::{AccountId, Key, ParticipantId, PaymentId};
use crate::pay;
use crate::payment::Payment;
use crate::phase;
use crate::reject::{Reason, Reject};
use crate::state::{State, Timer};

/// Asks for a quote.
pub(crate) fn request(state: &mut State, events: &mut Events, order: &RequestQuote) -> Result<(), Reject> {
    let RequestQuote { quote: key, debtor, creditor, fixed, amount, .. } = *order;
    new_key(state, key)?;
    let account = |id: AccountId, unknown| {
        let known = state.account(id).filter(|account| !account.is(IS_INTERNAL));
        known.ok_or(Reject::refers(unknown, u64::from(id.0)))
    };
    let (from, to) = (account(debtor, Reason::UnknownDebtor)?, account(creditor, Reason::UnknownCreditor)?);
    if amount <= 0 || amount > crate::book::AMOUNT_MAX {
        return Err(Reject::limit(Reason::ZeroAmount, crate::book::AMOUNT_MAX, amount));
    }
    let (pair, way) = state.pair_of(from.currency, to.currency).ok_or(Reject::because(Reason::UnknownPair))?;
    open_for_deals(state, pair)?;
    let terms = state.dealing.terms(pair).filter(|terms| terms.modes.any(Modes::QUOTES));
    let terms = terms.ok_or(Reject::because(Reason::ModeNotAllowed))?;
    let client = if order.debtor_for.is_some() { order.debtor_for } else { from.participant };
    let exchange = Exchange { pair, way, fixed, amount, debtor, creditor, client };
    let fees = match way {
        Way::BaseToQuote => terms.selling,
        Way::QuoteToBase => terms.buying,
    };
    let mut found = dealer_prices(state, &exchange, &fees, PriceSource::Quote);
    if order.dealer.is_some() {
        found.retain(|one| one.dealer == order.dealer);
        if found.is_empty() {
            return Err(Reject::refers(Reason::UnknownDealer, u64::from(order.dealer.0)));
        }
    }
    let at = choose(&found, fixed, Choice::Best).ok_or_else(|| why_none(&found))?;
    let until = state.at.plus_seconds(terms.quote_seconds);
    let chosen = found.remove(at);
    let quote = Quote {
        pair,
        way,
        dealer: chosen.dealer,
        debtor,
        creditor,
        fixed,
        rate: chosen.rate.expect("it has a price"),
        amounts: chosen.amounts.expect("it can be had"),
        until,
        standing: QuoteStanding::Open,
        others: found.iter().map(|one| one.offer(fixed)).collect(),
    };
    state.dealing.quotes.insert(key, quote);
    state.timers.insert((until, Timer::Quote(key)));
    events.push(Event::Quoted { quote: key });
    Ok(())
}

/// Whether nothing has this id yet.
pub(crate) fn new_key(state: &State, key: Key) -> Result<(), Reject> {
    if key.0 == 0 {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if state.dealing.owns_hold(key) || state.holds.contains_key(&key) {
        return Err(Reject::because(Reason::Exists));
    }
    Ok(())
}

/// Whether deals can be made in both currencies of a pair now.
pub(crate) fn open_for_deals(state: &State, pair: crate::command::PairRef) -> Result<(), Reject> {
    for currency in [pair.base, pair.quote] {
        if state.currencies[currency.at()].stopped {
            return Err(Reject::because(Reason::CurrencyStopped));
        }
    }
    if !state.allows(phase::SETTLE) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    for currency in [pair.base, pair.quote] {
        if state.is_closed(currency) {
            let today = i64::from(state.day.date.0);
            return Err(Reject::limit(Reason::ValueDate, today, today));
        }
    }
    Ok(())
}

/// Accepts a quote: the dealer's money is set aside until the quote ends.
pub(crate) fn accept(state: &mut State, events: &mut Events, key: Key) -> Result<(), Reject> {
    let quote = usable(state, key)?;
    if quote.standing == QuoteStanding::Accepted {
        return Err(Reject::because(Reason::Exists));
    }
    open_for_deals(state, quote.pair)?;
    can_take(state, quote)?;
    // Nothing below can refuse.
    let Quote { pair, way, dealer, amounts, until, .. } = *quote;
    let (_, to) = Dealing::currencies(pair, way);
    let account = state.account_of[&(dealer, to)];
    take_position(state, key);
    state.dealing.quotes.get_mut(&key).expect("found above").standing = QuoteStanding::Accepted;
    lock(state, events, key, account, amounts.target, until);
    events.push(Event::QuoteAccepted { quote: key });
    Ok(())
}

/// The quote, if it can still be accepted or paid.
fn usable(state: &State, key: Key) -> Result<&Quote, Reject> {
    let quote = state.dealing.quotes.get(&key).ok_or(Reject::because(Reason::UnknownQuote))?;
    match quote.standing {
        QuoteStanding::Open | QuoteStanding::Accepted => Ok(quote),
        QuoteStanding::Used => Err(Reject::because(Reason::QuoteUsed)),
        QuoteStanding::Expired => {
            let at = |time: crate::ids::Time| i64::try_from(time.0).unwrap_or(i64::MAX);
            Err(Reject::limit(Reason::QuoteExpired, at(quote.until), at(state.at)))
        }
    }
}

/// Whether the dealer may and can still give what it quoted.
fn can_take(state: &State, quote: &Quote) -> Result<(), Reject> {
    let client = state.accounts[quote.debtor.at()].participant;
    let Quote { pair, way, fixed, debtor, creditor, .. } = *quote;
    let exchange = Exchange { pair, way, fixed, amount: quote.amounts.source, debtor, creditor, client };
    able(state, &exchange, quote.dealer, &quote.amounts)
}

/// Counts a quote towards its dealer's position.
fn take_position(state: &mut State, key: Key) {
    let Quote { pair, way, dealer, amounts, .. } = state.dealing.quotes[&key];
    add_position(state, pair, dealer, way, amounts.source, amounts.target);
}

/// Counts a deal towards a dealer's position.
pub(crate) fn add_position(
    state: &mut State,
    pair: crate::command::PairRef,
    dealer: ParticipantId,
    way: Way,
    source: i64,
    target: i64,
) {
    let position = state.dealing.positions.entry((pair, dealer)).or_default();
    *position = position.after(way, source, target);
}

/// Takes an accepted quote out of its dealer's position again.
fn give_position(state: &mut State, key: Key) {
    let Quote { pair, way, dealer, amounts, .. } = state.dealing.quotes[&key];
    let position = state.dealing.positions.get_mut(&(pair, dealer)).expect("an accepted quote is counted");
    let back = Position::default().after(way, amounts.source, amounts.target);
    position.base -= back.base;
    position.quote -= back.quote;
}

/// A quote's time has run out.
pub(crate) fn lapse(state: &mut State, events: &mut Events, key: Key) {
    let quote = state.dealing.quotes.get_mut(&key).expect("a timer names a quote that exists");
    let was = core::mem::replace(&mut quote.standing, QuoteStanding::Expired);
    state.timers.remove(&(quote.until, Timer::Quote(key)));
    if was == QuoteStanding::Accepted {
        give_position(state, key);
        unlock(state, events, key, true);
    }
    events.push(Event::QuoteExpired { quote: key });
}

/// A new business day: quotes of the last one end, and positions begin at zero.
pub(crate) fn new_day(state: &mut State, events: &mut Events) {
    let open: Vec<Key> = state
        .timers
        .iter()
        .filter_map(|(_, timer)| match timer {
            Timer::Quote(key) => Some(*key),
            Timer::Earliest(_)
            | Timer::Latest(_)
            | Timer::Hold(_)
            | Timer::Recall(_)
            | Timer::Proposal(_)
            | Timer::Rate(_) => None,
        })
        .collect();
    for key in open {
        lapse(state, events, key);
    }
    super::end_orders(state, events);
    state.dealing.positions.clear();
}

/// Settles conversions under quotes, and plain payments with them: all at once or none.
pub(crate) fn pay_quoted(state: &mut State, events: &mut Events, order: &PayQuoted) -> Result<(), Reject> {
    let legs = 2 * order.quoted.len() + order.plain.len();
    if order.quoted.is_empty() || !LEGS.contains(&legs) {
        return Err(Reject::limit(Reason::GroupSize, *LEGS.end() as i64, i64::try_from(legs).unwrap_or(i64::MAX)));
    }
    let sent: Vec<&Instruction> = order.quoted.iter().map(|leg| &leg.order.instruction).chain(&order.plain).collect();
    if pay::already_together(state, events, &sent, legs)? {
        return Ok(());
    }
    for one in &sent {
        pay::well_formed(one, PaymentId::NONE)?;
    }
    let (drafts, keys) = match prepare(state, order) {
        Ok(prepared) => prepared,
        Err((at, reject)) => {
            pay::record_refused(state, events, &sent, at, reject);
            return Ok(());
        }
    };
    // Nothing below can refuse.
    for key in &keys {
        use_quote(state, events, *key);
    }
    let group = settle(state, events, drafts);
    let first = state.groups[group.at()].first;
    for (at, key) in (0..).zip(keys) {
        record_deal(state, events, PaymentId(first.0 + 2 * at), key);
    }
    Ok(())
}

/// Takes the money of a quote for this decision.
fn use_quote(state: &mut State, events: &mut Events, key: Key) {
    let quote = state.dealing.quotes.get_mut(&key).expect("checked");
    let was = core::mem::replace(&mut quote.standing, QuoteStanding::Used);
    state.timers.remove(&(quote.until, Timer::Quote(key)));
    match was {
        QuoteStanding::Accepted => unlock(state, events, key, false),
        QuoteStanding::Open | QuoteStanding::Used | QuoteStanding::Expired => take_position(state, key),
    }
}

fn record_deal(state: &mut State, events: &mut Events, payment: PaymentId, key: Key) {
    let quote = &state.dealing.quotes[&key];
    let deal = Deal {
        payment,
        pair: quote.pair,
        way: quote.way,
        fixed: quote.fixed,
        source: PriceSource::Quote,
        dealer: quote.dealer,
        rate: quote.rate,
        debited: quote.amounts.source,
        credited: quote.amounts.target,
        quote: key,
        day: state.day.date,
        others: quote.others.clone(),
    };
    let keeper = state.account_of[&(quote.dealer, quote.pair.quote)];
    let remainder = quote.amounts.remainder;
    state.owe_remainder(events, keeper, remainder);
    state.note_deal(events, deal);
}

/// Every leg, drafted and checked, and the quotes they use; or whose fault it is and why.
fn prepare(state: &State, order: &PayQuoted) -> Result<(Vec<Payment>, Vec<Key>), (usize, Reject)> {
    let mut drafts = Vec::new();
    let mut keys: Vec<Key> = Vec::new();
    let mut freed = Freed::new();
    let mut dealers = Vec::new();
    let mut faults: Vec<(usize, Reject)> = Vec::new();
    for (at, leg) in order.quoted.iter().enumerate() {
        if let Some(reject) = pay::check_conversion(state, &leg.order.instruction, false) {
            faults.push((at, reject));
            continue;
        }
        match matching(state, leg, &keys) {
            Ok(quote) => {
                let Quote { pair, way, fixed, debtor, creditor, dealer, .. } = *quote;
                let client = ParticipantId::NONE;
                let exchange = Exchange { pair, way, fixed, amount: 0, debtor, creditor, client };
                let legs = through(state, &exchange, &leg.order.instruction, dealer, &quote.amounts);
                if quote.standing == QuoteStanding::Accepted {
                    *freed.entry(legs[1].debtor).or_insert(0) += quote.amounts.target;
                } else if let Err(reject) = can_take(state, quote) {
                    faults.push((at, reject));
                }
                for leg in &legs {
                    faults.extend(pay::check(state, leg, false).map(|reject| (at, reject)));
                    drafts.push(pay::draft(state, leg));
                }
                dealers.push(dealer);
                keys.push(leg.quote);
            }
            Err(reject) => faults.push((at, reject)),
        }
    }
    for (at, plain) in order.plain.iter().enumerate() {
        let at = order.quoted.len() + at;
        faults.extend(pay::check(state, plain, false).map(|reject| (at, reject)));
        faults.extend(pay::scheduled(state, plain).map(|_| (at, Reject::because(Reason::TimeWindow))));
        drafts.push(pay::draft(state, plain));
    }
    if let Some(fault) = faults.into_iter().min_by_key(|(_, reject)| reject.reason) {
        return Err(fault);
    }
    match settles(state, &drafts, &freed, &dealers) {
        Ok(()) => Ok((drafts, keys)),
        Err(reject) => {
            let account = AccountId(u32::try_from(reject.refers).unwrap_or(u32::MAX));
            let leg = drafts.iter().position(|leg| leg.debtor == account).unwrap_or(0);
            let quoted = order.quoted.len();
            Err((if leg < 2 * quoted { leg / 2 } else { leg - quoted }, reject))
        }
    }
}

/// The quote a leg names, if the leg is exactly what was quoted.
fn matching<'a>(state: &'a State, leg: &QuotedLeg, taken: &[Key]) -> Result<&'a Quote, Reject> {
    let quote = usable(state, leg.quote)?;
    if taken.contains(&leg.quote) {
        return Err(Reject::because(Reason::QuoteUsed));
    }
    let order = &leg.order.instruction;
    let quoted = match leg.order.fixed {
        Fixed::Source => quote.amounts.source,
        Fixed::Target => quote.amounts.target,
    };
    let parties = (order.debtor, order.creditor) == (quote.debtor, quote.creditor);
    let rate = leg.order.expected.is_none_or(|expected| compare(expected, quote.rate).is_eq());
    if order.amount != quoted {
        return Err(Reject::limit(Reason::QuoteMismatch, quoted, order.amount));
    }
    if !parties || !rate {
        return Err(Reject::because(Reason::QuoteMismatch));
    }
    if pay::scheduled(state, order).is_some() {
        return Err(Reject::because(Reason::TimeWindow));
    }
    Ok(quote)
}

impl State {
    /// Records a deal and tells it. A dealer's own price counts towards its position where it is taken.
    pub(crate) fn note_deal(&mut self, events: &mut Events, deal: Deal) {
        let payment = deal.payment;
        let at = u32::try_from(self.dealing.deals.len()).expect("fewer deals than payments");
        self.dealing.deals.push(deal);
        events.push(Event::Dealt { payment, deal: at });
    }
}
