//! Who owed whom before netting, and what is left to pay after it: two circles side by side.
//!
//! Members keep their place in both circles and one scale of width serves both, so that what is gone
//! is seen as gone. The thick end of a line is the payer. Absent: layout by force or by cluster; a
//! fixed order is what makes two pictures comparable.

use crate::amount::Unit;
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{coordinate as c, count, fraction, percent, real, turn};
use crate::table::Table;

/// Lines drawn in one circle at most, the largest first; the table and the totals have them all.
pub(crate) const LINES_MAX: usize = 400;
/// Rows of the table at most, the largest first.
const ROWS_MAX: usize = 200;
/// Members up to which relations that vanished are drawn dashed.
pub(crate) const DASHED_MEMBERS_MAX: usize = 12;
/// Width of the largest obligation in px, when there is room.
pub(crate) const LINE_PX: f64 = 26.0;
/// Members up to which labels lie flat.
pub(crate) const FLAT_LABELS_MAX: usize = 16;

/// A member on the circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Short label.
    pub label: String,
    /// Full name.
    pub name: String,
}

/// What one member owes another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Index of the debtor in [`Obligations::nodes`].
    pub from: usize,
    /// Index of the creditor.
    pub to: usize,
    /// Value in minor units of the picture's unit; zero and less is left out.
    pub minor: i128,
}

/// Obligations before and after netting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligations {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// Members in their fixed order, clockwise from the top.
    pub nodes: Vec<Node>,
    /// Obligations before netting.
    pub before: Vec<Obligation>,
    /// What is left to pay after it.
    pub after: Vec<Obligation>,
}

/// Where members stand.
pub(crate) struct Circle {
    pub(crate) centre: (f64, f64),
    pub(crate) radius: f64,
}

impl Circle {
    fn at(&self, index: usize, of: usize, radius: f64) -> (f64, f64) {
        let (cos, sin) = turn(count(index) / count(of.max(1)) - 0.25);
        (self.centre.0 + radius * cos, self.centre.1 + radius * sin)
    }
}

impl Obligations {
    /// Valid obligations, largest first; equal ones by place.
    pub(crate) fn sorted(&self, list: &[Obligation]) -> Vec<Obligation> {
        let mut list: Vec<Obligation> = list
            .iter()
            .filter(|edge| edge.minor > 0 && edge.from != edge.to && edge.from.max(edge.to) < self.nodes.len())
            .cloned()
            .collect();
        list.sort_by_key(|edge| (std::cmp::Reverse(edge.minor), edge.from, edge.to));
        list
    }

