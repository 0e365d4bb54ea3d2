//! How the journal fails: a [`Fault`] when the world failed, a [`Bad`] when bytes on disk are not what was written.
//!
//! Deliberately absent: refusals. The journal knows no rules; whatever it does not do is a fault or a misuse
//! that names itself.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::frame::{EntrySeq, FrameNo};

/// The world failed, or the journal was asked for something it cannot hold.
///
/// After [`Fault::Io`], [`Fault::Corrupt`] or [`Fault::Poisoned`] from a writing call the journal takes no further
/// work: the outcome of everything not yet durable is unknown, and only reopening it tells.
/// [`Fault::NoSpace`], [`Fault::TooLarge`] and [`Fault::ReservedKind`] are clean refusals: nothing was written, and the
/// journal goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The operating system refused or failed an operation.
    Io {
        /// The operation, for example `fdatasync`.
        what: &'static str,
        /// The file or folder concerned.
        path: String,
        /// The kind of error, for a caller that distinguishes a full disk from a failing one.
        kind: io::ErrorKind,
        /// The system's own words.
        text: String,
    },
    /// Too little free space to accept more: met early, before any frame is torn by a full disk.
    NoSpace {
        /// The journal folder.
        path: String,
        /// Free bytes seen.
        free: u64,
        /// Bytes the journal keeps free ([`crate::Options::reserve_bytes`]).
        reserve: u64,
        /// Bytes that were to be appended.
        wanted: u64,
    },
    /// A payload above the limit [`crate::PAYLOAD_LEN_MAX`].
    TooLarge {
        /// Its length in bytes.
        len: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A caller used a kind that belongs to the journal itself (see [`crate::Kind`]).
    ReservedKind {
        /// The kind byte.
        kind: u8,
    },
    /// An earlier fault stopped this journal. What was durable stays so; reopen to recover.
    Poisoned {
        /// The fault that stopped it.
        cause: Arc<Fault>,
    },
    /// Bytes on disk are not what was written.
    Corrupt(Box<Bad>),
    /// Another process (or another opening in this one) holds the journal.
    Locked {
        /// The lock file.
        path: String,
    },
    /// The journal on disk belongs to another identity than the one asked for.
    WrongJournal {
        /// The folder.
        path: String,
        /// The identity found.
        found: [u8; 16],
        /// The identity asked for.
        wanted: [u8; 16],
    },
    /// The journal was closed by its owner.
    Closed,
    /// A position that this journal does not hold (any longer, or yet).
    OutOfRange {
        /// What was asked for, in words.
        what: String,
    },
}

impl Fault {
    pub(crate) fn io(what: &'static str, path: &Path, error: &io::Error) -> Self {
        Self::Io { what, path: path.display().to_string(), kind: error.kind(), text: error.to_string() }
    }

    /// True for refusals that wrote nothing and leave the journal working.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NoSpace { .. } | Self::TooLarge { .. } | Self::ReservedKind { .. } | Self::OutOfRange { .. }
        )
    }

    /// The fault as later callers see it: an earlier fault stays the cause, and is not nested again.
    pub(crate) fn poisoned(self) -> Self {
        match self {
            Self::Poisoned { .. } => self,
            cause => Self::Poisoned { cause: Arc::new(cause) },
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { what, path, text, .. } => write!(f, "{what} of {path} failed: {text}"),
            Self::NoSpace { path, free, reserve, wanted } => write!(
                f,
                "disk of {path} has {free} bytes free, too few for {wanted} bytes above the reserve of {reserve}"
            ),
            Self::TooLarge { len, limit } => {
                write!(f, "payload of {len} bytes exceeds the limit of {limit}")
            }
            Self::ReservedKind { kind } => {
                write!(f, "frame kind {kind} is reserved for the journal itself")
            }
            Self::Poisoned { cause } => {
                write!(f, "journal takes no more work after a fault: {cause}")
            }
            Self::Corrupt(bad) => write!(f, "journal is damaged: {bad}"),
            Self::Locked { path } => write!(f, "journal is in use: {path} is locked"),
            Self::WrongJournal { path, found, wanted } => {
                write!(f, "journal in {path} is ")?;
                hex(f, found)?;
                write!(f, ", not ")?;
                hex(f, wanted)
            }
            Self::Closed => write!(f, "journal is closed"),
            Self::OutOfRange { what } => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Bad> for Fault {
    fn from(bad: Bad) -> Self {
        Self::Corrupt(Box::new(bad))
    }
}

fn hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|b| write!(f, "{b:02x}"))
}

/// The first place where a journal is not what was written, in enough detail to find it with a hex viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// File name inside the journal folder (or the archive).
    pub file: String,
    /// Byte offset in that file.
    pub offset: u64,
    /// The frame expected at that place; zero where no frame is concerned.
    pub frame: FrameNo,
    /// The first entry that cannot be trusted any more: everything before it is whole.
    pub entry: EntrySeq,
    /// What is wrong.
    pub damage: Damage,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at offset {}, frame {}, first bad entry {}: {}",
            self.file, self.offset, self.frame, self.entry, self.damage
        )
    }
}

