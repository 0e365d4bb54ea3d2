//! Value cleared by money lent: a concave line with its corners.
//!
//! Absent: smoothing. Between two corners the line is straight because the quantity is.

use crate::amount::Unit;
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{compact, coordinate as c, fraction, percent, real, ticks};
use crate::table::Table;

/// A corner of the curve, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corner {
    /// Money lent.
    pub lent: i128,
    /// Value cleared with it.
    pub cleared: i128,
}

/// Cleared value by money lent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// Sum of all obligations: the top of the picture.
    pub gross: i128,
    /// Corners by money lent.
    pub corners: Vec<Corner>,
}

/// Space left and right: the picture stands alone in a file.
const MARGIN: f64 = 16.0;
/// Corners with a word beside them at most: the first ones tell the story.
const WORDS_MAX: usize = 4;

impl Curve {
    fn share(&self, corner: Corner) -> String {
        // Rounded down, so that nothing is overstated.
        let tenths = (fraction(real(corner.cleared), real(self.gross)) * 1_000.0).floor();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 1,000")]
        percent(tenths as u32)
    }

    /// What one more unit clears from a corner on.
    fn next(&self, place: usize) -> Option<i128> {
        let (here, next) = (self.corners.get(place)?, self.corners.get(place + 1)?);
        let lent = next.lent - here.lent;
        (lent > 0).then(|| (next.cleared - here.cleared) / lent)
    }
}

impl Picture for Curve {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        let (Some(first), Some(last)) = (self.corners.first(), self.corners.last()) else {
            canvas.empty(w, 120.0, "nothing to clear");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "No corners.".to_owned() };
        };
        let (left, right, top, bottom) =
            if wide { (64.0, w - MARGIN, 76.0, 400.0) } else { (56.0, w - MARGIN, 90.0, 300.0) };
        let headline = format!("{} cleared without money", self.share(*first));
        canvas.text((MARGIN, 30.0), Anchor::Start, "big", &headline);
        let more = format!("{} with {} lent", self.share(*last), self.unit.short_with_code(last.lent));
        let place = if wide { (w - MARGIN, 30.0) } else { (MARGIN, 50.0) };
        canvas.text(place, if wide { Anchor::End } else { Anchor::Start }, "small", &more);
        let x_max = real(last.lent).max(1.0) * 1.02;
        let y_max = real(self.gross).max(1.0);
        let x = |lent: f64| left + (right - left) * fraction(lent, x_max);
        let y = |cleared: f64| bottom - (bottom - top) * fraction(cleared, y_max);
        for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
            canvas.line((left, y(part * y_max)), (right, y(part * y_max)), "grid");
            let text = format!("{:.0} %", part * 100.0);
            canvas.text((left - 8.0, y(part * y_max) + 4.0), Anchor::End, "tiny", &text);
        }
        canvas.text((MARGIN, top - 14.0), Anchor::Start, "tiny", "cleared, share of all that is owed");
        let scale = self.unit.major(1);
        for tick in ticks(x_max * scale, if wide { 8 } else { 4 }) {
            let at = x(tick / scale);
            if tick <= x_max * scale {
                canvas.line((at, bottom), (at, bottom + 4.0), "axis");
                canvas.text((at, bottom + 17.0), Anchor::Middle, "tiny", &compact(tick));
            }
        }
        canvas.line((left, bottom), (right, bottom), "axis");
        let unit = self.unit.with_code("money lent");
        canvas.text((right, bottom + 34.0), Anchor::End, "tiny", &unit);
        let mut d = String::new();
        for corner in &self.corners {
            let letter = if d.is_empty() { 'M' } else { 'L' };
            d.push_str(&format!("{letter}{} {}", c(x(real(corner.lent))), c(y(real(corner.cleared)))));
        }
        let under = format!("{d}L{} {}L{} {}Z", c(x(real(last.lent))), c(bottom), c(left), c(bottom));
        canvas.path(&under, "under", "");
        canvas.path(&d, "curve", "");
        let mut written = f64::INFINITY;
        let mut words = 0;
        for (place, corner) in self.corners.iter().enumerate().rev() {
            let at = (x(real(corner.lent)), y(real(corner.cleared)));
            let lent = self.unit.with_code(&self.unit.text(corner.lent));
            let cleared = self.unit.with_code(&self.unit.text(corner.cleared));
            let next = self.next(place);
            let tip = match next {
                Some(next) => format!("{lent} lent clear {cleared}; the next unit clears {next}"),
                None => format!("{lent} lent clear {cleared}; more clears nothing"),
            };
            canvas.circle(at, 4.5, "dot", &tip);
            // Words only where they do not run into each other.
            if let Some(next) = next.filter(|_| words < WORDS_MAX && written - at.0 > 96.0) {
                let word = if next == 1 { "each unit clears 1".to_owned() } else { format!("each unit clears {next}") };
                let room = right - at.0;
                if room > 150.0 {
                    canvas.text((at.0 + 10.0, at.1 + 18.0), Anchor::Start, "small", &word);
                    (written, words) = (at.0, words + 1);
                }
            }
        }
        let description = format!("{headline}, {more}; {} corners.", self.corners.len());
        Drawing { height: bottom + 44.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let lent = self.unit.with_code("#Lent");
        let cleared = self.unit.with_code("#Cleared");
        let mut table = Table::with(&[&lent, &cleared, "#Share", "#Next unit clears"]);
        for (place, corner) in self.corners.iter().enumerate() {
            table.rows.push(vec![
                self.unit.text(corner.lent),
                self.unit.text(corner.cleared),
                self.share(*corner),
                self.next(place).unwrap_or(0).to_string(),
            ]);
        }
        table
    }
}
