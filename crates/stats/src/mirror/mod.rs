//! Mirror reconciliation: what to do when two sides report the same trade and do not agree.
//!
//! The exporter reports what a good is worth when it leaves (FOB), the importer what it is worth when it arrives, with
//! freight and insurance (CIF). So an importer's report is expected to be higher by a factor, here 1.06 unless data say otherwise.
//! What goes beyond it has many reasons (goods in transit, origin against consignment, time, confidentiality), and is told,
//! not explained. Every reconciled value says whose it is. Deliberately absent: weights by the quality of a reporter.

mod definitions;
pub mod reconcile;
pub mod tell;

pub use definitions::*;

#[cfg(test)]
mod tests;