impl std::error::Error for Bad {}

/// What is wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The file `HEAD` is missing although segments exist.
    HeadMissing,
    /// A slot of `HEAD`, or the space around the slots, does not check.
    HeadSlot {
        /// 0 or 1; 2 for the space between and after the slots.
        slot: u8,
    },
    /// A segment is missing.
    SegmentMissing {
        /// Its number.
        number: u64,
    },
    /// Two files claim the same segment, or a segment stands under another's name.
    SegmentName {
        /// The name its header asks for.
        wanted: String,
    },
    /// A segment header is shorter than it must be or does not check.
    SegmentHeader,
    /// A segment header names another journal.
    SegmentIdentity,
    /// A segment does not follow the one before it: wrong number, first frame, first entry or hash.
    SegmentChain {
        /// Which of them, in words.
        field: &'static str,
    },
    /// Written by a newer format than this program reads.
    Version {
        /// The version found.
        found: u16,
        /// The newest one this program reads.
        newest: u16,
    },
    /// Neither a frame nor empty space.
    FrameMagic,
    /// The frame header fails its own checksum.
    FrameHeader,
    /// A field of a frame header is impossible although its checksum holds.
    FrameField {
        /// Which field.
        field: &'static str,
    },
    /// The frame says it is another one than expected: a frame is missing, duplicated or out of order.
    FrameOrder {
        /// The number it carries.
        found: FrameNo,
    },
    /// The frame's first entry does not follow the entry before it.
    EntryOrder {
        /// The entry number it carries.
        found: EntrySeq,
    },
    /// The frame carries another hash of its predecessor.
    Chain,
    /// The payload fails its CRC32C.
    PayloadChecksum,
    /// The frame fails its BLAKE3 hash.
    FrameHash,
    /// The frame reaches beyond the end of the file.
    Truncated {
        /// Bytes that are missing.
        missing: u64,
    },
    /// The seal disagrees with the segment it closes.
    Seal {
        /// Which field.
        field: &'static str,
    },
    /// Bytes follow where the segment must have ended.
    Trailing {
        /// How many.
        bytes: u64,
    },
    /// A segment that is not the last one has no seal.
    NotSealed,
    /// Frames that were acknowledged are gone.
    AcknowledgedMissing {
        /// The last frame known to be durable.
        durable: FrameNo,
    },
    /// The frame at the durable mark has another hash than the mark.
    MarkHash,
    /// An incomplete append on a journal that was closed in good order, or other leftovers of an unfinished step.
    NotClean,
    /// A snapshot fails its checks.
    Snapshot {
        /// Which check.
        check: &'static str,
    },
    /// The archive's manifest fails its checks or disagrees with a segment.
    Manifest {
        /// Which check.
        check: &'static str,
    },
    /// A file that does not belong here.
    ForeignFile,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeadMissing => write!(f, "HEAD is missing"),
            Self::HeadSlot { slot: 2 } => write!(f, "the empty space of HEAD is not empty"),
            Self::HeadSlot { slot } => write!(f, "slot {slot} of HEAD does not check"),
            Self::SegmentMissing { number } => write!(f, "segment {number} is missing"),
            Self::SegmentName { wanted } => {
                write!(f, "this segment belongs under the name {wanted}")
            }
            Self::SegmentHeader => write!(f, "segment header does not check"),
            Self::SegmentIdentity => write!(f, "segment belongs to another journal"),
            Self::SegmentChain { field } => {
                write!(f, "segment does not follow the one before it: {field}")
            }
            Self::Version { found, newest } => {
                write!(f, "format version {found} is newer than {newest}")
            }
            Self::FrameMagic => write!(f, "no frame starts here"),
            Self::FrameHeader => write!(f, "frame header does not check"),
            Self::FrameField { field } => write!(f, "frame header has an impossible {field}"),
            Self::FrameOrder { found } => write!(f, "frame {found} stands here"),
            Self::EntryOrder { found } => write!(f, "entry {found} stands here"),
            Self::Chain => write!(f, "the hash of the frame before it differs"),
            Self::PayloadChecksum => write!(f, "payload checksum differs"),
            Self::FrameHash => write!(f, "frame hash differs"),
            Self::Truncated { missing } => write!(f, "frame is cut, {missing} bytes are missing"),
            Self::Seal { field } => write!(f, "seal disagrees with its segment: {field}"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes follow the end of the segment"),
            Self::NotSealed => write!(f, "segment has no seal and is not the last"),
            Self::AcknowledgedMissing { durable } => {
                write!(f, "frames up to {durable} were acknowledged and are gone")
            }
            Self::MarkHash => write!(f, "frame differs from the hash kept in HEAD"),
            Self::NotClean => write!(f, "unfinished bytes in a journal that was closed"),
            Self::Snapshot { check } => write!(f, "snapshot does not check: {check}"),
            Self::Manifest { check } => write!(f, "archive manifest does not check: {check}"),
            Self::ForeignFile => write!(f, "this file does not belong to a journal"),
        }
    }
}
