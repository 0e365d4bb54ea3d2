//! `cargo xtask fuzz`: every fuzz target for a while, starting from the corpus that is kept in `fuzz/corpus`.
//!
//! Fuzzing needs a nightly compiler and `cargo-fuzz`. Without them the same bodies are run over the corpus and its
//! mutations by `xtask/tests/corpora.rs`, an ordinary test. Absent on purpose: adding to the corpus; a person chooses
//! what is worth keeping from `target/fuzz-found`.

use std::fs;

use crate::{Failure, command, number, root};

/// Every target: a file in `fuzz/targets` and a folder in `fuzz/corpus`.
const TARGETS: &[&str] = &["xml", "csv", "journal", "arrangement", "wire"];

/// Fuzzes each target, or replays the corpus.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let seconds = number("fuzz", "--seconds", 60, arguments)?;
    if seconds == 0 {
        return Err(Failure::Usage("--seconds must be at least 1".into()));
    }
    if available() {
        return fuzz(seconds);
    }
    eprintln!("no cargo-fuzz on a nightly compiler: the corpus is replayed instead");
    command::run(&mut command::cargo(["test", "-p", "xtask", "--test", "corpora"]))
}

/// A short run when fuzzing is possible; otherwise nothing, because the tests replay the corpus anyway.
pub(crate) fn short(seconds: u64) -> Result<(), Failure> {
    if available() {
        return fuzz(seconds);
    }
    eprintln!("skipped: no cargo-fuzz on a nightly compiler; the tests replay the corpus");
    Ok(())
}

fn available() -> bool {
    command::answers(command::program("rustup").args(["run", "nightly", "cargo", "fuzz", "--version"]))
}

fn fuzz(seconds: u64) -> Result<(), Failure> {
    let mut failed = Vec::new();
    for target in TARGETS {
        // The fuzzer writes what it finds into the first folder and only reads the others.
        let found = root().join("target/fuzz-found").join(target);
        fs::create_dir_all(&found).map_err(|error| Failure::Failed(format!("{}: {error}", found.display())))?;
        let outcome = command::run(
            command::program("rustup")
                .args(["run", "nightly", "cargo", "fuzz", "run", target])
                .arg(&found)
                .arg(format!("fuzz/corpus/{target}"))
                .arg("--")
                .arg(format!("-max_total_time={seconds}"))
                .args(["-max_len=65536", "-print_final_stats=0"])
                .env_remove("CARGO"),
        );
        if outcome.is_err() {
            failed.push(*target);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure::Failed(format!("fuzz targets failed: {}", failed.join(", ")))) }
}
