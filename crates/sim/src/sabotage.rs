//! Nodes that break their promises on purpose: what must be caught, so that "no failure" means something.
//!
//! Absent on purpose: subtlety. Each of these is a mistake somebody could make in an afternoon.

use comity_journal::{
    EntrySeq, Fault, FileLog, FrameNo, Frames, JournalId, Kind, Log, Micros, Point, Record, Start, Ticket,
};

/// What is wrong with the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// Answers are handed out before the journal is durable.
    EagerAnswers,
    /// One write to a segment is swallowed by the disk.
    DroppedWrite,
    /// One batch is journalled with another amount than was applied and answered.
    TwistedEntry,
    /// The disk says that names are durable when they are not.
    LostNames,
}

/// A journal with a flaw.
pub(crate) struct Flawed {
    log: FileLog,
    flaw: Sabotage,
    /// Batches until the flaw shows.
    countdown: u32,
    last: Point,
}

impl Flawed {
    pub(crate) fn new(log: FileLog, flaw: Sabotage, countdown: u32) -> Self {
        let last = log.durable();
        Self { log, flaw, countdown, last }
    }
}

impl Log for Flawed {
    fn id(&self) -> JournalId {
        self.log.id()
    }

    fn next_frame(&self) -> FrameNo {
        self.log.next_frame()
    }

    fn next_entry(&self) -> EntrySeq {
        self.log.next_entry()
    }

    fn durable(&self) -> Point {
        if self.flaw == Sabotage::EagerAnswers { self.last } else { self.log.durable() }
    }

    fn fault(&self) -> Option<Fault> {
        self.log.fault()
    }

    fn record(&mut self, kind: Kind, at: Micros) -> Record {
        self.log.record(kind, at)
    }

    fn append(&mut self, record: Record) -> Result<Ticket, Fault> {
        let mut record = record;
        if self.flaw == Sabotage::TwistedEntry && record.kind == Kind::Entries {
            self.countdown = self.countdown.saturating_sub(1);
            if self.countdown == 0 {
                record = twisted(&record);
            }
        }
        let entries = record.entries;
        let ticket = self.log.append(record)?;
        self.last = Point {
            frame: ticket.frame,
            next_entry: EntrySeq(ticket.first_entry.0 + u64::from(entries)),
            hash: self.last.hash,
        };
        Ok(ticket)
    }

    fn wait(&mut self, through: FrameNo) -> Result<Point, Fault> {
        if self.flaw == Sabotage::EagerAnswers { Ok(self.last) } else { self.log.wait(through) }
    }

    fn read(&self, start: Start) -> Result<Box<dyn Frames>, Fault> {
        self.log.read(start)
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.log.close()
    }
}

/// The record with one bit of its last byte but ten turned over: in a payment that is part of the line or amount.
fn twisted(record: &Record) -> Record {
    let mut payload = record.payload().to_vec();
    let at = payload.len().saturating_sub(30);
    if let Some(byte) = payload.get_mut(at) {
        *byte ^= 1;
    }
    Record::of(record.kind, record.at, record.entries, &payload)
}
