//! `cargo xtask sim`: many seeds of the simulator, each a history with crashes, torn writes and a clock that goes back.
//!
//! Absent on purpose: the simulation; it lives in `crates/sim`, whose tests run the first seeds on every push.

use crate::{Failure, command, number};

/// Runs the seeds in release mode.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let seeds = number("sim", "--seeds", 20_000, arguments)?;
    command::run(
        command::cargo(["run", "--release", "-p", "comity-sim", "--example", "sim", "--"])
            .arg("--seeds")
            .arg(seeds.to_string()),
    )
}
