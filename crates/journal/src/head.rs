//! `HEAD`: how far the journal is known to be durable, and whether it was closed in good order.
//!
//! The rule of this file is what keeps a damaged frame from passing for a torn one. After each successful
//! `fdatasync` of frames, and before anybody is told, the new mark is written to slot 1 (without a sync of its own: a
//! killed process leaves it in the page cache; only a machine that loses power may fall back to an older mark). At
//! opening, when idle, and at closing, both slots are written and synced one after the other, slot 0 last; so slot 0 is
//! never in flight while slot 1 is unsynced, and one of them is whole after any crash.
//!
//! Deliberately absent: where the journal's frames are. Recovery finds those by reading, never by trusting this file.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::disk::{Disk, DiskFile, Open, read_full, write_full};
use crate::fault::{Bad, Damage, Fault};
use crate::frame::{EntrySeq, FORMAT_VERSION, FrameNo, Hash, array_at, hash_at, u16_at, u32_at, u64_at};
use crate::segment::JournalId;

/// Name of the file.
pub const HEAD_NAME: &str = "HEAD";
/// Name under which it is first written.
pub(crate) const HEAD_TEMP: &str = "HEAD.tmp";
/// Length of the file: two slots in sectors of their own.
pub const HEAD_LEN: usize = 8192;
const SLOT_LEN: usize = 128;
const SLOT_AT: [usize; 2] = [0, 4096];
const MAGIC: [u8; 8] = *b"CJ-HEAD1";

/// How far a journal is durable: the last durable frame, its hash and the entry after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The frame; 0 before the first.
    pub frame: FrameNo,
    /// The entry that the next frame begins with.
    pub next_entry: EntrySeq,
    /// The frame's hash; zeros before the first.
    pub hash: Hash,
}

impl Point {
    /// The point before anything was written.
    pub const START: Self = Self { frame: FrameNo(0), next_entry: EntrySeq(1), hash: [0; 32] };
}

/// What a slot says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeadState {
    pub(crate) id: JournalId,
    /// Rises with each write; the higher one of two whole slots counts.
    pub(crate) turn: u64,
    pub(crate) durable: Point,
    /// The lowest segment that must be in the folder; those below are in an archive.
    pub(crate) base_segment: u64,
    /// Closed in good order: nothing unfinished may be found.
    pub(crate) closed: bool,
}

impl HeadState {
    fn encode(&self) -> [u8; SLOT_LEN] {
        let mut b = [0u8; SLOT_LEN];
        b[0..8].copy_from_slice(&MAGIC);
        b[8..10].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        b[10] = u8::from(self.closed);
        b[16..32].copy_from_slice(&self.id.0);
        b[32..40].copy_from_slice(&self.turn.to_le_bytes());
        b[40..48].copy_from_slice(&self.durable.frame.0.to_le_bytes());
        b[48..56].copy_from_slice(&self.durable.next_entry.0.to_le_bytes());
        b[56..88].copy_from_slice(&self.durable.hash);
        b[88..96].copy_from_slice(&self.base_segment.to_le_bytes());
        let crc = crc32c::crc32c(&b[..SLOT_LEN - 4]);
        b[SLOT_LEN - 4..].copy_from_slice(&crc.to_le_bytes());
        b
    }

    fn decode(b: &[u8]) -> Result<Self, Option<u16>> {
        if b[0..8] != MAGIC || u32_at(b, SLOT_LEN - 4) != crc32c::crc32c(&b[..SLOT_LEN - 4]) {
            return Err(None);
        }
        let version = u16_at(b, 8);
        if version != FORMAT_VERSION {
            return Err(Some(version));
        }
        let state = Self {
            id: JournalId(array_at(b, 16)),
            turn: u64_at(b, 32),
            durable: Point { frame: FrameNo(u64_at(b, 40)), next_entry: EntrySeq(u64_at(b, 48)), hash: hash_at(b, 56) },
            base_segment: u64_at(b, 88),
            closed: b[10] == 1,
        };
        if state.encode() == b[..SLOT_LEN] { Ok(state) } else { Err(None) }
    }
}

/// What reading `HEAD` gave.
#[derive(Debug, Clone)]
pub(crate) struct HeadRead {
    pub(crate) state: HeadState,
    /// A slot, or the space around them, that does not check. After a crash this may be a torn write of the mark.
    pub(crate) bad: Option<Bad>,
}

