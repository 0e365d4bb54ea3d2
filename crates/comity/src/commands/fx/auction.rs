//! `comity fx auction`: one price for all orders of a pair.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use comity_market::auction::{
    self, Auction, Choice, Indication, Margin, NoCross, Order, Outcome, Price, Reason, Refused, Rules, Side, Step,
};
use comity_market::rate::Rate;
use comity_viz::{Book, BookStep, Head, Picture, Unit, Width};
use serde_json::{Value, json};

use super::money::{Pair, amount_of, rate, rate_of, usage};
use super::rows::{Sheet, wrong};
use crate::day::{decimal, grouped};
use crate::exit::{Failure, at};
use crate::output::{Align, Column, Output, bold, count, print, print_json, table};

/// Most orders printed in a table; JSON has all.
const SHOWN_MAX: usize = 40;

/// Clear all orders of a pair at one price: the greatest volume, then the smallest imbalance.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity fx auction examples/fx/orders.csv --reference 11.42\n  \
    comity fx auction orders.csv --pair CNY/RUB --margin time --picture auction.svg\n  \
    comity fx auction orders.csv --reference 11.42 --indicative      before the auction: price, volume, surplus\n\n\
    Columns: id, side (buy or sell, of the pair's first currency), amount (of the first currency), limit (rate; empty takes\n\
    any price), and optionally bank and pair. Rows stand in the order of entry. No crossing is an answer, with the best\n\
    bid and ask. Each result is checked anew from the orders before it is printed.")]
pub(super) struct Arguments {
    /// The orders, a CSV file.
    orders: PathBuf,
    /// The pair, unless the column pair has only one.
    #[arg(long)]
    pair: Option<String>,
    /// The price that ties lean to, such as the official rate.
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    reference: Option<String>,
    /// Digits after the point of prices [default: the most that a limit or the reference has]
    #[arg(long, value_name = "DIGITS", value_parser = clap::value_parser!(u8).range(0..=12))]
    tick: Option<u8>,
    /// How orders share where the volume runs out.
    #[arg(long, value_enum, default_value_t = Share::ProRata)]
    margin: Share,
    /// Only what the book would do now; nobody trades.
    #[arg(long)]
    indicative: bool,
    /// SVG of demand, supply and the clearing price.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
}

/// How orders share at the margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Share {
    /// In proportion to amounts.
    ProRata,
    /// In order of entry.
    Time,
}

/// A file of orders.
struct Auctioned {
    file: String,
    pair: Pair,
    orders: Vec<Order>,
    about: Vec<About>,
    rules: Rules,
}

/// Whose order it is, and where it stands.
struct About {
    id: String,
    bank: String,
    line: u64,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let book = read(arguments)?;
    let refused = |refused: Refused| book.refusal(refused);
    let outcome =
        if arguments.indicative { None } else { Some(auction::run(&book.orders, &book.rules).map_err(refused)?) };
    let seen = match &outcome {
        None => auction::indication(&book.orders, &book.rules).map_err(refused)?,
        Some(Outcome::Cleared(auction)) => {
            auction::check(&book.orders, &book.rules, auction).expect("the auction is what its own check demands");
            Indication::Price(auction.price)
        }
        Some(Outcome::NoCross(none)) => Indication::NoCross(*none),
    };
    let cleared = match &outcome {
        Some(Outcome::Cleared(auction)) => Some(auction),
        Some(Outcome::NoCross(_)) | None => None,
    };
    if let Some(path) = &arguments.picture {
        let steps = auction::steps(&book.orders, &book.rules).map_err(refused)?;
        draw(path, &book, &steps, &seen)?;
    }
    match output {
        Output::Json => print_json(&book.json(&seen, cleared)),
        Output::Table => book.show(&seen, cleared),
    }
    Ok(())
}

