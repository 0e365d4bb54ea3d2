//! The day on one time axis: how many payments waited and why, and the value settled so far.
//!
//! Phases lie above the panels and cut-offs cross them, so that a step in a curve can be read against
//! its cause. Between two samples the earlier one holds: nothing is drawn that was not observed.
//! Absent: zoom; a day of more samples than there are pixels keeps the deepest queue of each column.

use crate::amount::Unit;
use crate::canvas::{Anchor, Canvas, rows_without_overlap, shorten, text_width};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{clock, coordinate as c, number, real, ticks};
use crate::table::Table;

/// Samples drawn at most; more are merged into equal columns of time.
const COLUMNS_MAX: usize = 480;

/// Why a payment waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// The debtor's balance does not cover it.
    NoFunds,
    /// A limit between two participants is reached.
    BilateralLimit,
    /// A limit of one participant against all others is reached.
    MultilateralLimit,
    /// Another leg of its payment-versus-payment group cannot settle yet.
    PvpPartner,
    /// Its earliest time or value date has not come.
    NotYetDue,
    /// Anything else, for example a hold by the participant itself.
    Other,
}

impl WaitReason {
    /// All reasons in the order of [`DayPoint::waiting`] and of the stack from the bottom up.
    pub const ALL: [Self; 6] = [
        Self::NoFunds,
        Self::BilateralLimit,
        Self::MultilateralLimit,
        Self::PvpPartner,
        Self::NotYetDue,
        Self::Other,
    ];

    /// The reason in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NoFunds => "no funds",
            Self::BilateralLimit => "bilateral limit",
            Self::MultilateralLimit => "multilateral limit",
            Self::PvpPartner => "PvP partner",
            Self::NotYetDue => "not yet due",
            Self::Other => "other",
        }
    }
}

/// One observation; it holds until the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayPoint {
    /// Seconds after midnight of the business date in the picture's time zone; may pass 86,400.
    pub at_s: u32,
    /// Payments waiting, by reason in the order of [`WaitReason::ALL`].
    pub waiting: [u64; 6],
    /// Value settled since the opening, in minor units of the picture's unit.
    pub settled_minor: i128,
}

/// A named part of the business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Name, for example `exchange`.
    pub name: String,
    /// First second.
    pub from_s: u32,
    /// First second no longer in it.
    pub to_s: u32,
}

/// A moment after which something is no longer accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// What is cut off, for example a currency.
    pub label: String,
    /// Seconds after midnight.
    pub at_s: u32,
}

/// Queue and settled value over the business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Name and meaning.
    pub head: Head,
    /// Unit of the settled value.
    pub unit: Unit,
    /// Name of the time zone as shown, for example `UTC+08:00`.
    pub zone: String,
    /// Opening, in seconds after midnight.
    pub from_s: u32,
    /// Close.
    pub to_s: u32,
    /// Observations; drawn in order of time.
    pub points: Vec<DayPoint>,
    /// Phases.
    pub phases: Vec<Phase>,
    /// Cut-offs.
    pub cut_offs: Vec<CutOff>,
}

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

fn depth(point: &DayPoint) -> u64 {
    point
        .waiting
        .iter()
        .fold(0, |total, count| total.saturating_add(*count))
}

