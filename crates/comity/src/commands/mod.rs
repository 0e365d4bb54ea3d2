//! One file per command.

pub(crate) mod bench;
pub(crate) mod clear;
pub(crate) mod completions;
pub(crate) mod day;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod fx;
pub(crate) mod new;
pub(crate) mod offset;
pub(crate) mod risk;
pub(crate) mod stats;
pub(crate) mod targets;
pub(crate) mod union;
pub(crate) mod verify;

use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};

/// The journal folder meant by a path, which must hold a journal, sound or not.
pub(crate) fn journal(dir: &Path) -> Result<PathBuf, Failure> {
    let journal = crate::day::journal_of(dir);
    let holds = |path: PathBuf| {
        path.file_name().is_some_and(|name| name == "HEAD") || path.extension().is_some_and(|end| end == "cj")
    };
    let found = std::fs::read_dir(&journal)
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| holds(entry.path()))));
    if found {
        return Ok(journal);
    }
    let dir = dir.display();
    Err(Failure::new(Exit::Usage, format!("{dir} holds no journal; `comity day {dir}` writes one")))
}
