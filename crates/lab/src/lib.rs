//! Traffic generation and example days.