impl Day {
    /// Observations in order of time, merged to at most [`COLUMNS_MAX`].
    fn columns(&self) -> Vec<DayPoint> {
        let mut points = self.points.clone();
        points.sort_by_key(|point| point.at_s);
        if points.len() <= COLUMNS_MAX {
            return points;
        }
        let span = u64::from(self.to_s.max(self.from_s + 1) - self.from_s);
        let column = |point: &DayPoint| {
            u64::from(point.at_s.saturating_sub(self.from_s)) * real_columns() / span
        };
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
            let tip = format!(
                "{}: {} to {}",
                phase.name,
                clock(phase.from_s),
                clock(phase.to_s)
            );
            canvas.rect((x, y, end - x, 20.0), &format!("band{}", index % 2), &tip);
            if text_width(&phase.name, 10.5) + 8.0 < end - x {
                canvas.text(
                    ((x + end) / 2.0, y + 14.0),
                    Anchor::Middle,
                    "tiny",
                    &phase.name,
                );
            } else if end - x > 24.0 {
                let short = shorten(&phase.name, end - x - 6.0, 10.5);
                canvas.text(((x + end) / 2.0, y + 14.0), Anchor::Middle, "tiny", &short);
            }
        }
        28.0
    }

    fn draw_cut_offs(&self, canvas: &mut Canvas, frame: &Frame, y: f64, bottom: f64) -> f64 {
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
        let room = (frame.right - frame.left) * 0.6;
        let texts: Vec<(f64, String, String)> = merged
            .iter()
            .map(|(at_s, label)| {
                let full = format!("{label} cut-off {}", clock(*at_s));
                (
                    frame.x(*at_s),
                    shorten(&format!("{label} {}", clock(*at_s)), room, 10.5),
                    full,
                )
            })
            .collect();
        // Labels end at their line when they would leave the picture on the right.
        let spans: Vec<(f64, f64)> = texts
            .iter()
            .map(|(x, text, _)| {
                let wide = text_width(text, 10.5) + 12.0;
                if x + wide > frame.right + 8.0 {
                    (x - wide, *x)
                } else {
                    (*x, x + wide)
                }
            })
            .collect();
        let rows = rows_without_overlap(&spans);
        let height = rows.iter().max().map_or(0.0, |row| {
            14.0 * real(i128::try_from(row + 1).unwrap_or(1)) + 4.0
        });
        for ((x, text, full), (row, span)) in texts.iter().zip(rows.iter().zip(&spans)) {
            let line = y + 14.0 * real(i128::try_from(*row).unwrap_or(0));
            canvas.line((*x, line), (*x, bottom + height), "cut");
            let (at, anchor) = if span.0 < *x {
                (x - 4.0, Anchor::End)
            } else {
                (x + 4.0, Anchor::Start)
            };
            canvas.label(
                (at, line + 10.0),
                anchor,
                "tiny",
                text,
                (f64::MAX, 10.5),
                full,
            );
        }
        height
    }
}

