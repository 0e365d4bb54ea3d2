//! The left side of story lines about prices, dealers, quotes and auctions.

use comity_ledger::Command;
use comity_ledger::command::{Agree, Conversion, Fixed, PairRef};
use comity_ledger::dealing::{
    Basis, Choice, DealerTerms, FeeRule, Modes, PayQuoted, PlaceOrder, PricingTerms, QuotedLeg, RequestQuote,
    SetDealer, SetDealerRate, SetPricing, Subject, Tier, TwoWay, Way,
};
use comity_ledger::ids::{Key, ParticipantId};
use comity_ledger::rate::Rate;

use crate::read::{Order, authority, by_authority, direct, instruction, pair, payer, two};
use crate::text::{self, Words};
use crate::world::World;

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap_or(Rate { mantissa: 0, scale: 0 })
}

fn key(name: &str) -> Key {
    Key(if name == "none" { 0 } else { text::id_of(name) })
}

fn base_amount(world: &World, pair: PairRef, text: &str) -> i64 {
    text::amount(text, world.exponent(pair.base))
}

pub(crate) fn order(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    match verb {
        "pricing" => pricing(world, words),
        // `dealer PAIR BANK BASE-LIMIT QUOTE-LIMIT`
        "dealer" => {
            let pair = pair(world, words.next());
            let dealer = world.bank(words.next());
            let base_limit = base_amount(world, pair, words.next());
            let quote_limit = text::amount(words.next(), world.exponent(pair.quote));
            let order = SetDealer { pair, dealer, base_limit, quote_limit };
            two(Command::SetDealer(order), "finance.maker", "finance.checker")
        }
        "word" => word(world, words),
        "offer" => offer(world, words),
        "quote" => quote(world, words),
        // `take QUOTE`
        "take" => {
            let key = key(words.next());
            let known = world.state.dealing.quotes.get(&key);
            direct(Command::AcceptQuote(key), known.map_or("ALFA".into(), |quote| world.owner(quote.debtor)))
        }
        // `order ID BANK sells|buys AMOUNT PAIR [at RATE]`
        "order" => {
            let key = key(words.next());
            let bank = words.next();
            let way = if words.next() == "sells" { Way::BaseToQuote } else { Way::QuoteToBase };
            let amount = words.next();
            let pair = pair(world, words.next());
            let limit = words.option("at").map(rate);
            let amount = base_amount(world, pair, amount);
            let order = PlaceOrder { order: key, owner: world.bank(bank), pair, way, amount, limit };
            direct(Command::PlaceOrder(Box::new(order)), bank)
        }
        // `withdraw ORDER`
        "withdraw" => {
            let key = key(words.next());
            let known = world.state.dealing.orders.get(&key);
            direct(Command::WithdrawOrder(key), known.map_or("ALFA".into(), |order| world.owner(order.debtor)))
        }
        // `auction PAIR`
        _ => direct(Command::RunAuction(pair(world, words.next())), "system"),
    }
}

/// `pricing PAIR MODE+MODE [in-order] [fixed RATE] [valid SECONDS] [tick N] [selling DEPARTURE/ARRIVAL/SCHEME/BPS] [buying …]`
fn pricing(world: &World, words: &mut Words<'_>) -> Order {
    let pair = pair(world, words.next());
    let modes = words.next().split('+').fold(Modes(0), |modes, name| {
        let found = Modes::NAMES.iter().find(|(known, _)| *known == name);
        modes.and(found.map_or(Modes(1 << 7), |(_, mode)| *mode))
    });
    let fees = |text: Option<&str>, from: u8, to: u8| {
        text.map_or(FeeRule::default(), |text| {
            let parts: Vec<&str> = text.split('/').collect();
            FeeRule {
                departure: text::amount(parts[0], from),
                arrival: text::amount(parts[1], to),
                scheme: text::amount(parts[2], from),
                scheme_bps: parts[3].parse().expect("basis points"),
            }
        })
    };
    let (base, quote) = (world.exponent(pair.base), world.exponent(pair.quote));
    let terms = PricingTerms {
        modes,
        choice: if words.flag("in-order") { Choice::InOrder } else { Choice::Best },
        fixed: words.option("fixed").map(rate),
        quote_seconds: words.option("valid").map_or(600, |text| text.parse().expect("seconds")),
        tick: words.option("tick").map_or(4, |text| text.parse().expect("digits")),
        selling: fees(words.option("selling"), base, quote),
        buying: fees(words.option("buying"), quote, base),
    };
    two(Command::SetPricing(Box::new(SetPricing { pair, terms })), "finance.maker", "finance.checker")
}

