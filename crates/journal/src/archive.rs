//! Retention: sealed segments move to an archive folder, with a manifest of their hashes. Nothing is ever deleted: a
//! segment leaves the journal folder only after its copy has been synced, read back and compared.
//!
//! Deliberately absent: expiry, compression, and the decision what to archive when.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::directory::{self, SegmentFile, TEMP_SUFFIX, bad_file};
use crate::disk::{Disk, DiskFile, Open, read_full, write_full};
use crate::fault::{Bad, Damage, Fault};
use crate::file::FileLog;
use crate::frame::{EntrySeq, FrameNo, Hash};
use crate::log::Log;
use crate::pipeline::lock;
use crate::scan::Scan;
use crate::segment::{JournalId, is_segment_name};

/// Name of the manifest in an archive folder.
pub const MANIFEST_NAME: &str = "MANIFEST";
const TITLE: &str = "comity-journal archive 1";
/// A manifest grows by a line of about 250 bytes per segment; this is some 250,000 segments.
const MANIFEST_LEN_MAX: usize = 64 << 20;

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// Names of the segments that left the journal folder, in order.
    pub segments: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
    /// The first frame that is still in the journal folder.
    pub first_frame: FrameNo,
}

impl FileLog {
    /// Moves sealed segments whose frames are all at or before `upto` to the folder `to`.
    ///
    /// Each is checked frame by frame, copied, synced, read back, entered in the manifest; then `HEAD` is told that the
    /// journal begins later, and only then the segment leaves the journal folder. A crash at any point leaves each
    /// segment in at least one of the two places; calling again finishes the work.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] when a segment, or the manifest that is already there, does not check; [`Fault::Io`]. The
    /// journal can go on after either.
    pub fn archive(&mut self, upto: FrameNo, to: &Path) -> Result<Archived, Fault> {
        if let Some(fault) = self.fault() {
            return Err(fault.poisoned());
        }
        let disk = std::sync::Arc::clone(self.disk());
        let disk = &*disk;
        let dir = self.dir().to_owned();
        directory::create(disk, to)?;
        let mut manifest = Manifest::load(disk, to)?.unwrap_or(Manifest { id: self.id(), lines: Vec::new() });
        if manifest.id != self.id() {
            return Err(manifest_bad("journal identity").into());
        }
        let limit = upto.min(self.durable().frame);
        let segments = directory::segments(disk, &dir)?;
        let leaving: Vec<(SegmentFile, FrameNo)> = segments
            .windows(2)
            .filter(|pair| pair[1].header.first_frame.0 - 1 <= limit.0)
            .map(|pair| (pair[0].clone(), pair[1].header.first_frame))
            .collect();
        let mut archived = Archived {
            segments: Vec::new(),
            bytes: 0,
            first_frame: segments.first().map_or(FrameNo(1), |s| s.header.first_frame),
        };
        let Some((last, first_frame)) = leaving.last() else {
            return Ok(archived);
        };
        let base = last.header.number + 1;
        archived.first_frame = *first_frame;
        for (segment, _) in &leaving {
            let line = Line::of(disk, segment)?;
            if let Some(known) = manifest.lines.iter().find(|l| l.number == line.number) {
                if *known != line {
                    return Err(manifest_bad("segment differs from its line").into());
                }
            } else {
                if manifest.lines.last().is_some_and(|l| l.number + 1 != line.number) {
                    return Err(manifest_bad("segments in between are missing").into());
                }
                manifest.lines.push(line.clone());
            }
            copy(disk, segment, to, &line)?;
            archived.bytes += line.bytes;
            archived.segments.push(segment.name.clone());
        }
        manifest.store(disk, to)?;
        {
            let mut head = lock(&self.shared.head);
            if head.state.base_segment < base {
                head.state.base_segment = base;
                if let Err(fault) = head.write_both() {
                    self.shared.poison(fault.clone());
                    return Err(fault);
                }
            }
        }
        for (segment, _) in &leaving {
            let path = dir.join(&segment.name);
            disk.remove(&path).map_err(|e| Fault::io("remove", &path, &e))?;
        }
        disk.sync_dir(&dir).map_err(|e| Fault::io("fsync", &dir, &e))?;
        Ok(archived)
    }
}

