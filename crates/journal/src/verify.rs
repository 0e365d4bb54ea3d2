//! Verification: every byte of a journal folder, and of its archives, is checked; nothing is changed.
//!
//! Deliberately absent: repair, and the meaning of entries (replay and signatures are the engine's).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::archive;
use crate::directory::{self, Directory, LOCK_NAME, TEMP_SUFFIX, bad_file};
use crate::disk::{Disk, LockGuard, Open, OsDisk};
use crate::fault::{Bad, Damage, Fault};
use crate::frame::{FrameNo, Kind};
use crate::head::{HEAD_NAME, Point};
use crate::log::Start;
use crate::reader::Reader;
use crate::segment::JournalId;
use crate::snapshot::Snapshots;
use crate::tail::Torn;

/// What a verification found in a journal whose frames are whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Identity of the journal.
    pub id: JournalId,
    /// Segments read.
    pub segments: u64,
    /// The first frame read; later than 1 when earlier segments are in an archive that was not given.
    pub first_frame: FrameNo,
    /// Frames read, seals included.
    pub frames: u64,
    /// Entries in them.
    pub entries: u64,
    /// Bytes read from segments.
    pub bytes: u64,
    /// The last frame, its hash, and the entry after it.
    pub point: Point,
    /// The journal was closed in good order.
    pub closed: bool,
    /// Snapshots that check.
    pub snapshots: u64,
    /// An incomplete append at the end, as a crash leaves it; opening will cut it.
    pub torn: Option<Torn>,
    /// Damage outside the frames: `HEAD`, snapshots, leftovers, foreign files. The frames are whole nevertheless.
    pub findings: Vec<Bad>,
}

impl Report {
    /// True when nothing at all is odd: no finding and no torn append.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty() && self.torn.is_none()
    }
}

/// Verifies the journal in a folder of the real disk.
///
/// # Errors
/// [`Fault::Corrupt`] with the first bad place; [`Fault::Locked`] while the journal is open for writing; [`Fault::Io`].
pub fn verify_dir(dir: &Path) -> Result<Report, Fault> {
    verify(&OsDisk::shared(), dir, &[])
}

/// Verifies a journal together with the folders its earlier segments were archived to.
///
/// # Errors
/// As [`verify_dir`].
pub fn verify(disk: &Arc<dyn Disk>, dir: &Path, archives: &[PathBuf]) -> Result<Report, Fault> {
    let _shared = lock_shared(&**disk, dir)?;
    let mut archived = Vec::new();
    for archive in archives {
        archived.extend(archive::check(&**disk, archive)?);
    }
    let directory = directory::load(&**disk, dir, archives)?;
    let Some(head) = directory.head.clone() else {
        return Err(bad_file(HEAD_NAME, Damage::HeadMissing).into());
    };
    let snapshots = Snapshots::new(Arc::clone(disk), dir, head.state.id);
    let mut findings: Vec<Bad> = head.bad.clone().into_iter().chain(archived).collect();
    findings.extend(oddities(&**disk, dir, &directory, head.state.closed)?);
    let first_frame = directory.segments.first().map_or(FrameNo(1), |s| s.header.first_frame);
    let mut reader = Reader::over(Arc::clone(disk), directory, Start::BEGINNING)?;
    let (mut frames, mut entries) = (0u64, 0u64);
    while let Some(found) = reader.step()? {
        frames += 1;
        if found.header.kind != Kind::Seal {
            entries += u64::from(found.header.entries);
        }
    }
    let whole = check_snapshots(&snapshots, head.state.closed, &mut findings)?;
    Ok(Report {
        id: head.state.id,
        segments: reader.segments_read,
        first_frame,
        frames,
        entries,
        bytes: reader.bytes_read,
        point: reader.point(),
        closed: head.state.closed,
        snapshots: whole,
        torn: reader.torn().cloned(),
        findings,
    })
}

/// A journal on a medium that cannot be locked can still be verified.
fn lock_shared(disk: &dyn Disk, dir: &Path) -> Result<Option<Box<dyn LockGuard>>, Fault> {
    let path = dir.join(LOCK_NAME);
    match disk.lock(&path, false) {
        Ok(Some(guard)) => Ok(Some(guard)),
        Ok(None) => Err(Fault::Locked { path: path.display().to_string() }),
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::NotFound
                    | io::ErrorKind::PermissionDenied
                    | io::ErrorKind::ReadOnlyFilesystem
                    | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(None)
        }
        Err(e) => Err(Fault::io("lock", &path, &e)),
    }
}

fn oddities(disk: &dyn Disk, dir: &Path, directory: &Directory, closed: bool) -> Result<Vec<Bad>, Fault> {
    let mut found = Vec::new();
    for name in &directory.foreign {
        found.push(bad_file(name, Damage::ForeignFile));
    }
    if closed {
        for name in &directory.temps {
            found.push(bad_file(name, Damage::NotClean));
        }
    }
    let path = dir.join(LOCK_NAME);
    match disk.open(&path, Open::Read) {
        Ok(file) => {
            let len = file.len().map_err(|e| Fault::io("length", &path, &e))?;
            if len > 0 {
                found.push(bad_file(LOCK_NAME, Damage::Trailing { bytes: len }));
            }
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => return Err(Fault::io("open", &path, &e)),
    }
    Ok(found)
}

/// Checks each snapshot; says how many are whole. An unfinished one is odd only in a journal that was closed.
fn check_snapshots(snapshots: &Snapshots, closed: bool, findings: &mut Vec<Bad>) -> Result<u64, Fault> {
    let mut whole = 0;
    for name in snapshots.names()? {
        if name.ends_with(TEMP_SUFFIX) {
            if closed {
                findings.push(bad_file(&name, Damage::NotClean));
            }
            continue;
        }
        match snapshots.check(&name, |_| {}) {
            Ok(_) => whole += 1,
            Err(Fault::Corrupt(bad)) => findings.push(*bad),
            Err(other) => return Err(other),
        }
    }
    Ok(whole)
}
