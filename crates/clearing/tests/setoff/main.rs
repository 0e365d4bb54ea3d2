//! Set-off: stories with answers, brute force on thousands of small cases, every flaw, cycles, the curve.

mod brute;
mod curve;
mod cycles;
mod flaws;
mod goals;
mod rules;
