//! `comity fx`: prices between currencies, from files: an auction, a route, a quote, swaps that save money.
//!
//! One file per question; `rows.rs` reads tables, `offers.rs` what is offered. Absent on purpose: any rule, which is in
//! `comity_market`, and any booking, which is the ledger's.

mod auction;
mod money;
mod offers;
mod quote;
mod route;
mod rows;
mod swaps;

use clap::{Args, Subcommand};

use crate::exit::Failure;
use crate::output::Output;

/// Exchange between currencies: hold an auction, find a route, work out a quote, suggest swaps.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity fx auction orders.csv --reference 11.42 --picture auction.svg\n  \
    comity fx route rates.csv --from KZT --to BYN --amount 1000000\n  \
    comity fx quote rates.csv --from CNY --to RUB --amount 5000 --fixed destination\n  \
    comity fx swaps positions.csv --rates worth.csv\n\n\
    Small files to try are in examples/fx/ of the source. docs/fx.md has the rules.")]
pub(crate) struct Fx {
    #[command(subcommand)]
    ask: FxAsk,
}

#[derive(Debug, Subcommand)]
enum FxAsk {
    Auction(auction::Arguments),
    Route(route::Arguments),
    Quote(quote::Arguments),
    Swaps(swaps::Arguments),
}

pub(crate) fn run(arguments: &Fx, output: Output) -> Result<(), Failure> {
    match &arguments.ask {
        FxAsk::Auction(arguments) => auction::run(arguments, output),
        FxAsk::Route(arguments) => route::run(arguments, output),
        FxAsk::Quote(arguments) => quote::run(arguments, output),
        FxAsk::Swaps(arguments) => swaps::run(arguments, output),
    }
}
