//! End-to-end tests: the real binary in temporary folders, judged by what a user sees - exit codes, text, files.
//!
//! Absent on purpose: anything of the program's insides. What is tested here could be tested against a binary written in
//! another language.

mod answers;
mod arrangement;
mod bad_input;
mod clear;
mod commands;
mod commitments;
mod damage;
mod demo;
mod disk;
mod explain;
mod export;
mod fx;
mod kill;
mod messages;
mod offset;
mod offsetting;
mod risk;
mod stats_journal;
mod stats_trade;
mod targets;
mod two_days;
mod union;
mod union_day;
mod union_rules;
mod world;
