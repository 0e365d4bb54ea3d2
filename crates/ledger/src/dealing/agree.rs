//! Pricing terms, dealers and their rates: asked for by one, agreed by both authorities of the pair.
//!
//! While an arrangement is set up its signatories have agreed to everything in it. Later, what is asked for waits for
//! the word of both authorities, and what was in force stays in force. A dealer's rate beyond the gate waits for release,
//! as an official rate does. Absent on purpose: prices; see [`super::price`].

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use comity_market::dealer::{BPS_MAX, STEPS_MAX};

use super::{Agree, Basis, Dealer, DealerRate, DealerTerms, Modes, SetDealer, SetDealerRate, SetPricing, Subject};
use crate::command::PairRef;
use crate::event::{Event, Events};
use crate::ids::{AuthorityId, ParticipantId};
use crate::rate::{RATE_SCALE_MAX, Rate};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// Longest validity of a quote, seconds: an hour.
const QUOTE_SECONDS_MAX: u32 = 3_600;
/// Most dealers of one pair.
const DEALERS_MAX: usize = 32;

/// Asks for pricing terms.
pub(crate) fn set_pricing(state: &mut State, order: &SetPricing) -> Result<(), Reject> {
    if !state.pairs.contains_key(&order.pair) {
        return Err(Reject::because(Reason::UnknownPair));
    }
    let terms = &order.terms;
    if !terms.modes.known() {
        return Err(Reject::because(Reason::OutOfRange));
    }
    let fixed = terms.modes.any(Modes::FIXED);
    if fixed != terms.fixed.is_some_and(Rate::is_valid) || (!fixed && terms.fixed.is_some()) {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if terms.quote_seconds == 0 || terms.quote_seconds > QUOTE_SECONDS_MAX {
        let limit = i64::from(QUOTE_SECONDS_MAX);
        return Err(Reject::limit(Reason::OutOfRange, limit, i64::from(terms.quote_seconds)));
    }
    if terms.tick > RATE_SCALE_MAX {
        return Err(Reject::limit(Reason::OutOfRange, i64::from(RATE_SCALE_MAX), i64::from(terms.tick)));
    }
    for fees in [terms.selling, terms.buying] {
        let least = fees.departure.min(fees.arrival).min(fees.scheme);
        if least < 0 {
            return Err(Reject::limit(Reason::OutOfRange, 0, least));
        }
        if fees.scheme_bps > BPS_MAX {
            return Err(Reject::limit(Reason::OutOfRange, i64::from(BPS_MAX), i64::from(fees.scheme_bps)));
        }
    }
    let agreed = state.version.is_none();
    let pricing = state.dealing.pricing.entry(order.pair).or_default();
    (pricing.base_agreed, pricing.quote_agreed) = (false, false);
    if agreed {
        (pricing.terms, pricing.asked) = (Some(terms.clone()), None);
    } else {
        pricing.asked = Some(terms.clone());
    }
    Ok(())
}

/// Names a dealer or changes its limits.
pub(crate) fn set_dealer(state: &mut State, order: &SetDealer) -> Result<(), Reject> {
    let SetDealer { pair, dealer, base_limit, quote_limit } = *order;
    if !state.pairs.contains_key(&pair) {
        return Err(Reject::because(Reason::UnknownPair));
    }
    for currency in [pair.base, pair.quote] {
        if !state.account_of.contains_key(&(dealer, currency)) {
            return Err(Reject::refers(Reason::Unknown, u64::from(dealer.0)));
        }
    }
    let least = base_limit.min(quote_limit);
    if least < 0 {
        return Err(Reject::limit(Reason::OutOfRange, 0, least));
    }
    let agreed = state.version.is_none();
    let known = state.dealing.dealers.contains_key(&(pair, dealer));
    if !known && dealers(state, pair).count() >= DEALERS_MAX {
        return Err(Reject::limit(Reason::OutOfRange, DEALERS_MAX as i64, DEALERS_MAX as i64 + 1));
    }
    let new = Dealer { base_limit, quote_limit, base_agreed: agreed, quote_agreed: agreed, rate: None };
    let entry = state.dealing.dealers.entry((pair, dealer)).or_insert(new);
    (entry.base_limit, entry.quote_limit) = (base_limit, quote_limit);
    (entry.base_agreed, entry.quote_agreed) = (agreed, agreed);
    Ok(())
}

/// The dealers of a pair, by number.
pub(crate) fn dealers(state: &State, pair: PairRef) -> impl Iterator<Item = (ParticipantId, &Dealer)> {
    let all = (pair, ParticipantId(0))..=(pair, ParticipantId::NONE);
    state.dealing.dealers.range(all).map(|((_, dealer), known)| (*dealer, known))
}

/// A dealer's standing rates.
pub(crate) fn set_dealer_rate(state: &mut State, events: &mut Events, order: &SetDealerRate) -> Result<(), Reject> {
    let SetDealerRate { pair, dealer, terms, clients, until } = order;
    if !state.dealing.dealers.contains_key(&(*pair, *dealer)) {
        return Err(Reject::refers(Reason::UnknownDealer, u64::from(dealer.0)));
    }
    let rate = match terms {
        None => None,
        Some(terms) => {
            let improved = clients.iter().all(|(_, bps)| *bps <= BPS_MAX) && clients.len() <= STEPS_MAX;
            let known = clients.iter().all(|(client, _)| client.at() < state.participants.len());
            if !terms.is_valid() || !improved || !known || !clients.is_sorted_by(|one, next| one.0 < next.0) {
                return Err(Reject::because(Reason::OutOfRange));
            }
            if *until <= state.at {
                return Err(Reject::because(Reason::TimeWindow));
            }
            let gated = change_bps(state, *pair, terms) > u64::from(state.pairs[pair].gate_bps);
            let clients: BTreeMap<_, _> = clients.iter().copied().collect();
            Some(DealerRate { terms: terms.clone(), clients, until: *until, gated })
        }
    };
    let gated = rate.as_ref().is_some_and(|rate| rate.gated);
    state.dealing.dealers.get_mut(&(*pair, *dealer)).expect("found above").rate = rate;
    events.push(Event::DealerRateSet { pair: *pair, dealer: *dealer, gated });
    Ok(())
}

/// What a new price is compared with: the last official rate both approved, else the agreed constant one.
pub(crate) fn reference(state: &State, pair: PairRef) -> Option<Rate> {
    let official = state.pairs.get(&pair).and_then(|pair| pair.previous);
    official.or_else(|| state.dealing.terms(pair).and_then(|terms| terms.fixed))
}

/// How far a dealer's bid or ask, before improvements, is from the reference; zero when there is none.
pub(crate) fn change_bps(state: &State, pair: PairRef, terms: &DealerTerms) -> u64 {
    match terms.basis {
        Basis::Own(two) => reference(state, pair).map_or(0, |reference| {
            let far = |rate: Rate| rate.change_bps(reference);
            far(two.bid).max(far(two.ask))
        }),
        Basis::Spread(bps) => u64::from(bps),
    }
}

/// An official rate has opened: dealers' rates that are too far from it wait for release, also those that were there before.
pub(crate) fn compare(state: &mut State, events: &mut Events, pair: PairRef) {
    let gate = u64::from(state.pairs[&pair].gate_bps);
    let far = |known: &Dealer| {
        let open = known.rate.as_ref().filter(|rate| !rate.gated && state.at < rate.until);
        open.is_some_and(|rate| change_bps(state, pair, &rate.terms) > gate)
    };
    let held: Vec<ParticipantId> =
        dealers(state, pair).filter(|(_, known)| far(known)).map(|(dealer, _)| dealer).collect();
    for dealer in held {
        let known = state.dealing.dealers.get_mut(&(pair, dealer)).expect("it was listed");
        known.rate.as_mut().expect("it has a rate").gated = true;
        events.push(Event::DealerRateSet { pair, dealer, gated: true });
    }
}

/// One authority's word, or two people's release.
pub(crate) fn agree(
    state: &mut State,
    events: &mut Events,
    authority: AuthorityId,
    order: &Agree,
) -> Result<(), Reject> {
    let issuer = |currency: crate::ids::CurrencyId| state.currencies[currency.at()].authority;
    if !state.pairs.contains_key(&order.pair) {
        return Err(Reject::because(Reason::UnknownPair));
    }
    let (is_base, is_quote) = (issuer(order.pair.base) == authority, issuer(order.pair.quote) == authority);
    if !is_base && !is_quote {
        return Err(Reject::because(Reason::NotYours));
    }
    match order.subject {
        Subject::Pricing => {
            let pricing = state.dealing.pricing.get_mut(&order.pair);
            let pricing = pricing.filter(|pricing| pricing.asked.is_some()).ok_or(Reject::because(Reason::Unknown))?;
            if !order.agree {
                pricing.asked = None;
            } else {
                pricing.base_agreed |= is_base;
                pricing.quote_agreed |= is_quote;
                if pricing.base_agreed && pricing.quote_agreed {
                    pricing.terms = pricing.asked.take();
                }
            }
            if pricing.asked.is_none() {
                (pricing.base_agreed, pricing.quote_agreed) = (false, false);
            }
            // Nothing asked for and nothing in force is no pricing at all.
            if pricing.asked.is_none() && pricing.terms.is_none() {
                state.dealing.pricing.remove(&order.pair);
            }
        }
        Subject::Dealer(dealer) => {
            let known = state.dealing.dealers.get_mut(&(order.pair, dealer));
            let known = known.ok_or(Reject::refers(Reason::UnknownDealer, u64::from(dealer.0)))?;
            known.base_agreed = if is_base { order.agree } else { known.base_agreed };
            known.quote_agreed = if is_quote { order.agree } else { known.quote_agreed };
        }
        Subject::Rate(dealer) => {
            let known = state.dealing.dealers.get_mut(&(order.pair, dealer));
            let known = known.ok_or(Reject::refers(Reason::UnknownDealer, u64::from(dealer.0)))?;
            let rate = known.rate.as_mut().filter(|rate| rate.gated).ok_or(Reject::because(Reason::NotHeld))?;
            rate.gated = false;
            if !order.agree {
                known.rate = None;
            }
        }
        Subject::Auction => return super::auction::release(state, events, order.pair, order.agree),
    }
    events.push(Event::Done);
    Ok(())
}
