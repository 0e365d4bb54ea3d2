//! A disk in memory that can crash, lose power, tear, fill up, fail at the n-th call, and lie.
//!
//! It keeps two images of each file: what a program sees (the page cache) and what has reached the disk, in sectors of
//! 512 bytes. A failed sync forgets which sectors were dirty, as real systems do: a later sync succeeds and saves nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Disk, DiskFile, LockGuard, Open};

const SECTOR: usize = 512;

/// What happens at the chosen call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// This call fails once; a sync that fails forgets its dirty sectors.
    Fails,
    /// A write takes half of its bytes, and the call after it fails; other calls fail.
    Short,
    /// From here on nothing can be allocated: writes, new files and longer files fail.
    Full,
    /// From here on every call fails; a write under way is half done.
    Dies,
}

#[derive(Default)]
struct Inode {
    seen: Vec<u8>,
    safe: Vec<u8>,
    dirty: BTreeSet<usize>,
}

#[derive(Default)]
struct Inner {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    safe_names: BTreeMap<PathBuf, usize>,
    locked: BTreeSet<PathBuf>,
    calls: u64,
    trouble: Option<(u64, Trouble)>,
    /// Syncs say yes and do nothing.
    lies: bool,
    free: Option<u64>,
}

/// The disk; clones share it.
#[derive(Clone, Default)]
pub(super) struct SimDisk(Arc<Mutex<Inner>>);

impl SimDisk {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn shared(&self) -> Arc<dyn Disk> {
        Arc::new(self.clone())
    }

    /// A copy with its own files, as programs see them now.
    pub(super) fn fork(&self) -> Self {
        let inner = self.lock();
        let copy = Inner {
            inodes: inner
                .inodes
                .iter()
                .map(|i| Inode { seen: i.seen.clone(), safe: i.safe.clone(), dirty: i.dirty.clone() })
                .collect(),
            names: inner.names.clone(),
            safe_names: inner.safe_names.clone(),
            ..Inner::default()
        };
        Self(Arc::new(Mutex::new(copy)))
    }

    /// The n-th call from now (from 0) meets trouble.
    pub(super) fn trouble_at(&self, call: u64, trouble: Trouble) {
        let mut inner = self.lock();
        let at = inner.calls + call;
        inner.trouble = Some((at, trouble));
    }

    pub(super) fn lie(&self) {
        self.lock().lies = true;
    }

    pub(super) fn set_free(&self, free: Option<u64>) {
        self.lock().free = free;
    }

    pub(super) fn calls(&self) -> u64 {
        self.lock().calls
    }

    /// The process ended: locks are gone, the page cache stays. The trouble is over.
    pub(super) fn restart(&self) {
        let mut inner = self.lock();
        inner.locked.clear();
        inner.trouble = None;
        inner.lies = false;
        inner.free = None;
    }

    /// The power failed: each dirty sector may or may not have reached the disk, each file may have its old or its new
    /// length, names that were not synced may be the old or the new ones.
    pub(super) fn lose_power(&self, seed: u64) {
        self.restart();
        let mut chance = Chance(seed);
        let mut inner = self.lock();
        if chance.coin() {
            inner.names = inner.safe_names.clone();
        }
        inner.safe_names = inner.names.clone();
        for inode in &mut inner.inodes {
            let mut now = inode.safe.clone();
            if chance.coin() {
                now.resize(inode.seen.len(), 0);
            }
            for sector in std::mem::take(&mut inode.dirty) {
                if chance.coin() {
                    copy_sector(&inode.seen, &mut now, sector);
                }
            }
            inode.seen = now.clone();
            inode.safe = now;
        }
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, path: &str) -> Vec<u8> {
        let inner = self.lock();
        let at = inner.names[Path::new(path)];
        inner.inodes[at].seen.clone()
    }

    /// Sets the bytes of a file, new or old, as somebody with the disk in hand could.
    pub(super) fn set_bytes(&self, path: &str, bytes: Vec<u8>) {
        let mut inner = self.lock();
        let at = inner.inode(Path::new(path));
        inner.inodes[at] = Inode { seen: bytes.clone(), safe: bytes, dirty: BTreeSet::new() };
        inner.safe_names = inner.names.clone();
    }

    pub(super) fn delete(&self, path: &str) {
        let mut inner = self.lock();
        inner.names.remove(Path::new(path));
        inner.safe_names.remove(Path::new(path));
    }

