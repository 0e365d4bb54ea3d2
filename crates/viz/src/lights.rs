//! Lights: one row a participant, one mark a week, told by shape, letter and colour.
//!
//! Absent: the rule that gives a light.

use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::count;
use crate::table::Table;

/// A light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// A disc.
    Green,
    /// A square on its corner.
    Orange,
    /// A square.
    Red,
}

impl Light {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Green => "s7",
            Self::Orange => "s2",
            Self::Red => "s3",
        }
    }

    pub(crate) fn draw(self, canvas: &mut Canvas, (x, y): (f64, f64), size: f64, tip: &str) {
        match self {
            Self::Green => canvas.circle((x, y), size, self.class(), tip),
            Self::Orange => {
                let d = size * 1.2;
                let path = format!("M{:.1} {:.1}l{d:.1} {d:.1}l-{d:.1} {d:.1}l-{d:.1} -{d:.1}Z", x, y - d);
                canvas.path(&path, self.class(), tip);
            }
            Self::Red => canvas.rect((x - size, y - size, 2.0 * size, 2.0 * size), self.class(), tip),
        }
    }
}

/// A row of lights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LightRow {
    /// Whose.
    pub label: String,
    /// One for each column: the light and what it was made of; none where there was nothing to judge.
    pub lights: Vec<Option<(Light, String)>>,
}

/// Lights over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lights {
    /// Name and meaning.
    pub head: Head,
    /// Names of the columns, in order of time.
    pub columns: Vec<String>,
    /// Rows from top to bottom.
    pub rows: Vec<LightRow>,
}

const MARGIN: f64 = 16.0;

impl Picture for Lights {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        if self.rows.is_empty() || self.columns.is_empty() {
            canvas.empty(w, 120.0, "no payment was due");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "No payment was due.".to_owned() };
        }
        canvas.text((MARGIN, 28.0), Anchor::Start, "bold", &self.head.title);
        let left = if wide { 130.0 } else { 104.0 };
        let text = if wide { 150.0 } else { 96.0 };
        let step = ((w - left - text - MARGIN) / count(self.columns.len())).min(40.0);
        let place = |at: usize| left + step * (count(at) + 0.5);
        // As many dates as fit, the first and the last always.
        let every = (64.0 / step).ceil().max(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
        let every = every as usize;
        for (at, column) in self.columns.iter().enumerate() {
            if at % every == 0 {
                canvas.text((place(at), 54.0), Anchor::Middle, "tiny", column);
            }
        }
        let mut y = 76.0;
        let mut counts = [0_u64; 3];
        for row in &self.rows {
            canvas.label((left - 8.0, y + 4.0), Anchor::End, "small", &row.label, (left - 16.0, 11.5), "");
            for (at, light) in row.lights.iter().enumerate() {
                match light {
                    Some((light, made)) => {
                        let column = self.columns.get(at).map_or("", String::as_str);
                        let tip = format!("{}, {column}: {}, {made}", row.label, light.word());
                        light.draw(&mut canvas, (place(at), y), (step * 0.3).min(6.5), &tip);
                    }
                    None => canvas.line((place(at) - 3.0, y), (place(at) + 3.0, y), "axis"),
                }
            }
            if let Some((light, made)) = row.lights.iter().rev().flatten().next() {
                counts[*light as usize] += 1;
                let words = format!("{}, {made}", light.word());
                let x = left + step * count(self.columns.len()) + 10.0;
                canvas.label((x, y + 4.0), Anchor::Start, "small", &words, (w - x - 4.0, 11.5), "");
            }
            y += 20.0;
        }
        y += 6.0;
        let mut x = MARGIN;
        for light in [Light::Green, Light::Orange, Light::Red] {
            light.draw(&mut canvas, (x + 6.0, y), 5.0, "");
            canvas.text((x + 18.0, y + 4.0), Anchor::Start, "small", light.word());
            x += 80.0;
        }
        canvas.text((x + 4.0, y + 4.0), Anchor::Start, "small", "\u{2013} nothing due");
        let description = format!(
            "{} rows; latest lights: {} green, {} orange, {} red.",
            self.rows.len(),
            counts[0],
            counts[1],
            counts[2]
        );
        Drawing { height: y + 18.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&["Participant", "Week", "Light", "Timely"]);
        for row in &self.rows {
            for (column, light) in self.columns.iter().zip(&row.lights) {
                if let Some((light, made)) = light {
                    table.rows.push(vec![row.label.clone(), column.clone(), light.word().into(), made.clone()]);
                }
            }
        }
        table
    }
}
