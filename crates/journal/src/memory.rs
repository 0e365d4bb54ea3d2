//! The journal in memory: for tests, rehearsals and anything that needs the contract without a disk.
//!
//! Deliberately absent: durability beyond the process. "Durable" here means "waited for": a dropped, unclosed
//! journal forgets what nobody waited for, so that a caller who forgets to wait is found out.

use std::sync::{Arc, Mutex};

use crate::fault::Fault;
use crate::frame::{EntrySeq, Frame, FrameNo, HEADER_LEN, Header, Kind, Micros, PAYLOAD_LEN_MAX};
use crate::head::Point;
use crate::log::{Frames, Log, Start, Ticket};
use crate::pipeline::lock;
use crate::record::Record;
use crate::segment::{JournalId, SegmentHeader};

/// What survives the dropping of a [`MemLog`].
#[derive(Debug, Clone, Default)]
pub struct MemStore {
    frames: Arc<Mutex<Vec<Stored>>>,
}

#[derive(Debug, Clone)]
struct Stored {
    header: Header,
    hash: [u8; 32],
    payload: Arc<[u8]>,
}

/// A journal in memory.
#[derive(Debug)]
pub struct MemLog {
    id: JournalId,
    store: MemStore,
    pending: Vec<Stored>,
    durable: Point,
    last: Point,
    chain: [u8; 32],
    closed: bool,
}

impl MemLog {
    /// Opens the journal kept in `store`.
    #[must_use]
    pub fn open(store: &MemStore, id: JournalId) -> Self {
        let frames = lock(&store.frames);
        let last = frames.last().map_or(Point::START, |f| Point {
            frame: f.header.number,
            next_entry: f.header.first_entry.after(f.header.entries),
            hash: f.hash,
        });
        let first =
            SegmentHeader { id, number: 1, first_frame: FrameNo(1), first_entry: EntrySeq(1), prev_hash: [0; 32] };
        let chain = if frames.is_empty() { first.hash() } else { last.hash };
        Self { id, store: store.clone(), pending: Vec::new(), durable: last, last, chain, closed: false }
    }
}

impl Log for MemLog {
    fn id(&self) -> JournalId {
        self.id
    }

    fn next_frame(&self) -> FrameNo {
        self.last.frame.next()
    }

    fn next_entry(&self) -> EntrySeq {
        self.last.next_entry
    }

    fn durable(&self) -> Point {
        self.durable
    }

    fn fault(&self) -> Option<Fault> {
        None
    }

    fn record(&mut self, kind: Kind, at: Micros) -> Record {
        Record::new(kind, at)
    }

    fn append(&mut self, record: Record) -> Result<Ticket, Fault> {
        if self.closed {
            return Err(Fault::Closed);
        }
        if !record.kind.is_open() {
            let kind = record.kind.byte();
            return Err(Fault::ReservedKind { kind });
        }
        if record.len() > PAYLOAD_LEN_MAX {
            return Err(Fault::TooLarge { len: record.len() as u64, limit: PAYLOAD_LEN_MAX as u64 });
        }
        let header = Header {
            kind: record.kind,
            number: self.last.frame.next(),
            first_entry: self.last.next_entry,
            entries: record.entries,
            payload_len: u32::try_from(record.len()).expect("the length was just checked"),
            at: record.at,
            synced_through: self.durable.frame,
            prev_hash: self.chain,
            payload_crc: crc32c::crc32c(record.payload()),
        };
        let payload: Arc<[u8]> = Arc::from(record.payload());
        let mut bytes = record.into_buffer();
        bytes[..HEADER_LEN].copy_from_slice(&header.encode());
        let hash = *blake3::hash(&bytes).as_bytes();
        self.pending.push(Stored { header, hash, payload });
        self.chain = hash;
        self.last = Point { frame: header.number, next_entry: header.first_entry.after(header.entries), hash };
        Ok(Ticket { frame: header.number, first_entry: header.first_entry })
    }

    fn wait(&mut self, through: FrameNo) -> Result<Point, Fault> {
        if through > self.durable.frame {
            lock(&self.store.frames).append(&mut self.pending);
            self.durable = self.last;
        }
        Ok(self.durable)
    }

    fn read(&self, start: Start) -> Result<Box<dyn Frames>, Fault> {
        let frames = lock(&self.store.frames);
        let from = frames.partition_point(|f| match start {
            Start::Frame(frame) => f.header.number < frame,
            Start::Entry(entry) => f.header.first_entry.after(f.header.entries) <= entry,
        });
        Ok(Box::new(MemFrames { frames: frames[from..].to_vec(), at: 0 }))
    }

    fn close(&mut self) -> Result<(), Fault> {
        if self.closed {
            return Err(Fault::Closed);
        }
        self.wait(self.last.frame)?;
        self.closed = true;
        Ok(())
    }
}

struct MemFrames {
    frames: Vec<Stored>,
    at: usize,
}

impl Frames for MemFrames {
    fn next(&mut self) -> Result<Option<Frame<'_>>, Fault> {
        let found = self.frames.get(self.at);
        self.at += 1;
        Ok(found.map(|f| Frame { header: f.header, payload: &f.payload, hash: f.hash }))
    }
}
