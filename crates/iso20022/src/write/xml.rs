//! XML on its way out: tags, escaped text, exact numbers, into a growing buffer. No allocation for each element.

use crate::amount::{Amount, Decimal, Rate};
use crate::ident::Uetr;
use crate::time::{Date, TimeOfDay, Timestamp};
use std::io::Write;

/// A writer of elements at the end of a buffer.
pub(super) struct Xml<'o> {
    out: &'o mut Vec<u8>,
    indented: bool,
    depth: usize,
}

impl<'o> Xml<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>, indented: bool) -> Self {
        Self { out, indented, depth: 0 }
    }

    pub(super) fn declaration(&mut self) {
        self.out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    }

    /// Ends the file with a line feed.
    pub(super) fn finish(self) {
        self.out.push(b'\n');
    }

    fn line(&mut self) {
        if self.indented {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * self.depth, b' ');
        }
    }

    #[inline]
    pub(super) fn open(&mut self, tag: &str) {
        self.line();
        self.depth += 1;
        self.out.push(b'<');
        self.out.extend_from_slice(tag.as_bytes());
        self.out.push(b'>');
    }

    /// Opens an element in a namespace of ISO 20022.
    pub(super) fn open_in(&mut self, tag: &str, message: &str) {
        self.line();
        self.depth += 1;
        for part in ["<", tag, " xmlns=\"urn:iso:std:iso:20022:tech:xsd:", message, "\">"] {
            self.out.extend_from_slice(part.as_bytes());
        }
    }

    #[inline]
    pub(super) fn close(&mut self, tag: &str) {
        self.depth -= 1;
        self.line();
        self.end(tag);
    }

    #[inline]
    fn end(&mut self, tag: &str) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(tag.as_bytes());
        self.out.push(b'>');
    }

    #[inline]
    fn leaf(&mut self, tag: &str, value: impl FnOnce(&mut Vec<u8>)) {
        self.line();
        self.out.push(b'<');
        self.out.extend_from_slice(tag.as_bytes());
        self.out.push(b'>');
        value(self.out);
        self.end(tag);
    }

    /// A text, cut to `max` characters.
    #[inline]
    pub(super) fn text(&mut self, tag: &str, value: &str, max: usize) {
        let value = cut(value, max);
        self.leaf(tag, |out| escape(out, value));
    }

    /// A text, when there is one and it is not empty.
    #[inline]
    pub(super) fn optional(&mut self, tag: &str, value: Option<&str>, max: usize) {
        if let Some(value) = value
            && !value.is_empty()
        {
            self.text(tag, value, max);
        }
    }

    pub(super) fn date(&mut self, tag: &str, date: Date) {
        self.leaf(tag, |out| write_date(out, date));
    }

    pub(super) fn optional_date(&mut self, tag: &str, date: Option<Date>) {
        if let Some(date) = date {
            self.date(tag, date);
        }
    }

    pub(super) fn timestamp(&mut self, tag: &str, timestamp: Timestamp) {
        self.leaf(tag, |out| write_timestamp(out, timestamp));
    }

    pub(super) fn optional_timestamp(&mut self, tag: &str, timestamp: Option<Timestamp>) {
        if let Some(timestamp) = timestamp {
            self.timestamp(tag, timestamp);
        }
    }

    pub(super) fn optional_time(&mut self, tag: &str, time: Option<TimeOfDay>) {
        if let Some(time) = time {
            self.leaf(tag, |out| {
                // Writing to a vector cannot fail.
                let _ = write!(out, "{time}");
            });
        }
    }

    pub(super) fn uetr(&mut self, tag: &str, uetr: Option<Uetr>) {
        if let Some(uetr) = uetr {
            self.leaf(tag, |out| out.extend_from_slice(&uetr.to_text()));
        }
    }

    pub(super) fn number(&mut self, tag: &str, number: u64) {
        self.leaf(tag, |out| {
            let _ = write!(out, "{number}");
        });
    }

    pub(super) fn truth(&mut self, tag: &str, truth: bool) {
        self.leaf(tag, |out| out.extend_from_slice(if truth { b"true" } else { b"false" }));
    }

    pub(super) fn decimal(&mut self, tag: &str, decimal: Decimal) {
        self.leaf(tag, |out| {
            let _ = write!(out, "{decimal}");
        });
    }

    pub(super) fn rate(&mut self, tag: &str, rate: Rate) {
        let decimal = Decimal { mantissa: i128::from(rate.mantissa), scale: rate.scale };
        self.decimal(tag, decimal);
    }

    pub(super) fn amount(&mut self, tag: &str, amount: Amount) {
        self.line();
        for part in [&b"<"[..], tag.as_bytes(), b" Ccy=\"", &amount.currency.0, b"\">"] {
            self.out.extend_from_slice(part);
        }
        write_minor(self.out, amount.minor.unsigned_abs(), amount.exponent);
        self.end(tag);
    }

    pub(super) fn optional_amount(&mut self, tag: &str, amount: Option<Amount>) {
        if let Some(amount) = amount {
            self.amount(tag, amount);
        }
    }
}

