//! ISO 20022 bytes to typed messages and back.

pub mod amount;
mod country;
pub mod currency;
pub mod ident;
pub mod model;
pub mod options;
pub mod problem;
pub mod time;
