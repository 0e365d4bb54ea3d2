//! Reading a journal in order, over all its segments, with every check.
//!
//! Deliberately absent: writing, and reading without checks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::directory::{self, Directory, SegmentFile, bad_file};
use crate::disk::Disk;
use crate::fault::{Damage, Fault};
use crate::frame::{EntrySeq, Frame, FrameNo, Hash, Kind};
use crate::head::{HEAD_NAME, HeadState, Point};
use crate::log::{Frames, Start};
use crate::scan::{Found, Scan};
use crate::tail::{self, Torn};

/// A fast sequential reader that checks everything it hands out.
///
/// It hands out the caller's frames (never seals) in order and stops at the first damage with [`Fault::Corrupt`]. It
/// owns its files and may be moved to another thread. Reading takes no lock and writes nothing: a journal on a
/// read-only disk can be read.
pub struct Reader {
    disk: Arc<dyn Disk>,
    segments: Vec<SegmentFile>,
    /// Index of the segment after the one in `scan`.
    next_segment: usize,
    pub(crate) scan: Option<Scan>,
    spare: Vec<u8>,
    /// What the next segment must follow: number, frame, entry and hash.
    expected: Option<(u64, FrameNo, EntrySeq, Hash)>,
    head: Option<HeadState>,
    start: Start,
    /// Last frame to hand out, when the journal is being written by its owner.
    until: Option<FrameNo>,
    point: Point,
    torn: Option<Torn>,
    done: bool,
    pub(crate) segments_read: u64,
    pub(crate) bytes_read: u64,
}

impl Reader {
    /// Opens the journal in `dir`, from its first frame to the last whole one.
    ///
    /// # Errors
    /// [`Fault::Io`], or [`Fault::Corrupt`] when files are missing or in disorder.
    pub fn open(disk: Arc<dyn Disk>, dir: &Path, start: Start) -> Result<Self, Fault> {
        Self::open_with(disk, dir, &[], start)
    }

