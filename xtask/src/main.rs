//! Project tasks: one word for each thing a developer or a machine does with this repository.
//!
//! `cargo xtask help` lists them. Few dependencies, so that the first task starts within seconds of a fresh clone.
//! Absent on purpose: anything a user of Comity needs; that is the `comity` program.
#![expect(clippy::print_stdout, reason = "a task talks to the person who called it")]

mod check;
mod command;
mod fuzzing;
mod rulebook;
mod simulate;
mod testing;
mod tidy;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

/// Why a task did not succeed.
#[derive(Debug)]
enum Failure {
    /// The task ran and found something, or a program it called did; the text says what.
    Failed(String),
    /// As `Failed`, but everything has been said, and nothing may follow what was printed last.
    Shown,
    /// The task was called in a way it does not know.
    Usage(String),
}

/// One task: its word, what it does in a line, and its body.
struct Task {
    name: &'static str,
    line: &'static str,
    run: fn(&[String]) -> Result<(), Failure>,
}

/// Every task, in the order a newcomer meets them.
const TASKS: &[Task] = &[
    Task { name: "test", line: "install what the tests need, then run every test of the workspace", run: testing::run },
    Task { name: "ci", line: "everything a push must pass: check, then test", run: check::ci },
    Task {
        name: "check",
        line: "formatting, clippy, tidy, dependency rules, release build, a short fuzz run",
        run: check::run,
    },
    Task { name: "tidy", line: "rules of style and structure that no other tool knows", run: tidy::run },
    Task { name: "rulebook", line: "write the answers of the rule stories and render RULEBOOK.md", run: rulebook::run },
    Task {
        name: "sim",
        line: "simulate many days with crashes and bad disks [--seeds N, default 20000]",
        run: simulate::run,
    },
    Task {
        name: "fuzz",
        line: "fuzz every target [--seconds N each, default 60]; without cargo-fuzz, replay the corpus",
        run: fuzzing::run,
    },
    Task { name: "help", line: "this list", run: help },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.as_str(), rest),
        None => ("help", &[][..]),
    };
    let name = match name {
        "-h" | "--help" => "help",
        name => name,
    };
    let outcome = match TASKS.iter().find(|task| task.name == name) {
        Some(task) => (task.run)(rest),
        None => Err(Failure::Usage(format!("unknown task {name:?}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(text)) => {
            eprintln!("xtask: {text}");
            ExitCode::FAILURE
        }
        Err(Failure::Shown) => ExitCode::FAILURE,
        Err(Failure::Usage(text)) => {
            eprintln!("xtask: {text}\n\n{}", list());
            ExitCode::from(2)
        }
    }
}

fn help(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("help", arguments)?;
    println!("{}", list());
    Ok(())
}

fn list() -> String {
    let mut text = String::from("usage: cargo xtask TASK\n");
    for task in TASKS {
        text.push_str(&format!("\n  {:<9} {}", task.name, task.line));
    }
    text
}

/// Refuses arguments of a task that has none.
fn no_arguments(task: &str, arguments: &[String]) -> Result<(), Failure> {
    match arguments.first() {
        None => Ok(()),
        Some(argument) => Err(Failure::Usage(format!("task {task} takes no arguments, found {argument:?}"))),
    }
}

/// The number after `flag`, the only argument a task with one number takes.
fn number(task: &str, flag: &str, default: u64, arguments: &[String]) -> Result<u64, Failure> {
    match arguments {
        [] => Ok(default),
        [name, value] if name == flag => {
            value.parse().map_err(|_| Failure::Usage(format!("{flag} of task {task} is not a number: {value:?}")))
        }
        other => Err(Failure::Usage(format!("task {task} takes only {flag} N, found {other:?}"))),
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    // Cargo says at run time where the package is; a binary started by hand remembers where it was built.
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}

impl Failure {
    /// What is left to say, for a task that goes on after a failed step.
    fn text(&self) -> &str {
        match self {
            Failure::Failed(text) | Failure::Usage(text) => text,
            Failure::Shown => "failed, see above",
        }
    }
}

#[cfg(test)]
mod tests {
    //! How tasks are called.

    use super::{Failure, TASKS, list, number};

    #[test]
    fn every_task_is_listed_once() {
        let list = list();
        for task in TASKS {
            let lines = list.lines().filter(|line| line.starts_with(&format!("  {} ", task.name)));
            assert_eq!(lines.count(), 1, "{}", task.name);
        }
    }

    #[test]
    fn a_number_is_read_or_refused() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(String::from).collect() };
        assert!(matches!(number("sim", "--seeds", 7, &[]), Ok(7)));
        assert!(matches!(number("sim", "--seeds", 7, &words("--seeds 12")), Ok(12)));
        for wrong in ["--seeds", "--seeds many", "--seed 12", "--seeds 1 2"] {
            let outcome = number("sim", "--seeds", 7, &words(wrong));
            assert!(matches!(outcome, Err(Failure::Usage(_))), "{wrong}");
        }
    }
}
