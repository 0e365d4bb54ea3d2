//! Prices, quotes, deals and auctions in words.

use comity_ledger::Event;
use comity_ledger::command::{Fixed, PairRef};
use comity_ledger::dealing::{Dealing, Offer, PriceSource, Way};
use comity_ledger::ids::{CurrencyId, ParticipantId, PaymentId};

use crate::tell::{in_currency, key, name, pair_name};
use crate::text::{self, money};
use crate::world::World;

pub(crate) fn tell(world: &World, event: &Event) -> String {
    let dealing = &world.state.dealing;
    match *event {
        Event::DealerRateSet { pair, dealer, gated } => {
            let what = match (dealing.dealers[&(pair, dealer)].rate.is_some(), gated) {
                (false, _) => "takes its rates back",
                (true, false) => "has rates",
                (true, true) => "has rates, held by the gate",
            };
            format!("{} {what} in {}", bank(world, dealer), pair_name(world, pair))
        }
        Event::Quoted { quote: id } => {
            let quote = &dealing.quotes[&id];
            let (from, to) = Dealing::currencies(quote.pair, quote.way);
            let amounts = quote.amounts;
            let mut told = format!(
                "{}: {} for {} at {} from {} until {}",
                key(id),
                in_words(world, from, amounts.source),
                in_words(world, to, amounts.target),
                quote.rate,
                bank(world, quote.dealer),
                text::clock(i64::try_from(quote.until.0).expect("an instant"), world.state.day.date)
            );
            if amounts.paid != amounts.source || amounts.received != amounts.target || amounts.scheme != 0 {
                told += &format!(
                    "; the payer pays {}, the payee receives {}, the scheme charges {}",
                    in_words(world, from, amounts.paid),
                    in_words(world, to, amounts.received),
                    in_words(world, from, amounts.scheme)
                );
            }
            told + &others(world, quote.pair, quote.way, quote.fixed, &quote.others)
        }
        Event::QuoteAccepted { quote } => format!("{} accepted", key(quote)),
        Event::QuoteExpired { quote } => format!("{} expired", key(quote)),
        Event::Dealt { payment, deal } => {
            let deal = &dealing.deals[deal as usize];
            let whose = if deal.dealer.is_some() { format!(" of {}", bank(world, deal.dealer)) } else { String::new() };
            let others = others(world, deal.pair, deal.way, deal.fixed, &deal.others);
            format!("{} at the {} price{whose} {}{others}", name(world, payment), deal.source.name(), deal.rate)
        }
        Event::OrderPlaced { order, price, volume, imbalance } => {
            let pair = dealing.orders[&order].pair;
            let of = |amount| in_words(world, pair.base, amount);
            let would = price.map_or("nothing crosses".into(), |price| format!("{} at {price}", of(volume)));
            format!("{} placed: {would}, {} left for sale", key(order), of(imbalance))
        }
        Event::OrderEnded { order, filled } => {
            let pair = dealing.orders[&order].pair;
            format!("{} ended: {} filled", key(order), in_words(world, pair.base, filled))
        }
        Event::AuctionRun { auction } => {
            let auction = &dealing.auctions[auction as usize];
            let of = |amount| in_words(world, auction.pair.base, amount);
            match auction.price {
                None => format!("auction of {}: no price, nothing settled", pair_name(world, auction.pair)),
                Some(price) => {
                    let held = if auction.held { ", held by the gate" } else { "" };
                    format!(
                        "auction of {}: {} at {price}, {} left for sale, {} fills{held}",
                        pair_name(world, auction.pair),
                        of(auction.volume),
                        of(auction.imbalance),
                        auction.fills
                    )
                }
            }
        }
        _ => unreachable!("told elsewhere: {event:?}"),
    }
}

pub(crate) fn bank(world: &World, id: ParticipantId) -> String {
    world.names.get(id.at()).cloned().unwrap_or_default()
}

fn in_words(world: &World, currency: CurrencyId, amount: i64) -> String {
    format!("{} {}", in_currency(world, currency, amount), world.code(currency))
}

fn others(world: &World, pair: PairRef, way: Way, fixed: Fixed, others: &[Offer]) -> String {
    let (from, to) = Dealing::currencies(pair, way);
    let side = if fixed == Fixed::Source { to } else { from };
    let told: Vec<String> = others
        .iter()
        .map(|offer| {
            let who = match offer.source {
                PriceSource::Dealer | PriceSource::Quote => bank(world, offer.dealer),
                PriceSource::Official | PriceSource::Fixed | PriceSource::Auction => offer.source.name().into(),
            };
            match offer.refused {
                Some(reason) => format!("{who} {}", reason.rule()),
                None => format!("{who} {}", in_words(world, side, offer.gives)),
            }
        })
        .collect();
    if told.is_empty() { String::new() } else { format!(" (others: {})", told.join(", ")) }
}

/// A leg of an auction's fill, which no bank has named.
pub(crate) fn fill(world: &World, id: PaymentId) -> String {
    let fills = world.state.dealing.deals.iter().filter(|deal| deal.source == PriceSource::Auction);
    let found = (1..).zip(fills).find(|(_, deal)| deal.payment == id || deal.payment.0 + 1 == id.0);
    match found {
        Some((number, deal)) if deal.payment == id => format!("fill {number}'s quote"),
        Some((number, _)) => format!("fill {number}'s base"),
        None => "a payment".into(),
    }
}

/// `show deals`
pub(crate) fn deals(world: &World) -> Vec<String> {
    let deals = &world.state.dealing.deals;
    deals
        .iter()
        .map(|deal| {
            let (from, to) = Dealing::currencies(deal.pair, deal.way);
            format!(
                "{} {} for {} at {} ({})",
                name(world, deal.payment),
                in_words(world, from, deal.debited),
                in_words(world, to, deal.credited),
                deal.rate,
                deal.source.name()
            )
        })
        .collect()
}

/// `show dealers`
pub(crate) fn dealers(world: &World) -> Vec<String> {
    let positions = &world.state.dealing.positions;
    positions
        .iter()
        .map(|((pair, dealer), position)| {
            let of = |currency, amount| format!("{} {}", money(amount, world.exponent(currency)), world.code(currency));
            format!("{} {} {}", bank(world, *dealer), of(pair.base, position.base), of(pair.quote, position.quote))
        })
        .collect()
}
