//! Messages to commands and events to messages.
//!
//! [`inbound`] turns ISO 20022 messages and CSV files into commands of the ledger, refusals, and answers given alone.
//! [`outbox`] turns the ledger's events into status reports, notifications, statements and notices. [`text`] says in plain
//! words what happened. Absent on purpose: network, files, clocks; bytes come in and bytes go out.

pub mod code;
pub mod directory;
pub mod inbound;
pub mod key;
pub mod money;
pub mod outbox;
pub mod references;
pub mod refusal;
pub mod text;
mod union_text;

pub use directory::Directory;
pub use inbound::{Inbound, Order, Outcome, translate, translate_csv, translate_stream};
pub use outbox::{Deliver, OutKind, Outbox, OutboxOptions};
pub use refusal::Refusal;