fn read(arguments: &Arguments) -> Result<Auctioned, Failure> {
    let wanted = arguments.pair.as_deref().map(Pair::parse).transpose().map_err(|what| usage("--pair", what))?;
    let reference = arguments.reference.as_deref().map(rate).transpose().map_err(|what| usage("--reference", what))?;
    let mut sheet = Sheet::open(&arguments.orders, &["id", "side", "amount", "limit"], &["bank", "pair"])?;
    if wanted.is_none() && !sheet.has("pair") {
        let message = format!("{} has no column pair; say which with --pair, such as --pair CNY/RUB", sheet.file);
        return Err(usage("--pair", message));
    }
    let file = sheet.file.clone();
    let mut pair = wanted.clone();
    let mut known: HashMap<String, u64> = HashMap::new();
    let (mut orders, mut about) = (Vec::new(), Vec::new());
    sheet.each(|row| {
        let own = row.given("pair").map(Pair::parse).transpose().map_err(|what| row.wrong("pair", what))?;
        if let Some(own) = own {
            match (&wanted, &pair) {
                (Some(wanted), _) if *wanted != own => return Ok(()),
                (None, Some(pair)) if *pair != own => {
                    let both = format!("{} after {}; choose one with --pair", own.name(), pair.name());
                    return Err(row.wrong("pair", both));
                }
                _ => pair = Some(own),
            }
        }
        let Some(pair) = &pair else {
            return Err(row.wrong("pair", "is missing; give it, or --pair"));
        };
        let id = row.given("id").ok_or_else(|| row.wrong("id", "is missing"))?;
        if let Some(line) = known.insert(id.into(), row.line) {
            return Err(row.wrong("id", format!("{id:?} was given before on line {line}")));
        }
        let side = match row.cell("side").to_lowercase().as_str() {
            "buy" => Side::Buy,
            "sell" => Side::Sell,
            _ => return Err(row.wrong("side", format!("{:?} is neither buy nor sell", row.cell("side")))),
        };
        let limit = row.given("limit").map(|_| rate_of(row, "limit")).transpose()?;
        orders.push(Order { side, limit, amount: amount_of(row, "amount", &pair.base)? });
        about.push(About { id: id.into(), bank: row.cell("bank").into(), line: row.line });
        Ok(())
    })?;
    let Some(pair) = pair else {
        return Err(Failure::refused(format!("{file}: no order, and no --pair")));
    };
    let finest = orders.iter().filter_map(|order| order.limit).chain(reference).map(|rate| rate.scale).max();
    let rules = Rules {
        scale: arguments.tick.or(finest).unwrap_or(0),
        reference,
        margin: match arguments.margin {
            Share::ProRata => Margin::ProRata,
            Share::Time => Margin::Time,
        },
        base_exponent: pair.base.exponent,
        quote_exponent: pair.quote.exponent,
    };
    Ok(Auctioned { file, pair, orders, about, rules })
}

impl Auctioned {
    /// A refusal of the rules, told with the line it is about.
    fn refusal(&self, refused: Refused) -> Failure {
        let line = |order: usize| self.about.get(order).map_or(0, |about| about.line);
        let digits = self.rules.scale;
        match refused {
            Refused::Amount { order, amount } => {
                wrong(&self.file, line(order), "amount", format!("{amount} is not more than zero"))
            }
            Refused::Limit { order, limit } => {
                let what = format!("{limit} does not fit prices of {digits} digits after the point; see --tick");
                wrong(&self.file, line(order), "limit", what)
            }
            Refused::Range { order } => {
                let what = format!("comes to more {} than an amount can hold", self.pair.quote.code);
                wrong(&self.file, line(order), "amount", what)
            }
            Refused::Reference { reference } => {
                let what = format!("{reference} does not fit prices of {digits} digits after the point; see --tick");
                usage("--reference", what)
            }
            Refused::TooMany { .. } | Refused::Scale { .. } => Failure::refused(format!("{}: {refused}", self.file)),
        }
    }

