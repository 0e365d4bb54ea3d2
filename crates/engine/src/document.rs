//! Original documents in the journal: every received file is kept as it came, so that nothing a message said is lost.
//!
//! ```text
//! version u8 = 1 | number u64 | received at u64 | name length u16 | name | original length u64 | LZ4 block
//! ```
//! Documents are numbered from 1 in the order taken in; a payment names its document and line. A file larger than a
//! record allows is kept in several documents with the same number, in order.

use std::borrow::Cow;

use comity_ledger::ids::Time;
use comity_ledger::wire::{Malformed, Source, Wire};

/// Version of the format written.
pub const VERSION: u8 = 1;
/// Most original bytes in one document record; LZ4 can grow incompressible input a little.
pub const PIECE_MAX: usize = 8 << 20;

/// A document, or a piece of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'a> {
    /// Number, from 1.
    pub number: u64,
    /// When it was received.
    pub at: Time,
    /// File name or other label.
    pub name: Cow<'a, str>,
    /// The original bytes.
    pub bytes: Vec<u8>,
}

/// Writes one piece.
pub fn encode(number: u64, at: Time, name: &str, bytes: &[u8], out: &mut Vec<u8>) {
    let name = cut(name);
    out.push(VERSION);
    number.put(out);
    at.put(out);
    u16::try_from(name.len()).expect("cut above").put(out);
    out.extend_from_slice(name.as_bytes());
    (bytes.len() as u64).put(out);
    let start = out.len();
    out.resize(start + lz4_flex::block::get_maximum_output_size(bytes.len()), 0);
    let len = lz4_flex::block::compress_into(bytes, &mut out[start..]).expect("the buffer has the maximum size");
    out.truncate(start + len);
}

/// A label of at most 255 bytes, cut at a character.
fn cut(name: &str) -> &str {
    let mut end = name.len().min(255);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// A document, or a piece of one, as it is packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed<'a> {
    /// Number, from 1.
    pub number: u64,
    /// When it was received.
    pub at: Time,
    /// File name or other label.
    pub name: Cow<'a, str>,
    /// Length of the original bytes, as written.
    pub len: u64,
    /// The LZ4 block.
    pub bytes: &'a [u8],
}

/// Reads a piece without unpacking it.
///
/// # Errors
/// When the bytes are not a document.
pub fn decode_packed(bytes: &[u8]) -> Result<Packed<'_>, Malformed> {
    let mut source = Source::new(bytes);
    if u8::take(&mut source)? != VERSION {
        return Err(source.malformed("document format version 1"));
    }
    let number = u64::take(&mut source)?;
    let at = Time::take(&mut source)?;
    let len = usize::from(u16::take(&mut source)?);
    let name = source.slice(len, "the document's name")?;
    let original = u64::take(&mut source)?;
    let left = source.left();
    let packed = source.slice(left, "packed bytes")?;
    Ok(Packed { number, at, name: String::from_utf8_lossy(name), len: original, bytes: packed })
}

/// Reads a piece.
///
/// # Errors
/// When the bytes are not a document or do not unpack to the length they name.
pub fn decode(bytes: &[u8]) -> Result<Document<'_>, Malformed> {
    let Packed { number, at, name, len: original, bytes: packed } = decode_packed(bytes)?;
    let wrong = Malformed { expected: "bytes that unpack to the length named", left: packed.len() };
    let len = usize::try_from(original).ok().filter(|len| *len <= PIECE_MAX).ok_or(wrong)?;
    let unpacked = lz4_flex::block::decompress(packed, len).map_err(|_| wrong)?;
    if unpacked.len() != len {
        return Err(wrong);
    }
    Ok(Document { number, at, name, bytes: unpacked })
}
