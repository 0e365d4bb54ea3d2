//! Opening what a closing or a crash left behind: judging, cutting the torn append, making durable what is kept.
//!
//! Deliberately absent: reading of earlier segments. Opening checks their headers and seals; every byte of them is
//! checked by whoever reads or verifies.

use std::path::Path;
use std::sync::Arc;

use crate::directory::{self, Directory, LOCK_NAME, SegmentFile};
use crate::disk::{Disk, LockGuard, Open, read_full, write_full};
use crate::fault::{Bad, Damage, Fault};
use crate::frame::{FrameNo, HEADER_LEN, Header, Kind, array_at, hash_at};
use crate::head::{Head, Point};
use crate::log::Start;
use crate::options::Options;
use crate::reader::Reader;
use crate::segment::{JournalId, SEAL_FRAME_LEN, SEAL_LEN};
use crate::snapshot::Snapshots;
use crate::tail::Torn;
use crate::writer::Writer;

/// What opening found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The journal did not exist and was created.
    pub created: bool,
    /// It had been closed in good order.
    pub closed: bool,
    /// The last frame, and the entry that comes next.
    pub point: Point,
    /// Whole frames found beyond the durable mark: written before the crash, perhaps never acknowledged, now durable.
    pub beyond_mark: u64,
    /// The incomplete append that was cut, if there was one.
    pub torn: Option<Torn>,
    /// Bytes cut from the last segment, empty space ahead of the writer included.
    pub cut_bytes: u64,
    /// The part of `HEAD` that did not check and was written anew.
    pub head_repaired: Option<Bad>,
}

/// A journal opened for writing, before any thread runs.
pub(crate) struct Opened {
    pub(crate) lock: Box<dyn LockGuard>,
    pub(crate) head: Head,
    pub(crate) writer: Writer,
    pub(crate) recovery: Recovery,
}

/// Opens or creates the journal in `dir`.
pub(crate) fn open(disk: &Arc<dyn Disk>, dir: &Path, options: &Options) -> Result<Opened, Fault> {
    directory::create(&**disk, dir)?;
    let lock_path = dir.join(LOCK_NAME);
    let lock = disk
        .lock(&lock_path, true)
        .map_err(|e| Fault::io("lock", &lock_path, &e))?
        .ok_or_else(|| Fault::Locked { path: lock_path.display().to_string() })?;
    let directory = directory::load(&**disk, dir, &[])?;
    for temp in &directory.temps {
        let path = dir.join(temp);
        disk.remove(&path).map_err(|e| Fault::io("remove", &path, &e))?;
    }
    disk.sync_dir(dir).map_err(|e| Fault::io("fsync", dir, &e))?;
    let Some(read) = directory.head.clone() else {
        return create(disk, dir, options, lock);
    };
    let id = read.state.id;
    if let Some(wanted) = options.id.filter(|wanted| *wanted != id) {
        return Err(Fault::WrongJournal { path: dir.display().to_string(), found: id.0, wanted: wanted.0 });
    }
    Snapshots::new(Arc::clone(disk), dir, id).remove_unfinished()?;
    check_seals(&**disk, &directory.segments)?;
    let mut head = Head::open(&**disk, dir, &read)?;
    let (writer, mut recovery) = recover(disk, dir, directory, options, &mut head)?;
    recovery.head_repaired = read.bad;
    Ok(Opened { lock, head, writer, recovery })
}

/// First `HEAD`, then the first segment: a segment without `HEAD` is therefore always damage.
fn create(disk: &Arc<dyn Disk>, dir: &Path, options: &Options, lock: Box<dyn LockGuard>) -> Result<Opened, Fault> {
    let id = options.id.unwrap_or(JournalId([0; 16]));
    let head = Head::create(&**disk, dir, id)?;
    let ahead = options.ahead();
    let writer = Writer::create(Arc::clone(disk), dir, id, 1, Point::START, ahead)?;
    Ok(Opened {
        lock,
        head,
        writer,
        recovery: Recovery {
            created: true,
            closed: false,
            point: Point::START,
            beyond_mark: 0,
            torn: None,
            cut_bytes: 0,
            head_repaired: None,
        },
    })
}

