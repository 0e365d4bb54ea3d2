//! Prices in `arrangement.toml`: the terms of a pair, and its dealers with their standing rates.
//!
//! ```toml
//! [[pair]]
//! base = "SGD"
//! quote = "THB"
//! gate_bps = 1000
//! provider = "XXXXSGAAXXX"
//! modes = ["official", "dealers", "quotes", "auction"]
//! auction_at = "11:00"
//! fees_selling = { arrival = "100.00", scheme = "0.50", scheme_bps = 10 }
//!
//! [[dealer]]
//! base = "SGD"
//! quote = "THB"
//! bank = "XXXXTHAAXXX"
//! base_limit = "5000.00"
//! quote_limit = "100000.00"
//! bid = "25"
//! ask = "25.2"
//! tiers = ["1000.00:5"]
//! clients = ["XXXXSGBBXXX:10"]
//! ```
//!
//! Absent on purpose: prices themselves, which the ledger finds.

use comity_ledger::command::{PairRef, SetDealer, SetDealerRate, SetPricing};
use comity_ledger::dealing::{Basis, Choice, DealerTerms, FeeRule, Modes, PricingTerms, Tier, TwoWay};
use comity_ledger::ids::{CurrencyId, ParticipantId, Time};
use comity_ledger::phase;
use comity_ledger::rate::{RATE_SCALE_MAX, Rate};

use crate::amount::parse_amount;
use crate::code::Bic;
use crate::lines::Known;
use crate::mistake::{Notes, Spot};
use crate::model::{Arrangement, Currency, Pair};
use crate::people;
use crate::read_toml::{At, Need, Table, whole};
use crate::sections::{BIC_EXPECTED, KNOWN_CURRENCY, currency_id, known};
use crate::time::LocalTime;

/// Longest validity of a quote, seconds: the ledger's limit.
const QUOTE_SECONDS_MAX: u64 = 3_600;
/// How long a quote is valid when the terms do not say: the Nexus scheme's ten minutes.
const QUOTE_SECONDS: u32 = 600;
/// Digits after the point of auction prices when the terms do not say.
const TICK: u8 = 4;
/// Largest number of basis points anywhere here: the market's limit.
const BPS_MAX: u64 = 5_000;

/// The prices of an arrangement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    /// Terms of pairs that have any.
    pub pricing: Vec<SetPricing>,
    /// Dealers, with their standing rates if they have any at the start.
    pub dealers: Vec<(SetDealer, Option<SetDealerRate>)>,
    /// When the auction of a pair is run, by the clock of the business day.
    pub auctions: Vec<(PairRef, LocalTime)>,
}

/// The terms of a pair as they stand in its table.
pub(crate) struct TermsDraft {
    terms: PricingTerms,
    auction_at: Option<At<LocalTime>>,
}

/// A dealer before its bank is looked up.
pub(crate) struct DealerDraft {
    base: At<CurrencyId>,
    quote: CurrencyId,
    bank: At<Bic>,
    base_limit: i64,
    quote_limit: i64,
    terms: Option<DealerTerms>,
    clients: Vec<(At<Bic>, u32)>,
}

/// The pricing fields of a pair's table; none without `modes`.
pub(crate) fn terms(table: &Table<'_>, base: u8, quote: u8, notes: Notes<'_>) -> Option<TermsDraft> {
    if !table.has("modes") {
        return None;
    }
    let names = known("one of", Modes::NAMES.map(|(name, _)| name));
    let modes = table.list("modes", Need::Must, &names, |value| {
        let name = value.as_str()?;
        Modes::NAMES.iter().find(|(known, _)| *known == name).map(|(_, mode)| *mode)
    });
    let spot = table.spot("modes");
    let modes = modes.iter().fold(Modes(0), |all, mode| all.and(mode.value));
    let choice = table.text("choose", Need::May, "\"best\" or \"in-order\"", |text| match text {
        "best" => Some(Choice::Best),
        "in-order" => Some(Choice::InOrder),
        _ => None,
    });
    let fixed = table.text("fixed", Need::May, RATE_EXPECTED, Rate::parse);
    let seconds = table.field("quote_seconds", Need::May, "a whole number of seconds from 1 to 3600", |value| {
        whole(value, QUOTE_SECONDS_MAX).filter(|seconds| *seconds > 0)
    });
    let tick = table.field("tick", Need::May, "digits after the point from 0 to 12", |value| {
        whole(value, u64::from(RATE_SCALE_MAX))
    });
    let auction_at = table.text("auction_at", Need::May, "a time such as \"11:00\"", LocalTime::parse);
    let (selling, buying) = (fees(table, "fees_selling", base, quote), fees(table, "fees_buying", quote, base));
    if !modes.known() {
        notes.wrong(&spot, "no mode", "at least one mode");
        return None;
    }
    if modes.any(Modes::FIXED) != fixed.is_some() {
        let expected = if fixed.is_some() { "no fixed rate without the mode \"fixed\"" } else { RATE_EXPECTED };
        let found = fixed.as_ref().map_or("nothing".to_owned(), |rate| rate.value.to_string());
        notes.wrong(&table.spot("fixed"), found, expected);
    }
    if let Some(at) = auction_at.as_ref().filter(|_| !modes.any(Modes::AUCTION)) {
        notes.wrong(&at.spot, at.value.to_string(), "no auction without the mode \"auction\"");
    }
    let small = |value: Option<At<u64>>| value.and_then(|value| u32::try_from(value.value).ok());
    let terms = PricingTerms {
        modes,
        choice: choice.map_or(Choice::Best, |choice| choice.value),
        fixed: fixed.map(|rate| rate.value),
        quote_seconds: small(seconds).unwrap_or(QUOTE_SECONDS),
        tick: tick.and_then(|tick| u8::try_from(tick.value).ok()).unwrap_or(TICK),
        selling,
        buying,
    };
    Some(TermsDraft { terms, auction_at })
}

