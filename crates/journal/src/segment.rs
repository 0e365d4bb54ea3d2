//! The segment: a file of frames, its header and its seal.
//!
//! Deliberately absent: I/O. Files are written in `writer.rs` and read in `scan.rs`.

use crate::fault::Damage;
use crate::frame::{EntrySeq, FORMAT_VERSION, FrameNo, Hash, OVERHEAD_LEN, array_at, hash_at, u16_at, u32_at, u64_at};

/// Bytes of a segment header.
pub const SEGMENT_HEADER_LEN: usize = 96;
/// First eight bytes of each segment.
pub const SEGMENT_MAGIC: [u8; 8] = *b"CJ-SEGMT";
/// Bytes of the payload of a seal.
pub const SEAL_LEN: usize = 56;
/// Bytes of the frame that holds a seal.
pub const SEAL_FRAME_LEN: u64 = (OVERHEAD_LEN + SEAL_LEN) as u64;
/// Ending of segment file names.
pub const SEGMENT_SUFFIX: &str = ".cj";

/// Identity of a journal, chosen by whoever creates it; a segment of another journal is never taken for one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct JournalId(pub [u8; 16]);

/// The header of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentHeader {
    /// The journal it belongs to.
    pub id: JournalId,
    /// Number of the segment, from 1 without gaps.
    pub number: u64,
    /// Its first frame.
    pub first_frame: FrameNo,
    /// Its first entry.
    pub first_entry: EntrySeq,
    /// Hash of the seal of the segment before; zeros for the first segment.
    pub prev_hash: Hash,
}

impl SegmentHeader {
    /// The 96 bytes of the header.
    #[must_use]
    pub fn encode(&self) -> [u8; SEGMENT_HEADER_LEN] {
        let mut b = [0u8; SEGMENT_HEADER_LEN];
        b[0..8].copy_from_slice(&SEGMENT_MAGIC);
        b[8..10].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        b[10] = SEGMENT_HEADER_LEN as u8;
        b[16..32].copy_from_slice(&self.id.0);
        b[32..40].copy_from_slice(&self.number.to_le_bytes());
        b[40..48].copy_from_slice(&self.first_frame.0.to_le_bytes());
        b[48..56].copy_from_slice(&self.first_entry.0.to_le_bytes());
        b[56..88].copy_from_slice(&self.prev_hash);
        let crc = crc32c::crc32c(&b[..92]);
        b[92..96].copy_from_slice(&crc.to_le_bytes());
        b
    }

    /// Decodes and checks a header.
    ///
    /// # Errors
    /// [`Damage`] when it does not check or was written by a newer format.
    pub fn decode(b: &[u8]) -> Result<Self, Damage> {
        if b.len() < SEGMENT_HEADER_LEN || b[0..8] != SEGMENT_MAGIC || u32_at(b, 92) != crc32c::crc32c(&b[..92]) {
            return Err(Damage::SegmentHeader);
        }
        let found = u16_at(b, 8);
        if found != FORMAT_VERSION {
            return Err(Damage::Version { found, newest: FORMAT_VERSION });
        }
        let header = Self {
            id: JournalId(array_at(b, 16)),
            number: u64_at(b, 32),
            first_frame: FrameNo(u64_at(b, 40)),
            first_entry: EntrySeq(u64_at(b, 48)),
            prev_hash: hash_at(b, 56),
        };
        if header.number == 0 || header.first_frame.0 == 0 || header.encode() != b[..96] {
            return Err(Damage::SegmentHeader);
        }
        Ok(header)
    }

    /// The hash that the first frame of the segment carries as that of its predecessor: so the header is in the chain.
    #[must_use]
    pub fn hash(&self) -> Hash {
        *blake3::hash(&self.encode()).as_bytes()
    }

    /// The file name: the first frame's number in twenty digits, so that sorting by name is sorting by time.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{:020}{SEGMENT_SUFFIX}", self.first_frame.0)
    }
}

/// True for a name that a segment could have.
pub(crate) fn is_segment_name(name: &str) -> bool {
    name.strip_suffix(SEGMENT_SUFFIX).is_some_and(|stem| stem.len() == 20 && stem.bytes().all(|b| b.is_ascii_digit()))
}

/// What a seal says of the segment it closes; not counting itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// Frames before the seal.
    pub frames: u64,
    /// Entries in them.
    pub entries: u64,
    /// Bytes of the file before the seal.
    pub bytes: u64,
    /// Hash of the last frame before the seal.
    pub last_hash: Hash,
}

impl Seal {
    /// The payload of the seal frame.
    #[must_use]
    pub fn encode(&self) -> [u8; SEAL_LEN] {
        let mut b = [0u8; SEAL_LEN];
        b[0..8].copy_from_slice(&self.frames.to_le_bytes());
        b[8..16].copy_from_slice(&self.entries.to_le_bytes());
        b[16..24].copy_from_slice(&self.bytes.to_le_bytes());
        b[24..56].copy_from_slice(&self.last_hash);
        b
    }

    /// Decodes the payload of a seal frame; `None` when it has another length.
    #[must_use]
    pub fn decode(b: &[u8]) -> Option<Self> {
        (b.len() == SEAL_LEN).then(|| Self {
            frames: u64_at(b, 0),
            entries: u64_at(b, 8),
            bytes: u64_at(b, 16),
            last_hash: hash_at(b, 24),
        })
    }
}
