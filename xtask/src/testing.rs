//! `cargo xtask test`: what the tests need, then every test of the workspace.
//!
//! Doc tests run first, because `cargo nextest` does not know them and the last lines printed must be the closing lines
//! of the run that holds nearly all tests. Absent on purpose: choosing tests; for that, call cargo itself.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Failure, command, no_arguments};

/// The program that validates what we send against the official schemas, and the Debian package it comes in.
const XMLLINT: (&str, &str) = ("xmllint", "libxml2-utils");

/// Runs every test; both runs happen even when the first one fails.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("test", arguments)?;
    install();
    let doc_tests = call(command::cargo(["test", "--workspace", "--doc", "--no-fail-fast"]));
    if let Err(failure) = &doc_tests {
        eprintln!("xtask: doc tests: {}", failure.text());
    }
    let tests = call(all_tests());
    // The runner's closing lines stay the last ones; the exit code says the rest.
    doc_tests.and(tests).map_err(|_| Failure::Shown)
}

/// Installs what is missing when that is possible, otherwise says what to install; the tests concerned then skip.
fn install() {
    let (name, package) = XMLLINT;
    if found(name) {
        return;
    }
    if !(Path::new("/etc/debian_version").exists() && is_root()) {
        eprintln!(
            "{name} not found: install the package {package} to check messages against the official schemas; those tests are skipped"
        );
        return;
    }
    // A fresh machine has no package lists; one with old lists asks for files that are gone. So: try, refresh, try again.
    let installed = apt(&["install", "-y", "--no-install-recommends", package]).or_else(|_| {
        apt(&["update"])?;
        apt(&["install", "-y", "--no-install-recommends", package])
    });
    if let Err(failure) = installed {
        eprintln!("{name} could not be installed ({}); tests against the official schemas are skipped", failure.text());
    }
}

fn all_tests() -> Command {
    if command::answers(&mut command::cargo(["nextest", "--version"])) {
        let mut nextest = command::cargo(["nextest", "run", "--workspace", "--no-fail-fast", "--color"]);
        nextest.arg(if colours() { "auto" } else { "never" });
        nextest
    } else {
        // Every kind of target except doc tests, which ran before.
        command::cargo(["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests", "--examples"])
    }
}

fn call(mut command: Command) -> Result<(), Failure> {
    command::one_channel(&mut command);
    command::run(&mut command)
}

fn colours() -> bool {
    use std::io::IsTerminal as _;
    std::io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none()
}

fn apt(arguments: &[&str]) -> Result<(), Failure> {
    command::run(command::program("apt-get").arg("-q").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn found(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// Linux tells every process its user; elsewhere nothing is installed for anybody.
fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status
            .lines()
            .find_map(|line| line.strip_prefix("Uid:"))
            .is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0"))
    })
}
