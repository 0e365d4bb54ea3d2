//! Shares of a whole: one or more bars of 100 %, parted by currency or any other label.
//!
//! The same label has the same colour and texture in every bar. Shares are rounded so that each bar
//! adds up to 100.0 %. Absent: trends over many months (each bar costs a row of height).

use crate::amount::{Amount, Unit, sum};
use crate::canvas::{Anchor, Canvas, SERIES, text_width};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{percent, permille, real};
use crate::table::Table;

/// A part of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What the part is, usually a currency code.
    pub label: String,
    /// Its value in the unit of the picture; negative counts as nothing.
    pub value: Amount,
}

/// One bar of 100 %.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareBar {
    /// What the whole is, for example a day or a month.
    pub label: String,
    /// Parts from left to right.
    pub segments: Vec<Segment>,
}

/// Bars of 100 %.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Name and meaning.
    pub head: Head,
    /// Common unit of all values; decimals 0 and a code such as `payments` for counts.
    pub unit: Unit,
    /// Bars from top to bottom.
    pub bars: Vec<ShareBar>,
}

impl Share {
    /// Labels in order of first appearance: the index is the series.
    fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> = Vec::new();
        for segment in self.bars.iter().flat_map(|bar| &bar.segments) {
            if !labels.contains(&segment.label.as_str()) {
                labels.push(&segment.label);
            }
        }
        labels
    }

    fn shares(bar: &ShareBar) -> Vec<u32> {
        permille(&bar.segments.iter().map(|segment| segment.value.minor).collect::<Vec<_>>())
    }
}

impl Picture for Share {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, bar_height) = (width.px(), 38.0);
        if self.bars.is_empty() {
            canvas.empty(w, 80.0, "no values to divide");
            return Drawing { height: 80.0, body: canvas.into_body(), description: "No values.".to_owned() };
        }
        let labels = self.labels();
        canvas.textures(labels.len());
        let mut y = 0.0;
        let mut told = Vec::new();
        for bar in &self.bars {
            let total = sum(bar.segments.iter().map(|segment| &segment.value));
            let whole = self.unit.short_with_code(total);
            canvas.label((0.0, y + 13.0), Anchor::Start, "bold", &bar.label, (w * 0.55, 12.5), "");
            canvas.text((w, y + 13.0), Anchor::End, "small", &whole);
            y += 21.0;
            canvas.rect((0.0, y, w, bar_height), "track", "");
            let shares = Self::shares(bar);
            let mut x = 0.0;
            let mut words = Vec::new();
            for (segment, share) in bar.segments.iter().zip(shares) {
                let series = labels.iter().position(|label| *label == segment.label).unwrap_or(0);
                let length = w * real(i128::from(share)) / 1000.0;
                let text = percent(share);
                words.push(format!("{} {text}", segment.label));
                let tip = format!("{}: {text}, {}", segment.label, self.unit.with_code(&segment.value.text));
                canvas.swatch((x, y, (length - 1.0).max(0.0), bar_height), series, &tip);
                let class = format!("t{} inside", series % SERIES);
                if text_width(&segment.label, 12.0) + 12.0 < length {
                    canvas.text(
                        (x + 8.0, y + if length > 50.0 { 16.0 } else { 23.0 }),
                        Anchor::Start,
                        &class,
                        &segment.label,
                    );
                    if length > 50.0 {
                        canvas.text((x + 8.0, y + 31.0), Anchor::Start, &class, &text);
                    }
                }
                x += length;
            }
            told.push(format!("{} ({whole}): {}.", bar.label, words.join(", ")));
            y += bar_height + 16.0;
        }
        let single = self.bars.len() == 1;
        let entries: Vec<(usize, String)> = labels
            .iter()
            .enumerate()
            .map(|(series, label)| {
                let share = self.bars[0]
                    .segments
                    .iter()
                    .zip(Self::shares(&self.bars[0]))
                    .find(|(segment, _)| segment.label == **label);
                match share {
                    Some((_, share)) if single => (series, format!("{label} {}", percent(share))),
                    _ => (series, (*label).to_owned()),
                }
            })
            .collect();
        y += canvas.legend((0.0, y), w, &entries);
        Drawing { height: y + 2.0, body: canvas.into_body(), description: told.join(" ") }
    }

    fn table(&self) -> Table {
        let value = format!("#Value {}", self.unit.code);
        let mut table = Table::with(&["Whole", "Part", value.trim_end(), "#Share"]);
        for bar in &self.bars {
            for (segment, share) in bar.segments.iter().zip(Self::shares(bar)) {
                table.rows.push(vec![
                    bar.label.clone(),
                    segment.label.clone(),
                    segment.value.text.clone(),
                    percent(share),
                ]);
            }
        }
        table
    }
}
