//! A distribution: one bar a bin, with the shares that matter said above in words.
//!
//! Absent: the choice of bins; whoever counts chooses them.

use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{count, fraction, number, percent, permille, real};
use crate::table::Table;

/// How many fall into a bin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// What the bin is, such as `to 10 s`.
    pub label: String,
    /// How many.
    pub count: u64,
}

/// A distribution over bins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// Name and meaning.
    pub head: Head,
    /// What is counted, a plural.
    pub of: String,
    /// Bins, in order.
    pub bins: Vec<Bin>,
    /// Figures said above: name and text.
    pub marks: Vec<(String, String)>,
}

/// Space at each side: the picture stands alone in a file.
const MARGIN: f64 = 16.0;

impl Histogram {
    fn shares(&self) -> Vec<u32> {
        permille(&self.bins.iter().map(|bin| i128::from(bin.count)).collect::<Vec<_>>())
    }

    fn total(&self) -> u64 {
        self.bins.iter().fold(0, |sum, bin| sum.saturating_add(bin.count))
    }
}

impl Picture for Histogram {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        let total = self.total();
        if total == 0 {
            canvas.empty(w, 120.0, "nothing was counted");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "Nothing was counted.".to_owned() };
        }
        canvas.text((MARGIN, 28.0), Anchor::Start, "bold", &self.head.title);
        canvas.text((w - MARGIN, 28.0), Anchor::End, "small", &format!("{} {}", number(total), self.of));
        let room = (w - 2.0 * MARGIN) / count(self.marks.len().max(1));
        for (at, (name, text)) in self.marks.iter().enumerate() {
            let x = MARGIN + room * count(at);
            canvas.label((x, 64.0), Anchor::Start, "big", text, (room - 8.0, 21.0), "");
            canvas.label((x, 82.0), Anchor::Start, "small", name, (room - 8.0, 11.5), "");
        }
        let top = if self.marks.is_empty() { 48.0 } else { 104.0 };
        let largest = self.bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1);
        let step = if wide { 30.0 } else { 40.0 };
        let (left, right) = if wide { (110.0, 120.0) } else { (MARGIN, 96.0) };
        let mut told = Vec::new();
        let mut y = top;
        for (bin, share) in self.bins.iter().zip(self.shares()) {
            let bar = if wide { y } else { y + 15.0 };
            if wide {
                canvas.label((left - 10.0, bar + 14.5), Anchor::End, "small", &bin.label, (left - 20.0, 11.5), "");
            } else {
                canvas.label((MARGIN, y + 11.0), Anchor::Start, "small", &bin.label, (w - 2.0 * MARGIN, 11.5), "");
            }
            let track = w - left - right;
            let length = track * fraction(real(i128::from(bin.count)), real(i128::from(largest)));
            let tip = format!("{}: {} {}, {}", bin.label, number(bin.count), self.of, percent(share));
            canvas.rect((left, bar, track, 20.0), "track", "");
            canvas.rect((left, bar, length, 20.0), "accent", &tip);
            let text = format!("{} \u{00B7} {}", number(bin.count), percent(share));
            canvas.text((w - MARGIN, bar + 14.5), Anchor::End, "small", &text);
            told.push(format!("{} {}", bin.label, percent(share)));
            y += step;
        }
        let marks: Vec<String> = self.marks.iter().map(|(name, text)| format!("{name} {text}")).collect();
        let description = format!("{} {}; {}. {}.", number(total), self.of, marks.join(", "), told.join(", "));
        Drawing { height: y + 8.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let mut table = Table::with(&["Bin", "#Count", "#Share"]);
        for (bin, share) in self.bins.iter().zip(self.shares()) {
            table.rows.push(vec![bin.label.clone(), number(bin.count), percent(share)]);
        }
        table
    }
}
