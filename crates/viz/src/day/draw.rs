//! Drawing of the day: phases, cut-offs, and two panels on one time axis.
//!
//! Absent: smoothing and interpolation.

use super::{CutOff, Day, DayPoint, WaitReason};
use crate::canvas::{Anchor, Canvas, rows_without_overlap, shorten, text_width};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{clock, compact, coordinate as c, count, number, real, ticks};
use crate::table::Table;

/// Samples drawn at most; more are merged into equal columns of time.
const COLUMNS_MAX: u64 = 480;

struct Frame {
    left: f64,
    right: f64,
    from: f64,
    to: f64,
}

impl Frame {
    fn x(&self, at_s: u32) -> f64 {
        let part = (f64::from(at_s) - self.from) / (self.to - self.from);
        self.left + (self.right - self.left) * part.clamp(0.0, 1.0)
    }
}

/// The name of one or more cut-offs of the same moment, and its place.
struct CutLabel {
    x: f64,
    text: String,
    full: String,
    span: (f64, f64),
    turned: bool,
    row: usize,
}

/// Type size of the names of cut-offs in px.
const SMALL: f64 = 10.5;

fn depth(point: &DayPoint) -> u64 {
    point.waiting.iter().fold(0, |total, count| total.saturating_add(*count))
}

impl Day {
    /// Observations in order of time, merged to at most [`COLUMNS_MAX`].
    fn columns(&self) -> Vec<DayPoint> {
        let mut points = self.points.clone();
        points.sort_by_key(|point| point.at_s);
        if count(points.len()) <= real(i128::from(COLUMNS_MAX)) {
            return points;
        }
        let span = u64::from(self.end() - self.from_s).max(1);
        let column = |point: &DayPoint| u64::from(point.at_s.saturating_sub(self.from_s)) * COLUMNS_MAX / span;
        let mut merged: Vec<DayPoint> = Vec::new();
        for point in points {
            match merged.last_mut() {
                Some(last) if column(last) == column(&point) => {
                    if depth(&point) > depth(last) {
                        last.waiting = point.waiting;
                    }
                    last.settled_minor = point.settled_minor;
                }
                _ => merged.push(point),
            }
        }
        merged
    }

    fn end(&self) -> u32 {
        self.to_s.max(self.from_s.saturating_add(1))
    }

    fn draw_phases(&self, canvas: &mut Canvas, frame: &Frame, y: f64) -> f64 {
        if self.phases.is_empty() {
            return 0.0;
        }
        for (index, phase) in self.phases.iter().enumerate() {
            let (x, end) = (frame.x(phase.from_s), frame.x(phase.to_s));
            let tip = format!("{}: {} to {}", phase.name, clock(phase.from_s), clock(phase.to_s));
            canvas.rect((x, y, end - x, 20.0), &format!("band{}", index % 2), &tip);
            if text_width(&phase.name, 10.5) + 8.0 < end - x {
                canvas.text(((x + end) / 2.0, y + 14.0), Anchor::Middle, "tiny", &phase.name);
            } else if end - x > 24.0 {
                let short = shorten(&phase.name, end - x - 6.0, 10.5);
                canvas.text(((x + end) / 2.0, y + 14.0), Anchor::Middle, "tiny", &short);
            }
        }
        28.0
    }

    /// Cut-offs in order of time, those of one moment together.
    fn cut_offs_by_time(&self) -> Vec<(u32, String)> {
        let mut cut_offs: Vec<&CutOff> = self.cut_offs.iter().collect();
        cut_offs.sort_by(|a, b| (a.at_s, &a.label).cmp(&(b.at_s, &b.label)));
        let mut merged: Vec<(u32, String)> = Vec::new();
        for cut_off in cut_offs {
            match merged.last_mut() {
                Some((at_s, label)) if *at_s == cut_off.at_s => {
                    label.push_str(", ");
                    label.push_str(&cut_off.label);
                }
                _ => merged.push((cut_off.at_s, cut_off.label.clone())),
            }
        }
        merged
    }

    fn cut_off_labels(&self, frame: &Frame) -> Vec<CutLabel> {
        let room = (frame.right - frame.left) * 0.6;
        let mut labels: Vec<CutLabel> = self
            .cut_offs_by_time()
            .into_iter()
            .map(|(at_s, label)| {
                let full = format!("{label} {}", clock(at_s));
                let names = room - text_width(&clock(at_s), SMALL) - 4.0;
                let text = format!("{} {}", shorten(&label, names, SMALL), clock(at_s));
                let (x, long) = (frame.x(at_s), text_width(&text, SMALL) + 12.0);
                // A label ends at its line when it would leave the picture on the right.
                let turned = x + long > frame.right + 8.0;
                let span = if turned { (x - long, x) } else { (x, x + long) };
                CutLabel { x, text, full, span, turned, row: 0 }
            })
            .collect();
        let spans: Vec<(f64, f64)> = labels.iter().map(|label| label.span).collect();
        for (label, row) in labels.iter_mut().zip(rows_without_overlap(&spans)) {
            label.row = row;
        }
        labels
    }

