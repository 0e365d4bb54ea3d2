//! Snapshots: the caller's state at an entry, so that replay need not begin at the first.
//!
//! A snapshot is a shortcut, never the truth: one that does not check is reported and passed over, and the journal
//! is replayed from further back.
//!
//! Deliberately absent: what the bytes mean, and removal of old ones.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::directory::{SNAPSHOT_DIR, TEMP_SUFFIX, bad_file};
use crate::disk::{Disk, DiskFile, Open, read_full, write_full};
use crate::fault::{Damage, Fault};
use crate::frame::{EntrySeq, FORMAT_VERSION, FrameNo, Hash, Micros, array_at, hash_at, u16_at, u32_at, u64_at};
use crate::segment::JournalId;

/// Ending of snapshot file names.
const SUFFIX: &str = ".cs";
const MAGIC: [u8; 8] = *b"CJ-SNAP1";
const HEADER_LEN: usize = 128;
/// Length of the body and the hash over everything before the hash.
const TRAILER_LEN: usize = 40;
const PIECE_LEN: usize = 1 << 20;

/// What a snapshot is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// The first entry that is not in the state: replay goes on here. Names the file.
    pub next_entry: EntrySeq,
    /// The last frame that is in the state.
    pub frame: FrameNo,
    /// Time given by the caller.
    pub at: Micros,
    /// Digest of the state, as the caller computes it.
    pub digest: Hash,
}

/// A snapshot that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// What it is of.
    pub info: SnapshotInfo,
    /// The caller's bytes.
    pub body: Vec<u8>,
}

/// The snapshots of one journal.
#[derive(Clone)]
pub struct Snapshots {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    id: JournalId,
}

impl Snapshots {
    /// The snapshots of the journal `id` in `journal_dir`; the folder is created with the first one.
    #[must_use]
    pub fn new(disk: Arc<dyn Disk>, journal_dir: &Path, id: JournalId) -> Self {
        Self { disk, dir: journal_dir.join(SNAPSHOT_DIR), id }
    }

    /// Writes a snapshot: when this returns it is durable and whole, and before that it does not exist.
    ///
    /// # Errors
    /// [`Fault::Io`]. The journal itself is not touched by it.
    pub fn write(&self, info: SnapshotInfo, body: &[u8]) -> Result<(), Fault> {
        let mut writer = self.writer(info)?;
        writer.push(body)?;
        writer.finish()
    }

    /// Begins a snapshot that is written piece by piece.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn writer(&self, info: SnapshotInfo) -> Result<SnapshotWriter, Fault> {
        self.disk.create_dir(&self.dir).map_err(|e| Fault::io("create", &self.dir, &e))?;
        if let Some(parent) = self.dir.parent() {
            self.disk.sync_dir(parent).map_err(|e| Fault::io("fsync", parent, &e))?;
        }
        let path = self.dir.join(file_name(info.next_entry));
        let temp = self.dir.join(format!("{}{TEMP_SUFFIX}", file_name(info.next_entry)));
        let file = self.disk.open(&temp, Open::Create).map_err(|e| Fault::io("create", &temp, &e))?;
        let mut writer = SnapshotWriter {
            disk: Arc::clone(&self.disk),
            dir: self.dir.clone(),
            temp,
            path,
            file,
            hasher: blake3::Hasher::new(),
            gathered: Vec::new(),
            offset: 0,
            body_len: 0,
            finished: false,
        };
        writer.put(&encode(&info, self.id))?;
        Ok(writer)
    }

    /// The entries for which snapshots exist, oldest first; none of them checked.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn list(&self) -> Result<Vec<EntrySeq>, Fault> {
        Ok(self.names()?.iter().filter_map(|n| entry_of(n)).collect())
    }

    /// Reads and checks one snapshot.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] when it does not check, [`Fault::Io`].
    pub fn load(&self, next_entry: EntrySeq) -> Result<Snapshot, Fault> {
        let mut body = Vec::new();
        let info = self.check(&file_name(next_entry), |piece| {
            body.extend_from_slice(piece);
        })?;
        Ok(Snapshot { info, body })
    }

    /// The newest snapshot that checks, at or before `limit`, and the faults of those that were passed over.
    ///
    /// Give the journal's next entry as the limit: a snapshot ahead of the journal belongs to another history.
    ///
    /// # Errors
    /// [`Fault::Io`] when the folder cannot be listed.
    pub fn newest(&self, limit: EntrySeq) -> Result<(Option<Snapshot>, Vec<Fault>), Fault> {
        let mut passed_over = Vec::new();
        for entry in self.list()?.into_iter().rev() {
            if entry > limit {
                continue;
            }
            match self.load(entry) {
                Ok(snapshot) => return Ok((Some(snapshot), passed_over)),
                Err(fault) => passed_over.push(fault),
            }
        }
        Ok((None, passed_over))
    }

    /// Names of all files in the folder.
    pub(crate) fn names(&self) -> Result<Vec<String>, Fault> {
        match self.disk.list(&self.dir) {
            Ok(names) => Ok(names),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(Fault::io("list", &self.dir, &e)),
        }
    }

    /// Removes what an interrupted writing left.
    pub(crate) fn remove_unfinished(&self) -> Result<(), Fault> {
        for name in self.names()? {
            if name.ends_with(TEMP_SUFFIX) {
                let path = self.dir.join(name);
                self.disk.remove(&path).map_err(|e| Fault::io("remove", &path, &e))?;
            }
        }
        Ok(())
    }

    /// Checks one file without keeping more than a piece of it.
    pub(crate) fn check(&self, name: &str, mut body: impl FnMut(&[u8])) -> Result<SnapshotInfo, Fault> {
        let path = self.dir.join(name);
        let bad = |check| Fault::from(bad_file(name, Damage::Snapshot { check }));
        let io = |what, e: io::Error| Fault::io(what, &path, &e);
        let file = self.disk.open(&path, Open::Read).map_err(|e| io("open", e))?;
        let len = file.len().map_err(|e| io("length", e))?;
        let Some(body_len) = len.checked_sub((HEADER_LEN + TRAILER_LEN) as u64) else {
            return Err(bad("length"));
        };
        let mut header = [0u8; HEADER_LEN];
        let got = read_full(&*file, &mut header, 0).map_err(|e| io("read", e))?;
        if got < HEADER_LEN {
            return Err(bad("length"));
        }
        let info = decode(&header, self.id).map_err(|damage| bad_file(name, damage))?;
        if file_name(info.next_entry) != name {
            return Err(bad("file name"));
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&header);
        let mut piece = vec![0u8; PIECE_LEN];
        let mut done = 0u64;
        while done < body_len {
            let want = usize::try_from(body_len - done).map_or(PIECE_LEN, |left| left.min(PIECE_LEN));
            let got = read_full(&*file, &mut piece[..want], HEADER_LEN as u64 + done).map_err(|e| io("read", e))?;
            if got < want {
                return Err(bad("length"));
            }
            hasher.update(&piece[..want]);
            body(&piece[..want]);
            done += want as u64;
        }
        let mut trailer = [0u8; TRAILER_LEN];
        let got = read_full(&*file, &mut trailer, HEADER_LEN as u64 + body_len).map_err(|e| io("read", e))?;
        if got < TRAILER_LEN || u64_at(&trailer, 0) != body_len {
            return Err(bad("length"));
        }
        hasher.update(&trailer[..8]);
        if *hasher.finalize().as_bytes() != hash_at(&trailer, 8) {
            return Err(bad("hash"));
        }
        Ok(info)
    }
}

