//! Clearing algorithms of Comity over indices and integers.
//!
//! - [`currency`]: set-off of obligations in several currencies, conversion capped by consent.
//! - [`gridlock`]: which queued payments can settle together, given balances and limits.
//! - [`free`]: gridlock when the head of a queue may be passed over: the most value, with a bound.
//! - [`flow`]: circulations of greatest value, with a proof.
//! - [`imbalance`]: in which currency and over which member an order is paid so that positions cost least.
//! - [`liquidity`]: the least and the most money a day of payments needs.
//! - [`setoff`]: what can be cleared of obligations without money, or with a little, and the proof.
//! - [`netting`]: what remains of a set of obligations after bilateral and multilateral netting.
//! - [`obligations`]: debts merged into arcs, and the components in which cycles can lie: the ground of [`setoff`].
//! - [`sample`]: made-up networks of obligations for trials and benchmarks.
//!
//! Everything here is a pure function of its input: no clock, chance, I/O, threads, floating point
//! or iteration over hash order. The crate knows no currencies, banks or journals; callers turn
//! their names into dense indices and their money into minor units. What is exact in linear time
//! ([`gridlock`]) stands beside what has a budget and a bound ([`free`]), never mixed with it.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod currency;
pub mod flow;
pub mod free;
pub mod gridlock;
pub mod imbalance;
pub mod liquidity;
pub mod netting;
pub mod obligations;
pub mod sample;
pub mod setoff;

/// An index as a position in a slice.
#[expect(clippy::as_conversions, reason = "u32 always fits usize on the 32- and 64-bit targets we build for")]
const fn at(index: u32) -> usize {
    index as usize
}

/// A position in a slice as an index; only for slices whose length was checked against a limit of 31 bits.
fn index(place: usize) -> u32 {
    u32::try_from(place).expect("lengths are limited to 31 bits on entry")
}