    fn show(&self, seen: &Indication, auction: Option<&Auction>) {
        let base = &self.pair.base;
        let reference = self.rules.reference.map_or("no reference price".into(), |rate| format!("reference {rate}"));
        let orders = count(u64::try_from(self.orders.len()).unwrap_or(u64::MAX));
        let crosses = matches!(seen, Indication::Price(_));
        let told = if crosses && auction.is_none() { "Indication" } else { "Call auction" };
        let title = format!("{told} {}: {orders} orders, {reference}", self.pair.name());
        print(&title);
        let price = match seen {
            Indication::NoCross(none) => {
                print(&format!("\n{}", bold(&capital(&none.to_string()))));
                print(&format!("wanted {}, offered {}", base.told(none.demand), base.told(none.supply)));
                return;
            }
            Indication::Price(price) => price,
        };
        print(&format!("\n{}", bold(&format!("price {}, volume {}", price.rate, base.told(price.volume)))));
        print(&match price.surplus() {
            None => "nothing is left over".into(),
            Some((side, amount)) => format!("left over: {} of {}", word(side), base.told(amount)),
        });
        print(&why(price));
        let Some(auction) = auction else {
            return;
        };
        print("");
        print(&self.fills(auction));
        let (paid, received) = self.sums(auction);
        let quote = &self.pair.quote;
        print(&format!(
            "\nbuyers pay {}, sellers receive {}, rounding leaves {} for the pair's remainder account",
            quote.told(paid),
            quote.told(received),
            quote.told(auction.remainder)
        ));
    }

    fn fills(&self, auction: &Auction) -> String {
        let mut fills = auction.fills.iter().peekable();
        let banks = self.about.iter().any(|about| !about.bank.is_empty());
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (at, (order, about)) in self.orders.iter().zip(&self.about).enumerate().take(SHOWN_MAX) {
            let fill = fills.next_if(|fill| fill.order == at);
            let exponents = (self.pair.base.exponent, self.pair.quote.exponent);
            let mut row = vec![about.id.clone()];
            if banks {
                row.push(about.bank.clone());
            }
            row.extend([
                order.side.word().into(),
                order.limit.map_or("any".into(), |limit| limit.to_string()),
                grouped(order.amount.into(), exponents.0),
                fill.map_or("-".into(), |fill| grouped(fill.base.into(), exponents.0)),
                fill.map_or(String::new(), |fill| {
                    let way = if order.side == Side::Buy { "pays" } else { "receives" };
                    format!("{way} {}", self.pair.quote.told(fill.quote.into()))
                }),
            ]);
            rows.push(row);
        }
        let mut columns = vec![Column("order", Align::Left)];
        if banks {
            columns.push(Column("bank", Align::Left));
        }
        columns.extend([
            Column("side", Align::Left),
            Column("limit", Align::Right),
            Column("amount", Align::Right),
            Column("trades", Align::Right),
            Column("for", Align::Right),
        ]);
        let mut out = table(&columns, &rows);
        if self.orders.len() > SHOWN_MAX {
            out.push_str(&format!("\nand {} more; --output json has all", self.orders.len() - SHOWN_MAX));
        }
        out
    }

    fn sums(&self, auction: &Auction) -> (i128, i128) {
        let sum = |side: Side| -> i128 {
            let fills = auction.fills.iter().filter(|fill| self.orders[fill.order].side == side);
            fills.map(|fill| i128::from(fill.quote)).sum()
        };
        (sum(Side::Buy), sum(Side::Sell))
    }

