//! The end of a journal after a crash: what may be cut, what must be reported, byte by byte.

use super::disk::{SimDisk, Trouble};
use super::script::{DIR, ID, check_reopened, count, open, record};
use crate::{Damage, Fault, FileLog, FrameNo, JournalId, Log, Marking, Mode, Options, Reader, Start, verify};

/// One large segment: the tails are easier to see.
fn options(marking: Marking) -> Options {
    Options { id: Some(ID), segment_bytes: 1 << 20, marking, ahead_bytes: 16 << 10, ..Options::small() }
}

fn open_large(disk: &SimDisk, marking: Marking) -> Result<FileLog, Fault> {
    FileLog::open(disk.shared(), DIR.as_ref(), options(marking)).map(|opened| opened.0)
}

const SEGMENT: &str = "/j/00000000000000000001.cj";

/// Six acknowledged records, then three that were written together and never synced.
fn six_and_three() -> (SimDisk, Vec<usize>) {
    let disk = SimDisk::new();
    let mut log = open_large(&disk, Marking::Written).expect("opens");
    let mut ends = vec![96];
    for n in 0..9 {
        let record = record(n);
        ends.push(ends[n] + record.len() + crate::OVERHEAD_LEN);
        log.append(record).expect("is taken");
        if n < 6 {
            log.wait(FrameNo(n as u64 + 1)).expect("becomes durable");
        }
    }
    // The first call is the write of the group, which succeeds; the second is its sync, which does not.
    disk.trouble_at(1, Trouble::Dies);
    log.wait(FrameNo(9)).expect_err("the disk died");
    drop(log);
    disk.restart();
    (disk, ends)
}

fn found_after_opening(disk: &SimDisk) -> Result<usize, Fault> {
    let log = open_large(disk, Marking::Written)?;
    count(&mut *log.read(Start::BEGINNING)?)
}

#[test]
fn a_tail_cut_anywhere_is_torn_beyond_the_mark_and_damage_before_it() {
    let (disk, ends) = six_and_three();
    let bytes = disk.bytes(SEGMENT);
    assert!(bytes[..ends[9]].len() == ends[9], "the whole group was written");
    for keep in 96..=ends[9] {
        let cut = disk.fork();
        cut.set_bytes(SEGMENT, bytes[..keep].to_vec());
        let whole = ends.iter().filter(|end| **end <= keep).count() - 1;
        let verified = verify(&cut.shared(), DIR.as_ref(), &[]);
        let found = found_after_opening(&cut);
        if whole >= 6 {
            let report = verified.expect("a torn tail is no damage");
            assert_eq!(report.torn.is_some(), ends[whole] != keep, "cut to {keep}");
            assert_eq!(found, Ok(whole), "cut to {keep}");
        } else {
            assert!(matches!(verified, Err(Fault::Corrupt(_))), "cut to {keep}");
            assert!(matches!(found, Err(Fault::Corrupt(_))), "cut to {keep}");
            assert_eq!(cut.bytes(SEGMENT).len(), keep, "damage is left as it is");
        }
    }
}

#[test]
fn a_group_torn_in_the_middle_is_cut_although_a_whole_frame_follows() {
    let (disk, ends) = six_and_three();
    for at in ends[6]..ends[7] {
        let torn = disk.fork();
        let mut bytes = torn.bytes(SEGMENT);
        bytes[at] ^= 0xff;
        torn.set_bytes(SEGMENT, bytes);
        assert_eq!(found_after_opening(&torn), Ok(6), "byte {at}");
    }
    for at in ends[5]..ends[6] {
        let damaged = disk.fork();
        let mut bytes = damaged.bytes(SEGMENT);
        bytes[at] ^= 0xff;
        damaged.set_bytes(SEGMENT, bytes);
        match found_after_opening(&damaged) {
            Err(Fault::Corrupt(bad)) => {
                assert_eq!(bad.frame, FrameNo(6), "byte {at}");
                let named = !matches!(bad.damage, Damage::AcknowledgedMissing { .. });
                assert!(named, "byte {at}: {bad} does not say what is wrong there");
            }
            other => panic!("byte {at}: {other:?}"),
        }
    }
}

#[test]
fn nothing_is_cut_from_a_journal_that_was_closed() {
    let disk = SimDisk::new();
    let mut log = open_large(&disk, Marking::Written).expect("opens");
    log.append_durable(record(1)).expect("becomes durable");
    log.close().expect("closes");
    drop(log);
    for garbage in [vec![0u8], vec![0; 700], vec![1; 40], vec![0xcc; 700]] {
        let longer = disk.fork();
        let bytes = [disk.bytes(SEGMENT), garbage].concat();
        longer.set_bytes(SEGMENT, bytes.clone());
        let verified = verify(&longer.shared(), DIR.as_ref(), &[]);
        assert!(matches!(verified, Err(Fault::Corrupt(_))), "{verified:?}");
        let found = found_after_opening(&longer);
        assert!(matches!(found, Err(Fault::Corrupt(_))), "{found:?}");
        assert_eq!(longer.bytes(SEGMENT), bytes);
    }
}

/// The mark in `HEAD` goes back to what it was at the opening, as a loss of power may do.
fn forget_mark(disk: &SimDisk, opened: &[u8]) {
    disk.set_bytes("/j/HEAD", opened.to_vec());
}

