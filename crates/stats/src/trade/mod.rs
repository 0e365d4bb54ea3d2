//! Trade between countries: who trades how much with whom, in what, and how even that is.
//!
//! [`table`] holds rows, [`sums`] adds them up by partner, pair, region, section or year, [`tell`] makes figures of the sums.
//! [`section`] and [`region`] are the groups, as data. Deliberately absent: prices (see [`crate::price`]) and what to do when
//! two sides report the same trade (see [`crate::mirror`]): every row here is one flow, and its value whoever's the table says.

mod definitions;
pub mod region;
pub mod section;
pub mod sums;
pub mod table;
pub mod tell;

pub use definitions::*;

#[cfg(test)]
mod tests;
