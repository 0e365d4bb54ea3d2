//! Nothing goes unnoticed: every flipped byte, every cut, every missing, doubled, swapped or foreign file.

use super::disk::SimDisk;
use super::script::{DIR, count, open, options, run};
use crate::{
    Damage, EntrySeq, Fault, FileLog, FrameNo, Log, Micros, Mode, Options, Reader, Report, SnapshotInfo, Snapshots,
    Start, verify,
};

const RECORDS: usize = 24;

/// A journal of several segments and a snapshot, closed in good order.
fn closed() -> SimDisk {
    let disk = SimDisk::new();
    let mut log = open(&disk, Mode::Inline).expect("opens");
    run(&mut log, 0, RECORDS, 5);
    snapshot(&disk, &log);
    log.close().expect("closes");
    drop(log);
    let report = check(&disk).expect("is whole");
    assert!(report.is_sound() && report.segments >= 4 && report.snapshots == 1);
    disk
}

/// The same, killed instead of closed.
fn killed() -> SimDisk {
    let disk = SimDisk::new();
    let mut log = open(&disk, Mode::Inline).expect("opens");
    run(&mut log, 0, RECORDS, 5);
    snapshot(&disk, &log);
    drop(log);
    disk.restart();
    let report = check(&disk).expect("is whole");
    assert!(report.is_sound() && !report.closed);
    disk
}

fn snapshot(disk: &SimDisk, log: &FileLog) {
    let info =
        SnapshotInfo { next_entry: log.next_entry(), frame: log.durable().frame, at: Micros(9), digest: [7; 32] };
    Snapshots::new(disk.shared(), DIR.as_ref(), log.id()).write(info, b"a small state").expect("writes");
}

fn check(disk: &SimDisk) -> Result<Report, Fault> {
    verify(&disk.shared(), DIR.as_ref(), &[])
}

fn is_noticed(result: Result<Report, Fault>) -> bool {
    match result {
        Ok(report) => !report.is_sound(),
        Err(Fault::Corrupt(_)) => true,
        Err(other) => panic!("{other}"),
    }
}

fn segments(disk: &SimDisk) -> Vec<String> {
    let files = disk.files().into_iter().map(|(name, _)| name);
    files.filter(|name| name.ends_with(".cj")).collect()
}

/// Runs `each` with every byte of every file flipped in turn: all its bits, or one of them.
fn flip_each(disk: &SimDisk, each: impl Fn(&SimDisk, &str)) -> usize {
    let mut flips = 0;
    for (name, len) in disk.files() {
        let bytes = disk.bytes(&name);
        assert_eq!(bytes.len(), len);
        for at in 0..len {
            for mask in [0xff, 1 << (at % 8)] {
                let mut flipped = bytes.clone();
                flipped[at] ^= mask;
                disk.set_bytes(&name, flipped);
                each(disk, &format!("{name} byte {at} by {mask:#x}"));
                flips += 1;
            }
        }
        disk.set_bytes(&name, bytes);
    }
    flips
}

#[test]
fn every_flipped_byte_of_a_closed_journal_is_found() {
    let disk = closed();
    let flips = flip_each(&disk, |disk, what| {
        assert!(is_noticed(check(disk)), "{what}");
    });
    assert!(flips > 20_000, "{flips}");
    assert!(check(&disk).expect("is whole again").is_sound());
}

#[test]
fn every_flipped_byte_of_a_killed_journal_is_found() {
    flip_each(&killed(), |disk, what| {
        assert!(is_noticed(check(disk)), "{what}");
    });
}

#[test]
fn no_flipped_byte_makes_opening_drop_what_was_acknowledged() {
    flip_each(&killed(), |disk, what| {
        let disk = disk.fork();
        let found = open(&disk, Mode::Inline)
            .and_then(|log| log.read(Start::BEGINNING))
            .and_then(|mut frames| count(&mut *frames));
        match found {
            Ok(found) => assert_eq!(found, RECORDS, "{what}"),
            Err(Fault::Corrupt(_)) => {}
            Err(other) => panic!("{what}: {other}"),
        }
    });
}

