//! Small multiples: the same members under several rules, what each has on either side of zero, on one scale.
//!
//! A panel a rule, a row a member, a stacked bar to the left for what lies below zero and to the right for what lies above.
//! Absent: a verdict, and scales of single panels; what looks longer is more.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas, SERIES, shorten, text_width};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{compact, count, fraction, real, ticks};
use crate::table::Table;

/// One member's bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultipleRow {
    /// Whose.
    pub label: String,
    /// One value a series; below zero to the left.
    pub values: Vec<Amount>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multiple {
    /// Its name.
    pub title: String,
    /// A line about it.
    pub note: String,
    /// Members, in the same order in every panel.
    pub rows: Vec<MultipleRow>,
}

/// All rules side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multiples {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// What the parts of a bar are.
    pub series: Vec<String>,
    /// Panels in reading order.
    pub panels: Vec<Multiple>,
}

const LABEL: f64 = 40.0;
const ROW: f64 = 20.0;
const GAP: f64 = 28.0;
/// Title, three lines of note, and the space to the bars.
const TOP: f64 = 80.0;
/// Space left and right: the picture may stand alone in a file.
const MARGIN: f64 = 8.0;
const BOTTOM: f64 = 40.0;

impl Multiples {
    /// The longest bar to the left and to the right, in minor units.
    fn reach(&self) -> (f64, f64) {
        let rows = || self.panels.iter().flat_map(|panel| &panel.rows);
        let side = |sign: i128| {
            rows().map(|row| row.values.iter().map(|v| real((v.minor * sign).max(0))).sum::<f64>()).fold(0.0, f64::max)
        };
        (side(-1), side(1))
    }
}

impl Picture for Multiples {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let w = width.px();
        if self.panels.is_empty() {
            canvas.empty(w, 80.0, "no rules to compare");
            return Drawing { height: 80.0, body: canvas.into_body(), description: "No values.".to_owned() };
        }
        canvas.textures(self.series.len());
        let entries: Vec<(usize, String)> = self.series.iter().cloned().enumerate().collect();
        let mut y = canvas.legend((MARGIN, 8.0), w - 2.0 * MARGIN, &entries) + 14.0;
        let columns: usize = if width.is_wide() { 3 } else { 1 };
        let panel_width = (w - 2.0 * MARGIN - GAP * count(columns - 1)) / count(columns);
        let (left, right) = self.reach();
        let room = panel_width - LABEL - 8.0;
        let whole = (left + right).max(1.0);
        let zero = LABEL + room * left / whole;
        let mut told = Vec::new();
        for line in self.panels.chunks(columns) {
            let rows = line.iter().map(|panel| panel.rows.len()).max().unwrap_or(0);
            let height = TOP + count(rows) * ROW + BOTTOM;
            for (place, panel) in line.iter().enumerate() {
                let x = MARGIN + count(place) * (panel_width + GAP);
                canvas.text((x, y + 14.0), Anchor::Start, "bold", &panel.title);
                for (at, words) in wrapped(&panel.note, panel_width, 11.0).iter().enumerate() {
                    canvas.text((x, y + 30.0 + 14.0 * count(at)), Anchor::Start, "tiny", words);
                }
                let (top, bottom) = (y + TOP - 6.0, y + TOP + count(panel.rows.len()) * ROW);
                let scale = self.unit.major(1);
                for (sign, reach) in [(-1.0, left), (1.0, right)] {
                    for tick in ticks(reach * scale, 3).into_iter().filter(|tick| *tick <= reach * scale) {
                        let at = x + zero + sign * room * (tick / scale) / whole;
                        canvas.line((at, top), (at, bottom), if tick > 0.0 { "grid" } else { "axis" });
                        if tick > 0.0 || sign > 0.0 {
                            canvas.text((at, bottom + 14.0), Anchor::Middle, "tiny", &compact(sign * tick));
                        }
                    }
                }
                let mut words = Vec::new();
                for (at, row) in panel.rows.iter().enumerate() {
                    let middle = y + TOP + count(at) * ROW;
                    canvas.text((x, middle + 11.0), Anchor::Start, "small", &shorten(&row.label, LABEL - 4.0, 12.0));
                    let (mut below, mut above) = (x + zero, x + zero);
                    for (series, value) in row.values.iter().enumerate().filter(|(_, value)| value.minor != 0) {
                        let length = room * fraction(real(value.minor.abs()), whole);
                        let from = if value.minor < 0 {
                            below -= length;
                            below
                        } else {
                            above += length;
                            above - length
                        };
                        let name = self.series.get(series).map_or("", String::as_str);
                        let tip = format!("{}, {name}: {}", row.label, self.unit.with_code(&value.text));
                        canvas.swatch((from, middle, (length - 0.5).max(0.0), ROW - 6.0), series % SERIES, &tip);
                        words.push(format!("{} {name} {}", row.label, value.text));
                    }
                }
                canvas.line((x + zero, top), (x + zero, bottom), "axis");
                told.push(format!("{}: {}.", panel.title, words.join(", ")));
            }
            y += height;
        }
        let scale = self.unit.with_code("All panels on one scale, in");
        canvas.text((MARGIN, y - 6.0), Anchor::Start, "tiny", &scale);
        Drawing { height: y + 4.0, body: canvas.into_body(), description: told.join(" ") }
    }

    fn table(&self) -> Table {
        let mut names = vec!["Rule".to_owned(), "Member".to_owned()];
        names.extend(self.series.iter().map(|name| self.unit.with_code(&format!("#{name}"))));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut table = Table::with(&names);
        for panel in &self.panels {
            for row in &panel.rows {
                let mut cells = vec![panel.title.clone(), row.label.clone()];
                cells.extend(row.values.iter().map(|value| value.text.clone()));
                table.rows.push(cells);
            }
        }
        table
    }
}

/// At most three lines of words that fit; the last is cut when it does not.
fn wrapped(text: &str, room: f64, size: f64) -> Vec<String> {
    const LINES: usize = 3;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if text_width(&longer, size) <= room || line.is_empty() || lines.len() + 1 == LINES {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    lines.push(shorten(&line, room, size));
    lines
}
