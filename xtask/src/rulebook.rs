//! `cargo xtask rulebook`: the answers of the rule stories are written anew, and `RULEBOOK.md` from them.
//!
//! Absent on purpose: judgement. A changed answer is a changed rule; review the difference like law.

use crate::{Failure, command, no_arguments};

/// Writes, then reads again without writing: what is rendered must be what the tests expect.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("rulebook", arguments)?;
    let tests = ["test", "-p", "comity-ledger", "--test", "rulebook"];
    // Answers first, the book from them second; the third run proves that nothing is left to write.
    for _ in 0..2 {
        command::run(command::cargo(tests).env("UPDATE_EXPECT", "1"))?;
    }
    command::run(&mut command::cargo(tests))
}
