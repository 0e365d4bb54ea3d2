//! Surpluses to the right, deficits to the left, each with a second bar that leaves something out.
//!
//! Absent: what is left out; the caller names it.

use crate::amount::{Amount, Unit, sum};
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{count, real};
use crate::table::Table;

/// One balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceRow {
    /// Whose.
    pub label: String,
    /// The balance; below zero is a deficit.
    pub all: Amount,
    /// The same with something left out.
    pub without: Option<Amount>,
}

/// Balances side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balances {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// What the second bar leaves out, for example `energy`.
    pub left_out: String,
    /// Rows from top to bottom.
    pub rows: Vec<BalanceRow>,
}

/// Space left and right.
const MARGIN: f64 = 16.0;

impl Picture for Balances {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.rows.is_empty() {
            canvas.empty(w, 80.0, "no balances");
            return Drawing { height: 80.0, body: canvas.into_body(), description: "No balances.".to_owned() };
        }
        canvas.textures(2);
        canvas.label((MARGIN, 22.0), Anchor::Start, "bold", &self.head.title, (w - 2.0 * MARGIN, 12.5), "");
        canvas.label((MARGIN, 40.0), Anchor::Start, "small", &self.head.about, (w - 2.0 * MARGIN, 11.5), "");
        let two = self.rows.iter().any(|row| row.without.is_some());
        let (names, top) = (if wide { 96.0 } else { 72.0 }, 60.0);
        let values = self.rows.iter().flat_map(|row| [Some(&row.all), row.without.as_ref()]).flatten();
        let most = values.clone().map(|value| value.minor.unsigned_abs()).max().unwrap_or(1).max(1);
        let label = 78.0;
        let middle = names + (w - names) / 2.0;
        let half = (w - names) / 2.0 - label - MARGIN / 2.0;
        let long = |minor: i128| {
            half * real(i128::try_from(minor.unsigned_abs()).unwrap_or(i128::MAX))
                / real(i128::try_from(most).unwrap_or(i128::MAX))
        };
        let row_height = if two { 38.0 } else { 24.0 };
        for (at, row) in self.rows.iter().enumerate() {
            let y = top + row_height * count(at);
            let centre = y + row_height / 2.0;
            canvas.label((MARGIN, centre + 4.0), Anchor::Start, "bold", &row.label, (names - MARGIN - 6.0, 12.5), "");
            let bars = [(Some(&row.all), 0, ""), (row.without.as_ref(), 1, self.left_out.as_str())];
            for (bar, (value, series, left_out)) in bars.into_iter().enumerate() {
                let Some(value) = value else { continue };
                let bar_y = y + 3.0 + 16.0 * count(bar);
                let length = long(value.minor);
                let x = if value.minor < 0 { middle - length } else { middle };
                let without = if left_out.is_empty() { String::new() } else { format!(" without {left_out}") };
                let tip = format!("{}{without}: {}", row.label, self.unit.with_code(&value.text));
                canvas.swatch((x, bar_y, length.max(1.0), 14.0), series, &tip);
                let short = self.unit.short(value.minor);
                let (place, anchor) =
                    if value.minor < 0 { (x - 5.0, Anchor::End) } else { (x + length + 5.0, Anchor::Start) };
                canvas.text((place, bar_y + 11.0), anchor, "tiny", &short);
            }
        }
        let bottom = top + row_height * count(self.rows.len());
        canvas.line((middle, top - 4.0), (middle, bottom + 2.0), "axis");
        let mut entries = vec![(0, format!("all goods, {}", self.unit.code))];
        if two {
            entries.push((1, format!("without {}", self.left_out)));
        }
        let legend = canvas.legend((MARGIN, bottom + 10.0), w - 2.0 * MARGIN, &entries);
        let told: Vec<String> = self.rows.iter().map(|row| format!("{} {}", row.label, row.all.text)).collect();
        let whole = self.unit.text(sum(self.rows.iter().map(|row| &row.all)));
        let description = format!("Balances in {}: {}; together {whole}.", self.unit.code, told.join(", "));
        Drawing { height: bottom + 16.0 + legend, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let without = format!("#Without {}", self.left_out);
        let mut table = Table::with(&["Whose", &self.unit.with_code("#Balance"), &without]);
        for row in &self.rows {
            let second = row.without.as_ref().map_or(String::new(), |value| value.text.clone());
            table.rows.push(vec![row.label.clone(), row.all.text.clone(), second]);
        }
        table
    }
}
