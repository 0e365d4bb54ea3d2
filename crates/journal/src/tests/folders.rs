//! Folders have names too: one whose own name was never made durable is lost with everything in it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::disk::SimDisk;
use crate::{Disk, DiskFile, FileLog, FrameNo, Kind, LockGuard, Log, Micros, Open, Options, Record};

/// Writes down which folders were synced and which files removed, in order.
struct Watched(SimDisk, Mutex<Vec<(&'static str, PathBuf)>>);

impl Watched {
    fn note(&self, what: &'static str, path: &Path) {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).push((what, path.to_owned()));
    }

    fn first(&self, what: &str, path: &str) -> Option<usize> {
        let seen = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter()
            .position(|(kind, at)| *kind == what && at.starts_with(path) && (what != "sync" || at.ends_with(path)))
    }
}

impl Disk for Watched {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.note("create", dir);
        self.0.create_dir(dir)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.0.list(dir)
    }
    fn open(&self, path: &Path, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        self.0.open(path, how)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note("remove", path);
        self.0.remove(path)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.note("sync", dir);
        self.0.sync_dir(dir)
    }
    fn free_space(&self, dir: &Path) -> io::Result<Option<u64>> {
        self.0.free_space(dir)
    }
    fn lock(&self, path: &Path, exclusive: bool) -> io::Result<Option<Box<dyn LockGuard>>> {
        self.0.lock(path, exclusive)
    }
}

/// Found by simulation: power lost soon after the first acknowledgement took the whole journal with it.
#[test]
fn the_names_of_the_journal_and_of_the_archive_are_made_durable() {
    let disk = Arc::new(Watched(SimDisk::new(), Mutex::default()));
    let shared: Arc<dyn Disk> = disk.clone();
    let (mut log, _) = FileLog::open(shared, Path::new("/a/journal"), Options::small()).expect("opens");
    assert!(disk.first("create", "/a/journal") < disk.first("sync", "/a"), "before anything is acknowledged");
    log.append_durable(Record::of(Kind::Entries, Micros(1), 1, b"one")).expect("a healthy disk");
    log.seal(Micros(2)).expect("a healthy disk");
    log.wait(FrameNo(u64::MAX)).expect("a healthy disk");
    let archived = log.archive(FrameNo(u64::MAX), Path::new("/b/archive")).expect("a healthy disk");
    assert_eq!(archived.segments.len(), 1);
    let (synced, removed) = (disk.first("sync", "/b"), disk.first("remove", "/a/journal"));
    assert!(synced.is_some() && synced < removed, "before the first segment leaves the journal");
}
