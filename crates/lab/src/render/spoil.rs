//! Faults of a whole file, done to its bytes.

use crate::traffic::FlawKind;

/// The file with the fault. Faults that are in the text already leave it as it is.
pub(super) fn spoil(bytes: Vec<u8>, kind: FlawKind) -> Vec<u8> {
    match kind {
        FlawKind::Truncated => truncate(bytes),
        FlawKind::Doctype => declare_type(&bytes),
        FlawKind::NotUtf8 => break_encoding(bytes),
        FlawKind::WrongDecimals
        | FlawKind::UnknownAgent
        | FlawKind::UetrVersion
        | FlawKind::UetrReused
        | FlawKind::SentTwice
        | FlawKind::MissingElement
        | FlawKind::WrongCurrency
        | FlawKind::PastValueDate
        | FlawKind::LeiCheckDigits
        | FlawKind::BicCountry
        | FlawKind::IbanCheckDigits
        | FlawKind::CountMismatch
        | FlawKind::ControlSumMismatch
        | FlawKind::UnsupportedVersion
        | FlawKind::UnstructuredAddress
        | FlawKind::ZeroAmount
        | FlawKind::OverLimit
        | FlawKind::RateMismatch
        | FlawKind::UnknownOriginal
        | FlawKind::Suspended => bytes,
    }
}

/// Cuts inside a tag after about two thirds, never inside a character.
fn truncate(mut bytes: Vec<u8>) -> Vec<u8> {
    let about = bytes.len() / 3 * 2;
    if let Some(tag) = bytes[..about].iter().rposition(|byte| *byte == b'<') {
        bytes.truncate(tag + 3);
    }
    bytes
}

/// Puts a document type with an entity behind the XML declaration.
fn declare_type(bytes: &[u8]) -> Vec<u8> {
    const DOCTYPE: &[u8] = b"<!DOCTYPE Document [<!ENTITY bank \"Example Bank\">]>";
    let end = bytes.windows(2).position(|pair| pair == b"?>").map_or(0, |at| at + 2);
    let (declaration, rest) = bytes.split_at(end);
    [declaration, DOCTYPE, rest].concat()
}

/// Puts a byte that UTF-8 does not have into the first name of the document.
fn break_encoding(mut bytes: Vec<u8>) -> Vec<u8> {
    let name = bytes.windows(3).position(|three| three == b"Nm>");
    if let Some(byte) = name.and_then(|at| bytes.get_mut(at + 3)) {
        *byte = 0xff;
    }
    bytes
}