/// A snapshot being written. Dropping it unfinished removes it.
pub struct SnapshotWriter {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    temp: PathBuf,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    hasher: blake3::Hasher,
    gathered: Vec<u8>,
    offset: u64,
    body_len: u64,
    finished: bool,
}

impl SnapshotWriter {
    /// Adds bytes to the body.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.body_len += bytes.len() as u64;
        bytes.chunks(PIECE_LEN).try_for_each(|piece| self.put(piece))
    }

    /// Completes the snapshot: after this it is durable under its name.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn finish(mut self) -> Result<(), Fault> {
        let len = self.body_len.to_le_bytes();
        self.put(&len)?;
        let hash = *self.hasher.finalize().as_bytes();
        self.gathered.extend_from_slice(&hash);
        self.flush()?;
        self.file.sync_data().map_err(|e| Fault::io("fdatasync", &self.temp, &e))?;
        self.disk.rename(&self.temp, &self.path).map_err(|e| Fault::io("rename", &self.temp, &e))?;
        self.finished = true;
        self.disk.sync_dir(&self.dir).map_err(|e| Fault::io("fsync", &self.dir, &e))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hasher.update(bytes);
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE_LEN {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fault> {
        write_full(&*self.file, &self.gathered, self.offset).map_err(|e| Fault::io("write", &self.temp, &e))?;
        self.offset += self.gathered.len() as u64;
        self.gathered.clear();
        Ok(())
    }
}

impl Drop for SnapshotWriter {
    fn drop(&mut self) {
        if !self.finished {
            // Only tidiness: nobody reads a temporary file, and the next opening removes what is left.
            drop(self.disk.remove(&self.temp));
        }
    }
}

impl Write for SnapshotWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn file_name(next_entry: EntrySeq) -> String {
    format!("{:020}{SUFFIX}", next_entry.0)
}

fn entry_of(name: &str) -> Option<EntrySeq> {
    let stem = name.strip_suffix(SUFFIX)?;
    let entry = EntrySeq(stem.parse().ok()?);
    (file_name(entry) == name).then_some(entry)
}

fn encode(info: &SnapshotInfo, id: JournalId) -> [u8; HEADER_LEN] {
    let mut b = [0u8; HEADER_LEN];
    b[0..8].copy_from_slice(&MAGIC);
    b[8..10].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
    b[16..32].copy_from_slice(&id.0);
    b[32..40].copy_from_slice(&info.next_entry.0.to_le_bytes());
    b[40..48].copy_from_slice(&info.frame.0.to_le_bytes());
    b[48..56].copy_from_slice(&info.at.0.to_le_bytes());
    b[56..88].copy_from_slice(&info.digest);
    let crc = crc32c::crc32c(&b[..HEADER_LEN - 4]);
    b[HEADER_LEN - 4..].copy_from_slice(&crc.to_le_bytes());
    b
}

fn decode(b: &[u8; HEADER_LEN], id: JournalId) -> Result<SnapshotInfo, Damage> {
    let check = |check| Damage::Snapshot { check };
    if b[0..8] != MAGIC || u32_at(b, HEADER_LEN - 4) != crc32c::crc32c(&b[..HEADER_LEN - 4]) {
        return Err(check("header"));
    }
    let found = u16_at(b, 8);
    if found != FORMAT_VERSION {
        return Err(Damage::Version { found, newest: FORMAT_VERSION });
    }
    if array_at::<16>(b, 16) != id.0 {
        return Err(check("journal identity"));
    }
    Ok(SnapshotInfo {
        next_entry: EntrySeq(u64_at(b, 32)),
        frame: FrameNo(u64_at(b, 40)),
        at: Micros(u64_at(b, 48)),
        digest: hash_at(b, 56),
    })
}
