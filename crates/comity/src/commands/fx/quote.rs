//! `comity fx quote`: both amounts and all fees of one exchange, at the best price of a pair.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use comity_market::best::{Taken, best};
use comity_market::dealer::Ask;
use comity_market::offer::Why;
use comity_market::quote::{FeeRule, Quote, quote};
use comity_market::rate::Fixed;
use serde_json::{Value, json};

use super::money::{argument, usage};
use super::offers::{self, Offers, Wanted};
use crate::clear::amount::due_text;
use crate::day::decimal;
use crate::exit::Failure;
use crate::output::{Align, Column, Output, bold, print, print_json, table};

/// Both amounts and every fee of one exchange at the best price that is allowed, and how long it holds.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity fx quote examples/fx/rates.csv --from CNY --to RUB --amount 5000\n  \
    comity fx quote rates.csv --from CNY --to RUB --amount 60000 --fixed destination --arrival-fee 150\n  \
    comity fx quote rates.csv --from CNY --to RUB --amount 5000 --scheme-fee 0.50 --scheme-bps 10\n\n\
    This works out a quote from a file and holds no money; on the platform the ledger locks the dealer's funds for as\n\
    long as the quote is valid, and a payment must name its rate exactly.", after_long_help = offers::COLUMNS)]
pub(super) struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// What the payer's bank keeps, in the currency paid.
    #[arg(long, value_name = "AMOUNT", default_value = "0", allow_hyphen_values = true)]
    departure_fee: String,
    /// What the payee's bank keeps, in the currency received.
    #[arg(long, value_name = "AMOUNT", default_value = "0", allow_hyphen_values = true)]
    arrival_fee: String,
    /// What the scheme charges the payer's bank, in the currency paid; on top.
    #[arg(long, value_name = "AMOUNT", default_value = "0", allow_hyphen_values = true)]
    scheme_fee: String,
    /// And this share of the amount paid between the banks, basis points.
    #[arg(long, value_name = "BPS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    scheme_bps: u32,
    /// For how many seconds it holds.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    valid: u32,
    /// When it is made, in seconds since 1970-01-01T00:00:00Z [default: now]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(..=253_402_000_000))]
    at: Option<u64>,
}

/// A quote with what it came from.
struct Made<'a> {
    offers: &'a Offers,
    ends: (u32, u32),
    fixed: Fixed,
    fees: FeeRule,
    taken: Taken,
    quote: Quote,
    others: Vec<(usize, Why)>,
    until: String,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let wanted = &arguments.wanted;
    let offers = offers::read(&wanted.rates, wanted.gate)?;
    let (from, to) = (offers.find("--from", &wanted.from)?, offers.find("--to", &wanted.to)?);
    if from == to {
        return Err(usage("--to", "is the same currency as --from"));
    }
    let fixed = wanted.fixed.fixed();
    let (paid_in, received_in) = (offers.currency(from), offers.currency(to));
    let given = if fixed == Fixed::Source { paid_in } else { received_in };
    let amount = argument("--amount", &wanted.amount, given, 1)?;
    let fees = FeeRule {
        departure: argument("--departure-fee", &arguments.departure_fee, paid_in, 0)?,
        arrival: argument("--arrival-fee", &arguments.arrival_fee, received_in, 0)?,
        scheme: argument("--scheme-fee", &arguments.scheme_fee, paid_in, 0)?,
        scheme_bps: arguments.scheme_bps,
    };
    // Offers are compared by what goes between the banks.
    let between = match fixed {
        Fixed::Source => amount.checked_sub(fees.departure).filter(|&left| left > 0),
        Fixed::Target => amount.checked_add(fees.arrival),
    };
    let between =
        between.ok_or_else(|| usage("--amount", "nothing is left of it after the fee, or it leaves the range"))?;
    let found = best(&offers.offers, &offers.exponents, from, to, fixed, between);
    let Some(taken) = found.chosen else {
        return Err(none(&offers, (from, to), &found.others));
    };
    let pair = &offers.offers[taken.offer];
    let ask = Ask {
        way: taken.way,
        fixed,
        amount,
        base_exponent: offers.currency(pair.base).exponent,
        quote_exponent: offers.currency(pair.quote).exponent,
    };
    let worked = quote(taken.rate, ask, &fees)
        .ok_or_else(|| usage("--arrival-fee", "nothing is left for the payee, or an amount leaves the range"))?;
    let now =
        arguments.at.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
    let made = Made {
        offers: &offers,
        ends: (from, to),
        fixed,
        fees,
        taken,
        quote: worked,
        others: found.others,
        until: instant(now + u64::from(arguments.valid)),
    };
    match output {
        Output::Json => print_json(&made.json()),
        Output::Table => made.show(arguments.valid),
    }
    Ok(())
}

