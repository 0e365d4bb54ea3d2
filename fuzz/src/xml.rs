//! ISO 20022 messages: from bytes to the ledger.

use comity_gateway::inbound::{self, Options};
use comity_iso20022::{Part, read, read_stream};

use super::day;

/// Reads the input whole and in small pieces, which must tell the same; then hands it on as a bank's message.
pub fn run(data: &[u8]) -> bool {
    let options = Options { name: "input.xml".into(), ..Options::default() };
    let mut whole = Vec::new();
    let summary = read(data, &options.reader, |part| whole.push(tell(&part)));
    assert!(summary.bytes == data.len() as u64, "every byte is accounted for");

    // The size of a piece depends on the input, so that a corpus covers many.
    let size = 1 + data.len() % 61;
    let mut pieces = Vec::new();
    let trickle = Trickle { rest: data, size };
    let streamed = read_stream(trickle, &options.reader, |part| pieces.push(tell(&part)));
    assert!(streamed.is_ok(), "a slice never fails to be read");
    assert_eq!(pieces, whole, "in pieces of {size} bytes");

    let mut arrived = Vec::new();
    let tally = inbound::translate(day::directory(), &options, 1, data, |inbound| arrived.push(inbound));
    assert!(tally.commands + tally.refused <= tally.transactions, "{tally:?}");
    day::put_before_ledger(arrived)
}

fn tell(part: &Part<'_>) -> String {
    format!("{part:?}")
}

/// A slice that is read a few bytes at a time.
struct Trickle<'a> {
    rest: &'a [u8],
    size: usize,
}

impl std::io::Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.size.min(buffer.len()).min(self.rest.len());
        let (head, rest) = self.rest.split_at(count);
        buffer[..count].copy_from_slice(head);
        self.rest = rest;
        Ok(count)
    }
}
