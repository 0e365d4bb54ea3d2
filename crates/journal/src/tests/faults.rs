//! A disk that fails at every possible call, and power that fails at every possible moment: whatever was acknowledged
//! is there afterwards, and nothing that was never sent.

use super::disk::{SimDisk, Trouble};
use super::script::{check_reopened, count, open, run};
use crate::{Fault, Log, Mode, Record, Start};

const RECORDS: usize = 24;

/// Calls that a whole undisturbed history takes.
fn calls(mode: Mode) -> u64 {
    let disk = SimDisk::new();
    let mut log = open(&disk, mode).expect("opens");
    let (all, fault) = run(&mut log, 0, RECORDS, 5);
    assert_eq!((all, fault), (RECORDS, None));
    log.close().expect("closes");
    disk.calls()
}

fn trouble_at_each_call(mode: Mode, trouble: Trouble, seeds: u64) {
    let mut met = 0;
    for call in 0..calls(mode) {
        for seed in 0..seeds {
            let what = format!("{trouble:?} at call {call}, seed {seed}, {mode:?}");
            let disk = SimDisk::new();
            disk.trouble_at(call, trouble);
            let mut acknowledged = 0;
            if let Ok(mut log) = open(&disk, mode) {
                let fault;
                (acknowledged, fault) = run(&mut log, 0, RECORDS, 5);
                if let Some(fault) = fault {
                    met += 1;
                    check_poisoned(&mut log, &fault, acknowledged, &what);
                } else if log.close().is_err() {
                    met += 1;
                }
            } else {
                met += 1;
            }
            if seed == 0 {
                disk.restart();
            } else {
                disk.lose_power(seed);
            }
            check_reopened(&disk, acknowledged, RECORDS, &what);
        }
    }
    assert!(met > 20, "the trouble was met {met} times only");
}

/// After a fault the journal refuses with the cause, stands still, and can still be read.
fn check_poisoned(log: &mut impl Log, fault: &Fault, acknowledged: usize, what: &str) {
    assert!(matches!(fault, Fault::Poisoned { .. }), "{what}: {fault}");
    let durable = log.durable();
    assert!(log.fault().is_some(), "{what}");
    let again = log.append(Record::of(crate::Kind::Entries, crate::Micros(0), 1, b"no"));
    assert!(matches!(again, Err(Fault::Poisoned { .. })), "{what}");
    assert!(matches!(log.close(), Err(Fault::Poisoned { .. })), "{what}");
    assert_eq!(log.durable(), durable, "{what}");
    if let Ok(mut frames) = log.read(Start::BEGINNING)
        && let Ok(found) = count(&mut *frames)
    {
        assert_eq!(found, acknowledged, "{what}");
    }
}

#[test]
fn a_call_that_fails() {
    trouble_at_each_call(Mode::Inline, Trouble::Fails, 6);
}

#[test]
fn a_short_write_and_then_a_failure() {
    trouble_at_each_call(Mode::Inline, Trouble::Short, 4);
}

#[test]
fn a_full_disk() {
    trouble_at_each_call(Mode::Inline, Trouble::Full, 4);
}

#[test]
fn a_machine_that_stops() {
    trouble_at_each_call(Mode::Inline, Trouble::Dies, 20);
}

#[test]
fn the_same_with_threads() {
    trouble_at_each_call(Mode::Threads, Trouble::Fails, 8);
    trouble_at_each_call(Mode::Threads, Trouble::Dies, 4);
}

#[test]
fn trouble_during_recovery_itself() {
    for first in (0..calls(Mode::Inline)).step_by(7) {
        for second in 0..40 {
            for trouble in [Trouble::Fails, Trouble::Dies, Trouble::Full] {
                let disk = SimDisk::new();
                disk.trouble_at(first, Trouble::Dies);
                let acknowledged = match open(&disk, Mode::Inline) {
                    Ok(mut log) => run(&mut log, 0, RECORDS, 5).0,
                    Err(_) => 0,
                };
                disk.lose_power(first);
                disk.trouble_at(second, trouble);
                drop(open(&disk, Mode::Inline));
                disk.lose_power(second);
                let what = format!("stops at {first}, then {trouble:?} at {second} of recovery");
                check_reopened(&disk, acknowledged, RECORDS, &what);
            }
        }
    }
}

