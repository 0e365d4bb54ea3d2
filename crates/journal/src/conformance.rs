//! The contract of [`crate::Log`] as a test suite for every provider.
