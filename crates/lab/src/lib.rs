//! Traffic for a settlement day: what banks of several countries would send each other, generated from a seed.
//!
//! [`traffic`] decides who pays whom, when, how much and in which currency: pure, streaming, the same on every machine.
//! [`render`] writes it as ISO 20022 files and CSV. Neither knows the ledger or an arrangement file; [`folder`] reads from an arrangement the
//! banks, rates and hours they need.
#![forbid(unsafe_code)]

pub mod folder;
pub mod render;
pub mod traffic;