/// The canary: a disk whose syncs lie must break the promise, or these tests prove nothing.
#[test]
fn a_disk_that_lies_is_caught() {
    let mut caught = 0;
    for seed in 1..40 {
        let disk = SimDisk::new();
        let mut log = open(&disk, Mode::Inline).expect("opens");
        let (before, _) = run(&mut log, 0, 4, seed);
        disk.lie();
        let (acknowledged, fault) = run(&mut log, before, RECORDS, seed);
        assert_eq!((acknowledged, fault), (RECORDS, None));
        drop(log);
        disk.lose_power(seed);
        let found = match open(&disk, Mode::Inline) {
            Ok(log) => log.read(Start::BEGINNING).and_then(|mut f| count(&mut *f)),
            Err(fault) => Err(fault),
        };
        if found != Ok(RECORDS) {
            caught += 1;
        }
    }
    assert!(caught > 30, "caught {caught} of 39");
}

#[test]
fn too_little_free_space_is_refused_before_anything_is_torn() {
    let disk = SimDisk::new();
    disk.set_free(Some(1_000));
    let options = crate::Options { reserve_bytes: 2_000, ..super::script::options(Mode::Inline) };
    let (mut log, _) = crate::FileLog::open(disk.shared(), "/j".as_ref(), options).expect("opens");
    let refused = log.append(super::script::record(0)).expect_err("too little space");
    assert!(refused.is_refusal(), "{refused}");
    assert_eq!(refused.to_string(), "disk of /j has 1000 bytes free, too few for 120 bytes above the reserve of 2000");
    assert_eq!(log.fault(), None);
    disk.set_free(Some(1_000_000));
    let (all, fault) = run(&mut log, 0, 10, 3);
    assert_eq!((all, fault), (10, None));
}

#[test]
fn a_disk_that_cannot_tell_its_free_space_stops_the_journal() {
    let disk = SimDisk::new();
    let options = crate::Options { reserve_bytes: 2_000, ..super::script::options(Mode::Inline) };
    let (mut log, _) = crate::FileLog::open(disk.shared(), "/j".as_ref(), options).expect("opens");
    disk.trouble_at(0, Trouble::Fails);
    let fault = log.append(super::script::record(0)).expect_err("the call failed");
    check_poisoned(&mut log, &fault, 0, "free space");
}

#[test]
fn a_second_opening_is_refused() {
    let root = tempfile::tempdir().expect("a folder for the test");
    let options = super::script::options(Mode::Inline);
    let disk = crate::OsDisk::shared();
    let first = crate::FileLog::open(disk.clone(), root.path(), options).expect("opens");
    let second = crate::FileLog::open(disk.clone(), root.path(), options).map(|_| ());
    assert!(matches!(second, Err(Fault::Locked { .. })), "{second:?}");
    assert!(matches!(crate::verify_dir(root.path()), Err(Fault::Locked { .. })));
    drop(first);
    crate::FileLog::open(disk, root.path(), options).expect("opens once the first is gone");
}

#[test]
fn another_journal_is_not_taken_for_ours() {
    let disk = SimDisk::new();
    drop(open(&disk, Mode::Inline).expect("opens"));
    let options = crate::Options { id: Some(crate::JournalId([1; 16])), ..super::script::options(Mode::Inline) };
    let other = crate::FileLog::open(disk.shared(), "/j".as_ref(), options).map(|_| ());
    assert!(matches!(other, Err(Fault::WrongJournal { .. })), "{other:?}");
}
