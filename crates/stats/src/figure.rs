//! A figure: a value with its definition, its source and revision, and the rows it was made of.
//!
//! Everything the room computes leaves it in this shape, so that whatever prints a number can also say what it is.
//! Deliberately absent: how a figure is printed, and where rows came from beyond their numbers.

use std::fmt;
use std::sync::Arc;

/// Most ranges of row numbers that one figure keeps; the count stays exact beyond it.
pub const ROW_RANGE_COUNT_MAX: usize = 4096;

/// What kind of number a figure is, and so how it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Money, or a value in the unit of the source; exact.
    Amount,
    /// Things counted.
    Count,
    /// A share of a whole, in percent.
    Percent,
    /// A change in percentage points of a whole.
    Points,
    /// A number without unit, such as a ratio of two amounts.
    Ratio,
    /// An index, 100 at its base.
    Index,
    /// A length of time, in seconds.
    Seconds,
    /// One of a few words, such as a traffic light.
    Word,
}

impl Measure {
    /// The measure as a word for files; amounts are in the unit of their source instead.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Points => "percentage points",
            Self::Ratio => "ratio",
            Self::Index => "index, base 100",
            Self::Seconds => "seconds",
            Self::Word => "word",
        }
    }
}

/// What a figure means. Written once, as a static, and listed by `comity stats define`.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name in files, such as `trade.hhi`: part of the room, a dot, the figure.
    pub key: &'static str,
    /// Its name as a heading.
    pub name: &'static str,
    /// What kind of number it is.
    pub measure: Measure,
    /// What it says, in a sentence without full stop.
    pub says: &'static str,
    /// How it is computed, in plain text.
    pub formula: &'static str,
    /// Where the definition is from, or `ours`.
    pub after: &'static str,
}

/// Where figures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// A file or a journal, as it was named.
    pub name: String,
    /// Which state of it: a hash of the bytes, or sequence number and hash of a journal.
    pub revision: String,
    /// The unit of amounts, such as `USD million`; empty where amounts carry their own currency.
    pub unit: String,
}

impl Source {
    /// A source.
    pub fn new(name: impl Into<String>, revision: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { name: name.into(), revision: revision.into(), unit: unit.into() }
    }

    /// The source, to be shared by many figures.
    #[must_use]
    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Whole minor units and how many of their digits are decimals.
    Amount {
        /// Minor units.
        units: i128,
        /// Digits after the point.
        decimals: u8,
    },
    /// Things counted.
    Count(i128),
    /// A number that is not money, and how many decimals are worth showing.
    Real {
        /// The number; never infinite or undefined.
        value: f64,
        /// Digits after the point when it is shown.
        decimals: u8,
    },
    /// One of a few words.
    Word(&'static str),
    /// There is no value, and why.
    Absent(&'static str),
}

impl Value {
    /// An amount of minor units.
    #[must_use]
    pub fn amount(units: i128, decimals: u8) -> Self {
        Self::Amount { units, decimals }
    }

    /// A number shown with `decimals`; absent when it is infinite or undefined.
    #[must_use]
    pub fn real(value: f64, decimals: u8) -> Self {
        if value.is_finite() { Self::Real { value, decimals } } else { Self::Absent("not a number") }
    }

    /// `part` of `whole` in percent, with one decimal; absent when the whole is zero.
    #[must_use]
    pub fn percent(part: i128, whole: i128) -> Self {
        ratio(part, whole).map_or(Self::Absent("nothing to divide by"), |ratio| Self::real(100.0 * ratio, 1))
    }

    /// The number behind it, in its own unit; none for words and absent values.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Amount { units, decimals } => Some(real(*units) / 10f64.powi(i32::from(*decimals))),
            Self::Count(count) => Some(real(*count)),
            Self::Real { value, .. } => Some(*value),
            Self::Word(_) | Self::Absent(_) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount { units, decimals } => {
                let places = usize::from(*decimals);
                let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
                let (whole, part) = digits.split_at(digits.len() - places);
                let sign = if *units < 0 { "-" } else { "" };
                if places == 0 { write!(to, "{sign}{whole}") } else { write!(to, "{sign}{whole}.{part}") }
            }
            Self::Count(count) => write!(to, "{count}"),
            Self::Real { value, decimals } => {
                let text = format!("{value:.places$}", places = usize::from(*decimals));
                // What rounds to nothing has no sign.
                let zero = text.starts_with('-') && text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
                to.write_str(if zero { &text[1..] } else { &text })
            }
            Self::Word(word) => to.write_str(word),
            Self::Absent(_) => Ok(()),
        }
    }
}

/// `part / whole`, none when the whole is zero.
#[must_use]
pub fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole != 0).then(|| real(part) / real(whole))
}

