//! Call auctions: orders whose money is set aside, one price for all, fills settled one by one.
//!
//! Whoever places an order is told what would happen if the auction were run now: that is the imbalance information.
//! Sellers and buyers that trade are put together in order of entry; each pair of legs settles all or nothing, what is
//! not filled goes back. A price beyond the gate settles nothing until two people of an authority release it; until then
//! the orders stay as they are. Absent on purpose: finding the price, see [`comity_market::auction`].

use alloc::vec::Vec;

use comity_market::auction::{Indication, Margin, Order, Outcome, Rules, Side, indication, run};
use comity_market::rate::convert;

use super::agree::reference;
use super::locked::{Freed, lock, settle, settles, unlock, unlock_part};
use super::price::beyond_gate;
use super::quoted::{new_key, open_for_deals};
use super::{Auction, AuctionOrder, Deal, Dealing, Modes, OrderStanding, PlaceOrder, PriceSource, Way};
use crate::command::{Fixed, Instruction, PairRef, PaymentKind, Priority};
use crate::event::{Event, Events};
use crate::ids::{AccountId, Day, Key, ParticipantId, Time, Uetr};
use crate::pay;
use crate::rate::{FRACTION, Rate};
use crate::reject::{Reason, Reject};
use crate::state::State;
use crate::wire::{DigestSink, Wire};

/// Most orders that wait for one auction.
const ORDERS_MAX: usize = 10_000;

/// Places an order.
pub(crate) fn place_order(state: &mut State, events: &mut Events, order: &PlaceOrder) -> Result<(), Reject> {
    let PlaceOrder { order: key, owner, pair, way, amount, limit } = *order;
    new_key(state, key)?;
    if amount <= 0 || amount > crate::book::AMOUNT_MAX {
        return Err(Reject::limit(Reason::ZeroAmount, crate::book::AMOUNT_MAX, amount));
    }
    let account = |currency| {
        state.account_of.get(&(owner, currency)).copied().ok_or(Reject::refers(Reason::Unknown, u64::from(owner.0)))
    };
    if !state.pairs.contains_key(&pair) {
        return Err(Reject::because(Reason::UnknownPair));
    }
    let terms = state.dealing.terms(pair).filter(|terms| terms.modes.any(Modes::AUCTION));
    let tick = terms.ok_or(Reject::because(Reason::ModeNotAllowed))?.tick;
    if limit.is_some_and(|limit| !limit.is_valid() || !on_tick(limit, tick)) {
        return Err(Reject::limit(Reason::OutOfRange, i64::from(tick), i64::from(limit.map_or(0, |rate| rate.scale))));
    }
    open_for_deals(state, pair)?;
    not_held(state, pair)?;
    let (from, to) = Dealing::currencies(pair, way);
    let (debtor, creditor) = (account(from)?, account(to)?);
    let locked = match (way, limit) {
        (Way::BaseToQuote, _) => amount,
        (Way::QuoteToBase, None) => return Err(Reject::because(Reason::NeedsLimit)),
        (Way::QuoteToBase, Some(limit)) => worth(state, pair, limit, Way::QuoteToBase, Fixed::Target, amount)
            .ok_or(Reject::limit(Reason::ZeroAmount, crate::book::AMOUNT_MAX, amount))?,
    };
    if open_orders(state, pair).len() >= ORDERS_MAX {
        return Err(Reject::limit(Reason::OutOfRange, ORDERS_MAX as i64, ORDERS_MAX as i64 + 1));
    }
    let available = state.accounts[debtor.at()].available() - state.reserve(debtor);
    if locked > available {
        let short = Reject::limit(Reason::InsufficientFunds, available, locked);
        return Err(Reject { refers: u64::from(debtor.0), ..short });
    }
    // Nothing below can refuse.
    let (seq, standing) = (state.seq, OrderStanding::Open);
    let new = AuctionOrder { pair, way, debtor, creditor, amount, limit, locked, filled: 0, seq, standing };
    state.dealing.orders.insert(key, new);
    lock(state, events, key, debtor, locked, Time(0));
    let (price, volume, imbalance) = indicated(state, pair);
    events.push(Event::OrderPlaced { order: key, price, volume, imbalance });
    Ok(())
}

