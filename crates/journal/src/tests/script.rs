//! One small history of a journal, and the promises it must keep whatever the disk does.

use super::disk::{Chance, SimDisk};
use crate::{Fault, FileLog, Frames, JournalId, Kind, Log, Micros, Mode, Options, Reader, Record, Start, verify};

pub(super) const ID: JournalId = JournalId(*b"script-of-tests!");
pub(super) const DIR: &str = "/j";

pub(super) fn options(mode: Mode) -> Options {
    Options { id: Some(ID), mode, segment_bytes: 3_000, window_frames: 4, ..Options::small() }
}

/// The n-th record of every history.
pub(super) fn record(n: usize) -> Record {
    let len = (n * 131) % 700;
    let byte = (n % 251) as u8;
    let kind = if n % 7 == 3 { Kind::Document } else { Kind::Entries };
    let entries = if kind == Kind::Entries { 1 + n as u32 % 3 } else { 0 };
    Record::of(kind, Micros(n as u64), entries, &vec![byte; len])
}

pub(super) fn open(disk: &SimDisk, mode: Mode) -> Result<FileLog, Fault> {
    FileLog::open(disk.shared(), DIR.as_ref(), options(mode)).map(|opened| opened.0)
}

/// Appends records `from..to`, waiting for some; says how many of all are known to be durable when it ends or fails.
pub(super) fn run(log: &mut FileLog, from: usize, to: usize, seed: u64) -> (usize, Option<Fault>) {
    let mut chance = Chance(seed);
    let mut tickets = Vec::new();
    let mut fault = None;
    for n in from..to {
        match log.append(record(n)) {
            Ok(ticket) => tickets.push(ticket.frame),
            Err(f) => {
                fault = Some(f);
                break;
            }
        }
        if chance.below(3) == 0
            && let Some(frame) = tickets.last()
            && let Err(f) = log.wait(*frame)
        {
            fault = Some(f);
            break;
        }
    }
    if fault.is_none() {
        fault = log.wait(log.next_frame()).err();
    }
    let durable = log.durable().frame;
    let acknowledged = tickets.iter().filter(|frame| **frame <= durable).count();
    (from + acknowledged, fault)
}

/// Reads everything and checks that it is the first records of the history; says how many.
pub(super) fn count(frames: &mut dyn Frames) -> Result<usize, Fault> {
    let mut n = 0;
    while let Some(frame) = frames.next()? {
        let sent = record(n);
        assert_eq!(frame.payload, sent.payload(), "frame {n} is the one that was sent");
        assert_eq!((frame.kind(), frame.at(), frame.entries()), (sent.kind, sent.at, sent.entries));
        n += 1;
    }
    Ok(n)
}

/// Reopens, checks the promises, goes on, closes and verifies.
pub(super) fn check_reopened(disk: &SimDisk, acknowledged: usize, sent: usize, what: &str) {
    let mut log = open(disk, Mode::Inline).unwrap_or_else(|f| panic!("{what}: {f}"));
    let mut frames = log.read(Start::BEGINNING).expect("reads");
    let found = count(&mut *frames).unwrap_or_else(|f| panic!("{what}: {f}"));
    assert!(found >= acknowledged, "{what}: {found} of {acknowledged} acknowledged");
    assert!(found <= sent, "{what}: {found} found, {sent} sent");
    // What was found counts as durable: losing power right now must not take it away again.
    for seed in 0..3 {
        let other = disk.fork();
        other.lose_power(seed);
        let again = open(&other, Mode::Inline).unwrap_or_else(|f| panic!("{what}: {f}"));
        let mut frames = again.read(Start::BEGINNING).expect("reads");
        assert_eq!(count(&mut *frames), Ok(found), "{what}: found once, then lost");
    }
    let (all, fault) = run(&mut log, found, found + 5, 1);
    assert_eq!((all, fault), (found + 5, None), "{what}: goes on");
    log.close().expect("closes");
    drop(log);
    let report = verify(&disk.shared(), DIR.as_ref(), &[]).unwrap_or_else(|f| panic!("{what}: {f}"));
    assert!(report.is_sound() && report.closed, "{what}: {report:?}");
    let mut reader = Reader::open(disk.shared(), DIR.as_ref(), Start::BEGINNING).expect("opens");
    assert_eq!(count(&mut reader), Ok(found + 5), "{what}");
}
