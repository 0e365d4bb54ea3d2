//! Reading one segment, frame by frame, with every check: magic, checksums, order, chain, hash, seal.
//!
//! Deliberately absent: judgement. A scan says what it found and where; whether bytes after the last whole frame are a
//! torn append or damage is decided in `tail.rs`.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::{Disk, DiskFile, Open, read_full};
use crate::fault::{Bad, Damage, Fault};
use crate::frame::{EntrySeq, FrameNo, HEADER_LEN, Hash, Header, Kind, TRAILER_LEN, array_at, hash_at};
use crate::segment::{SEGMENT_HEADER_LEN, Seal, SegmentHeader};

/// Bytes read at a time; a longer frame is read whole.
const READ_LEN: usize = 2 << 20;

/// A frame found by a scan: its payload lies in [`Scan::bytes`] at `payload` until the next step.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) header: Header,
    pub(crate) hash: Hash,
    pub(crate) payload: Range<usize>,
}

/// A reader of one segment.
pub(crate) struct Scan {
    pub(crate) file: Arc<dyn DiskFile>,
    path: PathBuf,
    name: String,
    pub(crate) header: SegmentHeader,
    buf: Vec<u8>,
    /// Length of the file when it was opened; it may have grown since.
    len: u64,
    /// File offset of `buf[0]`.
    buf_at: u64,
    /// File offset of the next frame.
    pub(crate) offset: u64,
    pub(crate) chain: Hash,
    pub(crate) next_frame: FrameNo,
    pub(crate) next_entry: EntrySeq,
    pub(crate) frames: u64,
    pub(crate) entries: u64,
    pub(crate) sealed: bool,
}

impl Scan {
    /// Opens a segment and checks its header, its name and its journal.
    pub(crate) fn open(disk: &dyn Disk, dir: &Path, name: &str, buf: Vec<u8>) -> Result<Self, Fault> {
        let path = dir.join(name);
        let file = disk.open(&path, Open::Read).map_err(|e| Fault::io("open", &path, &e))?;
        let mut head = [0u8; SEGMENT_HEADER_LEN];
        let got = read_full(&*file, &mut head, 0).map_err(|e| Fault::io("read", &path, &e))?;
        let bad = |damage| Bad { file: name.to_owned(), offset: 0, frame: FrameNo(0), entry: EntrySeq(0), damage };
        let header = SegmentHeader::decode(&head[..got]).map_err(bad)?;
        if header.file_name() != name {
            return Err(bad(Damage::SegmentName { wanted: header.file_name() }).into());
        }
        let len = file.len().map_err(|e| Fault::io("length", &path, &e))?;
        let mut buf = buf;
        buf.clear();
        Ok(Self {
            file,
            path,
            name: name.to_owned(),
            chain: header.hash(),
            next_frame: header.first_frame,
            next_entry: header.first_entry,
            header,
            buf,
            len,
            buf_at: SEGMENT_HEADER_LEN as u64,
            offset: SEGMENT_HEADER_LEN as u64,
            frames: 0,
            entries: 0,
            sealed: false,
        })
    }

    /// The next whole frame; `None` where the file ends or only zeros follow.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] with the place when anything else stands there; the scan then stays where it is.
    pub(crate) fn step(&mut self) -> Result<Option<Found>, Fault> {
        let have = self.fill(HEADER_LEN)?;
        if self.sealed || have == 0 {
            return self.rest();
        }
        let at = self.at();
        if have < HEADER_LEN {
            let missing = (HEADER_LEN - have) as u64;
            return match self.rest() {
                Ok(None) => Ok(None),
                _ => Err(self.bad(Damage::Truncated { missing })),
            };
        }
        let header = match Header::decode(&array_at(&self.buf, at)) {
            Ok(header) => header,
            Err(damage) => {
                return match self.rest() {
                    Ok(None) => Ok(None),
                    _ => Err(self.bad(damage)),
                };
            }
        };
        self.check_place(&header)?;
        let body = header.payload_len as usize;
        let whole = HEADER_LEN + body + TRAILER_LEN;
        let have = self.fill(whole)?;
        if have < whole {
            let missing = (whole - have) as u64;
            return Err(self.bad(Damage::Truncated { missing }));
        }
        let at = self.at();
        let payload = at + HEADER_LEN..at + HEADER_LEN + body;
        if crc32c::crc32c(&self.buf[payload.clone()]) != header.payload_crc {
            return Err(self.bad(Damage::PayloadChecksum));
        }
        let hash = *blake3::hash(&self.buf[at..payload.end]).as_bytes();
        if hash != hash_at(&self.buf, payload.end) {
            return Err(self.bad(Damage::FrameHash));
        }
        if header.kind == Kind::Seal {
            self.check_seal(&header, payload.clone())?;
            self.sealed = true;
        } else {
            self.frames += 1;
            self.entries += u64::from(header.entries);
        }
        self.chain = hash;
        self.next_frame = self.next_frame.next();
        self.next_entry = self.next_entry.after(header.entries);
        self.offset += whole as u64;
        Ok(Some(Found { header, hash, payload }))
    }