const RATE_EXPECTED: &str = "a rate above zero with at most 12 digits after the point, in quotes";

/// The fees of one way through a pair.
fn fees(table: &Table<'_>, key: &'static str, source: u8, target: u8) -> FeeRule {
    let table = table.table(key, Need::May);
    let amount = |key: &'static str, exponent: u8| {
        let expected = format!("an amount with at most {exponent} digits after the point, in quotes");
        table.text(key, Need::May, &expected, |text| parse_amount(text, exponent)).map_or(0, |amount| amount.value)
    };
    let (departure, arrival, scheme) =
        (amount("departure", source), amount("arrival", target), amount("scheme", source));
    let bps = table.field("scheme_bps", Need::May, BPS_EXPECTED, |value| whole(value, BPS_MAX));
    table.finish();
    let scheme_bps = bps.and_then(|bps| u32::try_from(bps.value).ok()).unwrap_or(0);
    FeeRule { departure, arrival, scheme, scheme_bps }
}

const BPS_EXPECTED: &str = "a whole number of basis points from 0 to 5000";

/// The tables `[[dealer]]`.
pub(crate) fn dealers(root: &Table<'_>, currencies: &[Currency], notes: Notes<'_>) -> Vec<DealerDraft> {
    let expected = known(KNOWN_CURRENCY, currencies.iter().map(|currency| currency.code));
    let mut out = Vec::new();
    for table in root.tables("dealer", Need::May) {
        let base = table.text("base", Need::Must, &expected, |text| currency_id(currencies, text));
        let quote = table.text("quote", Need::Must, &expected, |text| currency_id(currencies, text));
        let bank = table.text("bank", Need::Must, BIC_EXPECTED, Bic::parse);
        let exponent = |id: &Option<At<CurrencyId>>| {
            id.as_ref().and_then(|id| currencies.get(id.value.at())).map_or(2, |currency| currency.exponent)
        };
        let (base_exponent, quote_exponent) = (exponent(&base), exponent(&quote));
        let limit = |key: &'static str, exponent: u8| {
            let expected = format!("an amount with at most {exponent} digits after the point, in quotes");
            table.text(key, Need::Must, &expected, |text| parse_amount(text, exponent))
        };
        let (base_limit, quote_limit) = (limit("base_limit", base_exponent), limit("quote_limit", quote_exponent));
        let terms = standing(&table, base_exponent, notes);
        let clients = table.list("clients", Need::May, "a client such as \"XXXXSGBBXXX:10\"", |value| {
            let (bic, bps) = value.as_str()?.split_once(':')?;
            Some((Bic::parse(bic)?, bps.parse::<u32>().ok().filter(|bps| u64::from(*bps) <= BPS_MAX)?))
        });
        table.finish();
        let (Some(base), Some(quote), Some(bank), Some(base_limit), Some(quote_limit)) =
            (base, quote, bank, base_limit, quote_limit)
        else {
            continue;
        };
        let clients = clients.into_iter().map(|at| (At { value: at.value.0, spot: at.spot }, at.value.1)).collect();
        let (base_limit, quote_limit) = (base_limit.value, quote_limit.value);
        out.push(DealerDraft { base, quote: quote.value, bank, base_limit, quote_limit, terms, clients });
    }
    out
}

