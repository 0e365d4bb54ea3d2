//! A record: what a caller fills and appends. It keeps room for the frame header in front of the payload, so that
//! a batch is hashed and written from the very buffer it was encoded into.
//!
//! Deliberately absent: numbers and hashes; the journal gives those.

use std::io;

use crate::frame::{HEADER_LEN, Kind, Micros, PAYLOAD_LEN_MAX};

/// A payload on its way into the journal.
///
/// Take one from [`crate::Log::record`] (which reuses buffers), write the payload with [`Record::extend`] or
/// [`std::io::Write`], set the number of entries, append it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What the payload is.
    pub kind: Kind,
    /// Entries in the payload; documents and checkpoints count none.
    pub entries: u32,
    /// Time of the append.
    pub at: Micros,
    buf: Vec<u8>,
}

impl Record {
    /// An empty record.
    #[must_use]
    pub fn new(kind: Kind, at: Micros) -> Self {
        Self::with_buffer(kind, at, Vec::new())
    }

    /// A record with a payload copied from `payload`.
    #[must_use]
    pub fn of(kind: Kind, at: Micros, entries: u32, payload: &[u8]) -> Self {
        let mut record = Self::new(kind, at);
        record.entries = entries;
        record.extend(payload);
        record
    }

    pub(crate) fn with_buffer(kind: Kind, at: Micros, mut buf: Vec<u8>) -> Self {
        buf.clear();
        buf.resize(HEADER_LEN, 0);
        Self { kind, entries: 0, at, buf }
    }

    /// Adds bytes to the payload.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.buf.extend_from_slice(bytes);
    }

    /// The payload so far.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.buf[HEADER_LEN..]
    }

    /// Bytes of payload so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buf.len() - HEADER_LEN
    }

    /// True while the payload is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Room left below [`PAYLOAD_LEN_MAX`].
    #[must_use]
    pub fn room(&self) -> usize {
        PAYLOAD_LEN_MAX.saturating_sub(self.len())
    }

    /// Lets `encode` push the payload straight into the buffer, after the bytes that are there.
    ///
    /// # Panics
    /// When `encode` cuts into the room of the frame header: that is a bug of the caller.
    pub fn encode_with<T>(&mut self, encode: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let before = self.buf.len();
        let out = encode(&mut self.buf);
        assert!(self.buf.len() >= before, "an encoder only pushes");
        out
    }

    /// The whole buffer: room for the header, then the payload.
    pub(crate) fn buffer_mut(&mut self) -> &mut Vec<u8> {
        &mut self.buf
    }

    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.buf
    }
}

impl io::Write for Record {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
