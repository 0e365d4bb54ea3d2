//! Durable hash-chained journal of Comity.
//!
//! A journal is a folder of segments; a segment is a file of frames; a frame is one batch of opaque bytes that was
//! committed together, with checksums, its own BLAKE3 hash and that of the frame before it. `docs/journal-format.md`
//! describes every byte.
//!
//! Start reading at [`Log`], the contract. [`FileLog`] is the journal on a disk, [`MemLog`] the one in memory.
//! [`Reader`] reads, [`verify_dir`] checks everything, [`Snapshots`] keeps shortcuts for replay.
//!
//! ```
//! use comity_journal::{JournalId, Kind, Log, MemLog, MemStore, Micros, Start};
//!
//! # fn main() -> Result<(), comity_journal::Fault> {
//! let store = MemStore::default();
//! let mut log = MemLog::open(&store, JournalId(*b"an example of it"));
//! let mut record = log.record(Kind::Entries, Micros(0));
//! record.entries = 2;
//! record.extend(b"two entries");
//! let ticket = log.append(record)?;
//! log.wait(ticket.frame)?; // only now may anybody be answered
//! let mut frames = log.read(Start::BEGINNING)?;
//! assert_eq!(frames.next()?.map(|frame| frame.payload), Some(&b"two entries"[..]));
//! # Ok(())
//! # }
//! ```
//!
//! Deliberately absent: ledgers, payments, encodings of entries, signatures, compression, deletion. The journal reads
//! no clock and rolls no dice.
#![forbid(unsafe_code)]

mod archive;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod directory;
mod disk;
mod fault;
mod file;
mod frame;
mod head;
mod log;
mod memory;
mod options;
mod pipeline;
mod reader;
mod record;
mod recover;
mod scan;
mod segment;
mod snapshot;
mod tail;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

pub use archive::{Archived, MANIFEST_NAME};
pub use directory::{LOCK_NAME, SNAPSHOT_DIR};
pub use disk::{Disk, DiskFile, LockGuard, Open, OsDisk};
pub use fault::{Bad, Damage, Fault};
pub use file::FileLog;
pub use frame::{
    EntrySeq, FORMAT_VERSION, FRAME_MAGIC, Frame, FrameNo, HEADER_LEN, Hash, Header, Kind, Micros, OVERHEAD_LEN,
    PAYLOAD_LEN_MAX, TRAILER_LEN,
};
pub use head::{HEAD_LEN, HEAD_NAME, Point};
pub use log::{Frames, Log, Start, Ticket};
pub use memory::{MemLog, MemStore};
pub use options::{Marking, Mode, Options};
pub use reader::Reader;
pub use record::Record;
pub use recover::Recovery;
pub use segment::{
    JournalId, SEAL_FRAME_LEN, SEAL_LEN, SEGMENT_HEADER_LEN, SEGMENT_MAGIC, SEGMENT_SUFFIX, Seal, SegmentHeader,
};
pub use snapshot::{Snapshot, SnapshotInfo, SnapshotWriter, Snapshots};
pub use tail::Torn;
pub use verify::{Report, verify, verify_dir};
