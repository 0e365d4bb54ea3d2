//! Obligations: merging parallel debts, components, samples.

mod components;
mod merge;
mod sample;
