//! Prices between currencies: exact rates, and whatever forms or compares them.
//!
//! [`rate`] is a rate as an exact decimal, and conversion at it with every remainder accounted for. [`auction`] finds the one
//! price of a call auction. [`dealer`] has a dealer's standing rates with their improvements, [`quote`] both amounts of an
//! exchange and its fees. [`offer`] is a price of any origin with its limits, [`best`] compares those of one pair, and [`route`]
//! goes over several pairs. [`swap`] suggests in/out swaps that reduce what participants fund.
//!
//! Everything is a pure function of integers: no clock, chance, I/O or floating point. Deliberately absent: accounts, names
//! and journals; the ledger books what is decided here.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod auction;
pub mod best;
pub mod dealer;
pub mod offer;
pub mod quote;
pub mod rate;
pub mod route;
pub mod swap;
