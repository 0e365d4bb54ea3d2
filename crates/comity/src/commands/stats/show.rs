//! Figures as tables for people, as JSON, and as files. The same code for every question.
//!
//! A table has a row for each thing that figures are about and a column for each definition. Absent on purpose: any figure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_stats::figure::{Definition, Figure, Measure, Source, Value};
use serde_json::json;

use crate::cli::Format;
use crate::exit::{Failure, at};
use crate::output::{Align, Column, Output, bold, print, print_json, table};
use crate::tables::{Cell, Kind, create};

/// Figures that belong together.
pub(crate) struct Part {
    /// What they are, as a heading.
    pub(crate) title: String,
    /// The figures, in the order of their rows.
    pub(crate) figures: Vec<Figure>,
    /// Whether they are written into files only.
    pub(crate) files_only: bool,
}

impl Part {
    pub(crate) fn new(title: impl Into<String>, figures: Vec<Figure>) -> Self {
        Self { title: title.into(), figures, files_only: false }
    }

    /// Too many to print: for files only.
    pub(crate) fn for_files(title: impl Into<String>, figures: Vec<Figure>) -> Self {
        Self { title: title.into(), figures, files_only: true }
    }
}

/// Where and how figures are written.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Files {
    /// Also write `figures` and `definitions` into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// File format in that folder.
    #[arg(long, value_enum, default_value_t = Format::Csv, requires = "out")]
    pub(crate) format: Format,
}

/// Prints figures as asked, and writes them where asked.
pub(crate) fn tell(parts: &[Part], notes: &[String], files: &Files, output: Output) -> Result<(), Failure> {
    if let Some(dir) = &files.out {
        write(dir, files.format, &parts.iter().collect::<Vec<_>>())?;
    }
    let printed: Vec<&Part> = parts.iter().filter(|part| !part.files_only && !part.figures.is_empty()).collect();
    match output {
        Output::Json => print_json(&as_json(&printed, notes)),
        Output::Table => {
            for part in &printed {
                print(&bold(&part.title));
                print(&as_table(&part.figures));
                print("");
            }
            for note in notes {
                print(note);
            }
            if !notes.is_empty() {
                print("");
            }
            footer(&printed);
        }
    }
    Ok(())
}

/// Every definition used, in order of first appearance.
fn used(parts: &[&Part]) -> Vec<&'static Definition> {
    let mut used: Vec<&'static Definition> = Vec::new();
    for figure in parts.iter().flat_map(|part| &part.figures) {
        if !used.iter().any(|definition| definition.key == figure.definition.key) {
            used.push(figure.definition);
        }
    }
    used
}

/// Every source used, in order of first appearance.
fn sources(parts: &[&Part]) -> Vec<Arc<Source>> {
    let mut sources: Vec<Arc<Source>> = Vec::new();
    for figure in parts.iter().flat_map(|part| &part.figures) {
        if !sources.contains(&figure.source) {
            sources.push(Arc::clone(&figure.source));
        }
    }
    sources
}

/// What the figures mean and where they come from, under the tables.
fn footer(parts: &[&Part]) {
    print(&bold("Definitions"));
    let mut works: Vec<&str> = Vec::new();
    for definition in used(parts) {
        let mark = match definition.after {
            "ours" => String::new(),
            after => {
                if !works.contains(&after) {
                    works.push(after);
                }
                let place = works.iter().position(|work| *work == after).map_or(0, |place| place + 1);
                format!(" [{place}]")
            }
        };
        print(&format!("  {}: {}{mark}", definition.name, definition.says));
        print(&format!("      = {}", definition.formula));
    }
    for (at, work) in works.iter().enumerate() {
        print(&format!("[{}] {work}", at + 1));
    }
    for source in sources(parts) {
        let unit = if source.unit.is_empty() { String::new() } else { format!(", amounts in {}", source.unit) };
        print(&format!("Source: {}, revision {}{unit}", source.name, source.revision));
    }
}