    /// The payload of the frame that the last step found.
    pub(crate) fn bytes(&self, payload: Range<usize>) -> &[u8] {
        &self.buf[payload]
    }

    /// Takes the buffer back for the next segment.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.buf
    }

    /// Bytes of the file from where the scan stands.
    pub(crate) fn left(&self) -> Result<u64, Fault> {
        let len = self.file.len().map_err(|e| Fault::io("length", &self.path, &e))?;
        Ok(len.saturating_sub(self.offset))
    }

    /// Damage at the place where the scan stands.
    pub(crate) fn bad_here(&self, damage: Damage) -> Bad {
        Bad { file: self.name.clone(), offset: self.offset, frame: self.next_frame, entry: self.next_entry, damage }
    }

    /// A failed read of this segment.
    pub(crate) fn read_fault(&self, error: &std::io::Error) -> Fault {
        Fault::io("read", &self.path, error)
    }

    fn bad(&self, damage: Damage) -> Fault {
        self.bad_here(damage).into()
    }

    fn at(&self) -> usize {
        // The buffer never starts behind the offset nor is it larger than a frame and a read.
        (self.offset - self.buf_at) as usize
    }

    fn check_place(&self, header: &Header) -> Result<(), Fault> {
        if header.number != self.next_frame {
            return Err(self.bad(Damage::FrameOrder { found: header.number }));
        }
        if header.first_entry != self.next_entry {
            return Err(self.bad(Damage::EntryOrder { found: header.first_entry }));
        }
        if header.prev_hash != self.chain {
            return Err(self.bad(Damage::Chain));
        }
        Ok(())
    }

    fn check_seal(&self, header: &Header, payload: Range<usize>) -> Result<(), Fault> {
        let field = |field| self.bad(Damage::Seal { field });
        let seal = Seal::decode(&self.buf[payload]).ok_or_else(|| field("length"))?;
        if header.entries != 0 || seal.entries != self.entries {
            return Err(field("entry count"));
        }
        if seal.frames != self.frames {
            return Err(field("frame count"));
        }
        if seal.bytes != self.offset {
            return Err(field("byte count"));
        }
        if seal.last_hash != self.chain {
            return Err(field("last hash"));
        }
        Ok(())
    }

    /// Makes at least `wanted` bytes from the offset available if the file has them; says how many there are.
    fn fill(&mut self, wanted: usize) -> Result<usize, Fault> {
        let at = self.at();
        if self.buf.len() >= at + wanted {
            return Ok(self.buf.len() - at);
        }
        self.buf.drain(..at.min(self.buf.len()));
        self.buf_at = self.offset;
        let have = self.buf.len();
        let left = usize::try_from(self.len.saturating_sub(self.buf_at)).unwrap_or(READ_LEN);
        let size = wanted.max(READ_LEN.min(left));
        self.buf.resize(size, 0);
        let read = read_full(&*self.file, &mut self.buf[have..], self.buf_at + have as u64);
        let got = match read {
            Ok(got) => got,
            Err(e) => {
                self.buf.truncate(have);
                return Err(Fault::io("read", &self.path, &e));
            }
        };
        self.buf.truncate(have + got);
        Ok(self.buf.len())
    }

    /// `None` when the file has only zeros from here on.
    fn rest(&self) -> Result<Option<Found>, Fault> {
        let mut offset = self.offset;
        let mut piece = vec![0u8; 1 << 16];
        let mut left = 0u64;
        let mut blank = true;
        loop {
            let got = read_full(&*self.file, &mut piece, offset).map_err(|e| Fault::io("read", &self.path, &e))?;
            if got == 0 {
                break;
            }
            blank &= piece[..got].iter().all(|b| *b == 0);
            if !blank {
                break;
            }
            offset += got as u64;
            left += got as u64;
        }
        if blank { Ok(None) } else { Err(self.bad(Damage::Trailing { bytes: self.left()?.max(left) })) }
    }
}