/// Checks an archive folder by its manifest: every listed file is there and unchanged. Gives what does not belong.
pub(crate) fn check(disk: &dyn Disk, dir: &Path) -> Result<Vec<Bad>, Fault> {
    let Some(manifest) = Manifest::load(disk, dir)? else {
        return Err(manifest_bad("it is missing").into());
    };
    let names = disk.list(dir).map_err(|e| Fault::io("list", dir, &e))?;
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for line in &manifest.lines {
        if !names.contains(line.name.as_str()) {
            let number = line.number;
            return Err(bad_file(&line.name, Damage::SegmentMissing { number }).into());
        }
        let path = dir.join(&line.name);
        let (bytes, hash) = hash_file(disk, &path)?;
        if (bytes, hash) != (line.bytes, line.file_hash) {
            let check = "segment differs from its line";
            return Err(bad_file(&line.name, Damage::Manifest { check }).into());
        }
    }
    let known: BTreeSet<&str> = manifest.lines.iter().map(|l| l.name.as_str()).collect();
    Ok(names
        .into_iter()
        .filter(|name| *name != MANIFEST_NAME && !known.contains(name))
        .map(|name| bad_file(name, Damage::ForeignFile))
        .collect())
}

/// One line of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    number: u64,
    name: String,
    bytes: u64,
    frames: (FrameNo, FrameNo),
    /// First entry, and the entry after the last.
    entries: (EntrySeq, EntrySeq),
    file_hash: Hash,
    seal_hash: Hash,
}

impl Line {
    /// Reads a segment in full, with every check, and describes it.
    fn of(disk: &dyn Disk, segment: &SegmentFile) -> Result<Self, Fault> {
        let mut scan = Scan::open(disk, &segment.dir, &segment.name, Vec::new())?;
        while scan.step()?.is_some() {}
        if !scan.sealed {
            return Err(scan.bad_here(Damage::NotSealed).into());
        }
        let left = scan.left()?;
        if left > 0 {
            return Err(scan.bad_here(Damage::Trailing { bytes: left }).into());
        }
        let (bytes, file_hash) = hash_file(disk, &segment.dir.join(&segment.name))?;
        Ok(Self {
            number: segment.header.number,
            name: segment.name.clone(),
            bytes,
            frames: (segment.header.first_frame, FrameNo(scan.next_frame.0 - 1)),
            entries: (segment.header.first_entry, scan.next_entry),
            file_hash,
            seal_hash: scan.chain,
        })
    }

    fn render(&self, out: &mut String) {
        let line = writeln!(
            out,
            "segment {} {} bytes {} frames {} {} entries {} {} file {} seal {}",
            self.number,
            self.name,
            self.bytes,
            self.frames.0,
            self.frames.1,
            self.entries.0,
            self.entries.1,
            hex(&self.file_hash),
            hex(&self.seal_hash)
        );
        line.expect("writing to a string does not fail");
    }

    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [
            "segment",
            number,
            name,
            "bytes",
            bytes,
            "frames",
            first_frame,
            last_frame,
            "entries",
            first_entry,
            next_entry,
            "file",
            file_hash,
            "seal",
            seal_hash,
        ] = words[..]
        else {
            return None;
        };
        is_segment_name(name).then_some(())?;
        Some(Self {
            number: number.parse().ok()?,
            name: name.to_owned(),
            bytes: bytes.parse().ok()?,
            frames: (FrameNo(first_frame.parse().ok()?), FrameNo(last_frame.parse().ok()?)),
            entries: (EntrySeq(first_entry.parse().ok()?), EntrySeq(next_entry.parse().ok()?)),
            file_hash: unhex(file_hash)?,
            seal_hash: unhex(seal_hash)?,
        })
    }
}

/// The manifest of an archive folder: text, so that it can be read without any program.
struct Manifest {
    id: JournalId,
    lines: Vec<Line>,
}