    fn cut_off_height(&self, frame: &Frame) -> f64 {
        let rows = self.cut_off_labels(frame).iter().map(|label| label.row + 1).max();
        rows.map_or(0.0, |rows| 14.0 * count(rows) + 6.0)
    }

    fn draw_cut_offs(&self, canvas: &mut Canvas, frame: &Frame, y: f64, bottom: f64) {
        let labels = self.cut_off_labels(frame);
        let top = |label: &CutLabel| y + 14.0 * count(label.row);
        for label in &labels {
            canvas.line((label.x, top(label)), (label.x, bottom), "cut");
        }
        for label in &labels {
            let (x, anchor) = if label.turned { (label.x - 4.0, Anchor::End) } else { (label.x + 4.0, Anchor::Start) };
            let at = (x, top(label) + 10.0);
            canvas.plate(at, anchor, "tiny", &label.text, &label.full);
        }
    }

    /// Grid and times below both panels.
    fn draw_time(&self, canvas: &mut Canvas, frame: &Frame, panels: [Panel; 2], marks_max: f64) {
        let hours = (frame.to - frame.from) / 3600.0;
        let step = [900_u32, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400]
            .into_iter()
            .find(|step| hours * 3600.0 / f64::from(*step) <= marks_max)
            .unwrap_or(u32::MAX);
        let mut at = self.from_s.div_ceil(step).checked_mul(step);
        while let Some(second) = at.filter(|second| *second <= self.end()) {
            let x = frame.x(second);
            for panel in panels {
                canvas.line((x, panel.top), (x, panel.bottom + 4.0), "grid");
            }
            let anchor = if x > frame.right - 14.0 { Anchor::End } else { Anchor::Middle };
            canvas.text((x, panels[1].bottom + 17.0), anchor, "tiny", &clock(second));
            at = second.checked_add(step);
        }
        canvas.text((frame.right, panels[1].bottom + 32.0), Anchor::End, "tiny", &self.zone);
    }

    /// Queue depth, stacked by reason.
    fn draw_queue(canvas: &mut Canvas, frame: &Frame, panel: Panel, points: &[DayPoint], used: &[usize]) {
        let peak = peak(points);
        let scale = panel.draw_scale(canvas, frame, real(i128::from(peak.map_or(0, depth))).max(1.0));
        let mut floor: Vec<f64> = vec![0.0; points.len()];
        for reason in used {
            let ceiling: Vec<f64> = floor
                .iter()
                .zip(points)
                .map(|(below, point)| below + real(i128::from(point.waiting[*reason])))
                .collect();
            let outline = |values: &[f64]| {
                let mut line: Vec<(f64, f64)> = points
                    .iter()
                    .zip(values)
                    .map(|(point, value)| (frame.x(point.at_s), panel.y(*value, scale)))
                    .collect();
                if let Some((_, y)) = line.last().copied() {
                    line.push((frame.right, y));
                }
                line
            };
            let d = format!("{}{}Z", steps(&outline(&ceiling)), steps_back(&outline(&floor)));
            let tip = format!("waiting: {}", WaitReason::ALL[*reason].label());
            canvas.path(&d, &format!("s{reason}"), &tip);
            canvas.texture_path(&d, *reason);
            floor = ceiling;
        }
        canvas.line((frame.left, panel.bottom), (frame.right, panel.bottom), "axis");
    }

    /// Value settled since the opening.
    fn draw_settled(&self, canvas: &mut Canvas, frame: &Frame, panel: Panel, points: &[DayPoint]) {
        let highest = points.iter().map(|point| point.settled_minor).max().unwrap_or(0);
        let scale = panel.draw_scale(canvas, frame, self.unit.major(highest.max(1)));
        let mut curve: Vec<(f64, f64)> = points
            .iter()
            .map(|point| {
                let value = self.unit.major(point.settled_minor.max(0));
                (frame.x(point.at_s), panel.y(value, scale))
            })
            .collect();
        if let Some((_, y)) = curve.last().copied() {
            curve.push((frame.right, y));
        }
        let d = steps(&curve);
        let start = curve.first().map_or(frame.left, |point| point.0);
        canvas.path(&format!("{d}V{}H{}Z", c(panel.bottom), c(start)), "under", "");
        canvas.path(&d, "curve", "value settled since the opening");
        canvas.line((frame.left, panel.bottom), (frame.right, panel.bottom), "axis");
    }
}

/// The place of one of the two panels.
#[derive(Clone, Copy)]
struct Panel {
    top: f64,
    bottom: f64,
}

impl Panel {
    /// Height of a value when `scale` is the top of the panel.
    fn y(self, value: f64, scale: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * value / scale
    }

    /// Horizontal grid and its values; returns the value at the top.
    fn draw_scale(self, canvas: &mut Canvas, frame: &Frame, max: f64) -> f64 {
        let marks = ticks(max, 4);
        let scale = marks.last().copied().unwrap_or(1.0);
        for mark in &marks {
            let at = self.y(*mark, scale);
            canvas.line((frame.left, at), (frame.right, at), "grid");
            canvas.text((frame.left - 6.0, at + 4.0), Anchor::End, "tiny", &compact(*mark));
        }
        scale
    }
}