fn recover(
    disk: &Arc<dyn Disk>,
    dir: &Path,
    mut directory: Directory,
    options: &Options,
    head: &mut Head,
) -> Result<(Writer, Recovery), Fault> {
    let ahead = options.ahead();
    let before = head.state;
    let mut recovery = Recovery {
        created: false,
        closed: before.closed,
        point: Point::START,
        beyond_mark: 0,
        torn: None,
        cut_bytes: 0,
        head_repaired: None,
    };
    let last = directory.segments.split_off(directory.segments.len().saturating_sub(1));
    if last.is_empty() {
        // The crash came between `HEAD` and the first segment.
        let writer = Writer::create(Arc::clone(disk), dir, before.id, 1, Point::START, ahead)?;
        return Ok((writer, recovery));
    }
    directory.segments = last;
    let mut reader = Reader::over(Arc::clone(disk), directory, Start::BEGINNING)?;
    let mut unmarked_from = None;
    loop {
        let offset = reader.scan.as_ref().map(|scan| scan.offset);
        let Some(found) = reader.step()? else {
            break;
        };
        if found.header.number > before.durable.frame {
            recovery.beyond_mark += 1;
            let start = crate::segment::SEGMENT_HEADER_LEN as u64;
            unmarked_from.get_or_insert(offset.unwrap_or(start));
        }
    }
    recovery.point = reader.point();
    recovery.torn = reader.torn().cloned();
    let Some(scan) = reader.scan.take() else {
        return Err(Fault::OutOfRange { what: "journal has no last segment".to_owned() });
    };
    recovery.cut_bytes = scan.left()?;
    let mut writer = Writer::resume(Arc::clone(disk), dir, &scan, reader.point(), ahead)?;
    let keep_from = unmarked_from.unwrap_or(scan.offset);
    if recovery.cut_bytes > 0 || keep_from < scan.offset {
        writer.settle(keep_from)?;
    }
    if scan.sealed {
        writer.follow()?;
    }
    head.state.closed = false;
    head.state.durable = recovery.point;
    head.write_both()?;
    Ok((writer, recovery))
}

impl Writer {
    /// Cuts the file to its whole frames and writes those from `from` on once more, so that the sync that follows
    /// really covers them: after a failed sync the system may hold pages that look clean and are not on the disk.
    fn settle(&mut self, from: u64) -> Result<(), Fault> {
        let path = self.path();
        let end = self.offset();
        self.file.set_len(end).map_err(|e| Fault::io("truncate", &path, &e))?;
        let mut piece = vec![0u8; 1 << 20];
        let mut at = from;
        while at < end {
            let want = usize::try_from(end - at).map_or(piece.len(), |n| n.min(piece.len()));
            let got = read_full(&*self.file, &mut piece[..want], at).map_err(|e| Fault::io("read", &path, &e))?;
            if got == 0 {
                break;
            }
            write_full(&*self.file, &piece[..got], at).map_err(|e| Fault::io("write", &path, &e))?;
            at += got as u64;
        }
        self.sync()
    }
}

/// Checks that each segment but the last ends with a seal whose hash the next one carries.
fn check_seals(disk: &dyn Disk, segments: &[SegmentFile]) -> Result<(), Fault> {
    for pair in segments.windows(2) {
        let (segment, next) = (&pair[0], &pair[1].header);
        let path = segment.dir.join(&segment.name);
        let file = disk.open(&path, Open::Read).map_err(|e| Fault::io("open", &path, &e))?;
        let len = file.len().map_err(|e| Fault::io("length", &path, &e))?;
        let offset = len.saturating_sub(SEAL_FRAME_LEN);
        let mut frame = [0u8; SEAL_FRAME_LEN as usize];
        let got = read_full(&*file, &mut frame, offset).map_err(|e| Fault::io("read", &path, &e))?;
        let bad = |damage| Bad {
            file: segment.name.clone(),
            offset,
            frame: FrameNo(next.first_frame.0.saturating_sub(1)),
            entry: next.first_entry,
            damage,
        };
        let body = HEADER_LEN + SEAL_LEN;
        let header = Header::decode(&array_at(&frame, 0)).ok();
        let hash = *blake3::hash(&frame[..body]).as_bytes();
        let whole = got == frame.len() && header.is_some_and(|h| h.kind == Kind::Seal) && hash == hash_at(&frame, body);
        let Some(header) = header.filter(|_| whole) else {
            return Err(bad(Damage::NotSealed).into());
        };
        let follows = header.number.next() == next.first_frame
            && header.first_entry == next.first_entry
            && hash == next.prev_hash;
        if !follows {
            return Err(bad(Damage::SegmentChain { field: "seal and next header" }).into());
        }
    }
    Ok(())
}
