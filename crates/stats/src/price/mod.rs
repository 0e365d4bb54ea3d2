//! Price and volume: how much of a change of value is price and how much is quantity.
//!
//! [`panel`] holds values and quantities of items over periods, [`split`] separates a change into parts that add up to the
//! minor unit, [`index`] has the index numbers and [`chain`] links them over many periods. Prices here are *unit values*:
//! value divided by quantity of an item. What changes inside an item, such as better goods under the same code, looks like
//! a price. Deliberately absent: corrections for quality, imputed prices, seasons.

pub mod chain;
mod definitions;
pub mod index;
pub mod panel;
pub mod split;

pub use definitions::*;
