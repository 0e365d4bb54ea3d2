//! What a history did, as one number and a few last lines: the same seed must give the same trace, byte for byte.
//!
//! Absent on purpose: strength against an adversary. The hash has to notice a difference, nobody tries to hide one.

use std::collections::VecDeque;

/// Lines kept for the report of a failure.
const LAST: usize = 40;

/// A running hash and the last operations.
#[derive(Debug, Clone)]
pub struct Trace {
    hash: u64,
    last: VecDeque<Line>,
    /// Count of everything mixed in.
    pub count: u64,
}

/// One operation, written out only when somebody asks.
#[derive(Debug, Clone)]
struct Line {
    what: &'static str,
    name: std::sync::Arc<str>,
    a: u64,
    b: u64,
}

impl Default for Trace {
    fn default() -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, last: VecDeque::with_capacity(LAST), count: 0 }
    }
}

impl Trace {
    /// Mixes in a number.
    pub fn mix(&mut self, value: u64) {
        self.hash = (self.hash ^ value).wrapping_mul(0x9fb2_1c65_1e98_df25).rotate_left(29);
    }

    /// Mixes in bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.mix(bytes.len() as u64);
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(u64::from_le_bytes(chunk.try_into().expect("chunks of eight")));
        }
        for byte in chunks.remainder() {
            self.mix(u64::from(*byte));
        }
    }

    /// Mixes in an operation and keeps it among the last ones.
    pub fn op(&mut self, what: &'static str, name: &std::sync::Arc<str>, a: u64, b: u64) {
        self.count += 1;
        self.bytes(what.as_bytes());
        self.bytes(name.as_bytes());
        self.mix(a);
        self.mix(b);
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(Line { what, name: std::sync::Arc::clone(name), a, b });
    }

    /// The hash so far.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash ^ self.hash >> 32
    }

    /// The last operations, oldest first.
    #[must_use]
    pub fn last(&self) -> Vec<String> {
        self.last.iter().map(|line| format!("{} {} {} {}", line.what, line.name, line.a, line.b)).collect()
    }
}