/// `word PAIR pricing|auction|dealer BANK|rate BANK yes|no`
fn word(world: &World, words: &mut Words<'_>) -> Order {
    let name = words.next();
    let pair = pair(world, name);
    let subject = match words.next() {
        "pricing" => Subject::Pricing,
        "auction" => Subject::Auction,
        "dealer" => Subject::Dealer(world.bank(words.next())),
        _ => Subject::Rate(world.bank(words.next())),
    };
    let command = Command::Agree(Agree { pair, subject, agree: words.next() == "yes" });
    let base = authority(world, &name[..3]);
    match subject {
        Subject::Pricing | Subject::Dealer(_) => direct(command, format!("{base}.checker")),
        Subject::Rate(_) | Subject::Auction => by_authority(command, &base),
    }
}

/// `offer PAIR BANK BID ASK|spread BPS|none [tiers AMOUNT:BPS,…] [client BANK:BPS] [until TIME]`
fn offer(world: &World, words: &mut Words<'_>) -> Order {
    let pair = pair(world, words.next());
    let bank = words.next();
    let tiers = words.option("tiers").map_or(Vec::new(), |text| {
        let tier = |text: &str| {
            let (from, bps) = text.split_once(':').expect("AMOUNT:BPS");
            Tier { from: base_amount(world, pair, from), bps: bps.parse().expect("basis points") }
        };
        text.split(',').map(tier).collect()
    });
    let clients = words.option("client").map_or(Vec::new(), |text| {
        let (client, bps) = text.split_once(':').expect("BANK:BPS");
        vec![(world.bank(client), bps.parse().expect("basis points"))]
    });
    let until = text::time(words.option("until").unwrap_or("23:00"), text::day("2026-11-23").max(world.state.day.date));
    let basis = match words.next() {
        "none" => None,
        "spread" => Some(Basis::Spread(words.next().parse().expect("basis points"))),
        bid => Some(Basis::Own(TwoWay { bid: rate(bid), ask: rate(words.next()) })),
    };
    let terms = basis.map(|basis| DealerTerms { basis, tiers });
    let order = SetDealerRate { pair, dealer: world.bank(bank), terms, clients, until };
    direct(Command::SetDealerRate(Box::new(order)), bank)
}

/// `quote ID DEBTOR CREDITOR AMOUNT CODE to CODE [of BANK]`; `quote exactly … from CODE [of BANK]` for the amount received
fn quote(world: &World, words: &mut Words<'_>) -> Order {
    let exactly = words.flag("exactly");
    let quote = key(words.next());
    let (debtor, creditor) = (words.next(), words.next());
    let (amount, code) = (words.next(), words.next());
    let other = words.option(if exactly { "from" } else { "to" }).expect("the other currency");
    let (from, to) = if exactly { (other, code) } else { (code, other) };
    let (account, debtor_for) = world.account(debtor, from);
    let order = RequestQuote {
        quote,
        debtor: account,
        creditor: world.account(creditor, to).0,
        debtor_for,
        fixed: if exactly { Fixed::Target } else { Fixed::Source },
        amount: text::amount(amount, world.exponent(world.currency(code))),
        dealer: words.option("of").map_or(ParticipantId::NONE, |name| world.bank(name)),
    };
    direct(Command::RequestQuote(Box::new(order)), debtor)
}

/// `deal LEG [with LEG …]`: `ID under QUOTE DEBTOR CREDITOR AMOUNT CODE to CODE [at RATE]` by the amount debited,
/// `ID under QUOTE exactly …` by the amount credited, or `plain` and a leg as in `pay`.
pub(crate) fn deal(world: &World, words: &mut Words<'_>, body: &str) -> Order {
    while words.peek().is_some() {
        words.next();
    }
    let rest = body.strip_prefix("deal").expect("a deal").trim();
    let (mut quoted, mut plain) = (Vec::new(), Vec::new());
    for leg in rest.split(" with ") {
        let mut words = Words::new(leg);
        if words.flag("plain") {
            plain.push(instruction(world, &mut words, body));
        } else {
            let quote = key(words.option("under").expect("a quote"));
            let expected = words.option("at").map(rate);
            let exactly = words.flag("exactly");
            let from = if exactly { words.option("from") } else { None };
            let mut instruction = instruction(world, &mut words, body);
            if let Some(from) = from {
                let bank =
                    world.state.account(instruction.debtor).map_or("ALFA".into(), |_| world.owner(instruction.debtor));
                (instruction.debtor, instruction.debtor_for) = world.account(&bank, from);
            }
            let fixed = if exactly { Fixed::Target } else { Fixed::Source };
            quoted.push(QuotedLeg { quote, order: Conversion { instruction, fixed, expected } });
        }
        words.end();
    }
    let maker = quoted.first().map(|leg| &leg.order.instruction).or(plain.first());
    let maker = maker.map_or("ALFA".into(), |order| payer(world, order));
    direct(Command::PayQuoted(Box::new(PayQuoted { quoted, plain })), maker)
}
