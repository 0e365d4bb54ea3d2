//! The rules of the union, as tests: own small vectors, the published ones where they are present, and properties.
//!
//! Deliberately absent: anything that books; the crate decides, it does not keep.

mod charges;
mod creditors;
mod cycles;
mod dates;
mod exhaustion;
mod loans;
mod presets;
mod properties;
mod published;
mod residuals;
mod runs;
mod trade;
mod tranches;
mod units;

use std::path::{Path, PathBuf};

use comity_union::preset::{Settlement, preset};
use comity_union::quota::Quota;
use comity_union::tranche::Schedule;

/// The schedule of a rule set.
fn schedule(name: &str) -> Schedule {
    match preset(name).expect("the rule set exists").settlement {
        Settlement::Tranches(schedule) => schedule,
        Settlement::Paid => panic!("{name} has no tranches"),
    }
}

/// A quota above zero.
fn quota(value: i64) -> Quota {
    Quota::fixed(value).expect("above zero")
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
