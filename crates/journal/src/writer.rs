//! The writing end of a journal: frames into the current segment, seals, new segments.
//!
//! Deliberately absent: threads, waiting, marks, decisions about when to seal. The caller says what, in which order; this
//! file only puts bytes where they belong.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::directory::TEMP_SUFFIX;
use crate::disk::{Disk, DiskFile, Open, write_full};
use crate::fault::Fault;
use crate::frame::{EntrySeq, FrameNo, HEADER_LEN, Hash, Header, Kind, Micros};
use crate::head::Point;
use crate::record::Record;
use crate::scan::Scan;
use crate::segment::{JournalId, SEGMENT_HEADER_LEN, Seal, SegmentHeader};

/// Frames up to this size are gathered into one write.
const GATHER_FRAME_LEN_MAX: usize = 64 << 10;
/// A gathered write is given out when it has grown to this size.
const GATHER_LEN_MAX: usize = 1 << 20;

/// What is prepared ahead of the frames, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead {
    /// Length of the file.
    pub(crate) extend: u64,
    /// Zeros written.
    pub(crate) pave: u64,
}

/// The current segment and where in it the next frame goes.
pub(crate) struct Writer {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    id: JournalId,
    ahead: u64,
    pub(crate) file: Arc<dyn DiskFile>,
    path: Arc<Path>,
    number: u64,
    /// Where the next frame goes, gathered ones included.
    offset: u64,
    /// Length of the file, at least.
    len: u64,
    frames: u64,
    entries: u64,
    point: Point,
    /// What the next frame carries as the hash before it: that of the last frame, or of the segment header.
    chain: Hash,
    gathered: Vec<u8>,
    gathered_at: u64,
    /// Zeros a small write brings along.
    pave: u64,
    /// Up to here the blocks of the file have been written.
    paved_to: u64,
}

impl Writer {
    /// Creates the segment that follows `point` under a temporary name, syncs and renames it.
    pub(crate) fn create(
        disk: Arc<dyn Disk>,
        dir: &Path,
        id: JournalId,
        number: u64,
        point: Point,
        ahead: Ahead,
    ) -> Result<Self, Fault> {
        let header = SegmentHeader {
            id,
            number,
            first_frame: point.frame.next(),
            first_entry: point.next_entry,
            prev_hash: point.hash,
        };
        let name = header.file_name();
        let path = dir.join(&name);
        let temp = dir.join(format!("{name}{TEMP_SUFFIX}"));
        let io = |what, e: std::io::Error| Fault::io(what, &temp, &e);
        let file = disk.open(&temp, Open::Create).map_err(|e| io("create", e))?;
        write_full(&*file, &header.encode(), 0).map_err(|e| io("write", e))?;
        file.sync_data().map_err(|e| io("fdatasync", e))?;
        disk.rename(&temp, &path).map_err(|e| io("rename", e))?;
        disk.sync_dir(dir).map_err(|e| Fault::io("fsync", dir, &e))?;
        let start = SEGMENT_HEADER_LEN as u64;
        Ok(Self {
            disk,
            dir: dir.to_owned(),
            id,
            ahead: ahead.extend,
            file,
            path: path.into(),
            number,
            offset: start,
            len: start,
            frames: 0,
            entries: 0,
            point,
            chain: header.hash(),
            gathered: Vec::new(),
            gathered_at: start,
            pave: ahead.pave,
            paved_to: start,
        })
    }

    /// Goes on where a scan of the last segment ended. The file has been cut to that place.
    pub(crate) fn resume(
        disk: Arc<dyn Disk>,
        dir: &Path,
        scan: &Scan,
        point: Point,
        ahead: Ahead,
    ) -> Result<Self, Fault> {
        let path = dir.join(scan.header.file_name());
        let file = disk.open(&path, Open::Write).map_err(|e| Fault::io("open", &path, &e))?;
        Ok(Self {
            disk,
            dir: dir.to_owned(),
            id: scan.header.id,
            ahead: ahead.extend,
            file,
            path: path.into(),
            number: scan.header.number,
            offset: scan.offset,
            len: scan.offset,
            frames: scan.frames,
            entries: scan.entries,
            point,
            chain: scan.chain,
            gathered: Vec::new(),
            gathered_at: scan.offset,
            pave: ahead.pave,
            paved_to: scan.offset,
        })
    }

    /// The last frame put, written or still gathered.
    pub(crate) fn point(&self) -> Point {
        self.point
    }

