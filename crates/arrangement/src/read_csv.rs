//! Reading CSV with its line numbers: RFC 4180, first row names the columns, columns in any order.
//!
//! Absent on purpose: other separators and encodings. A byte order mark is passed over, because spreadsheets write it.

use crate::mistake::{Notes, Spot, nearest, quoted};
use crate::read_toml::{At, Need};

/// One row, its fields by column name.
pub(crate) struct Row<'a> {
    file: &'static str,
    line: usize,
    notes: Notes<'a>,
    fields: Vec<(&'static str, String)>,
}

/// Reads a table; `columns` are those known, and whether each must be there.
pub(crate) fn rows<'a>(
    file: &'static str,
    text: &str,
    columns: &[(&'static str, Need)],
    notes: Notes<'a>,
) -> Vec<Row<'a>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.is_empty() && file != crate::people::FILE {
        // A file that need not be there counts as empty, and an empty one says nothing.
        return Vec::new();
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let heading = records.next();
    let Some(Ok(heading)) = heading else {
        let spot = Spot { file, line: 1, field: String::new() };
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        notes.wrong(&spot, "nothing", format!("a first row that names the columns {}", names.join(",")));
        return Vec::new();
    };
    let places = heading_places(file, &heading, columns, notes);
    let mut out = Vec::new();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let spot = Spot { file, line: size(line), field: String::new() };
                notes.wrong(&spot, error.to_string(), "a row of comma-separated text");
                continue;
            }
        };
        let line = size(record.position().map_or(0, csv::Position::line));
        if record.len() != heading.len() {
            let spot = Spot { file, line, field: String::new() };
            notes.wrong(&spot, format!("{} fields", record.len()), format!("{}, as in the first row", heading.len()));
            continue;
        }
        let fields = places.iter().filter_map(|(name, at)| Some((*name, record.get(*at)?.to_owned()))).collect();
        out.push(Row { file, line, notes, fields });
    }
    out
}

fn size(line: u64) -> usize {
    usize::try_from(line).unwrap_or(0)
}

fn heading_places(
    file: &'static str,
    heading: &csv::StringRecord,
    columns: &[(&'static str, Need)],
    notes: Notes<'_>,
) -> Vec<(&'static str, usize)> {
    let line = size(heading.position().map_or(1, csv::Position::line));
    let mut places: Vec<(&'static str, usize)> = Vec::new();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    for (at, column) in heading.iter().enumerate() {
        let spot = Spot { file, line, field: format!("column {}", at + 1) };
        match columns.iter().find(|(name, _)| *name == column) {
            None => {
                let mut mistake = spot.mistake(quoted(column), format!("one of {}", names.join(", ")));
                if let Some(near) = nearest(column, names.iter().copied()) {
                    mistake = mistake.help(format!("did you mean {near}"));
                }
                notes.add(mistake);
            }
            Some((name, _)) if places.iter().any(|(seen, _)| seen == name) => {
                notes.wrong(&spot, quoted(column), "each column once");
            }
            Some((name, _)) => places.push((*name, at)),
        }
    }
    for (name, need) in columns {
        if *need == Need::Must && !places.iter().any(|(seen, _)| seen == name) {
            let spot = Spot { file, line, field: (*name).to_owned() };
            notes.wrong(&spot, "no such column", "the column");
        }
    }
    places
}

impl Row<'_> {
    /// The place of a column of this row.
    pub(crate) fn spot(&self, column: &str) -> Spot {
        Spot { file: self.file, line: self.line, field: column.to_owned() }
    }

    /// A field, if its column is there and it is not empty.
    fn raw(&self, column: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(name, _)| *name == column)
            .map(|(_, text)| text.as_str())
            .filter(|text| !text.is_empty())
    }

    /// A field read by `read`.
    pub(crate) fn text<T>(
        &self,
        column: &'static str,
        need: Need,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<At<T>> {
        let spot = self.spot(column);
        // A column that is missing altogether has been reported with the heading.
        let present = self.fields.iter().any(|(name, _)| *name == column);
        let Some(text) = self.raw(column) else {
            if need == Need::Must && present {
                self.notes.wrong(&spot, "nothing", expected);
            }
            return None;
        };
        match read(text) {
            Some(value) => Some(At { value, spot }),
            None => {
                self.notes.wrong(&spot, quoted(text), expected);
                None
            }
        }
    }
}
