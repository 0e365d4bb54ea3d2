//! Indices over many periods: against one base, and chained link by link.
//!
//! A link compares neighbours, so items that come and go are compared as long as they live; in exchange a chain may drift:
//! when prices return to where they were, it need not. The drift is told, not hidden. Deliberately absent: methods that
//! remove it over several countries or a year (GEKS).

use super::index::{Formula, between};
use super::panel::Panel;

/// Indices of one period; 1 at the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Prices against the base directly; none when no item can be compared.
    pub price: Option<f64>,
    /// Quantities against the base directly.
    pub quantity: Option<f64>,
    /// Prices chained over the periods between.
    pub chained_price: Option<f64>,
    /// Quantities chained over the periods between.
    pub chained_quantity: Option<f64>,
    /// Value of all items against the base.
    pub value: Option<f64>,
}

impl Point {
    /// Chained prices over direct ones, less 1.
    #[must_use]
    pub fn drift(&self) -> Option<f64> {
        Some(self.chained_price? / self.price? - 1.0)
    }
}

/// Every period against `base`.
///
/// A chain ends where two neighbours have no item in common. An empty panel or a base beyond it gives no points.
#[must_use]
pub fn points(panel: &Panel, base: usize, formula: Formula) -> Vec<Point> {
    if base >= panel.periods() {
        return Vec::new();
    }
    let mut chain = vec![None; panel.periods()];
    chain[base] = Some((1.0, 1.0));
    for to in base + 1..panel.periods() {
        chain[to] = linked(chain[to - 1], between(panel, to - 1, to, formula), |so_far, link| so_far * link);
    }
    for to in (0..base).rev() {
        chain[to] = linked(chain[to + 1], between(panel, to, to + 1, formula), |so_far, link| so_far / link);
    }
    let start = panel.value(base);
    let at = |to: usize| {
        let direct = between(panel, base, to, formula);
        Point {
            price: direct.map(|direct| direct.price),
            quantity: direct.map(|direct| direct.quantity),
            chained_price: chain[to].map(|(price, _)| price),
            chained_quantity: chain[to].map(|(_, quantity)| quantity),
            value: crate::figure::ratio(panel.value(to), start),
        }
    };
    (0..panel.periods()).map(at).collect()
}

fn linked(
    so_far: Option<(f64, f64)>,
    link: Option<super::index::Indices>,
    join: fn(f64, f64) -> f64,
) -> Option<(f64, f64)> {
    let ((price, quantity), link) = (so_far?, link?);
    Some((join(price, link.price), join(quantity, link.quantity)))
}

#[cfg(test)]
mod tests {
    use super::points;
    use crate::price::index::Formula;
    use crate::price::panel::{Panel, Row};

    fn row(period: usize, item: usize, price: i64, quantity: i64) -> Row {
        Row { period, item, value: price * quantity, quantity: Some(quantity), row: 0 }
    }

    fn near(left: Option<f64>, right: f64) {
        let left = left.expect("an index");
        assert!((left - right).abs() < 1e-12 * right.abs().max(1.0), "{left} is not {right}");
    }

    /// A sale: price 10 falls to 5 and returns; people buy 10, then 100, then 10. Another good stays at 10 x 10.
    ///
    /// ```text
    /// Laspeyres links: (5x10 + 10x10) / 200 = 0.75;  (10x100 + 10x10) / (5x100 + 10x10) = 1100 / 600
    /// chain 0.75 x 1100/600 = 1.375; direct 1
    /// ```
    #[test]
    fn a_sale_makes_a_chain_drift_and_the_drift_is_told() {
        let rows = [row(0, 0, 10, 10), row(1, 0, 5, 100), row(2, 0, 10, 10)];
        let rows = rows.into_iter().chain((0..3).map(|period| row(period, 1, 10, 10)));
        let panel = Panel::new(3, 2, rows).expect("sound");
        let told = points(&panel, 0, Formula::Laspeyres);
        near(told[1].price, 0.75);
        near(told[2].price, 1.0);
        near(told[2].chained_price, 0.75 * 1100.0 / 600.0);
        near(told[2].drift(), 0.375);
        // Fisher is reversible over time, so a way there and back brings it home.
        near(points(&panel, 0, Formula::Fisher)[2].chained_price, 1.0);
    }

    #[test]
    fn a_base_in_the_middle_and_an_item_that_comes_later() {
        let rows = [row(0, 0, 10, 1), row(1, 0, 20, 1), row(1, 1, 5, 4), row(2, 1, 10, 4)];
        let panel = Panel::new(3, 2, rows).expect("sound");
        let told = points(&panel, 1, Formula::Fisher);
        near(told[0].chained_price, 0.5);
        near(told[1].chained_price, 1.0);
        near(told[2].chained_price, 2.0);
        // From the first period to the last nothing can be compared directly; the chain reaches it.
        let told = points(&panel, 0, Formula::Fisher);
        assert_eq!(told[2].price, None);
        near(told[2].chained_price, 4.0);
        near(told[2].value, 4.0);
        assert!(points(&panel, 3, Formula::Fisher).is_empty());
    }
}
