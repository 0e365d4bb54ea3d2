//! Tables for people, JSON for programs; colour only where a person looks and has not said no.

use std::io::{IsTerminal, Write};

use serde_json::Value;

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Output {
    /// Aligned text.
    Table,
    /// One JSON value.
    Json,
}

/// A column: its heading and whether it holds numbers.
pub(crate) struct Column(pub(crate) &'static str, pub(crate) Align);

/// Which side a column leans to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Whether standard output takes colour: a terminal, and `NO_COLOR` is not set (<https://no-color.org>).
fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Marks an error line.
pub(crate) fn mark_error() -> &'static str {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if colour { "\x1b[31merror:\x1b[0m " } else { "error: " }
}

/// Text in bold, where colour is welcome.
pub(crate) fn bold(text: &str) -> String {
    if colour() { format!("\x1b[1m{text}\x1b[0m") } else { text.into() }
}

/// Text of a file as a terminal may see it: control characters are written out, so that no name can move the cursor.
fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// Lays out rows under headings.
pub(crate) fn table(columns: &[Column], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| harmless(cell)).collect()).collect();
    let mut widths: Vec<usize> = columns.iter().map(|column| column.0.chars().count()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let mut out = String::new();
        for (at, cell) in cells.enumerate() {
            let pad = widths[at] - cell.chars().count();
            let gap = if at == 0 { "" } else { "  " };
            match columns[at].1 {
                Align::Left => out.push_str(&format!("{gap}{cell}{}", " ".repeat(pad))),
                Align::Right => out.push_str(&format!("{gap}{}{cell}", " ".repeat(pad))),
            }
        }
        out.trim_end().into()
    };
    let mut out = bold(&line(&mut columns.iter().map(|column| column.0)));
    out.push('\n');
    out.push_str(&widths.iter().map(|width| "\u{2500}".repeat(*width)).collect::<Vec<_>>().join("  "));
    for row in &rows {
        out.push('\n');
        out.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    out
}

/// Prints a line of data. A closed pipe (`| head`) ends the program quietly.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    match written {
        Ok(()) => {}
        // Whoever read has seen enough (`| head`).
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            eprintln!("error: standard output: {error}");
            std::process::exit(1);
        }
    }
}

/// Prints a JSON value, readable.
pub(crate) fn print_json(value: &Value) {
    print(&serde_json::to_string_pretty(value).expect("a JSON value is text"));
}

/// A count with thousands separated.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A progress bar on standard error; silent when nobody looks.
pub(crate) fn progress(len: u64, what: &str) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(len);
    let style = indicatif::ProgressStyle::with_template("{msg:>22} {bar:36} {human_pos}/{human_len} {per_sec} {eta}")
        .expect("the template is sound");
    bar.set_style(style);
    bar.set_message(what.to_string());
    bar
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_names_are_written_out() {
        let columns = [Column("name", Align::Left), Column("n", Align::Right)];
        let text = table(&columns, &[vec!["A\x1b[31mB".into(), "1".into()], vec!["C\nD\u{9b}".into(), "2".into()]]);
        assert!(text.contains("A\\u{1b}[31mB") && text.contains("C\\nD\\u{9b}"), "{text}");
        assert_eq!(text.lines().count(), 4, "{text}");
    }
}
