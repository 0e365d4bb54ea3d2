//! Figures of payments: one flat row a payment, and every figure a sum over rows that can be listed again.
//!
//! [`facts`] says what is known of a payment; [`figures`] makes the figures, each with its definition; [`publish`] makes a
//! set that hides each single bank; [`target`] compares measurements with what was agreed. Rows come from one pass over
//! journals, which the caller makes. Money is counted in whole minor units; shares, indices and scores, which are no
//! money, are floating point. Absent on purpose: files, journals, messages, clocks.

mod balance;
pub mod codes;
mod concentration;
pub mod date;
pub mod facts;
mod failure;
pub mod figures;
mod netting;
pub mod publish;
#[cfg(test)]
mod sample;
mod shares;
pub mod table;
pub mod target;
pub mod timely;
mod waits;
