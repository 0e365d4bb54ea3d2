//! Arrangement files: the agreed rulebook of a group as data.
