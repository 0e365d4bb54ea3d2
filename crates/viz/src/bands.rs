//! Positions against quotas: one row a member, debtors to the left of the middle, creditors to the right.
//!
//! A bar shows what the position consists of; a mark at its end says by shape in which band it stands, and the word beside it
//! says the same. Absent: when a band begins and what it is called; the rules say that.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{coordinate as c, percent, real};
use crate::table::Table;

/// A member's position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BandRow {
    /// Short label, usually a country code.
    pub label: String,
    /// Name of the member.
    pub name: String,
    /// Its quota, above zero.
    pub quota: Amount,
    /// Its position: above zero it is a creditor, below zero a debtor.
    pub position: Amount,
    /// What was paid or received in asset, minor units, signed like the position.
    pub asset: i128,
    /// What is carried as credit.
    pub credit: i128,
    /// What is carried or paid by special arrangement.
    pub special: i128,
    /// Positions at the ends of earlier cycles, the oldest first; shown as small dots.
    pub trail: Vec<i128>,
    /// The band in words.
    pub word: String,
}

/// Members' positions as shares of their quotas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bands {
    /// Name and meaning.
    pub head: Head,
    /// Unit of account.
    pub unit: Unit,
    /// Where bands begin, in tenths of a percent of quota, ascending, below 1000; the quota itself is always a mark.
    pub marks: Vec<u32>,
    /// Members from top to bottom.
    pub rows: Vec<BandRow>,
}

/// Names of the marks' shapes, from the quiet band outward; the last is for what is at the quota or beyond it.
const SHAPES: [&str; 5] = ["circle", "square", "triangle", "diamond", "cross"];
/// The axis never goes farther than this many quotas; what is farther is drawn at the edge.
const QUOTAS_MAX: f64 = 2.0;
const PARTS: [&str; 3] = ["asset", "credit", "special"];

impl BandRow {
    /// Position in tenths of a percent of quota, toward zero.
    fn permille(&self) -> i128 {
        self.position.minor.saturating_mul(1000) / self.quota.minor.max(1)
    }

    fn share(&self) -> String {
        let size = u32::try_from(self.permille().unsigned_abs()).unwrap_or(u32::MAX);
        let sign = if self.position.minor < 0 { "\u{2212}" } else { "" };
        format!("{sign}{}", percent(size))
    }

    fn parts(&self) -> [i128; 3] {
        [self.asset, self.credit, self.special]
    }
}

impl Bands {
    /// The band of a row: how many marks it has reached.
    fn band(&self, row: &BandRow) -> usize {
        let size = row.permille().unsigned_abs();
        self.marks.iter().chain(&[1000]).filter(|mark| size >= u128::from(**mark)).count()
    }

    fn shape(&self, row: &BandRow) -> &'static str {
        let band = self.band(row);
        let last = SHAPES.len() - 1;
        if band > self.marks.len() { SHAPES[last] } else { SHAPES[band.min(last - 1)] }
    }

    /// Quotas the axis reaches to on either side.
    fn reach(&self) -> f64 {
        let farthest = |row: &BandRow| {
            let sizes = row.trail.iter().chain([&row.position.minor]).map(|position| real(*position).abs());
            sizes.fold(0.0, f64::max) / real(row.quota.minor.max(1))
        };
        self.rows.iter().map(farthest).fold(1.0, f64::max).min(QUOTAS_MAX) * 1.06
    }
}

/// Where the middle of the axis is, and how long one quota is.
#[derive(Clone, Copy)]
struct Axis {
    middle: f64,
    quota: f64,
    reach: f64,
}

impl Axis {
    fn at(self, position: i128, quota: i128) -> f64 {
        let share = real(position) / real(quota.max(1));
        self.middle + self.quota * share.clamp(-self.reach, self.reach)
    }
}

