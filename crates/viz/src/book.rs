//! Demand and supply at each price of an auction, and where they meet.
//!
//! Absent: the price. Whoever held the auction says it; this picture only shows that it lies where the two lines cross.

use crate::amount::Unit;
use crate::canvas::{Anchor, Canvas, text_width};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{compact, coordinate as c, fraction, real, ticks};
use crate::table::Table;

/// A range of prices where demand and supply do not change; prices in units of the last digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookStep {
    /// The lowest price.
    pub from: i128,
    /// The highest price.
    pub to: i128,
    /// What buyers want.
    pub demand: i128,
    /// What sellers offer.
    pub supply: i128,
}

/// The book of an auction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// Name and meaning.
    pub head: Head,
    /// Unit of what is traded.
    pub unit: Unit,
    /// Unit of prices: the code of what is paid, and the digits of a price.
    pub price: Unit,
    /// Steps from the lowest price.
    pub steps: Vec<BookStep>,
    /// Price and volume at which it clears; none when it does not.
    pub clears: Option<(i128, i128)>,
}

/// Space left and right.
const MARGIN: f64 = 16.0;
/// Most steps that are drawn; of more, every so many.
const STEPS_MAX: usize = 1_000;

impl Book {
    /// The steps that are drawn.
    fn drawn(&self) -> Vec<BookStep> {
        let every = self.steps.len().div_ceil(STEPS_MAX).max(1);
        let last = self.steps.len().saturating_sub(1);
        let kept = self.steps.iter().enumerate().filter(|(at, _)| at.is_multiple_of(every) || *at == last);
        kept.map(|(_, step)| *step).collect()
    }

    fn headline(&self) -> String {
        match self.clears {
            None => "no price clears".into(),
            Some((price, volume)) => {
                format!(
                    "{} clears {}",
                    self.price.with_code(&self.price.text(price)),
                    self.unit.short_with_code(volume)
                )
            }
        }
    }
}

impl Picture for Book {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        let steps = self.drawn();
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
            canvas.empty(w, 120.0, "no price to show");
            return Drawing { height: 120.0, body: canvas.into_body(), description: "No prices.".to_owned() };
        };
        let (left, right, top, bottom) =
            if wide { (72.0, w - 28.0, 76.0, 400.0) } else { (56.0, w - 20.0, 92.0, 300.0) };
        canvas.text((MARGIN, 30.0), Anchor::Start, "big", &self.headline());
        // A book of one price still has a width.
        let room = (real(last.to) - real(first.from)).max(1.0) * 0.04;
        let (low, high) = (real(first.from) - room, real(last.to) + room);
        let x = |price: f64| left + (right - left) * fraction(price - low, high - low);
        let most = steps.iter().map(|step| step.demand.max(step.supply)).max().unwrap_or(0);
        let y_max = real(most).max(1.0) * 1.05;
        let y = |amount: f64| bottom - (bottom - top) * fraction(amount, y_max);
        let scale = self.unit.major(1);
        for tick in ticks(y_max * scale, 5) {
            let at = y(tick / scale);
            if tick <= y_max * scale {
                canvas.line((left, at), (right, at), "grid");
                canvas.text((left - 8.0, at + 4.0), Anchor::End, "tiny", &compact(tick));
            }
        }
        canvas.text((MARGIN, top - 14.0), Anchor::Start, "tiny", &self.unit.with_code("wanted and offered,"));
        canvas.line((left, bottom), (right, bottom), "axis");
        self.price_axis(&mut canvas, (first.from, last.to), &x, bottom, (left, right));
        let (mut demand, mut supply) = (String::new(), String::new());
        for (at, step) in steps.iter().enumerate() {
            let (from, to) = (x(real(step.from)), x(real(step.to)));
            let (wanted, offered) = (c(y(real(step.demand))), c(y(real(step.supply))));
            if at == 0 {
                demand.push_str(&format!("M{} {wanted}", c(left)));
                supply.push_str(&format!("M{} {offered}", c(left)));
            } else {
                // A buyer's limit counts at its own price and no more above it, a seller's from its own price on.
                demand.push_str(&format!("V{wanted}"));
                supply.push_str(&format!("H{}V{offered}", c(from)));
            }
            demand.push_str(&format!("H{}", c(to)));
            supply.push_str(&format!("H{}", c(to)));
        }
        for line in [&mut demand, &mut supply] {
            line.push_str(&format!("H{}", c(right)));
        }
        canvas.path(&demand, "demand", "what buyers want at each price");
        canvas.path(&supply, "supply", "what sellers offer at each price");
        let words = [(left + 8.0, first.demand, "demand"), (left + 8.0, first.supply, "supply")];
        for (at, amount, word) in words {
            canvas.plate((at, y(real(amount)) - 7.0), Anchor::Start, "small", word, "");
        }
        if let Some((price, volume)) = self.clears {
            let (px, py) = (x(real(price)), y(real(volume)));
            canvas.line((px, top), (px, bottom), "cut");
            canvas.line((left, py), (px, py), "cut");
            let told = self.price.text(price);
            let exact = self.unit.with_code(&self.unit.text(volume));
            canvas.circle((px, py), 5.5, "dot", &format!("at {told} {exact} trade"));
            let anchor = if px + text_width(&told, 12.5) + 10.0 > right { Anchor::End } else { Anchor::Start };
            let beside = if anchor == Anchor::End { px - 7.0 } else { px + 7.0 };
            canvas.text((beside, top + 2.0), anchor, "bold", &told);
        }
        let description = format!("{}; {} steps of demand and supply.", self.headline(), self.steps.len());
        Drawing { height: bottom + 44.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let (wanted, offered) = (self.unit.with_code("#Demand"), self.unit.with_code("#Supply"));
        let mut table = Table::with(&["#From price", "#To price", &wanted, &offered]);
        for step in self.drawn() {
            table.rows.push(vec![
                self.price.text(step.from),
                self.price.text(step.to),
                self.unit.text(step.demand),
                self.unit.text(step.supply),
            ]);
        }
        table
    }
}

impl Book {
    /// The lowest and highest price, and as many between as there is room for.
    fn price_axis(
        &self,
        canvas: &mut Canvas,
        (low, high): (i128, i128),
        x: &impl Fn(f64) -> f64,
        bottom: f64,
        (left, right): (f64, f64),
    ) {
        let mut free = left;
        let step = (high.saturating_sub(low) / 10).max(1);
        for part in 0..=11_i128 {
            let price = low.saturating_add(step.saturating_mul(part));
            if price > high {
                return self.price_word(canvas, (right, bottom));
            }
            let text = self.price.text(price);
            let half = text_width(&text, 10.5) / 2.0;
            let at = x(real(price));
            if at - half < free || at + half > right + 14.0 {
                continue;
            }
            canvas.line((at, bottom), (at, bottom + 4.0), "axis");
            canvas.text((at, bottom + 17.0), Anchor::Middle, "tiny", &text);
            free = at + half + 14.0;
        }
        self.price_word(canvas, (right, bottom));
    }

    fn price_word(&self, canvas: &mut Canvas, (right, bottom): (f64, f64)) {
        canvas.text((right, bottom + 34.0), Anchor::End, "tiny", &self.price.with_code("price,"));
    }
}
