//! Prices in plain words: dealers' rates, quotes, deals and auctions.
//!
//! A deal says which source and rate were taken and what the others would have given. Absent on purpose: decisions.

use core::fmt::Write;

use comity_ledger::State;
use comity_ledger::command::{Fixed, PairRef};
use comity_ledger::dealing::{Amounts, Deal, Dealing, Offer, PriceSource, Way};
use comity_ledger::ids::{CurrencyId, Key, ParticipantId, PaymentId};
use comity_ledger::rate::Rate;

use super::{bic, pair_name, write_payment};
use crate::key::key_text;
use crate::money::Money;

/// `dealer XXXXKZEEXXX`, or the pair's provider.
fn of_whom(state: &State, source: PriceSource, dealer: ParticipantId) -> String {
    if dealer.is_some() { format!("{} of {}", source.name(), bic(state, dealer)) } else { source.name().to_owned() }
}

pub(super) fn rate_set(
    out: &mut String,
    state: &State,
    pair: PairRef,
    dealer: ParticipantId,
    gated: bool,
) -> core::fmt::Result {
    let known = state.dealing.dealers.get(&(pair, dealer)).is_some_and(|dealer| dealer.rate.is_some());
    let what = match (known, gated) {
        (true, false) => "has standing rates",
        (true, true) => "has standing rates, held by the deviation gate until two people release them",
        (false, _) => "has no standing rates",
    };
    write!(out, "{} {what} in {}", bic(state, dealer), pair_name(state, pair))
}

pub(super) fn quoted(out: &mut String, state: &State, key: Key) -> core::fmt::Result {
    let Some(quote) = state.dealing.quotes.get(&key) else {
        return write!(out, "quote {}", key_text(key));
    };
    let (from, to) = Dealing::currencies(quote.pair, quote.way);
    let Amounts { paid, source, target, received, scheme, .. } = quote.amounts;
    let (give, get) = (|minor| Money::of(state, from, minor), |minor| Money::of(state, to, minor));
    write!(
        out,
        "quote {}: {} for {} at {} by {}, valid until {}",
        key_text(key),
        give(source),
        get(target),
        quote.rate,
        bic(state, quote.dealer),
        quote.until
    )?;
    if (paid, received, scheme) != (source, target, 0) {
        write!(
            out,
            "; with fees the payer pays {}, the payee receives {}, the scheme charges {}",
            give(paid),
            get(received),
            give(scheme)
        )?;
    }
    others(out, state, quote.pair, quote.way, quote.fixed, &quote.others)
}

pub(super) fn quote_named(out: &mut String, key: Key, what: &str) -> core::fmt::Result {
    write!(out, "quote {} {what}", key_text(key))
}

pub(super) fn dealt(out: &mut String, state: &State, payment: PaymentId, deal: u32) -> core::fmt::Result {
    write_payment(out, state, payment)?;
    let Some(deal) = state.dealing.deals.get(deal as usize) else {
        return write!(out, " was priced");
    };
    let Deal { source, dealer, rate, pair, way, fixed, quote, others: beside, .. } = deal;
    write!(out, " priced at {rate} ({})", of_whom(state, *source, *dealer))?;
    if quote.0 != 0 {
        write!(out, " under quote {}", key_text(*quote))?;
    }
    others(out, state, *pair, *way, *fixed, beside)
}

fn others(
    out: &mut String,
    state: &State,
    pair: PairRef,
    way: Way,
    fixed: Fixed,
    others: &[Offer],
) -> core::fmt::Result {
    let (from, to) = Dealing::currencies(pair, way);
    let side = if fixed == Fixed::Source { to } else { from };
    for (at, offer) in others.iter().enumerate() {
        out.push_str(if at == 0 { "; others: " } else { ", " });
        out.push_str(&of_whom(state, offer.source, offer.dealer));
        match offer.refused {
            Some(reason) => write!(out, " not to be had ({})", reason.rule())?,
            None => write!(out, " {}", Money::of(state, side, offer.gives))?,
        }
    }
    Ok(())
}

pub(super) fn order_placed(
    out: &mut String,
    state: &State,
    order: Key,
    price: Option<Rate>,
    volume: i64,
    imbalance: i64,
) -> core::fmt::Result {
    write!(out, "order {} waits for the auction", key_text(order))?;
    let Some(known) = state.dealing.orders.get(&order) else {
        return Ok(());
    };
    let base = known.pair.base;
    match price {
        Some(price) => write!(out, "; now {} would change hands at {price}", Money::of(state, base, volume))?,
        None => out.push_str("; now nothing would cross"),
    }
    imbalance_words(out, state, base, imbalance)
}

fn imbalance_words(out: &mut String, state: &State, base: CurrencyId, imbalance: i64) -> core::fmt::Result {
    match imbalance {
        0 => Ok(()),
        left if left > 0 => write!(out, ", {} left for sale", Money::of(state, base, left)),
        wanted => write!(out, ", {} left wanted", Money::of(state, base, wanted.saturating_neg())),
    }
}

pub(super) fn order_ended(out: &mut String, state: &State, order: Key, filled: i64) -> core::fmt::Result {
    write!(out, "order {} is over", key_text(order))?;
    let Some(known) = state.dealing.orders.get(&order) else {
        return Ok(());
    };
    let of = |minor| Money::of(state, known.pair.base, minor);
    write!(out, ": {} of {} filled, the rest went back", of(filled), of(known.amount))
}

pub(super) fn auction_run(out: &mut String, state: &State, auction: u32) -> core::fmt::Result {
    let Some(known) = state.dealing.auctions.get(auction as usize) else {
        return write!(out, "auction {auction}");
    };
    let pair = pair_name(state, known.pair);
    let base = known.pair.base;
    match (known.price, known.held) {
        (None, _) => write!(out, "auction of {pair}: no price, nothing settled")?,
        (Some(price), true) => write!(
            out,
            "auction of {pair}: {} would change hands at {price}, held by the deviation gate until two people release it",
            Money::of(state, base, known.volume)
        )?,
        (Some(price), false) => write!(
            out,
            "auction of {pair}: {} changed hands at {price} in {} fills",
            Money::of(state, base, known.volume),
            known.fills
        )?,
    }
    imbalance_words(out, state, base, known.imbalance)
}
