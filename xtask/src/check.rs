//! `cargo xtask check` and `cargo xtask ci`: what a push must pass, by the same word on every machine.
//!
//! Every step runs even when one before it failed, so that one round shows everything there is to mend. Absent on
//! purpose: repairing; `cargo fmt` and the compiler's own advice do that.

use crate::{Failure, command, fuzzing, no_arguments, testing, tidy};

/// Seconds each fuzz target gets on a push.
const SHORT_FUZZ_S: u64 = 20;

type Step = (&'static str, fn() -> Result<(), Failure>);

/// The steps, the quick ones first.
const STEPS: &[Step] = &[
    ("formatting", formatting),
    ("tidy", || tidy::run(&[])),
    ("clippy", clippy),
    ("dependency rules", dependency_rules),
    ("release build", release_build),
    ("short fuzz run", || fuzzing::short(SHORT_FUZZ_S)),
];

/// `check`, then the tests; their closing lines are the last ones printed.
pub(crate) fn ci(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("ci", arguments)?;
    let checked = run(&[]);
    if let Err(failure) = &checked {
        eprintln!("xtask: {}", failure.text());
    }
    let tested = testing::run(&[]);
    checked.and(tested).map_err(|_| Failure::Shown)
}

/// Everything but the tests.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("check", arguments)?;
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        eprintln!("\n== {name}");
        if let Err(failure) = step() {
            eprintln!("xtask: {}", failure.text());
            failed.push(*name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure::Failed(format!("failed: {}", failed.join(", ")))) }
}

fn formatting() -> Result<(), Failure> {
    if !command::answers(&mut command::cargo(["fmt", "--version"])) {
        return skipped("rustfmt");
    }
    command::run(&mut command::cargo(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<(), Failure> {
    if !command::answers(&mut command::cargo(["clippy", "--version"])) {
        return skipped("clippy");
    }
    command::run(&mut command::cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn dependency_rules() -> Result<(), Failure> {
    if !command::answers(&mut command::cargo(["deny", "--version"])) {
        return skipped("cargo-deny");
    }
    // Licences, sources and bans are facts of this repository; advisories come from outside and are looked at by hand.
    command::run(&mut command::cargo(["deny", "check", "licenses", "sources", "bans"]))
}

fn release_build() -> Result<(), Failure> {
    command::run(&mut command::cargo(["build", "--release", "-p", "comity"]))
}

fn skipped(tool: &str) -> Result<(), Failure> {
    eprintln!("skipped: {tool} is not installed");
    Ok(())
}
