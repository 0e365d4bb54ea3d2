//! A roadmap: what was agreed by when, what was measured until now, and a word on each.
//!
//! Absent: the judgement; whoever knows the rule gives the word.

use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::coordinate as c;
use crate::table::Table;

/// A value at a date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoadMark {
    /// Days since 1970-01-01.
    pub day: u32,
    /// The value; drives heights only.
    pub value: f64,
    /// The value as it is read.
    pub text: String,
}

/// One target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Road {
    /// What it is.
    pub label: String,
    /// Who answers for it.
    pub owner: String,
    /// Its status, a shape and a word.
    pub status: String,
    /// Whether that is good; none when it cannot be told.
    pub good: Option<bool>,
    /// Why, in words.
    pub why: String,
    /// What was agreed: milestones, the target last.
    pub marks: Vec<RoadMark>,
    /// What was measured.
    pub measured: Vec<RoadMark>,
}

/// Targets over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Roadmap {
    /// Name and meaning.
    pub head: Head,
    /// The date of judgement.
    pub as_of: u32,
    /// Targets from top to bottom.
    pub roads: Vec<Road>,
}

const MARGIN: f64 = 16.0;
/// Height of a target's own chart.
const CHART: f64 = 58.0;

impl Roadmap {
    /// First and last date of all marks.
    fn span(&self) -> (f64, f64) {
        let days = self.roads.iter().flat_map(|road| road.marks.iter().chain(&road.measured)).map(|mark| mark.day);
        let days = days.chain([self.as_of]);
        let (first, last) = days.fold((u32::MAX, 0), |(first, last), day| (first.min(day), last.max(day)));
        (f64::from(first), f64::from(last.max(first.saturating_add(1))))
    }

    fn road(&self, canvas: &mut Canvas, road: &Road, top: f64, (left, right): (f64, f64), span: (f64, f64)) {
        let x = |day: u32| left + (right - left) * (f64::from(day) - span.0) / (span.1 - span.0);
        let values = road.marks.iter().chain(&road.measured).map(|mark| mark.value);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        let y = |value: f64| top + CHART - CHART * if high > low { (value - low) / (high - low) } else { 0.5 };
        canvas.rect((left, top - 6.0, right - left, CHART + 12.0), "band0", "");
        canvas.line((x(self.as_of), top - 6.0), (x(self.as_of), top + CHART + 6.0), "cut");
        let path = |marks: &[RoadMark]| {
            let points: Vec<String> =
                marks.iter().map(|mark| format!("{} {}", c(x(mark.day)), c(y(mark.value)))).collect();
            format!("M{}", points.join("L"))
        };
        // From where it stands to what was agreed.
        let start = road.measured.first().cloned();
        let mut plan: Vec<RoadMark> = road.marks.clone();
        if let Some(start) = start.filter(|start| plan.iter().all(|mark| mark.day > start.day)) {
            plan.insert(0, start);
        }
        if plan.len() > 1 {
            canvas.path(&path(&plan), "supply", "");
        }
        if road.measured.len() > 1 {
            canvas.path(&path(&road.measured), "curve", "");
        }
        for mark in &road.marks {
            let place = (x(mark.day), y(mark.value));
            let tip = format!("agreed: {}", mark.text);
            canvas.circle(place, 4.5, "out", &tip);
            let shift = if place.1 < top + 16.0 { 17.0 } else { -9.0 };
            let (x, anchor) =
                if place.0 < left + 130.0 { (place.0 + 8.0, Anchor::Start) } else { (place.0 - 8.0, Anchor::End) };
            canvas.plate((x, place.1 + shift), anchor, "small", &mark.text, "");
        }
        for mark in &road.measured {
            canvas.circle((x(mark.day), y(mark.value)), 4.0, "dot", &format!("measured: {}", mark.text));
        }
    }
}

impl Picture for Roadmap {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.roads.is_empty() {
            canvas.empty(w, 120.0, "nothing was agreed");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "No targets.".to_owned() };
        }
        canvas.text((MARGIN, 28.0), Anchor::Start, "bold", &self.head.title);
        let span = self.span();
        let (left, right) = if wide { (330.0, w - MARGIN) } else { (MARGIN, w - MARGIN) };
        let mut y = 52.0;
        let mut told = Vec::new();
        for road in &self.roads {
            let room = if wide { left - 2.0 * MARGIN } else { right - left };
            let class = match road.good {
                Some(true) => "s7",
                Some(false) => "s3",
                None => "even",
            };
            canvas.rect((MARGIN, y - 4.0, 4.0, 62.0), class, "");
            let x = MARGIN + 12.0;
            canvas.label((x, y + 8.0), Anchor::Start, "bold", &road.label, (room - 12.0, 12.5), "");
            canvas.label((x, y + 24.0), Anchor::Start, "small", &road.status, (room - 12.0, 11.5), "");
            canvas.label((x, y + 40.0), Anchor::Start, "tiny", &road.why, (room - 12.0, 10.5), "");
            canvas.label(
                (x, y + 55.0),
                Anchor::Start,
                "tiny",
                &format!("owner: {}", road.owner),
                (room - 12.0, 10.5),
                "",
            );
            let top = if wide { y } else { y + 74.0 };
            self.road(&mut canvas, road, top, (left, right), span);
            told.push(format!("{}: {}, {}.", road.label, road.status, road.why));
            y = top + CHART + 28.0;
        }
        let key = "\u{25CF} measured \u{00B7} \u{25CB} agreed \u{00B7} dashed upright line: the date of judgement";
        canvas.text((MARGIN, y), Anchor::Start, "small", key);
        Drawing { height: y + 14.0, body: canvas.into_body(), description: told.join(" ") }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&["Target", "Status", "#Agreed", "#Measured", "Owner", "Why"]);
        for road in &self.roads {
            let last = |marks: &[RoadMark]| marks.last().map_or_else(String::new, |mark| mark.text.clone());
            table.rows.push(vec![
                road.label.clone(),
                road.status.clone(),
                last(&road.marks),
                last(&road.measured),
                road.owner.clone(),
                road.why.clone(),
            ]);
        }
        table
    }
}
