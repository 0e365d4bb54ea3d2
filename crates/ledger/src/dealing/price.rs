//! The price of a conversion without a quote: every allowed source is asked, the best or the first that can be had is
//! taken, and what the others would have given is kept.
//!
//! A dealer's price counts only where the deal settles at once; the pair's provider stands behind the other sources, and
//! there a conversion may wait as it always could. Absent on purpose: booking.

use alloc::vec::Vec;

use comity_market::dealer::{Ask, compare};
use comity_market::quote::{FeeRule, quote};

use super::agree::{dealers, reference};
use super::locked::{Freed, settles};
use super::{Amounts, Choice, Deal, Dealer, Modes, Offer, Position, PriceSource, Way};
use crate::account::{STOPPED_IN, STOPPED_OUT};
use crate::command::{Conversion, Fixed, Instruction, PairRef, PaymentKind};
use crate::ids::{AccountId, CurrencyId, Key, ParticipantId, PaymentId};
use crate::rate::{FRACTION, Rate};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// A price and what it means for one exchange.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) source: PriceSource,
    pub(crate) dealer: ParticipantId,
    pub(crate) rate: Option<Rate>,
    pub(crate) amounts: Result<Amounts, Reject>,
}

/// Which exchange is to be priced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange {
    pub(crate) pair: PairRef,
    pub(crate) way: Way,
    pub(crate) fixed: Fixed,
    pub(crate) amount: i64,
    pub(crate) debtor: AccountId,
    pub(crate) creditor: AccountId,
    /// Whose improvement counts.
    pub(crate) client: ParticipantId,
}

impl Exchange {
    /// The exchange in the terms of the market library.
    fn ask(&self, state: &State) -> Ask {
        let exponent = |currency: CurrencyId| state.currencies[currency.at()].exponent;
        Ask {
            way: self.way,
            fixed: self.fixed,
            amount: self.amount,
            base_exponent: exponent(self.pair.base),
            quote_exponent: exponent(self.pair.quote),
        }
    }

    fn amounts(&self, state: &State, rate: Rate, fees: &FeeRule) -> Result<Amounts, Reject> {
        let limit = Reject::limit(Reason::ZeroAmount, crate::book::AMOUNT_MAX, self.amount);
        let found = quote(rate, self.ask(state), fees).ok_or(limit)?;
        let minor = u128::try_from(found.left_minor).map_err(|_| limit)?;
        Ok(Amounts {
            paid: found.paid,
            source: found.source,
            target: found.target,
            received: found.received,
            scheme: found.scheme,
            remainder: minor * u128::from(FRACTION) + u128::from(found.left_fraction),
        })
    }
}

impl Found {
    /// What it gives on the side that is not fixed.
    pub(crate) fn offer(&self, fixed: Fixed) -> Offer {
        let gives = self.amounts.as_ref().map_or(0, |amounts| match fixed {
            Fixed::Source => amounts.received,
            Fixed::Target => amounts.paid,
        });
        let refused = self.amounts.as_ref().err().map(|reject| reject.reason);
        Offer { source: self.source, dealer: self.dealer, rate: self.rate, gives, refused }
    }
}

/// The best of the prices that can be had (or the first), as an index.
pub(crate) fn choose(found: &[Found], fixed: Fixed, choice: Choice) -> Option<usize> {
    let mut best: Option<(usize, i64)> = None;
    for (at, one) in found.iter().enumerate() {
        let Ok(amounts) = &one.amounts else { continue };
        // More credited is better, and so is less debited.
        let worth = match fixed {
            Fixed::Source => amounts.target,
            Fixed::Target => -amounts.source,
        };
        if best.is_none_or(|(_, known)| choice == Choice::Best && worth > known) {
            best = Some((at, worth));
        }
    }
    best.map(|(at, _)| at)
}

/// What every dealer of the pair would give: its rate, its limits, its money.
pub(crate) fn dealer_prices(state: &State, exchange: &Exchange, fees: &FeeRule, source: PriceSource) -> Vec<Found> {
    let own = |account: AccountId| state.accounts[account.at()].participant;
    let parties = [own(exchange.debtor), own(exchange.creditor)];
    dealers(state, exchange.pair)
        // Nobody deals with itself.
        .filter(|(dealer, _)| !parties.contains(dealer))
        .map(|(dealer, known)| {
            let rate = dealer_rate(state, exchange, known);
            let amounts = rate.and_then(|rate| exchange.amounts(state, rate, fees));
            let amounts = amounts.and_then(|amounts| able(state, exchange, dealer, &amounts).map(|()| amounts));
            Found { source, dealer, rate: rate.ok(), amounts }
        })
        .collect()
}

