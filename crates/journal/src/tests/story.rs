//! The journal in one story: write, close, reopen, read, seal, archive, verify.

use crate::{
    EntrySeq, FileLog, FrameNo, JournalId, Kind, Log, Micros, Mode, Options, OsDisk, Reader, Record, Snapshots, Start,
    verify, verify_dir,
};

fn options(mode: Mode) -> Options {
    Options { id: Some(JournalId(*b"journal-of-tests")), mode, ..Options::small() }
}

#[test]
fn a_journal_is_written_closed_reopened_archived_and_verified() {
    for mode in [Mode::Inline, Mode::Threads] {
        let root = tempfile::tempdir().expect("a folder for the test");
        let (dir, archive) = (root.path().join("journal"), root.path().join("archive"));
        let disk = OsDisk::shared();
        let (mut log, recovery) = FileLog::open(disk.clone(), &dir, options(mode)).expect("creates");
        assert!(recovery.created);
        for n in 0..100u32 {
            let mut record = log.record(Kind::Entries, Micros(u64::from(n)));
            record.entries = 3;
            record.extend(&[n as u8; 120]);
            let ticket = log.append(record).expect("appends");
            assert_eq!(ticket.first_entry, EntrySeq(u64::from(n) * 3 + 1));
        }
        let document = Record::of(Kind::Document, Micros(100), 0, &vec![7; 100_000]);
        let ticket = log.append_durable(document).expect("appends");
        assert!(log.durable().frame >= ticket.frame);
        let snapshots = Snapshots::new(disk.clone(), &dir, log.id());
        let info =
            crate::SnapshotInfo { next_entry: log.next_entry(), frame: ticket.frame, at: Micros(101), digest: [9; 32] };
        snapshots.write(info, b"the state").expect("writes");
        log.close().expect("closes");
        let report = verify_dir(&dir).expect("verifies");
        assert!(report.is_sound() && report.closed, "{report:?}");
        assert_eq!((report.entries, report.snapshots), (300, 1));
        assert!(report.segments > 3, "{report:?}");

        let (mut log, recovery) = FileLog::open(disk.clone(), &dir, options(mode)).expect("opens");
        assert!(recovery.closed && !recovery.created && recovery.torn.is_none());
        assert_eq!(log.next_entry(), EntrySeq(301));
        let mut frames = log.read(Start::Entry(EntrySeq(200))).expect("reads");
        let first = frames.next().expect("reads").expect("a frame");
        assert_eq!(first.first_entry(), EntrySeq(199));
        let moved = log.archive(FrameNo(60), &archive).expect("archives");
        assert!(!moved.segments.is_empty());
        log.close().expect("closes");
        let live = verify_dir(&dir).expect("verifies");
        assert_eq!(live.first_frame, moved.first_frame);
        let all = verify(&disk, &dir, std::slice::from_ref(&archive)).expect("verifies");
        assert!(all.is_sound() && all.entries == 300, "{all:?}");
        let mut reader = Reader::open_with(disk.clone(), &dir, &[archive], Start::BEGINNING).expect("opens");
        let mut count = 0;
        while let Some(frame) = reader.next().expect("reads") {
            assert!(frame.kind() != Kind::Seal);
            count += 1;
        }
        assert_eq!(count, 101);
        let (newest, bad) = snapshots.newest(EntrySeq(301)).expect("lists");
        assert!(bad.is_empty());
        assert_eq!(newest.expect("a snapshot").body, b"the state");
    }
}
