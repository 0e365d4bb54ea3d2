//! Proving a journal: chain, checksums, replay, invariants, checkpoints and signatures, with public keys alone.

use std::path::Path;

use comity_ledger::{Events, State, invariant};

use crate::fault::Fault;
use crate::node::{apply_all, expect_next};
use crate::replay::{Piece, Pieces, read_ahead};

/// What a sound journal contains.
#[derive(Debug)]
pub struct Proof {
    /// What the journal's own check found: segments, frames, bytes, torn tail.
    pub journal: comity_journal::Report,
    /// Entries replayed.
    pub entries: u64,
    /// Original documents kept.
    pub documents: u64,
    /// Checkpoints: entry, business date, and how many authorities signed.
    pub checkpoints: Vec<(u64, comity_ledger::ids::Day, usize)>,
    /// Entries after the last checkpoint: proven by the chain, not yet signed.
    pub unsigned: u64,
    /// Digest of the last state.
    pub digest: [u8; 32],
    /// The last state.
    pub state: State,
}

/// Full checks of all invariants, every so many entries besides every checkpoint and the end.
const CHECK_EVERY: u64 = 4_000_000;

/// Proves the journal in `dir`. `progress` is told the entries done so far.
///
/// # Errors
/// The first bad record, with its frame and entries.
pub fn verify(dir: &Path, mut progress: impl FnMut(u64)) -> Result<Proof, Fault> {
    // What files look like from outside: foreign files, the head mark, archives, snapshots.
    let journal = comity_journal::verify_dir(dir)?;
    let mut pieces = read_ahead(dir)?;
    let mut state = State::new(0);
    let mut events = Events::default();
    let mut documents = 0;
    let mut checkpoints = Vec::new();
    let mut proven = 0;
    let mut checked = 0;
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Entries { frame, first, entries } => {
                expect_next(&state, frame, first, &entries)?;
                apply_all(&mut state, &entries, &mut events);
                events.clear();
                if state.seq - checked >= CHECK_EVERY {
                    check_invariants(&state, frame, proven)?;
                    checked = state.seq;
                }
                pieces.recycle(entries);
                progress(state.seq);
            }
            Piece::Document { frame, number } => {
                // A document in several pieces repeats its number.
                if number != documents && number != documents + 1 {
                    let what = format!("expected document {}, found {number}", documents + 1);
                    return Err(Fault::Malformed { frame, what });
                }
                documents = number;
            }
            Piece::Checkpoint { frame, before, checkpoint } => {
                let mismatch = |what: String| Fault::Mismatch { frame, entries: (proven + 1, state.seq), what };
                if checkpoint.seq != state.seq {
                    return Err(mismatch(format!("the checkpoint names entry {}", checkpoint.seq)));
                }
                if checkpoint.journal != before {
                    return Err(mismatch("the checkpoint names another journal hash".into()));
                }
                if checkpoint.state != state.digest() {
                    return Err(mismatch("replaying gives another state than the checkpoint says".into()));
                }
                let by = checkpoint.check_signatures(&state).map_err(mismatch)?;
                check_invariants(&state, frame, proven)?;
                checked = state.seq;
                proven = state.seq;
                checkpoints.push((checkpoint.seq, checkpoint.date, by.len()));
            }
        }
    }
    check_invariants(&state, 0, proven)?;
    Ok(Proof {
        journal,
        entries: state.seq,
        documents,
        checkpoints,
        unsigned: state.seq - proven,
        digest: state.digest(),
        state,
    })
}

fn check_invariants(state: &State, frame: u64, proven: u64) -> Result<(), Fault> {
    invariant::check(state).map_err(|broken| Fault::Mismatch {
        frame,
        entries: (proven + 1, state.seq),
        what: broken.to_string(),
    })
}
