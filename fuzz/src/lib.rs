//! Bodies of the fuzz targets: bytes from outside go in, and whatever they are, nothing panics and the promises hold.
//!
//! Ordinary functions, so that a test can run them without a fuzzer. Absent on purpose: expectations about what a
//! particular input means; those are the business of each crate's own tests.
//!
//! Each body says whether the input got as far as inputs can, so that a corpus which no longer does is noticed.

pub mod arrangement;
pub mod csv;
mod day;
pub mod journal;
mod ram;
pub mod wire;
pub mod xml;
