//! An inbox on disk: the files of a day in a folder, and what they amount to.

use super::files::{Files, Style};
use crate::traffic::{Options, SelfCheck, Unusable};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// What was written.
#[derive(Clone, Debug)]
pub struct Summary<'a> {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Lines in them; a message sent twice counts twice.
    pub lines: u64,
    /// BLAKE3 over the name, length and bytes of each file in order: the same options give the same digest on every machine.
    pub digest: [u8; 32],
    /// The statistics of the lines.
    pub check: SelfCheck<'a>,
}

/// Why an inbox could not be written.
#[derive(Debug)]
pub enum Fault {
    /// The options contradict themselves.
    Options(Unusable),
    /// The disk failed.
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options(unusable) => unusable.fmt(f),
            Self::Disk { path, error } => {
                write!(f, "cannot write {}: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for Fault {}

/// Writes the day's files into a folder, which is made if it is missing. Files of the same names are replaced, others stay.
///
/// # Errors
/// When the options contradict themselves, or the disk fails: some files may then be there.
pub fn write_inbox<'a>(dir: &Path, options: &'a Options, style: &Style) -> Result<Summary<'a>, Fault> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| Fault::Disk { path, error }
    };
    let mut files = Files::new(options, style).map_err(Fault::Options)?;
    fs::create_dir_all(dir).map_err(at(dir))?;
    let mut hasher = blake3::Hasher::new();
    let (mut count, mut bytes, mut lines) = (0, 0, 0);
    for file in files.by_ref() {
        let path = dir.join(&file.name);
        fs::write(&path, &file.bytes).map_err(at(&path))?;
        let length = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        hasher.update(file.name.as_bytes());
        hasher.update(&length.to_le_bytes());
        hasher.update(&file.bytes);
        count += 1;
        bytes += length;
        lines += u64::try_from(file.lines.len()).unwrap_or(u64::MAX);
    }
    Ok(Summary { files: count, bytes, lines, digest: *hasher.finalize().as_bytes(), check: files.into_check() })
}
