//! One node of Comity without the network: what makes commands durable, applies them in one order, and proves it later.
//!
//! [`node::Node`] is the sequencer: it stamps commands, appends them to the journal as one batch, applies them, and hands
//! out what happened once the batch is durable. [`replay`] rebuilds a state from a journal, [`verify`] proves one.
//! Absent on purpose: sockets, threads of its own, clocks; callers bring the time.

pub mod checkpoint;
pub mod codec;
pub mod document;
pub mod fault;
pub mod history;
pub mod node;
pub mod plan;
pub mod replay;
pub mod verify;

pub use fault::Fault;
pub use node::{Batch, Node};