impl Manifest {
    fn load(disk: &dyn Disk, dir: &Path) -> Result<Option<Self>, Fault> {
        let path = dir.join(MANIFEST_NAME);
        let file = match disk.open(&path, Open::Read) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Fault::io("open", &path, &e)),
        };
        let len = file.len().map_err(|e| Fault::io("length", &path, &e))?;
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        if len > MANIFEST_LEN_MAX {
            return Err(manifest_bad("it is too long").into());
        }
        let mut bytes = vec![0u8; len];
        let got = read_full(&*file, &mut bytes, 0).map_err(|e| Fault::io("read", &path, &e))?;
        bytes.truncate(got);
        let text = String::from_utf8(bytes).map_err(|_| manifest_bad("it is not text"))?;
        Self::parse(&text)
            .filter(|manifest| manifest.render() == text)
            .map(Some)
            .ok_or_else(|| manifest_bad("its hash or a line").into())
    }

    /// Writes the manifest under a temporary name, syncs and renames it.
    fn store(&self, disk: &dyn Disk, dir: &Path) -> Result<(), Fault> {
        let name = MANIFEST_NAME;
        place(disk, dir, name, |file| write_full(file, self.render().as_bytes(), 0))
    }

    fn render(&self) -> String {
        let mut text = format!("{TITLE}\njournal {}\n", hex(&self.id.0));
        for line in &self.lines {
            line.render(&mut text);
        }
        let hash = *blake3::hash(text.as_bytes()).as_bytes();
        text.push_str("end ");
        text.push_str(&hex(&hash));
        text.push('\n');
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        (lines.next()? == TITLE).then_some(())?;
        let id = JournalId(unhex(lines.next()?.strip_prefix("journal ")?)?);
        let mut found = Vec::new();
        for line in lines {
            if line.starts_with("end ") {
                // Whoever calls renders it again and compares: hash, order of fields and all.
                return Some(Self { id, lines: found });
            }
            found.push(Line::parse(line)?);
        }
        None
    }
}

/// Copies a segment under a temporary name, syncs, renames, and reads the copy back.
fn copy(disk: &dyn Disk, segment: &SegmentFile, to: &Path, line: &Line) -> Result<(), Fault> {
    let target = to.join(&segment.name);
    let source_path = segment.dir.join(&segment.name);
    let is_there = match hash_file(disk, &target) {
        Ok(found) => found == (line.bytes, line.file_hash),
        Err(Fault::Io { kind: io::ErrorKind::NotFound, .. }) => false,
        Err(fault) => return Err(fault),
    };
    if is_there {
        return Ok(());
    }
    let source = disk.open(&source_path, Open::Read).map_err(|e| Fault::io("open", &source_path, &e))?;
    place(disk, to, &segment.name, |file| {
        let mut at = 0u64;
        pieces(&*source, |piece| {
            write_full(file, piece, at)?;
            at += piece.len() as u64;
            Ok(())
        })
    })?;
    if hash_file(disk, &target)? != (line.bytes, line.file_hash) {
        let check = "copy differs from its source";
        return Err(bad_file(&segment.name, Damage::Manifest { check }).into());
    }
    Ok(())
}

/// Fills a file under a temporary name, syncs it, gives it its name and syncs the folder.
fn place(
    disk: &dyn Disk,
    dir: &Path,
    name: &str,
    fill: impl FnOnce(&dyn DiskFile) -> io::Result<()>,
) -> Result<(), Fault> {
    let temp: PathBuf = dir.join(format!("{name}{TEMP_SUFFIX}"));
    let io = |what, e: io::Error| Fault::io(what, &temp, &e);
    let file = disk.open(&temp, Open::Create).map_err(|e| io("create", e))?;
    fill(&*file).map_err(|e| io("write", e))?;
    file.sync_data().map_err(|e| io("fdatasync", e))?;
    disk.rename(&temp, &dir.join(name)).map_err(|e| io("rename", e))?;
    disk.sync_dir(dir).map_err(|e| Fault::io("fsync", dir, &e))
}

fn hash_file(disk: &dyn Disk, path: &Path) -> Result<(u64, Hash), Fault> {
    let file = disk.open(path, Open::Read).map_err(|e| Fault::io("open", path, &e))?;
    let mut hasher = blake3::Hasher::new();
    let mut len = 0u64;
    pieces(&*file, |piece| {
        hasher.update(piece);
        len += piece.len() as u64;
        Ok(())
    })
    .map_err(|e| Fault::io("read", path, &e))?;
    Ok((len, *hasher.finalize().as_bytes()))
}

fn pieces(file: &dyn DiskFile, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut piece = vec![0u8; 1 << 20];
    let mut at = 0u64;
    loop {
        let got = read_full(file, &mut piece, at)?;
        if got == 0 {
            return Ok(());
        }
        each(&piece[..got])?;
        at += got as u64;
    }
}

fn manifest_bad(check: &'static str) -> Bad {
    bad_file(MANIFEST_NAME, Damage::Manifest { check })
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0u8; N];
    (text.len() == 2 * N && text.is_ascii()).then_some(())?;
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(out)
}
