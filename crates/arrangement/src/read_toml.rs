//! Reading TOML with its line numbers: every table reports what it misses and what it does not know.
//!
//! Absent on purpose: `serde`. It stops at the first mistake and forgets where it was; a rulebook deserves all of them.

use core::cell::{Cell, RefCell};
use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::mistake::{Notes, Spot, nearest, quoted};

/// A value and where it stood.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) spot: Spot,
}

/// The file being read: its text for line numbers, and where mistakes go.
pub(crate) struct Document<'a> {
    pub(crate) file: &'static str,
    pub(crate) text: &'a str,
    pub(crate) notes: Notes<'a>,
}

/// One table of the file.
pub(crate) struct Table<'a> {
    doc: &'a Document<'a>,
    path: String,
    line: usize,
    table: Cow<'a, DeTable<'a>>,
    asked: RefCell<Vec<&'static str>>,
    /// The table itself is absent, which is reported once, so its fields are not reported too.
    absent: Cell<bool>,
}

/// Whether a field may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Must,
    May,
}

impl<'a> Document<'a> {
    /// Parses the text, reports what is not TOML, and hands out what could be read.
    pub(crate) fn root(&'a self) -> Table<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let line = error.span().map_or(0, |span| self.line_of(span.start));
            let spot = Spot { file: self.file, line, field: String::new() };
            let text = self.text.lines().nth(line.saturating_sub(1)).unwrap_or("");
            let mistake = spot.mistake(quoted(text.trim()), "valid TOML").help(error.message());
            self.notes.add(mistake);
        }
        Table {
            doc: self,
            path: String::new(),
            line: 0,
            table: Cow::Owned(table.into_inner()),
            asked: RefCell::default(),
            absent: Cell::new(false),
        }
    }

    fn line_of(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }
}

impl<'a> Table<'a> {
    /// The place of a field, present or not.
    pub(crate) fn spot(&self, key: &str) -> Spot {
        let line = self.table.get(key).map_or(self.line, |value| self.doc.line_of(value.span().start));
        let field = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Spot { file: self.doc.file, line, field }
    }

    fn wrong(&self, spot: &Spot, found: impl Into<String>, expected: impl Into<String>) {
        self.doc.notes.wrong(spot, found, expected);
    }