    fn saved(gross: i128, net: i128) -> String {
        if gross <= 0 {
            return percent(0);
        }
        let tenths = ((1.0 - real(net) / real(gross)) * 1000.0).round().clamp(0.0, 1000.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0 to 1000 the line before"
        )]
        percent(tenths as u32)
    }

    pub(crate) fn draw_lines(
        &self,
        canvas: &mut Canvas,
        circle: &Circle,
        edges: &[Obligation],
        (largest, widest): (f64, f64),
        class: &str,
    ) {
        let of = self.nodes.len();
        for edge in edges.iter().take(LINES_MAX) {
            let thick = (widest * fraction(real(edge.minor), largest)).max(0.6);
            let (a, b) = (circle.at(edge.from, of, circle.radius), circle.at(edge.to, of, circle.radius));
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let length = (dx * dx + dy * dy).sqrt().max(0.1);
            let (nx, ny) = (-dy / length, dx / length);
            // Bent towards the centre, and the two directions of a pair apart from each other.
            let middle = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
            let bow = length * 0.11;
            let bend = (
                middle.0 + (circle.centre.0 - middle.0) * 0.42 + nx * bow,
                middle.1 + (circle.centre.1 - middle.1) * 0.42 + ny * bow,
            );
            let (start, mid, tip) = (thick / 2.0, thick * 0.36, thick * 0.12);
            let d = format!(
                "M{} {}Q{} {} {} {}L{} {}Q{} {} {} {}Z",
                c(a.0 + nx * start),
                c(a.1 + ny * start),
                c(bend.0 + nx * mid),
                c(bend.1 + ny * mid),
                c(b.0 + nx * tip),
                c(b.1 + ny * tip),
                c(b.0 - nx * tip),
                c(b.1 - ny * tip),
                c(bend.0 - nx * mid),
                c(bend.1 - ny * mid),
                c(a.0 - nx * start),
                c(a.1 - ny * start),
            );
            let title = format!(
                "{} owes {} {}",
                self.nodes[edge.from].label,
                self.nodes[edge.to].label,
                self.unit.with_code(&self.unit.text(edge.minor))
            );
            canvas.path(&d, class, &title);
        }
    }

    pub(crate) fn draw_gone(&self, canvas: &mut Canvas, circle: &Circle, before: &[Obligation], after: &[Obligation]) {
        let of = self.nodes.len();
        let pair = |edge: &Obligation| (edge.from.min(edge.to), edge.from.max(edge.to));
        let kept: Vec<(usize, usize)> = after.iter().map(pair).collect();
        let mut gone: Vec<(usize, usize)> = before.iter().map(pair).filter(|pair| !kept.contains(pair)).collect();
        gone.sort_unstable();
        gone.dedup();
        for (from, to) in gone {
            let (a, b) = (circle.at(from, of, circle.radius), circle.at(to, of, circle.radius));
            let bend =
                ((a.0 + b.0) / 2.0 * 0.58 + circle.centre.0 * 0.42, (a.1 + b.1) / 2.0 * 0.58 + circle.centre.1 * 0.42);
            let d = format!("M{} {}Q{} {} {} {}", c(a.0), c(a.1), c(bend.0), c(bend.1), c(b.0), c(b.1));
            canvas.path(&d, "gone", "");
        }
    }

    pub(crate) fn draw_nodes(&self, canvas: &mut Canvas, circle: &Circle, room: f64) {
        let of = self.nodes.len();
        let mut net = vec![0_i128; of];
        let mut gross = vec![0_i128; of];
        for edge in self.sorted(&self.before) {
            net[edge.from] = net[edge.from].saturating_sub(edge.minor);
            net[edge.to] = net[edge.to].saturating_add(edge.minor);
            gross[edge.from] = gross[edge.from].saturating_add(edge.minor);
            gross[edge.to] = gross[edge.to].saturating_add(edge.minor);
        }
        let largest = gross.iter().copied().max().map_or(0.0, real);
        let flat = of <= FLAT_LABELS_MAX;
        for (index, node) in self.nodes.iter().enumerate() {
            let at = circle.at(index, of, circle.radius);
            let most = (2.6 * circle.radius / count(of)).min(11.0);
            let size = most * (0.45 + 0.55 * fraction(real(gross[index]), largest).sqrt());
            let (class, word) = match net[index].signum() {
                -1 => ("out", "net payer"),
                1 => ("in", "net receiver"),
                _ => ("even", "even"),
            };
            let tip = format!(
                "{}: {word}, net {}, gross both ways {}",
                node.name,
                self.unit.with_code(&self.unit.text(net[index])),
                self.unit.with_code(&self.unit.text(gross[index]))
            );
            if class == "out" {
                canvas.rect((at.0 - size * 0.85, at.1 - size * 0.85, size * 1.7, size * 1.7), class, &tip);
            } else {
                canvas.circle(at, size, class, &tip);
            }
            let place = circle.at(index, of, circle.radius + size + 7.0);
            let part = count(index) / count(of);
            if flat {
                let across = place.0 - circle.centre.0;
                let anchor = if across.abs() < circle.radius * 0.18 {
                    Anchor::Middle
                } else if across > 0.0 {
                    Anchor::Start
                } else {
                    Anchor::End
                };
                let down = 4.0 + (place.1 - circle.centre.1) / circle.radius * 5.0;
                canvas.label((place.0, place.1 + down), anchor, "small halo", &node.label, (room, 11.5), &tip);
            } else {
                let label = crate::canvas::shorten(&node.label, room, 11.5);
                let (degrees, anchor) =
                    if part <= 0.5 { (part * 360.0 - 90.0, Anchor::Start) } else { (part * 360.0 + 90.0, Anchor::End) };
                canvas.turned_text(place, degrees, anchor, &label, &tip);
            }
        }
    }
}

