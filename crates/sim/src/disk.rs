//! A disk in memory that does what real ones may do: lose what was not synced, tear, fill up, fail, and lie.
//!
//! Every file has two images: what a program sees, and what has reached the medium; between them lie the writes since
//! the last sync, each on its own. The same holds for the names in each folder, and for folders in their parent. What
//! survives a loss of power is drawn in `disk/power.rs`. Absent on purpose: threads, time, and any chance but the seed.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use comity_journal::{Disk, DiskFile, LockGuard, Open};

use crate::rng::Rng;
use crate::trace::Trace;

mod harm;
mod power;

pub use harm::Harm;

/// How the disk behaves until told otherwise. The default is a healthy disk.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The power goes, or the process dies, at this operation (counted from now on, from 1).
    pub stop_at: Option<u64>,
    /// The same, counting only operations that change something or make it durable.
    pub stop_at_change: Option<u64>,
    /// This operation fails with an I/O error; `true`: so does everything after it.
    pub fail_at: Option<(u64, bool)>,
    /// One write in this many takes only part of its bytes, or is interrupted; 0: none.
    pub short_every: u64,
    /// Bytes that may still be written before the disk is full.
    pub space: Option<u64>,
    /// Nothing can be written.
    pub read_only: bool,
    /// Syncs of files say yes and do nothing.
    pub lies: bool,
    /// Syncs of folders say yes and do nothing.
    pub lies_about_names: bool,
    /// This write to a segment says yes and does nothing (counted from now on, from 1).
    pub drop_write: Option<u64>,
}

/// What happens to an operation.
enum Verdict {
    Goes,
    /// It fails, perhaps after taking effect in part.
    Fails(io::Error),
}

/// A write or a change of length that is not on the medium yet.
#[derive(Debug, Clone)]
enum Pending {
    Write { offset: u64, bytes: Vec<u8> },
    Len(u64),
}

#[derive(Debug, Clone, Default)]
struct Image {
    seen: Vec<u8>,
    safe: Vec<u8>,
    pending: Vec<Pending>,
}

/// A change of names that is not on the medium yet.
#[derive(Debug, Clone)]
enum Naming {
    Link(String, usize),
    Rename { from: String, to: String, file: usize },
    Unlink(String),
}

#[derive(Debug, Clone, Default)]
struct Folder {
    seen: BTreeMap<String, usize>,
    safe: BTreeMap<String, usize>,
    pending: Vec<Naming>,
    /// Its own name in its parent has reached the medium.
    anchored: bool,
}

#[derive(Debug, Clone)]
struct Inner {
    rng: Rng,
    folders: BTreeMap<String, Folder>,
    files: Vec<Image>,
    locks: BTreeMap<String, u32>,
    plan: Plan,
    /// Operations since the plan was set.
    ops: u64,
    /// Those of them that change something or make it durable.
    changes: u64,
    /// The operation at which the machine stopped, until the next one is asked for.
    stopped_at: Option<u64>,
    segment_writes: u64,
    /// Everything fails until the machine is started again.
    stopped: bool,
    /// Files opened before the last stop are dead.
    life: u32,
    /// Faults that were met: injected errors, short writes, a full or read-only disk, lies.
    faults: u64,
    trace: Trace,
}

/// The disk; clones share it.
#[derive(Clone)]
pub struct SimDisk {
    inner: Arc<Mutex<Inner>>,
    /// A quiet disk obeys no plan and leaves no trace: it is how the model looks at things.
    quiet: bool,
}