/// The first observation of the deepest queue.
fn peak(points: &[DayPoint]) -> Option<&DayPoint> {
    points.iter().max_by_key(|point| (depth(point), std::cmp::Reverse(point.at_s)))
}

impl Picture for Day {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.points.is_empty() {
            canvas.empty(w, 120.0, "nothing was observed this day");
            let description = "No observations.".to_owned();
            return Drawing { height: 120.0, body: canvas.into_body(), description };
        }
        let points = self.columns();
        let frame = Frame {
            left: if wide { 64.0 } else { 44.0 },
            right: w - if wide { 14.0 } else { 8.0 },
            from: f64::from(self.from_s),
            to: f64::from(self.end()),
        };
        let used: Vec<usize> =
            (0..WaitReason::ALL.len()).filter(|reason| points.iter().any(|point| point.waiting[*reason] > 0)).collect();
        canvas.textures(WaitReason::ALL.len());
        let entries: Vec<(usize, String)> =
            used.iter().map(|reason| (*reason, WaitReason::ALL[*reason].label().to_owned())).collect();
        let left = if wide { frame.left } else { 0.0 };
        let mut y = 2.0;
        y += canvas.legend((left, y), w - left, &entries) + 8.0;
        y += self.draw_phases(&mut canvas, &frame, y);

        // Grid first, then the areas, then cut-offs over both panels, then words over all.
        let (tall, title, between) = (if wide { 170.0 } else { 140.0 }, 26.0, 46.0);
        let bottom = y + title + tall + between + tall;
        let over = self.cut_off_height(&frame);
        let queue = Panel { top: y + over + title, bottom: y + over + title + tall };
        let value = Panel { top: queue.bottom + between, bottom: queue.bottom + between + tall };
        self.draw_time(&mut canvas, &frame, [queue, value], if wide { 12.0 } else { 5.0 });
        Self::draw_queue(&mut canvas, &frame, queue, &points, &used);
        self.draw_settled(&mut canvas, &frame, value, &points);
        self.draw_cut_offs(&mut canvas, &frame, y, bottom + over);

        let mut told = format!("From {} to {}, {}. ", clock(self.from_s), clock(self.end()), self.zone);
        let up = |panel: Panel| panel.top - 13.0;
        canvas.text((0.0, up(queue)), Anchor::Start, "bold halo", "Payments waiting");
        if let Some(peak) = peak(&points).filter(|peak| depth(peak) > 0) {
            let text = format!("peak {} at {}", number(depth(peak)), clock(peak.at_s));
            told.push_str(&format!("Queue: {text}. "));
            canvas.plate((frame.right, up(queue)), Anchor::End, "small", &text, "");
        }
        let unit = self.unit.with_code("Value settled,");
        canvas.text((0.0, up(value)), Anchor::Start, "bold halo", unit.trim_end_matches(','));
        let last = points.last().map_or(0, |point| point.settled_minor);
        let text = self.unit.short_with_code(last);
        canvas.plate((frame.right, up(value)), Anchor::End, "small", &format!("{text} at close"), "");
        told.push_str(&format!("Settled {text} in all."));
        Drawing { height: value.bottom + 38.0, body: canvas.into_body(), description: told }
    }

    fn table(&self) -> Table {
        let settled = format!("#Settled {}", self.unit.code);
        let mut heads = vec!["Time".to_owned()];
        heads.extend(WaitReason::ALL.iter().map(|reason| format!("#Waiting: {}", reason.label())));
        heads.push(settled.trim_end().to_owned());
        let mut table = Table::with(&heads.iter().map(String::as_str).collect::<Vec<_>>());
        let points = self.columns();
        // A reader needs a few dozen rows; the last observation is always among them.
        let every = points.len().div_ceil(48).max(1);
        for (index, point) in points.iter().enumerate() {
            if index % every == 0 || index + 1 == points.len() {
                let mut row = vec![clock(point.at_s)];
                row.extend(point.waiting.iter().map(|count| number(*count)));
                row.push(self.unit.text(point.settled_minor));
                table.rows.push(row);
            }
        }
        table
    }
}

/// The way back under a stepped area, from right to left.
fn steps_back(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for pair in points.windows(2).rev() {
        let ((x0, y0), (x1, _)) = (pair[0], pair[1]);
        d.push_str(&format!("L{} {}H{}", c(x1), c(y0), c(x0)));
    }
    d
}

/// Steps through `(x, y)` pairs: each y holds until the next x.
fn steps(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    let mut last = None;
    for (x, y) in points {
        let text = (c(*x), c(*y));
        match &last {
            None => d.push_str(&format!("M{} {}", text.0, text.1)),
            Some(y) if *y == text.1 => continue,
            Some(_) => d.push_str(&format!("H{}V{}", text.0, text.1)),
        }
        last = Some(text.1);
    }
    if let Some((x, _)) = points.last() {
        d.push_str(&format!("H{}", c(*x)));
    }
    d
}
