//! The settlement rules of Comity: one state, one order, one atomic apply.
//!
//! Commands come in as journal entries, [`apply::apply`] changes the [`state::State`] and tells what happened in
//! [`event::Events`]. Read [`pay`](crate::reject) first: it is the way of almost every entry. Absent on purpose: clocks,
//! chance, I/O, floating point, messages, text formats.
#![no_std]

extern crate alloc;

pub mod account;
pub mod apply;
pub mod book;
pub mod calendar;
pub mod command;
pub mod commitment;
mod convert;
pub mod cycle;
pub mod day;
pub mod dealing;
pub mod event;
mod fund;
mod fx;
pub mod give_back;
pub mod group;
pub mod hold;
pub mod ids;
pub mod invariant;
mod limit;
pub mod offset;
mod pay;
pub mod payment;
pub mod phase;
mod plan;
pub mod queue;
pub use comity_market::rate;
pub mod reject;
mod right;
pub mod role;
mod setup;
pub mod state;
pub mod union;
mod watch;
pub mod wire;

pub use apply::{apply, warm};
pub use command::{Command, Entry};
pub use event::{Event, Events};
pub use reject::{Reason, Reject};
pub use state::State;
