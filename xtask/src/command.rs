//! Calling other programs: one place that says what is run, keeps colours out of log files and reads no input.
//!
//! Absent on purpose: capturing what a program prints, except for the one question that has a short answer.

use std::env;
use std::ffi::OsStr;
use std::io::{self, IsTerminal as _};
use std::process::{Command, Stdio};

use crate::{Failure, root};

/// A cargo call in the workspace folder.
pub(crate) fn cargo<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = program(cargo);
    command.args(arguments);
    command
}

/// Any program in the workspace folder.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    // What cargo says of this package is not meant for the packages it is called for.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
        command.env_remove(name);
    }
    if !io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
    }
    command
}

/// Says what is run, runs it, and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = show(command);
    eprintln!("$ {shown}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Failed(format!("{shown}: {status}"))),
        Err(error) => Err(Failure::Failed(format!("{shown}: {error}"))),
    }
}

/// Whether a program answers when asked for its version.
pub(crate) fn answers(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Sends what the program says on its error channel to our output as well, so that a reader of the output alone sees
/// everything, in order. Where the system has no such thing, both channels stay as they are.
pub(crate) fn one_channel(command: &mut Command) {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        if let Ok(output) = io::stdout().as_fd().try_clone_to_owned() {
            command.stderr(Stdio::from(output));
        }
    }
    #[cfg(not(unix))]
    let _ = command;
}

fn show(command: &Command) -> String {
    let mut shown = String::new();
    for (name, value) in command.get_envs() {
        // Only what changes the meaning of the call; colours do not.
        if let (Some("UPDATE_EXPECT"), Some(value)) = (name.to_str(), value) {
            shown.push_str(&format!("UPDATE_EXPECT={} ", value.to_string_lossy()));
        }
    }
    let program = std::path::Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str());
    shown.push_str(&name.to_string_lossy());
    for argument in command.get_args() {
        shown.push(' ');
        shown.push_str(&argument.to_string_lossy());
    }
    shown
}
