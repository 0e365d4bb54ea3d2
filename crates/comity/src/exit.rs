//! Exit codes and failures that end a command.

use std::fmt;
use std::process::ExitCode;

/// How a command ended. Documented in `comity --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The world failed: disk, permissions, a broken pipe.
    Fault = 1,
    /// The command line is wrong (clap uses the same number).
    Usage = 2,
    /// The rules say no: a mistake in an arrangement folder, nothing found.
    Refused = 3,
    /// What is there does not fit what is asked: the folder changed since its journal was begun.
    Conflict = 4,
    /// A journal did not pass verification.
    NotSound = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A failure that ends the command: what, and with which exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Exit::Refused, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<comity_engine::Fault> for Failure {
    fn from(fault: comity_engine::Fault) -> Self {
        let exit = match &fault {
            comity_engine::Fault::Mismatch { .. } => Exit::Conflict,
            comity_engine::Fault::Journal(comity_journal::Fault::Corrupt(_)) => Exit::NotSound,
            _ => Exit::Fault,
        };
        Self::new(exit, fault.to_string())
    }
}

impl From<comity_journal::Fault> for Failure {
    fn from(fault: comity_journal::Fault) -> Self {
        comity_engine::Fault::from(fault).into()
    }
}

/// An I/O error with the path it happened at.
pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Failure + '_ {
    move |error| Failure::new(Exit::Fault, format!("{}: {error}", path.display()))
}