/// Takes an order back.
pub(crate) fn withdraw_order(state: &mut State, events: &mut Events, key: Key) -> Result<(), Reject> {
    let order = state.dealing.orders.get(&key).filter(|order| order.standing == OrderStanding::Open);
    let pair = order.ok_or(Reject::because(Reason::Unknown))?.pair;
    not_held(state, pair)?;
    end(state, events, key, OrderStanding::Ended);
    Ok(())
}

/// The day ends: orders that no auction looked at go back.
pub(crate) fn end_orders(state: &mut State, events: &mut Events) {
    let open: Vec<Key> = state
        .dealing
        .orders
        .iter()
        .filter(|(_, order)| order.standing == OrderStanding::Open)
        .map(|(key, _)| *key)
        .collect();
    for key in open {
        end(state, events, key, OrderStanding::Ended);
    }
    for auction in &mut state.dealing.auctions {
        drop_held(auction);
    }
}

fn end(state: &mut State, events: &mut Events, key: Key, standing: OrderStanding) {
    let order = state.dealing.orders.get_mut(&key).expect("an order that is open");
    order.standing = standing;
    let filled = order.filled;
    unlock(state, events, key, false);
    events.push(Event::OrderEnded { order: key, filled });
}

/// A price nobody released is no price.
fn drop_held(auction: &mut Auction) {
    if auction.held {
        (auction.held, auction.price, auction.volume) = (false, None, 0);
    }
}

/// While a price waits for release, the orders it was found from stay as they are.
fn not_held(state: &State, pair: PairRef) -> Result<(), Reject> {
    match held(state, pair) {
        Some(_) => Err(Reject::because(Reason::AuctionHeld)),
        None => Ok(()),
    }
}

fn held(state: &State, pair: PairRef) -> Option<usize> {
    state.dealing.auctions.iter().rposition(|auction| auction.pair == pair && auction.held)
}

/// Whether a rate has no more digits than the tick.
pub(crate) fn on_tick(rate: Rate, tick: u8) -> bool {
    rate.scale <= tick || rate.mantissa.is_multiple_of(10_u64.pow(u32::from(rate.scale - tick)))
}

/// The orders of a pair that wait, in order of entry.
fn open_orders(state: &State, pair: PairRef) -> Vec<Key> {
    let orders = state.dealing.orders.iter();
    let mut open: Vec<(u64, Key)> = orders
        .filter(|(_, order)| order.pair == pair && order.standing == OrderStanding::Open)
        .map(|(key, order)| (order.seq, *key))
        .collect();
    open.sort_unstable();
    open.into_iter().map(|(_, key)| key).collect()
}

/// The book of a pair as the market library takes it.
fn book(state: &State, pair: PairRef, keys: &[Key]) -> (Vec<Order>, Rules) {
    let orders = keys.iter().map(|key| {
        let AuctionOrder { way, limit, amount, .. } = state.dealing.orders[key];
        let side = match way {
            Way::BaseToQuote => Side::Sell,
            Way::QuoteToBase => Side::Buy,
        };
        Order { side, limit, amount }
    });
    let tick = state.dealing.terms(pair).map_or(0, |terms| terms.tick);
    let rules = Rules {
        scale: tick,
        reference: reference(state, pair).filter(|rate| on_tick(*rate, tick)),
        margin: Margin::Time,
        base_exponent: state.currencies[pair.base.at()].exponent,
        quote_exponent: state.currencies[pair.quote.at()].exponent,
    };
    (orders.collect(), rules)
}

/// What would happen if the auction were run now: price, volume, and what would be left for sale less what is wanted.
fn indicated(state: &State, pair: PairRef) -> (Option<Rate>, i64, i64) {
    let (orders, rules) = book(state, pair, &open_orders(state, pair));
    let minor = |amount: i128| i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX });
    match indication(&orders, &rules) {
        Ok(Indication::Price(price)) => (Some(price.rate), minor(price.volume), minor(price.supply - price.demand)),
        Ok(Indication::NoCross(book)) => (None, 0, minor(book.supply - book.demand)),
        Err(_) => (None, 0, 0),
    }
}

