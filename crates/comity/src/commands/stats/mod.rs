//! `comity stats`: figures with their definitions, sources and the rows they were made of.
//!
//! One file per question; `show.rs` prints and writes figures of any of them. Absent on purpose: arithmetic, which is in
//! `comity_stats`.

mod currencies;
mod define;
mod index;
pub(crate) mod journal;
mod mirror;
mod picture;
mod sheet;
mod show;
mod trade;

use clap::{Args, Subcommand};
use comity_stats::figure::Definition;

use crate::exit::Failure;
use crate::output::Output;

/// Figures about trade and payments; each says what it means, where it comes from and what it was made of.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity stats trade --data trade.csv --by member --group EAEU5\n  \
    comity stats index --data prices.csv --base 2019\n  comity stats mirror --data reports.csv\n  comity stats define")]
pub(crate) struct Stats {
    #[command(subcommand)]
    pub(crate) ask: StatsAsk,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StatsAsk {
    Trade(trade::Arguments),
    Index(index::Arguments),
    Mirror(mirror::Arguments),
    Currencies(currencies::Arguments),
    Define(define::Arguments),
    Journal(Box<journal::Arguments>),
}

pub(crate) fn run(arguments: &Stats, output: Output) -> Result<(), Failure> {
    match &arguments.ask {
        StatsAsk::Trade(arguments) => trade::run(arguments, output),
        StatsAsk::Index(arguments) => index::run(arguments, output),
        StatsAsk::Mirror(arguments) => mirror::run(arguments, output),
        StatsAsk::Currencies(arguments) => currencies::run(arguments, output),
        StatsAsk::Define(arguments) => define::run(arguments, output),
        StatsAsk::Journal(arguments) => journal::run(arguments, output),
    }
}

/// Every definition of every module, in the order of the documentation.
fn definitions() -> impl Iterator<Item = &'static Definition> {
    let modules = [
        comity_stats::trade::DEFINITIONS,
        comity_stats::price::DEFINITIONS,
        comity_stats::mirror::DEFINITIONS,
        comity_stats::currency::DEFINITIONS,
    ];
    let payments = comity_stats::pay::figures::definitions();
    modules.into_iter().flatten().copied().chain(payments)
}
