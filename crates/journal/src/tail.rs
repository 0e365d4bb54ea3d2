//! The one decision that may drop bytes: is what follows the last whole frame a torn append, or damage?
//!
//! A write that was in progress when the machine stopped can leave any mixture of old (zero) and new bytes. Such bytes
//! may be cut, because nobody was told they were durable. Frames that were acknowledged may never be cut. The rule:
//!
//! 1. The journal was closed in good order: nothing may be cut, everything odd is damage.
//! 2. The *mark* is the highest frame known to have been durable: from `HEAD`, and from `synced_through` of each intact
//!    frame header found after the place (those before it vouch for less). If the frame expected at the place is at or
//!    below the mark, it is damage.
//! 3. Only what a torn write can produce may be cut: no magic, a header or a payload or a hash that fails its check, an
//!    early end of the file. A header that is whole but in the wrong place, of another chain or of a newer version is
//!    damage, whatever the mark says.
//! 4. Only the last segment can be torn; every other one was synced before its successor was created.
//!
//! Deliberately absent: the cut itself (`recover.rs`).

use crate::disk::read_full;
use crate::fault::{Bad, Damage, Fault};
use crate::frame::{FRAME_MAGIC, FrameNo, HEADER_LEN, Header, array_at};
use crate::head::HeadState;
use crate::scan::Scan;

/// An incomplete append after the last whole frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// The segment file.
    pub file: String,
    /// Offset where the last whole frame ends.
    pub offset: u64,
    /// The frame that was being written.
    pub frame: FrameNo,
    /// Why it does not count as a frame.
    pub damage: Damage,
}

/// Decides on damage found in the last segment: a torn append, or the error itself.
pub(crate) fn judge(scan: &Scan, bad: Bad, head: &HeadState) -> Result<Torn, Fault> {
    let can_be_torn = match &bad.damage {
        Damage::FrameMagic
        | Damage::FrameHeader
        | Damage::PayloadChecksum
        | Damage::FrameHash
        | Damage::Truncated { .. } => true,
        Damage::Trailing { .. } => !scan.sealed,
        Damage::HeadMissing
        | Damage::HeadSlot { .. }
        | Damage::SegmentMissing { .. }
        | Damage::SegmentName { .. }
        | Damage::SegmentHeader
        | Damage::SegmentIdentity
        | Damage::SegmentChain { .. }
        | Damage::Version { .. }
        | Damage::FrameField { .. }
        | Damage::FrameOrder { .. }
        | Damage::EntryOrder { .. }
        | Damage::Chain
        | Damage::Seal { .. }
        | Damage::NotSealed
        | Damage::AcknowledgedMissing { .. }
        | Damage::MarkHash
        | Damage::NotClean
        | Damage::Snapshot { .. }
        | Damage::Manifest { .. }
        | Damage::ForeignFile => false,
    };
    if head.closed || !can_be_torn || bad.frame <= head.durable.frame {
        return Err(bad.into());
    }
    if marks_beyond(scan, bad.frame)? >= bad.frame {
        return Err(bad.into());
    }
    Ok(Torn { file: bad.file, offset: bad.offset, frame: bad.frame, damage: bad.damage })
}

/// The highest durable mark in an intact header after the damaged place; 0 if there is none.
fn marks_beyond(scan: &Scan, frame: FrameNo) -> Result<FrameNo, Fault> {
    const PIECE: usize = 1 << 20;
    let read = |buf: &mut [u8], offset: u64| read_full(&*scan.file, buf, offset).map_err(|e| scan.read_fault(&e));
    let mut header = [0u8; HEADER_LEN];
    let mut offset = scan.offset;
    if read(&mut header, offset)? == HEADER_LEN
        && let Ok(whole) = Header::decode(&header)
    {
        // The header of the damaged frame holds: its payload is opaque and may contain anything, so step over it.
        offset += whole.frame_len();
    }
    let mut best = FrameNo(0);
    let mut piece = vec![0u8; PIECE + HEADER_LEN];
    loop {
        let got = read(&mut piece, offset)?;
        if got < HEADER_LEN {
            return Ok(best);
        }
        let mut step = (got - HEADER_LEN + 1) as u64;
        for at in 0..=got - HEADER_LEN {
            if piece[at..at + 4] == FRAME_MAGIC
                && let Ok(found) = Header::decode(&array_at(&piece, at))
                && found.number > frame
            {
                best = best.max(found.synced_through);
                step = at as u64 + found.frame_len();
                break;
            }
        }
        offset += step;
    }
}