/// A dealer's rate for this exchange, if it may deal and has one.
fn dealer_rate(state: &State, exchange: &Exchange, known: &Dealer) -> Result<Rate, Reject> {
    if !known.base_agreed || !known.quote_agreed {
        return Err(Reject::because(Reason::UnknownDealer));
    }
    let rate = known.rate.as_ref().filter(|rate| state.at < rate.until).ok_or(Reject::because(Reason::NoPrice))?;
    if rate.gated {
        let gate = i64::from(state.pairs[&exchange.pair].gate_bps);
        let change = super::agree::change_bps(state, exchange.pair, &rate.terms);
        return Err(Reject::limit(Reason::RateGate, gate, i64::try_from(change).unwrap_or(i64::MAX)));
    }
    let client = rate.clients.get(&exchange.client).copied().unwrap_or(0);
    let official = state.approved_rate(exchange.pair);
    rate.terms.rate(official, exchange.ask(state), client).ok_or(Reject::because(Reason::NoPrice))
}

/// Whether a dealer may and can give this: approved, not suspended, within its position limits, with the money.
pub(crate) fn able(state: &State, exchange: &Exchange, dealer: ParticipantId, amounts: &Amounts) -> Result<(), Reject> {
    let known = &state.dealing.dealers[&(exchange.pair, dealer)];
    if !known.base_agreed || !known.quote_agreed {
        return Err(Reject::refers(Reason::UnknownDealer, u64::from(dealer.0)));
    }
    let (from, to) = super::Dealing::currencies(exchange.pair, exchange.way);
    let (takes, gives) = (state.account_of[&(dealer, from)], state.account_of[&(dealer, to)]);
    if state.accounts[gives.at()].is(STOPPED_OUT) {
        return Err(Reject::because(Reason::DebtorSuspended));
    }
    if state.accounts[takes.at()].is(STOPPED_IN) {
        return Err(Reject::because(Reason::CreditorSuspended));
    }
    let before = position(state, exchange.pair, dealer);
    let after = before.after(exchange.way, amounts.source, amounts.target);
    within(known.base_limit, before.base, after.base, exchange.pair.base)?;
    within(known.quote_limit, before.quote, after.quote, exchange.pair.quote)?;
    let available = state.accounts[gives.at()].available() - state.reserve(gives);
    if amounts.target > available {
        let short = Reject::limit(Reason::DealerFunds, available, amounts.target);
        return Err(Reject { refers: u64::from(gives.0), ..short });
    }
    Ok(())
}

/// A dealer's position today.
pub(crate) fn position(state: &State, pair: PairRef, dealer: ParticipantId) -> Position {
    state.dealing.positions.get(&(pair, dealer)).copied().unwrap_or_default()
}

/// A position may come nearer to zero from wherever it is; otherwise it stays within its limit.
fn within(limit: i64, before: i128, after: i128, currency: CurrencyId) -> Result<(), Reject> {
    let (before, after) = (before.unsigned_abs(), after.unsigned_abs());
    if after > u128::from(limit.unsigned_abs()) && after > before {
        let value = i64::try_from(after).unwrap_or(i64::MAX);
        return Err(Reject { refers: u64::from(currency.0), ..Reject::limit(Reason::DealerLimit, limit, value) });
    }
    Ok(())
}

/// What the pair's provider gives at one rate.
fn at_rate(state: &State, exchange: &Exchange, source: PriceSource, rate: Result<Rate, Reject>) -> Found {
    let amounts = rate.and_then(|rate| exchange.amounts(state, rate, &FeeRule::default()));
    Found { source, dealer: ParticipantId::NONE, rate: rate.ok(), amounts }
}

/// Every price a conversion without a quote could have now, in the order of the modes.
fn prices(state: &State, exchange: &Exchange, modes: Modes, order: &Instruction) -> Vec<Found> {
    let mut found = Vec::new();
    let pair = exchange.pair;
    if modes.any(Modes::OFFICIAL) {
        let rate = state.approved_rate(pair).ok_or(Reject::because(Reason::RateNotApproved));
        found.push(at_rate(state, exchange, PriceSource::Official, rate));
    }
    if modes.any(Modes::FIXED) {
        let rate = state.dealing.terms(pair).and_then(|terms| terms.fixed);
        found.push(at_rate(state, exchange, PriceSource::Fixed, rate.ok_or(Reject::because(Reason::NoPrice))));
    }
    if modes.any(Modes::DEALERS) {
        for mut one in dealer_prices(state, exchange, &FeeRule::default(), PriceSource::Dealer) {
            if let Ok(amounts) = one.amounts {
                one.amounts = at_once(state, exchange, order, one.dealer, &amounts).map(|()| amounts);
            }
            found.push(one);
        }
    }
    if modes.any(Modes::AUCTION) {
        let last = state.dealing.auctions.iter().rev().find(|auction| auction.pair == pair);
        let rate = last.filter(|auction| auction.day == state.day.date && !auction.held);
        let rate = rate.and_then(|auction| auction.price).ok_or(Reject::because(Reason::NoPrice));
        found.push(at_rate(state, exchange, PriceSource::Auction, rate));
    }
    found
}

