//! The contract, asked of each provider of this crate.

use std::sync::Arc;

use super::disk::SimDisk;
use crate::conformance::{Provider, run};
use crate::{Disk, Fault, FileLog, JournalId, Marking, MemLog, MemStore, Mode, Options, OsDisk};

const ID: JournalId = JournalId(*b"conforming-tests");

struct InMemory(MemStore);

impl Provider for InMemory {
    type Log = MemLog;

    fn reset(&mut self) {
        self.0 = MemStore::default();
    }

    fn open(&mut self) -> Result<MemLog, Fault> {
        Ok(MemLog::open(&self.0, ID))
    }
}

/// A journal on the real disk.
struct OnDisk {
    root: tempfile::TempDir,
    disk: Arc<dyn Disk>,
    options: Options,
}

impl Provider for OnDisk {
    type Log = FileLog;

    fn reset(&mut self) {
        self.root = tempfile::tempdir().expect("a folder for the test");
    }

    fn open(&mut self) -> Result<FileLog, Fault> {
        let disk = Arc::clone(&self.disk);
        FileLog::open(disk, &self.root.path().join("journal"), self.options).map(|opened| opened.0)
    }
}

/// A journal on the simulated disk, which loses power at each drop.
struct Simulated {
    disk: SimDisk,
    seed: u64,
    options: Options,
}

impl Provider for Simulated {
    type Log = FileLog;

    fn reset(&mut self) {
        self.disk = SimDisk::new();
    }

    fn open(&mut self) -> Result<FileLog, Fault> {
        self.seed += 1;
        self.disk.lose_power(self.seed);
        FileLog::open(self.disk.shared(), "/j".as_ref(), self.options).map(|opened| opened.0)
    }
}

fn options(mode: Mode) -> Options {
    Options { id: Some(ID), mode, ..Options::small() }
}

fn on_disk(options: Options) -> OnDisk {
    OnDisk { root: tempfile::tempdir().expect("a folder for the test"), disk: OsDisk::shared(), options }
}

#[test]
fn in_memory() {
    run(&mut InMemory(MemStore::default()));
}

#[test]
fn on_the_real_disk_with_threads() {
    run(&mut on_disk(options(Mode::Threads)));
}

#[test]
fn on_the_real_disk_inline() {
    run(&mut on_disk(options(Mode::Inline)));
}

#[test]
fn on_the_real_disk_as_in_production() {
    run(&mut on_disk(Options { id: Some(ID), marking: Marking::Synced, ..Options::default() }));
}

#[test]
fn on_the_simulated_disk_with_power_lost_at_each_drop() {
    for seed in 0..5 {
        for mode in [Mode::Inline, Mode::Threads] {
            run(&mut Simulated { disk: SimDisk::new(), seed: seed * 1000, options: options(mode) });
        }
    }
}
