//! `targets.toml`: targets as data. Every mistake is told with file, line and field.
//!
//! Absent on purpose: measuring.

use std::path::Path;

use comity_stats::pay::date;
use comity_stats::pay::target::{Comparison, MEASURES, Measure, Target};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::exit::{Failure, at};

/// Fields of a target.
const FIELDS: [&str; 9] =
    ["name", "measure", "comparison", "value", "by", "owner", "members", "currencies", "milestones"];
/// Most targets of a file.
const TARGETS_MAX: usize = 1_000;

/// Reads the file.
///
/// # Errors
/// All mistakes of the file, a line each.
pub(super) fn read(path: &Path) -> Result<Vec<Target>, Failure> {
    let text = std::fs::read_to_string(path).map_err(at(path))?;
    let name = path.display().to_string();
    parse(&name, &text).map_err(|mistakes| Failure::refused(mistakes.join("\n")))
}

fn parse(name: &str, text: &str) -> Result<Vec<Target>, Vec<String>> {
    let mut reader = Reader { name, text, mistakes: Vec::new() };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map_or(1, |span| reader.line(span.start));
        reader.mistakes.push(format!("{name}:{line}: {}", error.message().trim_end_matches('\n')));
    }
    if !reader.mistakes.is_empty() {
        return Err(reader.mistakes);
    }
    let root = root.into_inner();
    for (key, value) in root.iter() {
        if key.get_ref() != "target" {
            reader.wrong(value, key.get_ref(), "is no field of the file; a target begins with [[target]]");
        }
    }
    let mut targets: Vec<Target> = Vec::new();
    match root.get("target").map(|list| (list, list.get_ref())) {
        Some((list, DeValue::Array(tables))) => {
            if tables.len() > TARGETS_MAX {
                reader.wrong(list, "target", &format!("{} targets exceed the limit of {TARGETS_MAX}", tables.len()));
            }
            for (at, table) in tables.iter().enumerate().take(TARGETS_MAX) {
                let place = format!("target[{}]", at + 1);
                let DeValue::Table(fields) = table.get_ref() else {
                    reader.wrong(table, &place, "is no table; a target begins with [[target]]");
                    continue;
                };
                if let Some(target) = reader.target(&place, table, fields) {
                    if targets.iter().any(|known| known.name == target.name) {
                        let said = format!("{:?} is the name of an earlier target", target.name);
                        reader.wrong(table, &format!("{place}.name"), &said);
                    }
                    targets.push(target);
                }
            }
        }
        Some((other, _)) => reader.wrong(other, "target", "is no list; a target begins with [[target]]"),
        None => reader.mistakes.push(format!("{name}:1: the file has no [[target]]")),
    }
    if reader.mistakes.is_empty() { Ok(targets) } else { Err(reader.mistakes) }
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    mistakes: Vec<String>,
}

