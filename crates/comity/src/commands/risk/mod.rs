//! `comity risk`: what stands behind a member, and who bears what it cannot pay.
//!
//! Reads tables or a day's journal, asks `comity_union::risk`, and prints what it answers. Absent on purpose: any rule.

pub(crate) mod arguments;
mod case;
mod drill;
mod exit;
pub(crate) mod number;
pub(crate) mod replay;
mod tests;
mod watch;

use arguments::{Risk, RiskAsk};

use crate::exit::Failure;
use crate::output::Output;

pub(crate) fn run(arguments: &Risk, output: Output) -> Result<(), Failure> {
    match &arguments.ask {
        RiskAsk::Tests(arguments) => tests::run(arguments, output),
        RiskAsk::Drill(arguments) => drill::run(arguments, output),
        RiskAsk::Exit(arguments) => exit::run(arguments, output),
        RiskAsk::Watch(arguments) => watch::run(arguments, output),
    }
}
