//! Rows from comma-separated values: a heading by name in any order, UTF-8, RFC 4180.

use std::io::Read;

use super::book::{Book, COLUMNS, Row, refuse};
use crate::exit::Failure;

/// Reads everything into `book`; a column that is not used is told once.
pub(super) fn read(
    book: &mut Book,
    source: &str,
    from: impl Read,
    bar: &indicatif::ProgressBar,
) -> Result<(), Failure> {
    let mut reader = ::csv::ReaderBuilder::new().trim(::csv::Trim::All).buffer_capacity(1 << 18).from_reader(from);
    let heading = reader.headers().map_err(|error| Failure::refused(format!("{source}: {error}")))?.clone();
    let mut names: Vec<String> =
        heading.iter().map(|name| name.trim_start_matches('\u{feff}').to_lowercase()).collect();
    if let Some(first) = names.first_mut() {
        // A quoted first name keeps its quotes behind a byte order mark.
        *first = first.trim_matches('"').into();
    }
    // Of a line end of two characters the reader has taken only the first.
    let taken = if reader.position().line() < 2 { 0 } else { 1 };
    let columns = columns(source, &names)?;
    let mut record = ::csv::StringRecord::new();
    let mut row = 0_u64;
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => row += 1,
            Ok(false) => return Ok(()),
            Err(error) => {
                let line = error.position().map_or(line, ::csv::Position::line);
                return Err(refuse(source, row + 1, Some(line), ("row", wrong(&error))));
            }
        }
        let cell = |place: usize| columns[place].map(|column| record.get(column).unwrap_or_default());
        let pushed = book.push(&Row {
            debtor: cell(0).unwrap_or_default(),
            creditor: cell(1).unwrap_or_default(),
            amount: cell(2).unwrap_or_default(),
            currency: cell(3),
            due: cell(4),
            consent: cell(5),
        });
        pushed.map_err(|mistake| {
            refuse(source, row, Some(first_line(line, &record, reader.position().line() - taken)), mistake)
        })?;
        if bar.length() == Some(0) && row.is_multiple_of(65_536) {
            bar.set_position(row);
        }
    }
}

/// The line on which a row begins. The reader's own word for it ends at the row before, which says too little after blank lines
/// and after line ends of two characters; a row without line ends of its own ends where the reader stands.
pub(crate) fn first_line(before: u64, record: &::csv::StringRecord, after: u64) -> u64 {
    let own = record.iter().any(|cell| cell.contains('\n'));
    if own { record.position().map_or(before, ::csv::Position::line) } else { after.max(before) }
}

fn wrong(error: &::csv::Error) -> String {
    match error.kind() {
        ::csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} fields where the heading has {expected_len}")
        }
        ::csv::ErrorKind::Utf8 { .. } => "is not UTF-8".into(),
        _ => error.to_string(),
    }
}

/// Where each of [`COLUMNS`] stands.
pub(super) fn columns(source: &str, names: &[String]) -> Result<[Option<usize>; 6], Failure> {
    let mut found = [None; 6];
    for (place, column) in COLUMNS.iter().enumerate() {
        let mut places = names.iter().enumerate().filter(|(_, name)| name == column).map(|(place, _)| place);
        found[place] = places.next();
        if places.next().is_some() {
            return Err(Failure::refused(format!("{source}: the heading has the column {column} twice")));
        }
        if found[place].is_none() && place < 3 {
            return Err(Failure::refused(format!(
                "{source}: the heading lacks the column {column}; expected debtor, creditor, amount, and optionally \
                 currency, due, consent"
            )));
        }
    }
    for name in names.iter().filter(|name| !COLUMNS.contains(&name.as_str())) {
        eprintln!("note: column {name:?} of {source} is not used");
    }
    Ok(found)
}
