//! `comity fx route`: the best way from one currency to another, hop by hop.

use clap::Args;
use comity_market::rate::{Fixed, Way};
use comity_market::route::{self, Against, Cost, Hop, Market, Refused, Route, Wish};
use serde_json::{Value, json};

use super::money::argument;
use super::offers::{self, Offers, Wanted};
use crate::day::decimal;
use crate::exit::Failure;
use crate::output::{Align, Column, Output, bold, count, print, print_json, table};

/// The best way from one currency to another over any pairs offered, and what each hop costs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity fx route examples/fx/rates.csv --from KZT --to BYN --amount 1000000\n  \
    comity fx route rates.csv --from KZT --to BYN --amount 5000 --fixed destination\n  \
    comity fx route rates.csv --from KZT --to BYN --amount 1000000 --without RUB --hops 4", after_long_help = offers::COLUMNS)]
pub(super) struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// Currencies that the route may not touch.
    #[arg(long, value_name = "CURRENCY", value_delimiter = ',')]
    without: Vec<String>,
    /// Most deals.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=6))]
    hops: u8,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let wanted = &arguments.wanted;
    let offers = offers::read(&wanted.rates, wanted.gate)?;
    let (from, to) = (offers.find("--from", &wanted.from)?, offers.find("--to", &wanted.to)?);
    let off: Vec<u32> =
        arguments.without.iter().map(|code| offers.find("--without", code)).collect::<Result<_, _>>()?;
    let fixed = wanted.fixed.fixed();
    let given = offers.currency(if fixed == Fixed::Source { from } else { to });
    let amount = argument("--amount", &wanted.amount, given, 1)?;
    let market =
        Market { exponents: &offers.exponents, offers: &offers.offers, references: &offers.references, off: &off };
    let wish = Wish { from, to, fixed, amount, hops: arguments.hops };
    let route = route::route(&market, &wish).map_err(|refused| refusal(&offers, &wish, refused))?;
    match output {
        Output::Json => print_json(&as_json(&offers, &wish, &route)),
        Output::Table => show(&offers, &wish, &route),
    }
    Ok(())
}

fn refusal(offers: &Offers, wish: &Wish, refused: Refused) -> Failure {
    let code = |currency: u32| offers.currency(currency).code.as_str();
    let (from, to) = (code(wish.from), code(wish.to));
    Failure::refused(match refused {
        Refused::Same => format!("from {from} to {to} there is nothing to exchange"),
        Refused::Off { currency } => format!("--without {}: it is one end of the route", code(currency)),
        Refused::Unreached { refused, .. } if refused.is_empty() => {
            format!("{} has no chain of at most {} pairs from {from} to {to}; see --hops", offers.file, wish.hops)
        }
        Refused::Unreached { refused, .. } => {
            let mut lines = vec![format!("no offer from {from} to {to} takes this amount:")];
            for (offer, why) in refused {
                // What could not be taken at all is not compared, so that the open side does not matter.
                let reason = offers.reason(offer, why, wish.to);
                lines.push(format!("  {} {}: {reason}", offers.pair_name(offer), offers.owner(offer)));
            }
            lines.join("\n")
        }
        Refused::TooMany { .. }
        | Refused::Currency { .. }
        | Refused::Exponent { .. }
        | Refused::Offer { .. }
        | Refused::Amount { .. }
        | Refused::Hops { .. } => format!("{}: {refused}", offers.file),
    })
}

/// The pieces of a hop that both a table and JSON print.
struct Told<'a> {
    offers: &'a Offers,
    wish: &'a Wish,
    hop: &'a Hop,
}

impl Told<'_> {
    fn others(&self) -> Vec<(String, String)> {
        let open = if self.wish.fixed == Fixed::Source { self.hop.to } else { self.hop.from };
        let others = self.hop.others.iter();
        others.map(|&(offer, why)| (self.offers.owner(offer), self.offers.reason(offer, why, open))).collect()
    }

    fn left(&self) -> String {
        let quote = self.offers.currency(self.offers.offers[self.hop.offer].quote);
        let converted = &self.hop.converted;
        // Sixteen digits more than the currency has, without zeros at the end.
        let parts = i128::from(converted.left_minor) * 10_i128.pow(16) + i128::from(converted.left_fraction);
        let text = decimal(parts, quote.exponent + 16);
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        format!("{text} {}", quote.code)
    }
}

