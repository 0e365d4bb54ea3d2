//! What is wrong with an arrangement, said so that a person can put it right: file, line, field, found, expected.
//!
//! Absent on purpose: error codes. A mistake in a file is for its author, and the sentence is the interface.

use core::cell::RefCell;
use core::fmt;

/// One thing wrong in a file, or, as a warning, one thing worth a second look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// File within the folder, such as `arrangement.toml`.
    pub file: &'static str,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Which field. Tables are counted from 1: `currency[2].exponent` is in the second `[[currency]]`.
    pub field: String,
    /// What is there; text in quotes.
    pub found: String,
    /// What should be there.
    pub expected: String,
    /// What would help, when that is not plain from the rest.
    pub help: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": found {}, expected {}", self.found, self.expected)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

/// Everything wrong with an arrangement, in the order of the files and their lines. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mistake) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

/// Where mistakes and warnings are gathered while reading.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) warnings: Vec<Mistake>,
    /// An authority could not be read, so a country that is not known may be its.
    pub(crate) authority_lost: bool,
    /// A currency could not be read, so a code that is not known may be its.
    pub(crate) currency_lost: bool,
    /// A participant could not be read, so a BIC that is not known may be its.
    pub(crate) participant_lost: bool,
    /// A pair could not be read, so a pair that is not known may be it.
    pub(crate) pair_lost: bool,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) file: &'static str,
    pub(crate) line: usize,
    pub(crate) field: String,
}

impl Spot {
    /// The mistake at this place.
    pub(crate) fn mistake(&self, found: impl Into<String>, expected: impl Into<String>) -> Mistake {
        Mistake {
            file: self.file,
            line: self.line,
            field: self.field.clone(),
            found: found.into(),
            expected: expected.into(),
            help: None,
        }
    }
}

impl Mistake {
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The hand that writes findings down while several readers hold it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notes<'a>(pub(crate) &'a RefCell<Findings>);

impl Notes<'_> {
    /// A mistake at a place.
    pub(crate) fn wrong(&self, spot: &Spot, found: impl Into<String>, expected: impl Into<String>) {
        self.add(spot.mistake(found, expected));
    }

    /// A mistake already put into words.
    pub(crate) fn add(&self, mistake: Mistake) {
        self.0.borrow_mut().mistakes.push(mistake);
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.0.borrow().mistakes.len()
    }

    /// Whether a file has a mistake in a field that begins so: what depends on it is then not reported as well.
    pub(crate) fn lost(&self, file: &str, field: &str) -> bool {
        self.0.borrow().mistakes.iter().any(|mistake| mistake.file == file && mistake.field.starts_with(field))
    }

    /// Allowed, but worth a second look.
    pub(crate) fn warn(&self, spot: &Spot, found: impl Into<String>, expected: impl Into<String>) {
        self.0.borrow_mut().warnings.push(spot.mistake(found, expected));
    }
}

/// Text in quotes, control characters escaped, and cut when it is long.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN_MAX: usize = 60;
    if text.chars().count() <= SHOWN_MAX {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(SHOWN_MAX).collect();
    format!("{start:?}...")
}

/// The candidate that differs least from `text`, if it is near enough to be a slip of the hand.
pub(crate) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(text, candidate), candidate))
        .filter(|(d, candidate)| *d <= 1 + candidate.chars().count() / 4)
        .min_by_key(|(d, _)| *d)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters; text far longer than any name is not looked at.
fn distance(a: &str, b: &str) -> usize {
    const LOOKED_AT_MAX: usize = 64;
    let a: Vec<char> = a.chars().take(LOOKED_AT_MAX).collect();
    let b: Vec<char> = b.chars().take(LOOKED_AT_MAX).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let cost = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = cost;
            left = cost;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand_are_recognised() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(nearest("expnent", ["code", "exponent"]), Some("exponent"));
        assert_eq!(nearest("colour", ["code", "exponent"]), None);
    }
}
