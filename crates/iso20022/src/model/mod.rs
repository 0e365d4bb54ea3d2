//! The messages as types: what a reader hands out and a writer takes. All text is borrowed, all numbers are integers.
//!
//! Deliberately absent: elements this crate does not interpret. The reader lists them by path, so that nothing is lost unnoticed.

mod inbound;
mod outbound;
mod parts;

pub use inbound::*;
pub use outbound::*;
pub use parts::*;
