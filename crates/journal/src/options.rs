//! How a journal is run: sizes, limits, and who does the work.
//!
//! Deliberately absent: anything that changes the format.

use crate::segment::JournalId;
use crate::writer::Ahead;

/// Who writes and syncs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Two threads: one hashes and writes, one syncs, so that the next batch is prepared while the disk works.
    Threads,
    /// The caller's thread, inside `wait`, `close` and a full window: one fixed order of disk calls for one order of
    /// journal calls. For simulators and small tools.
    Inline,
}

/// How sure the durable mark must be before anybody is told (see `docs/journal-format.md`, "The mark").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    /// Written before the acknowledgement, synced later. After a loss of power the mark may be older than the last
    /// acknowledgement; then only a second fault (damage to the frames of the very last sync, at rest, at the same time)
    /// could pass for a torn write.
    Written,
    /// Synced before the acknowledgement: no such window, at the price of a second sync.
    Synced,
}

/// Options of a journal on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Identity of the journal: given to a new one, asked of an existing one. `None` takes any existing one, and gives
    /// zeros to a new one.
    pub id: Option<JournalId>,
    /// A segment is sealed before a frame would take it beyond this many bytes. A single frame may be larger.
    pub segment_bytes: u64,
    /// Who writes and syncs.
    pub mode: Mode,
    /// Most frames appended and not yet durable.
    pub window_frames: usize,
    /// Most bytes appended and not yet durable; one frame is always let in.
    pub window_bytes: usize,
    /// Bytes kept free on the disk: below it, appends are refused before anything is torn. Zero switches the check off.
    pub reserve_bytes: u64,
    /// How sure the durable mark must be.
    pub marking: Marking,
    /// Length given to a segment ahead of its content, as empty space that takes no room. Saves the disk a change of
    /// length per sync. Sealing and closing cut it off.
    pub ahead_bytes: u64,
    /// Zeros that a small write brings along when it needs new blocks, so that the following small syncs need no change
    /// of the file system's own records. Zero switches it off.
    pub pave_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            id: None,
            segment_bytes: 128 << 20,
            mode: Mode::Threads,
            window_frames: 64,
            window_bytes: 64 << 20,
            reserve_bytes: 64 << 20,
            marking: Marking::Written,
            ahead_bytes: 16 << 20,
            pave_bytes: 256 << 10,
        }
    }
}

impl Options {
    pub(crate) fn ahead(&self) -> Ahead {
        Ahead { extend: self.ahead_bytes, pave: self.pave_bytes }
    }

    /// Small and single-threaded, for simulators and tests: segments of 4 KiB, no reserve.
    #[must_use]
    pub fn small() -> Self {
        Self {
            segment_bytes: 4 << 10,
            mode: Mode::Inline,
            window_frames: 16,
            window_bytes: 1 << 20,
            reserve_bytes: 0,
            ahead_bytes: 2 << 10,
            pave_bytes: 1 << 10,
            ..Self::default()
        }
    }
}