/// Reads `HEAD`; `None` when the file does not exist.
pub(crate) fn read(disk: &dyn Disk, dir: &Path) -> Result<Option<HeadRead>, Fault> {
    let path = dir.join(HEAD_NAME);
    let file = match disk.open(&path, Open::Read) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Fault::io("open", &path, &e)),
    };
    let mut bytes = vec![0u8; HEAD_LEN];
    let got = read_full(&*file, &mut bytes, 0).map_err(|e| Fault::io("read", &path, &e))?;
    let len = file.len().map_err(|e| Fault::io("length", &path, &e))?;
    let bad = |slot: u8, offset: u64| Bad {
        file: HEAD_NAME.to_owned(),
        offset,
        frame: FrameNo(0),
        entry: EntrySeq(0),
        damage: Damage::HeadSlot { slot },
    };
    let mut first_bad = None;
    let mut best: Option<HeadState> = None;
    for (slot, at) in [(0u8, SLOT_AT[0]), (1, SLOT_AT[1])] {
        match HeadState::decode(&bytes[at..at + SLOT_LEN]) {
            Ok(state) => {
                if best.is_none_or(|b| state.turn > b.turn) {
                    best = Some(state);
                }
            }
            Err(Some(found)) => {
                return Err(
                    Bad { damage: Damage::Version { found, newest: FORMAT_VERSION }, ..bad(slot, at as u64) }.into()
                );
            }
            Err(None) => {
                first_bad.get_or_insert(bad(slot, at as u64));
            }
        }
    }
    let outside = |at: &usize| *at % 4096 >= SLOT_LEN;
    if let Some(at) = (0..HEAD_LEN).filter(outside).find(|at| bytes[*at] != 0) {
        first_bad.get_or_insert(bad(2, at as u64));
    }
    if got != HEAD_LEN || len != HEAD_LEN as u64 {
        first_bad.get_or_insert(bad(2, got as u64));
    }
    match best {
        Some(state) => Ok(Some(HeadRead { state, bad: first_bad })),
        None => Err(first_bad.unwrap_or_else(|| bad(0, 0)).into()),
    }
}

/// `HEAD` opened for writing.
pub(crate) struct Head {
    file: Arc<dyn DiskFile>,
    path: std::path::PathBuf,
    pub(crate) state: HeadState,
    /// Slot 1 was written without a sync since the last durable write.
    dirty: bool,
}

impl Head {
    /// Writes a new `HEAD` under a temporary name, syncs and renames it: it is never seen half written.
    pub(crate) fn create(disk: &dyn Disk, dir: &Path, id: JournalId) -> Result<Self, Fault> {
        let state = HeadState { id, turn: 1, durable: Point::START, base_segment: 1, closed: false };
        let (temp, path) = (dir.join(HEAD_TEMP), dir.join(HEAD_NAME));
        let file = disk.open(&temp, Open::Create).map_err(|e| Fault::io("create", &temp, &e))?;
        let mut bytes = vec![0u8; HEAD_LEN];
        for at in SLOT_AT {
            bytes[at..at + SLOT_LEN].copy_from_slice(&state.encode());
        }
        write_full(&*file, &bytes, 0).map_err(|e| Fault::io("write", &temp, &e))?;
        file.sync_data().map_err(|e| Fault::io("fdatasync", &temp, &e))?;
        disk.rename(&temp, &path).map_err(|e| Fault::io("rename", &temp, &e))?;
        disk.sync_dir(dir).map_err(|e| Fault::io("fsync", dir, &e))?;
        Ok(Self { file, path, state, dirty: false })
    }

    /// Opens an existing `HEAD` for writing, and puts its empty space right.
    pub(crate) fn open(disk: &dyn Disk, dir: &Path, read: &HeadRead) -> Result<Self, Fault> {
        let path = dir.join(HEAD_NAME);
        let file = disk.open(&path, Open::Write).map_err(|e| Fault::io("open", &path, &e))?;
        let head = Self { file, path, state: read.state, dirty: false };
        if matches!(read.bad, Some(Bad { damage: Damage::HeadSlot { slot: 2 }, .. })) {
            head.file.set_len(HEAD_LEN as u64).map_err(|e| Fault::io("truncate", &head.path, &e))?;
            for at in SLOT_AT {
                let from = at + SLOT_LEN;
                write_full(&*head.file, &[0u8; 4096 - SLOT_LEN], from as u64)
                    .map_err(|e| Fault::io("write", &head.path, &e))?;
            }
        }
        Ok(head)
    }

    /// Writes the mark to slot 1, without a sync.
    pub(crate) fn mark(&mut self, durable: Point) -> Result<(), Fault> {
        self.state.durable = durable;
        self.dirty = true;
        self.write_slot(1)
    }

    /// Makes the mark durable where it stands.
    pub(crate) fn sync(&mut self) -> Result<(), Fault> {
        self.file.sync_data().map_err(|e| Fault::io("fdatasync", &self.path, &e))?;
        self.dirty = false;
        Ok(())
    }

    /// True when a mark was written and not yet synced.
    pub(crate) fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Writes both slots, each made durable before the next is touched.
    pub(crate) fn write_both(&mut self) -> Result<(), Fault> {
        self.write_slot(1)?;
        self.sync()?;
        self.write_slot(0)?;
        self.sync()
    }

    fn write_slot(&mut self, slot: usize) -> Result<(), Fault> {
        self.state.turn += 1;
        write_full(&*self.file, &self.state.encode(), SLOT_AT[slot] as u64)
            .map_err(|e| Fault::io("write", &self.path, &e))
    }
}
