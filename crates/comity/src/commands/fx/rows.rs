//! Rows of a table by the names of its columns; every refusal names file, line and field.

use std::path::Path;

use crate::clear::first_line;
use crate::exit::{Exit, Failure};

/// Most rows of one file.
const ROW_COUNT_MAX: u64 = 10_000_000;

/// One row, with where it stands.
pub(super) struct Row<'a> {
    file: &'a str,
    /// The line it begins on.
    pub(super) line: u64,
    record: &'a csv::StringRecord,
    columns: &'a [(&'static str, Option<usize>)],
}

impl Row<'_> {
    /// The text of a column; empty where the file has none.
    pub(super) fn cell(&self, name: &str) -> &str {
        let place = self.columns.iter().find(|(column, _)| *column == name).and_then(|(_, place)| *place);
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// The text of a column, if it is not empty.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        Some(self.cell(name)).filter(|text| !text.is_empty())
    }

    /// What is wrong with a field.
    pub(super) fn wrong(&self, name: &str, what: impl std::fmt::Display) -> Failure {
        wrong(self.file, self.line, name, what)
    }
}

/// A mistake in a field of a file.
pub(super) fn wrong(file: &str, line: u64, name: &str, what: impl std::fmt::Display) -> Failure {
    Failure::refused(format!("{file}:{line}: {name}: {what}"))
}

/// A table: its name, and which of the columns asked for it has.
pub(super) struct Sheet {
    pub(super) file: String,
    columns: Vec<(&'static str, Option<usize>)>,
    reader: csv::Reader<std::fs::File>,
    /// Of a line end of two characters the reader has taken only the first.
    taken: u64,
}

impl Sheet {
    /// Opens a table that has all of `required` and may have `optional` columns; any other is told once and not used.
    pub(super) fn open(path: &Path, required: &[&'static str], optional: &[&'static str]) -> Result<Self, Failure> {
        let file = path.display().to_string();
        let opened =
            std::fs::File::open(path).map_err(|error| Failure::new(Exit::Usage, format!("{file}: {error}")))?;
        if opened.metadata().is_ok_and(|about| about.is_dir()) {
            return Err(Failure::new(Exit::Usage, format!("{file} is a folder, not a table")));
        }
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(opened);
        let heading = reader.headers().map_err(|error| Failure::refused(format!("{file}: {error}")))?.clone();
        let names: Vec<String> =
            heading.iter().map(|name| name.trim_start_matches('\u{feff}').trim_matches('"').to_lowercase()).collect();
        let mut columns = Vec::new();
        for name in required.iter().chain(optional) {
            let mut places = names.iter().enumerate().filter(|(_, column)| column == name).map(|(place, _)| place);
            let place = places.next();
            if places.next().is_some() {
                return Err(Failure::refused(format!("{file}:1: the heading has the column {name} twice")));
            }
            if place.is_none() && required.contains(name) {
                let optional = match optional {
                    [] => String::new(),
                    names => format!(", and optionally {}", names.join(", ")),
                };
                let all = required.join(", ");
                let message = format!("{file}:1: the heading lacks the column {name}; expected {all}{optional}");
                return Err(Failure::refused(message));
            }
            columns.push((*name, place));
        }
        for name in names.iter().filter(|name| !columns.iter().any(|(column, _)| column == name)) {
            eprintln!("note: column {name:?} of {file} is not used");
        }
        let taken = if reader.position().line() < 2 { 0 } else { 1 };
        Ok(Self { file, columns, reader, taken })
    }

    /// Whether the file has a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, place)| *column == name && place.is_some())
    }

    /// Shows every row in order.
    pub(super) fn each(&mut self, mut show: impl FnMut(&Row<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut record = csv::StringRecord::new();
        let mut count = 0;
        loop {
            let before = self.reader.position().line();
            match self.reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => count += 1,
                Err(error) => {
                    let line = error.position().map_or(before, csv::Position::line);
                    return Err(Failure::refused(format!("{}:{line}: {}", self.file, fault(&error))));
                }
            }
            if count > ROW_COUNT_MAX {
                return Err(Failure::refused(format!("{}: more rows than the limit of {ROW_COUNT_MAX}", self.file)));
            }
            let line = first_line(before, &record, self.reader.position().line() - self.taken);
            show(&Row { file: &self.file, line, record: &record, columns: &self.columns })?;
        }
    }
}

fn fault(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} fields where the heading has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8".into(),
        _ => error.to_string(),
    }
}
