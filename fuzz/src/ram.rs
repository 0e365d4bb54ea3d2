//! A disk in memory: as good as a disk can be, because here the input does the damage.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use comity_journal::{Disk, DiskFile, LockGuard, Open};

type Bytes = Arc<Mutex<Vec<u8>>>;

/// Files by path; folders need not be created.
#[derive(Default)]
pub(crate) struct Ram {
    files: Mutex<BTreeMap<PathBuf, Bytes>>,
}

struct RamFile(Bytes);

struct Unlocked;

impl LockGuard for Unlocked {}

impl Ram {
    /// Every file with its content.
    pub(crate) fn content(&self) -> Vec<(PathBuf, Vec<u8>)> {
        locked(&self.files).iter().map(|(path, bytes)| (path.clone(), locked(bytes).clone())).collect()
    }

    /// A disk that holds these files.
    pub(crate) fn holding(content: Vec<(PathBuf, Vec<u8>)>) -> Self {
        let files = content.into_iter().map(|(path, bytes)| (path, Arc::new(Mutex::new(bytes))));
        Self { files: Mutex::new(files.collect()) }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn place(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

impl Disk for Ram {
    fn create_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let files = locked(&self.files);
        let inside = files.keys().filter(|path| path.parent() == Some(dir));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn open(&self, path: &Path, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        let mut files = locked(&self.files);
        let bytes = match how {
            Open::Create => {
                let bytes = Bytes::default();
                files.insert(path.to_owned(), Arc::clone(&bytes));
                bytes
            }
            Open::Read | Open::Write => Arc::clone(files.get(path).ok_or(io::ErrorKind::NotFound)?),
        };
        Ok(Arc::new(RamFile(bytes)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = locked(&self.files);
        let bytes = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), bytes);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        locked(&self.files).remove(path).map(drop).ok_or(io::ErrorKind::NotFound.into())
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn free_space(&self, _: &Path) -> io::Result<Option<u64>> {
        Ok(None)
    }

    fn lock(&self, _: &Path, _: bool) -> io::Result<Option<Box<dyn LockGuard>>> {
        Ok(Some(Box::new(Unlocked)))
    }
}

impl DiskFile for RamFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let bytes = locked(&self.0);
        let rest = bytes.get(place(offset)?..).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_at(&self, new: &[u8], offset: u64) -> io::Result<usize> {
        let mut bytes = locked(&self.0);
        let start = place(offset)?;
        let end = start.saturating_add(new.len());
        if bytes.len() < end {
            bytes.resize(end, 0);
        }
        bytes[start..end].copy_from_slice(new);
        Ok(new.len())
    }

    fn len(&self) -> io::Result<u64> {
        u64::try_from(locked(&self.0).len()).map_err(io::Error::other)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        locked(&self.0).resize(place(len)?, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }
}