/// No offer of the pair can be taken.
fn none(offers: &Offers, (from, to): (u32, u32), others: &[(usize, Why)]) -> Failure {
    let (from, to) = (&offers.currency(from).code, &offers.currency(to).code);
    if others.is_empty() {
        let file = &offers.file;
        return Failure::refused(format!(
            "{file} offers no pair of {from} and {to}; `comity fx route` goes over others"
        ));
    }
    let lines = others.iter().map(|&(offer, why)| {
        let reason = offers.reason(offer, why, offers.offers[offer].quote);
        format!("\n  {} {}: {reason}", offers.pair_name(offer), offers.owner(offer))
    });
    Failure::refused(format!("no offer from {from} to {to} takes this amount:{}", lines.collect::<String>()))
}

impl Made<'_> {
    fn open(&self) -> u32 {
        if self.fixed == Fixed::Source { self.ends.1 } else { self.ends.0 }
    }

    fn show(&self, valid: u32) {
        let (from, to) = (self.offers.currency(self.ends.0), self.offers.currency(self.ends.1));
        let quote = &self.quote;
        print(&bold(&format!("{} for {}", to.told(quote.received.into()), from.told(quote.paid.into()))));
        print(&format!(
            "{} at {}, {}; valid until {} ({valid} s)",
            self.offers.pair_name(self.taken.offer),
            self.taken.rate,
            self.offers.owner(self.taken.offer),
            self.until
        ));
        print("");
        let line = |what: &str, amount: String, whose: &str| vec![what.to_string(), amount, whose.to_string()];
        let rows = [
            line("paid by the payer", from.told(quote.paid.into()), ""),
            line("departure fee", from.told((-self.fees.departure).into()), "kept by the payer's bank"),
            line("between the banks, debited", from.told(quote.source.into()), ""),
            line("between the banks, credited", to.told(quote.target.into()), ""),
            line("arrival fee", to.told((-self.fees.arrival).into()), "kept by the payee's bank"),
            line("received by the payee", to.told(quote.received.into()), ""),
            line("scheme fee", from.told(quote.scheme.into()), "charged to the payer's bank, on top"),
        ];
        print(&table(&[Column("what", Align::Left), Column("amount", Align::Right), Column("", Align::Left)], &rows));
        if !self.others.is_empty() {
            print("\nnot chosen");
            for &(offer, why) in &self.others {
                let reason = self.offers.reason(offer, why, self.open());
                print(&format!("  {} {}: {reason}", self.offers.pair_name(offer), self.offers.owner(offer)));
            }
        }
    }

    fn json(&self) -> Value {
        let (from, to) = (self.offers.currency(self.ends.0), self.offers.currency(self.ends.1));
        let source = |minor: i64| decimal(minor.into(), from.exponent);
        let target = |minor: i64| decimal(minor.into(), to.exponent);
        let others: Vec<Value> = self
            .others
            .iter()
            .map(|&(offer, why)| {
                let reason = self.offers.reason(offer, why, self.open());
                json!({ "offer": self.offers.owner(offer), "reason": reason })
            })
            .collect();
        json!({
            "from": from.code, "to": to.code,
            "fixed": match self.fixed { Fixed::Source => "source", Fixed::Target => "destination" },
            "pair": self.offers.pair_name(self.taken.offer), "rate": self.taken.rate.to_string(),
            "kind": self.offers.offers[self.taken.offer].kind.word(), "by": self.offers.by[self.taken.offer],
            "paid": source(self.quote.paid), "departure_fee": source(self.fees.departure),
            "source": source(self.quote.source), "target": target(self.quote.target),
            "arrival_fee": target(self.fees.arrival), "received": target(self.quote.received),
            "scheme_fee": source(self.quote.scheme), "valid_until": self.until, "not_chosen": others,
        })
    }
}

/// Seconds since 1970 as a date and time in UTC.
fn instant(seconds: u64) -> String {
    let days = i32::try_from(seconds / 86_400).unwrap_or(i32::MAX);
    let second = seconds % 86_400;
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{}T{hour:02}:{minute:02}:{:02}Z", due_text(days, true), second % 60)
}