type Field<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }

    fn wrong(&mut self, at: &Field<'_>, field: &str, why: &str) {
        let line = self.line(at.span().start);
        self.mistakes.push(format!("{}:{line}: {field}: {why}", self.name));
    }

    fn target(&mut self, place: &str, table: &Field<'_>, fields: &DeTable<'_>) -> Option<Target> {
        let before = self.mistakes.len();
        for (key, value) in fields.iter() {
            if !FIELDS.contains(&key.get_ref().as_ref()) {
                let why = format!("no such field; there are {}", FIELDS.join(", "));
                self.wrong(value, &format!("{place}.{}", key.get_ref()), &why);
            }
        }
        let name = self.text(place, table, fields, "name");
        let owner = self.text(place, table, fields, "owner");
        let names = || MEASURES.iter().map(|(name, _, _)| *name).collect::<Vec<_>>().join(", ");
        let measure = self.word(place, table, fields, "measure", Measure::parse, names);
        let comparison = |word: &str| match word {
            "at-least" => Some(Comparison::AtLeast),
            "at-most" => Some(Comparison::AtMost),
            _ => None,
        };
        let comparison = self.word(place, table, fields, "comparison", comparison, || "at-least, at-most".into());
        let by = self.word(place, table, fields, "by", date::parse_month, || "a month such as 2027-12".into());
        let value = self
            .must(place, table, fields, "value")
            .and_then(|field| self.number(field, &format!("{place}.value"), measure));
        let members = self.list(place, fields, "members", |code| code.len() == 2, "an ISO 3166 code of two letters");
        let currencies =
            self.list(place, fields, "currencies", |code| code.len() == 3, "an ISO 4217 code of three letters");
        let milestones = self.milestones(place, fields, measure, by);
        if measure == Some(Measure::CurrencyShare) && currencies.is_empty() {
            self.wrong(
                table,
                &format!("{place}.currencies"),
                "missing: currency-share is the share of these currencies",
            );
        }
        if self.mistakes.len() > before {
            return None;
        }
        Some(Target {
            name: name?,
            measure: measure?,
            comparison: comparison?,
            value: value?,
            by: by?,
            owner: owner?,
            members,
            currencies,
            milestones,
        })
    }

    fn must<'f, 'd>(
        &mut self,
        place: &str,
        table: &Field<'_>,
        fields: &'f DeTable<'d>,
        name: &str,
    ) -> Option<&'f Field<'d>> {
        let found = fields.get(name);
        if found.is_none() {
            self.wrong(table, &format!("{place}.{name}"), "missing");
        }
        found
    }

    fn text(&mut self, place: &str, table: &Field<'_>, fields: &DeTable<'_>, name: &str) -> Option<String> {
        let field = self.must(place, table, fields, name)?;
        match field.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() && text.chars().count() <= 140 => {
                Some(text.trim().to_owned())
            }
            _ => {
                self.wrong(field, &format!("{place}.{name}"), "expected a text of 1 to 140 characters");
                None
            }
        }
    }

    fn word<T>(
        &mut self,
        place: &str,
        table: &Field<'_>,
        fields: &DeTable<'_>,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        expected: impl Fn() -> String,
    ) -> Option<T> {
        let field = self.must(place, table, fields, name)?;
        let word = match field.get_ref() {
            DeValue::String(word) => word.to_string(),
            _ => String::new(),
        };
        let found = read(&word);
        if found.is_none() {
            self.wrong(field, &format!("{place}.{name}"), &format!("{word:?} is not known; expected {}", expected()));
        }
        found
    }

    /// A number, bare or as text with the measure's unit behind it: `90`, `"90%"`, `"45 s"`.
    fn number(&mut self, field: &Field<'_>, place: &str, measure: Option<Measure>) -> Option<f64> {
        let text = match field.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', ""),
            DeValue::Float(number) => number.as_str().replace('_', ""),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong(field, place, "expected a number, or a text such as \"90%\"");
                return None;
            }
        };
        // Without a measure, which is told already, nobody knows the unit.
        let unit = measure?.unit();
        let digits = text.trim().strip_suffix(unit).unwrap_or(text.trim()).trim().to_owned();
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let most = if unit == "%" { 100.0 } else { 1e15 };
        match digits.parse::<f64>().ok().filter(|number| plain && (0.0..=most).contains(number)) {
            Some(number) => Some(number),
            None => {
                let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
                self.wrong(field, place, &format!("{text:?} is no number from 0 to {most}{unit}"));
                None
            }
        }
    }

    fn list(
        &mut self,
        place: &str,
        fields: &DeTable<'_>,
        name: &str,
        fits: impl Fn(&str) -> bool,
        expected: &str,
    ) -> Vec<String> {
        let Some(field) = fields.get(name) else { return Vec::new() };
        let place = format!("{place}.{name}");
        let DeValue::Array(items) = field.get_ref() else {
            self.wrong(field, &place, &format!("expected a list, each {expected}"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(code) if fits(code) && code.bytes().all(|b| b.is_ascii_uppercase()) => {
                    out.push(code.to_string())
                }
                _ => self.wrong(item, &place, &format!("expected {expected}")),
            }
        }
        out
    }

    fn milestones(
        &mut self,
        place: &str,
        fields: &DeTable<'_>,
        measure: Option<Measure>,
        by: Option<u32>,
    ) -> Vec<(u32, f64)> {
        let Some(field) = fields.get("milestones") else { return Vec::new() };
        let DeValue::Array(items) = field.get_ref() else {
            self.wrong(field, &format!("{place}.milestones"), "expected a list of { by, value }");
            return Vec::new();
        };
        let mut out: Vec<(u32, f64)> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let place = format!("{place}.milestones[{}]", at + 1);
            let DeValue::Table(fields) = item.get_ref() else {
                self.wrong(item, &place, "expected { by = \"2026-12\", value = 60 }");
                continue;
            };
            let month = self.word(&place, item, fields, "by", date::parse_month, || "a month such as 2026-12".into());
            let value = self
                .must(&place, item, fields, "value")
                .and_then(|field| self.number(field, &format!("{place}.value"), measure));
            let Some((month, value)) = month.zip(value) else { continue };
            if out.last().is_some_and(|(before, _)| *before >= month) {
                self.wrong(item, &format!("{place}.by"), "is not after the milestone before");
            } else if by.is_some_and(|by| month >= by) {
                self.wrong(item, &format!("{place}.by"), "is not before the target's own month");
            }
            out.push((month, value));
        }
        out
    }
}
