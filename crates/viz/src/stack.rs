//! Shares through time: a column of 100 % for each period, parted by the same labels.
//!
//! For few bars with exact shares beside them see [`crate::Share`]. Absent: values; a column says nothing about its size.

use crate::canvas::{Anchor, Canvas, text_width};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{count, percent, permille, real};
use crate::share::ShareBar;
use crate::table::Table;

/// Columns of 100 %.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Name and meaning.
    pub head: Head,
    /// Columns from left to right; parts from below upwards.
    pub columns: Vec<ShareBar>,
}

/// Space left and right.
const MARGIN: f64 = 16.0;

impl Stack {
    fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> = Vec::new();
        for segment in self.columns.iter().flat_map(|bar| &bar.segments) {
            if !labels.contains(&segment.label.as_str()) {
                labels.push(&segment.label);
            }
        }
        labels
    }

    fn shares(bar: &ShareBar) -> Vec<u32> {
        permille(&bar.segments.iter().map(|segment| segment.value.minor).collect::<Vec<_>>())
    }
}

impl Picture for Stack {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.columns.is_empty() {
            canvas.empty(w, 80.0, "no values to divide");
            return Drawing { height: 80.0, body: canvas.into_body(), description: "No values.".to_owned() };
        }
        let labels = self.labels();
        canvas.textures(labels.len());
        canvas.label((MARGIN, 22.0), Anchor::Start, "bold", &self.head.title, (w - 2.0 * MARGIN, 12.5), "");
        canvas.label((MARGIN, 40.0), Anchor::Start, "small", &self.head.about, (w - 2.0 * MARGIN, 11.5), "");
        let (left, right, top, bottom) = (58.0, w - MARGIN, 60.0, if wide { 380.0 } else { 280.0 });
        for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let at = bottom - (bottom - top) * part;
            canvas.line((left - 4.0, at), (right, at), "grid");
            canvas.text((left - 8.0, at + 4.0), Anchor::End, "tiny", &format!("{:.0} %", part * 100.0));
        }
        let room = (right - left) / count(self.columns.len());
        let thick = (room * 0.82).min(120.0);
        let mut told = Vec::new();
        // Names below only as far as they have room.
        let longest = self.columns.iter().map(|bar| text_width(&bar.label, 10.5)).max_by(f64::total_cmp).unwrap_or(0.0);
        let mut every = 1;
        while longest + 6.0 > room * count(every) && every < self.columns.len() {
            every += 1;
        }
        for (at, bar) in self.columns.iter().enumerate() {
            let middle = left + room * (count(at) + 0.5);
            let mut y = bottom;
            let mut words = Vec::new();
            for (segment, share) in bar.segments.iter().zip(Self::shares(bar)) {
                let series = labels.iter().position(|label| *label == segment.label).unwrap_or(0);
                let tall = (bottom - top) * real(i128::from(share)) / 1000.0;
                let text = percent(share);
                let tip = format!("{}, {}: {text}, {}", bar.label, segment.label, segment.value.text);
                y -= tall;
                canvas.swatch((middle - thick / 2.0, y, thick, (tall - 0.8).max(0.0)), series, &tip);
                if tall > 15.0 && text_width(&text, 12.0) + 6.0 < thick {
                    let class = format!("t{} inside", series % crate::canvas::SERIES);
                    canvas.text((middle, y + tall / 2.0 + 4.0), Anchor::Middle, &class, &text);
                }
                words.push(format!("{} {text}", segment.label));
            }
            if at % every == 0 {
                canvas.text((middle, bottom + 16.0), Anchor::Middle, "tiny", &bar.label);
            }
            told.push(format!("{}: {}.", bar.label, words.join(", ")));
        }
        let entries: Vec<(usize, String)> =
            labels.iter().enumerate().map(|(series, label)| (series, (*label).to_owned())).collect();
        let legend = canvas.legend((MARGIN, bottom + 30.0), w - 2.0 * MARGIN, &entries);
        Drawing { height: bottom + 36.0 + legend, body: canvas.into_body(), description: told.join(" ") }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&["Whole", "Part", "#Value", "#Share"]);
        for bar in &self.columns {
            for (segment, share) in bar.segments.iter().zip(Self::shares(bar)) {
                let cells = [&bar.label, &segment.label, &segment.value.text, &percent(share)];
                table.rows.push(cells.map(Clone::clone).to_vec());
            }
        }
        table
    }
}