/// A whole number as a floating one, rounded to 53 bits: for shares, never for money.
#[expect(clippy::cast_precision_loss, reason = "shares and indices are shown with a few digits")]
#[must_use]
pub fn real(number: i128) -> f64 {
    number as f64
}

/// Which rows a figure was made of: line numbers of a file, or sequence numbers of a journal.
///
/// The count is exact. Numbers are kept as ranges, the first [`ROW_RANGE_COUNT_MAX`] of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    count: u64,
    ranges: Vec<(u64, u64)>,
    cut: bool,
}

impl Rows {
    /// Adds a row. Rows come in rising order; one that does not is counted and begins a range of its own.
    pub fn push(&mut self, row: u64) {
        self.count += 1;
        if let Some((_, last)) = self.ranges.last_mut()
            && !self.cut
            && last.checked_add(1) == Some(row)
        {
            *last = row;
            return;
        }
        if self.ranges.len() < ROW_RANGE_COUNT_MAX {
            self.ranges.push((row, row));
        } else {
            self.cut = true;
        }
    }

    /// How many rows.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// First and last row number of each range.
    #[must_use]
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.ranges
    }

    /// Whether there were more ranges than are kept.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }
}

impl FromIterator<u64> for Rows {
    /// Sorts the numbers and drops doubles.
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> Self {
        let mut numbers: Vec<u64> = numbers.into_iter().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut rows = Self::default();
        for number in numbers {
            rows.push(number);
        }
        rows
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (first, last)) in self.ranges.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            if first == last { write!(to, "{comma}{first}")? } else { write!(to, "{comma}{first}-{last}")? }
        }
        if self.cut { write!(to, ", and more: {} rows in all", self.count) } else { Ok(()) }
    }
}

/// A number that can say what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it means.
    pub definition: &'static Definition,
    /// What it is about: dimension and value, outermost first, such as `year` 2019, `member` AAA.
    pub of: Vec<(&'static str, String)>,
    /// The value.
    pub value: Value,
    /// The unit: the measure's word, or for amounts the source's unit or the currency.
    pub unit: String,
    /// Where it comes from.
    pub source: Arc<Source>,
    /// What it was made of.
    pub rows: Rows,
}

impl Figure {
    /// A figure without value yet.
    #[must_use]
    pub fn new(definition: &'static Definition, source: &Arc<Source>) -> Self {
        let unit = match definition.measure {
            Measure::Amount => source.unit.clone(),
            measure => measure.word().to_owned(),
        };
        let value = Value::Absent("not computed");
        Self { definition, of: Vec::new(), value, unit, source: Arc::clone(source), rows: Rows::default() }
    }

    /// Says what it is about; call once for each dimension.
    #[must_use]
    pub fn of(mut self, dimension: &'static str, value: impl Into<String>) -> Self {
        self.of.push((dimension, value.into()));
        self
    }

    /// Gives it its value.
    #[must_use]
    pub fn value(mut self, value: Value) -> Self {
        self.value = value;
        self
    }

    /// Gives it another unit than the source's, such as a currency.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Says what it was made of.
    #[must_use]
    pub fn rows(mut self, rows: Rows) -> Self {
        self.rows = rows;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{ROW_RANGE_COUNT_MAX, Rows, Value};

    #[test]
    fn values_are_written_with_their_decimals() {
        let shown = [
            Value::amount(12_500, 3),
            Value::amount(-5, 2),
            Value::amount(7, 0),
            Value::amount(i128::MIN, 0),
            Value::Count(12),
            Value::real(-0.04, 1),
            Value::real(-0.06, 1),
            Value::real(f64::NAN, 1),
            Value::percent(1, 3),
            Value::percent(1, 0),
            Value::Word("green"),
        ]
        .map(|value| value.to_string());
        let told = "12.500|-0.05|7|-170141183460469231731687303715884105728|12|0.0|-0.1||33.3||green";
        assert_eq!(shown.join("|"), told);
        assert_eq!(Value::amount(12_500, 3).number(), Some(12.5));
        assert_eq!(Value::Absent("no trade").number(), None);
    }

    #[test]
    fn rows_are_kept_as_ranges_and_counted_beyond_the_limit() {
        let rows: Rows = [9, 3, 4, 5, 5, 11].into_iter().collect();
        assert_eq!((rows.to_string().as_str(), rows.count()), ("3-5, 9, 11", 5));
        let apart: Rows = (0..ROW_RANGE_COUNT_MAX as u64 + 3).map(|row| 2 * row).collect();
        assert_eq!((apart.count(), apart.ranges().len()), (ROW_RANGE_COUNT_MAX as u64 + 3, ROW_RANGE_COUNT_MAX));
        assert!(apart.is_cut() && apart.to_string().ends_with(", and more: 4099 rows in all"), "{apart}");
        assert_eq!(Rows::default().to_string(), "");
    }
}
