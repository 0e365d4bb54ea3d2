//! `comity clear` from rows to results: reading obligations, the terms, the runs, the files, the proof of files.
//!
//! Absent on purpose: how to clear; that is `comity-clearing`, and everything here only turns names into indices and back.

pub(crate) mod across;
pub(crate) mod amount;
pub(crate) mod book;
pub(crate) mod clock;
mod csv;
pub(crate) mod json;
mod names;
mod parquet;
pub(crate) mod picture;
pub(crate) mod prove;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod terms;
pub(crate) mod write;

pub(crate) use book::read;
pub(crate) use csv::first_line;
