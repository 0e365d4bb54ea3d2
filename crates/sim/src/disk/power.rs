//! What survives when the machine stops: of bytes, of lengths, of names, of folders.
//!
//! When only the process dies, everything it wrote is still seen, and still not on the medium. When power goes, each
//! sector of each unsynced write survives or not. How generous the disk is is drawn anew per file: nothing, everything, the
//! first few writes, or any mixture, sectors torn in the middle included. Absent on purpose: losing what was synced.

use super::{Image, Inner, Naming, Pending, SimDisk, put};
use crate::rng::Rng;

/// Bytes a disk writes in one piece, or not at all (mostly).
const SECTOR: u64 = 512;

impl SimDisk {
    /// The process died: whatever it wrote is seen by the next one, and its locks are free.
    pub fn restart(&self) {
        let mut inner = self.lock();
        inner.rise("killed");
    }

    /// The power went and came back.
    pub fn lose_power(&self) {
        let mut inner = self.lock();
        inner.rise("power");
        inner.settle_names();
        let Inner { rng, files, trace, .. } = &mut *inner;
        for image in files.iter_mut() {
            image.lose_power(rng);
            trace.mix(image.safe.len() as u64);
        }
    }
}

impl Inner {
    fn rise(&mut self, how: &'static str) {
        self.trace.op(how, &std::sync::Arc::from(""), self.ops, 0);
        self.stopped = false;
        self.stopped_at = None;
        self.life += 1;
        self.locks.clear();
        self.plan = super::Plan::default();
    }

    fn settle_names(&mut self) {
        let Self { rng, folders, .. } = self;
        for folder in folders.values_mut() {
            let generosity = Generosity::draw(rng);
            let count = folder.pending.len();
            let kept_first = rng.index(count + 1);
            for (at, naming) in std::mem::take(&mut folder.pending).into_iter().enumerate() {
                if !generosity.keeps(rng, at < kept_first) {
                    continue;
                }
                match naming {
                    Naming::Link(name, file) => {
                        folder.safe.insert(name, file);
                    }
                    Naming::Rename { from, to, file } => {
                        folder.safe.remove(&from);
                        folder.safe.insert(to, file);
                    }
                    Naming::Unlink(name) => {
                        folder.safe.remove(&name);
                    }
                }
            }
            folder.seen = folder.safe.clone();
        }
        // A folder whose own name was lost takes everything in it along.
        let lost: Vec<String> = folders
            .iter()
            .filter(|(_, folder)| !folder.anchored && rng.chance(1, 2))
            .map(|(path, _)| path.clone())
            .collect();
        folders.retain(|path, folder| {
            folder.anchored = true;
            !lost.iter().any(|lost| path == lost || path.starts_with(&format!("{lost}/")))
        });
    }

    /// A failed sync forgets what was dirty: a later one succeeds and saves none of it. Part of it may have been saved.
    pub(super) fn forget_dirty(&mut self, file: usize) {
        let Self { rng, files, .. } = self;
        let image = &mut files[file];
        let seen = image.seen.clone();
        image.lose_power(rng);
        image.seen = seen;
    }
}

/// How much of what was not synced survives.
enum Generosity {
    Nothing,
    Everything,
    FirstFew,
    AnyMixture,
}

impl Generosity {
    fn draw(rng: &mut Rng) -> Self {
        match rng.below(8) {
            0 => Self::Nothing,
            1 => Self::Everything,
            2 | 3 => Self::FirstFew,
            _ => Self::AnyMixture,
        }
    }

    fn keeps(&self, rng: &mut Rng, among_first: bool) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::FirstFew => among_first,
            Self::AnyMixture => rng.chance(1, 2),
        }
    }
}

impl Image {
    /// Draws what of the unsynced writes survives; afterwards nothing is unsynced.
    fn lose_power(&mut self, rng: &mut Rng) {
        if self.pending.is_empty() {
            // A failed sync may have left bytes that are only seen.
            if self.seen != self.safe {
                self.seen.clone_from(&self.safe);
            }
            return;
        }
        let generosity = Generosity::draw(rng);
        let kept_first = rng.index(self.pending.len() + 1);
        for (at, pending) in std::mem::take(&mut self.pending).into_iter().enumerate() {
            let among_first = at < kept_first;
            match pending {
                Pending::Len(len) => {
                    if generosity.keeps(rng, among_first) {
                        self.safe.resize(len as usize, 0);
                    }
                }
                Pending::Write { offset, bytes } => {
                    let mut from = 0_usize;
                    while from < bytes.len() {
                        let start = offset + from as u64;
                        let room = (SECTOR - start % SECTOR) as usize;
                        let piece = &bytes[from..(from + room).min(bytes.len())];
                        from += piece.len();
                        let kept = generosity.keeps(rng, among_first);
                        self.settle_sector(rng, start, piece, kept);
                    }
                }
            }
        }
        self.seen.clone_from(&self.safe);
    }

    fn settle_sector(&mut self, rng: &mut Rng, start: u64, piece: &[u8], kept: bool) {
        if kept {
            put(&mut self.safe, start, piece);
        } else if rng.chance(1, 16) {
            let torn = rng.index(piece.len());
            put(&mut self.safe, start, &piece[..torn]);
        } else if rng.chance(1, 4) {
            // The length got there and the bytes did not.
            let end = start as usize + piece.len();
            if self.safe.len() < end {
                self.safe.resize(end, 0);
            }
        }
    }
}