/// Runs the auction of a pair.
pub(crate) fn run_auction(state: &mut State, events: &mut Events, pair: PairRef) -> Result<(), Reject> {
    if !state.pairs.contains_key(&pair) {
        return Err(Reject::because(Reason::UnknownPair));
    }
    if state.dealing.terms(pair).is_none_or(|terms| !terms.modes.any(Modes::AUCTION)) {
        return Err(Reject::because(Reason::ModeNotAllowed));
    }
    open_for_deals(state, pair)?;
    not_held(state, pair)?;
    let keys = open_orders(state, pair);
    let (orders, rules) = book(state, pair, &keys);
    let outcome = run(&orders, &rules).map_err(|_| Reject::because(Reason::OutOfRange))?;
    let at = state.dealing.auctions.len();
    let auction = u32::try_from(at).expect("fewer auctions than entries");
    let mut new = Auction {
        pair,
        day: state.day.date,
        at: state.at,
        price: None,
        volume: 0,
        imbalance: 0,
        fills: 0,
        held: false,
    };
    let minor = |amount: i128| i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX });
    match outcome {
        Outcome::NoCross(book) => {
            new.imbalance = minor(book.supply - book.demand);
            state.dealing.auctions.push(new);
            events.push(Event::AuctionRun { auction });
            finish(state, events, &keys);
        }
        Outcome::Cleared(cleared) => {
            new.price = Some(cleared.price.rate);
            new.volume = minor(cleared.price.volume);
            new.imbalance = minor(cleared.price.supply - cleared.price.demand);
            new.held = beyond_gate(state, pair, cleared.price.rate).is_some();
            state.dealing.auctions.push(new);
            if !state.dealing.auctions[at].held {
                carry_out(
                    state,
                    events,
                    at,
                    &keys,
                    &cleared.fills.iter().map(|f| (f.order, f.base)).collect::<Vec<_>>(),
                );
            }
            events.push(Event::AuctionRun { auction });
        }
    }
    Ok(())
}

/// Two people released a held price, or turned it down.
pub(crate) fn release(state: &mut State, events: &mut Events, pair: PairRef, agree: bool) -> Result<(), Reject> {
    let at = held(state, pair).ok_or(Reject::because(Reason::NotHeld))?;
    let auction = u32::try_from(at).expect("fewer auctions than entries");
    let keys = open_orders(state, pair);
    if agree {
        open_for_deals(state, pair)?;
        // The book is as it was, so this is the price that was held.
        let (orders, rules) = book(state, pair, &keys);
        let outcome = run(&orders, &rules).map_err(|_| Reject::because(Reason::OutOfRange))?;
        let Outcome::Cleared(cleared) = outcome else {
            return Err(Reject::because(Reason::NotHeld));
        };
        let found = &mut state.dealing.auctions[at];
        (found.held, found.price) = (false, Some(cleared.price.rate));
        carry_out(state, events, at, &keys, &cleared.fills.iter().map(|f| (f.order, f.base)).collect::<Vec<_>>());
    } else {
        drop_held(&mut state.dealing.auctions[at]);
        finish(state, events, &keys);
    }
    events.push(Event::AuctionRun { auction });
    Ok(())
}

/// Every order of the auction is over.
fn finish(state: &mut State, events: &mut Events, keys: &[Key]) {
    for key in keys {
        end(state, events, *key, OrderStanding::Done);
    }
}

/// Settles the fills (order and minor units of base) at the auction's price, sellers and buyers in order of entry.
fn carry_out(state: &mut State, events: &mut Events, at: usize, keys: &[Key], fills: &[(usize, i64)]) {
    let rate = state.dealing.auctions[at].price.expect("it cleared");
    let of = |way: Way| -> Vec<(Key, i64)> {
        let filled = fills.iter().map(|(order, base)| (keys[*order], *base));
        filled.filter(|(key, _)| state.dealing.orders[key].way == way).collect()
    };
    let (mut sellers, mut buyers) = (of(Way::BaseToQuote), of(Way::QuoteToBase));
    let (mut seller, mut buyer, mut number) = (0, 0, 0);
    while seller < sellers.len() && buyer < buyers.len() {
        let base = sellers[seller].1.min(buyers[buyer].1);
        if base > 0 {
            let uetr = reference_of(at, number);
            fill(state, events, at, Fill { seller: sellers[seller].0, buyer: buyers[buyer].0, base, rate, uetr });
            number += 1;
        }
        sellers[seller].1 -= base;
        buyers[buyer].1 -= base;
        seller += usize::from(sellers[seller].1 == 0);
        buyer += usize::from(buyers[buyer].1 == 0);
    }
    // What settled, which is less than what crossed when a fill could not.
    let sold = |key: &Key| state.dealing.orders[key].filled;
    state.dealing.auctions[at].volume = sellers.iter().map(|(key, _)| sold(key)).sum();
    finish(state, events, keys);
}

