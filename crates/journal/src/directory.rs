//! What files a journal consists of: finding them, naming them, putting them in order.
//!
//! Deliberately absent: reading frames.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{Disk, Open, read_full};
use crate::fault::{Bad, Damage, Fault};
use crate::frame::{EntrySeq, FrameNo};
use crate::head::{self, HEAD_NAME, HeadRead};
use crate::segment::{SEGMENT_HEADER_LEN, SegmentHeader, is_segment_name};

/// Name of the lock file; it stays empty.
pub const LOCK_NAME: &str = "LOCK";
/// Folder of the snapshots inside the journal folder.
pub const SNAPSHOT_DIR: &str = "snapshots";
/// Ending of files that were not finished.
pub(crate) const TEMP_SUFFIX: &str = ".tmp";

/// A segment file and its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SegmentFile {
    pub(crate) dir: PathBuf,
    pub(crate) name: String,
    pub(crate) header: SegmentHeader,
}

/// A journal folder, listed.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    pub(crate) head: Option<HeadRead>,
    /// In order of number, without gaps.
    pub(crate) segments: Vec<SegmentFile>,
    /// Unfinished temporary files.
    pub(crate) temps: Vec<String>,
    /// Files that do not belong here.
    pub(crate) foreign: Vec<String>,
}

/// Lists a journal folder and reads `HEAD` and the segment headers.
///
/// `archives` are folders that hold earlier segments; a segment that stands both there and here counts once.
pub(crate) fn load(disk: &dyn Disk, dir: &Path, archives: &[PathBuf]) -> Result<Directory, Fault> {
    let mut directory = Directory {
        head: head::read(disk, dir)?,
        segments: segments(disk, dir)?,
        temps: Vec::new(),
        foreign: Vec::new(),
    };
    for name in list(disk, dir)? {
        if name.ends_with(TEMP_SUFFIX) {
            directory.temps.push(name);
        } else if name != HEAD_NAME && name != LOCK_NAME && !is_segment_name(&name) {
            directory.foreign.push(name);
        }
    }
    if directory.head.is_none() && !directory.segments.is_empty() {
        return Err(bad_file(HEAD_NAME, Damage::HeadMissing).into());
    }
    for archive in archives {
        for file in segments(disk, archive)? {
            if directory.segments.iter().all(|s| s.header.number != file.header.number) {
                directory.segments.push(file);
            }
        }
    }
    order(&mut directory.segments)?;
    if let Some(read) = &directory.head {
        check_identity(read, &directory.segments)?;
        let base = read.state.base_segment;
        let first = directory.segments.first().map_or(u64::MAX, |s| s.header.number);
        let started = read.state.durable.frame.0 > 0;
        if first > base && (started || first != u64::MAX) {
            return Err(bad_file(HEAD_NAME, Damage::SegmentMissing { number: base }).into());
        }
    }
    Ok(directory)
}

/// Creates a folder if there is none, and makes its name durable: a folder whose own name is lost takes everything in it
/// along, however well that was synced. Done at each opening, for a killed process may have created it in vain.
pub(crate) fn create(disk: &dyn Disk, dir: &Path) -> Result<(), Fault> {
    disk.create_dir(dir).map_err(|e| Fault::io("create", dir, &e))?;
    let parent = match dir.parent() {
        None => return Ok(()),
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
    };
    match disk.sync_dir(parent) {
        // A parent that we may not read was made by somebody else, and so was the folder.
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        synced => synced.map_err(|e| Fault::io("fsync", parent, &e)),
    }
}

/// The segments of one folder, with their headers, sorted by number.
pub(crate) fn segments(disk: &dyn Disk, dir: &Path) -> Result<Vec<SegmentFile>, Fault> {
    let mut found = Vec::new();
    for name in list(disk, dir)? {
        if !is_segment_name(&name) {
            continue;
        }
        let path = dir.join(&name);
        let file = disk.open(&path, Open::Read).map_err(|e| Fault::io("open", &path, &e))?;
        let mut bytes = [0u8; SEGMENT_HEADER_LEN];
        let got = read_full(&*file, &mut bytes, 0).map_err(|e| Fault::io("read", &path, &e))?;
        let header = SegmentHeader::decode(&bytes[..got]).map_err(|damage| bad_file(&name, damage))?;
        if header.file_name() != name {
            let wanted = header.file_name();
            return Err(bad_file(&name, Damage::SegmentName { wanted }).into());
        }
        found.push(SegmentFile { dir: dir.to_owned(), name, header });
    }
    order(&mut found)?;
    Ok(found)
}

fn order(segments: &mut [SegmentFile]) -> Result<(), Fault> {
    segments.sort_by_key(|s| s.header.number);
    for pair in segments.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let number = before.header.number + 1;
        if after.header.number != number {
            return Err(Bad {
                frame: after.header.first_frame,
                entry: after.header.first_entry,
                ..bad_file(&after.name, Damage::SegmentMissing { number })
            }
            .into());
        }
    }
    Ok(())
}

fn check_identity(read: &HeadRead, segments: &[SegmentFile]) -> Result<(), Fault> {
    for segment in segments {
        if segment.header.id != read.state.id {
            return Err(bad_file(&segment.name, Damage::SegmentIdentity).into());
        }
    }
    Ok(())
}

fn list(disk: &dyn Disk, dir: &Path) -> Result<Vec<String>, Fault> {
    match disk.list(dir) {
        Ok(names) => Ok(names),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(Fault::io("list", dir, &e)),
    }
}

/// Damage that concerns a file as a whole.
pub(crate) fn bad_file(name: &str, damage: Damage) -> Bad {
    Bad { file: name.to_owned(), offset: 0, frame: FrameNo(0), entry: EntrySeq(0), damage }
}