    fn ask(&self, key: &'static str) -> Option<&Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    /// One field: `read` says whether the value will do.
    pub(crate) fn field<T>(
        &self,
        key: &'static str,
        need: Need,
        expected: &str,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<At<T>> {
        let value = self.ask(key);
        let spot = self.spot(key);
        let Some(value) = value else {
            if need == Need::Must && !self.absent.get() {
                self.wrong(&spot, "nothing", expected);
            }
            return None;
        };
        match read(value.get_ref()) {
            Some(value) => Some(At { value, spot }),
            None => {
                self.wrong(&spot, shown(value.get_ref()), expected);
                None
            }
        }
    }

    /// A field that is text read by `read`.
    pub(crate) fn text<T>(
        &self,
        key: &'static str,
        need: Need,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<At<T>> {
        self.field(key, need, expected, |value| read(value.as_str()?))
    }

    /// A field that is a list, each item read by `read`; a wrong item is reported and left out.
    pub(crate) fn list<T>(
        &self,
        key: &'static str,
        need: Need,
        expected: &str,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Vec<At<T>> {
        let value = self.ask(key);
        let spot = self.spot(key);
        let items = match value.map(|value| value.get_ref()) {
            None => {
                if need == Need::Must && !self.absent.get() {
                    self.wrong(&spot, "nothing", format!("a list, each item {expected}"));
                }
                return Vec::new();
            }
            Some(DeValue::Array(items)) => items,
            Some(other) => {
                self.wrong(&spot, shown(other), format!("a list, each item {expected}"));
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for item in items.iter() {
            let spot = Spot { line: self.doc.line_of(item.span().start), ..spot.clone() };
            match read(item.get_ref()) {
                Some(value) => out.push(At { value, spot }),
                None => self.wrong(&spot, shown(item.get_ref()), expected),
            }
        }
        out
    }

    /// A table that must be there when `need` says so; an absent one reads as empty.
    pub(crate) fn table(&self, key: &'static str, need: Need) -> Table<'_> {
        let value = self.ask(key);
        let spot = self.spot(key);
        let (table, absent) = match value.map(|value| value.get_ref()) {
            Some(DeValue::Table(table)) => (Cow::Borrowed(table), false),
            Some(other) => {
                self.wrong(&spot, shown(other), format!("a table [{}]", self.within(key)));
                (Cow::Owned(DeTable::new()), true)
            }
            None => {
                if need == Need::Must {
                    self.wrong(&spot, "nothing", format!("a table [{}]", self.within(key)));
                }
                (Cow::Owned(DeTable::new()), true)
            }
        };
        Table {
            doc: self.doc,
            path: spot.field,
            line: spot.line,
            table,
            asked: RefCell::default(),
            absent: Cell::new(absent),
        }
    }

    /// All tables `[[key]]`, in order.
    pub(crate) fn tables(&self, key: &'static str, need: Need) -> Vec<Table<'_>> {
        let value = self.ask(key);
        let spot = self.spot(key);
        let items = match value.map(|value| value.get_ref()) {
            Some(DeValue::Array(items)) => items,
            Some(other) => {
                self.wrong(&spot, shown(other), format!("tables [[{}]]", self.within(key)));
                return Vec::new();
            }
            None => {
                if need == Need::Must {
                    self.wrong(&spot, "nothing", format!("at least one [[{}]]", self.within(key)));
                }
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let line = self.doc.line_of(item.span().start);
            let path = format!("{}[{}]", spot.field, at + 1);
            match item.get_ref() {
                DeValue::Table(table) => out.push(Table {
                    doc: self.doc,
                    path,
                    line,
                    table: Cow::Borrowed(table),
                    asked: RefCell::default(),
                    absent: Cell::new(false),
                }),
                other => {
                    let spot = Spot { file: self.doc.file, line, field: path };
                    self.wrong(&spot, shown(other), format!("a table [[{}]]", self.within(key)));
                }
            }
        }
        out
    }

    /// The name of an inner table as it is written in the file, without the places of the tables around it.
    fn within(&self, key: &str) -> String {
        let outer: String =
            self.path.split('.').map(|part| part.split('[').next().unwrap_or(part).to_owned() + ".").collect();
        if self.path.is_empty() { key.to_owned() } else { outer + key }
    }

    /// Whether a field is there, right or wrong.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// How many fields there are, right or wrong.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// The line at which the table begins; 0 for the file itself.
    pub(crate) const fn line(&self) -> usize {
        self.line
    }

    /// Whether the whole table was left out.
    pub(crate) fn is_absent(&self) -> bool {
        self.absent.get()
    }

    /// Every key and value of a table whose keys are free, such as currency codes.
    pub(crate) fn entries(&self) -> Vec<(String, At<String>)> {
        let mut out = Vec::new();
        for (key, value) in self.table.iter() {
            let spot = self.spot(key.get_ref());
            match value.get_ref().as_str() {
                Some(text) => out.push((key.get_ref().clone().into_owned(), At { value: text.to_owned(), spot })),
                None => self.wrong(&spot, shown(value.get_ref()), "text in quotes"),
            }
        }
        out
    }

    /// Reports every key nobody asked for.
    pub(crate) fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            if asked.iter().any(|known| known == key.get_ref()) {
                continue;
            }
            let mut spot = self.spot(key.get_ref());
            spot.line = self.doc.line_of(key.span().start);
            let mut mistake = spot.mistake("an unknown key", format!("one of {}", asked.join(", ")));
            if let Some(near) = nearest(key.get_ref(), asked.iter().copied()) {
                mistake = mistake.help(format!("did you mean {near}"));
            }
            self.doc.notes.add(mistake);
        }
    }
}

/// A value as the file shows it, short.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(value) => value.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// A whole number of at most `max`.
pub(crate) fn whole(value: &DeValue<'_>, max: u64) -> Option<u64> {
    let number = value.as_integer()?;
    u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| *number <= max)
}

/// Text of a value written either in quotes or as a TOML date or time.
pub(crate) fn date_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Datetime(value) => Some(value.to_string()),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
