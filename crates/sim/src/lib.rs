//! Deterministic simulation of the production engine.
