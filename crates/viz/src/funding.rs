//! Money that each participant brings, before and after, with what cannot be saved.
//!
//! Absent: adding rows up; the total comes with its own figures.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{fraction, real};
use crate::table::Table;

/// One participant, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingRow {
    /// Short label.
    pub label: String,
    /// What is brought without the measure.
    pub before: Amount,
    /// What is brought with it.
    pub after: Amount,
    /// What no measure of this kind can go below.
    pub least: Amount,
}

/// Bars of funding before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all amounts.
    pub unit: Unit,
    /// Rows from top to bottom.
    pub rows: Vec<FundingRow>,
    /// All together, for the headline.
    pub total: FundingRow,
}

/// Space left and right: the picture stands alone in a file.
const MARGIN: f64 = 16.0;
/// Most rows that are drawn; the table has all.
const ROWS_MAX: usize = 30;

impl Funding {
    fn headline(&self) -> String {
        let (before, after) =
            (self.unit.short(self.total.before.minor), self.unit.short_with_code(self.total.after.minor));
        format!("{before} before, {after} after")
    }
}

impl Picture for Funding {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let w = width.px();
        if self.rows.is_empty() {
            canvas.empty(w, 80.0, "nobody brings money");
            return Drawing { height: 80.0, body: canvas.into_body(), description: "No rows.".to_owned() };
        }
        canvas.textures(3);
        let wide = width.is_wide();
        canvas.text((MARGIN, 30.0), Anchor::Start, "big", &self.headline());
        let legend = [(0, "before".to_owned()), (1, "after".to_owned())];
        let mut y = 46.0 + canvas.legend((MARGIN, 46.0), w - MARGIN, &legend) + 14.0;
        let (left, right) = if wide { (MARGIN + 150.0, w - 90.0) } else { (MARGIN, w - 76.0) };
        let step = if wide { 34.0 } else { 50.0 };
        let most = self.rows.iter().map(|row| row.before.minor.max(row.after.minor)).max().unwrap_or(0);
        let length = |amount: &Amount| (right - left) * fraction(real(amount.minor.max(0)), real(most).max(1.0));
        for row in self.rows.iter().take(ROWS_MAX) {
            let tip = format!(
                "{}: {} before, {} after, at least {}",
                row.label, row.before.text, row.after.text, row.least.text
            );
            let bars = if wide {
                canvas.label((MARGIN, y + 16.0), Anchor::Start, "bold", &row.label, (138.0, 12.5), &tip);
                y
            } else {
                canvas.label((MARGIN, y + 12.0), Anchor::Start, "bold", &row.label, (w * 0.8, 12.5), &tip);
                y + 17.0
            };
            for (at, amount) in [(0, &row.before), (1, &row.after)] {
                let top = bars + if at == 0 { 0.0 } else { 13.0 };
                canvas.swatch((left, top, length(amount), 11.0), at, &tip);
                let text = self.unit.short(amount.minor);
                canvas.text((left + length(amount) + 8.0, top + 9.5), Anchor::Start, "small", &text);
            }
            if row.least.minor > 0 {
                let at = left + length(&row.least);
                canvas.line((at, bars - 2.0), (at, bars + 26.0), "cut");
            }
            y += step;
        }
        if self.rows.len() > ROWS_MAX {
            let more = format!("and {} more", self.rows.len() - ROWS_MAX);
            canvas.text((MARGIN, y + 12.0), Anchor::Start, "tiny", &more);
            y += 20.0;
        }
        canvas.text(
            (MARGIN, y + 12.0),
            Anchor::Start,
            "tiny",
            "dashed: what cannot be saved, because value itself is owed",
        );
        let description = format!("Funding: {}; {} rows.", self.headline(), self.rows.len());
        Drawing { height: y + 22.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&["Participant", "#Before", "#After", "#At least"]);
        for row in self.rows.iter().chain([&self.total]) {
            table.rows.push(vec![
                row.label.clone(),
                row.before.text.clone(),
                row.after.text.clone(),
                row.least.text.clone(),
            ]);
        }
        table
    }
}
