//! What was set off: one bar of the whole, and below it who owed whom before and what is left.
//!
//! The bar counts everything. The circles show the largest parties; all others stand there as one, and what they owe among
//! themselves is told in words. Absent: the cycles themselves, which are many and belong into a table.

use crate::amount::Unit;
use crate::canvas::{Anchor, Canvas, text_width};
use crate::obligations::{
    Circle, DASHED_MEMBERS_MAX, FLAT_LABELS_MAX, LINE_PX, LINES_MAX, Node, Obligation, Obligations,
};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{count, fraction, number, percent, real};
use crate::table::Table;

/// Parties that are not drawn one by one; the last node stands for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// How many.
    pub parties: u64,
    /// What they owe each other before, minor units.
    pub before: i128,
    /// What is left of it.
    pub after: i128,
}

/// Obligations before and after set-off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOff {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// Sum of all obligations, minor units.
    pub gross: i128,
    /// What was set off of it.
    pub cleared: i128,
    /// Parties in their fixed order, clockwise from the top; the last is [`SetOff::others`], if there are any.
    pub nodes: Vec<Node>,
    /// Obligations before, between nodes.
    pub before: Vec<Obligation>,
    /// What is left of them.
    pub after: Vec<Obligation>,
    /// Who is not drawn one by one.
    pub others: Option<Others>,
}

/// Space left and right: the picture stands alone in a file.
const MARGIN: f64 = 16.0;

impl SetOff {
    fn circles(&self) -> Obligations {
        Obligations {
            head: self.head.clone(),
            unit: self.unit.clone(),
            nodes: self.nodes.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }

    fn share(&self) -> String {
        // Rounded down: a saving is never overstated.
        let tenths = (fraction(real(self.cleared), real(self.gross)) * 1_000.0).floor();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 1,000")]
        percent(tenths as u32)
    }

    /// The bar of the whole; returns where it ends.
    fn draw_bar(&self, canvas: &mut Canvas, w: f64, wide: bool) -> f64 {
        let left = self.gross - self.cleared;
        let headline = format!("{} set off without money", self.share());
        canvas.text((MARGIN, 30.0), Anchor::Start, "big", &headline);
        let whole = format!("of {} owed", self.unit.short_with_code(self.gross));
        let place = if wide { (w - MARGIN, 30.0) } else { (MARGIN, 50.0) };
        let anchor = if wide { Anchor::End } else { Anchor::Start };
        canvas.text(place, anchor, "small", &whole);
        let y = if wide { 44.0 } else { 62.0 };
        let track = w - 2.0 * MARGIN;
        let length = track * fraction(real(self.cleared), real(self.gross));
        let exact = |minor: i128| self.unit.with_code(&self.unit.text(minor));
        canvas.rect((MARGIN, y, track, 26.0), "track", &format!("left to pay: {}", exact(left)));
        canvas.rect((MARGIN, y, length, 26.0), "accent", &format!("set off: {}", exact(self.cleared)));
        let below = y + 43.0;
        canvas.text(
            (MARGIN, below),
            Anchor::Start,
            "small",
            &format!("set off {}", self.unit.short_with_code(self.cleared)),
        );
        canvas.text(
            (w - MARGIN, below),
            Anchor::End,
            "small",
            &format!("left to pay {}", self.unit.short_with_code(left)),
        );
        below + 22.0
    }
}

impl Picture for SetOff {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.gross <= 0 {
            canvas.empty(w, 120.0, "nobody owes anybody");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "No obligations.".to_owned() };
        }
        let top = self.draw_bar(&mut canvas, w, wide);
        let circles = self.circles();
        let (before, after) = (circles.sorted(&self.before), circles.sorted(&self.after));
        let panel = if wide { w / 2.0 - 10.0 } else { w };
        let longest = self.nodes.iter().map(|node| text_width(&node.label, 11.5)).fold(0.0, f64::max);
        let room = (longest + 6.0).clamp(34.0, if wide { 92.0 } else { 74.0 });
        let flat = self.nodes.len() <= FLAT_LABELS_MAX;
        let radius = (panel / 2.0 - room - 12.0).min(178.0);
        let height = 30.0 + 2.0 * radius + if flat { 66.0 } else { 2.0 * room + 26.0 };
        let largest = before.iter().chain(&after).map(|edge| real(edge.minor)).fold(0.0, f64::max);
        // In a dense network all lines together are as wide as four radii, or none of them is seen.
        let drawn = before.iter().take(LINES_MAX).fold(0_i128, |sum, edge| sum.saturating_add(edge.minor));
        let widest = (4.0 * radius * largest / real(drawn.max(1))).min(LINE_PX);
        for (index, (edges, class, title)) in
            [(&before, "edge", "Before: who owes whom"), (&after, "kept", "After: what is left to pay")]
                .into_iter()
                .enumerate()
        {
            let place = count(index);
            let (x, y) = if wide { (place * (w / 2.0 + 10.0), top) } else { (0.0, top + place * height) };
            canvas.text((x + panel / 2.0, y + 20.0), Anchor::Middle, "bold", title);
            let circle = Circle { centre: (x + panel / 2.0, y + 30.0 + (height - 30.0) / 2.0), radius };
            canvas.circle(circle.centre, radius, "ring", "");
            if index == 1 && self.nodes.len() <= DASHED_MEMBERS_MAX {
                circles.draw_gone(&mut canvas, &circle, &before, &after);
            }
            circles.draw_lines(&mut canvas, &circle, edges, (largest, widest), class);
            circles.draw_nodes(&mut canvas, &circle, room);
        }
        let mut y = top + if wide { height } else { 2.0 * height } + 16.0;
        let mut key =
            vec!["\u{25CF} net receiver, \u{25A1} net payer".to_owned(), "thick end of a line: the payer".to_owned()];
        if self.nodes.len() <= DASHED_MEMBERS_MAX {
            key.push("dashed: nothing left".to_owned());
        }
        if let Some(others) = &self.others {
            let (before, after) = (self.unit.short(others.before), self.unit.short_with_code(others.after));
            key.push(format!("not drawn: what the {} others owe each other,", number(others.parties)));
            key.push(format!("{before} before and {after} after"));
        }
        let lines = if wide { vec![key.join("   \u{00B7}   ").replace(",   \u{00B7}   ", ", ")] } else { key };
        for line in lines {
            canvas.text((w / 2.0, y), Anchor::Middle, "small", &line);
            y += 16.0;
        }
        let hidden = before.len().saturating_sub(LINES_MAX);
        if hidden > 0 {
            let text = format!("The {LINES_MAX} largest lines of {} are drawn; the bar counts all.", before.len());
            canvas.text((w / 2.0, y), Anchor::Middle, "tiny", &text);
            y += 16.0;
        }
        let description = format!(
            "Of {} owed, {} are set off without money ({}); {} are left to pay.",
            self.unit.short_with_code(self.gross),
            self.unit.short_with_code(self.cleared),
            self.share(),
            self.unit.short_with_code(self.gross - self.cleared),
        );
        Drawing { height: y + 6.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        self.circles().table()
    }
}