fn real_columns() -> u64 {
    u64::try_from(COLUMNS_MAX).unwrap_or(u64::MAX)
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

impl Picture for Day {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.points.is_empty() {
            canvas.empty(w, 120.0, "nothing was observed this day");
            return Drawing {
                height: 120.0,
                body: canvas.into_body(),
                description: "No observations.".to_owned(),
            };
        }
        let points = self.columns();
        let frame = Frame {
            left: if wide { 64.0 } else { 44.0 },
            right: w - if wide { 14.0 } else { 8.0 },
            from: f64::from(self.from_s),
            to: f64::from(self.end()),
        };
        let panel = if wide { 170.0 } else { 140.0 };
        let used: Vec<usize> = (0..6)
            .filter(|reason| points.iter().any(|point| point.waiting[*reason] > 0))
            .collect();
        canvas.textures(6);
        let entries: Vec<(usize, String)> = used
            .iter()
            .map(|reason| (*reason, WaitReason::ALL[*reason].label().to_owned()))
            .collect();
        let mut y = 2.0;
        y += canvas.legend(
            (if wide { frame.left } else { 0.0 }, y),
            w - frame.left,
            &entries,
        ) + 8.0;
        y += self.draw_phases(&mut canvas, &frame, y);
        // Cut-off labels need their height before the panels can be placed, and lines cross the panels.
        let (title, between) = (20.0, 34.0);
        let cut_height =
            self.draw_cut_offs(&mut canvas, &frame, y, y + title + panel + between + panel);
        y += cut_height;

        // Queue depth, stacked.
        let peak = points
            .iter()
            .max_by_key(|point| (depth(point), std::cmp::Reverse(point.at_s)));
        let deepest = peak.map_or(0, depth);
        canvas.text(
            (0.0, y + 12.0),
            Anchor::Start,
            "bold halo",
            "Payments waiting",
        );
        let (top, bottom) = (y + title, y + title + panel);
        let marks = ticks(real(i128::from(deepest)).max(1.0), 4);
        let max = marks.last().copied().unwrap_or(1.0);
        for mark in &marks {
            let at = bottom - panel * mark / max;
            canvas.line((frame.left, at), (frame.right, at), "grid");
            canvas.text(
                (frame.left - 6.0, at + 4.0),
                Anchor::End,
                "tiny",
                &crate::scale::compact(*mark),
            );
        }
        let end = frame.right;
        let mut floor: Vec<f64> = vec![0.0; points.len()];
        for reason in &used {
            let ceiling: Vec<f64> = floor
                .iter()
                .zip(&points)
                .map(|(below, point)| below + real(i128::from(point.waiting[*reason])))
                .collect();
            let height = |value: &f64| bottom - panel * value / max;
            let mut over: Vec<(f64, f64)> = points
                .iter()
                .zip(&ceiling)
                .map(|(p, v)| (frame.x(p.at_s), height(v)))
                .collect();
            over.push((end, ceiling.last().map_or(bottom, height)));
            let mut under: Vec<(f64, f64)> = points
                .iter()
                .zip(&floor)
                .map(|(p, v)| (frame.x(p.at_s), height(v)))
                .collect();
            under.push((end, floor.last().map_or(bottom, height)));
            let d = format!("{}{}Z", steps(&over), steps_back(&under));
            canvas.path(
                &d,
                &format!("s{reason}"),
                &format!("waiting: {}", WaitReason::ALL[*reason].label()),
            );
            canvas.texture_path(&d, *reason);
            floor = ceiling;
        }
        canvas.line((frame.left, bottom), (frame.right, bottom), "axis");
        let mut told = format!(
            "From {} to {} {}. ",
            clock(self.from_s),
            clock(self.end()),
            self.zone
        );
        if let Some(peak) = peak.filter(|_| deepest > 0) {
            let text = format!("peak {} at {}", number(deepest), clock(peak.at_s));
            told.push_str(&format!("Queue: {text}. "));
            canvas.text((frame.right, y + 12.0), Anchor::End, "small halo", &text);
        }

        // Settled value.
        y = bottom + between - title;
        let last = points.last().map_or(0, |point| point.settled_minor);
        let unit = self.unit.with_code("Value settled,");
        canvas.text(
            (0.0, y + 12.0),
            Anchor::Start,
            "bold halo",
            unit.trim_end_matches(','),
        );
        let text = self.unit.short_with_code(last);
        canvas.text(
            (frame.right, y + 12.0),
            Anchor::End,
            "small halo",
            &format!("{text} at close"),
        );
        told.push_str(&format!("Settled {text} in all."));
        let (top2, bottom2) = (y + title, y + title + panel);
        let highest = points
            .iter()
            .map(|point| point.settled_minor)
            .max()
            .unwrap_or(0);
        let marks = ticks(self.unit.major(highest.max(1)), 4);
        let max = marks.last().copied().unwrap_or(1.0);
        for mark in &marks {
            let at = bottom2 - panel * mark / max;
            canvas.line((frame.left, at), (frame.right, at), "grid");
            canvas.text(
                (frame.left - 6.0, at + 4.0),
                Anchor::End,
                "tiny",
                &crate::scale::compact(*mark),
            );
        }
        let mut curve: Vec<(f64, f64)> = points
            .iter()
            .map(|point| {
                let value = self.unit.major(point.settled_minor.max(0));
                (frame.x(point.at_s), bottom2 - panel * value / max)
            })
            .collect();
        if let Some((_, y)) = curve.last().copied() {
            curve.push((end, y));
        }
        let d = steps(&curve);
        canvas.path(
            &format!("{d}V{}H{}Z", c(bottom2), c(curve[0].0)),
            "under",
            "",
        );
        canvas.path(&d, "curve", "value settled since the opening");
        canvas.line((frame.left, bottom2), (frame.right, bottom2), "axis");

        // Time axis.
        let hours = f64::from(self.end() - self.from_s) / 3600.0;
        let wanted = if wide { 12.0 } else { 5.0 };
        let step = [0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0]
            .into_iter()
            .find(|step| hours / step <= wanted)
            .unwrap_or(hours);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a step of 15 minutes to the length of a day, in seconds"
        )]
        let step_s = ((step * 3600.0) as u32).max(60);
        let mut at = self.from_s.div_ceil(step_s) * step_s;
        while at <= self.end() {
            let x = frame.x(at);
            canvas.line((x, top), (x, bottom), "grid");
            canvas.line((x, top2), (x, bottom2 + 4.0), "grid");
            let anchor = if x > frame.right - 14.0 {
                Anchor::End
            } else {
                Anchor::Middle
            };
            canvas.text((x, bottom2 + 17.0), anchor, "tiny", &clock(at));
            at += step_s;
        }
        canvas.text(
            (frame.right, bottom2 + 32.0),
            Anchor::End,
            "tiny",
            &self.zone,
        );
        Drawing {
            height: bottom2 + 38.0,
            body: canvas.into_body(),
            description: told,
        }
    }

    fn table(&self) -> Table {
        let settled = format!("#Settled {}", self.unit.code);
        let mut heads = vec!["Time".to_owned()];
        heads.extend(
            WaitReason::ALL
                .iter()
                .map(|reason| format!("#Waiting: {}", reason.label())),
        );
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
