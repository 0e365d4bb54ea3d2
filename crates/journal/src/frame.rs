//! The frame: one batch committed together, its header, its checks and its place in the chain.
//!
//! Deliberately absent: any knowledge of what a payload means, and any I/O. `docs/journal-format.md` is the
//! byte-by-byte description; a test keeps its example equal to what this file writes.

use std::fmt;

use crate::fault::Damage;

/// Bytes of a frame header.
pub const HEADER_LEN: usize = 88;
/// Bytes of the hash that ends a frame.
pub const TRAILER_LEN: usize = 32;
/// Bytes a frame has beyond its payload.
pub const OVERHEAD_LEN: usize = HEADER_LEN + TRAILER_LEN;
/// Largest payload of one frame: 16 MiB. A reader needs no more memory than this and never trusts a larger length.
pub const PAYLOAD_LEN_MAX: usize = 16 << 20;
/// Version of the format this program writes, and the newest it reads.
pub const FORMAT_VERSION: u16 = 1;
/// First four bytes of each frame.
pub const FRAME_MAGIC: [u8; 4] = *b"CJfr";

/// A BLAKE3 hash.
pub type Hash = [u8; 32];

/// Number of a frame in its journal, from 1 without gaps; 0 stands for "before the first".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FrameNo(pub u64);

/// Sequence number of an entry, from 1 without gaps; frames of kind other than entries may count none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EntrySeq(pub u64);

/// Microseconds since 1970-01-01T00:00:00Z, as the caller's clock said; the journal reads no clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub u64);

impl FrameNo {
    /// The frame after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl EntrySeq {
    /// The entry `count` further on.
    #[must_use]
    pub fn after(self, count: u32) -> Self {
        Self(self.0.saturating_add(u64::from(count)))
    }
}

impl fmt::Display for FrameNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for EntrySeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a payload is, so that a reader can skip what it does not need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A batch of entries: the commands that were accepted together.
    Entries,
    /// An original document as it was received (compressed or not: the caller's choice).
    Document,
    /// A checkpoint signed by the authorities.
    Checkpoint,
    /// Closes a segment. Written by the journal alone, never handed out by its readers.
    Seal,
    /// Any other kind: carried and handed out, never lost. 5 to 15 are reserved for the journal.
    Other(u8),
}

impl Kind {
    /// The byte in the header.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Entries => 1,
            Self::Document => 2,
            Self::Checkpoint => 3,
            Self::Seal => 4,
            Self::Other(byte) => byte,
        }
    }

    /// The kind of a header byte; every byte has one.
    #[must_use]
    pub fn of(byte: u8) -> Self {
        match byte {
            1 => Self::Entries,
            2 => Self::Document,
            3 => Self::Checkpoint,
            4 => Self::Seal,
            0 | 5..=u8::MAX => Self::Other(byte),
        }
    }

    /// True for kinds a caller may append: 1, 2, 3 and 16 to 255.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self.byte(), 1..=3 | 16..=u8::MAX)
    }
}

/// A frame header, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What the payload is.
    pub kind: Kind,
    /// Number of the frame.
    pub number: FrameNo,
    /// First entry of the frame (or the next one, when it holds none).
    pub first_entry: EntrySeq,
    /// Entries in the payload.
    pub entries: u32,
    /// Bytes of payload.
    pub payload_len: u32,
    /// Time of the append, given by the caller.
    pub at: Micros,
    /// The last frame that was durable when this one was written: damage at or before it is never a torn write.
    pub synced_through: FrameNo,
    /// Hash of the frame before, or of the segment header for the first frame of a segment.
    pub prev_hash: Hash,
    /// CRC32C of the payload.
    pub payload_crc: u32,
}

