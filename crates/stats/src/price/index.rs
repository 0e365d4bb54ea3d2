//! Index numbers of prices and quantities between two periods, over items that can be compared.
//!
//! Definitions and tests are those of the international manuals on consumer, producer, export and import price indices
//! (IMF and others, chapters on index number theory). Deliberately absent: a choice among formulas.

use super::panel::{Pair, Panel};
use crate::figure::real;

/// How prices are weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Formula {
    /// By quantities of the first period.
    Laspeyres,
    /// By quantities of the second period.
    Paasche,
    /// The geometric mean of both.
    Fisher,
    /// The geometric mean of price ratios, weighted by mean shares in value.
    Tornqvist,
}

impl Formula {
    /// Every formula.
    pub const ALL: [Self; 4] = [Self::Laspeyres, Self::Paasche, Self::Fisher, Self::Tornqvist];

    /// Its name in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Laspeyres => "laspeyres",
            Self::Paasche => "paasche",
            Self::Fisher => "fisher",
            Self::Tornqvist => "tornqvist",
        }
    }
}

/// A price index, a quantity index and a value index; 1 means no change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indices {
    /// Prices.
    pub price: f64,
    /// Quantities by the same formula.
    pub quantity: f64,
    /// Values of the items compared.
    pub value: f64,
}

/// Indices between two periods; none when no item can be compared.
#[must_use]
pub fn between(panel: &Panel, from: usize, to: usize, formula: Formula) -> Option<Indices> {
    let pairs: Vec<[f64; 4]> = (0..panel.items())
        .filter_map(|item| match panel.pair(from, to, item) {
            Pair::Matched { before, after, q0, q1 } => Some([before, after, q0, q1].map(|n| real(n.into()))),
            Pair::Nothing | Pair::Unpriced { .. } | Pair::New { .. } | Pair::Gone { .. } => None,
        })
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let sum = |of: fn(&[f64; 4]) -> f64| pairs.iter().map(of).sum::<f64>();
    let (old, new) = (sum(|[v0, ..]| *v0), sum(|[_, v1, ..]| *v1));
    // Old quantities at new prices, and new quantities at old prices.
    let old_at_new = sum(|[_, v1, q0, q1]| v1 * q0 / q1);
    let new_at_old = sum(|[v0, _, q0, q1]| v0 * q1 / q0);
    let laspeyres = (old_at_new / old, new_at_old / old);
    let paasche = (new / new_at_old, new / old_at_new);
    let (price, quantity) = match formula {
        Formula::Laspeyres => laspeyres,
        Formula::Paasche => paasche,
        Formula::Fisher => ((laspeyres.0 * paasche.0).sqrt(), (laspeyres.1 * paasche.1).sqrt()),
        Formula::Tornqvist => {
            let mean = |ratio: fn(&[f64; 4]) -> f64| {
                let logs = pairs.iter().map(|pair| (pair[0] / old + pair[1] / new) / 2.0 * ratio(pair).ln());
                logs.sum::<f64>().exp()
            };
            (mean(|[v0, v1, q0, q1]| v1 / q1 / (v0 / q0)), mean(|[_, _, q0, q1]| q1 / q0))
        }
    };
    Some(Indices { price, quantity, value: new / old })
}

#[cfg(test)]
mod tests;