impl Picture for Obligations {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        let (before, after) = (self.sorted(&self.before), self.sorted(&self.after));
        if before.is_empty() && after.is_empty() {
            canvas.empty(w, 120.0, "nobody owes anybody");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "No obligations.".to_owned() };
        }
        let total = |edges: &[Obligation]| edges.iter().fold(0_i128, |sum, edge| sum.saturating_add(edge.minor));
        let (gross, net) = (total(&before), total(&after));
        let saved = Self::saved(gross, net);
        let panel = if wide { w / 2.0 - 10.0 } else { w };
        let room = if wide { 84.0 } else { 74.0 };
        let flat = self.nodes.len() <= FLAT_LABELS_MAX;
        let radius = panel / 2.0 - room - 16.0;
        let head = 48.0;
        let height = head + 2.0 * radius + if flat { 64.0 } else { 2.0 * room + 34.0 };
        let largest = before.iter().chain(&after).map(|edge| real(edge.minor)).fold(0.0, f64::max);
        // In a dense network all lines together are as wide as four radii, or none of them is seen.
        let drawn = total(before.get(..LINES_MAX).unwrap_or(&before));
        let widest = (4.0 * radius * largest / real(drawn.max(1))).min(LINE_PX);
        for (index, (edges, class, title, value)) in
            [(&before, "edge", "Before netting", gross), (&after, "kept", "After netting", net)].into_iter().enumerate()
        {
            let place = count(index);
            let (x, y) = if wide { (place * (w / 2.0 + 10.0), 0.0) } else { (0.0, place * height) };
            canvas.text((x + panel / 2.0, y + 13.0), Anchor::Middle, "small", title);
            let tip = self.unit.with_code(&self.unit.text(value));
            canvas.label(
                (x + panel / 2.0, y + 37.0),
                Anchor::Middle,
                "big",
                &self.unit.short_with_code(value),
                (panel, 21.0),
                &tip,
            );
            let circle = Circle { centre: (x + panel / 2.0, y + head + (height - head) / 2.0), radius };
            canvas.circle(circle.centre, radius, "ring", "");
            if index == 1 && self.nodes.len() <= DASHED_MEMBERS_MAX {
                self.draw_gone(&mut canvas, &circle, &before, &after);
            }
            self.draw_lines(&mut canvas, &circle, edges, (largest, widest), class);
            self.draw_nodes(&mut canvas, &circle, room);
        }
        let mut y = if wide { height } else { 2.0 * height } + 22.0;
        let summary = format!("{saved} less to pay");
        canvas.text((w / 2.0, y), Anchor::Middle, "big", &summary);
        y += 24.0;
        let mut key = vec!["\u{25CF} net receiver, \u{25A1} net payer", "thick end of a line: the payer"];
        if self.nodes.len() <= DASHED_MEMBERS_MAX {
            key.push("dashed: netted away");
        }
        if wide {
            canvas.text((w / 2.0, y), Anchor::Middle, "small", &key.join("   \u{00B7}   "));
        } else {
            for line in key {
                canvas.text((w / 2.0, y), Anchor::Middle, "small", line);
                y += 16.0;
            }
            y -= 16.0;
        }
        let hidden = before.len().saturating_sub(LINES_MAX);
        if hidden > 0 {
            y += 17.0;
            let text = format!("The {LINES_MAX} largest of {} are drawn; totals count all.", before.len());
            canvas.text((w / 2.0, y), Anchor::Middle, "tiny", &text);
        }
        let description = format!(
            "{} obligations of {} before netting, {} of {} after it: {summary}.",
            before.len(),
            self.unit.short_with_code(gross),
            after.len(),
            self.unit.short_with_code(net)
        );
        Drawing { height: y + 12.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let value = format!("#Value {}", self.unit.code);
        let mut table = Table::with(&["When", "Debtor", "Creditor", value.trim_end()]);
        for (when, list) in [("after", &self.after), ("before", &self.before)] {
            for edge in self.sorted(list).into_iter().take(ROWS_MAX / 2) {
                table.rows.push(vec![
                    when.to_owned(),
                    self.nodes[edge.from].label.clone(),
                    self.nodes[edge.to].label.clone(),
                    self.unit.text(edge.minor),
                ]);
            }
        }
        table
    }
}
