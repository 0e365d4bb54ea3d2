//! Tests of gridlock resolution: properties against slow solvers, rules as small stories, published cases.

mod case;
mod flaws;
mod properties;
mod published;
mod rules;
