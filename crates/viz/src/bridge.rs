//! A bridge from one value to another: what was added and what was taken away on the way.
//!
//! Absent: parts of parts. A step is one number.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas, text_width};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{compact, count, real, ticks};
use crate::table::Table;

/// One step on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What made it.
    pub label: String,
    /// How much; below zero takes away.
    pub value: Amount,
}

/// A bridge; the steps add up to the difference of its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// Where it begins.
    pub from: Step,
    /// The way.
    pub steps: Vec<Step>,
    /// Where it ends.
    pub to: Step,
}

/// Space left and right.
const MARGIN: f64 = 16.0;

impl Picture for Bridge {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        let (left, right, top, bottom) =
            if wide { (72.0, w - MARGIN, 60.0, 380.0) } else { (54.0, w - MARGIN, 60.0, 300.0) };
        canvas.label((MARGIN, 22.0), Anchor::Start, "bold", &self.head.title, (w - 2.0 * MARGIN, 12.5), "");
        canvas.label((MARGIN, 40.0), Anchor::Start, "small", &self.head.about, (w - 2.0 * MARGIN, 11.5), "");
        // Each column from where it begins to where it ends.
        let mut columns: Vec<(&Step, i128, i128)> = vec![(&self.from, 0, self.from.value.minor)];
        let mut level = self.from.value.minor;
        for step in &self.steps {
            let next = level.saturating_add(step.value.minor);
            columns.push((step, level, next));
            level = next;
        }
        columns.push((&self.to, 0, self.to.value.minor));
        let high = columns.iter().map(|(_, from, to)| *from.max(to)).max().unwrap_or(0).max(1);
        let low = columns.iter().map(|(_, from, to)| *from.min(to)).min().unwrap_or(0).min(0);
        let span = real(high.saturating_sub(low)) * 1.06;
        let y = |value: i128| bottom - (bottom - top) * (real(value) - real(low)) / span;
        let scale = self.unit.major(1);
        for tick in ticks(real(high) * scale, 4) {
            let at = bottom - (bottom - top) * (tick / scale - real(low)) / span;
            if at >= top - 1.0 {
                canvas.line((left, at), (right, at), if tick > 0.0 { "grid" } else { "axis" });
                canvas.text((left - 8.0, at + 4.0), Anchor::End, "tiny", &compact(tick));
            }
        }
        canvas.text((right, bottom + 40.0), Anchor::End, "tiny", &self.unit.code);
        let room = (right - left) / count(columns.len());
        let thick = (room * 0.62).min(84.0);
        let last = columns.len() - 1;
        for (at, (step, from, to)) in columns.iter().enumerate() {
            let middle = left + room * (count(at) + 0.5);
            let (up, down) = (y(*from.max(to)), y(*from.min(to)));
            let end = at == 0 || at == last;
            let class = match (end, to >= from) {
                (true, _) => "s0",
                (false, true) => "accent",
                (false, false) => "pay",
            };
            let tip = format!("{}: {}", step.label, self.unit.with_code(&step.value.text));
            canvas.rect((middle - thick / 2.0, up, thick, (down - up).max(1.5)), class, &tip);
            if at < last {
                let reach = middle + room - thick / 2.0;
                canvas.line((middle + thick / 2.0, y(*to)), (reach, y(*to)), "leader");
            }
            let sign = if !end && step.value.minor > 0 { "+" } else { "" };
            let short = format!("{sign}{}", self.unit.short(step.value.minor));
            canvas.text((middle, up - 6.0), Anchor::Middle, "bold halo", &short);
            let size = if wide { 11.5 } else { 10.5 };
            let class = if wide { "small" } else { "tiny" };
            let lower = !wide && at % 2 == 1 && text_width(&step.label, size) > room;
            let place = (middle, bottom + if lower { 28.0 } else { 16.0 });
            let space = if wide { room - 6.0 } else { room * 1.7 };
            canvas.label(place, Anchor::Middle, class, &step.label, (space, size), "");
        }
        let words: Vec<String> = self.steps.iter().map(|step| format!("{} {}", step.label, step.value.text)).collect();
        let description = format!(
            "From {} {} to {} {} in {}: {}.",
            self.from.label,
            self.from.value.text,
            self.to.label,
            self.to.value.text,
            self.unit.code,
            words.join(", ")
        );
        Drawing { height: bottom + 50.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&["Step", &self.unit.with_code("#Value")]);
        for step in [&self.from].into_iter().chain(&self.steps).chain([&self.to]) {
            table.rows.push(vec![step.label.clone(), step.value.text.clone()]);
        }
        table
    }
}
