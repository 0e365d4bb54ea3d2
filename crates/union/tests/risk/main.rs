//! Risk, as tests: a table worked out by hand, published vectors where they are present, properties, and second simple
//! implementations beside the ones that are used.
//!
//! Deliberately absent: anything that books.

#![expect(clippy::inconsistent_digit_grouping, reason = "the last two digits of an amount are its minor units")]

mod drills;
mod exits;
mod funds;
mod guards;
mod plain;
mod pools;
mod splits;
mod three;

use std::path::{Path, PathBuf};

use comity_union::{Ratio, Share};

/// A fraction.
fn ratio(num: i128, den: i128) -> Ratio {
    Ratio::new(num, den).expect("a denominator above zero")
}

/// A share in percent.
fn percent(whole: u32) -> Share {
    Share::percent(whole)
}

/// A file of data that is kept outside the repository, if it is there.
fn shared(path: &str) -> Option<PathBuf> {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        folders.find_map(|folder| Some(folder.join("shared")).filter(|shared| shared.is_dir()))
    };
    let found = named.or_else(beside).map(|shared| shared.join(path)).filter(|path| path.is_file());
    if found.is_none() {
        eprintln!("skipped: shared data not present");
    }
    found
}
