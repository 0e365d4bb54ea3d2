//! The contract of a journal, whoever provides it. This doc comment is the contract; `conformance.rs` tests it.
//!
//! Deliberately absent: segments, files, archives. A provider on a replicated engine has none of those.

use std::fmt;

use crate::fault::Fault;
use crate::frame::{EntrySeq, Frame, FrameNo, Kind, Micros};
use crate::head::Point;
use crate::record::Record;
use crate::segment::JournalId;

/// Where a reader begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With this frame.
    Frame(FrameNo),
    /// With the frame that holds this entry, or the next one if it does not exist yet.
    Entry(EntrySeq),
}

impl Start {
    /// From the very first frame.
    pub const BEGINNING: Self = Self::Frame(FrameNo(0));

    pub(crate) fn is_beginning(self) -> bool {
        matches!(self, Self::Frame(FrameNo(0)) | Self::Entry(EntrySeq(0)))
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(frame) => write!(f, "frame {frame}"),
            Self::Entry(entry) => write!(f, "entry {entry}"),
        }
    }
}

/// What an accepted record was numbered; to be handed to [`Log::wait`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// Its frame.
    pub frame: FrameNo,
    /// Its first entry.
    pub first_entry: EntrySeq,
}

/// A durable, hash-chained log of opaque records with one writer.
///
/// **Order.** Accepted records become frames with numbers that rise in the order of `append`. Numbers may skip (a
/// provider may use some for itself, for example to seal a segment), but never repeat or fall. Entries are numbered
/// from 1 without gaps: a frame with `n` entries takes the next `n` numbers, a frame with none takes none.
///
/// **Durability.** `append` promises nothing but the number. A frame is durable when `durable().frame` has reached
/// it, and then so are all frames before it. `durable` never falls while the journal is open. Nobody outside may be
/// answered on the strength of a frame that is not durable.
///
/// **After a crash** (of the process, the machine or its power), reopening gives every frame that was durable, in
/// full and unchanged, and after those possibly a row of the next frames that were appended but not yet durable, in
/// order and each in full. It never gives a frame that was not appended, never a part of one, never one out of order. Frames
/// found at reopening are durable.
///
/// **Damage.** A frame handed out has passed every check: what was appended is what is read. Damage at or before a
/// frame known to be durable is reported as [`Fault::Corrupt`], and is never cut, skipped or repaired in silence.
///
/// **Failure.** A refusal ([`Fault::is_refusal`]) wrote nothing, and the journal goes on. Any other fault of a
/// writing call poisons the journal: every later writing call gives [`Fault::Poisoned`] with the first cause, `durable` stands
/// still, reading goes on. A failed sync is never tried again. Reopening recovers.
///
/// **Back pressure.** A provider takes a bounded number of frames and bytes that are not yet durable; `append` waits
/// for room beyond that.
///
/// **Time.** The provider reads no clock that shows in its data: the same appends give the same frames and hashes up to
/// the `synced_through` marks, which depend on when the disk answered (and are the same as well in a single-threaded provider).
pub trait Log: Send {
    /// Identity of the journal.
    fn id(&self) -> JournalId;

    /// The number that the next frame has at least.
    fn next_frame(&self) -> FrameNo;

    /// The number of the next entry.
    fn next_entry(&self) -> EntrySeq;

    /// How far the journal is durable. Never blocks; to be polled.
    fn durable(&self) -> Point;

    /// The fault that poisoned the journal, if any.
    fn fault(&self) -> Option<Fault>;

    /// An empty record, in a buffer that is used again if one is free.
    fn record(&mut self, kind: Kind, at: Micros) -> Record;

    /// Takes a record and numbers it; writing and syncing go on behind the caller's back.
    ///
    /// # Errors
    /// A refusal: payload above [`crate::PAYLOAD_LEN_MAX`], reserved kind, too little free space. [`Fault::Poisoned`] or
    /// [`Fault::Closed`] when the journal takes no more work.
    fn append(&mut self, record: Record) -> Result<Ticket, Fault>;

    /// Waits until everything up to `through` is durable. A number not yet given out counts as the last one given out.
    ///
    /// # Errors
    /// The fault that keeps it from ever becoming durable; what was durable before stays so.
    fn wait(&mut self, through: FrameNo) -> Result<Point, Fault>;

    /// Appends and waits: the shortest way for one record in flight.
    ///
    /// # Errors
    /// As [`Log::append`] and [`Log::wait`].
    fn append_durable(&mut self, record: Record) -> Result<Ticket, Fault> {
        let ticket = self.append(record)?;
        self.wait(ticket.frame)?;
        Ok(ticket)
    }

    /// Reads durable frames from `start` to what is durable at the time of the call.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] when `start` has been archived away; [`Fault::Io`] or [`Fault::Corrupt`].
    fn read(&self, start: Start) -> Result<Box<dyn Frames>, Fault>;

    /// Waits for everything, then closes in good order: afterwards nothing unfinished is acceptable to a verifier.
    /// Later appends give [`Fault::Closed`]. Dropping a journal without closing it is a crash.
    ///
    /// # Errors
    /// As [`Log::wait`]; the journal is then not marked as closed.
    fn close(&mut self) -> Result<(), Fault>;
}

/// Frames in order, each borrowed from the reader until the next call.
pub trait Frames: Send {
    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] at the first damage, [`Fault::Io`] when the disk fails.
    fn next(&mut self) -> Result<Option<Frame<'_>>, Fault>;
}
