//! Traffic for a settlement day: what banks of several countries would send each other, generated from a seed.
//!
//! [`traffic`] decides who pays whom, when, how much and in which currency: pure, streaming, the same on every machine.
//! [`render`] writes it as ISO 20022 files and CSV. Deliberately absent: any knowledge of the ledger or of an arrangement file; the
//! caller hands over banks, rates and hours.
#![forbid(unsafe_code)]

pub mod render;
pub mod traffic;
