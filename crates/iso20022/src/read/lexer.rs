//! XML as far as messages need it: one token at a time from a window of bytes that may still grow.
//!
//! A tokenizer of our own, for two reasons. The window of a stream moves while group values and the transaction at hand stay in
//! memory, so tokens are positions and not borrowed slices; and one pass over the text tells at once what the validation needs
//! (white space only, references, characters XML forbids). Deliberately absent: document types, entities beyond the five
//! predefined, encodings beyond UTF-8, XML 1.1.

use crate::options::Limits;
use crate::problem::Rule;
use std::ops::Range;

/// A token; positions are those of the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `<name attributes>` or `<name attributes/>`.
    Start { name: Range<usize>, attributes: Range<usize>, empty: bool, end: usize },
    /// `</name>`.
    End { name: Range<usize>, end: usize },
    /// Text up to the next tag, or a part of it when the window ends in it.
    Text { text: Range<usize>, marks: u8 },
    /// `<![CDATA[text]]>`.
    CData { text: Range<usize>, end: usize },
    /// A comment or processing instruction.
    Aside { end: usize },
    /// The `<?xml ...?>` declaration.
    Declaration { text: Range<usize>, end: usize },
    /// The window ends within a token: more bytes are needed.
    More,
    /// The input has ended.
    Over,
}

/// Why the input is not the XML we read. Nothing behind such a place can be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) rule: Rule,
    pub(super) at: usize,
    pub(super) message: String,
}

pub(super) fn broken(rule: Rule, at: usize, message: impl Into<String>) -> Broken {
    Broken { rule, at, message: message.into() }
}

/// Text holds a character other than white space.
pub(super) const SOLID: u8 = 1;
/// Text holds `&` or a carriage return, so that its value differs from its bytes.
pub(super) const CODED: u8 = 2;
/// Text holds a byte that begins something XML forbids, perhaps.
const SUSPECT: u8 = 4;
/// The byte is `<`.
const OPEN: u8 = 8;

/// What each byte of text tells.
static MARKS: [u8; 256] = marks();

const fn marks() -> [u8; 256] {
    let mut table = [SOLID; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = SUSPECT;
        byte += 1;
    }
    table[b' ' as usize] = 0;
    table[b'\t' as usize] = 0;
    table[b'\n' as usize] = 0;
    table[b'\r' as usize] = CODED;
    table[b'&' as usize] = SOLID | CODED;
    table[b'<' as usize] = OPEN;
    // "]]>" is forbidden in text; EF may begin U+FFFE or U+FFFF.
    table[b'>' as usize] = SOLID | SUSPECT;
    table[0xEF] = SOLID | SUSPECT;
    table
}

/// Characters that may stand in a name, and those that may begin one (ASCII; all others are judged in [`is_name`]).
static NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':') || b >= 0x80;
        byte += 1;
    }
    table
};

/// The next token at `at`. `whole` says that no bytes will follow the window.
#[inline]
pub(super) fn next(window: &[u8], at: usize, whole: bool, limits: &Limits) -> Result<Token, Broken> {
    match window.get(at) {
        None if whole => Ok(Token::Over),
        None => Ok(Token::More),
        Some(b'<') => markup(window, at, whole, limits),
        Some(_) => text(window, at, whole),
    }
}

/// Length of the run of name characters at `at`.
#[inline]
pub(super) fn name_end(window: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some(byte) = window.get(end)
        && NAME[usize::from(*byte)]
    {
        end += 1;
    }
    end
}

/// Scans text from `at` to the next `<` or the end of the window, and tells its marks.
#[inline]
pub(super) fn scan_text(window: &[u8], at: usize) -> (usize, u8) {
    let mut marks = 0;
    let mut end = at;
    while let Some(byte) = window.get(end) {
        let mark = MARKS[usize::from(*byte)];
        if mark == OPEN {
            break;
        }
        marks |= mark;
        end += 1;
    }
    (end, marks)
}

fn text(window: &[u8], at: usize, whole: bool) -> Result<Token, Broken> {
    let (mut end, marks) = scan_text(window, at);
    if end == window.len() && !whole {
        // A part of a text is a token too, so that long texts need no long window; but not one that cuts a reference,
        // "]]>" or a line end in two.
        const TAIL: usize = 32;
        const PART: usize = 4_096;
        if end - at < PART {
            return Ok(Token::More);
        }
        end -= TAIL;
        while let Some(b'\r' | b']' | b'&' | 0x80..) = window.get(end - 1) {
            end -= 1;
        }
        if let Some(reference) = window[end - TAIL..end].iter().rposition(|b| *b == b'&') {
            end = end - TAIL + reference;
        }
    }
    if marks & SUSPECT != 0 {
        check_characters(window, at, end)?;
        if let Some(found) = find(&window[at..end], b"]]>") {
            return Err(broken(Rule::Malformed, at + found, "\"]]>\" stands in text"));
        }
    }
    Ok(Token::Text { text: at..end, marks: marks & (SOLID | CODED) })
}

