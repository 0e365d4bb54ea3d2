//! Planned lines as files: ISO 20022 in the many dresses in which real banks send it, and CSV.
//!
//! Every company is plainly invented. What is written does not go through the project's own message writer, so that reading it back tests the
//! reader against somebody else's hand. Nothing is read here.

mod csv;
mod files;
mod inbox;
mod line;
mod message;
mod party;
mod spoil;
mod text;
mod xml;

pub use csv::HEADER;
pub use files::{Carried, File, Files, Format, Style};
pub use inbox::{Fault, Summary, write_inbox};
pub use message::Family;
