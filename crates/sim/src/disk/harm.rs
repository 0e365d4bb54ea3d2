//! Damage at rest: what a medium, a copying mistake or a person does to files nobody is writing.

use super::SimDisk;
use crate::rng::Rng;

/// What was done, to which file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Harm {
    /// One bit turned over.
    Flip {
        /// The file.
        path: String,
        /// The byte.
        offset: usize,
        /// The bit, 0 to 7.
        bit: u8,
    },
    /// The end was cut off.
    Cut {
        /// The file.
        path: String,
        /// Bytes left.
        left: usize,
    },
    /// The file is gone.
    Gone {
        /// The file.
        path: String,
    },
    /// Two files changed places.
    Swapped {
        /// One.
        path: String,
        /// The other.
        with: String,
    },
}

impl std::fmt::Display for Harm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flip { path, offset, bit } => write!(f, "bit {bit} of byte {offset} of {path} turned over"),
            Self::Cut { path, left } => write!(f, "{path} cut to {left} bytes"),
            Self::Gone { path } => write!(f, "{path} removed"),
            Self::Swapped { path, with } => write!(f, "{path} and {with} exchanged"),
        }
    }
}

impl SimDisk {
    /// Turns over one bit of one of the files (chosen by weight of their length). `None` when all are empty.
    pub fn flip(&self, rng: &mut Rng, paths: &[String]) -> Option<Harm> {
        let mut inner = self.lock();
        let files: Vec<(usize, &String, usize)> = paths
            .iter()
            .filter_map(|path| {
                let (folder, name) = path.rsplit_once('/')?;
                let file = inner.find(folder, name).ok()?;
                Some((file, path, inner.files[file].seen.len()))
            })
            .collect();
        let mut at = rng.index(files.iter().map(|(_, _, len)| len).sum());
        let (file, path, offset) = files.into_iter().find_map(|(file, path, len)| {
            if at < len {
                return Some((file, path.clone(), at));
            }
            at -= len;
            None
        })?;
        let bit = rng.below(8) as u8;
        let image = &mut inner.files[file];
        image.seen[offset] ^= 1 << bit;
        if let Some(byte) = image.safe.get_mut(offset) {
            *byte ^= 1 << bit;
        }
        Some(Harm::Flip { path, offset, bit })
    }

    /// Cuts, removes or exchanges files. `None` when there are none, or too few.
    pub fn disorder(&self, rng: &mut Rng, paths: &[String]) -> Option<Harm> {
        let mut inner = self.lock();
        let place = |path: &str| path.rsplit_once('/').map(|(folder, name)| (folder.to_owned(), name.to_owned()));
        let path = paths.get(rng.index(paths.len()))?.clone();
        let (folder, name) = place(&path)?;
        let file = inner.find(&folder, &name).ok()?;
        match rng.below(3) {
            0 => {
                inner.folder(&folder).ok()?.seen.remove(&name);
                Some(Harm::Gone { path })
            }
            1 => {
                if inner.files[file].seen.is_empty() {
                    return None;
                }
                let left = rng.index(inner.files[file].seen.len());
                inner.files[file].seen.truncate(left);
                Some(Harm::Cut { path, left })
            }
            _ => {
                let with = paths[rng.index(paths.len())].clone();
                let (other_folder, other_name) = place(&with)?;
                let other = inner.find(&other_folder, &other_name).ok()?;
                if inner.files[file].seen == inner.files[other].seen {
                    return None;
                }
                inner.folder(&folder).ok()?.seen.insert(name, other);
                inner.folder(&other_folder).ok()?.seen.insert(other_name, file);
                Some(Harm::Swapped { path, with })
            }
        }
    }
}
