//! Everything that is drawn, seen from outside.

#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "amounts in minor units are written as major_minor: 900_00 is 900.00"
)]

mod market;
mod markup;
mod pictures;
mod report;
mod trade;