/// Rows of a table: what figures are about, and the figure of each definition.
type TableRow<'a> = (&'a [(&'static str, String)], BTreeMap<&'static str, &'a Figure>);

fn as_table(figures: &[Figure]) -> String {
    let mut columns: Vec<&'static Definition> = Vec::new();
    let mut rows: Vec<TableRow> = Vec::new();
    let mut places: BTreeMap<&[(&'static str, String)], usize> = BTreeMap::new();
    for figure in figures {
        if !columns.iter().any(|column| column.key == figure.definition.key) {
            columns.push(figure.definition);
        }
        let place = *places.entry(&figure.of).or_insert_with(|| {
            rows.push((&figure.of, BTreeMap::new()));
            rows.len() - 1
        });
        rows[place].1.insert(figure.definition.key, figure);
    }
    let dimensions = dimensions(figures);
    let mut heads: Vec<Column> = dimensions.iter().map(|name| Column(name, Align::Left)).collect();
    heads.extend(columns.iter().map(|definition| {
        let align = if definition.measure == Measure::Word { Align::Left } else { Align::Right };
        Column(definition.name, align)
    }));
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|(of, values)| {
            let mut line: Vec<String> = dimensions.iter().map(|name| about(of, name).to_owned()).collect();
            line.extend(columns.iter().map(|column| values.get(column.key).map_or(String::new(), |f| shown(&f.value))));
            line
        })
        .collect();
    table(&heads, &lines)
}

/// The dimensions of figures, in order of first appearance.
fn dimensions(figures: &[Figure]) -> Vec<&'static str> {
    let mut dimensions: Vec<&'static str> = Vec::new();
    for (name, _) in figures.iter().flat_map(|figure| &figure.of) {
        if !dimensions.contains(name) {
            dimensions.push(name);
        }
    }
    dimensions
}

fn about<'a>(of: &'a [(&'static str, String)], name: &str) -> &'a str {
    of.iter().find(|(dimension, _)| *dimension == name).map_or("", |(_, value)| value)
}

/// A value with thousands separated; a dash where there is none.
pub(crate) fn shown(value: &Value) -> String {
    if let Value::Absent(_) = value {
        return "-".into();
    }
    let plain = value.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, rest) =
        digits.split_once('.').map_or((digits, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return plain;
    }
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + &rest
}

/// A definition for programs.
pub(crate) fn definition_json(definition: &Definition) -> serde_json::Value {
    json!({
        "figure": definition.key, "name": definition.name, "measure": definition.measure.word(),
        "says": definition.says, "formula": definition.formula, "after": definition.after,
    })
}

fn as_json(parts: &[&Part], notes: &[String]) -> serde_json::Value {
    let sources = sources(parts);
    let tables: Vec<serde_json::Value> = parts
        .iter()
        .map(|part| {
            let figures: Vec<_> = part.figures.iter().map(|figure| figure_json(figure, &sources)).collect();
            json!({ "title": part.title, "figures": figures })
        })
        .collect();
    let definitions: Vec<_> = used(parts).into_iter().map(definition_json).collect();
    let sources: Vec<_> = sources
        .iter()
        .map(|source| json!({ "name": source.name, "revision": source.revision, "unit": source.unit }))
        .collect();
    json!({ "tables": tables, "notes": notes, "definitions": definitions, "sources": sources })
}

fn figure_json(figure: &Figure, sources: &[Arc<Source>]) -> serde_json::Value {
    let of: serde_json::Map<String, serde_json::Value> =
        figure.of.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let value = match &figure.value {
        // Amounts are text, so that no reader rounds them.
        amount @ Value::Amount { .. } => json!(amount.to_string()),
        Value::Count(count) => i64::try_from(*count).map_or_else(|_| json!(count.to_string()), |count| json!(count)),
        Value::Real { value, .. } => json!(value),
        Value::Word(word) => json!(word),
        Value::Absent(_) => json!(null),
    };
    let mut out = json!({
        "figure": figure.definition.key, "of": of, "value": value, "unit": figure.unit,
        "source": sources.iter().position(|source| *source == figure.source),
        "row_count": figure.rows.count(), "rows": figure.rows.to_string(),
    });
    if let Value::Absent(why) = figure.value {
        out["absent_because"] = json!(why);
    }
    out
}

/// Writes `figures` and `definitions`. A figure has a line; what it is about has a column for each dimension.
fn write(dir: &Path, format: Format, parts: &[&Part]) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(at(dir))?;
    let mut names: Vec<&'static str> = Vec::new();
    for part in parts {
        for name in dimensions(&part.figures) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let mut columns = vec![("table", Kind::Text)];
    columns.extend(names.iter().map(|name| (*name, Kind::Text)));
    columns.extend([("figure", Kind::Text), ("value", Kind::Text), ("number", Kind::Real), ("unit", Kind::Text)]);
    columns.extend([
        ("row_count", Kind::Integer),
        ("rows", Kind::Text),
        ("source", Kind::Text),
        ("revision", Kind::Text),
    ]);
    let mut figures = create(dir, "figures", format, &columns)?;
    for part in parts {
        for figure in &part.figures {
            let mut cells: Vec<Cell> = vec![part.title.as_str().into()];
            cells.extend(names.iter().map(|name| match about(&figure.of, name) {
                "" => Cell::Absent,
                value => value.into(),
            }));
            let value = match &figure.value {
                Value::Absent(_) => Cell::Absent,
                value => value.to_string().into(),
            };
            cells.extend([figure.definition.key.into(), value]);
            cells.push(figure.value.number().map_or(Cell::Absent, Cell::Real));
            cells.extend([figure.unit.as_str().into(), figure.rows.count().into(), figure.rows.to_string().into()]);
            cells.extend([figure.source.name.as_str().into(), figure.source.revision.as_str().into()]);
            figures.row(cells)?;
        }
    }
    figures.finish()?;
    let columns = ["figure", "name", "measure", "says", "formula", "after"].map(|name| (name, Kind::Text));
    let mut definitions = create(dir, "definitions", format, &columns)?;
    for definition in used(parts) {
        let texts = [definition.key, definition.name, definition.measure.word()];
        let texts = texts.into_iter().chain([definition.says, definition.formula, definition.after]);
        definitions.row(texts.map(Cell::from).collect())?;
    }
    definitions.finish().map(|_| ())
}
