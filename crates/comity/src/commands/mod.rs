//! One file per command.

pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod day;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod new;
pub(crate) mod verify;
