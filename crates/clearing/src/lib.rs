//! Clearing algorithms of Comity over indices and integers.
