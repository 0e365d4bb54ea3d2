//! `comity completions`: a completion script for a shell.

use clap::CommandFactory;

use crate::cli::{Cli, Completions};
use crate::exit::Failure;

pub(crate) fn run(arguments: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "comity", &mut script);
    crate::output::print(String::from_utf8_lossy(&script).trim_end());
    Ok(())
}
