//! Trouble with the disk: a clear error, exit 1, nothing lost - and with room again the run ends as if nothing had been.

use std::path::Path;
use std::process::Command;

use crate::world::{COMITY, comity, copy_prepared, digest, files, finish, folder};

/// A prepared folder, and a finished run of the same.
fn prepared(home: &Path) -> (std::path::PathBuf, String) {
    comity(home, &["demo", "--dir", "whole", "--payments", "400"]).ends(0);
    copy_prepared(&home.join("whole"), &home.join("d"));
    (home.join("d"), digest(&home.join("whole")))
}

fn same_as_undisturbed(home: &Path, expected: &str) {
    comity(home, &["day", "d"]).ends(0);
    assert_eq!(digest(&home.join("d")), expected);
    assert!(files(&home.join("d/outbox")) == files(&home.join("whole/outbox")), "the answers are the same");
    comity(home, &["verify", "d"]).ends(0);
}

#[test]
fn a_file_where_a_folder_should_be() {
    let home = folder();
    let (dir, expected) = prepared(home.path());
    for name in ["journal", "outbox", "statements"] {
        crate::world::write(dir.join(name), "in the way");
        let ran = comity(home.path(), &["day", "d"]).ends(1);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains("error: ") && ran.err.contains(name), "{name}: {}", ran.err);
        std::fs::remove_file(dir.join(name)).expect("a file");
    }
    same_as_undisturbed(home.path(), &expected);
}

#[test]
fn a_file_that_may_not_grow() {
    let home = folder();
    let (_, expected) = prepared(home.path());
    let mut failed = 0;
    // In blocks of 512 bytes: from the first frame to almost all of the journal.
    for blocks in [0, 1, 20, 200, 500, 1000] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" day d");
        let ran = finish(Command::new("sh").args(["-c", &script, COMITY]).current_dir(home.path()));
        if ran.code == Some(0) {
            continue;
        }
        failed += 1;
        assert_eq!(ran.code, Some(1), "{blocks} blocks: {} {}", ran.out, ran.err);
        assert_eq!(ran.out, "", "{blocks} blocks");
        assert!(ran.err.contains("error: ") && ran.err.contains("File too large"), "{blocks} blocks: {}", ran.err);
    }
    assert!(failed >= 4, "only {failed} runs met the limit");
    same_as_undisturbed(home.path(), &expected);
}

/// A small disk of its own; gone when the test ends, however it ends.
struct SmallDisk<'a>(&'a Path);

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[test]
fn a_full_disk() {
    let home = folder();
    let (dir, expected) = prepared(home.path());
    let journal = dir.join("journal");
    std::fs::create_dir_all(&journal).expect("a folder");
    let mount = |options: &str| {
        let run = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&journal).output();
        run.is_ok_and(|output| output.status.success())
    };
    if !mount("size=64k") {
        eprintln!("skipped: mounting a small disk is not permitted");
        return;
    }
    let disk = SmallDisk(&journal);
    // A reserve of 64 MiB is left to others; above it there is first no room, then room for a part.
    for size in ["64k", "65536k", "65636k", "65836k"] {
        assert!(mount(&format!("remount,size={size}")), "the disk grows");
        let ran = comity(home.path(), &["day", "d"]).ends(1);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains("bytes free, too few for"), "{size}: {}", ran.err);
    }
    assert!(mount("remount,size=256m"), "the disk grows");
    same_as_undisturbed(home.path(), &expected);
    drop(disk);
}

/// A folder that takes no new files, even from root; writable again when the test ends.
struct Immutable<'a>(&'a Path);

impl Drop for Immutable<'_> {
    fn drop(&mut self) {
        let _ = Command::new("chattr").arg("-i").arg(self.0).status();
    }
}

#[test]
fn a_folder_that_may_not_be_written() {
    let home = folder();
    let (dir, expected) = prepared(home.path());
    for name in ["journal", "outbox", "statements"] {
        let inner = dir.join(name);
        std::fs::create_dir_all(&inner).expect("a folder");
        let run = Command::new("chattr").arg("+i").arg(&inner).output();
        if !run.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: folders cannot be made immutable here");
            return;
        }
        let shut = Immutable(&inner);
        let ran = comity(home.path(), &["day", "d"]).ends(1);
        assert_eq!(ran.out, "");
        assert!(ran.err.starts_with("error: ") || ran.err.contains("\nerror: "), "{}", ran.err);
        assert!(ran.err.contains(name) && ran.err.contains("not permitted"), "{name}: {}", ran.err);
        drop(shut);
    }
    same_as_undisturbed(home.path(), &expected);
}
