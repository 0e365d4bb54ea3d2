//! References of every payment, in one place and small: they are kept for the life of the journal's payments.
//!
//! Records lie in chunks of one mebibyte and are named by their place in units of four bytes, so an address has 32 bits
//! and 16 GiB are in reach. Place 0 means "none". Absent on purpose: amounts and parties; the ledger has them.

use crate::references::{LineReferences, MessageReferences, unpack};
use comity_iso20022::ident::{Bic, Uetr};
use comity_iso20022::model::{OriginalMessage, References};
use comity_iso20022::time::Timestamp;
use std::sync::Arc;

/// Place of a record; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Place(u32);

impl Place {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn is_some(self) -> bool {
        self.0 != 0
    }
}

const CHUNK_BYTES: usize = 1 << 20;
const UNIT: usize = 4;
/// Messages looked at again before one is written a second time: transactions of one message come close together.
const RECENT: usize = 16;
const NO_OFFSET: i16 = i16::MIN;
const NO_COUNT: u32 = u32::MAX;
/// Longest text kept of a name or identification.
const TEXT_BYTES_MAX: usize = 255;

/// The records.
#[derive(Debug, Default)]
pub(super) struct Arena {
    chunks: Vec<Vec<u8>>,
    names: Vec<Box<str>>,
    recent: Vec<(Arc<MessageReferences>, Place)>,
    next: usize,
    scratch: Vec<u8>,
}

/// A message as kept.
pub(super) struct KeptMessage<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) created: Timestamp,
    pub(super) transactions: Option<u32>,
    pub(super) sender: Option<Bic>,
}

impl<'a> KeptMessage<'a> {
    /// As the standard names an earlier message.
    pub(super) fn original(&self) -> OriginalMessage<'a> {
        OriginalMessage { message_id: self.id, name: self.name, created: Some(self.created) }
    }
}

/// A transaction as kept.
pub(super) struct KeptLine<'a> {
    pub(super) message: Place,
    pub(super) uetr: Option<Uetr>,
    pub(super) references: References<'a>,
}

impl Arena {
    /// Keeps a transaction and, unless just kept, its message. The UETR is kept only when it is not the payment's own.
    pub(super) fn keep(&mut self, message: &Arc<MessageReferences>, line: &LineReferences, with_uetr: bool) -> Place {
        let message = self.message(message);
        let mut record = core::mem::take(&mut self.scratch);
        record.clear();
        record.extend_from_slice(&message.0.to_le_bytes());
        let uetr = line.uetr.filter(|_| with_uetr);
        record.push(u8::from(uetr.is_some()));
        if let Some(uetr) = uetr {
            record.extend_from_slice(&uetr.to_le_bytes());
        }
        record.extend_from_slice(line.ids.bytes());
        let place = self.put(&record);
        self.scratch = record;
        place
    }

    fn message(&mut self, message: &Arc<MessageReferences>) -> Place {
        if let Some((_, place)) = self.recent.iter().find(|(known, _)| Arc::ptr_eq(known, message)) {
            return *place;
        }
        let name = self.name(&message.name);
        let mut record = core::mem::take(&mut self.scratch);
        record.clear();
        record.extend_from_slice(&message.created.micros.to_le_bytes());
        record.extend_from_slice(&message.created.offset_minutes.unwrap_or(NO_OFFSET).to_le_bytes());
        record.extend_from_slice(&message.transactions.unwrap_or(NO_COUNT).to_le_bytes());
        record.push(name);
        text(&mut record, message.sender.as_ref().map_or("", Bic::as_str));
        text(&mut record, &message.id);
        let place = self.put(&record);
        self.scratch = record;
        let entry = (Arc::clone(message), place);
        if self.recent.len() < RECENT {
            self.recent.push(entry);
        } else if let Some(oldest) = self.recent.get_mut(self.next) {
            *oldest = entry;
            self.next = (self.next + 1) % RECENT;
        }
        place
    }

