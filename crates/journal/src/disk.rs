//! The few things the journal asks of a disk, as a trait: the real one ([`OsDisk`]) and, in tests and the simulator,
//! disks that crash, tear, lie and fill up.
//!
//! Deliberately absent: directories to walk, permissions, memory maps, appending by the operating system. Each call is
//! one system call or a short fixed row of them, so that a simulated disk can fail each on its own.

use std::io;
use std::path::Path;
use std::sync::Arc;

mod os;

pub use os::OsDisk;

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// An existing file, for reading.
    Read,
    /// An existing file, for reading and writing.
    Write,
    /// A new or emptied file, for reading and writing.
    Create,
}

/// A folder tree of files.
///
/// What a provider promises:
/// - bytes given to `write_at` are visible to `read_at` at once, and survive a crash of the machine only after a
///   later successful `sync_data` of that file; until then any part of them may survive, and the rest reads as what was
///   there before or as zeros;
/// - a file's length after `set_len` is durable like its bytes;
/// - creations, renames and removals survive only after `sync_dir` of their folder, and then in full;
/// - a rename replaces its target in one step;
/// - a `sync_data` or `sync_dir` that failed may have lost what it was to save: nobody may call it again and believe it.
pub trait Disk: Send + Sync {
    /// Creates a folder and its parents if they do not exist. The names of parents it had to create are durable
    /// afterwards; the folder's own is after `sync_dir` of its parent.
    ///
    /// # Errors
    /// As the system says.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;

    /// Names of the files in a folder, sorted; folders are left out.
    ///
    /// # Errors
    /// As the system says; `NotFound` when the folder does not exist.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Opens a file.
    ///
    /// # Errors
    /// As the system says; `NotFound` when an existing file was asked for.
    fn open(&self, path: &Path, how: Open) -> io::Result<Arc<dyn DiskFile>>;

    /// Gives a file another name in one step.
    ///
    /// # Errors
    /// As the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file. The journal does so only with unfinished temporary files and with segments whose archived
    /// copy has been checked.
    ///
    /// # Errors
    /// As the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes creations, renames and removals in a folder durable.
    ///
    /// # Errors
    /// As the system says.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Free bytes on the disk that holds `dir`; `None` where that cannot be told.
    ///
    /// # Errors
    /// As the system says.
    fn free_space(&self, dir: &Path) -> io::Result<Option<u64>>;

    /// Takes a lock on a file, which is created if absent when `exclusive`; it is held until the guard is dropped.
    /// `None` when somebody else holds it.
    ///
    /// # Errors
    /// As the system says; `NotFound` when a shared lock is asked for on a file that does not exist.
    fn lock(&self, path: &Path, exclusive: bool) -> io::Result<Option<Box<dyn LockGuard>>>;
}

/// A file opened on a [`Disk`]. All calls may come from several threads.
pub trait DiskFile: Send + Sync {
    /// Reads up to `buf.len()` bytes; 0 at the end of the file.
    ///
    /// # Errors
    /// As the system says.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes up to `bytes.len()` bytes and says how many.
    ///
    /// # Errors
    /// As the system says.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize>;

    /// Length of the file in bytes.
    ///
    /// # Errors
    /// As the system says.
    fn len(&self) -> io::Result<u64>;

    /// True when the file holds no byte.
    ///
    /// # Errors
    /// As the system says.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Sets the length; new bytes are zeros and need not take space.
    ///
    /// # Errors
    /// As the system says.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Makes all bytes written so far, and the length, durable (`fdatasync`).
    ///
    /// # Errors
    /// As the system says.
    fn sync_data(&self) -> io::Result<()>;
}

/// Holds a lock until dropped.
pub trait LockGuard: Send + Sync {}

/// Reads exactly `buf.len()` bytes unless the file ends before; says how many.
pub(crate) fn read_full(file: &dyn DiskFile, buf: &mut [u8], mut offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buf.len() {
        match file.read_at(&mut buf[filled..], offset) {
            Ok(0) => break,
            Ok(n) => {
                filled += n;
                offset += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

/// Writes all bytes, over as many short writes as it takes.
pub(crate) fn write_full(file: &dyn DiskFile, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write_at(bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => {
                bytes = &bytes[n..];
                offset += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
