//! The contract of [`crate::Log`] as a test suite for every provider. Each check opens a fresh journal, uses it, and
//! panics with the broken promise.
//!
//! Deliberately absent: crashes of disks; those are the business of whoever simulates disks.

use crate::fault::Fault;
use crate::frame::{EntrySeq, FrameNo, Hash, Kind, Micros, PAYLOAD_LEN_MAX};
use crate::head::Point;
use crate::log::{Log, Start, Ticket};
use crate::record::Record;

/// Opens journals for the suite.
pub trait Provider {
    /// The journal under test.
    type Log: Log;

    /// Forgets everything: the next `open` creates a new journal.
    fn reset(&mut self);

    /// Opens the journal as the last one was left: closed, or dropped.
    ///
    /// # Errors
    /// The provider's fault; the suite expects none.
    fn open(&mut self) -> Result<Self::Log, Fault>;
}

/// A check: the promise in words, and the function that panics when it is broken.
pub type Check<P> = (&'static str, fn(&mut P));

/// Every check, in the order of the contract. Each wants a provider that has just been reset.
#[must_use]
pub fn checks<P: Provider>() -> Vec<Check<P>> {
    vec![
        ("a new journal is empty", new_is_empty),
        ("numbers rise without gaps in entries", numbers),
        ("durable rises and never beyond what was appended", durable),
        ("what was appended is what is read", round_trip),
        ("the chain holds over all frames", chain),
        ("reading starts where it is told", starts),
        ("reading sees durable frames only", reads_durable),
        ("waiting for the future waits for all there is", waits_for_all),
        ("refusals change nothing", refusals),
        ("kinds of the caller are carried, known or not", kinds),
        ("empty and largest payloads are carried", extremes),
        ("the window gives way, not memory", window),
        ("closing keeps everything and refuses more", closing),
        ("a drop keeps what was waited for", dropping),
        ("a reopened journal goes on where it was", reopening),
    ]
}

/// Runs every check on a fresh journal of `provider`.
///
/// # Panics
/// When a promise of the contract is broken.
pub fn run<P: Provider>(provider: &mut P) {
    for (_, check) in checks::<P>() {
        provider.reset();
        check(provider);
    }
}

/// A frame as the suite compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    number: FrameNo,
    first_entry: EntrySeq,
    entries: u32,
    kind: Kind,
    at: Micros,
    payload: Vec<u8>,
    prev_hash: Hash,
    hash: Hash,
}

fn open<P: Provider>(provider: &mut P) -> P::Log {
    provider.open().expect("the journal opens")
}

fn record(n: u32) -> Record {
    let len = (n as usize * 37) % 900;
    Record::of(Kind::Entries, Micros(u64::from(n)), n % 4, &vec![n as u8; len])
}

fn append_some(log: &mut impl Log, count: u32) -> Vec<Ticket> {
    (0..count).map(|n| log.append(record(n)).expect("the record is taken")).collect()
}

fn settle(log: &mut impl Log) -> Point {
    let next = log.next_frame();
    log.wait(next).expect("everything becomes durable")
}

fn read(log: &impl Log, start: Start) -> Vec<Seen> {
    let mut frames = log.read(start).expect("the journal can be read");
    let mut seen = Vec::new();
    while let Some(frame) = frames.next().expect("the frame is whole") {
        seen.push(Seen {
            number: frame.number(),
            first_entry: frame.first_entry(),
            entries: frame.entries(),
            kind: frame.kind(),
            at: frame.at(),
            payload: frame.payload.to_vec(),
            prev_hash: frame.header.prev_hash,
            hash: frame.hash,
        });
    }
    seen
}

fn new_is_empty<P: Provider>(provider: &mut P) {
    let log = open(provider);
    assert_eq!(log.next_frame(), FrameNo(1));
    assert_eq!(log.next_entry(), EntrySeq(1));
    assert_eq!(log.durable(), Point::START);
    assert_eq!(log.fault(), None);
    assert_eq!(read(&log, Start::BEGINNING), vec![]);
}

