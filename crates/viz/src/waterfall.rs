//! Who bears a loss: each bar takes its part and hands down what is left.
//!
//! Absent: gains; a loss of nothing is told in words.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{fraction, real};
use crate::table::Table;

/// One that bears a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fall {
    /// Who.
    pub label: String,
    /// As what; parts of the same kind have the same colour and texture.
    pub what: String,
    /// How much, in the unit of the picture.
    pub amount: Amount,
}

/// A loss and its bearers from first to last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waterfall {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// The whole loss.
    pub loss: Amount,
    /// Who bears it, in order.
    pub falls: Vec<Fall>,
}

/// Height of a row and of its bar.
const ROW: f64 = 30.0;
const BAR: f64 = 20.0;
/// Space left and right: the picture stands alone in a file.
const MARGIN: f64 = 16.0;

impl Waterfall {
    /// Kinds in order of first appearance: the index is the series.
    fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        for fall in &self.falls {
            if !kinds.contains(&fall.what.as_str()) {
                kinds.push(&fall.what);
            }
        }
        kinds
    }
}

impl Picture for Waterfall {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.loss.minor <= 0 {
            canvas.empty(w, 90.0, "no loss: nobody bears anything");
            return Drawing { height: 90.0, body: canvas.into_body(), description: "No loss.".to_owned() };
        }
        let kinds = self.kinds();
        canvas.textures(kinds.len());
        let whole = self.unit.with_code(&self.loss.text);
        canvas.text((MARGIN, 28.0), Anchor::Start, "bold", &self.head.title);
        canvas.text((MARGIN, 54.0), Anchor::Start, "big", &format!("a loss of {whole}"));
        let (left, right) = if wide { (220.0, 150.0) } else { (112.0, 92.0) };
        let track = w - left - right - MARGIN;
        let place = |minor: i128| left + track * fraction(real(minor), real(self.loss.minor));
        let mut y = 72.0;
        canvas.label((MARGIN, y + 14.0), Anchor::Start, "bold", "loss", (left - MARGIN - 8.0, 12.5), "");
        canvas.rect((left, y, track, BAR), "track", &whole);
        canvas.text((w - MARGIN, y + 14.0), Anchor::End, "bold", &self.loss.text);
        y += ROW;
        let mut rest = self.loss.minor;
        let mut told = Vec::new();
        for fall in &self.falls {
            let after = rest - fall.amount.minor;
            let series = kinds.iter().position(|kind| *kind == fall.what).unwrap_or(0);
            let (from, to) = (place(after), place(rest));
            let tip = format!("{} ({}): {}", fall.label, fall.what, self.unit.with_code(&fall.amount.text));
            canvas.label((MARGIN, y + 14.0), Anchor::Start, "", &fall.label, (left - MARGIN - 8.0, 12.5), &tip);
            canvas.line((to, y - ROW + BAR), (to, y), "leader");
            canvas.swatch((from, y, (to - from).max(1.5), BAR), series, &tip);
            canvas.text((w - MARGIN, y + 14.0), Anchor::End, "", &fall.amount.text);
            told.push(tip);
            rest = after;
            y += ROW;
        }
        let entries: Vec<(usize, String)> =
            kinds.iter().enumerate().map(|(series, kind)| (series, (*kind).to_owned())).collect();
        y += canvas.legend((MARGIN, y + 6.0), w - 2.0 * MARGIN, &entries);
        let description = format!("A loss of {whole}. {}.", told.join("; "));
        Drawing { height: y + 18.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let value = format!("#Bears {}", self.unit.code);
        let left = format!("#Left {}", self.unit.code);
        let mut table = Table::with(&["Who", "As", value.trim_end(), left.trim_end()]);
        let mut rest = self.loss.minor;
        for fall in &self.falls {
            rest -= fall.amount.minor;
            table.rows.push(vec![
                fall.label.clone(),
                fall.what.clone(),
                fall.amount.text.clone(),
                self.unit.amount(rest).text,
            ]);
        }
        table
    }
}
