//! One file per command.

pub(crate) mod bench;
pub(crate) mod clear;
pub(crate) mod commitments;
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

use comity_engine::node::apply_all;
use comity_engine::replay::{Piece, Pieces, read_ahead};
use comity_ledger::{Events, State};

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

/// The state a journal gives.
pub(crate) fn replayed(journal: &Path) -> Result<State, Failure> {
    let mut pieces = read_ahead(journal)?;
    let mut state = State::new(0);
    let mut events = Events::default();
    while let Some(piece) = pieces.next()? {
        let Piece::Entries { entries, .. } = piece else { continue };
        apply_all(&mut state, &entries, &mut events);
        events.clear();
        pieces.recycle(entries);
    }
    Ok(state)
}