/// A dealer's standing rates: a bid and an ask, or a spread; none when it has neither.
fn standing(table: &Table<'_>, exponent: u8, notes: Notes<'_>) -> Option<DealerTerms> {
    let bid = table.text("bid", Need::May, RATE_EXPECTED, Rate::parse);
    let ask = table.text("ask", Need::May, RATE_EXPECTED, Rate::parse);
    let spread = table.field("spread_bps", Need::May, BPS_EXPECTED, |value| whole(value, BPS_MAX));
    let tier = "a tier such as \"1000.00:5\": an amount of the base currency and basis points";
    let tiers = table.list("tiers", Need::May, tier, |value| {
        let (from, bps) = value.as_str()?.split_once(':')?;
        let bps = bps.parse::<u32>().ok().filter(|bps| u64::from(*bps) <= BPS_MAX)?;
        Some(Tier { from: parse_amount(from, exponent)?, bps })
    });
    let basis = match (bid, ask, spread) {
        (Some(bid), Some(ask), None) => Basis::Own(TwoWay { bid: bid.value, ask: ask.value }),
        (None, None, Some(spread)) => Basis::Spread(u32::try_from(spread.value).unwrap_or(0)),
        (None, None, None) => return None,
        (bid, ask, _) => {
            let found = [bid.map(|_| "bid"), ask.map(|_| "ask")].into_iter().flatten().collect::<Vec<_>>().join(", ");
            notes.wrong(&table.spot("bid"), found, "bid and ask together, or spread_bps alone");
            return None;
        }
    };
    let terms = DealerTerms { basis, tiers: tiers.into_iter().map(|tier| tier.value).collect() };
    if !terms.is_valid() {
        let expected = "a bid not above the ask, and at most 64 tiers that ascend in amount and improvement";
        notes.wrong(&table.spot("bid"), "these rates", expected);
        return None;
    }
    Some(terms)
}

/// Brings terms and dealers together with pairs and participants.
pub(crate) fn resolve(
    pairs: &[Pair],
    drafts: Vec<Option<TermsDraft>>,
    dealers: Vec<DealerDraft>,
    at: Known<'_>,
) -> (Prices, Vec<Spot>) {
    let mut prices = Prices::default();
    let mut spots = Vec::new();
    for (pair, draft) in pairs.iter().zip(drafts) {
        let Some(draft) = draft else { continue };
        prices.pricing.push(SetPricing { pair: pair.pair, terms: draft.terms });
        if let Some(time) = draft.auction_at {
            prices.auctions.push((pair.pair, time.value));
            spots.push(time.spot);
        }
    }
    for draft in dealers {
        let pair = PairRef { base: draft.base.value, quote: draft.quote };
        if !pairs.iter().any(|known| known.pair == pair) {
            if !at.notes.0.borrow().pair_lost {
                at.notes.wrong(&draft.base.spot, "no such pair", "base and quote of a [[pair]], in its order");
            }
            continue;
        }
        let Some(dealer) = people::find(&draft.bank, at) else { continue };
        let holds = |currency| at.directory.account(dealer, currency).is_some();
        if !(holds(pair.base) && holds(pair.quote)) {
            let expected = "a direct participant with an account in both currencies of the pair";
            at.notes.wrong(&draft.bank.spot, draft.bank.value.to_string(), expected);
            continue;
        }
        if prices.dealers.iter().any(|(known, _)| (known.pair, known.dealer) == (pair, dealer)) {
            at.notes.wrong(&draft.bank.spot, draft.bank.value.to_string(), "each dealer of a pair once");
            continue;
        }
        let mut clients: Vec<(ParticipantId, u32)> = Vec::new();
        for (bic, bps) in &draft.clients {
            let Some(client) = people::find(bic, at) else { continue };
            if clients.iter().any(|(known, _)| *known == client) {
                at.notes.wrong(&bic.spot, bic.value.to_string(), "each client once");
                continue;
            }
            clients.push((client, *bps));
        }
        clients.sort_unstable();
        let (base_limit, quote_limit) = (draft.base_limit, draft.quote_limit);
        let rate = draft.terms.map(|terms| SetDealerRate {
            pair,
            dealer,
            terms: Some(terms),
            clients,
            // Standing: until the dealer sets others.
            until: Time(u64::MAX),
        });
        prices.dealers.push((SetDealer { pair, dealer, base_limit, quote_limit }, rate));
    }
    (prices, spots)
}

/// Auctions at a time at which nothing settles.
pub(crate) fn check_auctions(arrangement: &Arrangement, spots: &[Spot], notes: Notes<'_>) {
    let day = arrangement.day.date;
    let phases = arrangement.planned(day);
    for ((_, time), spot) in arrangement.prices.auctions.iter().zip(spots) {
        let at = arrangement.day.zone.instant(day, *time);
        let settles = phases
            .iter()
            .any(|planned| planned.begins <= at && at < planned.ends && planned.allows & phase::SETTLE != 0);
        if !settles {
            notes.wrong(spot, time.to_string(), "a time within a phase that allows \"settle\"");
        }
    }
}