    /// Names of messages are few; beyond 255 of them all others are kept without a name.
    fn name(&mut self, name: &str) -> u8 {
        let at = self.names.iter().position(|known| **known == *name).unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    fn put(&mut self, record: &[u8]) -> Place {
        let room = self.chunks.last().map_or(0, |chunk| CHUNK_BYTES - chunk.len());
        if room < record.len() {
            let mut chunk = Vec::with_capacity(CHUNK_BYTES);
            if self.chunks.is_empty() {
                // Place 0 is never a record.
                chunk.extend_from_slice(&[0; UNIT]);
            }
            self.chunks.push(chunk);
        }
        let before = (self.chunks.len() - 1) * CHUNK_BYTES;
        let chunk = self.chunks.last_mut().expect("pushed above when there was none");
        let place = (before + chunk.len()) / UNIT;
        chunk.extend_from_slice(record);
        let padded = chunk.len().next_multiple_of(UNIT);
        chunk.resize(padded, 0);
        Place(u32::try_from(place).expect("references stay below 16 GiB"))
    }

    /// The bytes from a place on; none for no place.
    fn at(&self, place: Place) -> &[u8] {
        if !place.is_some() {
            return &[];
        }
        let at = place.0 as usize * UNIT;
        self.chunks.get(at / CHUNK_BYTES).and_then(|chunk| chunk.get(at % CHUNK_BYTES..)).unwrap_or_default()
    }

    /// The message at a place.
    pub(super) fn kept_message(&self, place: Place) -> KeptMessage<'_> {
        let mut bytes = self.at(place);
        let micros = i64::from_le_bytes(take(&mut bytes));
        let offset = i16::from_le_bytes(take(&mut bytes));
        let count = u32::from_le_bytes(take(&mut bytes));
        let [name] = take(&mut bytes);
        let sender = take_text(&mut bytes);
        KeptMessage {
            id: take_text(&mut bytes),
            name: self.names.get(usize::from(name)).map_or("", |name| name),
            created: Timestamp { micros, offset_minutes: (offset != NO_OFFSET).then_some(offset) },
            transactions: (count != NO_COUNT).then_some(count),
            sender: Bic::parse(sender),
        }
    }

    /// The transaction at a place.
    pub(super) fn kept_line(&self, place: Place) -> KeptLine<'_> {
        let mut bytes = self.at(place);
        let message = Place(u32::from_le_bytes(take(&mut bytes)));
        let [flags] = take(&mut bytes);
        let uetr = (flags != 0).then(|| Uetr(u128::from_le_bytes(take(&mut bytes))));
        let ([instruction_id, end_to_end_id, transaction_id], _) = unpack(bytes);
        KeptLine {
            message,
            uetr,
            references: References { instruction_id, end_to_end_id, transaction_id, ..References::default() },
        }
    }

    /// Bytes taken.
    pub(super) fn bytes(&self) -> usize {
        self.chunks.len() * CHUNK_BYTES
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    out.push(u8::try_from(end).unwrap_or(u8::MAX));
    out.extend_from_slice(text.as_bytes().get(..end).unwrap_or_default());
}

fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    match bytes.split_first_chunk::<N>() {
        Some((head, rest)) => {
            *bytes = rest;
            *head
        }
        None => [0; N],
    }
}

fn take_text<'a>(bytes: &mut &'a [u8]) -> &'a str {
    let [len] = take(bytes);
    let (text, rest) = bytes.split_at_checked(usize::from(len)).unwrap_or_default();
    *bytes = rest;
    core::str::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::references::Ids;

    #[test]
    fn what_is_kept_comes_back_and_stays_below_a_hundred_bytes() {
        let mut arena = Arena::default();
        let mut places = Vec::new();
        for number in 0..120_000_u128 {
            let message = Arc::new(MessageReferences {
                id: format!("XXXXCNBA2026112{number:06}").into(),
                name: "pacs.008.001.08".into(),
                created: Timestamp { micros: 5, offset_minutes: (number % 2 == 0).then_some(480) },
                transactions: Some(1),
                sender: Bic::parse("XXXXCNBA"),
            });
            let id = format!("E2E{number:013}");
            let line = LineReferences {
                index: 0,
                ids: Ids::pack(Some(&id), Some(&id), None),
                uetr: Some(number),
                amount: None,
                debtor_agent: None,
                creditor_agent: None,
            };
            places.push((arena.keep(&message, &line, number % 100 == 0), message, line));
        }
        assert!(arena.bytes() / places.len() < 100, "{} bytes each", arena.bytes() / places.len());
        for (number, (place, message, line)) in places.iter().enumerate() {
            let kept = arena.kept_line(*place);
            assert_eq!(kept.uetr, (number % 100 == 0).then_some(Uetr(number as u128)));
            let ids = [kept.references.instruction_id, kept.references.end_to_end_id, kept.references.transaction_id];
            assert_eq!(ids, line.ids.unpack());
            let kept = arena.kept_message(kept.message);
            assert_eq!((kept.id, kept.name, kept.created), (&*message.id, &*message.name, message.created));
            assert_eq!((kept.transactions, kept.sender), (message.transactions, message.sender));
        }
    }
}
