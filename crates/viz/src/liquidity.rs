//! Liquidity used against turnover, and how much settled by offsetting, a row per participant or
//! currency.
//!
//! Both bars of a row are shares of that row's own turnover, so rows in different currencies can
//! stand in one picture. Absent: adding rows up, which would mix currencies.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{fraction, percent, percent_bp, real};
use crate::table::Table;

/// One participant or currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiquidityRow {
    /// Short label: a participant's short name or a currency code.
    pub label: String,
    /// Full name.
    pub name: String,
    /// Unit of the row's amounts.
    pub unit: Unit,
    /// Gross value settled in the day.
    pub turnover: Amount,
    /// Liquidity used: the greatest net debit reached in the day (summed over accounts for a currency).
    pub liquidity: Amount,
    /// Share of the turnover settled by offsetting, in basis points (0 to 10,000).
    pub offset_share_bp: u32,
}

impl LiquidityRow {
    /// Liquidity per turnover in tenths of a percent; `None` without turnover.
    fn use_permille(&self) -> Option<u32> {
        if self.turnover.minor <= 0 {
            return None;
        }
        let ratio = real(self.liquidity.minor.max(0)) / real(self.turnover.minor);
        let tenths = (ratio * 1000.0).round().min(999_999.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded, not negative, and below a million"
        )]
        Some(tenths as u32)
    }
}

/// Bars of liquidity use and offsetting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidity {
    /// Name and meaning.
    pub head: Head,
    /// Rows from top to bottom.
    pub rows: Vec<LiquidityRow>,
}

impl Picture for Liquidity {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let w = width.px();
        if self.rows.is_empty() {
            canvas.empty(w, 80.0, "nobody used liquidity");
            return Drawing { height: 80.0, body: canvas.into_body(), description: "No rows.".to_owned() };
        }
        canvas.textures(3);
        let wide = width.is_wide();
        let left = if wide { 150.0 } else { 0.0 };
        let right = w - if wide { 210.0 } else { 62.0 };
        let track = right - left;
        let legend =
            [(0, "liquidity used, % of turnover".to_owned()), (1, "settled by offsetting, % of turnover".to_owned())];
        let top = canvas.legend((0.0, 2.0), w, &legend) + 22.0;
        let step = if wide { 36.0 } else { 54.0 };
        let bottom = top + step * real(i128::try_from(self.rows.len()).unwrap_or(0));
        for part in [0.0, 25.0, 50.0, 75.0, 100.0] {
            let x = left + track * part / 100.0;
            canvas.line((x, top - 4.0), (x, bottom), "grid");
            let anchor = if part == 0.0 && !wide { Anchor::Start } else { Anchor::Middle };
            canvas.text((x, top - 9.0), anchor, "tiny", &format!("{part:.0} %"));
        }
        let mut told = Vec::new();
        let mut y = top;
        for row in &self.rows {
            let used = row.use_permille();
            let used_text = used.map_or_else(|| "\u{2013}".to_owned(), percent);
            let offset_text = percent_bp(row.offset_share_bp);
            let amounts =
                format!("{} of {}", row.unit.short(row.liquidity.minor), row.unit.short_with_code(row.turnover.minor));
            let tip = format!(
                "{}: liquidity used {} of turnover {} ({used_text}); {offset_text} settled by offsetting",
                row.name,
                row.unit.with_code(&row.liquidity.text),
                row.unit.with_code(&row.turnover.text),
            );
            let bars = if wide {
                canvas.label((0.0, y + 15.0), Anchor::Start, "bold", &row.label, (left - 12.0, 12.5), &row.name);
                canvas.label((0.0, y + 29.0), Anchor::Start, "tiny", &row.name, (left - 12.0, 10.5), "");
                canvas.label((w, y + 15.0), Anchor::End, "small", &amounts, (150.0, 11.5), &tip);
                y + 5.0
            } else {
                canvas.label((0.0, y + 15.0), Anchor::Start, "bold", &row.label, (w * 0.42, 12.5), &row.name);
                canvas.label((w, y + 15.0), Anchor::End, "small", &amounts, (w * 0.55, 11.5), &tip);
                y + 22.0
            };
            let used_length = track * fraction(real(i128::from(used.unwrap_or(0))), 1000.0);
            let offset_length = track * fraction(real(i128::from(row.offset_share_bp)), 10_000.0);
            canvas.rect((left, bars, track, 11.0), "track", "");
            canvas.rect((left, bars + 13.0, track, 11.0), "track", "");
            canvas.swatch((left, bars, used_length, 11.0), 0, &tip);
            canvas.swatch((left, bars + 13.0, offset_length, 11.0), 1, &tip);
            canvas.text((right + 8.0, bars + 9.5), Anchor::Start, "small", &used_text);
            canvas.text((right + 8.0, bars + 22.5), Anchor::Start, "small", &offset_text);
            told.push(format!("{}: used {used_text}, offset {offset_text}", row.label));
            y += step;
        }
        let description = format!("Of each row's turnover: {}.", told.join("; "));
        Drawing { height: bottom + 6.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&[
            "Row",
            "Name",
            "Unit",
            "#Turnover",
            "#Liquidity used",
            "#Used of turnover",
            "#Settled by offsetting",
        ]);
        for row in &self.rows {
            table.rows.push(vec![
                row.label.clone(),
                row.name.clone(),
                row.unit.code.clone(),
                row.turnover.text.clone(),
                row.liquidity.text.clone(),
                row.use_permille().map_or_else(|| "\u{2013}".to_owned(), percent),
                percent_bp(row.offset_share_bp),
            ]);
        }
        table
    }
}