    fn json(&self, seen: &Indication, auction: Option<&Auction>) -> Value {
        let (base, quote) = (self.pair.base.exponent, self.pair.quote.exponent);
        let text = |rate: Option<Rate>| rate.map(|rate| rate.to_string());
        let mut value = json!({
            "pair": self.pair.name(), "orders": self.orders.len(), "digits": self.rules.scale,
            "reference": text(self.rules.reference),
            "margin": match self.rules.margin { Margin::ProRata => "pro-rata", Margin::Time => "time" },
            "indicative": auction.is_none() && matches!(seen, Indication::Price(_)),
        });
        match seen {
            Indication::NoCross(none) => no_cross(&mut value, none, base),
            Indication::Price(price) => {
                value["crosses"] = json!(true);
                value["price"] = json!(price.rate.to_string());
                value["volume"] = json!(decimal(price.volume, base));
                value["demand"] = json!(decimal(price.demand, base));
                value["supply"] = json!(decimal(price.supply, base));
                value["surplus"] = json!(
                    price
                        .surplus()
                        .map(|(side, amount)| { json!({ "side": side.word(), "amount": decimal(amount, base) }) })
                );
                value["chosen"] = json!(choice(price.choice));
                let proof = price.proof;
                value["equally_good"] = json!({
                    "from": proof.low.to_string(), "to": proof.high.to_string(), "buyers_left_up_to": text(proof.turn),
                });
            }
        }
        if let Some(auction) = auction {
            let fills: Vec<Value> = auction
                .fills
                .iter()
                .map(|fill| {
                    let about = &self.about[fill.order];
                    json!({
                        "id": about.id, "bank": Some(&about.bank).filter(|bank| !bank.is_empty()),
                        "side": self.orders[fill.order].side.word(),
                        "base": decimal(fill.base.into(), base), "quote": decimal(fill.quote.into(), quote),
                    })
                })
                .collect();
            let (paid, received) = self.sums(auction);
            value["fills"] = json!(fills);
            value["buyers_pay"] = json!(decimal(paid, quote));
            value["sellers_receive"] = json!(decimal(received, quote));
            value["remainder"] = json!(decimal(auction.remainder, quote));
            value["checked"] = json!(true);
        }
        value
    }
}

fn no_cross(value: &mut Value, none: &NoCross, base: u8) {
    value["crosses"] = json!(false);
    value["reason"] = json!(match none.reason {
        Reason::NoBuyers => "no-buyers",
        Reason::NoSellers => "no-sellers",
        Reason::Apart => "apart",
        Reason::NoPrice => "no-price",
    });
    value["says"] = json!(none.to_string());
    value["best_bid"] = json!(none.best_bid.map(|rate| rate.to_string()));
    value["best_ask"] = json!(none.best_ask.map(|rate| rate.to_string()));
    value["demand"] = json!(decimal(none.demand, base));
    value["supply"] = json!(decimal(none.supply, base));
}

fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::Only => "only",
        Choice::Highest => "highest",
        Choice::Lowest => "lowest",
        Choice::Reference => "reference",
        Choice::Middle => "middle",
    }
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Buy => "buyers",
        Side::Sell => "sellers",
    }
}

/// Why it is this price, in a sentence.
fn why(price: &Price) -> String {
    let range = format!("{} to {} are equally good", price.proof.low, price.proof.high);
    match price.choice {
        Choice::Only => "why: no other price has as much volume with as small an imbalance".into(),
        Choice::Highest => format!("why: {range}; buyers are left over at all of them, so the highest"),
        Choice::Lowest => format!("why: {range}; sellers are left over at all of them, so the lowest"),
        Choice::Reference => format!("why: {range}; this one is the closest to the reference price"),
        Choice::Middle => format!("why: {range}; without a reference price, the middle"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn draw(path: &Path, book: &Auctioned, steps: &[Step], seen: &Indication) -> Result<(), Failure> {
    let unit = Unit::new(book.pair.base.code.clone(), book.pair.base.exponent);
    let steps = steps.iter().map(|step| BookStep {
        from: i128::from(step.from.mantissa),
        to: i128::from(step.to.mantissa),
        demand: step.demand,
        supply: step.supply,
    });
    let (clears, about) = match seen {
        Indication::NoCross(none) => (None, capital(&none.to_string())),
        Indication::Price(price) => (
            Some((i128::from(price.rate.mantissa), price.volume)),
            "What buyers want and sellers offer at each price; where they meet, most can trade.".into(),
        ),
    };
    let picture = Book {
        head: Head::new("auction", format!("Call auction {}", book.pair.name()), about),
        unit,
        price: Unit::new(book.pair.quote.code.clone(), book.rules.scale),
        steps: steps.collect(),
        clears,
    };
    std::fs::write(path, picture.svg(Width::Wide)).map_err(at(path))
}