fn mark(canvas: &mut Canvas, shape: &str, (x, y): (f64, f64), tip: &str) {
    let r = 6.0;
    match shape {
        "circle" => canvas.circle((x, y), r - 0.5, "hub halo", tip),
        "square" => canvas.rect((x - r + 1.0, y - r + 1.0, 2.0 * r - 2.0, 2.0 * r - 2.0), "hub halo", tip),
        "triangle" => {
            let d = format!("M{} {}L{} {}L{} {}Z", c(x), c(y - r), c(x + r), c(y + r - 1.0), c(x - r), c(y + r - 1.0));
            canvas.path(&d, "hub halo", tip);
        }
        "diamond" => {
            let (l, t) = (r + 1.0, r + 1.0);
            let d =
                format!("M{} {}L{} {}L{} {}L{} {}Z", c(x), c(y - t), c(x + l), c(y), c(x), c(y + t), c(x - l), c(y));
            canvas.path(&d, "hub halo", tip);
        }
        _ => {
            // An X as one outline, so that it is filled like the others.
            let (a, b) = (2.3, r + 0.5);
            let corners = [(0.0, -a), (b - a, -b), (b, a - b), (a, 0.0), (b, b - a), (b - a, b)];
            let turned = corners.iter().map(|(dx, dy)| (-dx, -dy));
            let points: Vec<String> =
                corners.iter().copied().chain(turned).map(|(dx, dy)| format!("{} {}", c(x + dx), c(y + dy))).collect();
            canvas.path(&format!("M{}Z", points.join("L")), "hub halo", tip);
        }
    }
}

impl Bands {
    /// Lines where bands begin, their labels, and the two sides.
    fn draw_axis(&self, canvas: &mut Canvas, axis: Axis, (top, bottom): (f64, f64), wide: bool) {
        let marks: Vec<u32> = self.marks.iter().copied().chain([1000]).collect();
        for (at, share) in marks.iter().enumerate() {
            for side in [-1.0, 1.0] {
                let x = axis.middle + side * axis.quota * f64::from(*share) / 1000.0;
                let last = at + 1 == marks.len();
                canvas.line((x, top - 4.0), (x, bottom), if last { "cut" } else { "grid" });
                if wide || last || at == 1 {
                    canvas.text((x, top - 9.0), Anchor::Middle, "tiny", &percent(*share).replace(".0 %", " %"));
                }
            }
        }
        canvas.line((axis.middle, top - 4.0), (axis.middle, bottom), "axis");
        canvas.text((axis.middle, top - 9.0), Anchor::Middle, "tiny", "0");
        let edge = axis.quota * axis.reach;
        let (owes, owed) =
            if wide { ("\u{2190} owes the union", "is owed \u{2192}") } else { ("\u{2190} owes", "is owed \u{2192}") };
        canvas.text((axis.middle - edge, top - 26.0), Anchor::Start, "small", owes);
        canvas.text((axis.middle + edge, top - 26.0), Anchor::End, "small", owed);
    }

    fn draw_row(&self, canvas: &mut Canvas, axis: Axis, row: &BandRow, y: f64) {
        let quota = row.quota.minor;
        let edges = (axis.at(-quota, quota), axis.at(quota, quota));
        canvas.rect((edges.0, y, edges.1 - edges.0, 16.0), "track", "");
        let mut from = 0_i128;
        for (series, (part, name)) in row.parts().into_iter().zip(PARTS).enumerate() {
            let to = from.saturating_add(part);
            let (a, b) = (axis.at(from, quota), axis.at(to, quota));
            let tip = format!("{}: {name} {}", row.label, self.unit.with_code(&self.unit.text(part)));
            if part != 0 {
                canvas.swatch((a.min(b), y, (a - b).abs(), 16.0), series, &tip);
            }
            from = to;
        }
        for old in &row.trail {
            canvas.circle((axis.at(*old, quota), y + 21.0), 1.8, "even", "");
        }
        let tip = format!(
            "{}: position {}, {} of its quota of {}; {}",
            row.name,
            self.unit.with_code(&row.position.text),
            row.share(),
            self.unit.with_code(&row.quota.text),
            row.word
        );
        mark(canvas, self.shape(row), (axis.at(row.position.minor, quota), y + 8.0), &tip);
    }
}