/// Whether a conversion at a dealer's price settles now: nothing of the payer in front of it, and the money there.
fn at_once(
    state: &State,
    exchange: &Exchange,
    order: &Instruction,
    dealer: ParticipantId,
    amounts: &Amounts,
) -> Result<(), Reject> {
    if let Some(front) = state.in_front(order.debtor, order.priority) {
        return Err(Reject::refers(Reason::DealWaits, state.payment(front).seq));
    }
    if crate::pay::scheduled(state, order).is_some() {
        return Err(Reject::because(Reason::DealWaits));
    }
    let [source, target] = through(state, exchange, order, dealer, amounts);
    let legs = [crate::pay::draft(state, &source), crate::pay::draft(state, &target)];
    settles(state, &legs, &Freed::new(), &[dealer])
}

/// Both legs of an exchange through a participant's accounts: the payer to it, and it to the payee.
pub(crate) fn through(
    state: &State,
    exchange: &Exchange,
    order: &Instruction,
    dealer: ParticipantId,
    amounts: &Amounts,
) -> [Instruction; 2] {
    let (from, to) = super::Dealing::currencies(exchange.pair, exchange.way);
    let source = Instruction {
        creditor: state.account_of[&(dealer, from)],
        creditor_for: ParticipantId::NONE,
        amount: amounts.source,
        kind: PaymentKind::ConversionSource,
        ..order.clone()
    };
    let target = Instruction {
        debtor: state.account_of[&(dealer, to)],
        debtor_for: ParticipantId::NONE,
        amount: amounts.target,
        kind: PaymentKind::ConversionTarget,
        ..order.clone()
    };
    [source, target]
}

/// A conversion priced.
pub(crate) struct Priced {
    /// Sender to dealer or provider, and from there to the receiver.
    pub(crate) legs: [Instruction; 2],
    /// The account in the pair's quote currency of whoever keeps what rounding left.
    pub(crate) keeper: AccountId,
    /// What rounding left, parts of [`FRACTION`] of a minor unit.
    pub(crate) remainder: u128,
    /// What is recorded when it is taken in; the payment is not known yet.
    pub(crate) deal: Deal,
}

/// Prices a conversion on a pair with terms. Both accounts are known.
pub(crate) fn price(state: &State, order: &Conversion, pair: PairRef, way: Way) -> Result<Priced, Reject> {
    let terms = state.dealing.terms(pair).ok_or(Reject::because(Reason::NoPrice))?;
    let Instruction { debtor, creditor, debtor_for, amount, .. } = order.instruction;
    let owner = state.accounts[debtor.at()].participant;
    let client = if debtor_for.is_some() { debtor_for } else { owner };
    let exchange = Exchange { pair, way, fixed: order.fixed, amount, debtor, creditor, client };
    let mut found = prices(state, &exchange, terms.modes, &order.instruction);
    if let Some(expected) = order.expected {
        for one in &mut found {
            if one.rate.is_some_and(|rate| compare(rate, expected).is_ne()) && one.amounts.is_ok() {
                one.amounts = Err(Reject::because(Reason::RateMismatch));
            }
        }
    }
    let Some(at) = choose(&found, order.fixed, terms.choice) else {
        return Err(why_none(&found));
    };
    let chosen = found.remove(at);
    let amounts = chosen.amounts.expect("it can be had");
    let provider = if chosen.dealer.is_some() { chosen.dealer } else { state.pairs[&pair].provider };
    let legs = through(state, &exchange, &order.instruction, provider, &amounts);
    let deal = Deal {
        payment: PaymentId::NONE,
        pair,
        way,
        fixed: order.fixed,
        source: chosen.source,
        dealer: chosen.dealer,
        rate: chosen.rate.expect("it has a price"),
        debited: amounts.source,
        credited: amounts.target,
        quote: Key(0),
        day: state.day.date,
        others: found.iter().map(|one| one.offer(order.fixed)).collect(),
    };
    Ok(Priced { legs, keeper: state.account_of[&(provider, pair.quote)], remainder: amounts.remainder, deal })
}

/// Reasons of sources without a price, the one nearest to a deal first.
const NEAREST: [Reason; 7] = [
    Reason::InsufficientFunds,
    Reason::DealerFunds,
    Reason::DealerLimit,
    Reason::DealWaits,
    Reason::RateMismatch,
    Reason::RateGate,
    Reason::RateNotApproved,
];

/// The reason that helps most when no price can be had: what is nearest to a deal.
pub(crate) fn why_none(found: &[Found]) -> Reject {
    let rejects = found.iter().filter_map(|one| one.amounts.as_ref().err());
    let near = |reject: &Reject| NEAREST.iter().position(|reason| *reason == reject.reason).unwrap_or(NEAREST.len());
    rejects.min_by_key(|reject| near(reject)).copied().unwrap_or(Reject::because(Reason::NoPrice))
}

/// Whether a price is farther from the reference than the pair's gate allows; the change, basis points.
pub(crate) fn beyond_gate(state: &State, pair: PairRef, rate: Rate) -> Option<u64> {
    let change = reference(state, pair).map_or(0, |reference| rate.change_bps(reference));
    (change > u64::from(state.pairs[&pair].gate_bps)).then_some(change)
}
