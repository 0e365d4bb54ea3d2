//! Pairs of amounts that should agree, on two logarithmic axes, with the line on which they would.
//!
//! Absent: fitted lines. What agrees lies on the line, what does not is as far from it as it is wrong.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{compact, fraction};
use crate::table::Table;

/// A pair of amounts, both above zero; others are not drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What it is.
    pub label: String,
    /// Along the lower axis.
    pub across: Amount,
    /// Along the left axis.
    pub up: Amount,
    /// Whether its name is written beside it.
    pub named: bool,
}

/// Points about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scatter {
    /// Name and meaning.
    pub head: Head,
    /// Unit of both axes.
    pub unit: Unit,
    /// Names of the lower and the left axis.
    pub axes: (String, String),
    /// How much higher than `across` `up` is expected to be, in ten-thousandths.
    pub factor: u32,
    /// What the line says.
    pub line: String,
    /// The points.
    pub points: Vec<Point>,
}

/// Space left and right.
const MARGIN: f64 = 16.0;

/// Decimal logarithm by the four operations, so that it is the same on every machine; 0 for what has none.
fn log10(value: f64) -> f64 {
    if !(value > 0.0 && value.is_finite()) {
        return 0.0;
    }
    let (mut mantissa, mut exponent) = (value, 0.0);
    while mantissa >= 10.0 {
        mantissa /= 10.0;
        exponent += 1.0;
    }
    while mantissa < 1.0 {
        mantissa *= 10.0;
        exponent -= 1.0;
    }
    exponent + natural(mantissa) / natural(10.0)
}

/// Natural logarithm of a number from 1 to 10: `2 (z + z^3 / 3 + z^5 / 5 ...)` with `z = (x - 1) / (x + 1)`.
fn natural(x: f64) -> f64 {
    let z = (x - 1.0) / (x + 1.0);
    let (mut power, mut sum, mut odd) = (z, 0.0, 1.0);
    while odd < 181.0 {
        sum += power / odd;
        power *= z * z;
        odd += 2.0;
    }
    2.0 * sum
}

impl Picture for Scatter {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        let points: Vec<(&Point, f64, f64)> = self
            .points
            .iter()
            .filter(|point| point.across.minor > 0 && point.up.minor > 0)
            .map(|point| (point, self.unit.major(point.across.minor), self.unit.major(point.up.minor)))
            .collect();
        let Some(least) = points.iter().map(|(_, x, y)| x.min(*y)).min_by(f64::total_cmp) else {
            canvas.empty(w, 120.0, "no pair with both amounts");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "No pairs.".to_owned() };
        };
        let most = points.iter().map(|(_, x, y)| x.max(*y)).max_by(f64::total_cmp).unwrap_or(least);
        let (low, high) = (log10(least).floor(), (log10(most).floor() + 1.0).max(log10(least).floor() + 1.0));
        let side = if wide { 560.0 } else { w - MARGIN - 58.0 };
        let (left, top) = (if wide { 190.0 } else { 58.0 }, 64.0);
        let (right, bottom) = (left + side, top + side);
        canvas.label((MARGIN, 22.0), Anchor::Start, "bold", &self.head.title, (w - 2.0 * MARGIN, 12.5), "");
        canvas.label((MARGIN, 40.0), Anchor::Start, "small", &self.head.about, (w - 2.0 * MARGIN, 11.5), "");
        let x = |log: f64| left + side * fraction(log - low, high - low);
        let y = |log: f64| bottom - side * fraction(log - low, high - low);
        let mut decade = low;
        while decade <= high {
            canvas.line((left, y(decade)), (right, y(decade)), "grid");
            canvas.line((x(decade), top), (x(decade), bottom), "grid");
            let text = compact(power_of_ten(decade));
            canvas.text((left - 8.0, y(decade) + 4.0), Anchor::End, "tiny", &text);
            canvas.text((x(decade), bottom + 16.0), Anchor::Middle, "tiny", &text);
            decade += 1.0;
        }
        canvas.line((left, bottom), (right, bottom), "axis");
        canvas.line((left, top), (left, bottom), "axis");
        canvas.text((right, bottom + 34.0), Anchor::End, "small", &self.unit.with_code(&self.axes.0));
        canvas.text((MARGIN, top - 8.0), Anchor::Start, "small", &self.unit.with_code(&self.axes.1));
        // The line of agreement, cut where it leaves the square.
        let shift = log10(f64::from(self.factor.max(1)) / 10_000.0);
        let (from, to) = (low.max(low - shift), high.min(high - shift));
        canvas.line((x(from), y(from + shift)), (x(to), y(to + shift)), "cut");
        for (point, across, up) in &points {
            let at = (x(log10(*across)), y(log10(*up)));
            let tip =
                format!("{}: {} {}, {} {}", point.label, self.axes.0, point.across.text, self.axes.1, point.up.text);
            canvas.circle(at, if wide { 3.4 } else { 2.6 }, "edge", &tip);
        }
        let mut written: Vec<(f64, f64)> = Vec::new();
        for (point, across, up) in points.iter().filter(|(point, ..)| point.named) {
            let at = (x(log10(*across)), y(log10(*up)));
            // Above the line names go to the left, below it to the right, away from the crowd.
            let above = log10(*up) > log10(*across) + shift;
            if written.iter().all(|(x, y)| (x - at.0).abs() > 96.0 || (y - at.1).abs() > 13.0) {
                let (place, anchor, room) = if above {
                    ((at.0 - 7.0, at.1 + 4.0), Anchor::End, at.0 - 9.0)
                } else {
                    ((at.0 + 7.0, at.1 + 4.0), Anchor::Start, w - at.0 - 9.0)
                };
                canvas.label(place, anchor, "tiny halo", &point.label, (room, 10.5), "");
                written.push(at);
            }
        }
        canvas.text((left + 10.0, top + 16.0), Anchor::Start, "tiny halo", &format!("dashed: {}", self.line));
        let description =
            format!("{} pairs of {} and {}; dashed: {}.", points.len(), self.axes.0, self.axes.1, self.line);
        Drawing { height: bottom + 44.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let (across, up) = (format!("#{}", self.axes.0), format!("#{}", self.axes.1));
        let mut table = Table::with(&["Pair", &across, &up]);
        for point in &self.points {
            table.rows.push(vec![point.label.clone(), point.across.text.clone(), point.up.text.clone()]);
        }
        table
    }
}

/// Ten to a whole power, by multiplication.
fn power_of_ten(power: f64) -> f64 {
    let (mut value, mut at) = (1.0, 0.0);
    while at < power {
        value *= 10.0;
        at += 1.0;
    }
    while at > power {
        value /= 10.0;
        at -= 1.0;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::log10;

    #[test]
    fn logarithms_agree_with_the_system_library() {
        for step in 1..2000 {
            let value = f64::from(step) * 0.37;
            assert!((log10(value) - value.log10()).abs() < 1e-9, "{value}");
        }
        assert_eq!([0.0, -1.0, f64::NAN].map(log10).map(|log| log.to_string()).join(" "), "0 0 0");
    }
}