impl Picture for Bands {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.rows.is_empty() {
            canvas.empty(w, 80.0, "no member has a position");
            return Drawing { height: 80.0, body: canvas.into_body(), description: "No members.".to_owned() };
        }
        canvas.textures(PARTS.len());
        let entries: Vec<(usize, String)> =
            ["paid or received in asset", "carried as credit", "special, beyond the quota"]
                .iter()
                .enumerate()
                .map(|(series, name)| (series, (*name).to_owned()))
                .collect();
        let top = canvas.legend((0.0, 2.0), w, &entries) + 42.0;
        let (left, right) = if wide { (118.0, 232.0) } else { (0.0, 0.0) };
        let reach = self.reach();
        let middle = left + (w - left - right) / 2.0;
        let axis = Axis { middle, quota: (w - left - right) / 2.0 / reach, reach };
        let step = if wide { 40.0 } else { 62.0 };
        let bottom = top + step * real(i128::try_from(self.rows.len()).unwrap_or(0));
        self.draw_axis(&mut canvas, axis, (top, bottom), wide);
        let mut told = Vec::new();
        let mut y = top;
        for row in &self.rows {
            let share = row.share();
            let amount = self.unit.short_with_code(row.position.minor);
            if wide {
                canvas.label((0.0, y + 16.0), Anchor::Start, "bold", &row.label, (left - 12.0, 12.5), &row.name);
                canvas.label((0.0, y + 29.0), Anchor::Start, "tiny", &row.name, (left - 12.0, 10.5), "");
                let x = w - right + 14.0;
                canvas.text((x, y + 16.0), Anchor::Start, "bold", &share);
                canvas.label((x + 64.0, y + 16.0), Anchor::Start, "small", &amount, (right - 80.0, 11.5), "");
                canvas.label((x, y + 30.0), Anchor::Start, "tiny", &row.word, (right - 16.0, 10.5), "");
            } else {
                canvas.label((0.0, y + 14.0), Anchor::Start, "bold", &row.label, (w * 0.2, 12.5), &row.name);
                let text = format!("{share} \u{00B7} {amount}");
                canvas.label((w, y + 14.0), Anchor::End, "small", &text, (w * 0.75, 11.5), "");
                canvas.label((w, y + 54.0), Anchor::End, "tiny", &row.word, (w * 0.95, 10.5), "");
            }
            self.draw_row(&mut canvas, axis, row, if wide { y + 8.0 } else { y + 22.0 });
            told.push(format!("{} at {share} of quota ({})", row.label, row.word));
            y += step;
        }
        y = bottom + 14.0;
        let mut x = 8.0;
        let bands = (0..=self.marks.len() + 1).map(|band| {
            let shape = if band > self.marks.len() { "cross" } else { SHAPES[band.min(3)] };
            let text = match band {
                0 => format!("below {}", self.marks.first().map_or("100 %".into(), |mark| percent(*mark))),
                _ if band > self.marks.len() => "at the quota or beyond".to_owned(),
                _ => format!("from {}", percent(self.marks[band - 1])),
            };
            (shape, text.replace(".0 %", " %"))
        });
        for (shape, text) in bands {
            let long = crate::canvas::text_width(&text, 11.5) + 36.0;
            if x > 8.0 && x + long > w {
                x = 8.0;
                y += 18.0;
            }
            mark(&mut canvas, shape, (x, y), "");
            canvas.text((x + 14.0, y + 4.0), Anchor::Start, "small", &text);
            x += long;
        }
        let description = format!("Positions: {}.", told.join("; "));
        Drawing { height: y + 14.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&[
            "Member",
            "Name",
            "#Quota",
            "#Position",
            "#Of quota",
            "Band",
            "Mark",
            "#Asset",
            "#Credit",
            "#Special",
        ]);
        for row in &self.rows {
            let mut cells = vec![
                row.label.clone(),
                row.name.clone(),
                row.quota.text.clone(),
                row.position.text.clone(),
                row.share(),
                row.word.clone(),
                self.shape(row).to_owned(),
            ];
            cells.extend(row.parts().map(|part| self.unit.text(part)));
            table.rows.push(cells);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(quota: i128, position: i128) -> BandRow {
        let unit = Unit::new("CNY", 2);
        BandRow { quota: unit.amount(quota), position: unit.amount(position), ..BandRow::default() }
    }

    #[test]
    fn a_band_begins_at_its_mark_on_both_sides() {
        let bands = Bands { marks: vec![250, 500, 750], ..Bands::default() };
        let shapes: Vec<&str> =
            [0, 249, -250, 499, 500, -750, 999, 1000, -5000].map(|at| bands.shape(&row(1000, at))).to_vec();
        let expected = ["circle", "circle", "square", "square", "triangle", "diamond", "diamond", "cross", "cross"];
        assert_eq!(shapes, expected);
        assert_eq!(row(1000, -625).share(), "\u{2212}62.5 %");
    }
}
