//! Statistics as a product: every number with its definition, its source and the records it was made of.
//!
//! Pure functions over rows that the caller has read. Deliberately absent: files, journals, pictures.
#![forbid(unsafe_code)]