impl SimDisk {
    /// An empty disk.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let root = Folder { anchored: true, ..Folder::default() };
        let inner = Inner {
            rng: Rng::new(seed, 1),
            folders: BTreeMap::from([("/".to_owned(), root.clone()), ("/node".to_owned(), root)]),
            files: Vec::new(),
            locks: BTreeMap::new(),
            plan: Plan::default(),
            ops: 0,
            changes: 0,
            stopped_at: None,
            segment_writes: 0,
            stopped: false,
            life: 0,
            faults: 0,
            trace: Trace::default(),
        };
        Self { inner: Arc::new(Mutex::new(inner)), quiet: false }
    }

    /// The same disk, seen without faults and without a trace.
    #[must_use]
    pub fn quiet(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), quiet: true }
    }

    /// As the journal takes it.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn Disk> {
        Arc::new(self.clone())
    }

    /// A copy with a life of its own.
    #[must_use]
    pub fn fork(&self) -> Self {
        let mut inner = self.lock().clone();
        inner.plan = Plan::default();
        inner.locks.clear();
        inner.stopped = false;
        Self { inner: Arc::new(Mutex::new(inner)), quiet: true }
    }

    /// Sets how the disk behaves from now on.
    pub fn set_plan(&self, plan: Plan) {
        let mut inner = self.lock();
        inner.plan = plan;
        inner.ops = 0;
        inner.changes = 0;
        inner.stopped_at = None;
        inner.segment_writes = 0;
    }

    /// Whether the machine has stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    /// Faults met so far.
    #[must_use]
    pub fn faults(&self) -> u64 {
        self.lock().faults
    }

    /// Hash of all operations so far, and how many they were.
    #[must_use]
    pub fn trace(&self) -> (u64, u64) {
        let inner = self.lock();
        (inner.trace.hash(), inner.trace.count)
    }

    /// The last operations.
    #[must_use]
    pub fn last_ops(&self) -> Vec<String> {
        self.lock().trace.last()
    }

    /// Notes something in the trace.
    pub fn note(&self, what: &'static str, name: &str, a: u64, b: u64) {
        self.lock().trace.op(what, &Arc::from(name), a, b);
    }

    /// Mixes what happened into the trace.
    pub(crate) fn mix_events(&self, events: &[(u64, comity_ledger::Event)]) {
        use std::fmt::Write as _;
        let mut text = String::new();
        for event in events {
            write!(text, "{event:?}").expect("writing to a string does not fail");
        }
        self.lock().trace.bytes(text.as_bytes());
    }

    /// Whether the plan makes anything fail.
    pub(crate) fn plan_is_harmful(&self) -> bool {
        let plan = &self.lock().plan;
        plan.fail_at.is_some() || plan.space.is_some() || plan.read_only
    }

    /// Whether a program would see this file.
    #[must_use]
    pub fn exists(&self, path: &Path) -> bool {
        split(path).is_ok_and(|(folder, name)| self.lock().find(folder, name).is_ok())
    }

    /// Every file a program would see, with its bytes.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let inner = self.lock();
        let mut all = BTreeMap::new();
        for (path, folder) in &inner.folders {
            for (name, file) in &folder.seen {
                all.insert(join(path, name), inner.files[*file].seen.clone());
            }
        }
        all
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder == "/" { format!("/{name}") } else { format!("{folder}/{name}") }
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))
}

/// Folder and name of a path.
fn split(path: &Path) -> io::Result<(&str, &str)> {
    let path = text(path)?;
    match path.rsplit_once('/') {
        Some(("", name)) => Ok(("/", name)),
        Some(parts) => Ok(parts),
        None => Err(io::ErrorKind::InvalidInput.into()),
    }
}

fn off() -> io::Error {
    io::Error::other("the machine has stopped")
}

