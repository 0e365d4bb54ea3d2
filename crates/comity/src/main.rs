//! The `comity` command: reads what is asked, does it, and says how it went by exit code.
//!
//! Data goes to standard output, diagnostics to standard error. Absent on purpose: rules of settlement; they are in the
//! ledger.

mod bench;
mod clear;
mod cli;
mod commands;
mod day;
mod exit;
mod heading;
mod keys;
mod output;
mod tables;
mod trade;
mod unions;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let cli = cli::Cli::parse();
    match run(cli) {
        Ok(()) => exit::Exit::Done.into(),
        Err(failure) => {
            eprintln!("{}{failure}", output::mark_error());
            failure.exit.into()
        }
    }
}

fn run(cli: cli::Cli) -> Result<(), exit::Failure> {
    let output = cli.output.unwrap_or(output::Output::Table);
    match cli.command {
        cli::Command::Demo(arguments) => commands::demo::run(&arguments, output),
        cli::Command::New(arguments) => commands::new::run(&arguments, output),
        cli::Command::Day(arguments) => commands::day::run(&arguments, output),
        cli::Command::Verify(arguments) => commands::verify::run(&arguments, output),
        cli::Command::Explain(arguments) => commands::explain::run(&arguments, output),
        cli::Command::Export(arguments) => commands::export::run(&arguments, output),
        cli::Command::Clear(arguments) => commands::clear::run(&arguments, output),
        cli::Command::Offset(arguments) => {
            commands::offset::run(&arguments, cli.output.unwrap_or(output::Output::Json))
        }
        cli::Command::Union(arguments) => commands::union::run(&arguments, output),
        cli::Command::Fx(arguments) => commands::fx::run(&arguments, output),
        cli::Command::Stats(arguments) => commands::stats::run(&arguments, output),
        cli::Command::Commitments(arguments) => commands::commitments::run(&arguments, output),
        cli::Command::Risk(arguments) => commands::risk::run(&arguments, output),
        cli::Command::Targets(arguments) => commands::targets::run(&arguments, output),
        cli::Command::Bench(arguments) => commands::bench::run(&arguments, output),
        cli::Command::Completions(arguments) => commands::completions::run(&arguments),
    }
}
