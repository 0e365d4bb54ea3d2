//! `RULEBOOK.md`.