/// Refuses the characters that XML 1.0 does not have.
fn check_characters(window: &[u8], from: usize, to: usize) -> Result<(), Broken> {
    let mut at = from;
    while at < to {
        let byte = window[at];
        let forbidden = (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'))
            || (byte == 0xEF && matches!(window.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])));
        if forbidden {
            return Err(broken(
                Rule::Malformed,
                at,
                format!("the byte 0x{byte:02x} begins a character that XML does not allow"),
            ));
        }
        at += 1;
    }
    Ok(())
}

fn markup(window: &[u8], at: usize, whole: bool, limits: &Limits) -> Result<Token, Broken> {
    let token = match window.get(at + 1) {
        None => None,
        Some(b'?') => instruction(window, at, limits)?,
        Some(b'!') => declaration(window, at, whole, limits)?,
        Some(next) => {
            let token = if *next == b'/' { end_tag(window, at)? } else { start_tag(window, at)? };
            let length = match &token {
                Some(Token::Start { end, .. } | Token::End { end, .. }) => end - at,
                _ => window.len() - at,
            };
            if length > limits.tag_bytes as usize {
                let message = format!("a tag exceeds the limit of {} bytes", limits.tag_bytes);
                return Err(broken(Rule::Limit, at, message));
            }
            token
        }
    };
    match token {
        Some(token) => Ok(token),
        None if whole => Err(broken(Rule::Malformed, at, "the input ends within markup")),
        None => Ok(Token::More),
    }
}

#[inline]
fn end_tag(window: &[u8], at: usize) -> Result<Option<Token>, Broken> {
    let start = at + 2;
    let name_end = name_end(window, start);
    let mut end = name_end;
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = window.get(end) {
        end += 1;
    }
    match window.get(end) {
        None => Ok(None),
        Some(b'>') if name_end > start => Ok(Some(Token::End { name: start..name_end, end: end + 1 })),
        Some(_) => Err(broken(Rule::Malformed, at, "this end tag is not well-formed")),
    }
}

#[inline]
fn start_tag(window: &[u8], at: usize) -> Result<Option<Token>, Broken> {
    let start = at + 1;
    let name_end = name_end(window, start);
    let name = start..name_end;
    match window.get(name_end) {
        None => return Ok(None),
        Some(b'>') if name_end > start => {
            return Ok(Some(Token::Start { name, attributes: name_end..name_end, empty: false, end: name_end + 1 }));
        }
        Some(b' ' | b'\t' | b'\n' | b'\r' | b'/') if name_end > start => {}
        Some(_) => {
            return Err(broken(Rule::Malformed, at, "this start tag is not well-formed"));
        }
    }
    // With attributes: find the end, minding that '>' may stand in a value.
    let mut end = name_end;
    let mut quote = None;
    while let Some(&byte) = window.get(end) {
        match (quote, byte) {
            (None, b'>') => {
                let empty = window[end - 1] == b'/';
                let attributes_end = if empty { end - 1 } else { end };
                check_characters(window, name_end, end)?;
                return Ok(Some(Token::Start { name, attributes: name_end..attributes_end, empty, end: end + 1 }));
            }
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (_, b'<') => return Err(broken(Rule::Malformed, end, "'<' stands within a tag")),
            _ => {}
        }
        end += 1;
    }
    Ok(None)
}

/// Looks for `end` behind `from`, within the limit on texts.
fn closed(
    window: &[u8],
    at: usize,
    from: usize,
    end: &[u8],
    what: &str,
    limits: &Limits,
) -> Result<Option<usize>, Broken> {
    let limit = limits.text_bytes as usize;
    let searched = window.get(from..).unwrap_or_default();
    let searched = &searched[..searched.len().min(limit + end.len())];
    match find(searched, end) {
        Some(found) => {
            check_characters(window, from, from + found)?;
            Ok(Some(from + found))
        }
        None if searched.len() == limit + end.len() => {
            Err(broken(Rule::Limit, at, format!("{what} exceeds the limit of {limit} bytes")))
        }
        None => Ok(None),
    }
}

fn instruction(window: &[u8], at: usize, limits: &Limits) -> Result<Option<Token>, Broken> {
    let start = at + 2;
    let Some(close) = closed(window, at, start, b"?>", "a processing instruction", limits)? else {
        return Ok(None);
    };
    let target = &window[start..name_end(window, start).min(close)];
    let end = close + 2;
    if target == b"xml" {
        return Ok(Some(Token::Declaration { text: start + 3..close, end }));
    }
    let after = window[start + target.len()];
    let apart = start + target.len() == close || is_space(after);
    if !is_name(target) || target.eq_ignore_ascii_case(b"xml") || !apart {
        return Err(broken(Rule::Malformed, at, "this processing instruction is not well-formed"));
    }
    Ok(Some(Token::Aside { end }))
}

