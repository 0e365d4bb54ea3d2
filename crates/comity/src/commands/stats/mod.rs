//! `comity stats`: figures with their definitions, sources and the rows they were made of.
//!
//! One file per question; `show.rs` prints and writes figures of any of them. Absent on purpose: arithmetic, which is in
//! `comity_stats`.

mod define;
mod show;

use clap::{Args, Subcommand};
use comity_stats::figure::Definition;

use crate::exit::Failure;
use crate::output::Output;

/// Figures about trade and payments; each says what it means, where it comes from and what it was made of.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  comity stats define --output json")]
pub(crate) struct Stats {
    #[command(subcommand)]
    pub(crate) ask: StatsAsk,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StatsAsk {
    Define(define::Arguments),
}

pub(crate) fn run(arguments: &Stats, output: Output) -> Result<(), Failure> {
    match &arguments.ask {
        StatsAsk::Define(arguments) => define::run(arguments, output),
    }
}

/// Every definition of every module, in the order of the documentation.
fn definitions() -> impl Iterator<Item = &'static Definition> {
    [comity_stats::price::DEFINITIONS].into_iter().flatten().copied()
}