impl Inner {
    /// Counts an operation and decides what becomes of it.
    fn decide(&mut self, what: &'static str, name: &Arc<str>, a: u64, b: u64, writes: bool) -> Verdict {
        if self.stopped {
            self.stopped_at = None;
            return Verdict::Fails(off());
        }
        self.ops += 1;
        self.trace.op(what, name, a, b);
        self.changes += u64::from(!matches!(what, "read" | "open" | "list" | "lock"));
        if self.plan.stop_at == Some(self.ops) || self.plan.stop_at_change == Some(self.changes) {
            self.stopped = true;
            self.stopped_at = Some(self.ops);
            return Verdict::Fails(off());
        }
        if let Some((at, for_good)) = self.plan.fail_at
            && (self.ops == at || for_good && self.ops > at)
        {
            self.faults += 1;
            return Verdict::Fails(io::Error::other("simulated i/o error"));
        }
        if writes && self.plan.read_only {
            self.faults += 1;
            return Verdict::Fails(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        if writes && self.plan.space == Some(0) {
            self.faults += 1;
            return Verdict::Fails(io::ErrorKind::StorageFull.into());
        }
        Verdict::Goes
    }

    /// An operation on names: done, or failed and by chance done all the same.
    fn naming(&mut self, verdict: Verdict, act: impl FnOnce(&mut Self)) -> io::Result<()> {
        match verdict {
            Verdict::Goes => {
                act(self);
                Ok(())
            }
            Verdict::Fails(error) => {
                let refused = matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::StorageFull);
                if !refused
                    && error.kind() != io::ErrorKind::NotFound
                    && self.rng.chance(1, 2)
                    && self.may_have_happened()
                {
                    act(self);
                }
                Err(error)
            }
        }
    }

    /// Whether the failing operation is the one at which the machine stops, or fails while it runs: only then may it
    /// have taken effect. Once stopped, nothing does.
    fn may_have_happened(&self) -> bool {
        !self.stopped || self.stopped_at == Some(self.ops)
    }

    fn folder(&mut self, path: &str) -> io::Result<&mut Folder> {
        self.folders.get_mut(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn find(&self, folder: &str, name: &str) -> io::Result<usize> {
        let found = self.folders.get(folder).and_then(|folder| folder.seen.get(name));
        found.copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn create(&mut self, folder: &str, name: &str) -> io::Result<usize> {
        if let Ok(file) = self.find(folder, name) {
            let image = &mut self.files[file];
            if !image.seen.is_empty() {
                image.seen.clear();
                image.pending.push(Pending::Len(0));
            }
            return Ok(file);
        }
        let file = self.files.len();
        let parent = self.folder(folder)?;
        parent.seen.insert(name.to_owned(), file);
        parent.pending.push(Naming::Link(name.to_owned(), file));
        self.files.push(Image::default());
        Ok(file)
    }

    fn write(&mut self, file: usize, offset: u64, bytes: &[u8]) {
        let image = &mut self.files[file];
        put(&mut image.seen, offset, bytes);
        image.pending.push(Pending::Write { offset, bytes: bytes.to_vec() });
    }
}

/// Writes bytes into an image, with zeros before them where it was shorter.
fn put(image: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let at = offset as usize;
    if image.len() < at + bytes.len() {
        image.resize(at + bytes.len(), 0);
    }
    image[at..at + bytes.len()].copy_from_slice(bytes);
}

impl Image {
    /// Everything written so far reaches the medium.
    fn sync(&mut self) {
        for pending in self.pending.drain(..) {
            match pending {
                Pending::Write { offset, bytes } => put(&mut self.safe, offset, &bytes),
                Pending::Len(len) => self.safe.resize(len as usize, 0),
            }
        }
    }
}

impl Disk for SimDisk {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        let path = text(dir)?;
        let mut inner = self.lock();
        if inner.folders.contains_key(path) {
            return if inner.stopped && !self.quiet { Err(off()) } else { Ok(()) };
        }
        let verdict = inner.decide("mkdir", &Arc::from(path), 0, 0, true);
        inner.naming(verdict, |inner| {
            for (at, _) in path.match_indices('/').skip(1) {
                let parent = inner.folders.entry(path[..at].to_owned()).or_default();
                parent.anchored = true;
            }
            inner.folders.insert(path.to_owned(), Folder::default());
        })
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let path = text(dir)?;
        let mut inner = self.lock();
        if !self.quiet
            && let Verdict::Fails(error) = inner.decide("list", &Arc::from(path), 0, 0, false)
        {
            return Err(error);
        }
        Ok(inner.folder(path)?.seen.keys().cloned().collect())
    }

    fn open(&self, path: &Path, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        let (folder, name) = split(path)?;
        let mut inner = self.lock();
        let label: Arc<str> = Arc::from(name);
        let creates = how == Open::Create;
        let mut found = inner.find(folder, name);
        if !self.quiet {
            let what = if creates { "create" } else { "open" };
            match inner.decide(what, &label, u64::from(how == Open::Write), 0, how != Open::Read) {
                Verdict::Goes => {}
                verdict @ Verdict::Fails(_) => {
                    inner.naming(verdict, |inner| {
                        if creates {
                            let _ = inner.create(folder, name);
                        }
                    })?;
                }
            }
        }
        if creates {
            found = inner.create(folder, name);
        }
        let file = found?;
        let life = inner.life;
        Ok(Arc::new(SimFile { disk: self.clone(), file, life, name: label, writable: how != Open::Read }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let ((folder, old), (target, new)) = (split(from)?, split(to)?);
        if folder != target {
            return Err(io::ErrorKind::CrossesDevices.into());
        }
        let mut inner = self.lock();
        let verdict = inner.decide("rename", &Arc::from(new), 0, 0, true);
        let file = inner.find(folder, old)?;
        inner.naming(verdict, |inner| {
            if let Ok(folder) = inner.folder(folder) {
                folder.seen.remove(old);
                folder.seen.insert(new.to_owned(), file);
                folder.pending.push(Naming::Rename { from: old.to_owned(), to: new.to_owned(), file });
            }
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let (folder, name) = split(path)?;
        let mut inner = self.lock();
        // A full disk can still remove.
        let read_only = inner.plan.read_only;
        let mut verdict = inner.decide("remove", &Arc::from(name), 0, 0, false);
        if read_only && matches!(verdict, Verdict::Goes) {
            inner.faults += 1;
            verdict = Verdict::Fails(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        inner.find(folder, name)?;
        inner.naming(verdict, |inner| {
            if let Ok(folder) = inner.folder(folder) {
                folder.seen.remove(name);
                folder.pending.push(Naming::Unlink(name.to_owned()));
            }
        })
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let path = text(dir)?;
        let mut inner = self.lock();
        match inner.decide("syncdir", &Arc::from(path), 0, 0, false) {
            Verdict::Goes => {}
            Verdict::Fails(error) => return Err(error),
        }
        inner.folder(path)?;
        if inner.plan.lies_about_names {
            inner.faults += 1;
            return Ok(());
        }
        let folder = inner.folder(path)?;
        folder.safe = folder.seen.clone();
        folder.pending.clear();
        for (child, folder) in &mut inner.folders {
            let parent = child.rsplit_once('/').map_or("", |(parent, _)| parent);
            if parent == path || parent.is_empty() && path == "/" {
                folder.anchored = true;
            }
        }
        Ok(())
    }

    fn free_space(&self, _dir: &Path) -> io::Result<Option<u64>> {
        let inner = self.lock();
        Ok(Some(inner.plan.space.unwrap_or(1 << 40)))
    }

    fn lock(&self, path: &Path, exclusive: bool) -> io::Result<Option<Box<dyn LockGuard>>> {
        let (folder, name) = split(path)?;
        let label = text(path)?.to_owned();
        let mut inner = SimDisk::lock(self);
        if !self.quiet
            && let Verdict::Fails(error) = inner.decide("lock", &Arc::from(name), 0, 0, false)
        {
            return Err(error);
        }
        if inner.find(folder, name).is_err() {
            if !exclusive {
                return Err(io::ErrorKind::NotFound.into());
            }
            if inner.plan.read_only && !self.quiet {
                inner.faults += 1;
                return Err(io::ErrorKind::ReadOnlyFilesystem.into());
            }
            inner.create(folder, name)?;
        }
        let held = inner.locks.entry(label.clone()).or_default();
        if *held > 0 {
            return Ok(None);
        }
        *held += 1;
        let life = inner.life;
        Ok(Some(Box::new(Held { disk: self.clone(), label, life })))
    }
}

struct Held {
    disk: SimDisk,
    label: String,
    life: u32,
}

impl LockGuard for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        let mut inner = self.disk.lock();
        if inner.life == self.life {
            inner.locks.remove(&self.label);
        }
    }
}

struct SimFile {
    disk: SimDisk,
    file: usize,
    life: u32,
    name: Arc<str>,
    writable: bool,
}

impl SimFile {
    fn inner(&self) -> io::Result<MutexGuard<'_, Inner>> {
        let inner = self.disk.lock();
        if inner.life == self.life { Ok(inner) } else { Err(off()) }
    }
}

impl DiskFile for SimFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut inner = self.inner()?;
        if !self.disk.quiet
            && let Verdict::Fails(error) = inner.decide("read", &self.name, offset, buf.len() as u64, false)
        {
            return Err(error);
        }
        let seen = &inner.files[self.file].seen;
        let at = (offset as usize).min(seen.len());
        let got = buf.len().min(seen.len() - at);
        buf[..got].copy_from_slice(&seen[at..at + got]);
        Ok(got)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut inner = self.inner()?;
        if !self.writable {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let verdict = inner.decide("write", &self.name, offset, bytes.len() as u64, true);
        inner.trace.bytes(bytes);
        if let Verdict::Fails(error) = verdict {
            let refused = matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::StorageFull);
            if !refused && inner.may_have_happened() {
                let part = inner.rng.index(bytes.len() + 1);
                inner.write(self.file, offset, &bytes[..part]);
            }
            return Err(error);
        }
        let mut take = bytes.len();
        if inner.plan.short_every > 0 && take > 1 {
            let every = inner.plan.short_every;
            if inner.rng.chance(1, every) {
                inner.faults += 1;
                if inner.rng.chance(1, 4) {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                take = 1 + inner.rng.index(take - 1);
            }
        }
        if let Some(space) = &mut inner.plan.space {
            take = take.min(usize::try_from(*space).unwrap_or(usize::MAX));
            *space -= take as u64;
        }
        if self.name.ends_with(comity_journal::SEGMENT_SUFFIX) {
            inner.segment_writes += 1;
            if inner.plan.drop_write == Some(inner.segment_writes) {
                inner.faults += 1;
                return Ok(take);
            }
        }
        inner.write(self.file, offset, &bytes[..take]);
        Ok(take)
    }

    fn len(&self) -> io::Result<u64> {
        let inner = self.inner()?;
        if inner.stopped && !self.disk.quiet {
            return Err(off());
        }
        Ok(inner.files[self.file].seen.len() as u64)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut inner = self.inner()?;
        if !self.writable {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let verdict = inner.decide("setlen", &self.name, len, 0, true);
        let file = self.file;
        inner.naming(verdict, |inner| {
            let image = &mut inner.files[file];
            image.seen.resize(len as usize, 0);
            image.pending.push(Pending::Len(len));
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut inner = self.inner()?;
        let verdict = inner.decide("sync", &self.name, 0, 0, false);
        match verdict {
            Verdict::Goes if inner.plan.lies => {
                inner.faults += 1;
                Ok(())
            }
            Verdict::Goes => {
                inner.files[self.file].sync();
                Ok(())
            }
            Verdict::Fails(error) => {
                if !inner.stopped {
                    inner.forget_dirty(self.file);
                }
                Err(error)
            }
        }
    }
}