fn show(offers: &Offers, wish: &Wish, route: &Route) {
    let (from, to) = (offers.currency(wish.from), offers.currency(wish.to));
    let title = format!("{} for {}", to.told(route.target.into()), from.told(route.source.into()));
    print(&bold(&title));
    let path: Vec<&str> = std::iter::once(wish.from)
        .chain(route.hops.iter().map(|hop| hop.to))
        .map(|currency| offers.currency(currency).code.as_str())
        .collect();
    print(&format!("{}; {}", path.join(" > "), overall(offers, route.cost.as_ref())));
    print("");
    let rows: Vec<Vec<String>> = route
        .hops
        .iter()
        .map(|hop| {
            let told = Told { offers, wish, hop };
            vec![
                offers.pair_name(hop.offer),
                offers.owner(hop.offer),
                if hop.way == Way::BaseToQuote { "sold at".into() } else { "bought at".into() },
                hop.rate.to_string(),
                offers.currency(hop.from).told(hop.converted.source.into()),
                offers.currency(hop.to).told(hop.converted.target.into()),
                hop.cost.as_ref().map_or("no official rate".into(), |cost| cost_told(offers, cost)),
                told.left(),
            ]
        })
        .collect();
    let columns = [
        Column("pair", Align::Left),
        Column("offer", Align::Left),
        Column("", Align::Left),
        Column("rate", Align::Right),
        Column("from", Align::Right),
        Column("to", Align::Right),
        Column("cost against official", Align::Right),
        Column("left by rounding", Align::Right),
    ];
    print(&table(&columns, &rows));
    let others: Vec<String> = route
        .hops
        .iter()
        .flat_map(|hop| {
            let pair = offers.pair_name(hop.offer);
            let all = Told { offers, wish, hop }.others().into_iter();
            all.map(move |(owner, reason)| format!("  {pair} {owner}: {reason}")).collect::<Vec<_>>()
        })
        .collect();
    if !others.is_empty() {
        print("\nnot chosen");
        print(&others.join("\n"));
    }
    let steps = count(route.steps.into());
    print(&if route.exact {
        format!("\n{steps} deals tried; no other chain of at most {} is better", wish.hops)
    } else {
        format!("\nthe search ended after {steps} deals; a better chain may exist")
    });
}

fn overall(offers: &Offers, cost: Option<&Cost>) -> String {
    match cost {
        None => "no official rate to compare with".into(),
        Some(cost) => {
            let against = match cost.against {
                Against::Direct => "the official rate",
                Against::Cross => "the official cross rate",
            };
            format!("cost against {against}: {}", cost_told(offers, cost))
        }
    }
}

fn cost_told(offers: &Offers, cost: &Cost) -> String {
    format!("{} = {} bps", offers.currency(cost.currency).told(cost.amount.into()), cost.bps)
}

fn as_json(offers: &Offers, wish: &Wish, route: &Route) -> Value {
    let code = |currency: u32| offers.currency(currency).code.clone();
    let money = |currency: u32, minor: i64| decimal(minor.into(), offers.currency(currency).exponent);
    let cost = |cost: &Option<Cost>| {
        cost.map(|cost| {
            json!({
                "against": match cost.against { Against::Direct => "official", Against::Cross => "official-cross" },
                "currency": code(cost.currency), "amount": money(cost.currency, cost.amount),
                "worth": money(cost.currency, cost.worth), "bps": cost.bps,
            })
        })
    };
    let hops: Vec<Value> = route
        .hops
        .iter()
        .map(|hop| {
            let told = Told { offers, wish, hop };
            let others: Vec<Value> =
                told.others().into_iter().map(|(owner, reason)| json!({ "offer": owner, "reason": reason })).collect();
            json!({
                "pair": offers.pair_name(hop.offer), "kind": offers.offers[hop.offer].kind.word(),
                "by": offers.by[hop.offer], "rate": hop.rate.to_string(),
                "from": code(hop.from), "to": code(hop.to),
                "source": money(hop.from, hop.converted.source), "target": money(hop.to, hop.converted.target),
                "left_by_rounding": told.left(), "cost": cost(&hop.cost), "not_chosen": others,
            })
        })
        .collect();
    json!({
        "from": code(wish.from), "to": code(wish.to),
        "fixed": match wish.fixed { Fixed::Source => "source", Fixed::Target => "destination" },
        "source": money(wish.from, route.source), "target": money(wish.to, route.target),
        "cost": cost(&route.cost), "hops": hops, "deals_tried": route.steps, "exact": route.exact,
    })
}
