//! The history of measurements: a file with one JSON object a line, so that progress shows and can be computed again.
//!
//! A line says target, period, value, and from which journals (entries and hash). The same journals give the same value:
//! a line that says otherwise is a conflict. Absent on purpose: removing lines.

use std::path::Path;

use comity_stats::pay::facts::Facts;
use comity_stats::pay::target::{Every, Point, Target};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure, at};
use crate::output::hex;

/// A line of the file.
struct Line {
    target: String,
    measure: String,
    every: String,
    until: u32,
    value: Option<f64>,
    journals: Value,
}

/// What was measured before, and what this run adds.
pub(super) struct History {
    lines: Vec<Line>,
    new: Vec<Line>,
}

impl History {
    /// Reads the file; one that does not exist is empty.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let mut lines = Vec::new();
        if path.exists() {
            let text = std::fs::read_to_string(path).map_err(at(path))?;
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let read = serde_json::from_str::<Value>(line).ok().and_then(|value| parse(&value));
                let wrong = || Failure::refused(format!("{}:{}: it is no measurement", path.display(), number + 1));
                lines.push(read.ok_or_else(wrong)?);
            }
        }
        Ok(Self { lines, new: Vec::new() })
    }

    /// Adds this run's points of a target, and gives all of its points: of each period the latest measurement.
    ///
    /// # Errors
    /// When the same journals gave another value before.
    pub(super) fn add(
        &mut self,
        facts: &Facts,
        target: &Target,
        every: Every,
        points: &[Point],
    ) -> Result<Vec<Point>, Failure> {
        let journals: Value = facts
            .sources
            .iter()
            .map(|source| json!({ "name": source.name, "entries": source.entries.1, "hash": hex(&source.hash) }))
            .collect();
        let hashes = |journals: &Value| -> Vec<Value> {
            journals
                .as_array()
                .map_or_else(Vec::new, |list| list.iter().map(|journal| journal["hash"].clone()).collect())
        };
        let (measure, word) = (of(target, facts), every_word(every));
        for point in points {
            let value = point.value.as_ref().ok().copied();
            let fits = |line: &&Line| {
                line.target == target.name && line.measure == measure && line.every == word && line.until == point.until
            };
            let known = self
                .lines
                .iter()
                .chain(&self.new)
                .filter(fits)
                .find(|line| hashes(&line.journals) == hashes(&journals));
            match known {
                Some(line) if !same(line.value, value) => {
                    let said = |value: Option<f64>| value.map_or("no value".to_owned(), |value| value.to_string());
                    let message = format!(
                        "target {:?}, {}: the history says {} from the same journals, which give {}",
                        target.name,
                        every.text(point.until),
                        said(line.value),
                        said(value)
                    );
                    return Err(Failure::new(Exit::Conflict, message));
                }
                Some(_) => {}
                None => self.new.push(Line {
                    target: target.name.clone(),
                    measure: measure.clone(),
                    every: word.to_owned(),
                    until: point.until,
                    value,
                    journals: journals.clone(),
                }),
            }
        }
        let mut all: Vec<Point> = points.to_vec();
        for line in self.lines.iter().rev() {
            let same = line.target == target.name && line.measure == measure && line.every == word;
            if same && !all.iter().any(|point| point.until == line.until) {
                let value = line.value.ok_or_else(|| "there was no value when it was measured".to_owned());
                all.push(Point { until: line.until, value });
            }
        }
        all.sort_by_key(|point| point.until);
        Ok(all)
    }

    /// Appends what is new. Returns how many lines.
    pub(super) fn keep(&self, path: &Path) -> Result<usize, Failure> {
        use std::io::Write;
        if self.new.is_empty() {
            return Ok(0);
        }
        let mut text = String::new();
        for line in &self.new {
            let line = json!({
                "target": line.target, "measure": line.measure, "every": line.every,
                "until": comity_stats::pay::date::day_text(line.until), "value": line.value, "journals": line.journals,
            });
            text.push_str(&format!("{line}\n"));
        }
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).map_err(at(path))?;
        file.write_all(text.as_bytes()).map_err(at(path))?;
        Ok(self.new.len())
    }
}

/// Whether a line of the history says what was measured now, or what is left of it after the way through JSON: reading a
/// number back may change its last bit.
fn same(said: Option<f64>, measured: Option<f64>) -> bool {
    let kept = |value: f64| serde_json::from_str(&json!(value).to_string()).unwrap_or(value);
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    bits(said) == bits(measured) || bits(said) == bits(measured.map(kept))
}

/// What exactly is measured: another measure, member, currency or unit is another history.
fn of(target: &Target, facts: &Facts) -> String {
    let unit = facts.unit.as_ref().map_or("", |unit| unit.code.as_str());
    format!(
        "{} members {} currencies {} unit {unit}",
        target.measure.name(),
        target.members.join("+"),
        target.currencies.join("+")
    )
}

fn every_word(every: Every) -> &'static str {
    match every {
        Every::Day => "day",
        Every::Month => "month",
    }
}

fn parse(value: &Value) -> Option<Line> {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    Some(Line {
        target: text("target")?,
        measure: text("measure")?,
        every: text("every")?,
        until: comity_stats::pay::date::parse_day(value["until"].as_str()?)?,
        value: match &value["value"] {
            Value::Null => None,
            number => Some(number.as_f64()?),
        },
        journals: value.get("journals").filter(|journals| journals.is_array())?.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_that_was_kept_is_the_same_when_it_is_made_again() {
        let mut lost_a_bit = 0;
        for number in 1..1000 {
            let value = 4015.0496921816316 + f64::from(number) / 7.0;
            let line = json!({ "value": value }).to_string();
            let read: Value = serde_json::from_str(&line).expect("a line");
            let read = read["value"].as_f64();
            lost_a_bit += u32::from(read.map(f64::to_bits) != Some(value.to_bits()));
            assert!(same(read, Some(value)), "{line}");
            assert!(!same(read, Some(value * 1.000_001)), "{line}");
            assert!(!same(read, None), "{line}");
        }
        assert!(lost_a_bit > 0, "the numbers of this test come through JSON unchanged and show nothing");
        assert!(same(None, None));
    }
}