#[test]
fn with_the_mark_lost_later_frames_still_vouch_for_earlier_ones() {
    let disk = SimDisk::new();
    let mut log = open_large(&disk, Marking::Written).expect("opens");
    let head = disk.bytes("/j/HEAD");
    let mut ends = vec![96];
    for n in 0..6 {
        let record = record(n);
        ends.push(ends[n] + record.len() + crate::OVERHEAD_LEN);
        log.append_durable(record).expect("becomes durable");
    }
    drop(log);
    disk.restart();
    forget_mark(&disk, &head);
    for at in 96..ends[5] {
        let damaged = disk.fork();
        let mut bytes = damaged.bytes(SEGMENT);
        bytes[at] ^= 0x10;
        damaged.set_bytes(SEGMENT, bytes);
        let found = found_after_opening(&damaged);
        assert!(matches!(found, Err(Fault::Corrupt(_))), "byte {at}: {found:?}");
    }
}

/// The limit stated in the format: only with the mark lost (power) and, besides, the very last frame damaged.
#[test]
fn the_one_window_is_the_last_sync_with_the_mark_lost_and_synced_marks_close_it() {
    for (marking, expected) in [(Marking::Written, Some(5)), (Marking::Synced, None)] {
        let disk = SimDisk::new();
        let mut log = open_large(&disk, marking).expect("opens");
        let head = disk.bytes("/j/HEAD");
        for n in 0..6 {
            log.append_durable(record(n)).expect("becomes durable");
        }
        let end = 96 + (0..6).map(|n| record(n).len() + crate::OVERHEAD_LEN).sum::<usize>();
        drop(log);
        if marking == Marking::Written {
            forget_mark(&disk, &head);
        }
        // With synced marks a loss of power cannot take the mark back.
        disk.lose_power(1);
        let mut bytes = disk.bytes(SEGMENT);
        bytes[end - 40] ^= 1;
        disk.set_bytes(SEGMENT, bytes);
        assert_eq!(found_after_opening(&disk).ok(), expected, "{marking:?}");
    }
}

#[test]
fn a_whole_header_in_the_wrong_place_is_never_cut() {
    let (disk, ends) = six_and_three();
    let bytes = disk.bytes(SEGMENT);
    // The last frame once more, and the one before it: such bytes cannot come from a torn write.
    for from in [ends[8], ends[7]] {
        let doubled = disk.fork();
        let mut longer = bytes[..ends[9]].to_vec();
        longer.extend_from_slice(&bytes[from..ends[9]]);
        doubled.set_bytes(SEGMENT, longer);
        match found_after_opening(&doubled) {
            Err(Fault::Corrupt(bad)) => {
                assert!(matches!(bad.damage, Damage::FrameOrder { .. }), "{bad}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn garbage_after_the_last_frame_of_a_killed_journal_is_cut_and_reported() {
    let (disk, ends) = six_and_three();
    for garbage in [vec![1u8; 10], vec![0xee; 5_000], b"CJfr and then nothing".repeat(9)] {
        let dirty = disk.fork();
        let mut bytes = dirty.bytes(SEGMENT)[..ends[9]].to_vec();
        bytes.extend_from_slice(&garbage);
        dirty.set_bytes(SEGMENT, bytes);
        let opened = FileLog::open(dirty.shared(), DIR.as_ref(), options(Marking::Written));
        let (_, recovery) = opened.expect("opens");
        let torn = recovery.torn.expect("is reported");
        assert_eq!((torn.offset, torn.frame), (ends[9] as u64, FrameNo(10)));
        assert_eq!(recovery.cut_bytes, garbage.len() as u64);
        check_reopened(&dirty, 6, 9, "garbage");
    }
}

#[test]
fn a_crash_during_creation_leaves_nothing_that_hinders() {
    for call in 0..30 {
        for seed in 0..6 {
            let disk = SimDisk::new();
            disk.trouble_at(call, Trouble::Dies);
            drop(open(&disk, Mode::Inline));
            disk.lose_power(seed);
            check_reopened(&disk, 0, 0, &format!("creation stopped at {call}, seed {seed}"));
        }
    }
}

#[test]
fn a_reader_of_a_killed_journal_ends_where_recovery_would_cut() {
    let (disk, ends) = six_and_three();
    let mut bytes = disk.bytes(SEGMENT);
    bytes[ends[8] + 20] ^= 1;
    disk.set_bytes(SEGMENT, bytes);
    let mut reader = Reader::open(disk.shared(), DIR.as_ref(), Start::BEGINNING).expect("opens");
    assert_eq!(count(&mut reader), Ok(8));
    assert_eq!(reader.torn().map(|torn| torn.frame), Some(FrameNo(9)));
}

#[test]
fn a_newer_format_is_named_and_never_cut() {
    let (disk, ends) = six_and_three();
    let mut bytes = disk.bytes(SEGMENT);
    let at = ends[8];
    bytes[at + 4] = 2;
    let crc = crc32c::crc32c(&bytes[at..at + 84]).to_le_bytes();
    bytes[at + 84..at + 88].copy_from_slice(&crc);
    disk.set_bytes(SEGMENT, bytes);
    let fault = found_after_opening(&disk).expect_err("is not understood");
    assert!(fault.to_string().ends_with("format version 2 is newer than 1"), "{fault}");
}

#[test]
fn an_identity_is_kept() {
    let (disk, _) = six_and_three();
    let log = open_large(&disk, Marking::Written).expect("opens");
    assert_eq!(log.id(), ID);
    assert_ne!(log.id(), JournalId([0; 16]));
}
