//! The settlement rules of Comity: one state, one order, one atomic apply.
#![no_std]

extern crate alloc;

pub mod calendar;
pub mod command;
pub mod event;
pub mod ids;
pub mod phase;
pub mod rate;
pub mod reject;
pub mod role;
pub mod wire;
