//! The heading of a CSV file: names trimmed, without a byte order mark, none twice.
//!
//! Absent on purpose: which names a file must have; its reader knows.

use crate::exit::Failure;

/// The names of a heading.
///
/// # Errors
/// When a name stands there twice: nobody could say which column is meant. Columns without a name may be many.
pub(crate) fn names(shown: &str, heading: &csv::StringRecord) -> Result<Vec<String>, Failure> {
    let names: Vec<String> =
        heading.iter().map(|name| name.trim().trim_start_matches('\u{feff}').trim().to_owned()).collect();
    for (at, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..at].contains(name) {
            return Err(Failure::refused(format!("{shown}:1: the heading has the column {name} twice")));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_once() {
        let heading = |text: &str| names("t.csv", &text.split(',').collect::<csv::StringRecord>());
        assert_eq!(
            heading("\u{feff}year, amount,,").ok(),
            Some(vec!["year".into(), "amount".into(), "".into(), "".into()])
        );
        let told = heading("year,amount,year ").err().map(|failure| failure.to_string());
        assert_eq!(told.as_deref(), Some("t.csv:1: the heading has the column year twice"));
    }
}