    /// All files, with their lengths.
    pub(super) fn files(&self) -> Vec<(String, usize)> {
        let inner = self.lock();
        let len = |at: &usize| inner.inodes[*at].seen.len();
        let name = |path: &PathBuf| path.display().to_string();
        inner.names.iter().map(|(p, at)| (name(p), len(at))).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A small generator of chances, the same for the same seed everywhere.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

fn copy_sector(from: &[u8], to: &mut [u8], sector: usize) {
    let start = sector * SECTOR;
    let end = (start + SECTOR).min(from.len()).min(to.len());
    if start < end {
        to[start..end].copy_from_slice(&from[start..end]);
    }
}

impl Inner {
    fn inode(&mut self, path: &Path) -> usize {
        if let Some(at) = self.names.get(path) {
            return *at;
        }
        self.inodes.push(Inode::default());
        let at = self.inodes.len() - 1;
        self.names.insert(path.to_owned(), at);
        at
    }

    /// Counts the call; says what goes wrong with it.
    fn call(&mut self, allocates: bool) -> Result<Option<Trouble>, io::Error> {
        let now = self.calls;
        self.calls += 1;
        let Some((at, trouble)) = self.trouble else {
            return Ok(None);
        };
        let failed = || Err(io::Error::other("input/output error"));
        match trouble {
            Trouble::Fails | Trouble::Short if now == at => Ok(Some(trouble)),
            Trouble::Short if now == at + 1 => failed(),
            Trouble::Fails | Trouble::Short => Ok(None),
            Trouble::Full if now >= at && allocates => Err(io::Error::new(io::ErrorKind::StorageFull, "no space left")),
            Trouble::Full => Ok(None),
            Trouble::Dies if now == at => Ok(Some(trouble)),
            Trouble::Dies if now > at => failed(),
            Trouble::Dies => Ok(None),
        }
    }

    fn simple_call(&mut self, allocates: bool) -> io::Result<()> {
        match self.call(allocates)? {
            None => Ok(()),
            Some(_) => Err(io::Error::other("input/output error")),
        }
    }
}

impl Disk for SimDisk {
    fn create_dir(&self, _dir: &Path) -> io::Result<()> {
        self.lock().simple_call(true)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut inner = self.lock();
        inner.simple_call(false)?;
        let here = inner.names.keys().filter(|p| p.parent() == Some(dir));
        Ok(here.filter_map(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned()).collect())
    }

    fn open(&self, path: &Path, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        let mut inner = self.lock();
        inner.simple_call(how == Open::Create)?;
        let inode = match how {
            Open::Create => {
                // A new file: what stood under the name lives on only for those who had it open.
                inner.names.remove(path);
                inner.inode(path)
            }
            Open::Read | Open::Write => {
                *inner.names.get(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?
            }
        };
        Ok(Arc::new(SimFile { disk: self.clone(), inode }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inner = self.lock();
        inner.simple_call(true)?;
        let at = inner.names.remove(from).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        inner.names.insert(to.to_owned(), at);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.lock();
        inner.simple_call(false)?;
        inner.names.remove(path);
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut inner = self.lock();
        inner.simple_call(false)?;
        if !inner.lies {
            let names = inner.names.clone();
            inner.safe_names.retain(|p, _| p.parent() != Some(dir));
            let here = names.into_iter().filter(|(p, _)| p.parent() == Some(dir));
            inner.safe_names.extend(here);
        }
        Ok(())
    }

    fn free_space(&self, _dir: &Path) -> io::Result<Option<u64>> {
        let mut inner = self.lock();
        inner.simple_call(false)?;
        Ok(inner.free)
    }

    fn lock(&self, path: &Path, exclusive: bool) -> io::Result<Option<Box<dyn LockGuard>>> {
        let mut inner = SimDisk::lock(self);
        inner.simple_call(exclusive)?;
        if !exclusive && !inner.names.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        inner.inode(path);
        if inner.locked.contains(path) {
            return Ok(None);
        }
        if exclusive {
            inner.locked.insert(path.to_owned());
        }
        Ok(Some(Box::new(SimLock { disk: self.clone(), path: path.to_owned(), exclusive })))
    }
}

struct SimLock {
    disk: SimDisk,
    path: PathBuf,
    exclusive: bool,
}

impl LockGuard for SimLock {}

impl Drop for SimLock {
    fn drop(&mut self) {
        if self.exclusive {
            self.disk.lock().locked.remove(&self.path);
        }
    }
}

struct SimFile {
    disk: SimDisk,
    inode: usize,
}

impl DiskFile for SimFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut inner = self.disk.lock();
        inner.simple_call(false)?;
        let seen = &inner.inodes[self.inode].seen;
        let start = (offset as usize).min(seen.len());
        let n = buf.len().min(seen.len() - start);
        buf[..n].copy_from_slice(&seen[start..start + n]);
        Ok(n)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut inner = self.disk.lock();
        let (take, answer) = match inner.call(true)? {
            None => (bytes.len(), Ok(bytes.len())),
            Some(Trouble::Short) => (bytes.len() / 2, Ok(bytes.len() / 2)),
            Some(Trouble::Dies) => (bytes.len() / 2, Err(io::Error::other("died"))),
            Some(Trouble::Fails | Trouble::Full) => (0, Err(io::Error::other("failed"))),
        };
        let inode = &mut inner.inodes[self.inode];
        let start = offset as usize;
        let end = start + take;
        if take > 0 {
            if inode.seen.len() < end {
                inode.seen.resize(end, 0);
            }
            inode.seen[start..end].copy_from_slice(&bytes[..take]);
            inode.dirty.extend(start / SECTOR..=(end - 1) / SECTOR);
        }
        answer
    }

    fn len(&self) -> io::Result<u64> {
        let mut inner = self.disk.lock();
        inner.simple_call(false)?;
        Ok(inner.inodes[self.inode].seen.len() as u64)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut inner = self.disk.lock();
        let longer = len as usize > inner.inodes[self.inode].seen.len();
        inner.simple_call(longer)?;
        let inode = &mut inner.inodes[self.inode];
        let old = inode.seen.len();
        if (len as usize) < old {
            // The cut sectors are to be zeros if the file grows again.
            inode.dirty.extend(len as usize / SECTOR..=old / SECTOR);
        }
        inode.seen.resize(len as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut inner = self.disk.lock();
        let trouble = inner.call(false)?;
        if inner.lies {
            return Ok(());
        }
        let inode = &mut inner.inodes[self.inode];
        let dirty = std::mem::take(&mut inode.dirty);
        if trouble.is_some() {
            return Err(io::Error::other("sync failed"));
        }
        inode.safe.resize(inode.seen.len(), 0);
        for sector in dirty {
            copy_sector(&inode.seen, &mut inode.safe, sector);
        }
        Ok(())
    }
}
