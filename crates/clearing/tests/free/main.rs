//! Tests of the free choice: brute force on small cases, feasibility and bound on larger ones, published cases, flaws.

mod brute;
mod case;
mod flaws;
mod large;
mod published;
mod rules;