/// A seller and a buyer put together.
struct Fill {
    seller: Key,
    buyer: Key,
    base: i64,
    rate: Rate,
    uetr: [Uetr; 2],
}

/// Settles one fill, or leaves it when it cannot settle: then both sides have what they had.
fn fill(state: &mut State, events: &mut Events, at: usize, fill: Fill) {
    let Fill { seller, buyer, base, rate, uetr } = fill;
    let (sells, buys) = (&state.dealing.orders[&seller], &state.dealing.orders[&buyer]);
    let pair = sells.pair;
    let exponent = |currency: crate::ids::CurrencyId| state.currencies[currency.at()].exponent;
    let (base_exponent, quote_exponent) = (exponent(pair.base), exponent(pair.quote));
    let converted = convert(rate, Way::BaseToQuote, Fixed::Source, base, base_exponent, quote_exponent);
    // Less than a minor unit of the quote currency: nobody gives something for nothing.
    let Some(converted) = converted else { return };
    let quote = converted.target;
    let legs = [leg(uetr[0], buys.debtor, sells.creditor, quote), leg(uetr[1], sells.debtor, buys.creditor, base)];
    if legs.iter().any(|leg| pay::check(state, leg, false).is_some() || state.find(leg.uetr).is_some()) {
        return;
    }
    let keeper = buys.debtor;
    let drafts: Vec<_> = legs.iter().map(|leg| pay::draft(state, leg)).collect();
    let freed = Freed::from([(sells.debtor, base), (buys.debtor, quote)]);
    if settles(state, &drafts, &freed, &[]).is_err() {
        return;
    }
    // Nothing below can refuse.
    unlock_part(state, events, seller, base);
    unlock_part(state, events, buyer, quote);
    let group = settle(state, events, drafts);
    let payment = state.groups[group.at()].first;
    for key in [seller, buyer] {
        state.dealing.orders.get_mut(&key).expect("found above").filled += base;
    }
    state.dealing.auctions[at].fills += 1;
    let minor = u128::try_from(converted.left_minor).unwrap_or(0);
    state.owe_remainder(events, keeper, minor * u128::from(FRACTION) + u128::from(converted.left_fraction));
    let deal = Deal {
        payment,
        pair,
        way: Way::QuoteToBase,
        fixed: Fixed::Target,
        source: PriceSource::Auction,
        dealer: ParticipantId::NONE,
        rate,
        debited: quote,
        credited: base,
        quote: Key(0),
        day: state.day.date,
        others: Vec::new(),
    };
    state.note_deal(events, deal);
}

fn leg(uetr: Uetr, debtor: AccountId, creditor: AccountId, amount: i64) -> Instruction {
    Instruction {
        uetr,
        debtor,
        creditor,
        debtor_for: ParticipantId::NONE,
        creditor_for: ParticipantId::NONE,
        amount,
        priority: Priority::Urgent,
        kind: PaymentKind::Institution,
        value_date: Day(0),
        earliest: Time(0),
        latest: Time(0),
        message: 0,
        document: 0,
        line: 0,
    }
}

/// The references of a fill's two legs: version 4 in form, and found again from the auction's number and the fill's.
fn reference_of(auction: usize, number: u64) -> [Uetr; 2] {
    [0_u8, 1].map(|leg| {
        let mut sink = DigestSink::default();
        (auction as u64).put(&mut sink);
        number.put(&mut sink);
        leg.put(&mut sink);
        let hash = sink.finish();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Uetr(u128::from_be_bytes(bytes))
    })
}

/// The other side of an amount at a rate, minor units.
fn worth(state: &State, pair: PairRef, rate: Rate, way: Way, fixed: Fixed, amount: i64) -> Option<i64> {
    let exponent = |currency: crate::ids::CurrencyId| state.currencies[currency.at()].exponent;
    let done = convert(rate, way, fixed, amount, exponent(pair.base), exponent(pair.quote))?;
    Some(match fixed {
        Fixed::Source => done.target,
        Fixed::Target => done.source,
    })
}
