//! A file of what is offered: official and fixed rates, dealers, prices of auctions, with their limits.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use comity_market::dealer::{Basis, Terms, Tier, TwoWay, is_above};
use comity_market::offer::{Kind, Offer, Price, Why};
use comity_market::rate::{Fixed, Rate};
use comity_market::route::{CURRENCY_COUNT_MAX, Reference};

use super::money::{Currency, Pair, amount_of, limit_of, rate_of, signed, usage};
use super::rows::{Row, Sheet};
use crate::exit::Failure;

/// What both a route and a quote are asked with.
#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// What is offered, a CSV file.
    pub(super) rates: PathBuf,
    /// The currency paid.
    #[arg(long, value_name = "CURRENCY")]
    pub(super) from: String,
    /// The currency received.
    #[arg(long, value_name = "CURRENCY")]
    pub(super) to: String,
    /// The amount, of the fixed side.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) amount: String,
    /// Which amount is given: what is paid or what is received.
    #[arg(long, value_enum, default_value_t = Side::Source)]
    pub(super) fixed: Side,
    /// Largest change of a rate against the column previous, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(super) gate: u32,
}

/// Which amount is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Side {
    /// What is paid; what is received is rounded down.
    Source,
    /// What is received; what is paid is rounded up.
    Destination,
}

impl Side {
    pub(super) fn fixed(self) -> Fixed {
        match self {
            Self::Source => Fixed::Source,
            Self::Destination => Fixed::Target,
        }
    }
}

/// What a file offers.
pub(super) struct Offers {
    pub(super) currencies: Vec<Currency>,
    pub(super) exponents: Vec<u8>,
    pub(super) offers: Vec<Offer>,
    /// Who makes each offer.
    pub(super) by: Vec<String>,
    pub(super) references: Vec<Reference>,
    /// The file, for messages.
    pub(super) file: String,
}

const OPTIONAL: [&str; 15] = [
    "rate",
    "bid",
    "ask",
    "spread_bps",
    "tiers",
    "client_bps",
    "previous",
    "by",
    "most",
    "funds_base",
    "funds_quote",
    "room_buy",
    "room_sell",
    "allowed",
    "note",
];

/// The columns, for the help of commands that read such a file.
pub(super) const COLUMNS: &str = "Columns: pair (CNY/RUB: roubles for one yuan), kind (official, fixed, dealer or auction), and a price: rate, or bid and\n\
    ask, or for a dealer spread_bps around the official rate. Optionally by (who), tiers (\"1000000:5 5000000:12\": from this\n\
    amount of the first currency, basis points better), client_bps, previous (the last rate; see --gate), most (largest\n\
    amount), funds_base and funds_quote (what its owner can deliver), room_buy and room_sell (what its position limit leaves),\n\
    allowed (yes or no), note. Official rates are what costs are measured against.";

