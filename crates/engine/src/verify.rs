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
pub fn verify(dir: &Path, progress: impl FnMut(u64)) -> Result<Proof, Fault> {
    // What files look like from outside (foreign files, the head mark, snapshots) is looked at beside the replay.
    let (journal, replayed) = std::thread::scope(|scope| {
        let outside = scope.spawn(|| comity_journal::verify_dir(dir));
        let replayed = replay(dir, progress);
        (outside.join().expect("verifying does not panic"), replayed)
    });
    // The journal's own finding names the place best.
    let journal = journal?;
    let Replayed { state, documents, checkpoints, proven, digest } = replayed?;
    Ok(Proof { journal, entries: state.seq, documents, checkpoints, unsigned: state.seq - proven, digest, state })
}

/// What replaying came to.
struct Replayed {
    state: State,
    documents: u64,
    checkpoints: Vec<(u64, comity_ledger::ids::Day, usize)>,
    /// Last entry covered by a checkpoint.
    proven: u64,
    digest: [u8; 32],
}

/// Bytes of journal per payment, roughly, to begin with tables of about the right size.
const BYTES_PER_PAYMENT: u64 = 70;
/// Payments the tables are made for at most before any was seen; documents make journals large too.
const EXPECTED_MAX: usize = 8 << 20;

fn replay(dir: &Path, mut progress: impl FnMut(u64)) -> Result<Replayed, Fault> {
    let bytes: u64 = std::fs::read_dir(dir)
        .map(|files| files.flatten().filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum())
        .unwrap_or(0);
    let mut pieces = read_ahead(dir)?;
    let mut state = State::new(usize::try_from(bytes / BYTES_PER_PAYMENT).unwrap_or(EXPECTED_MAX).min(EXPECTED_MAX));
    let mut events = Events::default();
    let mut documents = 0;
    let mut checkpoints = Vec::new();
    let mut proven = 0;
    // Entry and digest of the last full check.
    let mut checked = (0, None);
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Entries { frame, first, entries } => {
                expect_next(&state, frame, first, &entries)?;
                apply_all(&mut state, &entries, &mut events);
                events.clear();
                if state.seq - checked.0 >= CHECK_EVERY {
                    invariant::check(&state).map_err(|broken| mismatch(&state, frame, proven, broken.to_string()))?;
                    checked = (state.seq, None);
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
                let mismatch = |what: String| mismatch(&state, frame, proven, what);
                if checkpoint.seq != state.seq {
                    return Err(mismatch(format!("the checkpoint names entry {}", checkpoint.seq)));
                }
                if checkpoint.journal != before {
                    return Err(mismatch("the checkpoint names another journal hash".into()));
                }
                let digest = check_and_digest(&state).map_err(|broken| mismatch(broken.to_string()))?;
                if checkpoint.state != digest {
                    return Err(mismatch("replaying gives another state than the checkpoint says".into()));
                }
                let by = checkpoint.check_signatures(&state).map_err(mismatch)?;
                checked = (state.seq, Some(digest));
                proven = state.seq;
                checkpoints.push((checkpoint.seq, checkpoint.date, by.len()));
            }
        }
    }
    let digest = match checked {
        (seq, Some(digest)) if seq == state.seq => digest,
        _ => check_and_digest(&state).map_err(|broken| mismatch(&state, 0, proven, broken.to_string()))?,
    };
    Ok(Replayed { state, documents, checkpoints, proven, digest })
}

/// All invariants, and the digest beside them on another core.
fn check_and_digest(state: &State) -> Result<[u8; 32], invariant::Broken> {
    std::thread::scope(|scope| {
        let digest = scope.spawn(|| state.digest());
        invariant::check(state)?;
        Ok(digest.join().expect("hashing does not panic"))
    })
}

fn mismatch(state: &State, frame: u64, proven: u64, what: String) -> Fault {
    Fault::Mismatch { frame, entries: (proven + 1, state.seq), what }
}