fn declaration(window: &[u8], at: usize, whole: bool, limits: &Limits) -> Result<Option<Token>, Broken> {
    let rest = &window[at + 2..];
    if let Some(after) = rest.strip_prefix(b"--") {
        let from = window.len() - after.len();
        let Some(close) = closed(window, at, from, b"--", "a comment", limits)? else {
            return Ok(None);
        };
        return match window.get(close + 2) {
            None => Ok(None),
            Some(b'>') => Ok(Some(Token::Aside { end: close + 3 })),
            Some(_) => Err(broken(Rule::Malformed, close, "\"--\" stands in a comment")),
        };
    }
    if let Some(after) = rest.strip_prefix(b"[CDATA[") {
        let from = window.len() - after.len();
        let Some(close) = closed(window, at, from, b"]]>", "a CDATA section", limits)? else {
            return Ok(None);
        };
        return Ok(Some(Token::CData { text: from..close, end: close + 3 }));
    }
    if rest.starts_with(b"DOCTYPE") {
        return Err(broken(Rule::Doctype, at, "a document type declaration is not accepted"));
    }
    let unfinished = !whole && [&b"--"[..], b"[CDATA[", b"DOCTYPE"].iter().any(|m| m.starts_with(rest));
    if unfinished {
        return Ok(None);
    }
    Err(broken(Rule::Malformed, at, "this markup is not well-formed"))
}

pub(super) fn find(window: &[u8], needle: &[u8]) -> Option<usize> {
    window.windows(needle.len()).position(|part| part == needle)
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether the bytes are a name with at most one prefix. Names beyond ASCII are judged by their first character's class alone.
pub(super) fn is_name(name: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(name) else {
        return false;
    };
    let mut parts = text.split(':');
    let good = |part: &str| {
        part.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}') || !c.is_ascii())
    };
    parts.clone().count() <= 2 && parts.all(good)
}

/// One attribute: positions of name and value in the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// Splits the attributes of a start tag into `found`.
pub(super) fn attributes(
    window: &[u8],
    region: Range<usize>,
    limits: &Limits,
    found: &mut Vec<Attribute>,
) -> Result<(), Broken> {
    found.clear();
    let bad = |at| Err(broken(Rule::Malformed, at, "an attribute is not well-formed"));
    let skip = |mut at: usize| {
        while at < region.end && is_space(window[at]) {
            at += 1;
        }
        at
    };
    let mut at = region.start;
    loop {
        let start = skip(at);
        if start == region.end {
            return Ok(());
        }
        if start == at {
            return bad(at);
        }
        let end_of_name = name_end(window, start).min(region.end);
        let name = start..end_of_name;
        let equals = skip(end_of_name);
        if !is_name(&window[name.clone()]) || window.get(equals) != Some(&b'=') {
            return bad(start);
        }
        let open = skip(equals + 1);
        if open >= region.end {
            return bad(start);
        }
        let quote = window[open];
        let close = window[open + 1..region.end].iter().position(|b| *b == quote).map(|length| open + 1 + length);
        let (b'"' | b'\'', Some(close)) = (quote, close) else {
            return bad(start);
        };
        if found.len() == usize::from(limits.attributes) {
            return Err(broken(
                Rule::Limit,
                start,
                format!("an element exceeds the limit of {} attributes", limits.attributes),
            ));
        }
        if found.iter().any(|other| window[other.name.clone()] == window[name.clone()]) {
            return Err(broken(Rule::Malformed, start, "an attribute is given twice"));
        }
        found.push(Attribute { name, value: open + 1..close });
        at = close + 1;
    }
}

/// Appends the value of text (references resolved, line ends made one character) to `out`. `at` is where the text stands.
pub(super) fn decode(text: &str, at: usize, references: bool, out: &mut String) -> Result<(), Broken> {
    let mut rest = text;
    while let Some(next) = rest.find(['\r', '&']) {
        let (before, special) = rest.split_at(next);
        out.push_str(before);
        let here = at + text.len() - special.len();
        if let Some(after) = special.strip_prefix('\r') {
            out.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else if references {
            let body = &special[1..];
            let length = body.bytes().take(12).position(|b| b == b';');
            let Some(length) = length else {
                return Err(broken(Rule::Malformed, here, "'&' does not begin a reference"));
            };
            out.push(reference(&body[..length], here)?);
            rest = &body[length + 1..];
        } else {
            out.push('&');
            rest = &special[1..];
        }
    }
    out.push_str(rest);
    Ok(())
}

fn reference(name: &str, at: usize) -> Result<char, Broken> {
    let number = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
            (Some(digits), _) => parse(digits, 16),
            (None, Some(digits)) => parse(digits, 10),
            (None, None) => {
                let message = format!("the entity {name} is not predefined");
                return Err(broken(Rule::Entity, at, message));
            }
        },
    };
    let allowed = |c: &char| matches!(*c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
    number.and_then(char::from_u32).filter(allowed).ok_or_else(|| {
        let message = format!("the reference {name} is not a character");
        broken(Rule::Malformed, at, message)
    })
}

fn parse(digits: &str, radix: u32) -> Option<u32> {
    if digits.starts_with('+') {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}