fn numbers<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let mut next_entry = 1;
    let mut last = FrameNo(0);
    for n in 0..60 {
        let expected = log.next_frame();
        let ticket = log.append(record(n)).expect("the record is taken");
        assert!(ticket.frame >= expected && ticket.frame > last);
        assert_eq!(ticket.first_entry, EntrySeq(next_entry));
        next_entry += u64::from(n % 4);
        last = ticket.frame;
        assert!(log.next_frame() > ticket.frame);
        assert_eq!(log.next_entry(), EntrySeq(next_entry));
    }
}

fn durable<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let mut before = log.durable().frame;
    for ticket in append_some(&mut log, 50) {
        let now = log.durable().frame;
        assert!(now >= before && now < log.next_frame());
        let point = log.wait(ticket.frame).expect("becomes durable");
        assert!(point.frame >= ticket.frame);
        assert!(log.durable().frame >= point.frame);
        before = log.durable().frame;
    }
    let ticket = log.append_durable(record(7)).expect("becomes durable");
    assert!(log.durable().frame >= ticket.frame);
    assert_eq!(log.durable().next_entry, log.next_entry());
}

fn round_trip<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let tickets = append_some(&mut log, 80);
    settle(&mut log);
    let seen = read(&log, Start::BEGINNING);
    assert_eq!(seen.len(), tickets.len());
    for ((n, ticket), seen) in (0u32..).zip(tickets).zip(seen) {
        let sent = record(n);
        assert_eq!((seen.number, seen.first_entry), (ticket.frame, ticket.first_entry));
        assert_eq!((seen.kind, seen.at), (sent.kind, sent.at));
        assert_eq!((seen.entries, seen.payload.as_slice()), (sent.entries, sent.payload()));
    }
}

fn chain<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    append_some(&mut log, 40);
    let point = settle(&mut log);
    let seen = read(&log, Start::BEGINNING);
    for pair in seen.windows(2) {
        // Where the provider uses a number for itself, the link goes through a frame it does not show.
        if pair[1].number == pair[0].number.next() {
            assert_eq!(pair[1].prev_hash, pair[0].hash);
        } else {
            assert_ne!(pair[1].prev_hash, pair[0].hash);
        }
    }
    assert!(
        seen.last().is_some_and(|last| {
            last.number < point.frame || (last.hash == point.hash && last.number == point.frame)
        })
    );
}

fn starts<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    append_some(&mut log, 60);
    settle(&mut log);
    let all = read(&log, Start::BEGINNING);
    for at in [0, 1, 17, 42, 59] {
        let frame = all[at].number;
        assert_eq!(read(&log, Start::Frame(frame)), all[at..]);
    }
    for (at, seen) in all.iter().enumerate() {
        for entry in 0..u64::from(seen.entries) {
            let start = Start::Entry(EntrySeq(seen.first_entry.0 + entry));
            assert_eq!(read(&log, start), all[at..]);
        }
    }
    assert_eq!(read(&log, Start::Frame(log.next_frame())), vec![]);
    assert_eq!(read(&log, Start::Entry(log.next_entry())), vec![]);
}

fn reads_durable<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let tickets = append_some(&mut log, 5);
    log.wait(tickets[4].frame).expect("becomes durable");
    log.append(record(5)).expect("the record is taken");
    let durable = log.durable().frame;
    let mut frames = log.read(Start::BEGINNING).expect("reads");
    let later = log.durable().frame;
    let mut last = FrameNo(0);
    while let Some(frame) = frames.next().expect("reads") {
        last = frame.number();
    }
    assert!(last >= tickets[4].frame && last >= durable.min(tickets[4].frame) && last <= later);
}

fn waits_for_all<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let tickets = append_some(&mut log, 10);
    let point = log.wait(FrameNo(u64::MAX)).expect("becomes durable");
    assert!(point.frame >= tickets[9].frame);
    assert_eq!(point.next_entry, log.next_entry());
}