/// The first `max` characters.
pub(super) fn cut(value: &str, max: usize) -> &str {
    if value.len() <= max {
        return value;
    }
    match value.char_indices().nth(max) {
        Some((end, _)) => value.get(..end).unwrap_or(value),
        None => value,
    }
}

/// What is to be done with each byte of a text: nothing for most.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'\t' as usize] = false;
    table[b'\n' as usize] = false;
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[0xEF] = true;
    table
};

/// Appends text so that a reader gets it back. Characters that XML does not have become a question mark.
fn escape(out: &mut Vec<u8>, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.bytes().position(|byte| SPECIAL[usize::from(byte)]) {
        let (before, special) = rest.split_at(at);
        out.extend_from_slice(before.as_bytes());
        let Some(character) = special.chars().next() else {
            return;
        };
        let mut own = [0; 4];
        out.extend_from_slice(match character {
            '&' => b"&amp;",
            '<' => b"&lt;",
            '>' => b"&gt;",
            '\r' => b"&#13;",
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => b"?",
            other => other.encode_utf8(&mut own).as_bytes(),
        });
        rest = &special[character.len_utf8()..];
    }
    out.extend_from_slice(rest.as_bytes());
}

fn write_minor(out: &mut Vec<u8>, minor: u64, exponent: u8) {
    // The largest number has 20 digits; a point and a leading zero come on top.
    let mut digits = [b'0'; 24];
    let mut at = digits.len();
    let mut rest = minor;
    let mut written = 0;
    while rest > 0 || written <= exponent {
        if written == exponent && exponent > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        written += 1;
    }
    out.extend_from_slice(&digits[at..]);
}

fn push_digits(out: &mut Vec<u8>, number: u32, width: u32) {
    for place in (0..width).rev() {
        out.push(b'0' + (number / 10_u32.pow(place) % 10) as u8);
    }
}

fn write_date(out: &mut Vec<u8>, date: Date) {
    let (year, month, day) = date.to_ymd();
    push_digits(out, year.unsigned_abs(), 4);
    out.push(b'-');
    push_digits(out, month, 2);
    out.push(b'-');
    push_digits(out, day, 2);
}

fn write_timestamp(out: &mut Vec<u8>, timestamp: Timestamp) {
    if timestamp.offset_minutes.unwrap_or(0) != 0 {
        let _ = write!(out, "{timestamp}");
        return;
    }
    let micros = timestamp.micros.rem_euclid(86_400_000_000);
    write_date(out, timestamp.local_date());
    out.push(b'T');
    let seconds = u32::try_from(micros / 1_000_000).unwrap_or(0);
    let fraction = u32::try_from(micros % 1_000_000).unwrap_or(0);
    push_digits(out, seconds / 3_600, 2);
    out.push(b':');
    push_digits(out, seconds / 60 % 60, 2);
    out.push(b':');
    push_digits(out, seconds % 60, 2);
    if fraction % 1_000 != 0 {
        out.push(b'.');
        push_digits(out, fraction, 6);
    } else if fraction != 0 {
        out.push(b'.');
        push_digits(out, fraction / 1_000, 3);
    }
    if timestamp.offset_minutes.is_some() {
        out.push(b'Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::CurrencyCode;

    fn written(work: impl FnOnce(&mut Xml<'_>)) -> String {
        let mut out = Vec::new();
        work(&mut Xml::new(&mut out, false));
        String::from_utf8(out).expect("utf-8")
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (minor, currency, text) in [
            (1, "CNY", "0.01"),
            (12_345, "CNY", "123.45"),
            (100, "CNY", "1.00"),
            (7, "JPY", "7"),
            (0, "JPY", "0"),
            (0, "CNY", "0.00"),
            (1, "CLF", "0.0001"),
            (i64::MAX, "KWD", "9223372036854775.807"),
        ] {
            let code = CurrencyCode::parse(currency).expect("an active code");
            let amount = Amount::new(minor, code).expect("an active code");
            let expected = format!("<A Ccy=\"{currency}\">{text}</A>");
            assert_eq!(written(|x| x.amount("A", amount)), expected);
        }
    }

    #[test]
    fn text_is_escaped_and_cut_between_characters() {
        assert_eq!(written(|x| x.text("T", "a<b>&\"c'\r\u{1}\u{ffff}人", 20)), "<T>a&lt;b&gt;&amp;\"c'&#13;??人</T>");
        assert_eq!(written(|x| x.text("T", "人人人", 2)), "<T>人人</T>");
        assert_eq!(written(|x| x.text("T", "，", 2)), "<T>，</T>");
    }

    #[test]
    fn times_are_written_as_they_are_shown() {
        for text in [
            "2026-11-21T09:30:47Z",
            "2026-11-21T09:30:47.123456",
            "1969-12-31T23:59:59.500Z",
            "2026-11-21T09:30:47+08:00",
        ] {
            let timestamp = Timestamp::parse(text).expect("a timestamp");
            assert_eq!(written(|x| x.timestamp("T", timestamp)), format!("<T>{text}</T>"));
        }
    }
}