#[test]
fn every_flipped_byte_of_an_archive_is_found() {
    let disk = closed();
    let mut log = open(&disk, Mode::Inline).expect("opens");
    let moved = log.archive(FrameNo(15), "/a".as_ref()).expect("archives");
    assert!(moved.segments.len() >= 2);
    log.close().expect("closes");
    drop(log);
    let archives = ["/a".into()];
    let check = |disk: &SimDisk| verify(&disk.shared(), DIR.as_ref(), &archives);
    let report = check(&disk).expect("is whole");
    assert!(report.is_sound() && report.first_frame == FrameNo(1));
    flip_each(&disk, |disk, what| {
        assert!(is_noticed(check(disk)), "{what}");
    });
    for name in moved.segments {
        let disk = disk.fork();
        disk.delete(&format!("/a/{name}"));
        assert!(is_noticed(check(&disk)), "{name} deleted");
    }
    let without_manifest = disk.fork();
    without_manifest.delete("/a/MANIFEST");
    assert!(is_noticed(check(&without_manifest)));
}

#[test]
fn every_cut_of_every_file_is_found() {
    let disk = closed();
    for (name, len) in disk.files() {
        let bytes = disk.bytes(&name);
        for keep in 0..len {
            disk.set_bytes(&name, bytes[..keep].to_vec());
            assert!(is_noticed(check(&disk)), "{name} cut to {keep}");
        }
        for extra in [vec![0], vec![1], vec![0; 600], bytes.clone()] {
            let longer: Vec<u8> = bytes.iter().chain(&extra).copied().collect();
            disk.set_bytes(&name, longer);
            if !extra.is_empty() {
                assert!(is_noticed(check(&disk)), "{name} longer by {}", extra.len());
            }
        }
        disk.set_bytes(&name, bytes);
    }
}

#[test]
fn missing_doubled_swapped_and_renamed_segments_are_found() {
    let whole = closed();
    let names = segments(&whole);
    for (n, name) in names.iter().enumerate() {
        let missing = whole.fork();
        missing.delete(name);
        assert!(is_noticed(check(&missing)), "{name} missing");
        let opened = open(&missing, Mode::Inline).map(|_| ());
        assert!(matches!(opened, Err(Fault::Corrupt(_))), "{name} missing: {opened:?}");
        for (m, other) in names.iter().enumerate() {
            if n == m {
                continue;
            }
            let doubled = whole.fork();
            doubled.set_bytes(other, whole.bytes(name));
            assert!(is_noticed(check(&doubled)), "{name} stands for {other}");
            let swapped = whole.fork();
            swapped.set_bytes(other, whole.bytes(name));
            swapped.set_bytes(name, whole.bytes(other));
            assert!(is_noticed(check(&swapped)), "{name} and {other} swapped");
        }
        for new_name in ["/j/00000000000000009999.cj", "/j/copy.cj", "/j/old", "/j/1.tmp"] {
            let doubled = whole.fork();
            doubled.set_bytes(new_name, whole.bytes(name));
            assert!(is_noticed(check(&doubled)), "{name} doubled as {new_name}");
            doubled.delete(name);
            assert!(is_noticed(check(&doubled)), "{name} renamed to {new_name}");
        }
    }
    let without_head = whole.fork();
    without_head.delete("/j/HEAD");
    assert!(is_noticed(check(&without_head)));
    assert!(open(&without_head, Mode::Inline).is_err());
}

#[test]
fn an_older_copy_of_the_journal_is_found_by_its_head() {
    let disk = SimDisk::new();
    let mut log = open(&disk, Mode::Inline).expect("opens");
    run(&mut log, 0, 6, 5);
    let older = disk.fork();
    run(&mut log, 6, RECORDS, 5);
    log.close().expect("closes");
    drop(log);
    // The segments of yesterday's copy with the mark of today.
    older.set_bytes("/j/HEAD", disk.bytes("/j/HEAD"));
    assert!(is_noticed(check(&older)));
}

#[test]
fn segments_of_another_history_are_found() {
    let (ours, theirs) = (closed(), SimDisk::new());
    let mut log = open(&theirs, Mode::Inline).expect("opens");
    // The same records with the marks at other places: every frame differs, every length is the same.
    run(&mut log, 0, RECORDS, 6);
    log.close().expect("closes");
    for name in segments(&ours) {
        let mixed = ours.fork();
        mixed.set_bytes(&name, theirs.bytes(&name));
        assert!(is_noticed(check(&mixed)), "{name} of another history");
    }
}