fn refusals<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    append_some(&mut log, 3);
    let (frame, entry) = (log.next_frame(), log.next_entry());
    for kind in [Kind::Seal, Kind::Other(0), Kind::Other(5), Kind::Other(15)] {
        let refused = log.append(Record::of(kind, Micros(1), 1, b"x"));
        assert_eq!(refused, Err(Fault::ReservedKind { kind: kind.byte() }));
    }
    let large = Record::of(Kind::Document, Micros(1), 0, &vec![0; PAYLOAD_LEN_MAX + 1]);
    let refused = log.append(large).expect_err("the payload is too large");
    assert!(refused.is_refusal());
    assert_eq!((log.next_frame(), log.next_entry()), (frame, entry));
    assert_eq!(log.fault(), None);
    log.append_durable(record(3)).expect("the journal goes on");
    assert_eq!(read(&log, Start::BEGINNING).len(), 4);
}

fn kinds<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let kinds = [1u8, 2, 3, 16, 77, 255].map(Kind::of);
    for kind in kinds {
        let mut record = log.record(kind, Micros(5));
        record.extend(&[kind.byte()]);
        log.append(record).expect("the record is taken");
    }
    settle(&mut log);
    let seen: Vec<Kind> = read(&log, Start::BEGINNING).iter().map(|s| s.kind).collect();
    assert_eq!(seen, kinds);
}

fn extremes<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let large: Vec<u8> = (0..PAYLOAD_LEN_MAX).map(|n| (n % 251) as u8).collect();
    log.append(Record::new(Kind::Entries, Micros(0))).expect("empty is taken");
    log.append(Record::of(Kind::Document, Micros(u64::MAX), 0, &large)).expect("the largest is taken");
    log.append(Record::of(Kind::Entries, Micros(0), 1_000_000, b"")).expect("entries without bytes are taken");
    settle(&mut log);
    let seen = read(&log, Start::BEGINNING);
    assert_eq!(seen.len(), 3);
    assert!(seen[0].payload.is_empty() && seen[1].payload == large);
    assert_eq!(log.next_entry(), EntrySeq(1_000_001));
}

fn window<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    for n in 0..400 {
        log.append(record(n)).expect("append waits for room");
    }
    settle(&mut log);
    assert_eq!(read(&log, Start::BEGINNING).len(), 400);
}

fn closing<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    append_some(&mut log, 30);
    log.close().expect("closes");
    assert_eq!(log.append(record(1)), Err(Fault::Closed));
    assert_eq!(log.close(), Err(Fault::Closed));
    drop(log);
    let log = open(provider);
    assert_eq!(read(&log, Start::BEGINNING).len(), 30);
}

fn dropping<P: Provider>(provider: &mut P) {
    let mut log = open(provider);
    let tickets = append_some(&mut log, 30);
    log.wait(tickets[19].frame).expect("becomes durable");
    let durable = log.durable().frame;
    let before = read(&log, Start::BEGINNING);
    drop(log);
    let log = open(provider);
    let after = read(&log, Start::BEGINNING);
    assert!(log.durable().frame >= durable);
    assert!(after.len() >= 20 && after.len() <= 30);
    assert!(after.starts_with(&before), "what was durable is unchanged");
    for (n, seen) in (0u32..).zip(&after) {
        assert_eq!(seen.payload, record(n).payload(), "nothing is invented");
    }
}

fn reopening<P: Provider>(provider: &mut P) {
    let mut expected = Vec::new();
    for round in 0..6u32 {
        let mut log = open(provider);
        let seen = read(&log, Start::BEGINNING);
        let entries: u64 = seen.iter().map(|s| u64::from(s.entries)).sum();
        assert_eq!(log.next_entry(), EntrySeq(entries + 1));
        assert!(log.next_frame() > seen.last().map_or(FrameNo(0), |s| s.number));
        assert_eq!(seen.into_iter().map(|s| s.payload).collect::<Vec<_>>(), expected);
        for n in 0..7 {
            let sent = record(round * 7 + n);
            expected.push(sent.payload().to_vec());
            log.append_durable(sent).expect("becomes durable");
        }
        if round % 2 == 0 {
            log.close().expect("closes");
        }
    }
}