    /// Opens the journal in `dir` together with archived segments.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn open_with(disk: Arc<dyn Disk>, dir: &Path, archives: &[PathBuf], start: Start) -> Result<Self, Fault> {
        let directory = directory::load(&*disk, dir, archives)?;
        Self::over(disk, directory, start)
    }

    pub(crate) fn over(disk: Arc<dyn Disk>, directory: Directory, start: Start) -> Result<Self, Fault> {
        let head = directory.head.map(|read| read.state);
        Self::new(disk, directory.segments, head, start, None)
    }

    /// A reader of a journal that is being written: up to a frame that is known to be durable, and no further.
    pub(crate) fn live(disk: Arc<dyn Disk>, dir: &Path, start: Start, until: FrameNo) -> Result<Self, Fault> {
        let segments = directory::segments(&*disk, dir)?;
        Self::new(disk, segments, None, start, Some(until))
    }

    fn new(
        disk: Arc<dyn Disk>,
        segments: Vec<SegmentFile>,
        head: Option<HeadState>,
        start: Start,
        until: Option<FrameNo>,
    ) -> Result<Self, Fault> {
        let begins = |s: &SegmentFile| match start {
            Start::Frame(frame) => s.header.first_frame <= frame,
            Start::Entry(entry) => s.header.first_entry <= entry,
        };
        let first = match segments.iter().rposition(begins) {
            Some(at) => at,
            None if segments.is_empty() || start.is_beginning() => 0,
            None => {
                let first = segments[0].header;
                return Err(Fault::OutOfRange {
                    what: format!(
                        "{start} is before the first one here: frame {}, entry {}; look in the archive",
                        first.first_frame, first.first_entry
                    ),
                });
            }
        };
        Ok(Self {
            disk,
            segments,
            next_segment: first,
            scan: None,
            spare: Vec::new(),
            expected: None,
            head,
            start,
            until,
            point: Point::START,
            torn: None,
            done: false,
            segments_read: 0,
            bytes_read: 0,
        })
    }

    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] naming the first bad place, or [`Fault::Io`]. Nothing after a damaged place is ever handed out.
    #[expect(
        clippy::should_implement_trait,
        reason = "frames are borrowed from the reader, which an Iterator cannot say"
    )]
    pub fn next(&mut self) -> Result<Option<Frame<'_>>, Fault> {
        loop {
            let Some(found) = self.step()? else {
                return Ok(None);
            };
            let wanted = match self.start {
                Start::Frame(frame) => found.header.number >= frame,
                Start::Entry(entry) => found.header.first_entry.after(found.header.entries) > entry,
            };
            if found.header.kind != Kind::Seal && wanted {
                // Everything after the first wanted frame is wanted, entries or none.
                self.start = Start::Frame(found.header.number);
                return Ok(Some(Frame {
                    header: found.header,
                    payload: match &self.scan {
                        Some(scan) => scan.bytes(found.payload),
                        None => &[],
                    },
                    hash: found.hash,
                }));
            }
        }
    }

    /// The last frame read so far, seals included, and the entry after it.
    #[must_use]
    pub fn point(&self) -> Point {
        self.point
    }

    /// After the end: the incomplete append that follows the last whole frame, if a crash left one.
    #[must_use]
    pub fn torn(&self) -> Option<&Torn> {
        self.torn.as_ref()
    }

    /// The next frame, seals included.
    pub(crate) fn step(&mut self) -> Result<Option<Found>, Fault> {
        loop {
            // A segment just opened may begin after the last durable frame, so this is asked each time.
            if self.done || self.until.is_some_and(|until| self.point.frame >= until) {
                return Ok(None);
            }
            let Some(scan) = &mut self.scan else {
                self.open_next()?;
                continue;
            };
            match scan.step() {
                Ok(Some(found)) => {
                    self.point = Point { frame: found.header.number, next_entry: scan.next_entry, hash: found.hash };
                    self.check_mark()?;
                    return Ok(Some(found));
                }
                Ok(None) => self.end_segment()?,
                Err(Fault::Corrupt(bad)) => {
                    let scan = &*scan;
                    let last = self.next_segment == self.segments.len();
                    match (&self.head, last) {
                        (Some(head), true) => {
                            self.torn = Some(tail::judge(scan, *bad, head)?);
                            self.finish()?;
                        }
                        (Some(_) | None, _) => return Err(Fault::Corrupt(bad)),
                    }
                }
                Err(other) => return Err(other),
            }
        }
    }

    fn open_next(&mut self) -> Result<(), Fault> {
        let Some(segment) = self.segments.get(self.next_segment) else {
            return self.finish();
        };
        let spare = std::mem::take(&mut self.spare);
        let scan = Scan::open(&*self.disk, &segment.dir, &segment.name, spare)?;
        let header = scan.header;
        if let Some((number, frame, entry, hash)) = self.expected {
            let chain = |field| Err(scan.bad_here(Damage::SegmentChain { field }).into());
            if header.number != number {
                return chain("number");
            }
            if header.first_frame != frame {
                return chain("first frame");
            }
            if header.first_entry != entry {
                return chain("first entry");
            }
            if header.prev_hash != hash {
                return chain("hash");
            }
        } else {
            if header.number == 1
                && (header.first_frame, header.first_entry, header.prev_hash) != (FrameNo(1), EntrySeq(1), [0; 32])
            {
                return Err(scan.bad_here(Damage::SegmentChain { field: "beginning" }).into());
            }
            self.point = Point {
                frame: FrameNo(header.first_frame.0 - 1),
                next_entry: header.first_entry,
                hash: header.prev_hash,
            };
        }
        self.scan = Some(scan);
        self.next_segment += 1;
        self.segments_read += 1;
        Ok(())
    }

    fn end_segment(&mut self) -> Result<(), Fault> {
        let Some(scan) = &self.scan else {
            return Ok(());
        };
        let left = scan.left()?;
        if self.next_segment == self.segments.len() {
            if self.head.is_some_and(|head| head.closed) {
                if left > 0 {
                    return Err(scan.bad_here(Damage::NotClean).into());
                }
                if scan.sealed {
                    let number = scan.header.number + 1;
                    return Err(scan.bad_here(Damage::SegmentMissing { number }).into());
                }
            }
            return self.finish();
        }
        if !scan.sealed {
            return Err(scan.bad_here(Damage::NotSealed).into());
        }
        if left > 0 {
            return Err(scan.bad_here(Damage::Trailing { bytes: left }).into());
        }
        self.bytes_read += scan.offset;
        self.expected = Some((scan.header.number + 1, scan.next_frame, scan.next_entry, scan.chain));
        if let Some(scan) = self.scan.take() {
            self.spare = scan.into_buffer();
        }
        Ok(())
    }

    /// The end of the last segment was reached: everything acknowledged must have been seen.
    fn finish(&mut self) -> Result<(), Fault> {
        self.done = true;
        if let Some(scan) = &self.scan {
            self.bytes_read += scan.offset;
        }
        if let Some(head) = &self.head
            && head.durable.frame > self.point.frame
        {
            let durable = head.durable.frame;
            let damage = Damage::AcknowledgedMissing { durable };
            return Err(match &self.scan {
                Some(scan) => scan.bad_here(damage),
                None => bad_file(HEAD_NAME, damage),
            }
            .into());
        }
        Ok(())
    }

    fn check_mark(&self) -> Result<(), Fault> {
        if let Some(head) = &self.head
            && head.durable.frame == self.point.frame
            && (head.durable.hash, head.durable.next_entry) != (self.point.hash, self.point.next_entry)
        {
            let bad = match &self.scan {
                Some(scan) => scan.bad_here(Damage::MarkHash),
                None => bad_file(HEAD_NAME, Damage::MarkHash),
            };
            return Err(bad.into());
        }
        Ok(())
    }
}

impl Frames for Reader {
    fn next(&mut self) -> Result<Option<Frame<'_>>, Fault> {
        Reader::next(self)
    }
}