#[test]
fn a_message_names_file_offset_frame_entry_and_damage() {
    let disk = closed();
    let name = segments(&disk)[1].clone();
    let mut bytes = disk.bytes(&name);
    let at = bytes.len() - 500;
    bytes[at] ^= 4;
    disk.set_bytes(&name, bytes);
    let fault = check(&disk).expect_err("is damaged");
    assert_eq!(
        fault.to_string(),
        "journal is damaged: 00000000000000000008.cj at offset 1706, frame 12, first bad entry 19: \
         payload checksum differs"
    );
    let Fault::Corrupt(bad) = fault else {
        panic!("not reported as damage");
    };
    assert_eq!((bad.frame, bad.entry), (FrameNo(12), EntrySeq(19)));
    assert_eq!(bad.damage, Damage::PayloadChecksum);
    // A reader hands out everything before it and stops there.
    let mut reader = Reader::open(disk.shared(), DIR.as_ref(), Start::BEGINNING).expect("opens");
    assert!(matches!(count(&mut reader), Err(Fault::Corrupt(_))));
    assert_eq!(reader.point().frame, FrameNo(11));
}

#[test]
fn verification_changes_nothing() {
    let disk = killed();
    let before: Vec<Vec<u8>> = disk.files().iter().map(|(n, _)| disk.bytes(n)).collect();
    check(&disk).expect("is whole");
    let after: Vec<Vec<u8>> = disk.files().iter().map(|(n, _)| disk.bytes(n)).collect();
    assert_eq!(before, after);
}

#[test]
fn the_same_appends_give_the_same_bytes() {
    let (one, two) = (closed(), closed());
    assert_eq!(one.files(), two.files());
    for (name, _) in one.files() {
        assert_eq!(one.bytes(&name), two.bytes(&name), "{name}");
    }
}

#[test]
fn archiving_that_is_interrupted_anywhere_is_finished_by_the_next_call() {
    let whole = closed();
    for call in 0..200 {
        let disk = whole.fork();
        let mut log = open(&disk, Mode::Inline).expect("opens");
        disk.trouble_at(call, super::disk::Trouble::Dies);
        let finished = log.archive(FrameNo(15), "/a".as_ref()).is_ok();
        drop(log);
        disk.lose_power(call);
        let what = format!("stopped at call {call}");
        let mut log = open(&disk, Mode::Inline).unwrap_or_else(|f| panic!("{what}: {f}"));
        log.archive(FrameNo(15), "/a".as_ref()).unwrap_or_else(|f| panic!("{what}: {f}"));
        log.close().expect("closes");
        drop(log);
        let archives = ["/a".into()];
        let report = verify(&disk.shared(), DIR.as_ref(), &archives).unwrap_or_else(|f| panic!("{what}: {f}"));
        let frames = report.frames;
        assert_eq!((report.first_frame, report.closed), (FrameNo(1), true), "{what}");
        assert_eq!(frames, check(&whole).expect("is whole").frames, "{what}");
        if finished {
            return;
        }
    }
    panic!("archiving never finished");
}

#[test]
fn large_frames_cross_the_reading_buffer() {
    let disk = SimDisk::new();
    let options = Options { segment_bytes: 20 << 20, ..options(Mode::Inline) };
    let (mut log, _) = FileLog::open(disk.shared(), DIR.as_ref(), options).expect("opens");
    let sizes = [1usize, 2 << 20, 3, (2 << 20) - 120, 5 << 20, 0, 700_000, 700_000, 9 << 20, 70_000];
    for (n, size) in sizes.iter().enumerate() {
        let payload = vec![n as u8; *size];
        let record = crate::Record::of(crate::Kind::Document, Micros(0), 0, &payload);
        log.append(record).expect("is taken");
    }
    log.close().expect("closes");
    drop(log);
    let mut reader = Reader::open(disk.shared(), DIR.as_ref(), Start::BEGINNING).expect("opens");
    for (n, size) in sizes.iter().enumerate() {
        let frame = reader.next().expect("is whole").expect("is there");
        assert_eq!(frame.payload.len(), *size);
        assert!(frame.payload.iter().all(|b| *b == n as u8));
    }
    assert!(reader.next().expect("is whole").is_none());
}