    /// Bytes of the segment so far.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Completes a record to a frame and writes it, or gathers it for the next write.
    pub(crate) fn put(&mut self, record: &mut Record, synced_through: FrameNo) -> Result<(), Fault> {
        let (kind, entries, at) = (record.kind, record.entries, record.at);
        let hash = self.complete(record.buffer_mut(), kind, entries, at, synced_through);
        let frame = record.buffer_mut();
        if frame.len() > GATHER_FRAME_LEN_MAX {
            self.flush()?;
            self.make_room(frame.len() as u64)?;
            write_full(&*self.file, frame, self.offset).map_err(|e| Fault::io("write", &self.path, &e))?;
            self.gathered_at = self.offset + frame.len() as u64;
        } else {
            self.gathered.extend_from_slice(frame);
        }
        self.offset += frame.len() as u64;
        self.frames += 1;
        self.entries += u64::from(entries);
        self.point = Point {
            frame: self.point.frame.next(),
            next_entry: EntrySeq(self.point.next_entry.0 + u64::from(entries)),
            hash,
        };
        self.chain = hash;
        if self.gathered.len() > GATHER_LEN_MAX {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what has been gathered.
    pub(crate) fn flush(&mut self) -> Result<(), Fault> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        self.pave();
        self.make_room(0)?;
        write_full(&*self.file, &self.gathered, self.gathered_at).map_err(|e| Fault::io("write", &self.path, &e))?;
        self.gathered.clear();
        self.gathered_at = self.offset;
        Ok(())
    }

    /// Writes the seal and gives the file its exact length. The caller syncs it before [`Writer::follow`].
    pub(crate) fn seal(&mut self, at: Micros, synced_through: FrameNo) -> Result<(), Fault> {
        let seal = Seal { frames: self.frames, entries: self.entries, bytes: self.offset, last_hash: self.point.hash };
        let mut record = Record::of(Kind::Seal, at, 0, &seal.encode());
        self.put(&mut record, synced_through)?;
        self.flush()?;
        self.trim()
    }

    /// Creates and enters the next segment.
    pub(crate) fn follow(&mut self) -> Result<(), Fault> {
        *self = Self::create(
            Arc::clone(&self.disk),
            &self.dir,
            self.id,
            self.number + 1,
            self.point,
            Ahead { extend: self.ahead, pave: self.pave },
        )?;
        Ok(())
    }

    /// Syncs the current segment.
    pub(crate) fn sync(&self) -> Result<(), Fault> {
        self.file.sync_data().map_err(|e| Fault::io("fdatasync", &self.path, &e))
    }

    /// Gives the file its exact length.
    pub(crate) fn trim(&mut self) -> Result<(), Fault> {
        if self.len > self.offset {
            self.file.set_len(self.offset).map_err(|e| Fault::io("truncate", &self.path, &e))?;
            self.len = self.offset;
        }
        Ok(())
    }

    /// The path of the current segment, for messages.
    pub(crate) fn path(&self) -> Arc<Path> {
        Arc::clone(&self.path)
    }

    /// Frames in the current segment.
    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }

    /// Lets a small write that would need new blocks bring a row of zeros along, so that the next small writes find
    /// blocks that exist. A sync of those saves data alone: it does not wait for the file system to commit its metadata,
    /// and with it that of every other program. Large writes gain nothing, and would pay twice.
    fn pave(&mut self) {
        if self.paved_to < self.offset && self.pave > 0 && self.gathered.len() <= GATHER_FRAME_LEN_MAX {
            let end = self.offset + self.pave;
            let len = self.gathered.len() + usize::try_from(self.pave).unwrap_or(0);
            self.gathered.resize(len, 0);
            self.paved_to = end;
            self.len = self.len.max(end);
        }
    }

    fn make_room(&mut self, more: u64) -> Result<(), Fault> {
        let end = self.offset + more;
        if end > self.len {
            self.len = end;
            if self.ahead > 0 {
                let len = end + self.ahead;
                self.file.set_len(len).map_err(|e| Fault::io("extend", &self.path, &e))?;
                self.len = len;
            }
        }
        Ok(())
    }

    fn complete(&self, frame: &mut Vec<u8>, kind: Kind, entries: u32, at: Micros, synced_through: FrameNo) -> Hash {
        let payload_len = frame.len() - HEADER_LEN;
        let header = Header {
            kind,
            number: self.point.frame.next(),
            first_entry: self.point.next_entry,
            entries,
            payload_len: u32::try_from(payload_len).expect("the length was checked at the door"),
            at,
            synced_through,
            prev_hash: self.chain,
            payload_crc: crc32c::crc32c(&frame[HEADER_LEN..]),
        };
        frame[..HEADER_LEN].copy_from_slice(&header.encode());
        let hash = *blake3::hash(frame).as_bytes();
        frame.extend_from_slice(&hash);
        hash
    }
}
