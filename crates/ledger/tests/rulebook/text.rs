//! Words, amounts, dates and times of the stories.

use comity_ledger::ids::{Day, Time};

/// The words of a line, taken one by one; named options may stand anywhere after them.
pub(crate) struct Words<'a> {
    line: &'a str,
    words: Vec<&'a str>,
}

impl<'a> Words<'a> {
    pub(crate) fn new(line: &'a str) -> Self {
        Self { line, words: line.split_whitespace().collect() }
    }

    /// The next word; the story is wrong when there is none.
    pub(crate) fn next(&mut self) -> &'a str {
        assert!(!self.words.is_empty(), "a word is missing in `{}`", self.line);
        self.words.remove(0)
    }

    pub(crate) fn peek(&self) -> Option<&'a str> {
        self.words.first().copied()
    }

    /// Whether a word is there; it is taken.
    pub(crate) fn flag(&mut self, word: &str) -> bool {
        let at = self.words.iter().position(|known| *known == word);
        if let Some(at) = at {
            self.words.remove(at);
        }
        at.is_some()
    }

    /// The word after a keyword; both are taken.
    pub(crate) fn option(&mut self, word: &str) -> Option<&'a str> {
        let at = self.words.iter().position(|known| *known == word)?;
        assert!(at + 1 < self.words.len(), "`{word}` needs a value in `{}`", self.line);
        self.words.remove(at);
        Some(self.words.remove(at))
    }

    /// Nothing may be left over: a word nobody understood is a mistake in the story.
    pub(crate) fn end(&self) {
        assert!(self.words.is_empty(), "not understood: {:?} in `{}`", self.words, self.line);
    }
}

/// Minor units of a decimal such as `-70.00`.
pub(crate) fn amount(text: &str, exponent: u8) -> i64 {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(part.len() == usize::from(exponent), "`{text}` needs {exponent} digits after the point");
    let minor: i64 = format!("{whole}{part}").parse().expect("an amount");
    sign * minor
}

/// An amount as a decimal.
pub(crate) fn money(minor: i128, exponent: u8) -> String {
    let unit = 10_i128.pow(u32::from(exponent));
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.abs();
    if exponent == 0 {
        return format!("{sign}{minor}");
    }
    format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = usize::from(exponent))
}

/// The day number of an ISO date.
pub(crate) fn day(text: &str) -> Day {
    let mut parts = text.split('-').map(|part| part.parse::<u32>().expect("a date"));
    let mut next = || parts.next().expect("a date");
    let (year, month, day) = (next(), next(), next());
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let yoe = year - era * 400;
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Day(era * 146_097 + doe - 719_468)
}

/// The instant of `HH:MM` on a date, or of `YYYY-MM-DDTHH:MM`.
pub(crate) fn time(text: &str, date: Day) -> Time {
    let (date, clock) = match text.split_once('T') {
        Some((date, clock)) => (day(date), clock),
        None => (date, text),
    };
    let (hours, minutes) = clock.split_once(':').expect("a time");
    let number = |text: &str| text.parse::<u64>().expect("a time");
    Time((u64::from(date.0) * 86_400 + number(hours) * 3_600 + number(minutes) * 60) * Time::SECOND)
}

/// An instant as `HH:MM`, with the date when it is another.
pub(crate) fn clock(at: i64, date: Day) -> String {
    let whole = Time(u64::try_from(at).expect("an instant")).to_string();
    let (day, clock) = (&whole[..10], &whole[11..16]);
    if day == date.to_string() { clock.into() } else { format!("{day} {clock}") }
}

/// A date number as ISO text.
pub(crate) fn date(at: i64) -> String {
    Day(u32::try_from(at).expect("a date")).to_string()
}

/// A short name as an identifier, and back.
pub(crate) fn id_of(name: &str) -> u128 {
    assert!(name.len() <= 16, "`{name}` is longer than 16 letters");
    name.bytes().fold(0, |id, byte| id << 8 | u128::from(byte))
}

pub(crate) fn name_of(id: u128) -> String {
    id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).map(char::from).collect()
}

/// A fingerprint of a text.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
