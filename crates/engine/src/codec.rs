//! The byte format of a batch of entries: what the journal keeps for ever.
//!
//! ```text
//! version u8 = 1 | base time u64 | entry ...
//! entry:  form u8 | time (u32 microseconds after base, or u64) | actor u32 | [key u128] | body
//! form:   bits 0-1: 0 any command, 1 plain payment; bit 2: time is u64; bit 3: key present
//! body of a plain payment: uetr u128 | debtor u32 | creditor u32 | amount i64 | message u64 | document u64 | line u32
//!                          | priority u8 | kind u8
//! body of any command: its canonical bytes (`comity_ledger::wire`)
//! ```
//!
//! A plain payment is one without sponsored sides, settlement date and times: most of all traffic, in 63 bytes instead of
//! 103. Little-endian. Old versions stay readable for ever; golden files prove it. Absent on purpose: framing, hashes,
//! checksums (the journal has them).

use comity_ledger::command::{Command, Entry, Instruction};
use comity_ledger::ids::{ActorId, Day, Key, ParticipantId, Time};
use comity_ledger::wire::{Malformed, Sink, Source, Wire};

/// Version of the format written.
pub const VERSION: u8 = 1;

const PLAIN: u8 = 1;
const FULL_TIME: u8 = 1 << 2;
const HAS_KEY: u8 = 1 << 3;
/// Largest encoding of an entry whose command is a payment, bytes: for sizing buffers.
pub const PAYMENT_LEN_MAX: usize = 128;

/// Writes a batch.
pub fn encode(entries: &[Entry], out: &mut Vec<u8>) {
    let base = entries.first().map_or(Time(0), |entry| entry.at);
    out.bytes(&[VERSION]);
    base.put(out);
    for entry in entries {
        encode_entry(entry, base, out);
    }
}

fn encode_entry(entry: &Entry, base: Time, out: &mut Vec<u8>) {
    let plain = match &entry.command {
        Command::Pay(order) if is_plain(order) => Some(order),
        _ => None,
    };
    let delta = u32::try_from(entry.at.0 - base.0);
    let mut form = if plain.is_some() { PLAIN } else { 0 };
    form |= if delta.is_err() { FULL_TIME } else { 0 };
    form |= if entry.key.0 != 0 { HAS_KEY } else { 0 };
    out.push(form);
    match delta {
        Ok(delta) => delta.put(out),
        Err(_) => entry.at.put(out),
    }
    entry.actor.put(out);
    if entry.key.0 != 0 {
        entry.key.put(out);
    }
    match plain {
        None => entry.command.put(out),
        Some(order) => {
            order.uetr.put(out);
            order.debtor.put(out);
            order.creditor.put(out);
            order.amount.put(out);
            order.message.put(out);
            order.document.put(out);
            order.line.put(out);
            order.priority.put(out);
            order.kind.put(out);
        }
    }
}

fn is_plain(order: &Instruction) -> bool {
    !order.debtor_for.is_some()
        && !order.creditor_for.is_some()
        && !order.value_date.is_set()
        && !order.earliest.is_set()
        && !order.latest.is_set()
}

/// Reads a batch of `count` entries and appends them to `entries`.
///
/// # Errors
/// When the bytes are not such a batch.
pub fn decode(bytes: &[u8], count: u32, entries: &mut Vec<Entry>) -> Result<(), Malformed> {
    let mut source = Source::new(bytes);
    if u8::take(&mut source)? != VERSION {
        return Err(source.malformed("batch format version 1"));
    }
    let base = Time::take(&mut source)?;
    for _ in 0..count {
        entries.push(decode_entry(&mut source, base)?);
    }
    if source.left() != 0 {
        return Err(source.malformed("the end of the batch"));
    }
    Ok(())
}

fn decode_entry(source: &mut Source<'_>, base: Time) -> Result<Entry, Malformed> {
    let form = u8::take(source)?;
    if form & !(PLAIN | FULL_TIME | HAS_KEY) != 0 {
        return Err(source.malformed("a known form of entry"));
    }
    let at = if form & FULL_TIME != 0 {
        Time::take(source)?
    } else {
        Time(base.0.saturating_add(u64::from(u32::take(source)?)))
    };
    let actor = ActorId::take(source)?;
    let key = if form & HAS_KEY != 0 { Key::take(source)? } else { Key(0) };
    let command = if form & PLAIN != 0 {
        Command::Pay(Instruction {
            uetr: Wire::take(source)?,
            debtor: Wire::take(source)?,
            creditor: Wire::take(source)?,
            amount: Wire::take(source)?,
            message: Wire::take(source)?,
            document: Wire::take(source)?,
            line: Wire::take(source)?,
            priority: Wire::take(source)?,
            kind: Wire::take(source)?,
            debtor_for: ParticipantId::NONE,
            creditor_for: ParticipantId::NONE,
            value_date: Day(0),
            earliest: Time(0),
            latest: Time(0),
        })
    } else {
        Command::take(source)?
    };
    Ok(Entry { at, actor, key, command })
}