/// Reads the file; the first mistake is told with its line and field.
pub(super) fn read(path: &Path, gate: u32) -> Result<Offers, Failure> {
    let mut sheet = Sheet::open(path, &["pair", "kind"], &OPTIONAL)?;
    let mut all = Offers {
        currencies: Vec::new(),
        exponents: Vec::new(),
        offers: Vec::new(),
        by: Vec::new(),
        references: Vec::new(),
        file: sheet.file.clone(),
    };
    // Dealers with a spread may stand above the official rate they stand around.
    let mut spreads: Vec<(usize, u64)> = Vec::new();
    let mut once: HashMap<(u32, u32, &'static str), u64> = HashMap::new();
    sheet.each(|row| {
        let pair = Pair::parse(row.cell("pair")).map_err(|what| row.wrong("pair", what))?;
        let kind = kind(row)?;
        let (base, quote) = (all.index(&pair.base), all.index(&pair.quote));
        if all.currencies.len() > CURRENCY_COUNT_MAX {
            return Err(row.wrong("pair", format!("more currencies than the limit of {CURRENCY_COUNT_MAX}")));
        }
        if kind != Kind::Dealer {
            let (low, high) = (base.min(quote), base.max(quote));
            if let Some(line) = once.insert((low, high, kind.word()), row.line) {
                let what = format!("{} has a rate of kind {} on line {line} already", pair.name(), kind.word());
                return Err(row.wrong("pair", what));
            }
        }
        let price = price(row, kind, &pair)?;
        deviation(row, &price, gate)?;
        match (&price, kind) {
            (Price::One(rate), Kind::Official) => all.references.push(Reference { base, quote, rate: *rate }),
            (Price::Terms { terms: Terms { basis: Basis::Spread(_), .. }, .. }, _) => {
                spreads.push((all.offers.len(), row.line));
            }
            _ => {}
        }
        let mut offer = Offer::new(base, quote, kind, price);
        offer.allowed = match row.cell("allowed").to_lowercase().as_str() {
            "" | "yes" => true,
            "no" => false,
            _ => return Err(row.wrong("allowed", format!("{:?} is neither yes nor no", row.cell("allowed")))),
        };
        offer.most = row.given("most").map(|_| amount_of(row, "most", &pair.base)).transpose()?;
        offer.funds_base = limit_of(row, "funds_base", &pair.base)?;
        offer.funds_quote = limit_of(row, "funds_quote", &pair.quote)?;
        offer.room_buy = limit_of(row, "room_buy", &pair.base)?;
        offer.room_sell = limit_of(row, "room_sell", &pair.base)?;
        all.offers.push(offer);
        all.by.push(row.given("by").unwrap_or(kind.word()).into());
        Ok(())
    })?;
    for (at, line) in spreads {
        let offer = &mut all.offers[at];
        let found =
            all.references.iter().find(|reference| (reference.base, reference.quote) == (offer.base, offer.quote));
        let Some(found) = found else {
            let what = "there is no official rate of this pair to stand around";
            return Err(super::rows::wrong(&all.file, line, "spread_bps", what));
        };
        if let Price::Terms { official, .. } = &mut offer.price {
            *official = Some(found.rate);
        }
    }
    Ok(all)
}

fn kind(row: &Row<'_>) -> Result<Kind, Failure> {
    match row.cell("kind").to_lowercase().as_str() {
        "official" => Ok(Kind::Official),
        "fixed" => Ok(Kind::Fixed),
        "dealer" => Ok(Kind::Dealer),
        "auction" => Ok(Kind::Auction),
        _ => {
            let what = format!("{:?} is none of official, fixed, dealer, auction", row.cell("kind"));
            Err(row.wrong("kind", what))
        }
    }
}

fn price(row: &Row<'_>, kind: Kind, pair: &Pair) -> Result<Price, Failure> {
    let given: Vec<&str> =
        ["rate", "bid", "ask", "spread_bps"].into_iter().filter(|name| row.given(name).is_some()).collect();
    let basis = match given[..] {
        ["rate"] if kind != Kind::Dealer => return no_terms(row, Price::One(rate_of(row, "rate")?)),
        ["rate"] => {
            let rate = rate_of(row, "rate")?;
            Basis::Own(TwoWay { bid: rate, ask: rate })
        }
        ["bid", "ask"] => {
            let (bid, ask) = (rate_of(row, "bid")?, rate_of(row, "ask")?);
            if is_above(bid, ask) {
                return Err(row.wrong("bid", format!("{bid} is above the ask {ask}")));
            }
            if kind == Kind::Official {
                return Err(row.wrong("bid", "an official rate is one for both ways; use the column rate"));
            }
            if kind != Kind::Dealer {
                return no_terms(row, Price::Two(TwoWay { bid, ask }));
            }
            Basis::Own(TwoWay { bid, ask })
        }
        ["spread_bps"] if kind == Kind::Dealer => Basis::Spread(bps(row, "spread_bps")?),
        ["spread_bps"] => return Err(row.wrong("spread_bps", "only a dealer has a spread; use the column rate")),
        [] => return Err(row.wrong("rate", "is missing; give rate, or bid and ask, or for a dealer spread_bps")),
        _ => {
            let what = format!("{} are given; expected rate, or bid and ask, or spread_bps", given.join(" and "));
            return Err(row.wrong(given[0], what));
        }
    };
    let client = row.given("client_bps").map_or(Ok(0), |_| bps(row, "client_bps"))?;
    let terms = Terms { basis, tiers: tiers(row, pair)? };
    if !terms.is_valid() {
        let what = "from-amounts and improvements must rise from tier to tier, improvements up to 5,000";
        return Err(row.wrong(if terms.tiers.is_empty() { given[0] } else { "tiers" }, what));
    }
    Ok(Price::Terms { terms, official: None, client })
}

/// Tiers and client improvements belong to dealers alone.
fn no_terms(row: &Row<'_>, price: Price) -> Result<Price, Failure> {
    match ["tiers", "client_bps"].into_iter().find(|name| row.given(name).is_some()) {
        Some(name) => Err(row.wrong(name, "only a dealer has improvements")),
        None => Ok(price),
    }
}

fn bps(row: &Row<'_>, name: &str) -> Result<u32, Failure> {
    let text = row.cell(name);
    let found = text.parse::<u32>().ok().filter(|bps| *bps <= comity_market::dealer::BPS_MAX);
    let most = comity_market::dealer::BPS_MAX;
    found.ok_or_else(|| row.wrong(name, format!("{text:?} is not a whole number of basis points from 0 to {most}")))
}

/// `1000000:5 5000000:12`: from these amounts on, so many basis points better.
fn tiers(row: &Row<'_>, pair: &Pair) -> Result<Vec<Tier>, Failure> {
    let one = |text: &str| -> Result<Tier, String> {
        let (from, bps) = text.split_once(':').ok_or_else(|| format!("{text:?} is not a tier such as 1000000:5"))?;
        let from = signed(from, &pair.base)?;
        let bps = bps.parse().map_err(|_| format!("{bps:?} is not a whole number of basis points"))?;
        Ok(Tier { from, bps })
    };
    let all: Result<Vec<Tier>, String> = row.cell("tiers").split_whitespace().map(one).collect();
    all.map_err(|what| row.wrong("tiers", what))
}

/// A rate too far from the one before is more likely wrong than new: somebody must look.
fn deviation(row: &Row<'_>, price: &Price, gate: u32) -> Result<(), Failure> {
    if row.given("previous").is_none() {
        return Ok(());
    }
    let previous = rate_of(row, "previous")?;
    let rates: Vec<(&str, Rate)> = match price {
        Price::One(rate) => vec![("rate", *rate)],
        Price::Two(two) | Price::Terms { terms: Terms { basis: Basis::Own(two), .. }, .. } => {
            vec![(if row.given("rate").is_some() { "rate" } else { "bid" }, two.bid), ("ask", two.ask)]
        }
        Price::Terms { .. } => Vec::new(),
    };
    for (name, rate) in rates {
        let change = rate.change_bps(previous);
        if change > u64::from(gate) * 100 {
            let what = beyond(rate, previous, change, gate);
            return Err(row.wrong(name, what));
        }
    }
    Ok(())
}

/// A rate beyond the gate, in words.
pub(super) fn beyond(rate: Rate, previous: Rate, change: u64, gate: u32) -> String {
    let percent = format!("{}.{:02} %", change / 100, change % 100);
    format!(
        "{rate} is {percent} off the previous {previous}, the gate is {gate} %; correct it, or confirm it with --gate"
    )
}

impl Offers {
    fn index(&mut self, currency: &Currency) -> u32 {
        let found = self.currencies.iter().position(|known| known == currency).unwrap_or_else(|| {
            self.currencies.push(currency.clone());
            self.exponents.push(currency.exponent);
            self.currencies.len() - 1
        });
        u32::try_from(found).expect("fewer currencies than ISO 4217 has codes")
    }

    /// The index of a currency named on the command line.
    pub(super) fn find(&self, argument: &str, code: &str) -> Result<u32, Failure> {
        let code = code.to_uppercase();
        Currency::parse(&code).map_err(|what| usage(argument, what))?;
        let found = self.currencies.iter().position(|known| known.code == code);
        let found = found.and_then(|at| u32::try_from(at).ok());
        found.ok_or_else(|| {
            let known: Vec<&str> = self.currencies.iter().map(|currency| currency.code.as_str()).collect();
            Failure::refused(format!("{argument}: {} has no offer in {code}; it has {}", self.file, known.join(", ")))
        })
    }

    pub(super) fn currency(&self, index: u32) -> &Currency {
        &self.currencies[usize::try_from(index).expect("an index fits")]
    }

    pub(super) fn pair_name(&self, offer: usize) -> String {
        let offer = &self.offers[offer];
        format!("{}/{}", self.currency(offer.base).code, self.currency(offer.quote).code)
    }

    /// Who offers and of which kind.
    pub(super) fn owner(&self, offer: usize) -> String {
        let kind = self.offers[offer].kind.word();
        if self.by[offer] == kind { kind.into() } else { format!("{kind} {}", self.by[offer]) }
    }

    /// Why an offer was not taken, in words with amounts. `open` is the currency of the side that is not fixed.
    pub(super) fn reason(&self, offer: usize, why: Why, open: u32) -> String {
        let base = self.currency(self.offers[offer].base);
        let money = |currency: &Currency, minor: i64| currency.told(minor.into());
        match why {
            Why::NotAllowed | Why::NoRate | Why::Range | Why::NotOnward => why.to_string(),
            Why::Over { base: asked, most } => {
                format!("{} exceed its largest amount of {}", money(base, asked), money(base, most))
            }
            Why::NoFunds { currency, needed, has } => {
                let of = self.currency(currency);
                format!("no funds: it has {} of {}", money(of, has), money(of, needed))
            }
            Why::NoRoom { needed, room } => {
                format!("its position limit leaves {} of {}", money(base, room), money(base, needed))
            }
            Why::Worse { by: 0 } => "the same; the earlier one wins".into(),
            Why::Worse { by } => format!("worse by {}", money(self.currency(open), by)),
        }
    }
}
