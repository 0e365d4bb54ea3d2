//! A journal that was changed is found by `verify`: any byte, any file, anything missing, doubled or in another order.
//!
//! The journal's own tests flip every byte of a small one; here bytes are chosen over a real one, and the words matter.

use std::path::{Path, PathBuf};

use crate::world::{Chance, Ran, comity, files, folder_in_memory};

/// Bytes flipped, one at a time.
const FLIPS: u64 = 200;

/// A finished day, and the names of its journal's files that are not empty.
fn day(home: &Path) -> (PathBuf, Vec<String>) {
    comity(home, &["demo", "--dir", "d", "--payments", "150"]).ends(0);
    let journal = home.join("d/journal");
    let names = files(&journal).into_iter().filter(|(_, bytes)| !bytes.is_empty()).map(|(name, _)| name);
    (journal.clone(), names.collect())
}

/// Runs `verify`, which must find fault.
#[track_caller]
fn found(home: &Path, what: &str) -> Ran {
    let ran = comity(home, &["verify", "d"]);
    assert_eq!(ran.code, Some(5), "{what}: stdout {} stderr {}", ran.out, ran.err);
    assert_eq!(ran.out, "", "{what}: nothing is proven");
    assert!(ran.err.starts_with("error: the journal is not sound"), "{what}: {}", ran.err);
    ran
}

#[test]
fn every_flipped_byte_is_found_and_its_place_is_named() {
    let home = folder_in_memory();
    let (journal, names) = day(home.path());
    comity(home.path(), &["verify", "d"]).ends(0);
    let mut chance = Chance(5);
    for turn in 0..FLIPS {
        let name = &names[usize::try_from(turn).expect("few") % names.len()];
        let path = journal.join(name);
        let whole = std::fs::read(&path).expect("a file");
        let at = usize::try_from(chance.below(whole.len() as u64)).expect("a small file");
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << chance.below(8);
        std::fs::write(&path, &bytes).expect("a file");
        let what = format!("byte {at} of {name}");
        let ran = found(home.path(), &what);
        assert!(ran.err.contains(name.as_str()) || ran.err.contains("frame"), "{what}: {}", ran.err);
        std::fs::write(&path, &whole).expect("a file");
    }
    comity(home.path(), &["verify", "d"]).ends(0);
}

#[test]
fn a_run_does_not_go_on_from_a_damaged_journal() {
    let home = folder_in_memory();
    let (journal, _) = day(home.path());
    let path = journal.join("00000000000000000001.cj");
    let mut bytes = std::fs::read(&path).expect("a file");
    let at = bytes.len() / 2;
    bytes[at] ^= 0x10;
    std::fs::write(&path, &bytes).expect("a file");
    let before = files(&home.path().join("d/outbox"));
    let ran = comity(home.path(), &["day", "d"]).ends(5);
    assert!(ran.err.contains("00000000000000000001.cj"), "{}", ran.err);
    assert!(before == files(&home.path().join("d/outbox")), "nothing is told from a damaged journal");
    let now = std::fs::read(&path).expect("a file");
    assert!(now == bytes, "and nothing is repaired in silence");
}

#[test]
fn truncated_doubled_swapped_and_missing_files_are_found() {
    let home = folder_in_memory();
    let (journal, names) = day(home.path());
    assert_eq!(names, ["00000000000000000001.cj", "HEAD"]);
    let segment = journal.join("00000000000000000001.cj");
    let whole = std::fs::read(&segment).expect("a file");
    let mut chance = Chance(9);
    for _ in 0..20 {
        let keep = usize::try_from(chance.below(whole.len() as u64)).expect("a small file");
        std::fs::write(&segment, &whole[..keep]).expect("a file");
        found(home.path(), &format!("cut to {keep} bytes"));
    }
    std::fs::write(&segment, [&whole[..], b"one more byte"].concat()).expect("a file");
    found(home.path(), "something after the end");
    std::fs::write(&segment, [&whole[..], &whole[96..]].concat()).expect("a file");
    found(home.path(), "its frames twice");
    std::fs::write(&segment, &whole).expect("a file");

    let copy = journal.join("00000000000000000002.cj");
    std::fs::write(&copy, &whole).expect("a file");
    let ran = found(home.path(), "the segment twice");
    assert!(ran.err.contains("00000000000000000002.cj"), "{}", ran.err);
    std::fs::remove_file(&copy).expect("a file");

    std::fs::rename(&segment, &copy).expect("a file");
    found(home.path(), "another number");
    std::fs::remove_file(&copy).expect("a file");
    found(home.path(), "no segment");
    std::fs::write(&segment, &whole).expect("a file");

    let head = std::fs::read(journal.join("HEAD")).expect("a file");
    std::fs::remove_file(journal.join("HEAD")).expect("a file");
    found(home.path(), "no HEAD");
    std::fs::write(journal.join("HEAD"), &head).expect("a file");

    // The segment of another day of the same arrangement, sound by itself.
    comity(home.path(), &["demo", "--dir", "other", "--seed", "2", "--payments", "150"]).ends(0);
    std::fs::copy(home.path().join("other/journal/00000000000000000001.cj"), &segment).expect("a file");
    found(home.path(), "the segment of another journal");
    std::fs::write(&segment, &whole).expect("a file");
    comity(home.path(), &["verify", "d"]).ends(0);
}
