//! Bytes to typed messages: one pass, one transaction in memory at a time.

mod build;
mod lexer;
mod machine;
mod message;
mod namespace;
mod slots;

use crate::model::{Part, Summary};
use crate::options::Options;
use crate::problem::Rule;
use machine::Machine;
use std::io::{self, Read};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads all messages of an input that is in memory, without copying it, and hands each part to `visit`.
///
/// The input is one XML document: a message, or an envelope of any name around one or many messages, with or without application headers.
/// Nothing a sender can write makes this function panic or fail: what is wrong is told as [`Part::Refused`], as a refused
/// [`Part::Transaction`], or at [`Part::End`].
pub fn read(input: &[u8], options: &Options, mut visit: impl FnMut(Part<'_>)) -> Summary {
    let mut machine = Machine::new(options);
    let mark = if input.starts_with(BYTE_ORDER_MARK) { 3 } else { 0 };
    machine.at = mark;
    machine.mark_length = mark as u64;
    let limit = options.limits.input_bytes;
    let allowed = usize::try_from(limit).unwrap_or(usize::MAX).min(input.len());
    let (text, invalid) = valid(&input[..allowed]);
    let whole = invalid.is_none() && allowed == input.len();
    machine.run(text, whole, &mut visit);
    if !machine.finished {
        let broken = match invalid {
            Some(at) => not_utf8(at, input.get(at).copied()),
            None => over_limit(text.len(), limit),
        };
        machine.give_up(broken, &mut visit);
    }
    machine.summary.bytes = input.len() as u64;
    machine.summary
}

/// Reads all messages of a stream and hands each part to `visit`. Memory is bounded by the size of one transaction, not by that of the input.
///
/// # Errors
/// Only what the stream itself reports. The parts told before stand.
pub fn read_stream(mut input: impl Read, options: &Options, mut visit: impl FnMut(Part<'_>)) -> io::Result<Summary> {
    const CHUNK: usize = 64 << 10;
    let mut machine = Machine::new(options);
    let mut window: Vec<u8> = Vec::new();
    let mut total = 0_u64;
    let limit = options.limits.input_bytes;
    let mut over = false;
    loop {
        // What lies before `keep` has been read and told.
        window.drain(..machine.keep);
        machine.base += machine.keep as u64;
        machine.at -= machine.keep;
        machine.keep = 0;
        let filled = window.len();
        let want = usize::try_from(limit - total).unwrap_or(CHUNK).min(CHUNK);
        window.resize(filled + want.max(1), 0);
        let got = loop {
            match input.read(&mut window[filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        window.truncate(filled + got);
        total += got as u64;
        if total > limit {
            over = true;
            window.truncate(filled);
        }
        if machine.base == 0 && machine.at == 0 && filled == 0 {
            // Too short a first piece would hide the mark.
            while window.len() < 3 && BYTE_ORDER_MARK.starts_with(&window) && got > 0 && !over {
                let mut byte = [0];
                if input.read(&mut byte)? == 0 {
                    break;
                }
                total += 1;
                window.push(byte[0]);
            }
            if window.starts_with(BYTE_ORDER_MARK) {
                machine.at = 3;
                machine.mark_length = 3;
            }
        }
        let (text, invalid) = valid(&window);
        let ended = got == 0;
        let cut = invalid.filter(|at| ended || is_surely_invalid(&window[*at..]));
        machine.run(text, ended && cut.is_none(), &mut visit);
        if machine.finished {
            break;
        }
        if let Some(at) = cut {
            let byte = window.get(at).copied();
            machine.give_up(not_utf8(at, byte), &mut visit);
            break;
        }
        if over {
            machine.give_up(over_limit(window.len(), limit), &mut visit);
            break;
        }
    }
    machine.summary.bytes = total;
    Ok(machine.summary)
}

/// The longest part that is UTF-8, and where it ends if that is not the end.
fn valid(bytes: &[u8]) -> (&str, Option<usize>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (good, _) = bytes.split_at(error.valid_up_to());
            (std::str::from_utf8(good).unwrap_or_default(), Some(good.len()))
        }
    }
}

/// Whether the bytes cannot become UTF-8 by more bytes behind them.
fn is_surely_invalid(bytes: &[u8]) -> bool {
    matches!(std::str::from_utf8(bytes), Err(error) if error.error_len().is_some())
}

fn not_utf8(at: usize, byte: Option<u8>) -> lexer::Broken {
    let byte = byte.unwrap_or_default();
    lexer::broken(Rule::Encoding, at, format!("the byte 0x{byte:02x} is not UTF-8 here"))
}

fn over_limit(at: usize, limit: u64) -> lexer::Broken {
    lexer::broken(Rule::Limit, at, format!("the input exceeds the limit of {limit} bytes"))
}