impl Header {
    /// The 88 bytes of the header.
    #[must_use]
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let mut b = [0u8; HEADER_LEN];
        b[0..4].copy_from_slice(&FRAME_MAGIC);
        b[4..6].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        b[6] = self.kind.byte();
        b[8..16].copy_from_slice(&self.number.0.to_le_bytes());
        b[16..24].copy_from_slice(&self.first_entry.0.to_le_bytes());
        b[24..28].copy_from_slice(&self.entries.to_le_bytes());
        b[28..32].copy_from_slice(&self.payload_len.to_le_bytes());
        b[32..40].copy_from_slice(&self.at.0.to_le_bytes());
        b[40..48].copy_from_slice(&self.synced_through.0.to_le_bytes());
        b[48..80].copy_from_slice(&self.prev_hash);
        b[80..84].copy_from_slice(&self.payload_crc.to_le_bytes());
        let crc = crc32c::crc32c(&b[..84]);
        b[84..88].copy_from_slice(&crc.to_le_bytes());
        b
    }

    /// Decodes a header and checks everything that needs no context.
    ///
    /// # Errors
    /// [`Damage`] when the magic, the checksum, the version or a field is wrong.
    pub fn decode(b: &[u8; HEADER_LEN]) -> Result<Self, Damage> {
        if b[0..4] != FRAME_MAGIC {
            return Err(Damage::FrameMagic);
        }
        if u32_at(b, 84) != crc32c::crc32c(&b[..84]) {
            return Err(Damage::FrameHeader);
        }
        let found = u16_at(b, 4);
        if found != FORMAT_VERSION {
            return Err(Damage::Version { found, newest: FORMAT_VERSION });
        }
        let header = Self {
            kind: Kind::of(b[6]),
            number: FrameNo(u64_at(b, 8)),
            first_entry: EntrySeq(u64_at(b, 16)),
            entries: u32_at(b, 24),
            payload_len: u32_at(b, 28),
            at: Micros(u64_at(b, 32)),
            synced_through: FrameNo(u64_at(b, 40)),
            prev_hash: hash_at(b, 48),
            payload_crc: u32_at(b, 80),
        };
        let field = |field| Err(Damage::FrameField { field });
        if b[7] != 0 {
            return field("flag");
        }
        if usize::try_from(header.payload_len).map_or(true, |len| len > PAYLOAD_LEN_MAX) {
            return field("payload length");
        }
        if header.synced_through >= header.number {
            return field("durable mark");
        }
        if header.first_entry.0 == 0 {
            return field("first entry");
        }
        Ok(header)
    }

    /// Bytes of the whole frame.
    #[must_use]
    pub fn frame_len(&self) -> u64 {
        OVERHEAD_LEN as u64 + u64::from(self.payload_len)
    }
}

/// A whole, checked frame as a reader hands it out; the payload is borrowed from the reader's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its header.
    pub header: Header,
    /// The caller's bytes.
    pub payload: &'a [u8],
    /// Its hash, which the next frame carries.
    pub hash: Hash,
}

impl Frame<'_> {
    /// Number of the frame.
    #[must_use]
    pub fn number(&self) -> FrameNo {
        self.header.number
    }

    /// What the payload is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.header.kind
    }

    /// First entry of the frame.
    #[must_use]
    pub fn first_entry(&self) -> EntrySeq {
        self.header.first_entry
    }

    /// Entries in the frame.
    #[must_use]
    pub fn entries(&self) -> u32 {
        self.header.entries
    }

    /// Time of the append.
    #[must_use]
    pub fn at(&self) -> Micros {
        self.header.at
    }
}

pub(crate) fn u16_at(b: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array_at(b, at))
}

pub(crate) fn u32_at(b: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(b, at))
}

pub(crate) fn u64_at(b: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(b, at))
}

pub(crate) fn hash_at(b: &[u8], at: usize) -> Hash {
    array_at(b, at)
}

pub(crate) fn array_at<const N: usize>(b: &[u8], at: usize) -> [u8; N] {
    let mut out = [0u8; N];
    out.copy_from_slice(&b[at..at + N]);
    out
}
